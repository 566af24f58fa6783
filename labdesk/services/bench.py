"""At the machine: a label is scanned, the gate answers, a run is armed. The capture process does the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from labdesk.domain.bench import (
    MACHINE_TESTS,
    BenchFacts,
    GateResult,
    LoadingPlan,
    age_text,
    judge_bench,
    loading_run,
    next_test,
)
from labdesk.domain.capture import CapturePort, RunClass, RunRequest
from labdesk.domain.clock import WALL, Clock, IdSource
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.machines import Machine
from labdesk.domain.people import Person, Session
from labdesk.domain.profile import RegionProfile
from labdesk.domain.sealed_run import EXTENSION
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.store import Actor, Store, UnitOfWork
from labdesk.domain.testing import LotWork
from labdesk.services.bench_locks import BenchLockDesk, Held
from labdesk.services.capture_demands import demands
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.entries import planned_tests
from labdesk.services.loading_plans import loading_plan, start_and_break

_CHECK_PRELOAD_SHARE = 500
#: What came in longer ago is not in the racks any more; concrete is tested at 180 days at the latest.
IN_THE_RACKS = timedelta(days=400)


@dataclass(frozen=True)
class BenchCase:
    """One specimen at one machine, with what the gate says of it.

    Attributes:
        machine, specimen, lot, plan: what stands here.
        run_class: declared class.
        gate: the gate's answer.
        scanned_tag: site tag scanned after the label.
    """

    machine: Machine
    specimen: Specimen
    lot: Lot
    plan: LoadingPlan
    run_class: RunClass
    gate: GateResult
    scanned_tag: str | None = None


class DueStanding(StrEnum):
    """When a piece is to be tested, seen from today."""

    OVERDUE = "overdue"
    TODAY = "today"
    ANY_TIME = "any-time"
    LATER = "later"
    LOADED = "loaded"


@dataclass(frozen=True)
class DueSpecimen:
    """A line of the list of what is to be tested: blind, so neither project nor maker."""

    label: str
    lot_no: str
    material: str
    size: str
    test: TestKind
    due: str
    standing: DueStanding
    due_at: datetime | None = None

    @property
    def loaded(self) -> bool:
        """Whether it was loaded already."""
        return self.standing is DueStanding.LOADED


class PinCheck(Protocol):
    """Asks a person for the PIN again."""

    def check_pin(self, person: Person, pin: str) -> None:
        """Raise OperatorError unless the PIN is this person's."""
        ...


