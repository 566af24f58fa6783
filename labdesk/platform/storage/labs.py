"""Laboratories, their tokens and keys, and the trust lists the platform has issued."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from labdesk.domain.people import Laboratory
from labdesk.domain.plain import from_plain
from labdesk.evidence.canonical import canonical_bytes, loads
from labdesk.evidence.trust import KeyRecord, Revocation
from labdesk.platform.storage.tables import KeyEndRow, KeyRow, LabRow, TokenRow, TrustListRow


class Labs:
    """Repository of laboratories and keys."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, lab: Laboratory, at: datetime) -> None:
        """Register a laboratory; a second one with the same id is refused by the database."""
        self._session.add(
            LabRow(id=lab.id, name=lab.name, details=canonical_bytes(lab).decode("utf-8"), registered_at=at)
        )
        self._session.flush()

    def get(self, lab_id: str) -> Laboratory | None:
        """One laboratory."""
        row = self._session.get(LabRow, lab_id)
        return None if row is None else from_plain(Laboratory, loads(row.details.encode("utf-8")))

    def ids(self) -> tuple[str, ...]:
        """Ids of all laboratories."""
        return tuple(self._session.scalars(select(LabRow.id).order_by(LabRow.id)))

    def add_token(self, lab_id: str, token_hash: str, at: datetime) -> None:
        """A new bearer token; earlier ones stay good until :meth:`end_tokens`."""
        self._session.add(TokenRow(token_hash=token_hash, lab_id=lab_id, issued_at=at))

    def end_tokens(self, lab_id: str, at: datetime) -> None:
        """End all tokens of a laboratory."""
        query = select(TokenRow).where(TokenRow.lab_id == lab_id, TokenRow.ended_at.is_(None))
        for row in self._session.scalars(query):
            row.ended_at = at

    def holder_of(self, token_hash: str) -> str | None:
        """Laboratory of a living token."""
        row = self._session.get(TokenRow, token_hash)
        return None if row is None or row.ended_at is not None else row.lab_id

    def add_key(self, record: KeyRecord, certificate: bytes, at: datetime) -> None:
        """Keep a certified key."""
        self._session.add(
            KeyRow(
                public_key=record.public_key,
                holder_id=record.holder_id,
                key_use=record.use.value,
                record=canonical_bytes(record).decode("utf-8"),
                certificate=certificate,
                certified_at=at,
            )
        )
        self._session.flush()

    def end_key(self, public_key: str, revocation: Revocation, at: datetime) -> None:
        """Retire a key, or declare it compromised."""
        self._session.add(KeyEndRow(public_key=public_key, revocation=revocation.value, at=at))

    def keys(self, holder_id: str | None = None) -> tuple[KeyRecord, ...]:
        """All key records with their ends, or one holder's."""
        ends: dict[str, KeyEndRow] = {}
        # A compromise told after a retirement counts, whatever the order of the rows.
        for end in self._session.scalars(select(KeyEndRow)):
            if end.public_key not in ends or end.revocation == Revocation.COMPROMISED.value:
                ends[end.public_key] = end
        query = select(KeyRow).order_by(KeyRow.certified_at, KeyRow.public_key)
        if holder_id is not None:
            query = query.where(KeyRow.holder_id == holder_id)
        return tuple(_record(row, ends.get(row.public_key)) for row in self._session.scalars(query))

    def certificate(self, public_key: str) -> bytes | None:
        """Certificate of a key."""
        row = self._session.get(KeyRow, public_key)
        return None if row is None else row.certificate

    def add_trust_list(self, number: int, data: bytes, at: datetime) -> None:
        """Keep an issued trust list."""
        self._session.add(TrustListRow(number=number, issued_at=at, data=data))

    def newest_trust_list(self) -> tuple[int, bytes]:
        """Number and bytes of the newest list; ``(0, b"")`` before the first."""
        number = self._session.scalar(select(func.max(TrustListRow.number)))
        if number is None:
            return 0, b""
        return number, self._session.get_one(TrustListRow, number).data


def _record(row: KeyRow, end: KeyEndRow | None) -> KeyRecord:
    plain = loads(row.record.encode("utf-8"))
    if end is not None:
        plain = {**plain, "revoked_at": end.at.isoformat(), "revocation": end.revocation}
    return from_plain(KeyRecord, plain)
