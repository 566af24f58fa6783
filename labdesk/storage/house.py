"""Tables of the laboratory itself: facts of the database, numbers, blobs and the region profile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from labdesk.storage.base import Appended, Base, Tracked, key_column


class Fact(Base, Tracked):
    """A fact of this database: its id, kind (``real`` or ``demo``), laboratory, station settings."""

    __tablename__ = "facts"
    name: Mapped[str] = key_column()
    value: Mapped[str] = mapped_column()


class Counter(Base):
    """The last number of a series; its row lock serialises writers on PostgreSQL. Numbers given are in ``numbers``."""

    __tablename__ = "counters"
    name: Mapped[str] = key_column()
    value: Mapped[int] = mapped_column(BigInteger)


class NumberRow(Base, Appended):
    """A number that was given to something; a void one has its own row in ``void_numbers``."""

    __tablename__ = "numbers"
    text: Mapped[str] = key_column()
    prefix: Mapped[str] = mapped_column(String(8), index=True)
    year: Mapped[int] = mapped_column(Integer)
    value: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column()


class VoidNumberRow(Base, Appended):
    """A number that was given and then not used, with the reason."""

    __tablename__ = "void_numbers"
    text: Mapped[str] = key_column()
    reason: Mapped[str] = mapped_column()
    at: Mapped[datetime] = mapped_column()


class BlobRow(Base, Appended):
    """A file in the content store: its hash is its name."""

    __tablename__ = "blobs"
    sha256: Mapped[str] = key_column()
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column()


class ProfileRow(Base, Appended):
    """An edition of the region profile as received, with the platform's signature."""

    __tablename__ = "profiles"
    id: Mapped[str] = key_column()
    edition: Mapped[str] = mapped_column(String(32), index=True)
    valid_from: Mapped[str] = mapped_column(String(10))
    body: Mapped[bytes] = mapped_column()
    signature: Mapped[bytes] = mapped_column()
    received_at: Mapped[datetime] = mapped_column()


class TighteningRow(Base, Appended):
    """A laboratory's own stricter rules, from a moment on, with the person and the reason."""

    __tablename__ = "tightenings"
    id: Mapped[str] = key_column()
    body: Mapped[bytes] = mapped_column()
    reason: Mapped[str] = mapped_column()
    person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column()
