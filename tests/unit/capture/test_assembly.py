"""What a sealed run says of its own quality: critical gaps, sampling rate, jitter, switches, clock."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from labdesk_drivers.labdesk_utm.protocol import build_frame
from labdesk_drivers.yaohua_xk3190a9.protocol import build_frame as a9_frame

from labdesk.capture.assembly import Arming, jitter_ns
from labdesk.capture.recorder import RunRecorder
from labdesk.devices.journal import Record
from labdesk.devices.registry import make_driver
from labdesk.domain.capture import EndReason, RateBand
from labdesk.domain.sealed_run import ChannelSwitch, GapKind, RunMark, SealedRun, decode_run, encode_run
from tests.helpers.machines import machine, request

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ARMED_NS = 1_000_000_000
STEP_NS = 50_000_000
# Nothing, 0 to 100 kN in 0.5 kN steps, a break.
FORCES = [0] * 10 + [50 * n for n in range(201)] + [5] * 10


def run(late: dict[int, int] | None = None, marks: dict[int, bytes] | None = None, **changes: object) -> SealedRun:
    """A press at 20 Hz; ``late``: ns that come before a sample, ``marks``: journal marks before a sample."""
    where = machine("yaohua_xk3190a9")
    made = RunRecorder(request(of=where, **changes), where, make_driver("yaohua_xk3190a9", {}), Arming(NOON, ARMED_NS))
    behind = 0
    for index, force in enumerate(FORCES):
        behind += (late or {}).get(index, 0)
        stamp_ns = ARMED_NS + index * STEP_NS + behind
        if marks and index in marks:
            made.feed(Record("M", stamp_ns, marks[index]))
        made.feed(Record("D", stamp_ns, a9_frame(force, 2)))
    made.end(EndReason.OPERATOR)
    sealed = made.seal(NOON, "0" * 64, 0)
    assert decode_run(encode_run(sealed)) == sealed
    return sealed


@pytest.mark.rule("YK-7.2a")
@pytest.mark.parametrize(
    ("at", "percent", "critical"),
    [
        (30, 90, False),  # 10 kN of 100: far from everything
        (205, 90, True),  # just below the largest force
        (211, 90, True),  # the break itself lies in the gap
        (120, 90, False),  # 55 kN: harmless for concrete
        (120, 45, True),  # the same gap hides the yield of steel
        (60, 45, False),
    ],
)
def test_a_gap_is_critical_where_maximum_or_yield_may_have_been(at: int, percent: int, critical: bool) -> None:
    sealed = run({at: 2_000_000_000}, critical_from_percent=percent)
    assert [gap.kind for gap in sealed.header.gaps] == [GapKind.SILENCE]
    assert RunMark.GAP in sealed.header.marks
    assert (RunMark.GAP_CRITICAL in sealed.header.marks) is critical


def test_a_gap_before_the_start_or_after_the_break_is_not_critical() -> None:
    for at in (4, 216):
        assert RunMark.GAP_CRITICAL not in run({at: 2_000_000_000}, tail_ms=5000).header.marks


def test_a_start_that_nobody_heard_is_in_the_gap_before_the_first_sample() -> None:
    """The line was dead until the bar was almost broken: found by the fault campaign, run 281 of seed 2026."""
    where = machine("yaohua_xk3190a9")
    made = RunRecorder(request(of=where), where, make_driver("yaohua_xk3190a9", {}), Arming(NOON, ARMED_NS))
    forces = [0] * 10 + [9000 + 20 * n for n in range(9)] + [5] * 20
    for index, force in enumerate(forces):
        late = 2_000_000_000 if index >= 10 else 0
        made.feed(Record("D", ARMED_NS + index * STEP_NS + late, a9_frame(force, 2)))
    made.end(EndReason.OPERATOR)
    sealed = made.seal(NOON, "0" * 64, 0)
    (gap,) = sealed.header.gaps
    assert gap.to_ns == 0
    assert gap.from_ns < -2_000_000_000
    assert {RunMark.GAP, RunMark.GAP_CRITICAL} <= set(sealed.header.marks)


def test_a_computer_that_slept_leaves_a_gap_of_its_own_kind() -> None:
    sealed = run(marks={205: b'{"event": "slept", "detail": "60.0 s"}'})
    assert [gap.kind for gap in sealed.header.gaps] == [GapKind.SLEPT]
    assert {RunMark.GAP, RunMark.GAP_CRITICAL} <= set(sealed.header.marks)


def test_bytes_the_disk_refused_are_told_when_the_journal_is_all_there_is() -> None:
    sealed = run(marks={60: b'{"event": "hole", "records": 3, "bytes": 36}'})
    assert [gap.kind for gap in sealed.header.gaps] == [GapKind.NOT_JOURNALLED]
    assert {RunMark.GAP, RunMark.JOURNAL_INCOMPLETE} <= set(sealed.header.marks)


def test_too_few_samples_a_second_stand_in_the_record() -> None:
    assert RunMark.SLOW_SAMPLING in run(min_rate_hz=Decimal(25)).header.marks
    fast_enough = run(min_rate_hz=Decimal("20.1"))
    assert RunMark.SLOW_SAMPLING not in fast_enough.header.marks
    assert fast_enough.header.achieved_hz == Decimal("20.00")
    assert fast_enough.header.request.min_rate_hz == Decimal("20.1")


def test_jitter_leaves_gaps_out() -> None:
    assert jitter_ns([]) == jitter_ns([10, 10, 10]) == 0
    assert jitter_ns([8, 12, 8, 12]) == 2
    assert run().header.jitter_ns == 0
    assert run({60: 2_000_000_000}).header.jitter_ns == 0
    assert run({60: 20_000_000}).header.jitter_ns > 1_000_000


def test_the_stress_rate_is_stored_with_its_share_out_of_band() -> None:
    """0.5 kN in 50 ms on 314.2 mm2 is 31.8 MPa/s."""
    sealed = run(rate_band=RateBand(Decimal(6), Decimal(60), Decimal(10), Decimal(60)))
    assert sealed.header.rate is not None
    assert sealed.header.rate.outside_percent == 0
    assert sealed.header.rate.largest_mpa_s == Decimal("31.827")
    slow = run(rate_band=RateBand(Decimal(40), Decimal(60), Decimal(10), Decimal(60))).header.rate
    assert slow is not None
    assert slow.outside_percent == 100
    assert run().header.rate is None


def test_an_extensometer_taken_off_is_a_switch_whether_declared_or_seen() -> None:
    where = machine()
    made = RunRecorder(request(of=where), where, make_driver("labdesk_utm", {}), Arming(NOON, ARMED_NS))
    for index, force in enumerate(FORCES):
        frame = build_frame(index, index * 50_000, (force * 100, index if index < 100 else None, index))
        made.feed(Record("D", ARMED_NS + index * STEP_NS, frame))
    made.end(EndReason.OPERATOR)
    sealed = made.seal(NOON, "0" * 64, 0)
    (switch,) = sealed.header.switches
    start = made.detector.start_index or 0
    assert switch == ChannelSwitch("extension", (100 - start) * STEP_NS, declared=False)
    declared = run(marks={100: b'{"event": "switch", "channel": "extension", "reason": "off"}'}).header.switches
    assert [(each.channel, each.declared, each.reason) for each in declared] == [("extension", True, "off")]


def test_what_arrived_before_the_arming_is_never_this_loading() -> None:
    """A late anchor dates the last piece's break behind the arming (fault campaign, run 206 of seed 2026)."""
    where = machine()
    made = RunRecorder(request(of=where), where, make_driver("labdesk_utm", {}), Arming(NOON, ARMED_NS))
    made.feed(Record("D", ARMED_NS - 700_000_000, build_frame(0, 0, (0, 0, 0))))
    old = b"".join(build_frame(n, n * 10_000, (1_800_000 if n < 85 else 10, 0, 0)) for n in range(1, 95))
    made.feed(Record("D", ARMED_NS - 690_000_000, old))
    assert made.times_ns[-1] > ARMED_NS
    assert made.detector.start_index is None
    made.end(EndReason.OPERATOR)
    assert not made.seal(NOON, "0" * 64, 0).header.loaded
