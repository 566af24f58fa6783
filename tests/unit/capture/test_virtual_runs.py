"""Every piece on one device of each kind of protocol, and what capture makes of faults, at natural speed without a wire."""

from __future__ import annotations

from decimal import Decimal

import pytest

from labdesk.devices.registry import make_driver, manifest
from labdesk.devices.scenarios import Scenario
from labdesk.domain.capture import EndReason
from labdesk.domain.run_doubts import doubts_of
from labdesk.domain.sealed_run import GapKind, RunMark, decode_run, encode_run
from tests.helpers.virtual_runs import virtual_run

KINDS = {
    "labdesk_utm": "stream with clock, number and CRC",
    "tinius_olsen_h5k": "several questions to a frame, small machine",
    "yaohua_xk3190a9": "stream with XOR",
    "mark10_gauge": "text on demand",
    "humboldt_hm3000": "stream after an opening, binary with a sum",
    "generic_modbus_rtu": "Modbus",
    "mettler_continuous": "stream with status words",
}
PEAKS = {
    Scenario.REBAR: 190,
    Scenario.REBAR_CONTINUOUS: 196,
    Scenario.CUBE: 810,
    Scenario.SPLICE: 297,
    Scenario.SPLICE_PULL_OUT: 254,
    Scenario.MORTAR: 54,
    Scenario.BRICK: 241,
    Scenario.OPERATOR_ABORT: 114,
}


def test_the_kinds_are_kinds() -> None:
    drivers = [make_driver(driver_id, {}) for driver_id in KINDS]
    told = {(driver.check, driver.poll() is None, driver.tick is None, driver.opening() == b"") for driver in drivers}
    assert len(told) == len(KINDS)


@pytest.mark.parametrize("driver_id", KINDS)
def test_every_piece_is_captured_to_its_end(driver_id: str) -> None:
    rate = min(10, manifest(driver_id).rate_hz)
    polled = make_driver(driver_id, {}).poll() is not None
    for scenario, usual in PEAKS.items():
        if polled and scenario not in (Scenario.REBAR, Scenario.BRICK, Scenario.OPERATOR_ABORT):
            continue  # the pieces are the same for all; the rest would only cost time
        run = virtual_run(driver_id, scenario, rate_hz=rate)
        assert (run.header.end_reason, run.header.loaded) == (EndReason.BREAK, True), scenario
        assert run.peak_kn is not None
        assert 6 < run.peak_kn < usual * 1.02, scenario
        assert driver_id in ("tinius_olsen_h5k", "humboldt_hm3000") or run.peak_kn > usual * Decimal("0.97"), scenario
        unloaded = scenario is Scenario.OPERATOR_ABORT
        assert run.header.marks == ((RunMark.LOOKS_UNLOADED,) if unloaded else ()), scenario
        assert decode_run(encode_run(run)) == run


@pytest.mark.parametrize("driver_id", ["labdesk_utm", "yaohua_xk3190a9"])
def test_a_held_peak_is_marked_whether_the_crosshead_is_known_or_not(driver_id: str) -> None:
    for scenario in (Scenario.REBAR, Scenario.CUBE):
        run = virtual_run(driver_id, scenario, "peak-hold", rate_hz=20)
        assert run.header.end_reason is EndReason.LIMIT
        assert run.header.marks == (RunMark.NO_BREAK, RunMark.PEAK_HELD)
        (finding,) = doubts_of(run)
        assert finding.first > len(run.times_ns) / 3


@pytest.mark.parametrize("driver_id", ["labdesk_utm", "yaohua_xk3190a9"])
@pytest.mark.parametrize("fault", ["stuck@40:5", "stuck@random:4"])
def test_a_stuck_value_is_marked(driver_id: str, fault: str) -> None:
    run = virtual_run(driver_id, Scenario.CUBE, fault, rate_hz=20)
    assert run.header.end_reason is EndReason.BREAK
    assert run.header.marks == (RunMark.STUCK_VALUE,)
    (finding,) = doubts_of(run)
    assert finding.last - finding.first == pytest.approx(20 * float(fault.rpartition(":")[2]), abs=4)


def test_the_wrong_speed_in_mid_test_is_bytes_without_a_frame_and_a_gap() -> None:
    run = virtual_run("labdesk_utm", Scenario.CUBE, "wrong-baud@50:1", rate_hz=20)
    assert run.header.end_reason is EndReason.BREAK
    assert run.header.counters.skipped_bytes > 50
    assert RunMark.MISSING_FRAMES in run.header.marks
    (gap,) = run.header.gaps
    assert gap.kind is GapKind.MISSING_FRAMES
    assert (gap.to_ns - gap.from_ns) / 1e9 == pytest.approx(1, abs=0.2)


def test_a_lost_decimal_point_is_no_break_and_no_silent_peak() -> None:
    """A line without a check: the wrong reading cannot be told from a right one, the curve around it can."""
    whole = virtual_run("generic_ascii_line", Scenario.CUBE, rate_hz=20)
    run = virtual_run("generic_ascii_line", Scenario.CUBE, "lost-bytes@50:2", rate_hz=20)
    assert run.header.end_reason is EndReason.BREAK
    assert run.times_ns[run.header.end_index or 0] == whole.times_ns[whole.header.end_index or 0]
    assert run.peak_kn is not None
    assert run.peak_kn > 10_000, "what was on the wire is never mended"
    assert RunMark.LONE_PEAK in run.header.marks


@pytest.mark.parametrize("by_s", [-30, -4, 5, 400])
def test_a_device_clock_that_jumps_moves_no_sample(by_s: int) -> None:
    """By more than what an anchor may be late (``labdesk.devices.timing.AHEAD_NS``); less cannot be told from that."""
    straight = virtual_run("labdesk_utm", Scenario.CUBE, rate_hz=20)
    run = virtual_run("labdesk_utm", Scenario.CUBE, f"clock-jump={by_s}@50:9", rate_hz=20)
    assert run.peak_kn == straight.peak_kn
    apart = [abs(a - b) for a, b in zip(run.times_ns, straight.times_ns, strict=True)]
    assert run.header.counters.reconstructed >= 1, "a jump is counted"
    assert max(apart) < 200_000_000


def test_a_scale_has_no_force_and_says_so() -> None:
    run = virtual_run("mettler_mtsics", Scenario.CUBE)
    assert run.peak_kn is None
    assert doubts_of(run) == ()
