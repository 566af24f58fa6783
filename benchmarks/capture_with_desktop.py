"""Eight machines at 1 kHz while the desktop's window is dragged, reports are rendered and its event loop is blocked for 5 s once.

``python -m benchmarks.capture_with_desktop [--seconds 60] [--machines 8] [--rate 1000] [--xvfb]`` prints one JSON object. Sent and
received are counted as in ``benchmarks.capture_8x1khz``; the desktop is the real one on the bench page, connected to the same
capture process, drawing offscreen or on a virtual display (``--xvfb``). ``quiet`` is the same capture without a desktop, for comparison.
Goal: 0 samples lost.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
from argon2 import PasswordHasher

from benchmarks.capture_8x1khz import counted, start_machines
from benchmarks.capture_children import capture_child, capture_process, end_on_signals
from benchmarks.cold_start import set_up
from labdesk.app.demo import people
from labdesk.app.foundation import open_foundation
from labdesk.app.paths import Home
from labdesk.capture.client import CaptureClient
from labdesk.devices.simulated import SimulatedMachine
from labdesk.domain.capture import MachineState, RunClass
from labdesk.domain.machines import Machine
from labdesk.domain.store import Actor
from labdesk.services.setup import SetupService
from tests.helpers.machines import request, wait_until

ROOT = Path(__file__).parents[1]
PATIENCE_S = 180
Pairs = list[tuple[SimulatedMachine, Machine]]


def prepare(home: Home, machines: list[Machine]) -> None:
    """A laboratory with a technician and these machines."""
    set_up(home)
    base = open_foundation(home)
    try:
        who = people.TESTER
        person = people.person_of(who, base.ids.new_id(), base.clock.now().date())
        nobody = Actor("system", people.STATION)
        SetupService(base.store, base.ids, PasswordHasher()).add_person(person, (who.pin, who.password), nobody)
        with base.store.write(nobody) as uow:
            for each in machines:
                uow.equipment.put(each)
            uow.commit()
    finally:
        base.close()


@contextlib.contextmanager
def virtual_display() -> Iterator[dict[str, str]]:
    """A virtual display; what a program needs to draw on it."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as number:
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
        server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        try:
            yield {"DISPLAY": f":{number.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()
            server.wait()


class Desktop:
    """The busy desktop as a process."""

    def __init__(self, home: Home, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "benchmarks.busy_desktop", str(home.folder)]
        self._process = subprocess.Popen(
            command,
            env=os.environ | environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.process = psutil.Process(self._process.pid)

    def come_up(self) -> None:
        """Waits until it is busy; raises RuntimeError if it does not come up."""
        assert self._process.stdout is not None
        patience = threading.Timer(PATIENCE_S, self.kill)
        patience.start()
        try:
            if self._process.stdout.readline() != "busy\n":
                raise RuntimeError("the desktop did not come up")
        finally:
            patience.cancel()

    def end(self) -> dict[str, Any]:
        """What it did."""
        printed, _ = self._process.communicate("end\n", timeout=PATIENCE_S)
        done: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return done

    def kill(self) -> None:
        """If it is still there, with all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def percent(before: Any, after: Any, seconds: float) -> float:
    """Processor time between two readings, in percent of one core."""
    return round((after.user + after.system - before.user - before.system) / seconds * 100, 1)


def load_all(client: CaptureClient, pairs: Pairs, name: str, seconds: int) -> None:
    """Arm every machine with a warm-up (it needs no specimen) and put a bar in."""
    for simulator, each in pairs:
        told = request(f"{name}-{each.id}", each, limit_s=seconds + 120, arming_kn=Decimal(10))
        client.arm(replace(told, run_class=RunClass.WARM_UP, specimen_label="", method=""))
        simulator.load("rebar", speed=min(1.0, 60 / seconds))


def capture(client: CaptureClient, home: Home, pairs: Pairs, how: tuple[str, int, Desktop | None]) -> dict[str, Any]:
    """One capture of all machines for some seconds; what was sent, received and spent."""
    name, seconds, desktop = how
    child = capture_child(home.folder)
    load_all(client, pairs, name, seconds)
    watched = [child] + ([desktop.process] if desktop else [])
    before, began = [process.cpu_times() for process in watched], time.monotonic()
    time.sleep(seconds)
    after, took = [process.cpu_times() for process in watched], time.monotonic() - began
    for _, each in pairs:
        client.abort(each.id, "end of measurement")

    def sealed() -> bool:
        return {state.sealed_run_id for state in client.states()} >= {f"{name}-{each.id}" for _, each in pairs}

    wait_until(sealed, 120)
    results = [counted(client, f"{name}-{each.id}") for _, each in pairs]
    sent, received = sum(each[0] for each in results), sum(each[1] for each in results)
    cpu = [percent(first, last, took) for first, last in zip(before, after, strict=True)]
    return {
        "sent": sent,
        "received": received,
        "lost": sent - received,
        "bad_frames": sum(run.header.counters.bad for _, _, run in results),
        "largest_gap_ms": round(max(run.header.largest_gap_ns for _, _, run in results) / 1e6, 1),
        "capture_cpu_percent_of_a_core": cpu[0],
        **({"desktop_cpu_percent_of_a_core": cpu[1]} if desktop else {}),
    }


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Capture alone, then with the desktop."""
    with ExitStack() as stack:
        home = Home(Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))) / "home")
        home.prepare()
        pairs = start_machines(stack, home.folder, options)
        prepare(home, [each for _, each in pairs])
        client = stack.enter_context(capture_process(home.folder))
        client.configure(tuple(each for _, each in pairs))
        wait_until(lambda: all(state.state is MachineState.READY for state in client.states()), 30)
        quiet = capture(client, home, pairs, ("quiet", max(3, options.seconds // 4), None))
        wait_until(lambda: all(abs(state.force_kn or 0) < 1 for state in client.states()), 120)
        display = stack.enter_context(virtual_display()) if options.xvfb else {"QT_QPA_PLATFORM": "offscreen"}
        desktop = Desktop(home, display)
        stack.callback(desktop.kill)
        desktop.come_up()
        busy = capture(client, home, pairs, ("busy", options.seconds, desktop))
        done = desktop.end()
    return {
        "machines": options.machines + options.fast,
        "rate_hz": options.rate,
        "seconds": options.seconds,
        "screen": display["QT_QPA_PLATFORM"],
        "with_desktop": busy | done,
        "quiet": quiet,
        "goal_lost": 0,
        "cores": os.cpu_count(),
    }


def main() -> int:
    """Prints the result; 1 if a sample was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--machines", type=int, default=8)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--pty", action="store_true")
    parser.add_argument("--fast", action="store_true", help="one more machine at twice the rate")
    parser.add_argument("--xvfb", action="store_true", help="draw on a virtual display instead of offscreen")
    end_on_signals()
    result = measure(parser.parse_args())
    sys.stdout.write(json.dumps(result) + "\n")
    return 1 if result["with_desktop"]["lost"] or result["quiet"]["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
