"""Fault campaign: run after run, each with a fault of its own at a moment of its own, and an oracle that believes nobody.

``python -m benchmarks.fault_campaign [--runs 500] [--seed 1] [--lanes 6] [--only N]`` prints one JSON object; exit code 1 if one
promise was broken. A lane is a supervisor with its capture child, a desktop-side client and a simulated machine, each a process;
lanes work side by side. The plan of run N depends on seed and N only: ``--only N`` repeats one. Promises
(``benchmarks.fault_oracle``): every journalled sample is in the sealed run, every gap is marked, no run is lost, none is sealed as
complete that was not.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fault_lane import Lane, LaneBroken
from benchmarks.fault_oracle import judge
from labdesk.domain.errors import LabDeskError

LINE_FAULTS = ("unplug", "silence", "garbage", "half-frames", "lost-bytes", "burst", "checksum")
PROCESS_FAULTS = (
    "kill-capture", "kill-all", "kill-desktop", "pause-capture", "disk-full", "clock-forward", "clock-back", "clock-and-kill",
)  # fmt: skip
DELAY_S = 0.2
NATURAL_S = {"rebar": 71.0, "cube": 71.0}


@dataclass(frozen=True)
class Plan:
    """What happens in one run.

    Attributes:
        fault: one of the lists above, or ``none``.
        at: moment as a share of the loading's duration; beyond 1 it falls into the tail or the sealing.
        for_s: how long it lasts.
    """

    number: int
    fault: str
    at: float
    for_s: float
    scenario: str
    speed: float
    seed: int


@dataclass
class Result:
    """One run, judged."""

    plan: Plan
    end: str = ""
    marks: tuple[str, ...] = ()
    samples: int = 0
    gaps: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Sealed without a mark, with a break."""
        return self.end == "break" and not self.marks


def plan(seed: int, number: int) -> Plan:
    """The plan of one run; every fault comes once in sixteen runs, in an order of their own."""
    order = ["none", *LINE_FAULTS, *PROCESS_FAULTS]
    random.Random(f"{seed}/{number // len(order)}").shuffle(order)
    chance = random.Random(f"{seed}:{number}")
    fault = order[number % len(order)]
    short = chance.random() < 0.6
    return Plan(
        number=number,
        fault=fault,
        at=round(chance.uniform(0.0, 1.15), 3),
        for_s=round(chance.uniform(0.05, 0.7) if short else chance.uniform(0.7, 2.5), 3),
        scenario=chance.choice(("rebar", "cube")),
        speed=chance.choice((20.0, 25.0, 30.0)),
        seed=chance.randrange(1 << 30),
    )


def run_one(lane: Lane, this: Plan) -> Result:
    """Carries out a plan and judges what came of it."""
    result = Result(this)
    run_id = f"run-{this.number}"
    try:
        lane.ready()
        lane.arm(run_id, by_desktop=this.fault == "kill-desktop")
        duration = NATURAL_S[this.scenario] / this.speed + DELAY_S
        # The simulator counts percent from the end of the delay; beyond 100 % the fault falls into the tail.
        spoilt = f"{this.fault}@{this.at * 100:.1f}:{this.for_s}" if this.fault in LINE_FAULTS else "none"
        lane.simulator.load(this.scenario, speed=this.speed, delay_s=DELAY_S, seed=this.seed, fault=spoilt)
        if this.fault in PROCESS_FAULTS:
            time.sleep(this.at * duration)
            lane.inject(this.fault, this.for_s)
        evidence = lane.evidence(run_id, duration)
    except (LaneBroken, AssertionError, LabDeskError) as error:
        result.faults.append(f"lost: {error}")
        return result
    result.end = evidence.outcome.end_reason.value
    result.marks = tuple(mark.value for mark in evidence.run.header.marks)
    result.samples, result.gaps = len(evidence.run.times_ns), len(evidence.run.header.gaps)
    result.faults += judge(evidence)
    return result


class Campaign:
    """All runs, over some lanes."""

    def __init__(self, seed: int, numbers: list[int], lanes: int) -> None:
        self.results: list[Result] = []
        self._seed = seed
        self._left = list(reversed(numbers))
        self._lanes = lanes
        self._lock = threading.Lock()

    def run(self, folder: Path) -> None:
        """Until no run is left."""
        threads = [threading.Thread(target=self._lane, args=(folder / f"lane{n}", n)) for n in range(self._lanes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _lane(self, home: Path, number: int) -> None:
        home.mkdir()
        lane = Lane(home, over_tcp=bool(number % 2))
        try:
            while (run := self._next()) is not None:
                result = run_one(lane, plan(self._seed, run))
                with self._lock:
                    self.results.append(result)
                if result.faults:
                    sys.stderr.write(f"{json.dumps(asdict(result))}\n")
                    lane.keep(f"run-{run}")
                elif len(self.results) % 25 == 0:
                    sys.stderr.write(f"{len(self.results)} runs\n")
        finally:
            lane.close()

    def _next(self) -> int | None:
        with self._lock:
            return self._left.pop() if self._left else None


def summary(campaign: Campaign, options: argparse.Namespace, took_s: float) -> dict[str, Any]:
    """Figures of a campaign."""
    results = campaign.results
    kinds = sorted({result.plan.fault for result in results})
    return {
        "runs": len(results),
        "seed": options.seed,
        "seconds": round(took_s),
        "samples_sealed": sum(result.samples for result in results),
        "gaps_marked": sum(result.gaps for result in results),
        "sealed_complete": sum(result.complete for result in results),
        "ends": dict(Counter(result.end for result in results)),
        "by_fault": {
            kind: {
                "runs": sum(result.plan.fault == kind for result in results),
                "complete": sum(result.plan.fault == kind and result.complete for result in results),
                "marks": dict(
                    Counter(mark for result in results if result.plan.fault == kind for mark in result.marks)
                ),
            }
            for kind in kinds
        },
        "promises_broken": [asdict(result) for result in results if result.faults],
    }


def main() -> int:
    """Prints the figures; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=6)
    parser.add_argument("--only", type=int, help="repeat this one run")
    parser.add_argument("--keep", type=Path, help="folder for journals of runs that broke a promise")
    options = parser.parse_args()
    numbers = list(range(options.runs)) if options.only is None else [options.only]
    campaign = Campaign(options.seed, numbers, min(options.lanes, len(numbers)))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Lane.kept = options.keep
        campaign.run(Path(folder))
    result = summary(campaign, options, time.monotonic() - began)
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    return 1 if result["promises_broken"] or result["runs"] != len(numbers) else 0


if __name__ == "__main__":
    sys.exit(main())
