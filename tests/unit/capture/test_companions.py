"""Two devices on one run: armed together, journalled apart, sealed on one time base."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from labdesk_drivers.labdesk_utm.protocol import build_frame

from labdesk.capture.moments import SystemWall
from labdesk.capture.redecoding import redecode
from labdesk.capture.worker import CaptureWorker
from labdesk.devices.journal import read_journal
from labdesk.devices.registry import make_simulator
from labdesk.devices.session import NoKeeper
from labdesk.devices.simulated_lines import TcpLine
from labdesk.devices.simulator import VirtualMachine
from labdesk.domain.capture import LivePoint, LiveState, MachineState
from labdesk.domain.errors import BugError, OperatorError
from labdesk.domain.sealed_run import GapKind, RunMark, SealedRun, decode_run, encode_run
from tests.helpers.machines import machine, request, wait_until


class Pair:
    """A press that sends force, and a second device that stands for an extensometer on a line of its own."""

    def __init__(self, folder: Path) -> None:
        self.lines = (TcpLine(0), TcpLine(0))
        self.machines = (
            machine("yaohua_xk3190a9", self.lines[0].url, "m-1"),
            machine("labdesk_utm", self.lines[1].url, "m-2"),
        )
        self.press = VirtualMachine(make_simulator("yaohua_xk3190a9", {}), 20, 1)
        self.now_s, self.number = 0.0, 0
        self.worker = CaptureWorker(folder, NoKeeper())
        self.worker.start()
        self.worker.configure(self.machines)

    def speak(self, seconds: float = 0.05, extensometer: bool = True) -> None:
        """Both devices say what they have to say in this time."""
        self.now_s += seconds
        self.lines[0].send(self.press.advance(self.now_s))
        if extensometer:
            self.number += 1
            self.lines[1].send(build_frame(self.number, self.number * 50_000, (0, self.number, 0)))

    def state(self, machine_id: str) -> LiveState:
        return {each.state.machine_id: each.state for each in self.worker.published()}[machine_id]

    def until(self, what: object, extensometer: bool = True) -> None:
        def tried() -> bool:
            self.speak(extensometer=extensometer)
            return bool(what())  # type: ignore[operator]

        wait_until(tried, 30)

    def connected(self) -> bool:
        """Both lines are taken; who went away is noticed by reading."""
        taken = [line.requests() == [] and line.taken for line in self.lines]  # every line is read
        return all(taken)

    def ready(self) -> None:
        self.until(lambda: {self.state(name).state for name in ("m-1", "m-2")} == {MachineState.READY})

    def sealed(self) -> SealedRun:
        self.until(lambda: self.worker.runs.sealed_path("run-1").exists())
        return decode_run(self.worker.runs.fetch("run-1"))

    def close(self) -> None:
        self.worker.stop()
        for line in self.lines:
            line.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path / "c")
    yield made
    made.close()


def both(**changes: object) -> dict[str, object]:
    return {"companion_ids": ("m-2",)} | changes


def test_an_extensometer_on_its_own_line_is_sealed_beside_the_press(pair: Pair, tmp_path: Path) -> None:
    pair.ready()
    pair.worker.arm(request("run-1", pair.machines[0], **both()))
    assert {pair.state(name).state for name in ("m-1", "m-2")} <= {MachineState.CAPTURING, MachineState.READY}
    pair.press.load("cube", {"speed": 60, "delay_s": 0.1}, pair.now_s)
    pair.until(lambda: pair.state("m-1").peak_kn is not None)
    assert pair.state("m-1").extension_mm is not None
    run = pair.sealed()
    (other,) = run.companions
    assert (other.machine.id, other.driver.id) == ("m-2", "labdesk_utm")
    assert run.channel("force") is not None
    first, last = run.times_ns[0], run.times_ns[-1]
    assert all(first <= time_ns <= last for time_ns in other.times_ns)
    assert list(other.times_ns) == sorted(set(other.times_ns))
    extension = other.columns[1]
    assert list(extension) == list(range(extension[0] or 0, (extension[0] or 0) + len(extension)))
    assert len(extension) >= 3
    journal = (tmp_path / "c" / "journals" / "run-1.1.companion").read_bytes()
    assert (other.journal_sha256, other.journal_bytes) == (hashlib.sha256(journal).hexdigest(), len(journal))
    assert read_journal(journal).records[-1].json()["event"] == "end"
    assert other.gaps == ()
    assert decode_run(encode_run(run)) == run
    pair.ready()


def test_a_companion_that_falls_silent_marks_the_run(pair: Pair) -> None:
    pair.ready()
    pair.worker.arm(request("run-1", pair.machines[0], **both()))
    pair.press.load("cube", {"speed": 60, "delay_s": 0.1}, pair.now_s)
    pair.until(lambda: (pair.state("m-1").peak_kn or 0) > 100)
    silent_until = time.monotonic() + 0.6  # its silence is measured by the host's clock, however fast the test runs
    wait_until(lambda: time.monotonic() > silent_until, 30)
    pair.until(lambda: pair.worker.runs.waiting(), extensometer=False)
    run = pair.sealed()
    assert [gap.kind for gap in run.companions[0].gaps] == [GapKind.SILENCE]
    assert {RunMark.GAP, RunMark.GAP_CRITICAL} <= set(run.header.marks)


def test_taken_off_at_yield_is_declared_not_guessed(pair: Pair) -> None:
    pair.ready()
    with pytest.raises(OperatorError, match="no_run"):
        pair.worker.switch_channel("m-1", "extension", "")
    pair.worker.arm(request("run-1", pair.machines[0], **both()))
    pair.press.load("cube", {"speed": 60, "delay_s": 0.1}, pair.now_s)
    pair.until(lambda: pair.state("m-1").peak_kn is not None)
    for channel in ("force", "temperature"):
        with pytest.raises(OperatorError, match="no_channel"):
            pair.worker.switch_channel("m-1", channel, "")
    pair.worker.switch_channel("m-1", "extension", "taken off at yield")
    run = pair.sealed()
    (switch,) = run.header.switches
    assert (switch.channel, switch.declared, switch.reason) == ("extension", True, "taken off at yield")
    assert 0 < switch.at_ns < run.times_ns[-1]


def test_who_is_busy_elsewhere_cannot_be_lent_and_nothing_is_left_behind(pair: Pair, tmp_path: Path) -> None:
    pair.ready()
    pair.worker.arm(request("run-2", pair.machines[1]))
    with pytest.raises(OperatorError, match="machine_busy"):
        pair.worker.arm(request("run-1", pair.machines[0], **both()))
    with pytest.raises(OperatorError, match="unknown_machine"):
        pair.worker.arm(request("run-1", pair.machines[0], companion_ids=("m-9",)))
    assert not list((tmp_path / "c" / "journals").glob("run-1*"))
    pair.worker.abort("m-2", "")
    pair.ready()
    pair.worker.arm(request("run-1", pair.machines[0], **both()))
    with pytest.raises(OperatorError, match="machine_busy"):
        pair.worker.arm(request("run-3", pair.machines[1]))
    pair.worker.abort("m-1", "")
    assert len(pair.sealed().companions) == 1


def test_a_machine_is_not_its_own_companion() -> None:
    with pytest.raises(BugError):
        request(companion_ids=("m-1",))
    with pytest.raises(BugError):
        request(companion_ids=("m-2", "m-2"))


def test_the_live_curve_shows_what_the_extensometer_measures(pair: Pair) -> None:
    pair.ready()
    pair.worker.arm(request("run-1", pair.machines[0], **both()))
    pair.press.load("cube", {"speed": 60, "delay_s": 0.1}, pair.now_s)

    def points() -> list[LivePoint]:
        found = next(each for each in pair.worker.published() if each.state.machine_id == "m-1")
        return found.points[: found.count]

    pair.until(lambda: len(points()) > 8)
    shown = [point.extension_mm for point in points()]
    while shown[0] is None:  # before the first thing it said
        shown.pop(0)
    assert None not in shown
    assert len(set(shown)) > 1
    assert shown == sorted(shown)
    assert {point.displacement_mm for point in points()} <= {None, Decimal(0)}, "the second device sends travel too"
    pair.sealed()


def test_a_companion_goes_on_with_its_run_after_a_restart(pair: Pair, tmp_path: Path) -> None:
    """The process is gone in mid-test, its successor finds press and extensometer: one run, both whole, the gap of each told."""
    pair.ready()
    pair.worker.arm(request("run-1", pair.machines[0], **both()))
    pair.press.load("cube", {"speed": 12, "delay_s": 0.1}, pair.now_s)
    pair.until(lambda: (pair.state("m-1").peak_kn or 0) > 100)
    before = pair.number
    pair.worker.stop()
    pair.worker = CaptureWorker(tmp_path / "c", NoKeeper())
    pair.worker.start()
    wait_until(pair.connected)
    with pytest.raises(OperatorError, match="machine_busy"):
        pair.worker.arm(request("run-2", pair.machines[1]))
    pair.until(lambda: pair.state("m-1").points or pair.worker.runs.waiting())
    run = pair.sealed()
    assert pair.number > before
    (other,) = run.companions
    counts = [count for count in other.columns[1] if count is not None]
    assert counts[0] <= before < counts[-1]
    assert [gap.kind for gap in other.gaps] == [GapKind.REOPENED]
    assert RunMark.RESTARTED in run.header.marks
    assert RunMark.JOURNAL_INCOMPLETE not in run.header.marks
    journal = pair.worker.runs.fetch_journal("run-1", 1)
    assert hashlib.sha256(journal).hexdigest() == other.journal_sha256
    assert [record.json()["event"] for record in read_journal(journal).records if record.kind == "M"][-1] == "end"
    again = decode_run(redecode(pair.worker.runs.fetch_journal("run-1"), "", {}, SystemWall(), (journal,)))
    assert again.companions == run.companions
    pair.ready()
