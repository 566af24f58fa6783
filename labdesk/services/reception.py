"""Reception: a commission opens, every piece is looked at and scanned, what does not match is refused, the rest is received."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from labdesk.domain.clock import WALL, Clock, IdSource
from labdesk.domain.codes import CodeKind, parse_code
from labdesk.domain.commission import Commission
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.messages import Actor as Teller
from labdesk.domain.messages import RejectionBody
from labdesk.domain.numbers import SLIP_PREFIX
from labdesk.domain.people import Laboratory, Role, Session
from labdesk.domain.plain import from_plain
from labdesk.domain.reception import (
    HARMLESS,
    OF_LOT,
    CounterFacts,
    Finding,
    Hold,
    Look,
    ReceptionPapers,
    ReceptionState,
    ReceptionView,
    Rejection,
    Scanned,
    ScanVerdict,
    judge_scan,
    rule_of,
)
from labdesk.domain.reporting import DocumentRenderer
from labdesk.domain.scans import Scan
from labdesk.domain.store import Actor, Blobs, Store, UnitOfWork
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.outgoing import Outgoing
from labdesk.services.reception_papers import paper_words, printed_papers, sentence_of, slip_data
from labdesk.services.reception_view import Stand, read_again, read_stand, read_view, view_of

PDF = "application/pdf"
_LOOK_OF = {ScanVerdict.TAG_DAMAGED: Look.TAG_DAMAGED, ScanVerdict.PIECE_DAMAGED: Look.PIECE_DAMAGED}


@dataclass(frozen=True)
class ReceptionDeps:
    """What the counter works with."""

    store: Store
    blobs: Blobs
    clock: Clock
    ids: IdSource
    renderer: DocumentRenderer


def laboratory_of(uow: UnitOfWork) -> Laboratory:
    """The laboratory; raises OperatorError ``setup.not_done``."""
    text = uow.facts.get("laboratory")
    if text is None:
        raise OperatorError("setup.not_done")
    return from_plain(Laboratory, json.loads(text))


class ReceptionDesk:
    """The use case of the reception page, until everything is judged; receiving is :class:`Receiving`."""

    def __init__(self, deps: ReceptionDeps) -> None:
        self._deps = deps
        self._notes = CustodyNotes(deps.clock, deps.ids)
        self._outgoing = Outgoing(deps.clock, deps.ids)

    def waiting(self, words: str = "", limit: int = 100) -> list[Commission]:
        """Commissions whose reception is not finished, newest first."""
        with self._deps.store.read() as uow:
            return uow.reception.waiting(words, limit)

    def held(self) -> dict[str, Hold]:
        """Holds in force by commission, the nearest deadline first."""
        with self._deps.store.read() as uow:
            return dict(uow.reception.held())

    def open(self, number: str, session: Session) -> ReceptionView:
        """A commission's code was scanned; its reception begins or goes on.

        Raises:
            OperatorError: ``reception.not_arrived``, ``reception.role``.
        """
        check_role(session)
        with self._deps.store.read() as uow:
            commission = uow.reception.commission(number)
            known = uow.reception.reception_of(number)
        if commission is None:
            raise OperatorError("reception.not_arrived", number=number)
        if known is None:
            with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
                # Another station may have opened it between the two transactions: then it is the same reception.
                if uow.reception.reception_of(number) is None:
                    now = self._deps.clock.now()
                    uow.reception.open_reception(self._deps.ids.new_id(), number, session.person.id, now)
                    uow.commit()
        return self.view(number)

    def view(self, number: str) -> ReceptionView:
        """Where the reception of a commission stands; raises OperatorError ``reception.not_open``."""
        with self._deps.store.read() as uow:
            return read_view(uow, number, self._deps.clock)

    def scan(self, number: str, scan: Scan, look: Look | None, session: Session) -> tuple[Finding, ReceptionView]:
        """One tag was scanned; ``look`` is what the eyes said before it.

        Raises:
            OperatorError: ``reception.handheld_only`` for any other source than a handheld scanner, ``scan.incomplete``,
                ``reception.not_a_tag``, ``reception.done``, ``reception.held``.
        """
        check_role(session)
        if not scan.source.handheld:
            raise OperatorError("reception.handheld_only")
        code = parse_code(scan.raw)
        if code.kind is not CodeKind.TAG:
            raise OperatorError("reception.not_a_tag", text=code.body)
        return self._judge(number, (code.body, scan), look, session)

    def _judge(
        self, number: str, scanned: tuple[str, Scan], look: Look | None, session: Session
    ) -> tuple[Finding, ReceptionView]:
        tag, scan = scanned
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            stand = read_stand(uow, number, self._deps.clock)
            view = view_of(stand)
            _check_open(view)
            finding = judge_scan(self._facts(uow, stand, tag, look))
            kept = self._scanned(view, (tag, scan.raw, scan.source.value), look, (finding, session))
            uow.reception.add_scan(kept)
            detail = {"verdict": finding.verdict.value}
            self._notes.note(uow, CustodyKind.SCANNED, (number, tag), session, detail)
            if finding.verdict in OF_LOT and not _lot_rejection(view, kept.lot_index):
                self._reject(uow, view, ("", finding, (kept.lot_index, 0)), session)
            uow.commit()
        with self._deps.store.read() as uow:
            return finding, view_of(read_again(uow, stand, kept))

    def mark(self, number: str, place: tuple[int, int], look: Look, session: Session) -> tuple[Finding, ReceptionView]:
        """A piece whose tag cannot be read is named by its row: damaged tag or damaged piece, nothing else.

        Args:
            place: lot and sample index.
        """
        verdict = next((verdict for verdict, seen in _LOOK_OF.items() if seen is look), None)
        if verdict is None:
            raise OperatorError("reception.scan_needed")
        return self._by_row(number, place, verdict, session)

    def absent(self, number: str, place: tuple[int, int], session: Session) -> tuple[Finding, ReceptionView]:
        """A piece of the commission is not here; with too few sound ones its lot is short."""
        return self._by_row(number, place, ScanVerdict.QUANTITY_SHORT, session)

    def _by_row(
        self, number: str, place: tuple[int, int], verdict: ScanVerdict, session: Session
    ) -> tuple[Finding, ReceptionView]:
        check_role(session)
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            view = read_view(uow, number, self._deps.clock)
            _check_open(view)
            sample = next(
                (item for lot in view.commission.lots for item in lot.samples if (lot.index, item.index) == place),
                None,
            )
            if sample is None:
                raise OperatorError("reception.no_such_piece", piece=f"{place[0]}-{place[1]}")
            profile = uow.profiles.current(self._deps.clock.now())
            finding = Finding(verdict, "condition", "", "", profile.treatment(verdict.value))
            look = _LOOK_OF.get(verdict, Look.NOT_YET)
            uow.reception.add_scan(self._scanned(view, (sample.tag, "", "row"), look, (finding, session)))
            uow.commit()
        return finding, self.view(number)

    def reject(self, number: str, tag: str, lot_index: int, session: Session) -> tuple[Rejection, ReceptionView]:
        """Refuse a piece (``tag``) or, with an empty tag, a lot as a whole; the slip is printed and queued for the platform.

        Raises:
            OperatorError: ``reception.nothing_to_reject`` when the newest finding does not refuse it.
        """
        check_role(session)
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            view = read_view(uow, number, self._deps.clock)
            before = _piece_rejection(view, tag) if tag else _lot_rejection(view, lot_index)
            if before is not None:
                return before, view
            finding, place = _refusal(view, tag, lot_index)
            rejection = self._reject(uow, view, (tag, finding, place), session)
            uow.commit()
        view = self.view(number)
        if rejection not in view.rejections or not self._deps.blobs.get(rejection.slip_sha256):
            raise OperatorError("reception.not_kept", number=rejection.number)
        return rejection, view

    def _reject(
        self, uow: UnitOfWork, view: ReceptionView, what: tuple[str, Finding, tuple[int, int]], session: Session
    ) -> Rejection:
        tag, finding, place = what
        now = self._deps.clock.now()
        key = self._deps.ids.new_id()
        number = uow.numbers.take(SLIP_PREFIX, now.astimezone(WALL).year, key, now).text()
        rejection = Rejection(
            id=key,
            number=number,
            reception_id=view.reception_id,
            commission_no=view.commission.number,
            tag=tag,
            lot_index=place[0],
            sample_index=place[1],
            finding=finding,
            person_id=session.person.id,
            at=now,
            slip_sha256="",
        )
        lot = next((item for item in view.commission.lots if item.index == place[0]), None)
        slip = slip_data(rejection, view.commission, laboratory_of(uow), session, lot)
        pdf = self._deps.renderer.slip(slip, self._images(photo.sha256 for photo in slip.photos))
        rejection = replace(rejection, slip_sha256=self._deps.blobs.put(pdf))
        uow.blobs.add(rejection.slip_sha256, len(pdf), PDF, now)
        uow.reception.add_rejection(rejection)
        self._outgoing.queue(uow, _rejection_body(rejection, view.commission, session))
        subject = tag or f"{view.commission.number}#{place[0]}"
        detail = {"slip": number, "reason": finding.verdict.value}
        self._notes.note(uow, CustodyKind.REFUSED, (view.commission.number, subject), session, detail)
        return rejection

    def hold(self, number: str, papers: tuple[str, ...], session: Session) -> ReceptionView:
        """Hold the commission for missing papers until the profile's deadline: no number, no test.

        Raises:
            OperatorError: ``reception.hold_needs_paper``, ``reception.held``, ``reception.done``.
        """
        check_role(session)
        if not papers:
            raise OperatorError("reception.hold_needs_paper")
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            view = read_view(uow, number, self._deps.clock)
            _check_open(view)
            now = self._deps.clock.now()
            hours = float(uow.profiles.current(now).number("hold_hours"))
            hold = Hold(
                id=self._deps.ids.new_id(),
                reception_id=view.reception_id,
                papers=papers,
                deadline=now + timedelta(hours=hours),
                person_id=session.person.id,
                at=now,
            )
            uow.reception.add_hold(hold)
            detail = {"papers": ", ".join(papers), "deadline": _wall_text(hold.deadline)}
            self._notes.note(uow, CustodyKind.HELD, (number, number), session, detail)
            uow.commit()
        view = self.view(number)
        if view.hold != hold:
            raise OperatorError("reception.not_kept", number=number)
        return view

    def release(self, number: str, session: Session) -> ReceptionView:
        """The missing papers are here: the commission goes on.

        Raises:
            OperatorError: ``reception.not_held``; ``reception.hold_expired`` after the deadline: it can only be refused then.
        """
        check_role(session)
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            view = read_view(uow, number, self._deps.clock)
            if view.hold is None:
                raise OperatorError("reception.not_held", number=number)
            if self._deps.clock.now() > view.hold.deadline:
                deadline = _wall_text(view.hold.deadline)
                raise OperatorError("reception.hold_expired", number=number, deadline=deadline)
            uow.reception.end_hold(view.hold.id, session.person.id, self._deps.clock.now())
            uow.commit()
        return self.view(number)

    def refuse_expired(self, number: str, session: Session) -> ReceptionView:
        """The paper did not come in time: every lot is refused with a slip, and the reception is over (YK-5.2).

        Raises:
            OperatorError: ``reception.not_held``; ``reception.hold_running`` before the deadline.
        """
        check_role(session)
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            view, now = read_view(uow, number, self._deps.clock), self._deps.clock.now()
            hold = view.hold
            if hold is None:
                raise OperatorError("reception.not_held", number=number)
            if now <= hold.deadline:
                raise OperatorError("reception.hold_running", number=number, deadline=_wall_text(hold.deadline))
            finding = Finding(ScanVerdict.PAPER_MISSING, "paper", printed_papers(hold.papers), "—")
            for lot in view.commission.lots:
                if _lot_rejection(view, lot.index) is None:
                    self._reject(uow, view, ("", finding, (lot.index, 0)), session)
            uow.reception.end_hold(hold.id, session.person.id, now)
            uow.flush()
            uow.reception.finish(view.reception_id, ReceptionPapers(), now)
            uow.commit()
        return self.view(number)

    def _facts(self, uow: UnitOfWork, stand: Stand, tag: str, look: Look | None) -> CounterFacts:
        record = uow.reception.tag(tag)
        specimen = uow.reception.specimen_of_tag(tag)
        slip = uow.reception.rejection_of_tag(tag)
        other = stand.project
        if record is not None and record.project_code != stand.commission.project_code:
            other = uow.projects.get(record.project_code)
        return CounterFacts(
            commission=stand.commission,
            project=stand.project,
            tag=tag,
            record=record,
            specimen_label=specimen.label if specimen else "",
            look=look,
            scans=stand.scans,
            profile=stand.profile,
            other_project_name=other.name if record and other else "",
            slip_no=slip.number if slip else "",
        )

    def _scanned(
        self, view: ReceptionView, code: tuple[str, str, str], look: Look | None, what: tuple[Finding, Session]
    ) -> Scanned:
        tag, raw, source = code
        finding, session = what
        place = view.commission.find(tag)
        return Scanned(
            id=self._deps.ids.new_id(),
            reception_id=view.reception_id,
            tag=tag,
            raw=raw,
            source=source,
            look=look or Look.NOT_YET,
            lot_index=place[0].index if place else 0,
            sample_index=place[1].index if place else 0,
            finding=finding,
            person_id=session.person.id,
            station=session.station,
            at=self._deps.clock.now(),
        )

    def _images(self, hashes: Iterable[str]) -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        for digest in hashes:
            # A photo that has not arrived yet is named on the slip by its hash.
            with contextlib.suppress(EnvironmentFault):
                found[digest] = self._deps.blobs.get(digest)
        return found


def _wall_text(moment: datetime) -> str:
    return moment.astimezone(WALL).strftime("%m-%d %H:%M")


def check_role(session: Session) -> None:
    """Only reception receives, refuses and holds; raises OperatorError ``reception.role``."""
    if not session.person.may(Role.RECEPTION):
        raise OperatorError("reception.role", name=session.person.name)


def _check_open(view: ReceptionView) -> None:
    if view.state is ReceptionState.DONE:
        raise OperatorError("reception.done", number=view.commission.number)
    if view.state is ReceptionState.HELD and view.hold is not None:
        raise OperatorError("reception.held", papers=paper_words(view.hold.papers))


def _refusal(view: ReceptionView, tag: str, lot_index: int) -> tuple[Finding, tuple[int, int]]:
    """The finding that refuses a piece or lot, and its place."""
    if not tag:
        count = next((item for item in view.counts if item.lot.index == lot_index), None)
        if count is not None:
            whole = count.refusal or view.lot_findings.get(lot_index)
            if whole is not None and whole.refuses():
                return whole, (lot_index, 0)
            if count.short() and not count.waiting:
                found = f"{len(count.matched)}"
                return Finding(ScanVerdict.QUANTITY_SHORT, "quantity", str(count.lot.required), found), (lot_index, 0)
        raise OperatorError("reception.nothing_to_reject", tag=str(lot_index))
    said = (scan for scan in reversed(view.scans) if scan.tag == tag and scan.finding.verdict not in HARMLESS)
    newest = next(said, None)
    if newest is None or not newest.finding.refuses():
        raise OperatorError("reception.nothing_to_reject", tag=tag)
    return newest.finding, (newest.lot_index, newest.sample_index)


def _piece_rejection(view: ReceptionView, tag: str) -> Rejection | None:
    return next((item for item in view.rejections if item.tag == tag), None)


def _lot_rejection(view: ReceptionView, lot_index: int) -> Rejection | None:
    return next((item for item in view.rejections if not item.tag and item.lot_index == lot_index), None)


def _rejection_body(rejection: Rejection, commission: Commission, session: Session) -> RejectionBody:
    finding = rejection.finding
    return RejectionBody(
        commission_no=commission.number,
        project_code=commission.project_code,
        slip_no=rejection.number,
        tag=rejection.tag,
        reason=sentence_of(finding),
        rule_id=rule_of(finding.verdict),
        refused_at=rejection.at,
        refused_by=Teller(session.person.id, session.person.name),
        station=session.station,
        field=finding.field,
        expected=finding.expected,
        found=finding.found,
    )
