"""The capture process as it really runs: supervisor, child, socket, pseudo-terminal, simulated machine; and what kills them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psutil
import pytest

from labdesk.capture.client import CaptureClient
from labdesk.capture.launcher import child_command, ensure_running, process_command
from labdesk.capture.supervisor import capture_folder
from labdesk.devices.journal import read_journal, received_bytes
from labdesk.devices.registry import make_driver
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.capture import EndReason, LinkTrouble, LiveState, MachineState, RunOutcome, RunPhase
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import GapKind, RunMark, SealedRun, decode_run, run_hash
from tests.helpers.machines import machine, request, wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals and descriptor passing")


class Bench:
    """A running capture process with one simulated machine."""

    def __init__(self, home: Path, driver_id: str) -> None:
        self.home = home
        self.simulator = SimulatedMachine(driver_id, SimulatedPort(home / "port"), seed=5)
        self.folder = ensure_running(home)
        self.client = CaptureClient(self.folder)
        self.machine: Machine = machine(driver_id, self.simulator.port_url)

    def ready(self) -> None:
        self.client.configure((self.machine,))
        wait_until(lambda: self.live().state is MachineState.READY)

    def live(self) -> LiveState:
        return self.client.newest("m-1") or LiveState("m-1", 0, MachineState.STOPPED)

    def load(self, run_id: str = "run-1", **parameters: object) -> None:
        """Arms a run and puts a piece in."""
        self.client.arm(request(run_id, self.machine))
        self.simulator.load("rebar", **{"speed": 30, "delay_s": 0.2} | parameters)

    def until_force(self, force_kn: int) -> None:
        wait_until(lambda: self.live().phase is RunPhase.LOADING and (self.live().peak_kn or 0) > force_kn)

    def sealed(self, run_id: str = "run-1") -> tuple[RunOutcome, SealedRun]:
        """The run once it is sealed; its bytes match what was told of them."""
        found: list[RunOutcome] = []

        def is_there() -> bool:
            try:
                found.extend(outcome for outcome in self.client.sealed_runs() if outcome.run_id == run_id)
            except EnvironmentFault:
                return False
            return bool(found)

        wait_until(is_there, 20)
        data = self.client.fetch(run_id)
        journal = self.client.fetch_journal(run_id)
        run = decode_run(data)
        assert run_hash(data) == found[0].run_hash
        assert hashlib.sha256(journal).hexdigest() == run.header.journal_sha256
        return found[0], run

    def child(self) -> psutil.Process:
        return next(process for process in processes(self.home) if "--child" in process.cmdline())

    def close(self) -> None:
        with contextlib.suppress(EnvironmentFault):
            self.client.stop_capture()
        self.client.close()
        self.simulator.stop()
        with contextlib.suppress(AssertionError):
            wait_until(lambda: not processes(self.home), 5)
        for process in processes(self.home):
            process.kill()


def processes(home: Path) -> list[psutil.Process]:
    """Capture processes of this data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if "labdesk.app.capture" in process.cmdline() and str(home) in process.cmdline():
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, "labdesk_utm")
    try:
        made.ready()
        yield made
    finally:
        made.close()


def sequences(bench: Bench, run_id: str = "run-1") -> list[int]:
    """The device's own frame counters in the journal's bytes."""
    data = received_bytes(read_journal(bench.client.fetch_journal(run_id)).records)
    frames = make_driver("labdesk_utm", {}).new_decoder().feed(data)
    return [frame.sequence for frame in frames if frame.sequence is not None]


@pytest.mark.rule("YK-7.2a")
def test_a_run_captures_itself_from_start_to_break_and_is_sealed(bench: Bench) -> None:
    seen: list[LiveState] = []
    unsubscribe = bench.client.subscribe(seen.append)
    bench.load()
    outcome, run = bench.sealed()
    unsubscribe()
    assert (outcome.end_reason, outcome.loaded, outcome.marked) == (EndReason.BREAK, True, False)
    assert outcome.peak_kn is not None
    assert abs(outcome.peak_kn - Decimal("190")) < 3
    assert run.header.marks == ()
    assert run.header.achieved_hz == Decimal("100.00")
    assert run.header.counters.missing == run.header.counters.bad == 0
    force = run.values("force")
    assert force[run.header.peak_index or 0] == max(value for value in force if value is not None) == outcome.peak_kn
    assert run.times_ns[0] < 0
    after_break = run.times_ns[-1] - run.times_ns[run.header.end_index or 0]
    assert 200_000_000 <= after_break < 300_000_000
    assert {state.phase for state in seen} >= {RunPhase.ARMED, RunPhase.LOADING}
    last = max((state for state in seen if state.run_id), key=lambda state: len(state.points))
    assert [point.seq for point in last.points] == list(range(len(last.points)))
    assert abs(max(point.force_kn for point in last.points) - outcome.peak_kn) < Decimal("0.2")


