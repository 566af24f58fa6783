"""Sealed runs come home: fetched from the capture process, stored with log, custody and outbox, read back, then acknowledged.

It runs on every page and at every start, so a run whose desktop died in mid-test is found again. Between the commit and the
acknowledgement it may crash: the next round sees the run stored already and only acknowledges.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.bench import next_test
from labdesk.domain.capture import RunClass, RunOutcome
from labdesk.domain.clock import WALL, Clock, IdSource
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import BugError, EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.messages import Actor as Teller
from labdesk.domain.messages import RunBody
from labdesk.domain.ports.watching import RunSource
from labdesk.domain.sealed_run import FORCE, RateRecord, RunMark, SealedRun, decode_run, run_hash
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.store import Actor, Blobs, Store, UnitOfWork
from labdesk.domain.testing import Run
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.outgoing import Outgoing

RUN_PREFIX = "SY"
MEDIA_TYPE = "application/vnd.labdesk.run"


@dataclass(frozen=True)
class RunDeps:
    """What storing a run needs."""

    store: Store
    blobs: Blobs
    clock: Clock
    ids: IdSource
    station: str


@dataclass(frozen=True)
class RunDetails:
    """A stored run with what is only in its sealed bytes.

    Attributes:
        marks: what a person must look at.
        stress_mpa: largest force over the nominal area, for the eye; the evaluation computes its own.
        achieved_hz, largest_gap_ms, bad_frames: of the loading.
        end_detail: the operator's or the system's words about its end.
        jitter_us: how unevenly the samples came, root mean square.
        min_rate_hz: sampling rate that the test asked for.
        rate: stress rate over the part the standard judges, with the share out of its band; ``None`` where nothing was judged.
        loader_name: who put the piece in, if declared.
        switches: channels declared over while loading, with the force in kN then.
    """

    run: Run
    marks: tuple[RunMark, ...]
    stress_mpa: Decimal | None
    achieved_hz: Decimal | None
    largest_gap_ms: int
    bad_frames: int
    end_detail: str
    jitter_us: int = 0
    min_rate_hz: Decimal | None = None
    rate: RateRecord | None = None
    loader_name: str = ""
    switches: tuple[tuple[str, Decimal], ...] = ()


def declared_switches(sealed: SealedRun) -> tuple[tuple[str, Decimal], ...]:
    """Channels that the operator declared over (the extensometer came off), with the force in kN at that moment."""
    places = {channel.name: index for index, channel in enumerate(sealed.channels)}
    if FORCE not in places:
        return ()
    quantum, forces = sealed.channels[places[FORCE]].quantum, sealed.columns[places[FORCE]]
    found = []
    for switch in sealed.header.switches:
        before = forces[: bisect_right(sealed.times_ns, switch.at_ns)]
        last = next((count for count in reversed(before) if count is not None), None)
        if switch.declared and last is not None:
            found.append((switch.channel, last * quantum))
    return tuple(found)


class RunCollector:
    """Takes sealed runs from the capture process, or from an import, into the store."""

    def __init__(self, deps: RunDeps, capture: RunSource) -> None:
        self._deps = deps
        self._capture = capture
        self._notes = CustodyNotes(deps.clock, deps.ids)
        self._outgoing = Outgoing(deps.clock, deps.ids)

    def collect(self) -> list[Run]:
        """Every sealed run that is not stored yet, oldest first; returns what was stored now.

        One run that cannot be stored does not hold back the others: it stays with capture, and its error is raised in a
        round that stores nothing else.

        Raises:
            EnvironmentFault: capture process, disk or database cannot be used; what was not stored stays with capture.
            OperatorError: the database refuses a run (a second loading, a specimen that is not known).
        """
        stored: list[Run] = []
        trouble: LabDeskError | None = None
        for outcome in self._capture.sealed_runs():
            try:
                run = self._take(outcome)
            except LabDeskError as error:
                trouble = trouble or error
            else:
                stored += [run] if run is not None else []
        if trouble is not None and not stored:
            raise trouble
        return stored

    def stored(self, run_id: str) -> Run | None:
        """A run that is stored already, by whichever round; the screen asks for what it saw being sealed."""
        with self._deps.store.read() as uow:
            return uow.testing.run(run_id)

    def details(self, run: Run) -> RunDetails:
        """What the sealed run itself says of its quality; raises EnvironmentFault where it is missing or damaged."""
        sealed = decode_run(self._deps.blobs.get(run.sealed_sha256))
        header, area = sealed.header, sealed.header.request.area_mm2
        return RunDetails(
            run=run,
            marks=header.marks,
            stress_mpa=None if area is None or run.peak_kn is None else run.peak_kn * 1000 / area,
            achieved_hz=header.achieved_hz,
            largest_gap_ms=header.largest_gap_ns // 1_000_000,
            bad_frames=header.counters.bad,
            end_detail=header.end_detail,
            jitter_us=header.jitter_ns // 1000,
            min_rate_hz=header.request.min_rate_hz,
            rate=header.rate,
            loader_name=header.request.loader_name,
            switches=declared_switches(sealed),
        )

    def _take(self, outcome: RunOutcome) -> Run | None:
        with self._deps.store.read() as uow:
            known = uow.testing.run(outcome.run_id)
        if known is None:
            data = self._capture.fetch(outcome.run_id)
            if run_hash(data) != outcome.run_hash:
                raise EnvironmentFault("testing.run_damaged", run=outcome.run_id)
            self._keep(outcome, data)
            with self._deps.store.read() as uow:
                new = uow.testing.run(outcome.run_id)
            if new is None or self._deps.blobs.get(new.sealed_sha256) != data:
                raise BugError("testing.run_damaged", run=outcome.run_id)
        else:
            new = None
        self._capture.acknowledge(outcome.run_id)
        return new

    def _keep(self, outcome: RunOutcome, data: bytes) -> None:
        sealed = decode_run(data)
        request = sealed.header.request
        digest = self._deps.blobs.put(data)
        with self._deps.store.write(Actor(request.operator_id, self._deps.station)) as uow:
            uow.blobs.add(digest, len(data), MEDIA_TYPE, self._deps.clock.now())
            specimen = uow.reception.specimen(outcome.specimen_label) if outcome.specimen_label else None
            lot = uow.reception.lot(specimen.lot_no) if specimen else None
            run = self._run(uow, (sealed, outcome, digest), (specimen, lot))
            uow.testing.add_run(run)
            if lot is not None:
                self._tell(uow, run, sealed, lot)
            uow.commit()

    def _run(
        self, uow: UnitOfWork, what: tuple[SealedRun, RunOutcome, str], piece: tuple[Specimen | None, Lot | None]
    ) -> Run:
        sealed, outcome, digest = what
        specimen, lot = piece
        header, request = sealed.header, sealed.header.request
        is_test = request.run_class is RunClass.TEST
        if is_test and (specimen is None or lot is None):
            raise OperatorError("testing.run_without_specimen", label=outcome.specimen_label)
        test = None
        if is_test and specimen is not None and lot is not None:
            kinds = {old.id: old.test for old in uow.testing.runs_of_lot(lot.number) if old.test is not None}
            test = next_test(specimen, uow.testing.invalidations_of_lot(lot.number), kinds)
        now = self._deps.clock.now()
        number = uow.numbers.take(RUN_PREFIX, now.astimezone(WALL).year, outcome.run_id, now)
        return Run(
            id=outcome.run_id,
            number=number.text(),
            specimen_label=specimen.label if specimen else "",
            lot_no=lot.number if lot else "",
            test=test,
            run_class=request.run_class,
            machine_id=header.machine.id,
            machine_number=header.machine.number,
            operator_id=request.operator_id,
            operator_name=request.operator_name,
            started_at=header.started_at,
            sealed_at=header.sealed_at,
            sealed_sha256=digest,
            end_reason=header.end_reason,
            peak_kn=outcome.peak_kn,
            loaded=header.loaded,
            marked=bool(header.marks),
            marks=header.marks,
        )

    def _tell(self, uow: UnitOfWork, run: Run, sealed: SealedRun, lot: Lot) -> None:
        replaced = next(
            (
                item
                for item in uow.testing.invalidations_of_lot(lot.number)
                if item.replacement_label == run.specimen_label
            ),
            None,
        )
        before = uow.testing.run(replaced.run_id) if replaced else None
        request = sealed.header.request
        body = RunBody(
            commission_no=lot.commission_no,
            project_code=lot.project_code,
            lot_index=lot.lot_index,
            specimen_label=run.specimen_label,
            run_id=run.id,
            run_number=run.number,
            run_hash=run.sealed_sha256,
            run_class=run.run_class.value,
            method=lot.method,
            machine_id=run.machine_id,
            operator=Teller(run.operator_id, run.operator_name),
            started_at=run.started_at,
            sealed_at=run.sealed_at,
            end_reason=run.end_reason.value,
            samples=len(sealed.times_ns),
            peak_kn=run.peak_kn,
            marks=tuple(mark.value for mark in sealed.header.marks),
            replaces_label=before.specimen_label if before else "",
            replace_reason=replaced.reason if replaced else "",
            loader=Teller(request.loader_id, request.loader_name) if request.loader_id else None,
        )
        self._outgoing.queue(uow, body)
        detail = {"number": run.number, "machine": run.machine_number, "end": run.end_reason.value}
        if run.peak_kn is not None:
            detail["peak_kn"] = str(run.peak_kn)
        if sealed.header.request.loader_name:
            detail["loader"] = sealed.header.request.loader_name
        for name, force_kn in declared_switches(sealed):
            detail[f"{name}_off_kn"] = str(force_kn)
        who = (run.operator_name, self._deps.station)
        self._notes.note(uow, CustodyKind.RUN, (lot.commission_no, run.specimen_label), who, detail)
