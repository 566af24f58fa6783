"""Runs with samples missing where they matter: seen as a curve with its gap, and taken on with a reason by who has the right.

Until then the run does not count: its lot is not evaluated and nothing of it is signed (machines D2.5; also in the database).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from labdesk.domain.capture import EndReason
from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.domain.messages import Actor as Teller
from labdesk.domain.messages import GapReasonBody
from labdesk.domain.people import Person, Session
from labdesk.domain.reporting import CurveDrawing, CurveMark
from labdesk.domain.run_gaps import SHORTEST_REASON, GapReason, Loading, check_may_take_on, open_gaps
from labdesk.domain.sealed_run import Gap, GapKind, SealedRun, decode_run
from labdesk.domain.sentences import Language, say
from labdesk.domain.store import Actor, Blobs, Store, UnitOfWork
from labdesk.domain.testing import Invalidation, LostRunFinding, Run
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.outgoing import Outgoing
from labdesk.services.review_facts import load_bench

_NS = Decimal(1_000_000_000)
_MS = Decimal("0.001")


@dataclass(frozen=True)
class GapPlace:
    """One stretch without samples.

    Attributes:
        from_s, to_s: from the start of loading.
        lost_s: how long nothing came.
        force_kn: the larger force beside it; ``share_percent`` of the largest.
        kind: why nothing came.
        critical: the largest force or the yield may lie in it.
        device: machine it was lost on, where the run has several.
    """

    from_s: Decimal
    to_s: Decimal
    lost_s: Decimal
    force_kn: Decimal
    share_percent: int
    kind: GapKind
    critical: bool
    device: str = ""


@dataclass(frozen=True)
class GapCase:
    """A run somebody must decide about; blind: neither project nor maker.

    Attributes:
        run: the run.
        places: every stretch without samples, the critical ones first.
        drawing: force over time with the gaps.
        refusal: why this person may not take it on, ``None`` where they may.
        spares: whether the lot has a piece left that could take its place.
    """

    run: Run
    places: tuple[GapPlace, ...]
    drawing: CurveDrawing
    refusal: Remark | None
    spares: bool


class RunGaps:
    """The use cases: which runs wait, what one looks like, and the reason that lets it count."""

    def __init__(self, store: Store, blobs: Blobs, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._ids = ids
        self._notes = CustodyNotes(clock, ids)
        self._outgoing = Outgoing(clock, ids)

    def waiting(self) -> tuple[Run, ...]:
        """Runs of all lots that nobody has decided about, in order of number."""
        with self._store.read() as uow:
            found = [run for lot_no in uow.review.gap_reasons.lots_with_gaps() for run in open_gap_runs(uow, lot_no)]
        return tuple(sorted(found, key=lambda run: run.number))

    def of_lot(self, lot_no: str) -> tuple[Run, ...]:
        """The same of one lot."""
        with self._store.read() as uow:
            return open_gap_runs(uow, lot_no)

    def case(self, run_id: str, person: Person, language: Language) -> GapCase:
        """What is known about a run; raises OperatorError ``testing.no_such_run``, EnvironmentFault where its bytes are damaged."""
        with self._store.read() as uow:
            run = _run(uow, run_id)
            testers = load_bench(uow, run.lot_no).testers()
            lot = uow.reception.lot(run.lot_no)
            used = {item.replacement_label for item in uow.testing.invalidations_of_lot(run.lot_no)}
        sealed = decode_run(self._blobs.get(run.sealed_sha256))
        return GapCase(
            run=run,
            places=gap_places(sealed),
            drawing=draw_gaps(sealed, run.specimen_label, language),
            refusal=_refusal(run, person, testers),
            spares=lot is not None and any(piece.spare and piece.label not in used for piece in lot.specimens),
        )

    def take_on(self, run_id: str, reason: str, session: Session) -> GapReason:
        """Keep the reason why the run counts; the platform is told in the same transaction.

        Raises:
            OperatorError: ``gaps.reason``, ``gaps.decided``, ``gaps.not_critical``, ``gaps.role``, ``gaps.own_test``,
                ``testing.no_such_run``, or what the database refuses.
            EnvironmentFault: ``gaps.not_kept`` where it cannot be read back.
        """
        why = reason.strip()
        if len(why) < SHORTEST_REASON:
            raise OperatorError("gaps.reason")
        with self._store.write(Actor(session.person.id, session.station)) as uow:
            run = _run(uow, run_id)
            person = uow.people.get(session.person.id)
            check_may_take_on(run, person or session.person, load_bench(uow, run.lot_no).testers())
            if run not in open_gap_runs(uow, run.lot_no):
                raise OperatorError("gaps.decided", run=run.number)
            given = GapReason(
                self._ids.new_id(), run.id, run.lot_no, why, session.person.id, session.person.name, self._clock.now()
            )
            uow.review.gap_reasons.add(given)
            uow.flush()
            self._tell(uow, run, given, session)
            uow.commit()
        with self._store.read() as uow:
            if uow.review.gap_reasons.of_run(run_id) != given:
                raise EnvironmentFault("gaps.not_kept", run=run.number)
        return given

    def _tell(self, uow: UnitOfWork, run: Run, given: GapReason, session: Session) -> None:
        lot = uow.reception.lot(run.lot_no)
        if lot is None:
            raise OperatorError("testing.no_such_run", run=run.id)
        body = GapReasonBody(
            commission_no=lot.commission_no,
            project_code=lot.project_code,
            lot_index=lot.lot_index,
            specimen_label=run.specimen_label,
            run_id=run.id,
            run_hash=run.sealed_sha256,
            reason=given.reason,
            given_by=Teller(given.person_id, given.person_name),
            given_at=given.at,
        )
        self._outgoing.queue(uow, body)
        detail = {"number": run.number, "reason": given.reason}
        self._notes.note(uow, CustodyKind.GAP_REASON, (lot.commission_no, run.specimen_label), session, detail)


def open_gap_runs(uow: UnitOfWork, lot_no: str) -> tuple[Run, ...]:
    """Runs of a lot that do not count until somebody decides."""
    testing = uow.testing
    settled: tuple[Invalidation | LostRunFinding | GapReason, ...] = (
        *testing.invalidations_of_lot(lot_no),
        *testing.findings_of_lot(lot_no),
        *uow.review.gap_reasons.of_lot(lot_no),
    )
    return open_gaps(testing.runs_of_lot(lot_no), settled)


def _run(uow: UnitOfWork, run_id: str) -> Run:
    run = uow.testing.run(run_id)
    if run is None:
        raise OperatorError("testing.no_such_run", run=run_id)
    return run


def _refusal(run: Run, person: Person, testers: Iterable[str]) -> Remark | None:
    try:
        check_may_take_on(run, person, testers)
    except OperatorError as error:
        return Remark(error.key, {name: str(value) for name, value in error.params.items()})
    return None


def gap_places(run: SealedRun) -> tuple[GapPlace, ...]:
    """Every stretch without samples in which some were lost, the critical ones first, then in order of time."""
    header, quantum = run.header, run.channels[0].quantum
    force = run.columns[0]
    peak = None if header.peak_index is None else force[header.peak_index]
    broke = header.end_reason is EndReason.BREAK and header.end_index is not None
    until = run.times_ns[header.end_index or 0] if broke else None
    loading = Loading(run.times_ns, force, peak or 0, until, header.request.critical_from_percent)
    gaps = [(gap, "") for gap in header.gaps]
    gaps += [(gap, other.machine.number) for other in run.companions for gap in other.gaps]
    found = [_place(loading, gap, quantum, device) for gap, device in gaps if run.times_ns and _lost(gap)]
    return tuple(sorted(found, key=lambda place: (not place.critical, place.from_s)))


def _lost(gap: Gap) -> bool:
    return gap.kind is not GapKind.CAPTURE_RESTARTED


def _place(loading: Loading, gap: Gap, quantum: Decimal, device: str) -> GapPlace:
    return GapPlace(
        from_s=_seconds(gap.from_ns),
        to_s=_seconds(gap.to_ns),
        lost_s=_seconds(gap.to_ns - gap.from_ns),
        force_kn=loading.force_beside(gap) * quantum,
        share_percent=loading.share_percent(gap),
        kind=gap.kind,
        critical=loading.peak > 0 and loading.is_critical(gap),
        device=device,
    )


def _seconds(nanoseconds: int) -> Decimal:
    return (Decimal(nanoseconds) / _NS).quantize(_MS, ROUND_HALF_EVEN)


def draw_gaps(run: SealedRun, label: str, language: Language) -> CurveDrawing:
    """Force over time from the start of loading, as captured, with its gaps; the largest captured force is marked."""
    quantum = run.channels[0].quantum
    kept = [
        (time, count)
        for time, count in zip(run.times_ns, run.columns[0], strict=True)
        if count is not None and time >= 0
    ]
    times = [time for time, _ in kept]
    x, y = [time / 1e9 for time in times], [float(count * quantum) for _, count in kept]
    top = max(range(len(y)), key=y.__getitem__, default=None)
    return CurveDrawing(
        label=label,
        x_caption=say("review.axis.time", language),
        y_caption=say("review.axis.force", language),
        x=x,
        y=y,
        marks=() if top is None else (CurveMark("Fm", x[top], y[top]),),
        gaps=_interruptions(times, run.header.gaps),
    )


def _interruptions(times: list[int], gaps: Iterable[Gap]) -> tuple[tuple[int, int], ...]:
    """Positions of the last sample before and the first after each gap that has samples on both sides."""
    found = []
    for gap in gaps:
        if not _lost(gap):
            continue
        after = bisect_left(times, gap.to_ns)
        if 0 < after < len(times):
            found.append((after - 1, after))
    return tuple(found)
