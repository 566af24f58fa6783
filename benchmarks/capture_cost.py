"""CPU per sample of the capture process against the best bare loop and against PyMeasure's and crappy's readers, in one run.

``python -m benchmarks.capture_cost [--seconds 20] [--rounds 1] [--machines 8] [--others PYTHON]`` prints one JSON object. Machines at
1 kHz and one at 2 kHz speak over pseudo-terminals, each simulated in a process of its own; only the reader's processor time is counted.
In each round the same lines are read in turn by a program that does nothing but coalesced reads and parsing (``other_readers``), with one
thread per line and with one for all, both with the pause of the capture process; by PyMeasure's adapter, frame by frame as its instruments
use it; and by the capture process with a run armed on every machine and a client that gets every state: journal on disk, decoding,
times, detection, live curve. Of several rounds the middle one of each reader is told. ``--others`` is an interpreter that has PyMeasure
and crappy (``pip install PyMeasure crappy`` in an environment of its own); without it those rows are left out. crappy's block reads
messages of its own kind from one port.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pty
import struct
import subprocess
import sys
import tempfile
import threading
import time
import tty
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.capture_8x1khz import counted
from benchmarks.capture_children import capture_child, capture_process, end_on_signals
from labdesk.devices.beat import Beat
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.capture import MachineState
from labdesk.domain.machines import Machine
from tests.helpers.machines import machine, request, wait_until

READERS = Path(__file__).with_name("other_readers.py")
GOAL_BARE, GOAL_OTHERS, GOAL_CORE = 1.5, 3.0, 20.0
Pairs = list[tuple[SimulatedMachine, Machine]]


def read_with(python: str, kind: str, seconds: float, ports: list[str]) -> dict[str, Any] | None:
    """What one reader needs; ``None`` where it cannot run."""
    beat = Beat()
    beat.follow(len(ports))
    done = subprocess.run(
        [python, str(READERS), kind, str(seconds), str(beat.period_s), *ports],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
    )
    if done.returncode or not done.stdout.strip():
        return None
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    told["us_per_sample"] = round(told["cpu_s"] / max(1, told["samples"]) * 1e6, 2)
    return told


def crappy_alone(python: str, seconds: float) -> dict[str, Any] | None:
    """crappy's block on a terminal that sends its own messages at 1 kHz."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    stop = threading.Event()

    def feed() -> None:
        sent, began = 0, time.monotonic()
        while not stop.wait(0.004):
            due = int((time.monotonic() - began) * 1000)
            with contextlib.suppress(BlockingIOError):  # a wire drops what nobody takes
                os.write(master, b"".join(struct.pack("<ibf", number, 1, number * 0.5) for number in range(sent, due)))
            sent = due

    os.set_blocking(master, False)
    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        return read_with(python, "crappy", seconds, [os.ttyname(slave)])
    finally:
        stop.set()
        feeder.join()
        os.close(master)
        os.close(slave)


def captured(folder: Path, pairs: Pairs, seconds: float) -> dict[str, Any]:
    """What a capture process of its own needs for the same machines."""
    folder.mkdir()
    with capture_process(folder) as client:
        client.configure(tuple(each for _, each in pairs))
        wait_until(lambda: all(state.state is MachineState.READY for state in client.states()), 60)
        wait_until(lambda: all(abs(state.force_kn or 0) < 1 for state in client.states()), 120)
        child = capture_child(folder)
        for simulator, each in pairs:
            client.arm(request(f"run-{each.id}", each, limit_s=int(seconds) + 120))
            simulator.load("rebar", speed=min(1.0, 60 / seconds))
        time.sleep(1)
        before, began = child.cpu_times(), time.monotonic()
        good = sum(state.good_frames for state in client.states())
        time.sleep(seconds)
        after, took = child.cpu_times(), time.monotonic() - began
        samples = sum(state.good_frames for state in client.states()) - good
        for simulator, each in pairs:
            client.abort(each.id, "end of measurement")
            simulator.load("idle")
        wait_until(lambda: len(client.sealed_runs()) == len(pairs), 120)
        results = [counted(client, f"run-{each.id}") for _, each in pairs]
    spent = after.user + after.system - before.user - before.system
    return {
        "samples": samples,
        "cpu_s": spent,
        "us_per_sample": round(spent / max(1, samples) * 1e6, 2),
        "percent_of_a_core": round(spent / took * 100, 1),
        "lost": sum(sent - received for sent, received, _ in results),
    }


def one_round(home: Path, pairs: Pairs, options: argparse.Namespace) -> dict[str, dict[str, Any] | None]:
    """All readers, one after the other, over the same lines."""
    ports = [simulator.port_url for simulator, _ in pairs]
    found = {kind: read_with(sys.executable, kind, options.seconds, ports) for kind in ("bare", "bare_one_thread")}
    found["capture"] = captured(home, pairs, options.seconds)
    if options.others:
        found["pymeasure"] = read_with(options.others, "pymeasure", options.seconds, ports)
        found["crappy"] = crappy_alone(options.others, min(options.seconds, 10))
    return found


def middle(found: list[dict[str, Any] | None]) -> dict[str, Any] | None:
    """The middle one of what one reader needed in several rounds; lost samples are those of all."""
    told = sorted((each for each in found if each), key=lambda each: float(each["us_per_sample"]))
    if not told:
        return None
    every = {"rounds_us": [each["us_per_sample"] for each in found if each]}
    lost = {"lost": sum(each["lost"] for each in told)} if "lost" in told[0] else {}
    return told[(len(told) - 1) // 2] | every | lost


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Several rounds, and what follows from the middle ones."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        pairs: Pairs = []
        for number in range(options.machines + 1):
            rate = 2000 if number == options.machines else 1000
            simulator = SimulatedMachine(
                "labdesk_utm", SimulatedPort(home / f"port{number}"), seed=number, rate_hz=rate
            )
            stack.callback(simulator.stop)
            pairs.append((simulator, machine("labdesk_utm", simulator.port_url, f"m-{number}")))
        rounds = [one_round(home / f"round{number}", pairs, options) for number in range(options.rounds)]
    found = {kind: middle([each[kind] for each in rounds]) for kind in rounds[0]}
    capture = found["capture"] or {}
    own = capture["us_per_sample"]
    ratios = {kind: round(told["us_per_sample"] / own, 2) for kind, told in found.items() if told}
    return {
        "machines": f"{options.machines} x 1 kHz + 2 kHz",
        "seconds": options.seconds,
        **found,
        "against_bare": round(1 / ratios["bare"], 2) if ratios.get("bare") else None,
        "against_bare_one_thread": round(1 / ratios["bare_one_thread"], 2) if ratios.get("bare_one_thread") else None,
        "others_need_times": {kind: ratios[kind] for kind in ("pymeasure", "crappy") if kind in ratios},
        "goals": {
            "against_bare": GOAL_BARE,
            "others_need_times": GOAL_OTHERS,
            "percent_of_a_core": GOAL_CORE,
            "lost": 0,
        },
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> int:
    """Prints the result; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--machines", type=int, default=8)
    parser.add_argument("--others", default="", help="interpreter with PyMeasure and crappy")
    end_on_signals()
    result = measure(parser.parse_args())
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    met = (
        not result["capture"]["lost"]
        and result["capture"]["percent_of_a_core"] <= GOAL_CORE
        and (result["against_bare"] or 99) <= GOAL_BARE
        and all(ratio >= GOAL_OTHERS for ratio in result["others_need_times"].values())
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
