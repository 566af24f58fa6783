"""Faults of a line: how they are written, when they come, what they do; several at once."""

from __future__ import annotations

import itertools
import random

import pytest

from labdesk.devices.driver import Frame
from labdesk.devices.faults import EARLIEST, LATEST, FaultPlan, LineFault, schedule
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.simulator import VirtualMachine
from labdesk.devices.specimens import RebarBar

HALF_S = RebarBar().duration_s / 40
"""Middle of a bar's loading at twenty times its speed."""


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("none", FaultPlan()),
        ("unplug", FaultPlan(LineFault.UNPLUG, 60, 3600)),
        ("garbage@30:0.5", FaultPlan(LineFault.GARBAGE, 30, 0.5)),
        ("silence@random", FaultPlan(LineFault.SILENCE, None, 3600)),
        ("burst:2", FaultPlan(LineFault.BURST, 60, 2)),
        ("peak-hold", FaultPlan(LineFault.PEAK_HOLD, 0, 3600)),
        ("wrong-baud=4800@random:1", FaultPlan(LineFault.WRONG_BAUD, None, 1, 4800)),
        ("clock-jump=-2.5", FaultPlan(LineFault.CLOCK_JUMP, 60, 3600, -2.5)),
    ],
)
def test_faults_are_written_short(text: str, plan: FaultPlan) -> None:
    assert FaultPlan.parse(text) == plan


def test_several_faults_are_separated_by_commas() -> None:
    plans = FaultPlan.parse_all("garbage@20:1, none,unplug@random")
    assert [plan.kind for plan in plans] == [LineFault.GARBAGE, LineFault.UNPLUG]


@pytest.mark.parametrize(
    "text",
    [
        "earthquake",
        "",
        "garbage@soon",
        "garbage@-3",
        "garbage=3",
        "wrong-baud=0",
        "clock-jump=0",
        "stuck:nan",
        "unplug:1:2",
    ],
)
def test_what_is_no_fault_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        FaultPlan.parse_all(f"silence,{text}")
    assert str(caught.value) == text


def test_random_moments_are_the_seeds() -> None:
    plans = FaultPlan.parse_all("garbage@random:1,stuck@random:1")
    first, again, other = (schedule(plans, 100, 50, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len({fault.from_s for fault in first}) == 2
    assert all(100 + 0.5 * EARLIEST <= fault.from_s <= 100 + 0.5 * LATEST for fault in first + other)
    assert all(fault.to_s - fault.from_s == pytest.approx(1) for fault in first)


def frames(fault: str, seconds: float = 3.0, driver_id: str = "labdesk_utm") -> list[Frame]:
    """What a decoder finds of a bar loaded at twenty times its speed."""
    made = VirtualMachine(make_simulator(driver_id, {}), 100, 4)
    made.load("rebar", {"speed": 20, "fault": fault, "delay_s": 0}, 0)
    sent = [made.advance(n / 100) for n in range(round(seconds * 100))]
    return make_driver(driver_id, {}).new_decoder().feed(b"".join(sent))


def forces(found: list[Frame]) -> list[int]:
    return [frame.counts[0] for frame in found if frame.counts[0] is not None]


def test_faults_come_when_they_should() -> None:
    made = VirtualMachine(make_simulator("labdesk_utm", {}), 100, 4)
    made.load("rebar", {"speed": 20, "fault": "silence@50:0.5", "delay_s": 0}, 0)
    sent = [made.advance(n / 100) for n in range(300)]
    silent = [n / 100 for n, data in enumerate(sent) if not data]
    assert HALF_S - 0.4 < silent[0] < HALF_S + 0.4
    assert silent[-1] - silent[0] == pytest.approx(0.5, abs=0.03)
    found = make_driver("labdesk_utm", {}).new_decoder().feed(b"".join(sent))
    jumps = {b.sequence - a.sequence for a, b in itertools.pairwise(found)}  # type: ignore[operator]
    assert max(jumps) > 40


def test_a_burst_brings_everything_later() -> None:
    assert [frame.sequence for frame in frames("burst@50:0.5")] == list(range(300))
    assert len(frames("burst@50:60")) < 200


def test_a_stuck_device_repeats_one_value_and_goes_on_numbering() -> None:
    found = frames("stuck@50:0.5")
    assert [frame.sequence for frame in found] == list(range(300))
    runs = [len(list(group)) for _, group in itertools.groupby(frame.counts for frame in found)]
    assert max(runs) == pytest.approx(51, abs=2)


def test_peak_hold_never_falls_and_hides_the_break() -> None:
    held, free = forces(frames("peak-hold", 5.0)), forces(frames("none", 5.0))
    assert held == sorted(held)
    assert free != sorted(free)
    assert max(held) == max(free) == held[-1]


def test_a_clock_that_jumps_is_the_devices_own() -> None:
    ticks = [frame.tick for frame in frames("clock-jump=-1@50:0.5")]
    steps = [b - a for a, b in itertools.pairwise(ticks) if a is not None and b is not None]
    assert sorted(set(steps)) == [10_000 - 1_000_000, 10_000, 10_000 + 1_000_000]


def test_the_wrong_speed_lets_nothing_through_where_there_is_a_check() -> None:
    found = frames("wrong-baud@50:0.5")
    assert 230 < len(found) < 260
    assert set(forces(found)) <= set(forces(frames("none")))


def test_a_question_at_the_wrong_speed_is_not_understood() -> None:
    made = VirtualMachine(make_simulator("mark10_gauge", {}), 10, 1)
    made.load("idle", {"fault": "wrong-baud@0:5", "delay_s": 0}, 0)
    made.advance(1.0)
    poll = make_driver("mark10_gauge", {}).poll()
    assert poll is not None
    assert made.answer(poll.requests[0], 1.0) == b""
    assert made.answer(poll.requests[0], 6.0) != b""


def test_several_at_once_do_all_they_do() -> None:
    found = frames("peak-hold,silence@50:0.5,clock-jump=7@80")
    assert forces(found) == sorted(forces(found))
    assert len(found) == pytest.approx(250, abs=3)
    ticks = [frame.tick or 0 for frame in found]
    assert max(b - a for a, b in itertools.pairwise(ticks)) > 7_000_000


@pytest.mark.parametrize("fault", [fault.value for fault in LineFault])
def test_the_same_seed_gives_the_same_bytes(fault: str) -> None:
    def run(seed: int) -> list[bytes]:
        made = VirtualMachine(make_simulator("labdesk_utm", {}), 50, seed)
        made.load("cube", {"speed": 40, "fault": f"{fault}@random:0.5", "delay_s": 0}, 0)
        return [made.advance(n / 20) for n in range(40)]

    assert run(3) == run(3) != run(random.Random(fault).randrange(4, 99))
