"""Capture on another computer as it really runs: capture process, front door, desktop, each a process; and what kills them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
import pytest

from labdesk.capture.client import CaptureClient
from labdesk.capture.launcher import ensure_running
from labdesk.capture.many import ManyCaptures
from labdesk.capture.pairing import PairingFile
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.capture import EndReason, LinkTrouble, LiveState, MachineState, RunPhase
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import decode_run, run_hash
from tests.helpers.machines import machine, request, wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
ROOT = Path(__file__).parents[2]
LABDESK = [sys.executable, "-m", "labdesk.app.command"]
ENGLISH = {**os.environ, "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8", "LABDESK_LANGUAGE": "en"}


class Room:
    """A bench computer with a machine (one data folder) and a desktop (another)."""

    def __init__(self, folder: Path) -> None:
        self.bench, self.desk = folder / "bench", folder / "desk"
        self.bench.mkdir()
        self.simulator = SimulatedMachine("labdesk_utm", SimulatedPort(self.bench / "port"), seed=5)
        self.machine: Machine = machine("labdesk_utm", f"press-pc@{self.simulator.port_url}")
        self.door: subprocess.Popen[bytes] | None = None
        self.port = 0

    def serve(self, *options: str) -> dict[str, Any]:
        """Starts the front door; what it says of itself."""
        where = ["--home", str(self.bench), "--listen", f"127.0.0.1:{self.port}", "--find-port", "0"]
        self.door = subprocess.Popen(
            [*LABDESK, "capture-serve", *where, "--name", "press-pc", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        assert self.door.stdout is not None
        told: dict[str, Any] = json.loads(self.door.stdout.readline())
        self.port = int(told["listen"].rpartition(":")[2])
        return told

    def end_door(self, number: int = signal.SIGTERM) -> None:
        if self.door is not None:
            self.door.send_signal(number)
            self.door.communicate()
            self.door = None

    def pair(self, line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*LABDESK, "capture-pair", "--home", str(self.desk), "-"],
            input=line,
            capture_output=True,
            encoding="utf-8",
            cwd=ROOT,
            env=ENGLISH,
            check=False,
        )

    def captures(self) -> ManyCaptures:
        return ManyCaptures(CaptureClient(ensure_running(self.desk)), PairingFile(self.desk).all)

    def processes(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                words = process.cmdline()
                if "labdesk.app.capture" in words and {str(self.bench), str(self.desk)} & set(words):
                    found.append(process)
        return found

    def close(self) -> None:
        self.end_door()
        self.simulator.stop()
        for process in sorted(self.processes(), key=lambda each: "--child" in each.cmdline()):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        wait_until(lambda: not self.processes())


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    try:
        yield made
    finally:
        made.close()


def newest(captures: ManyCaptures) -> LiveState:
    return captures.newest("m-1") or LiveState("m-1", 0, MachineState.STOPPED)


DESKTOP = """
import sys, time
from pathlib import Path
from labdesk.capture.client import CaptureClient
from labdesk.capture.launcher import ensure_running
from labdesk.capture.many import ManyCaptures
from labdesk.capture.pairing import PairingFile
from labdesk.domain.capture import MachineState
from tests.helpers.machines import machine, request, wait_until
home = Path(sys.argv[1])
captures = ManyCaptures(CaptureClient(ensure_running(home)), PairingFile(home).all)
one = machine("labdesk_utm", sys.argv[2])
captures.configure((one,))
wait_until(lambda: [state.state for state in captures.states()] == [MachineState.READY])
captures.arm(request("run-1", one))
print("armed", flush=True)
time.sleep(600)
"""


@pytest.mark.rule("YK-7.2a")
def test_the_desktop_killed_and_the_door_started_anew_the_run_is_found(room: Room) -> None:
    line = str(room.serve()["pairing"])
    assert room.pair(line).returncode == 0
    desktop = subprocess.Popen(
        [sys.executable, "-c", DESKTOP, str(room.desk), room.machine.port_url], stdout=subprocess.PIPE, cwd=ROOT
    )
    with desktop:
        assert desktop.stdout is not None
        assert desktop.stdout.readline() == b"armed\n"
        desktop.kill()
    captures = room.captures()
    try:
        captures.configure((room.machine,))
        wait_until(lambda: newest(captures).phase is RunPhase.ARMED)
        room.simulator.load("rebar", speed=30, delay_s=0.2)
        wait_until(lambda: newest(captures).phase is RunPhase.LOADING and (newest(captures).peak_kn or 0) > 60)
        room.end_door(signal.SIGKILL)
        wait_until(lambda: newest(captures).trouble is LinkTrouble.NO_CAPTURE)
        assert newest(captures).run_id == "run-1"
        assert captures.sealed_runs() == ()
        assert "pairing" not in room.serve()
        wait_until(lambda: bool(captures.sealed_runs()))
        (outcome,) = captures.sealed_runs()
        data = captures.fetch("run-1")
        run = decode_run(data)
        assert (outcome.end_reason, outcome.marked, run.header.marks) == (EndReason.BREAK, False, ())
        assert run_hash(data) == outcome.run_hash
        assert outcome.peak_kn is not None
        assert abs(outcome.peak_kn - Decimal(190)) < 3
        captures.acknowledge("run-1")
        assert captures.sealed_runs() == ()
    finally:
        captures.close()


@pytest.mark.rule("YK-7.2a")
def test_the_whole_bench_computer_goes_down_and_its_run_waits_for_it(room: Room) -> None:
    assert room.pair(str(room.serve()["pairing"])).returncode == 0
    captures = room.captures()
    try:
        captures.configure((room.machine,))
        wait_until(lambda: newest(captures).state is MachineState.READY)
        captures.arm(request("run-1", room.machine))
        room.simulator.load("rebar", speed=15, delay_s=0.2)
        wait_until(lambda: (newest(captures).peak_kn or 0) > 40)
        room.end_door(signal.SIGKILL)
        bench = [each for each in room.processes() if str(room.bench) in each.cmdline()]
        for process in sorted(bench, key=lambda each: "--child" in each.cmdline()):
            process.kill()
        psutil.wait_procs(bench, 60)
        wait_until(lambda: newest(captures).trouble is LinkTrouble.NO_CAPTURE)
        room.simulator.stop()
        room.serve()
        wait_until(lambda: bool(captures.sealed_runs()))
        (outcome,) = captures.sealed_runs()
        assert (outcome.run_id, outcome.end_reason, outcome.marked) == (
            "run-1",
            EndReason.CAPTURE_RESTARTED,
            True,
        )
        assert (decode_run(captures.fetch("run-1")).peak_kn or 0) > 35
    finally:
        captures.close()


def test_who_was_shut_out_or_meets_an_impostor_reads_one_sentence(room: Room) -> None:
    told = room.serve()
    line = str(told["pairing"])
    wrong = line.partition("secret=")[0] + "secret=" + "00" * 32
    for bad, word in ((wrong, "secret"), (line.replace(str(told["fingerprint"]), "00" * 32), "certificate")):
        refused = room.pair(bad)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.count("\n") == 1
        assert word in refused.stderr
    assert PairingFile(room.desk).all() == ()
    assert room.pair(line).returncode == 0
    room.end_door()
    unreached = room.pair(line)
    assert (unreached.returncode, unreached.stderr.count("\n")) == (2, 1)
    room.serve("--new-secret")
    captures = room.captures()
    try:
        captures.configure((room.machine,))

        def shut_out() -> bool:
            with pytest.raises(EnvironmentFault) as caught:
                captures.arm(request("run-1", room.machine))
            return caught.value.key == "elsewhere.wrong_secret"

        wait_until(shut_out)
    finally:
        captures.close()
