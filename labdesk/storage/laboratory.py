"""Repository of the laboratory itself: facts, numbers, blobs index, region profile."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from labdesk.domain.numbers import Number
from labdesk.domain.plain import from_plain
from labdesk.domain.profile import BUILT_IN, RegionProfile, Tightening, Treatment, still_tightened
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.house import BlobRow, Counter, Fact, NumberRow, ProfileRow, TighteningRow, VoidNumberRow


class Facts:
    """Named facts of this database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str) -> str | None:
        """The value of a fact."""
        row = self._session.get(Fact, name)
        return None if row is None else row.value

    def put(self, name: str, value: str) -> None:
        """Set a fact; each version is logged."""
        row = self._session.get(Fact, name)
        if row is None:
            self._session.add(Fact(name=name, value=value))
        else:
            row.value = value


class Numbers:
    """Human numbers, continuous per prefix and year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, prefix: str, year: int, subject: str, at: datetime) -> Number:
        """The next number of the series, given to ``subject`` in this transaction: rolled back, it was never given."""
        name = f"{prefix}-{year}"
        counter = self._session.get(Counter, name, with_for_update=True)
        if counter is None:
            counter = Counter(name=name, value=0)
            self._session.add(counter)
        counter.value += 1
        number = Number(prefix=prefix, year=year, value=counter.value)
        self._session.add(
            NumberRow(text=number.text(), prefix=prefix, year=year, value=number.value, subject=subject, at=at)
        )
        self._session.flush()
        return number

    def void(self, number_text: str, reason: str, at: datetime) -> None:
        """List a given number as void."""
        self._session.add(VoidNumberRow(text=number_text, reason=reason, at=at))

    def series(self, prefix: str, year: int) -> list[str]:
        """All numbers given in a series, in order."""
        query = select(NumberRow.text).where(NumberRow.prefix == prefix, NumberRow.year == year)
        return list(self._session.scalars(query.order_by(NumberRow.value)))


class BlobIndex:
    """Which blobs the content store must hold."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, sha256: str, size: int, media_type: str, at: datetime) -> None:
        """Register a blob; one that is known stays as it is."""
        if self._session.get(BlobRow, sha256) is None:
            self._session.add(BlobRow(sha256=sha256, size=size, media_type=media_type, at=at))
            self._session.flush()

    def all(self) -> list[tuple[str, int]]:
        """Hash and size of every registered blob."""
        return [(row.sha256, row.size) for row in self._session.scalars(select(BlobRow).order_by(BlobRow.sha256))]


class Profiles:
    """Editions of the region profile and the laboratory's own stricter rules."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, key: str, profile: RegionProfile, signature: bytes, received_at: datetime) -> None:
        """Keep an edition the platform signed (the signature was verified by the caller)."""
        self._session.add(
            ProfileRow(
                id=key,
                edition=profile.edition,
                valid_from=profile.valid_from.isoformat(),
                body=canonical_bytes(profile),
                signature=signature,
                received_at=received_at,
            )
        )

    def tighten(self, tightening: Tightening) -> None:
        """Keep a laboratory's own stricter rules (checked against the region's by the caller)."""
        rules = {"treatments": tightening.treatments, "numbers": tightening.numbers}
        self._session.add(
            TighteningRow(
                id=tightening.id,
                body=canonical_bytes(rules),
                reason=tightening.reason,
                person_id=tightening.person_id,
                at=tightening.at,
            )
        )

    def region(self, day: datetime) -> RegionProfile:
        """The edition in force on ``day`` without the laboratory's own rules; the built-in one before any arrived."""
        query = (
            select(ProfileRow)
            .where(ProfileRow.valid_from <= day.date().isoformat())
            .order_by(ProfileRow.valid_from.desc(), ProfileRow.received_at.desc())
            .limit(1)
        )
        row = self._session.scalar(query)
        return BUILT_IN if row is None else from_plain(RegionProfile, json.loads(row.body))

    def current(self, day: datetime) -> RegionProfile:
        """The edition in force on ``day``, tightened by the laboratory's newest own rules."""
        profile = self.region(day)
        row = self._session.scalar(select(TighteningRow).order_by(TighteningRow.id.desc()).limit(1))
        if row is None:
            return profile
        body = json.loads(row.body)
        treatments = {name: Treatment(value) for name, value in body["treatments"].items()}
        numbers = {name: Decimal(value) for name, value in body["numbers"].items()}
        return still_tightened(profile, treatments, numbers)


def lock_writers(session: Session) -> None:
    """Make this transaction the only writer (PostgreSQL: the lock of the counter row; SQLite began IMMEDIATE)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT value FROM counters WHERE name = 'writer' FOR UPDATE"))