@pytest.mark.rule("YK-7.2a")
def test_the_desktop_killed_in_mid_test_finds_its_run_later(bench: Bench) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from labdesk.capture.client import CaptureClient\n"
        "from tests.helpers.machines import machine, request\n"
        "client = CaptureClient(Path(sys.argv[1]))\n"
        "client.subscribe(lambda state: None)\n"
        "client.arm(request('run-1', machine('labdesk_utm', sys.argv[2])))\n"
        "print('armed', flush=True)\n"
        "time.sleep(60)\n"
    )
    desktop = subprocess.Popen(
        [sys.executable, "-c", program, str(bench.folder), bench.machine.port_url],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with desktop:
        assert desktop.stdout is not None
        assert desktop.stdout.readline() == b"armed\n"
        bench.simulator.load("rebar", speed=30, delay_s=0.2)
        bench.until_force(100)
        desktop.kill()
        desktop.wait()
    outcome, run = bench.sealed()
    assert (outcome.end_reason, outcome.marked, run.header.marks) == (EndReason.BREAK, False, ())
    bench.client.acknowledge("run-1")
    assert bench.client.sealed_runs() == ()
    assert decode_run(bench.client.fetch("run-1")) == run


@pytest.mark.rule("YK-7.2a")
def test_capture_killed_in_mid_test_loses_nothing_because_the_port_was_kept(bench: Bench) -> None:
    bench.load(speed=15)
    bench.until_force(120)
    child = bench.child()
    journal_path = bench.folder / "journals" / "run-1.journal"
    os.kill(child.pid, signal.SIGSTOP)
    journalled = received_bytes(read_journal(journal_path.read_bytes()).records)
    child.kill()
    outcome, run = bench.sealed()
    assert received_bytes(read_journal(bench.client.fetch_journal("run-1")).records).startswith(journalled)
    numbers = sequences(bench)
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert (outcome.end_reason, outcome.marked) == (EndReason.BREAK, True)
    assert run.header.marks == (RunMark.RESTARTED,)
    assert run.header.counters.interruptions == 1
    assert [gap.kind for gap in run.header.gaps] == [GapKind.CAPTURE_RESTARTED]
    assert run.header.largest_gap_ns == 10_000_000
    assert bench.child().pid != child.pid


@pytest.mark.rule("YK-7.2a")
def test_where_the_port_cannot_be_kept_the_outage_is_a_gap_of_its_length(tmp_path: Path) -> None:
    """Without a keeper the child opens the port again: the journalled bytes stay, the outage is recorded."""
    bench = Bench.__new__(Bench)
    bench.home, bench.folder = tmp_path, capture_folder(tmp_path)
    bench.simulator = SimulatedMachine("labdesk_utm", SimulatedPort(tmp_path / "port"), seed=5)
    bench.machine = machine("labdesk_utm", bench.simulator.port_url)
    children = [subprocess.Popen(child_command(tmp_path, None), stderr=subprocess.DEVNULL)]
    bench.client = CaptureClient(bench.folder)
    try:
        bench.ready()
        bench.load(speed=15)
        bench.until_force(120)
        children[0].kill()
        children[0].wait()
        children.append(subprocess.Popen(child_command(tmp_path, None), stderr=subprocess.DEVNULL))
        outcome, run = bench.sealed()
        assert (outcome.end_reason, outcome.marked) == (EndReason.BREAK, True)
        assert {RunMark.GAP, RunMark.RESTARTED} <= set(run.header.marks)
        (gap,) = (gap for gap in run.header.gaps if gap.kind is GapKind.REOPENED)
        # One second is what an idle machine needs to start the child again; a loaded one may take longer, and says so.
        assert 0 < gap.to_ns - gap.from_ns <= 5_000_000_000
        assert run.header.largest_gap_ns == gap.to_ns - gap.from_ns
    finally:
        bench.close()
        for child in children:
            child.wait(5)


def test_both_processes_killed_the_run_is_found_at_the_next_start(bench: Bench) -> None:
    bench.load(speed=15)
    bench.until_force(60)
    for process in sorted(processes(bench.home), key=lambda each: "--child" in each.cmdline()):
        process.kill()
    wait_until(lambda: not processes(bench.home), 5)
    bench.simulator.stop()
    ensure_running(bench.home)
    outcome, run = bench.sealed()
    assert (outcome.end_reason, outcome.marked) == (EndReason.CAPTURE_RESTARTED, True)
    assert run.peak_kn is not None
    assert run.peak_kn > 55


def test_a_line_lost_in_mid_test_seals_the_run_and_comes_back(bench: Bench) -> None:
    bench.load(fault="unplug@50:2")
    wait_until(lambda: bench.live().state is MachineState.LOST)
    assert bench.live().trouble in (LinkTrouble.UNPLUGGED, LinkTrouble.NO_SUCH_PORT)
    outcome, run = bench.sealed()
    assert (outcome.end_reason, outcome.loaded) == (EndReason.LOST_LINK, True)
    assert run.header.marks == (RunMark.NO_BREAK,)
    assert bench.simulator.status()["ok"]
    wait_until(lambda: bench.live().state is MachineState.READY)
    with pytest.raises(OperatorError, match="run_exists"):
        bench.client.arm(request("run-1", bench.machine))
    assert float(bench.simulator.status()["display_peak_kn"]) > float(run.peak_kn or 0)


def test_a_short_unplugging_is_a_gap_and_the_run_goes_on(bench: Bench) -> None:
    bench.load(speed=15, fault="unplug@40:0.4")
    outcome, run = bench.sealed()
    assert (outcome.end_reason, outcome.marked) == (EndReason.BREAK, True)
    assert RunMark.GAP in run.header.marks
    assert [gap.kind for gap in run.header.gaps] == [GapKind.REOPENED]


def test_a_silent_machine_is_lost_too(bench: Bench) -> None:
    bench.load(fault="silence@50:3600")
    outcome, _ = bench.sealed()
    assert (outcome.end_reason, outcome.end_detail) == (EndReason.LOST_LINK, "silent")
    assert bench.live().trouble is LinkTrouble.SILENT
    assert bench.live().force_kn is None


def test_garbage_on_the_line_is_counted_and_marks_the_run(bench: Bench) -> None:
    bench.load(speed=15, fault="garbage@30:0.3")
    outcome, run = bench.sealed()
    assert (outcome.end_reason, outcome.marked) == (EndReason.BREAK, True)
    assert {RunMark.BAD_FRAMES, RunMark.MISSING_FRAMES} <= set(run.header.marks)
    assert run.header.counters.missing > 5


def test_refusals_of_arming(bench: Bench) -> None:
    with pytest.raises(OperatorError, match="unknown_machine"):
        bench.client.arm(request("run-1", machine(machine_id="m-9")))
    bench.load(speed=5)
    bench.client.arm(request("run-1", bench.machine))
    with pytest.raises(OperatorError, match="machine_busy"):
        bench.client.arm(request("run-2", bench.machine))
    bench.until_force(20)
    bench.client.abort("m-1", "试件夹偏")
    outcome, run = bench.sealed()
    assert (outcome.end_reason, outcome.end_detail) == (EndReason.OPERATOR, "试件夹偏")
    assert RunMark.NO_BREAK in run.header.marks
    wait_until(lambda: (bench.live().force_kn or 0) > 5)
    with pytest.raises(OperatorError, match="not_zero"):
        bench.client.arm(request("run-2", bench.machine))


def test_an_aborted_arming_is_sealed_as_not_loaded(bench: Bench) -> None:
    bench.client.arm(request("run-1", bench.machine))
    bench.client.abort("m-1", "wrong piece")
    outcome, run = bench.sealed()
    assert (outcome.loaded, outcome.peak_kn, outcome.end_reason) == (False, None, EndReason.OPERATOR)
    assert run.header.marks == (RunMark.NOT_LOADED,)


def test_a_second_supervisor_steps_back_and_rights_are_the_owners(bench: Bench) -> None:
    done = subprocess.run(process_command(bench.home), timeout=10, check=False)
    assert done.returncode == 0
    assert len(processes(bench.home)) == 2
    socket_file = bench.folder / "capture.sock"
    if socket_file.exists():
        assert socket_file.stat().st_mode & 0o777 == 0o600
    assert (bench.folder / "endpoint.json").stat().st_mode & 0o777 == 0o600
    assert ensure_running(bench.home) == bench.folder


def test_no_process_of_capture_has_a_pipe_to_the_desktop_or_its_session(bench: Bench) -> None:
    for process in processes(bench.home):
        assert os.getsid(process.pid) != os.getsid(0)
        assert process.ppid() != os.getpid()
        targets = {os.readlink(f"/proc/{process.pid}/fd/{number}") for number in (0, 1, 2)}
        assert not any(target.startswith("pipe:") for target in targets)
