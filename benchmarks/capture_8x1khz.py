"""Eight machines at 1 kHz through real lines into the capture process: samples sent, received, lost, and what it costs.

``python -m benchmarks.capture_8x1khz [--seconds 60] [--machines 8] [--rate 1000] [--pty]`` prints one JSON object. Sent is counted by the
devices' own frame counters (first to last received), so a sample that never reached the journal shows as lost. CPU is the capture
child's, in percent of one core; the simulators run in processes of their own and compete for the same cores.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.capture_children import capture_child, capture_process, end_on_signals
from labdesk.capture.client import CaptureClient
from labdesk.devices.journal import read_journal, received_bytes
from labdesk.devices.registry import make_driver
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.capture import MachineState
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import SealedRun, decode_run
from tests.helpers.machines import machine, request, wait_until


def start_machines(stack: ExitStack, home: Path, options: argparse.Namespace) -> list[tuple[SimulatedMachine, Machine]]:
    """Simulated machines, each a process; with ``fast`` one more at twice the rate."""
    made = []
    rates = [options.rate] * options.machines + [2 * options.rate] * options.fast
    for number, rate in enumerate(rates):
        port = SimulatedPort(home / f"port{number}") if options.pty else SimulatedPort()
        simulator = stack.enter_context(SimulatedMachine("labdesk_utm", port, seed=number, rate_hz=rate))
        made.append((simulator, machine("labdesk_utm", simulator.port_url, f"m-{number}")))
    return made


def counted(client: CaptureClient, run_id: str) -> tuple[int, int, SealedRun]:
    """Sent and received samples in a run's journal, and the sealed run."""
    data = received_bytes(read_journal(client.fetch_journal(run_id)).records)
    numbers = [frame.sequence or 0 for frame in make_driver("labdesk_utm", {}).new_decoder().feed(data)]
    sent = sum((b - a) % 65536 for a, b in itertools.pairwise(numbers)) + 1
    return sent, len(numbers), decode_run(client.fetch(run_id))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """One measurement."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        pairs = start_machines(stack, home, options)
        client = stack.enter_context(capture_process(home))
        machines = tuple(each for _, each in pairs)
        client.configure(machines)
        pushed: list[float] = []
        client.subscribe(lambda state: pushed.append(time.monotonic()))
        wait_until(lambda: all(state.state is MachineState.READY for state in client.states()), 30)
        child = capture_child(home)
        for simulator, each in pairs:
            client.arm(request(f"run-{each.id}", each, limit_s=options.seconds + 60, arming_kn=Decimal(10)))
            simulator.load("rebar", speed=min(1.0, 60 / options.seconds))
        before, began = child.cpu_times(), time.monotonic()
        time.sleep(options.seconds)
        after, ended = child.cpu_times(), time.monotonic()
        memory = child.memory_info().rss
        states = sum(began <= moment <= ended for moment in pushed)
        for each in machines:
            client.abort(each.id, "end of measurement")
        wait_until(lambda: len(client.sealed_runs()) == len(machines), 120)
        results = [counted(client, f"run-{each.id}") for each in machines]
    cpu = (after.user + after.system - before.user - before.system) / (ended - began) * 100
    sent, received = sum(each[0] for each in results), sum(each[1] for each in results)
    gaps = [run.header.largest_gap_ns / 1e6 for _, _, run in results]
    return {
        "machines": options.machines + options.fast,
        "rate_hz": options.rate,
        "seconds": options.seconds,
        "line": "pty" if options.pty else "tcp",
        "sent": sent,
        "received": received,
        "lost": sent - received,
        "bad_frames": sum(run.header.counters.bad for _, _, run in results),
        "achieved_hz": [str(run.header.achieved_hz) for _, _, run in results],
        "largest_gap_ms": max(gaps),
        "capture_cpu_percent_of_a_core": round(cpu, 1),
        "capture_memory_mb": round(memory / 1e6, 1),
        "live_states_per_second_and_machine": round(states / options.seconds / options.machines, 1),
        "sealed_bytes_per_sample": round(statistics.mean(_bytes_per_sample(run) for _, _, run in results), 2),
        "cores": os.cpu_count(),
    }


def _bytes_per_sample(run: SealedRun) -> float:
    from labdesk.domain.sealed_run import encode_run

    return len(encode_run(run)) / max(1, len(run.times_ns))


def main() -> int:
    """Prints the result; 1 if a sample was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--machines", type=int, default=8)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--pty", action="store_true")
    parser.add_argument("--fast", action="store_true", help="one more machine at twice the rate")
    end_on_signals()
    result = measure(parser.parse_args())
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    return 1 if result["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
