"""A small form of the fault campaign; the full one is ``python -m benchmarks.fault_campaign``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.fault_campaign import LINE_FAULTS, PROCESS_FAULTS, Plan, plan, run_one
from benchmarks.fault_lane import Lane
from benchmarks.fault_oracle import Evidence, judge
from labdesk.domain.capture import EndReason
from labdesk.domain.sealed_run import encode_run, run_hash

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals, descriptor passing, limits of a process")


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Lane]:
    made = Lane(tmp_path, over_tcp=False)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.rule("YK-7.2a")
def test_every_promise_is_kept_whatever_happens(lane: Lane) -> None:
    """Runs of the campaign one after the other on one lane, so each also shows that the one before left nothing behind."""
    for number, fault in enumerate(("kill-capture", "disk-full", "half-frames", "clock-and-kill", "kill-all", "none")):
        result = run_one(lane, Plan(number, fault, 0.4, 0.3, "rebar", 30.0, 77 + number))
        assert result.faults == [], fault
        assert result.samples > 50


def test_a_plan_depends_on_seed_and_number_only() -> None:
    assert plan(1, 40) == plan(1, 40) != plan(2, 40)
    kinds = {plan(3, number).fault for number in range(16)}
    assert kinds == {"none", *LINE_FAULTS, *PROCESS_FAULTS}


def test_the_oracle_sees_what_is_wrong(lane: Lane) -> None:
    """It must not be fooled: samples taken away, gaps not told, a false claim of completeness, a journal changed later."""
    lane.ready()
    lane.arm("run-1", by_desktop=False)
    lane.simulator.load("rebar", speed=30, delay_s=0.2, fault="silence@30:0.5")
    good = lane.evidence("run-1", 3)
    assert judge(good) == []
    assert good.run.header.end_reason is EndReason.BREAK

    def told(**changes: object) -> list[str]:
        return judge(replace(good, **changes))  # type: ignore[arg-type]

    def resealed(**changes: object) -> Evidence:
        run = replace(good.run, **changes)  # type: ignore[arg-type]
        data = encode_run(run)
        return replace(good, run=run, sealed=data, outcome=replace(good.outcome, run_hash=run_hash(data)))

    times, columns = good.run.times_ns, good.run.columns
    fewer = resealed(times_ns=times[:40] + times[41:], columns=tuple(col[:40] + col[41:] for col in columns))
    assert "sealed samples differ from the journal" in judge(fewer)
    silent = resealed(header=replace(good.run.header, gaps=(), marks=()))
    assert any("without a gap" in fault for fault in judge(silent))
    higher = resealed(header=replace(good.run.header, peak_index=10, marks=()))
    assert any("complete, but the peak" in fault for fault in judge(higher))
    shorter = told(snapshots=(good.journal,), journal=good.journal[:-200])
    assert any("journal changed" in fault for fault in shorter)
    assert "hash of the journal" in told(journal=good.journal + b"\0")
    assert any("clock moved" in fault for fault in told(clock_moved=True))
    assert any(
        "display" in fault
        for fault in judge(replace(resealed(header=replace(good.run.header, marks=())), display_kn=Decimal(999)))
    )
