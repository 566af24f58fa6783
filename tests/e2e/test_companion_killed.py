"""A press and an extensometer on one run, and the capture process is killed: both go on, not one byte is lost."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from labdesk.devices.journal import read_journal, received_bytes
from labdesk.devices.registry import make_driver
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.capture import EndReason, MachineState
from labdesk.domain.sealed_run import GapKind, RunMark
from tests.e2e.test_capture_process import Bench, sequences
from tests.helpers.machines import machine, request, wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals and descriptor passing")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, "labdesk_utm")
    second = SimulatedMachine("labdesk_utm", SimulatedPort(tmp_path / "port2"), seed=6)
    try:
        made.client.configure((made.machine, machine("labdesk_utm", second.port_url, "m-2")))
        ready = {"m-1": MachineState.READY, "m-2": MachineState.READY}
        wait_until(lambda: {state.machine_id: state.state for state in made.client.states()} == ready)
        yield made
    finally:
        second.stop()
        made.close()


@pytest.mark.rule("YK-7.2a")
def test_the_companion_goes_on_with_its_run(bench: Bench) -> None:
    bench.client.arm(request("run-1", bench.machine, companion_ids=("m-2",)))
    bench.simulator.load("rebar", speed=15, delay_s=0.2)
    bench.until_force(120)
    child = bench.child()
    child.kill()
    outcome, run = bench.sealed()
    assert bench.child().pid != child.pid
    assert outcome.end_reason is EndReason.BREAK
    assert run.header.marks == (RunMark.RESTARTED,)
    (other,) = run.companions
    assert other.machine.id == "m-2"
    assert [gap.kind for gap in other.gaps] == [GapKind.CAPTURE_RESTARTED]
    assert (other.counters.missing, other.counters.bad) == (0, 0)
    assert (run.times_ns[0] <= other.times_ns[0], other.times_ns[-1] <= run.times_ns[-1]) == (True, True)
    assert run.times_ns[-1] - other.times_ns[-1] < 250_000_000
    journal = bench.client.fetch_journal("run-1", 1)
    assert hashlib.sha256(journal).hexdigest() == other.journal_sha256
    frames = make_driver("labdesk_utm", {}).new_decoder().feed(received_bytes(read_journal(journal).records))
    for numbers in (sequences(bench), [frame.sequence for frame in frames if frame.sequence is not None]):
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