class Bench:
    """The use case of the bench page."""

    def __init__(
        self, store: Store, capture: CapturePort, clock: Clock, ids: IdSource, pins: PinCheck | None = None
    ) -> None:
        """``pins`` checks the loader's PIN where the policy asks for one."""
        self._store = store
        self._pins = pins
        self._capture = capture
        self._clock = clock
        self._ids = ids
        self._notes = CustodyNotes(clock, ids)
        self._locks = BenchLockDesk(store, capture, clock)

    def machines(self) -> list[Machine]:
        """All machines of the laboratory."""
        with self._store.read() as uow:
            return uow.equipment.all()

    def connect(self) -> list[Machine]:
        """Hand the machines to the capture process, which holds their ports from then on; returns them."""
        machines = self.machines()
        self._capture.configure(tuple(machines))
        return machines

    def open(self, label: str, machine_id: str, session: Session, run_class: RunClass = RunClass.TEST) -> BenchCase:
        """A label was scanned at a machine.

        Raises:
            OperatorError: ``bench.unknown_label``, ``bench.unknown_machine``, ``bench.no_method``.
        """
        return self._case(label, machine_id, session, (run_class, None))

    def scan_tag(self, case: BenchCase, tag: str, session: Session) -> BenchCase:
        """The piece's site tag was scanned after its label; a foreign one is a refusal with both values, kept in custody."""
        fresh = self._case(case.specimen.label, case.machine.id, session, (case.run_class, tag))
        if tag != fresh.specimen.tag:
            self._note(fresh, session, {"tag": f"{tag} ≠ {fresh.specimen.tag}"})
        return fresh

    def arm(self, case: BenchCase, session: Session, loader: Person | None = None) -> RunRequest:
        """Declare the run; afterwards loading may begin. The gate is asked once more with what is stored now.

        From here on the piece is locked for every other station, until its sealed run is stored.

        Args:
            case: the piece at the machine.
            session: who runs the machine.
            loader: who puts the piece in, where that is declared to be somebody else.

        Raises:
            OperatorError: the gate's first refusal, ``bench.locked`` where another station was quicker, or why the machine
                is not ready (``capture.*``).
        """
        fresh = self._case(case.specimen.label, case.machine.id, session, (case.run_class, case.scanned_tag))
        gate = fresh.gate
        if gate.refused():
            worst = gate.findings[0]
            raise OperatorError(worst.key, **worst.params)
        if gate.needs_tag:
            raise OperatorError("bench.tag_first", label=fresh.specimen.label)
        if gate.test is None:
            raise OperatorError("bench.nothing_to_load", label=fresh.specimen.label, planned="-")
        preload, arming, criterion = start_and_break(gate.test, fresh.plan)
        asked = demands(gate.test, fresh.plan, fresh.machine)
        run_id = self._ids.new_id()
        request = RunRequest(
            run_id=run_id,
            machine_id=fresh.machine.id,
            run_class=RunClass.TEST,
            specimen_label=fresh.specimen.label,
            operator_id=session.person.id,
            operator_name=session.person.name,
            method=fresh.lot.method,
            calibration=fresh.machine.calibration(),
            preload_kn=preload,
            arming_kn=arming,
            criterion=criterion,
            area_mm2=fresh.plan.area_mm2,
            loader_id=loader.id if loader else "",
            loader_name=loader.name if loader else "",
            min_rate_hz=asked.min_rate_hz,
            rate_band=asked.rate_band,
            critical_from_percent=asked.critical_from_percent,
        )
        self._lock(fresh, request, session)
        try:
            self._capture.arm(request)
        except LabDeskError as error:
            if error.key != "capture.unreachable":  # then nobody knows; the next beats find out
                self._locks.not_armed(run_id, error.key, session)
            raise
        return request

    def arm_without_specimen(self, machine_id: str, run_class: RunClass, session: Session) -> RunRequest:
        """Declare a warm-up, check, verification or trial: recorded like any run, never part of a report.

        Raises:
            OperatorError: ``bench.class_needs_specimen`` for a test.
        """
        if run_class is RunClass.TEST:
            raise OperatorError("bench.class_needs_specimen")
        machine = self._machine(machine_id)
        preload = machine.capacity_kn / _CHECK_PRELOAD_SHARE
        plan = LoadingPlan(machine.capacity_kn, machine.capacity_kn / 5, preload, preload, None)
        _, _, criterion = start_and_break(TestKind.COMPRESSION, plan)
        request = RunRequest(
            run_id=self._ids.new_id(),
            machine_id=machine.id,
            run_class=run_class,
            specimen_label="",
            operator_id=session.person.id,
            operator_name=session.person.name,
            method="",
            calibration=machine.calibration(),
            preload_kn=preload,
            arming_kn=preload * 5,
            criterion=criterion,
        )
        self._capture.arm(request)
        return request

    def abort(self, machine_id: str, reason: str) -> None:
        """End the run in progress; it is sealed with the reason. Raises OperatorError ``bench.reason_needed``."""
        if not reason.strip():
            raise OperatorError("bench.reason_needed")
        self._capture.abort(machine_id, reason.strip())

    def extensometer_off(self, machine_id: str) -> None:
        """The extensometer is taken off, usually at yield: from this moment on its channel means nothing in the run.

        Raises:
            OperatorError: ``capture.no_run``, ``capture.no_channel`` if the machine measures no extension.
        """
        self._capture.switch_channel(machine_id, EXTENSION, "taken-off")

    def loader(self, badge: str, session: Session, pin: str = "") -> Person:
        """Who puts the pieces in, by badge, and by PIN where region or laboratory want it (``loader_pin``).

        Raises:
            OperatorError: ``sign_in.unknown_badge``, ``bench.loader_is_operator``, ``bench.loader_pin`` where the PIN is still to
                be typed, or what the check of the PIN says (``sign_in.wrong_pin``, ``sign_in.locked``).
        """
        with self._store.read() as uow:
            person = uow.people.by_badge(badge)
            wanted = uow.profiles.current(self._clock.now()).loader_pin
        if person is None or not person.active:
            raise OperatorError("sign_in.unknown_badge", badge=badge or "-")
        if person.id == session.person.id:
            raise OperatorError("bench.loader_is_operator", who=person.name)
        if wanted:
            if not pin or self._pins is None:
                raise OperatorError("bench.loader_pin", name=person.name)
            self._pins.check_pin(person, pin)
        return person

    def take_over(self, case: BenchCase, reason: str, session: Session) -> BenchCase:
        """Another station that was testing the piece is silent; a person says why it may be tested here.

        Raises:
            OperatorError: ``bench.lock_alive`` if that station was heard of meanwhile, ``bench.reason_needed``.
        """
        label = case.specimen.label
        with self._store.write(Actor(session.person.id, session.station)) as uow:
            lock = self._locks.take_over(uow, label, reason, session)
            told = {"taken_over": f"{lock.station} · {lock.machine_number}", "reason": reason.strip()}
            self._notes.note(uow, CustodyKind.BENCH, (case.lot.commission_no, label), session, told)
            uow.commit()
        return self._case(label, case.machine.id, session, (case.run_class, case.scanned_tag))

    def beat(self, station: str) -> None:
        """Keep this station's locks alive, and end those whose run is gone; see :class:`BenchLockDesk`."""
        self._locks.beat(station)

    def due(self, limit: int = 2000) -> list[DueSpecimen]:
        """What lies in the racks: what is late, due today or at any time, then what comes later, then what is loaded already."""
        since = self._clock.now() - IN_THE_RACKS
        with self._store.read() as uow:
            lots = uow.reception.unevaluated_lots(since, limit)
            work = uow.testing.work_of([lot.number for lot in lots])
        today = self._clock.now().astimezone(WALL).date()
        found = [line for lot, done in zip(lots, work, strict=True) for line in _lines(lot, done, today)]
        return sorted(found, key=_urgency)

    def _note(self, case: BenchCase, session: Session, detail: dict[str, str]) -> None:
        """Keeps in custody that a piece stood at a machine."""
        told = {"machine": case.machine.number, **detail}
        with self._store.write(Actor(session.person.id, session.station)) as uow:
            where = (case.lot.commission_no, case.specimen.label)
            self._notes.note(uow, CustodyKind.BENCH, where, session, told)
            uow.commit()

    def _lock(self, case: BenchCase, request: RunRequest, session: Session) -> None:
        """Locks the piece and keeps in custody that it stands at the machine, both or neither."""
        told = {"machine": case.machine.number, **_presented(case, request)}
        with self._store.write(Actor(session.person.id, session.station)) as uow:
            self._locks.take(uow, (case.specimen.label, case.machine.number), request.run_id, session)
            self._notes.note(uow, CustodyKind.BENCH, (case.lot.commission_no, case.specimen.label), session, told)
            uow.commit()

    def _case(self, label: str, machine_id: str, session: Session, declared: tuple[RunClass, str | None]) -> BenchCase:
        run_class, tag = declared
        machine = self._machine(machine_id)
        with self._store.read() as uow:
            specimen = uow.reception.specimen(label)
            lot = uow.reception.lot(specimen.lot_no) if specimen else None
            if specimen is None or lot is None:
                raise OperatorError("bench.unknown_label", label=label)
            profile = uow.profiles.current(self._clock.now())
            plan = loading_plan(lot, profile, _test_of(uow, specimen))
            facts = self._facts(uow, (specimen, lot, machine), (session, profile, plan))
        gate = judge_bench(replace(facts, run_class=run_class, scanned_tag=tag))
        return BenchCase(machine, specimen, lot, plan, run_class, gate, tag)

    def _facts(
        self,
        uow: UnitOfWork,
        what: tuple[Specimen, Lot, Machine],
        context: tuple[Session, RegionProfile, LoadingPlan],
    ) -> BenchFacts:
        specimen, lot, machine = what
        session, profile, plan = context
        held = self._held(uow, (specimen.label, machine), session.station)
        return BenchFacts(
            specimen=specimen,
            lot=lot,
            machine=machine,
            person=session.person,
            run_class=RunClass.TEST,
            now=self._clock.now(),
            profile=profile,
            plan=plan,
            runs=tuple(uow.testing.runs_of_lot(lot.number)),
            findings=tuple(uow.testing.findings_of_lot(lot.number)),
            invalidations=tuple(uow.testing.invalidations_of_lot(lot.number)),
            scanned_tag=None,
            held_by=held.where if held else "",
            held_here=held is not None and held.here,
            silent_at=held.silent_at if held else None,
            others=tuple(other for other in uow.equipment.all() if other.id != machine.id),
        )

    def _held(self, uow: UnitOfWork, what: tuple[str, Machine], station: str) -> Held | None:
        label, machine = what
        held = self._locks.held(uow, label, machine.number, station)
        if held is not None:
            return held
        for state in self._capture.states():
            if state.specimen_label == label and state.machine_id != machine.id and state.run_id:
                return Held(self._machine(state.machine_id).number)
        return None

    def _machine(self, machine_id: str) -> Machine:
        with self._store.read() as uow:
            machine = uow.equipment.get(machine_id)
        if machine is None:
            raise OperatorError("bench.unknown_machine", machine=machine_id)
        return machine


