"""How often another program asks is learned by listening."""

from __future__ import annotations

from labdesk.devices.registry import make_driver
from labdesk.devices.tap import TapDriver, new_clock
from labdesk.devices.tap_clock import LearningClock
from labdesk.domain.taps import TapWires

MS = 1_000_000


def test_the_usual_interval_is_the_middle_of_the_last_ones() -> None:
    clock = LearningClock(None, 50 * MS)
    for n in range(5):
        clock.stamp(n * 500 * MS, [None])
    assert clock.period_ns == 50 * MS, "four intervals are not enough"
    clock.stamp(2500 * MS, [None])
    assert clock.period_ns == 500 * MS
    clock.stamp(9000 * MS, [None])
    assert clock.period_ns == 500 * MS, "a hole is no interval of theirs"
    clock.reopen()
    clock.stamp(90_000 * MS, [None])
    assert clock.period_ns == 500 * MS


def test_only_who_is_asked_by_another_has_it() -> None:
    for driver_id, learns in (("mark10_gauge", True), ("labdesk_utm", False)):
        plain = make_driver(driver_id, {})
        assert not isinstance(new_clock(plain), LearningClock)
        assert isinstance(new_clock(TapDriver(plain, TapWires.ANSWERS)), LearningClock) is learns
