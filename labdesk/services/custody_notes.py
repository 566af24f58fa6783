"""Writing custody events in one line."""

from __future__ import annotations

from collections.abc import Mapping

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.custody import CustodyEvent, CustodyKind
from labdesk.domain.people import Session
from labdesk.domain.store import UnitOfWork


class CustodyNotes:
    """Adds custody events of this station to a unit of work."""

    def __init__(self, clock: Clock, ids: IdSource) -> None:
        self._clock = clock
        self._ids = ids

    def note(
        self,
        uow: UnitOfWork,
        kind: CustodyKind,
        where: tuple[str, str],
        who: Session | tuple[str, str],
        detail: Mapping[str, str] | None = None,
    ) -> None:
        """Keep that something happened now.

        Args:
            uow: the transaction it happened in.
            kind: what.
            where: commission number and subject (lot number, label or tag).
            who: the session, or name and station.
            detail: further facts as text.
        """
        name, station = (who.person.name, who.station) if isinstance(who, Session) else who
        commission_no, subject = where
        uow.custody.add(
            CustodyEvent(
                id=self._ids.new_id(),
                kind=kind,
                commission_no=commission_no,
                subject=subject,
                person=name,
                station=station,
                at=self._clock.now(),
                detail=dict(detail or {}),
            )
        )