def _test_of(uow: UnitOfWork, specimen: Specimen) -> TestKind | None:
    """The machine test of a piece, which may be that of a piece it replaces."""
    kinds = {run.id: run.test for run in uow.testing.runs_of_lot(specimen.lot_no) if run.test is not None}
    return next_test(specimen, uow.testing.invalidations_of_lot(specimen.lot_no), kinds)


def _presented(case: BenchCase, request: RunRequest) -> dict[str, str]:
    """What custody keeps of a piece that passed the gate: its run, who put it in, the tag that was scanned, its real age."""
    told = {"run_id": request.run_id}
    if request.loader_name:
        told["loader"] = request.loader_name
    if case.scanned_tag is not None:
        told["tag"] = case.scanned_tag
    if case.gate.real_age is not None:
        told["age"] = age_text(case.gate.real_age)
    return told


def _lines(lot: Lot, work: LotWork, today: date) -> list[DueSpecimen]:
    due = lot.due_at.astimezone(WALL).strftime("%m-%d %H:%M") if lot.due_at else ""
    size = lot.settings.get("diameter_mm") or lot.settings.get("side_mm") or ""
    waiting = _standing(lot.due_at, today)
    return [
        DueSpecimen(
            label=label,
            lot_no=lot.number,
            material=lot.material,
            size=size,
            test=kind,
            due=due,
            standing=DueStanding.LOADED if loading_run(label, work.runs, work.findings) is not None else waiting,
            due_at=lot.due_at,
        )
        for label, kinds in planned_tests(lot, work.runs, work.invalidations).items()
        for kind in kinds
        if kind in MACHINE_TESTS
    ]


def _standing(due: datetime | None, today: date) -> DueStanding:
    if due is None:
        return DueStanding.ANY_TIME
    day = due.astimezone(WALL).date()
    if day == today:
        return DueStanding.TODAY
    return DueStanding.OVERDUE if day < today else DueStanding.LATER


#: Order of the list: what is late first, what is done last.
_URGENCY = (DueStanding.OVERDUE, DueStanding.TODAY, DueStanding.ANY_TIME, DueStanding.LATER, DueStanding.LOADED)


def _urgency(line: DueSpecimen) -> tuple[int, str, str]:
    due = line.due_at.isoformat() if line.due_at is not None else ""
    return _URGENCY.index(line.standing), due, line.label
