"""A bench for tests: a laboratory with a rebar lot and a group of cubes received, two machines, a capture process in memory."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from labdesk.devices.scenarios import make_specimen
from labdesk.domain.capture import (
    EndReason,
    LiveListener,
    LiveState,
    MachineState,
    RunOutcome,
    RunPhase,
    RunRequest,
)
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.machines import Machine
from labdesk.domain.people import Field, Person, Role, Scope, Secrets, Session
from labdesk.domain.sealed_run import (
    Channel,
    Counters,
    DriverStamp,
    Gap,
    GapKind,
    RunHeader,
    RunMark,
    SealedRun,
    TimeBase,
    encode_run,
    run_hash,
)
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.store import SYSTEM
from labdesk.domain.testing import Run
from labdesk.services.bench import Bench, BenchCase
from labdesk.services.entries import Entries
from labdesk.services.evaluating import Evaluating
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.lost_runs import LostRuns
from labdesk.services.lot_desk import LotDesk
from labdesk.services.runs import RunCollector, RunDeps
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.reviewworld import MemoryBlobs, Pins, ReceivedStore, Reception
from tests.helpers.stores import CountingIds, SetClock

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
STATION = "力学室 2"
BOTH = (Scope(Field.STEEL, *YEAR, "岗 2026-01"), Scope(Field.CONCRETE, *YEAR, "岗 2026-02"))
REBAR_LOT, CUBE_LOT = "GJ-2026-00417", "HNT-2026-00188"
TECHNICIAN = Person("p-zhang", "张建国", "B1001", (Role.TECHNICIAN,), BOTH)
SECOND = Person("p-li", "李雯", "B1002", (Role.TECHNICIAN, Role.CHECKER), BOTH)
TRAINEE = Person("p-wu", "吴小敏", "B1003", (Role.TECHNICIAN,), BOTH[1:])
PEOPLE = (TECHNICIAN, SECOND, TRAINEE)
PHOTO = b"\x89PNG the display shows 571.2 kN"


def session(who: Person = TECHNICIAN) -> Session:
    """The person at the bench."""
    return Session(who, STATION, NOW)


def machine(key: str, name: str, capacity: int, kind: TestKind) -> Machine:
    """A calibrated machine for one kind of test."""
    return Machine(
        id=key,
        number=f"JC-{key[-2:]}",
        name=name,
        driver_id="labdesk_utm",
        port_url="socket://127.0.0.1:1",
        capacity_kn=Decimal(capacity),
        accuracy_class=Decimal("0.5"),
        certificate_no="LX2026-118",
        certificate_valid_from=date(2026, 1, 1),
        certificate_valid_to=date(2026, 12, 31),
        tests=(kind.value,),
        settings={"le_mm": "100"} if kind is TestKind.TENSION else {},
    )


UTM = machine("m-07", "万能机 2", 600, TestKind.TENSION)
SMALL = machine("m-04", "万能机 1", 100, TestKind.TENSION)
LARGE = machine("m-09", "万能机 3", 900, TestKind.TENSION)
PRESS = machine("m-12", "压力机 1", 2000, TestKind.COMPRESSION)


def _lot(number: str, method: str, of_field: Field, settings: dict[str, str], pieces: tuple[Specimen, ...]) -> Lot:
    return Lot(
        number=number,
        commission_no="WT-2026-01877",
        lot_index=1 if of_field is Field.STEEL else 2,
        project_code="2108002611200001",
        method=method,
        field=of_field,
        material="热轧带肋钢筋" if of_field is Field.STEEL else "混凝土立方体试块",
        settings=settings,
        part="三层柱 ③–⑥/Ⓐ–Ⓓ",
        quantity="58.6 t",
        batch="2611A0731",
        maker="示例钢铁集团有限公司",
        received_at=NOW - timedelta(hours=2),
        received_by="刘洋",
        cast_at=None,
        age_days=None,
        due_at=None,
        client_commissioned=True,
        profile_edition="2026-01-01",
        specimens=pieces,
    )


def rebar_lot() -> Lot:
    """Five HRB400E bars of 20 mm and one spare: all weighed, two pulled, two bent, one reverse-bent."""
    plan = (TestKind.TENSION, TestKind.TENSION, TestKind.BEND, TestKind.BEND, TestKind.REVERSE_BEND)
    pieces = [
        Specimen(f"s-{i}", f"G26-00417-{i}", f"YK2107-4408-126{i}", REBAR_LOT, i, (TestKind.WEIGHT, kind))
        for i, kind in enumerate(plan, start=1)
    ]
    pieces.append(Specimen("s-6", "G26-00417-6", "YK2107-4408-1266", REBAR_LOT, 6, (), spare=True))
    pieces.append(Specimen("s-7", "G26-00417-7", "YK2107-4408-1267", REBAR_LOT, 7, (), spare=True))
    settings = {"grade": "HRB400E", "diameter_mm": "20", "lot_t": "58.6"}
    return _lot(REBAR_LOT, "rebar-lot", Field.STEEL, settings, tuple(pieces))


def cube_lot(age: timedelta = timedelta(days=28, hours=3)) -> Lot:
    """Three C35 cubes of 150 mm, of this age now."""
    cast = NOW - age
    pieces = tuple(
        Specimen(f"c-{i}", f"H26-00188-{i}", f"YK2107-5511-90{i}", CUBE_LOT, i, (TestKind.COMPRESSION,))
        for i in (1, 2, 3)
    )
    settings = {"side_mm": "150", "design_grade": "C35"}
    made = _lot(CUBE_LOT, "concrete-cube", Field.CONCRETE, settings, pieces)
    return replace(made, cast_at=cast, age_days=28, due_at=cast + timedelta(days=28))


@dataclass
class BenchReception(Reception):
    """What reception has taken in, as the bench asks for it."""

    def specimen(self, label: str) -> Specimen | None:
        """A specimen by its blind number."""
        return next((found for lot in self.lots.values() if (found := lot.specimen(label)) is not None), None)

    def unevaluated_lots(self, since: datetime, limit: int) -> list[Lot]:
        """All lots: none is evaluated as far as the counter knows."""
        del since
        return list(self.lots.values())[:limit]

    def put(self, lot: Lot) -> None:
        """Takes a lot in, or changes it."""
        self.lots[lot.number] = lot


@dataclass
class FakeCapture:
    """A capture process in memory: arms, streams what a test pushes, holds sealed runs until they are acknowledged."""

    clock: SetClock
    machines: dict[str, Machine] = field(default_factory=dict)
    armed: list[RunRequest] = field(default_factory=list)
    aborted: list[tuple[str, str]] = field(default_factory=list)
    switched: list[tuple[str, str, str]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    newest: dict[str, LiveState] = field(default_factory=dict)
    waiting: dict[str, tuple[RunOutcome, bytes]] = field(default_factory=dict)
    listeners: list[LiveListener] = field(default_factory=list)
    refuse: Exception | None = None
    lost: bool = False

    def states(self) -> tuple[LiveState, ...]:
        """The newest states; none where the process is lost."""
        if self.lost:
            raise EnvironmentFault("capture.unreachable")
        return tuple(self.newest.values())

    def configure(self, machines: tuple[Machine, ...]) -> None:
        """Opens them: all are ready."""
        self.machines = {each.id: each for each in machines}
        for each in machines:
            if each.id not in self.newest:
                self.push(LiveState(each.id, 1, MachineState.READY, achieved_hz=Decimal(100)))

    def arm(self, request: RunRequest) -> None:
        """Declares a run."""
        if self.refuse is not None:
            raise self.refuse
        self.armed.append(request)
        self.advance(
            request.machine_id,
            phase=RunPhase.ARMED,
            run_id=request.run_id,
            specimen_label=request.specimen_label,
            state=MachineState.CAPTURING,
            points=(),
            force_kn=Decimal(0),
        )

    def abort(self, machine_id: str, reason: str) -> None:
        """Keeps the word."""
        self.aborted.append((machine_id, reason))

    def switch_channel(self, machine_id: str, channel: str, reason: str) -> None:
        """Keeps the word."""
        self.switched.append((machine_id, channel, reason))

    def subscribe(self, listener: LiveListener) -> Callable[[], None]:
        """As the client does: the newest states at once."""
        self.listeners.append(listener)
        for state in self.newest.values():
            listener(state)
        return lambda: self.listeners.remove(listener)

    def sealed_runs(self) -> tuple[RunOutcome, ...]:
        """What was not acknowledged."""
        return tuple(outcome for outcome, _ in self.waiting.values())

    def fetch(self, run_id: str) -> bytes:
        """A sealed run's bytes."""
        return self.waiting[run_id][1]

    def fetch_journal(self, run_id: str, device: int = 0) -> bytes:
        """There is none here."""
        raise OperatorError("capture.no_such_run", run_id=run_id)

    def acknowledge(self, run_id: str) -> None:
        """It leaves the list."""
        self.acknowledged.append(run_id)
        self.waiting.pop(run_id, None)

    def push(self, state: LiveState) -> None:
        """Streams a state to the listeners."""
        self.newest[state.machine_id] = state
        for listener in list(self.listeners):
            listener(state)

    def advance(self, machine_id: str, **changes: Any) -> LiveState:
        """Streams the newest state with changes."""
        before = self.newest.get(machine_id) or LiveState(machine_id, 0, MachineState.READY)
        state = replace(before, seq=before.seq + 1, **changes)
        self.push(state)
        return state

    def seal(self, data: bytes, request: RunRequest, run: SealedRun) -> None:
        """A run was sealed; the machine is idle again."""
        header = run.header
        outcome = RunOutcome(
            request.run_id,
            request.machine_id,
            request.specimen_label,
            request.run_class,
            run_hash(data),
            header.end_reason,
            header.end_detail,
            header.loaded,
            run.peak_kn,
            bool(header.marks),
            len(run.times_ns),
            header.started_at,
            header.sealed_at,
        )
        self.waiting[request.run_id] = (outcome, data)
        idle = {"phase": RunPhase.IDLE, "run_id": "", "specimen_label": "", "state": MachineState.READY}
        self.advance(request.machine_id, sealed_run_id=request.run_id, **idle)


