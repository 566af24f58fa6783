"""The platform's tables. A class that is :class:`Kept` holds evidence; what ends or changes is told by a row of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from labdesk.platform.storage.base import Base, Kept

_HASH = String(64)
_LAB = String(64)
_NAME = String(200)


class SchemaRow(Base, Kept):
    """Version of the schema."""

    __tablename__ = "platform_schema"
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]


class LabRow(Base, Kept):
    """A laboratory as registered."""

    __tablename__ = "labs"
    id: Mapped[str] = mapped_column(_LAB, primary_key=True)
    name: Mapped[str] = mapped_column(_NAME)
    details: Mapped[str]
    registered_at: Mapped[datetime]


class TokenRow(Base):
    """A laboratory's bearer token, hashed; an ended one stays."""

    __tablename__ = "lab_tokens"
    token_hash: Mapped[str] = mapped_column(_HASH, primary_key=True)
    lab_id: Mapped[str] = mapped_column(_LAB, ForeignKey("labs.id"), index=True)
    issued_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class KeyRow(Base, Kept):
    """A certified public key with its certificate."""

    __tablename__ = "keys"
    public_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    holder_id: Mapped[str] = mapped_column(_LAB, index=True)
    key_use: Mapped[str] = mapped_column(String(32))
    record: Mapped[str]
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    certified_at: Mapped[datetime]


class KeyEndRow(Base, Kept):
    """When and why a key ended before its time."""

    __tablename__ = "key_ends"
    public_key: Mapped[str] = mapped_column(String(200), ForeignKey("keys.public_key"), primary_key=True)
    revocation: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]


class TrustListRow(Base, Kept):
    """An issued trust list."""

    __tablename__ = "trust_lists"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    issued_at: Mapped[datetime]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ProjectRow(Base, Kept):
    """One import of a project's record; the newest of a code counts. Codes are imported, never minted (LN-3.1)."""

    __tablename__ = "projects"
    serial: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(_NAME, index=True)
    body: Mapped[str]
    imported_at: Mapped[datetime]


class CommissionRow(Base, Kept):
    """A commission, for one laboratory."""

    __tablename__ = "commissions"
    number: Mapped[str] = mapped_column(_NAME, primary_key=True)
    project_code: Mapped[str] = mapped_column(_NAME, index=True)
    lab_id: Mapped[str] = mapped_column(_LAB, ForeignKey("labs.id"))
    body: Mapped[str]
    imported_at: Mapped[datetime]


class TagRow(Base, Kept):
    """A registered tag."""

    __tablename__ = "tags"
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    project_code: Mapped[str] = mapped_column(_NAME)
    commission_no: Mapped[str] = mapped_column(_NAME, index=True)
    registered_at: Mapped[datetime]


class TagVoidRow(Base, Kept):
    """A tag declared void."""

    __tablename__ = "tag_voids"
    tag: Mapped[str] = mapped_column(String(64), ForeignKey("tags.tag"), primary_key=True)
    reason: Mapped[str]
    at: Mapped[datetime]


class ProfileRow(Base, Kept):
    """A signed edition of the region profile."""

    __tablename__ = "profiles"
    serial: Mapped[int] = mapped_column(Integer, primary_key=True)
    region: Mapped[str] = mapped_column(_NAME)
    edition: Mapped[str] = mapped_column(_NAME)
    body: Mapped[str]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("region", "edition"),)


class MessageRow(Base, Kept):
    """A message as it arrived, with the receipt it got."""

    __tablename__ = "messages"
    lab_id: Mapped[str] = mapped_column(_LAB, ForeignKey("labs.id"), primary_key=True)
    id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    natural_key: Mapped[str] = mapped_column(_NAME)
    stream: Mapped[str] = mapped_column(_NAME)
    sha256: Mapped[str] = mapped_column(_HASH)
    project_code: Mapped[str] = mapped_column(_NAME)
    commission_no: Mapped[str] = mapped_column(_NAME)
    day: Mapped[str] = mapped_column(String(10))
    body: Mapped[str]
    envelope: Mapped[str]
    received_at: Mapped[datetime]
    receipt: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (
        UniqueConstraint("lab_id", "kind", "natural_key"),
        Index("ix_messages_commission", "commission_no", "kind"),
        Index("ix_messages_project", "project_code", "kind"),
        Index("ix_messages_day", "lab_id", "day"),
    )


