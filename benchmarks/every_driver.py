"""Every driver with every piece, as a user has them at home: ``labdesk simulate`` and ``labdesk capture``, a process each.

``python -m benchmarks.every_driver [DRIVER ...] [--scenario S ...] [--speed 20] [--workers 2]`` prints a JSON line for each pair and
a summary; exit 1 if one did not end as it should. Pseudo-terminals and TCP ports take turns. Devices that measure no force are
recorded for some seconds instead of to a break. About 25 minutes for all on two cores.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labdesk.devices.manifest import Manifest
from labdesk.devices.registry import manifests
from labdesk.devices.scenarios import Scenario
from labdesk.domain.sealed_run import FORCE

LIMIT_S, RECORD_S, GENEROUS_S = 90, 6, 180
SLOWLY = "120"
"""Seconds of unloading at natural speed: fast-forwarded it is still no break."""


@dataclass(frozen=True)
class Pair:
    """One driver and one piece; ``delay_s``: from the opening of the line to the loading, time to arm."""

    manifest: Manifest
    scenario: Scenario
    over_tcp: bool
    speed: float
    delay_s: float = 3

    @property
    def recorded(self) -> bool:
        """Nothing to break, or nothing that would show it."""
        return self.scenario is Scenario.IDLE or self.manifest.channels[0].name != FORCE

    def expected(self) -> tuple[int, str]:
        """Exit status and end."""
        if self.recorded:
            return 0, "limit"
        return (1 if self.scenario is Scenario.OPERATOR_ABORT else 0), "break"


def main(arguments: list[str] | None = None) -> int:
    """Runs them; 1 if one did not end as it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drivers", nargs="*")
    parser.add_argument("--scenario", action="append", choices=list(Scenario))
    parser.add_argument("--speed", type=float, default=20)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    pairs = [
        Pair(manifest, Scenario(scenario), (row + column) % 2 == 0, options.speed)
        for row, manifest in enumerate(manifests())
        for column, scenario in enumerate(options.scenario or Scenario)
        if not options.drivers or manifest.id in options.drivers
    ]
    started, results = time.monotonic(), []
    with ThreadPoolExecutor(options.workers) as pool:
        for result in pool.map(run_pair, pairs):
            results.append(result)
            print(json.dumps(result, ensure_ascii=False), flush=True)
    wrong = [result for result in results if not result["ok"]]
    print(json.dumps({
        "pairs": len(results),
        "drivers": len({result["driver"] for result in results}),
        "ok": len(results) - len(wrong),
        "wrong": [f"{result['driver']} {result['scenario']}" for result in wrong],
        "seconds": round(time.monotonic() - started),
    }))  # fmt: skip
    return 1 if wrong else 0


def run_pair(pair: Pair) -> dict[str, Any]:
    """What came of one pair."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port = ["--tcp", "0"] if pair.over_tcp else ["--pty", str(folder / "port")]
        unload = ["--set", f"unload_s={SLOWLY}"] if pair.scenario is Scenario.OPERATOR_ABORT else []
        speed = (
            []
            if pair.scenario is Scenario.IDLE
            else ["--set", f"speed={pair.speed:g}", "--set", f"delay_s={pair.delay_s:g}", *unload]
        )
        command = [*LABDESK, "simulate", pair.manifest.id, "--scenario", pair.scenario, *port, *speed]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as simulator:
            try:
                return _captured(pair, simulator, folder)
            finally:
                simulator.communicate()


LABDESK = [sys.executable, "-m", "labdesk"]


def _captured(pair: Pair, simulator: subprocess.Popen[str], folder: Path) -> dict[str, Any]:
    assert simulator.stdout is not None
    line = simulator.stdout.readline()
    url = json.loads(line)["port"] if line else ""
    until = ["--for", str(RECORD_S)] if pair.recorded else ["--until-break", "--limit", str(LIMIT_S)]
    command = [*LABDESK, "capture", "--driver", pair.manifest.id, "--port", url, "--out", str(folder / "a.run"), *until]
    done = subprocess.run(command, capture_output=True, text=True, timeout=GENEROUS_S, check=False)
    told = json.loads(done.stdout) if done.stdout else {}
    header = told.get("header", {})
    samples = told.get("samples", 0)
    right = (done.returncode, told.get("end_reason")) == pair.expected() and samples > 3
    return {
        "driver": pair.manifest.id,
        "scenario": pair.scenario,
        "line": "tcp" if pair.over_tcp else "pty",
        "ok": right,
        "exit": done.returncode,
        "end": told.get("end_reason"),
        "peak_kn": told.get("peak_kn"),
        "samples": samples,
        "marks": header.get("marks"),
        "said": "" if right else done.stderr.strip(),
    }


if __name__ == "__main__":
    sys.exit(main())
