"""Taking in what was found right: numbers, blind labels, chain of tests, receipt and labels, all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labdesk.domain.clock import WALL, Clock
from labdesk.domain.commission import Commission, LotOrder
from labdesk.domain.custody import CustodyEvent, CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.messages import Actor as Teller
from labdesk.domain.messages import ReceivedLot, ReceivedSample, ReceptionBody
from labdesk.domain.numbers import LOT_PREFIX, Number, specimen_label
from labdesk.domain.people import Session
from labdesk.domain.profile import RegionProfile
from labdesk.domain.reception import (
    HARMLESS,
    OF_LOT,
    LotCount,
    ReceptionPapers,
    ReceptionView,
    ScanVerdict,
    cast_moment,
    due_moment,
)
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.store import Actor, UnitOfWork
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.outgoing import Outgoing
from labdesk.services.piece_plans import plan_pieces
from labdesk.services.reception import PDF, ReceptionDeps, ReceptionDesk, check_role, laboratory_of
from labdesk.services.reception_papers import label_data, paper_words, receipt_data
from labdesk.services.reception_view import read_view

RECEIPT_PREFIX = "SD"


@dataclass(frozen=True)
class Received:
    """What a finished reception gave: lots with their labels, and the papers to print (empty hashes if all was refused)."""

    lots: tuple[Lot, ...]
    receipt_no: str
    receipt_sha256: str
    labels_sha256: str


class Receiving:
    """The end of a reception."""

    def __init__(self, deps: ReceptionDeps, desk: ReceptionDesk) -> None:
        self._deps = deps
        self._desk = desk
        self._notes = CustodyNotes(deps.clock, deps.ids)
        self._outgoing = Outgoing(deps.clock, deps.ids)

    def papers_needed(self, number: str) -> tuple[str, ...]:
        """Papers the profile and the commission want to see."""
        with self._deps.store.read() as uow:
            view = read_view(uow, number, self._deps.clock)
            return _papers(uow, view.commission, self._deps.clock)

    def received(self, number: str) -> Received | None:
        """What a finished reception gave; ``None`` while it is open."""
        with self._deps.store.read() as uow:
            papers = read_view(uow, number, self._deps.clock).papers
            lots = tuple(uow.reception.lots_of(number))
        return None if papers is None else Received(lots, **vars(papers))

    def finish(self, number: str, papers_present: frozenset[str], session: Session) -> Received:
        """Receive what was found right and refuse what was not, with slips.

        Args:
            papers_present: papers that lie on the counter; a missing one means hold, not receive.

        Raises:
            OperatorError: ``reception.role``, ``reception.papers_missing``, ``reception.unscanned``, ``reception.held``,
                ``reception.done``.
        """
        check_role(session)
        self._refuse_what_is_left(number, papers_present, session)
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            view = read_view(uow, number, self._deps.clock)
            self._check(uow, view, papers_present)
            now = self._deps.clock.now()
            profile = uow.profiles.current(now)
            lots = [self._lot(uow, view, count, (profile, session, now)) for count in view.counts if count.acceptable()]
            for lot in lots:
                uow.reception.add_lot(lot)
            received = self._papers(uow, view, lots, (session, now))
            uow.commit()
        return self._read_back(number, received)

    def _refuse_what_is_left(self, number: str, papers_present: frozenset[str], session: Session) -> None:
        """Slips for every refusing finding that has none yet: pieces first, then lots that are refused or short."""
        with self._deps.store.read() as uow:
            view = read_view(uow, number, self._deps.clock)
            self._check(uow, view, papers_present)
        newest = {scan.tag: scan for scan in view.scans if scan.finding.verdict not in HARMLESS}
        slipped = {item.tag for item in view.rejections if item.tag}
        of_lot = {item.lot_index for item in view.rejections if not item.tag}
        lots_refused = {count.lot.index for count in view.counts if count.refusal is not None}
        for scan in newest.values():
            # A tag of elsewhere that nobody refused was a mis-scan; everything wrong with a piece of this commission is slipped.
            own_slip = scan.lot_index and scan.finding.verdict not in (*OF_LOT, ScanVerdict.QUANTITY_SHORT)
            if own_slip and scan.finding.refuses() and scan.tag not in slipped:
                self._desk.reject(number, scan.tag, scan.lot_index, session)
        for count in view.counts:
            ready = count.lot.index in lots_refused or not count.waiting
            if ready and not count.acceptable() and count.lot.index not in of_lot:
                self._desk.reject(number, "", count.lot.index, session)

    def _check(self, uow: UnitOfWork, view: ReceptionView, papers_present: frozenset[str]) -> None:
        if view.hold is not None:
            raise OperatorError("reception.held", papers=paper_words(view.hold.papers))
        if uow.reception.papers_of(view.reception_id) is not None:
            raise OperatorError("reception.done", number=view.commission.number)
        lacking = [paper for paper in _papers(uow, view.commission, self._deps.clock) if paper not in papers_present]
        if lacking:
            raise OperatorError("reception.papers_missing", papers=paper_words(lacking))
        waiting = sum(len(count.waiting) for count in view.counts if count.refusal is None)
        if waiting:
            raise OperatorError("reception.unscanned", count=waiting)

    def _lot(
        self, uow: UnitOfWork, view: ReceptionView, count: LotCount, by: tuple[RegionProfile, Session, datetime]
    ) -> Lot:
        profile, session, now = by
        order, commission, year = count.lot, view.commission, now.astimezone(WALL).year
        number = uow.numbers.take(LOT_PREFIX[order.field], year, f"{commission.number}#{order.index}", now)
        specimens = self._specimens(order, number, count.matched)
        lot = Lot(
            number=number.text(),
            commission_no=commission.number,
            lot_index=order.index,
            project_code=commission.project_code,
            method=order.method,
            field=order.field,
            material=order.material,
            settings=dict(order.settings),
            part=order.part,
            quantity=order.quantity,
            batch=order.batch,
            maker=order.maker,
            received_at=now,
            received_by=session.person.name,
            cast_at=cast_moment(order, profile),
            age_days=order.age_days,
            due_at=due_moment(order, profile),
            client_commissioned=view.client_commissioned,
            profile_edition=profile.edition,
            specimens=specimens,
        )
        self._custody(uow, lot, order, session)
        return lot

    def _specimens(self, order: LotOrder, number: Number, received: tuple[int, ...]) -> tuple[Specimen, ...]:
        """The pieces under their blind labels: each tagged sample is one, or several are made from it."""
        tags = {sample.index: sample.tag for sample in order.samples}
        found: list[Specimen] = []
        whole = 0
        for place, piece in enumerate(plan_pieces(order, received), start=1):
            whole += not piece.half
            label = specimen_label(order.field, number, whole) + piece.half
            found.append(
                Specimen(
                    id=self._deps.ids.new_id(),
                    label=label,
                    tag=tags[piece.sample],
                    lot_no=number.text(),
                    piece=place,
                    tests=piece.tests,
                    spare=not piece.tests,
                )
            )
        return tuple(found)

    def _custody(self, uow: UnitOfWork, lot: Lot, order: LotOrder, session: Session) -> None:
        sampling = order.sampling
        for kind, person, at in (
            (CustodyKind.SAMPLED, sampling.sampler, sampling.sampled_at),
            (CustodyKind.WITNESSED, sampling.witness, sampling.witnessed_at),
        ):
            detail = {"distance_m": str(sampling.distance_m)}
            if kind is CustodyKind.WITNESSED:
                detail = {"minutes": f"{sampling.witness_delay_min():.0f}"}
            uow.custody.add(
                CustodyEvent(
                    id=self._deps.ids.new_id(),
                    kind=kind,
                    commission_no=lot.commission_no,
                    subject=lot.number,
                    person=person.name,
                    station=person.company,
                    at=at,
                    detail=detail,
                )
            )
        detail = {"pieces": str(len(lot.specimens)), "deliverer": sampling.sampler.name}
        self._notes.note(uow, CustodyKind.RECEIVED, (lot.commission_no, lot.number), session, detail)

    def _papers(self, uow: UnitOfWork, view: ReceptionView, lots: list[Lot], by: tuple[Session, datetime]) -> Received:
        session, now = by
        if not lots:
            uow.reception.finish(view.reception_id, ReceptionPapers(), now)
            return Received((), "", "", "")
        number = uow.numbers.take(RECEIPT_PREFIX, now.astimezone(WALL).year, view.reception_id, now).text()
        receipt = self._deps.renderer.receipt(
            receipt_data(number, view.commission, lots, laboratory_of(uow), (session, now))
        )
        labels = self._deps.renderer.labels(label_data(lots))
        hashes = []
        for pdf in (receipt, labels):
            digest = self._deps.blobs.put(pdf)
            uow.blobs.add(digest, len(pdf), PDF, now)
            hashes.append(digest)
        uow.reception.finish(view.reception_id, ReceptionPapers(number, hashes[0], hashes[1]), now)
        self._outgoing.queue(uow, _body(view, lots, (number, session, now)))
        return Received(tuple(lots), number, hashes[0], hashes[1])

    def _read_back(self, number: str, received: Received) -> Received:
        kept = self.received(number)
        same = kept is not None and {lot.number: lot for lot in kept.lots} == {lot.number: lot for lot in received.lots}
        if not same or kept is None or kept.receipt_no != received.receipt_no:
            raise OperatorError("reception.not_kept", number=number)
        for digest in filter(None, (received.receipt_sha256, received.labels_sha256)):
            self._deps.blobs.get(digest)
        return kept


def _papers(uow: UnitOfWork, commission: Commission, clock: Clock) -> tuple[str, ...]:
    profile = uow.profiles.current(clock.now())
    wanted = (*profile.papers, *(paper.value for paper in commission.papers))
    return tuple(dict.fromkeys(wanted))


def _body(view: ReceptionView, lots: list[Lot], by: tuple[str, Session, datetime]) -> ReceptionBody:
    number, session, now = by
    commission = view.commission
    made: dict[str, list[Specimen]] = {}
    for piece in (piece for lot in lots for piece in lot.specimens):
        made.setdefault(piece.tag, []).append(piece)
    samples = tuple(
        ReceivedSample(
            lot_index=scan.lot_index,
            sample_index=scan.sample_index,
            tag=scan.tag,
            verdict=scan.finding.verdict.value,
            label=piece.label,
            scanned_at=scan.at,
            looked_sound=True,
            spare=piece.spare,
        )
        for scan in view.scans
        if scan.finding.verdict is ScanVerdict.MATCH
        for piece in made.get(scan.tag, ())
    )
    return ReceptionBody(
        commission_no=commission.number,
        project_code=commission.project_code,
        receipt_no=number,
        received_at=now,
        received_by=Teller(session.person.id, session.person.name),
        station=session.station,
        deliverer=commission.lots[0].sampling.sampler.name,
        lots=tuple(ReceivedLot(lot.lot_index, lot.number) for lot in lots),
        samples=samples,
    )