class AttachmentRow(Base, Kept):
    """A blob that belongs to a message."""

    __tablename__ = "attachments"
    lab_id: Mapped[str] = mapped_column(_LAB, primary_key=True)
    message_id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    sha256: Mapped[str] = mapped_column(_HASH, primary_key=True)
    __table_args__ = (ForeignKeyConstraint(["lab_id", "message_id"], ["messages.lab_id", "messages.id"]),)


class RefusalRow(Base, Kept):
    """A message that was refused, with the signed answer; a refused message may come again and be accepted."""

    __tablename__ = "refusals"
    serial: Mapped[int] = mapped_column(Integer, primary_key=True)
    lab_id: Mapped[str] = mapped_column(_LAB)
    message_id: Mapped[str] = mapped_column(_NAME)
    sha256: Mapped[str] = mapped_column(_HASH)
    reason: Mapped[str] = mapped_column(_NAME)
    at: Mapped[datetime]
    receipt: Mapped[bytes] = mapped_column(LargeBinary)


class BlobRow(Base, Kept):
    """A blob that a laboratory delivered completely."""

    __tablename__ = "blobs"
    lab_id: Mapped[str] = mapped_column(_LAB, primary_key=True)
    sha256: Mapped[str] = mapped_column(_HASH, primary_key=True)
    size: Mapped[int]
    arrived_at: Mapped[datetime]


class HeadRow(Base, Kept):
    """A countersigned head of a laboratory's log."""

    __tablename__ = "heads"
    lab_id: Mapped[str] = mapped_column(_LAB, primary_key=True)
    origin: Mapped[str] = mapped_column(_NAME, primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(_HASH)
    note: Mapped[str]
    at: Mapped[datetime]


class InboxRow(Base, Kept):
    """An item for a laboratory."""

    __tablename__ = "inbox"
    serial: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(_NAME, unique=True)
    lab_id: Mapped[str] = mapped_column(_LAB, ForeignKey("labs.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    natural_key: Mapped[str] = mapped_column(_NAME)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime]


class InboxAckRow(Base, Kept):
    """An item that the laboratory has applied."""

    __tablename__ = "inbox_acks"
    item_id: Mapped[str] = mapped_column(_NAME, ForeignKey("inbox.id"), primary_key=True)
    at: Mapped[datetime]


class InboxBlobRow(Base, Kept):
    """A blob that the laboratory may fetch because an item names it."""

    __tablename__ = "inbox_blobs"
    lab_id: Mapped[str] = mapped_column(_LAB, primary_key=True)
    sha256: Mapped[str] = mapped_column(_HASH, primary_key=True)


class ReportRow(Base, Kept):
    """An issued report code."""

    __tablename__ = "reports"
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    lab_id: Mapped[str] = mapped_column(_LAB)
    message_id: Mapped[str] = mapped_column(_NAME)
    report_no: Mapped[str] = mapped_column(_NAME)
    issue_no: Mapped[int]
    project_code: Mapped[str] = mapped_column(_NAME, index=True)
    commission_no: Mapped[str] = mapped_column(_NAME)
    lot_index: Mapped[int]
    data_hash: Mapped[str] = mapped_column(_HASH)
    data: Mapped[str]
    grant: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("lab_id", "report_no", "issue_no"), UniqueConstraint("lab_id", "message_id"))


class ReportEventRow(Base, Kept):
    """A report was replaced or withdrawn; each can happen once."""

    __tablename__ = "report_events"
    code: Mapped[str] = mapped_column(String(32), ForeignKey("reports.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    by_code: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str]
    at: Mapped[datetime]


class OperatorRow(Base):
    """Somebody of the operator or the authority who may see projects."""

    __tablename__ = "operators"
    name: Mapped[str] = mapped_column(_NAME, primary_key=True)
    password_hash: Mapped[str]
    created_at: Mapped[datetime]


class WebSessionRow(Base):
    """A signed-in browser; only the hash of its cookie is kept."""

    __tablename__ = "web_sessions"
    token_hash: Mapped[str] = mapped_column(_HASH, primary_key=True)
    operator: Mapped[str] = mapped_column(_NAME)
    csrf: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]


class SignInFailureRow(Base):
    """A wrong password; too many in a short time close the door for a while."""

    __tablename__ = "sign_in_failures"
    serial: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(_NAME, index=True)
    at: Mapped[datetime]