@dataclass(frozen=True)
class Loading:
    """What happens to the piece: the simulators' scenario, how much of it is seen, and how it ends."""

    scenario: str
    parameters: dict[str, object] = field(default_factory=dict)
    share: float = 1.0
    end: EndReason = EndReason.BREAK
    loaded: bool = True
    hz: int = 20


def sealed(request: RunRequest, of: Machine, loading: Loading, started_at: datetime) -> SealedRun:
    """A run of the simulators' generator as capture seals it."""
    piece = make_specimen(loading.scenario, loading.parameters, random.Random(request.run_id))
    count = int(piece.duration_s * loading.share * loading.hz)
    noise = random.Random(7)
    readings = [piece.at(i / loading.hz) for i in range(count)]
    force = tuple(round((item.force_kn + noise.gauss(0, 0.01)) * 100) for item in readings)
    moved = tuple(round(item.displacement_mm * 1000) for item in readings)
    stretched = tuple(None if item.extension_mm is None else round(item.extension_mm * 1000) for item in readings)
    marks = () if loading.end is EndReason.BREAK else (RunMark.NO_BREAK,)
    gaps: tuple[Gap, ...] = ()
    if loading.end is EndReason.LOST_LINK:
        marks, gaps = (*marks, RunMark.GAP), (Gap(count * 10**9 // loading.hz, 10**12, GapKind.SILENCE),)
    header = RunHeader(
        request=request,
        machine=of,
        driver=DriverStamp("labdesk_utm", "1.0", "documented", 1),
        time_base=TimeBase.DEVICE,
        armed_at=started_at,
        started_at=started_at,
        sealed_at=started_at + timedelta(seconds=count / loading.hz),
        loaded=loading.loaded,
        peak_index=max(range(count), key=lambda i: force[i]) if loading.loaded else None,
        end_index=count - 1,
        end_reason=loading.end,
        end_detail="",
        counters=Counters(good=count),
        achieved_hz=Decimal(loading.hz),
        largest_gap_ns=10**9 // loading.hz,
        gaps=gaps,
        marks=marks,
        journal_sha256="ab" * 32,
        journal_bytes=count * 16,
        software="0.1.0",
    )
    channels = (
        Channel("force", "kN", Decimal("0.01")),
        Channel("extension", "mm", Decimal("0.001")),
        Channel("displacement", "mm", Decimal("0.001")),
    )
    times = tuple(i * 10**9 // loading.hz for i in range(count))
    return SealedRun(header, channels, times, (force, stretched, moved))


BAR = Loading("rebar", {"grade": "HRB400E"})
CUBE = Loading("cube", {"strength_mpa": 41.0})


@dataclass
class BenchWorld:
    """Everything a test of the bench needs."""

    engine: Engine
    store: SqlStore
    blobs: MemoryBlobs
    clock: SetClock
    ids: CountingIds
    reception: BenchReception
    capture: FakeCapture
    pins: Pins
    bench: Bench
    runs: RunCollector
    lost: LostRuns
    entries: Entries
    evaluating: Evaluating
    desk: LotDesk

    def case(self, label: str, machine_id: str = UTM.id, who: Person = TECHNICIAN) -> BenchCase:
        """Label and right tag scanned."""
        case = self.bench.open(label, machine_id, session(who))
        return self.bench.scan_tag(case, case.specimen.tag, session(who)) if case.gate.needs_tag else case

    def finish(self, request: RunRequest, loading: Loading) -> None:
        """The armed run is loaded and sealed."""
        of = self.capture.machines.get(request.machine_id, UTM)
        run = sealed(request, of, loading, self.clock.now())
        self.capture.seal(encode_run(run), request, run)

    def load(self, label: str, loading: Loading | None = None, machine_id: str = "") -> Run:
        """A piece goes through gate, arming, loading and home."""
        cube = label.startswith("H")
        case = self.case(label, machine_id or (PRESS.id if cube else UTM.id))
        self.finish(self.bench.arm(case, session()), loading or (CUBE if cube else BAR))
        self.clock.forward(minutes=2)
        return self.runs.collect()[-1]

    def change_machine(self, changed: Machine) -> None:
        """Registers a new version of a machine."""
        with self.store.write(SYSTEM) as uow:
            uow.equipment.put(changed)
            uow.commit()

    def type_in(self, lot_no: str, values: dict[tuple[str, str], str], who: Person = TECHNICIAN) -> None:
        """Enters values by label and name."""
        for item in self.entries.fields(lot_no):
            text = values.get((item.label, item.name))
            if text is not None:
                self.entries.enter(lot_no, item, text, session(who))


def rebar_entries(factor: Decimal = Decimal(1), tensions: tuple[str, ...] = ("1", "2")) -> dict[tuple[str, str], str]:
    """Good measurements of the rebar lot; ``factor`` scales the mass."""
    found = {("", "total_mass_g"): str((Decimal(6175) * factor).quantize(Decimal(1)))}
    for piece in range(1, 6):
        found[(f"G26-00417-{piece}", "length_mm")] = "502"
    for piece in tensions:
        found[(f"G26-00417-{piece}", "l0_mm")] = "100"
        found[(f"G26-00417-{piece}", "lu_mm")] = "124.5"
    for piece in ("3", "4"):
        found[(f"G26-00417-{piece}", "bend_result")] = "no-crack"
    found[("G26-00417-5", "reverse_bend_result")] = "no-crack"
    return found


def make_bench(engine: Engine, machines: tuple[Machine, ...] = (UTM, PRESS, LARGE)) -> BenchWorld:
    """The bench on a migrated database."""
    clock, ids, blobs, pins = SetClock(NOW), CountingIds(), MemoryBlobs(), Pins()
    reception = BenchReception({}, {lot.number: lot for lot in (rebar_lot(), cube_lot())})
    store = ReceivedStore(engine, clock, reception)
    capture = FakeCapture(clock)
    deps = RunDeps(store, blobs, clock, ids, STATION)
    with store.write(SYSTEM) as uow:
        for who in PEOPLE:
            uow.people.add(who, Secrets("x", "x"), [])
        for each in machines:
            uow.equipment.put(each)
        uow.commit()
    bench = Bench(store, capture, clock, ids, pins)
    bench.connect()
    entries = Entries(deps)
    evaluating = Evaluating(deps, entries, evaluate_from_runs)
    return BenchWorld(
        engine, store, blobs, clock, ids, reception, capture, pins, bench,
        RunCollector(deps, capture), LostRuns(deps, pins), entries, evaluating, LotDesk(deps, entries, evaluating),
    )  # fmt: skip
