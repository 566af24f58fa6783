"""Custody events, and the repository that tells a lot's or specimen's way."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.custody import CustodyEvent, CustodyKind
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.base import Appended, Base, key_column


class CustodyRow(Base, Appended):
    """One custody event."""

    __tablename__ = "custody_events"
    id: Mapped[str] = key_column(36)
    kind: Mapped[str] = mapped_column(String(16))
    commission_no: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    person: Mapped[str] = mapped_column(String(80))
    station: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column()
    detail: Mapped[str] = mapped_column()


class Custody:
    """Repository of custody events."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, event: CustodyEvent) -> None:
        """Keep an event."""
        self._session.add(
            CustodyRow(
                id=event.id,
                kind=event.kind.value,
                commission_no=event.commission_no,
                subject=event.subject,
                person=event.person,
                station=event.station,
                at=event.at,
                detail=canonical_bytes(event.detail).decode(),
            )
        )

    def of_commission(self, commission_no: str) -> list[CustodyEvent]:
        """All events of a commission in order of time."""
        query = (
            select(CustodyRow).where(CustodyRow.commission_no == commission_no).order_by(CustodyRow.at, CustodyRow.id)
        )
        return [_event(row) for row in self._session.scalars(query)]

    def of_subjects(self, subjects: list[str]) -> list[CustodyEvent]:
        """Events of a lot and its specimens, in order of time."""
        match = or_(CustodyRow.subject.in_(subjects))
        query = select(CustodyRow).where(match).order_by(CustodyRow.at, CustodyRow.id)
        return [_event(row) for row in self._session.scalars(query)]


def _event(row: CustodyRow) -> CustodyEvent:
    return CustodyEvent(
        id=row.id,
        kind=CustodyKind(row.kind),
        commission_no=row.commission_no,
        subject=row.subject,
        person=row.person,
        station=row.station,
        at=row.at,
        detail=json.loads(row.detail),
    )
