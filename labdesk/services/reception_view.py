"""A reception as it stands: read once in a transaction, judged, and after a change only what changed is read again.

A scan must answer while the gun is still in the hand. So the facts of a reception are one value, :class:`Stand`: the transaction that
judges reads it once, hands it to everybody who asks, and reading back costs two queries instead of ten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from labdesk.domain.clock import Clock
from labdesk.domain.commission import Commission
from labdesk.domain.errors import OperatorError
from labdesk.domain.profile import RegionProfile
from labdesk.domain.projects import Project
from labdesk.domain.reception import (
    Finding,
    Hold,
    LotCount,
    ReceptionPapers,
    ReceptionState,
    ReceptionView,
    Rejection,
    Scanned,
    client_commissioned,
    count_lot,
    judge_lot,
)
from labdesk.domain.store import UnitOfWork


@dataclass(frozen=True)
class Stand:
    """What is stored of a reception, and the rules in force while it was read."""

    reception_id: str
    commission: Commission
    project: Project | None
    profile: RegionProfile
    scans: tuple[Scanned, ...]
    rejections: tuple[Rejection, ...]
    hold: Hold | None
    papers: ReceptionPapers | None


def read_stand(uow: UnitOfWork, number: str, clock: Clock) -> Stand:
    """The reception of a commission in this transaction; raises OperatorError ``reception.not_open``."""
    commission = uow.reception.commission(number)
    reception_id = uow.reception.reception_of(number)
    if commission is None or reception_id is None:
        raise OperatorError("reception.not_open", number=number)
    return Stand(
        reception_id=reception_id,
        commission=commission,
        project=uow.projects.get(commission.project_code),
        profile=uow.profiles.current(clock.now()),
        scans=tuple(uow.reception.scans_of(reception_id)),
        rejections=tuple(uow.reception.rejections_of(reception_id)),
        hold=uow.reception.open_hold(reception_id),
        papers=uow.reception.papers_of(reception_id),
    )


def read_again(uow: UnitOfWork, stand: Stand, kept: Scanned) -> Stand:
    """After a scan was stored: its scans and rejections as another transaction finds them.

    Raises:
        OperatorError: ``reception.not_kept`` when the scan is not among them.
    """
    scans = tuple(uow.reception.scans_of(stand.reception_id))
    if kept not in scans:
        raise OperatorError("reception.not_kept", number=kept.tag)
    return replace(stand, scans=scans, rejections=tuple(uow.reception.rejections_of(stand.reception_id)))


def read_view(uow: UnitOfWork, number: str, clock: Clock) -> ReceptionView:
    """A reception as the page shows it, in this transaction; raises OperatorError ``reception.not_open``."""
    return view_of(read_stand(uow, number, clock))


def view_of(stand: Stand) -> ReceptionView:
    """What the reception page shows."""
    of_lots = {lot.index: judge_lot(lot, stand.project, stand.profile) for lot in stand.commission.lots}
    slips = {slip.lot_index: slip.finding for slip in stand.rejections if not slip.tag}
    return ReceptionView(
        reception_id=stand.reception_id,
        commission=stand.commission,
        project=stand.project,
        state=_state(stand.papers, stand.hold),
        counts=tuple(_counted(count_lot(lot, stand.scans), slips) for lot in stand.commission.lots),
        scans=stand.scans,
        rejections=stand.rejections,
        hold=stand.hold,
        lot_findings={index: found for index, found in of_lots.items() if found is not None},
        client_commissioned=client_commissioned(stand.commission),
        papers=stand.papers,
    )


def _counted(count: LotCount, slips: Mapping[int, Finding]) -> LotCount:
    """A lot that has a slip is refused, whether or not any of its pieces was scanned."""
    return replace(count, refusal=count.refusal or slips.get(count.lot.index))


def _state(papers: ReceptionPapers | None, hold: Hold | None) -> ReceptionState:
    if papers is not None:
        return ReceptionState.DONE
    return ReceptionState.HELD if hold is not None else ReceptionState.OPEN
