"""Sample times: the device's clock where there is one, honest reconstruction where there is not."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.devices.driver import Frame, TickRule
from labdesk.devices.timing import SampleClock

MS = 1_000_000


def ticks(*values: int) -> list[Frame]:
    return [Frame((0,), tick=value) for value in values]


def plain(count: int) -> list[Frame]:
    return [Frame((0,))] * count


def test_the_devices_clock_gives_the_spacing() -> None:
    clock = SampleClock(TickRule(1000, 1 << 32), 10 * MS)
    assert clock.stamp(1000 * MS, ticks(0, 10_000, 20_000)) == [980 * MS, 990 * MS, 1000 * MS]
    assert clock.stamp(1043 * MS, ticks(30_000, 40_000)) == [1010 * MS, 1020 * MS]
    assert clock.reconstructed == 0


def test_bytes_that_waited_through_a_restart_keep_their_times() -> None:
    clock = SampleClock(TickRule(1000, 1 << 32), 10 * MS)
    clock.stamp(0, ticks(0))
    assert clock.stamp(2500 * MS, ticks(10_000, 20_000)) == [10 * MS, 20 * MS]


def test_the_clock_wraps() -> None:
    clock = SampleClock(TickRule(MS, 100), 10 * MS)
    clock.stamp(5 * MS, ticks(95))
    assert clock.stamp(15 * MS, ticks(5)) == [15 * MS]


def test_a_device_that_was_switched_off_is_anchored_anew() -> None:
    clock = SampleClock(TickRule(1000, 1 << 32), 10 * MS)
    clock.stamp(1000 * MS, ticks(50_000_000))
    assert clock.stamp(1010 * MS, ticks(100)) == [1010 * MS]
    assert clock.reconstructed == 1
    clock.reopen()
    assert clock.stamp(3000 * MS, ticks(7)) == [3000 * MS]


def test_a_burst_without_clock_is_spaced_and_counted() -> None:
    clock = SampleClock(None, 10 * MS)
    assert clock.stamp(100 * MS, plain(1)) == [100 * MS]
    assert clock.reconstructed == 0
    assert clock.stamp(130 * MS, plain(3)) == [110 * MS, 120 * MS, 130 * MS]
    assert clock.reconstructed == 2
    assert clock.stamp(136 * MS, plain(3)) == [132 * MS, 134 * MS, 136 * MS]
    assert clock.stamp(150 * MS, []) == []


@settings(deadline=None)
@given(
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 40 * MS), st.lists(st.integers(0, 99), max_size=4)), max_size=30),
)
def test_times_always_increase(device: bool, chunks: list[tuple[int, list[int]]]) -> None:
    clock = SampleClock(TickRule(MS, 100) if device else None, 10 * MS)
    arrival, times = 0, []
    for step, values in chunks:
        arrival += step
        times += clock.stamp(arrival, ticks(*values) if device else plain(len(values)))
    assert all(a < b for a, b in pairwise(times))


def test_an_anchor_that_was_late_keeps_the_devices_spacing() -> None:
    """Bytes waited in the port before it was opened: the first chunk is small, the rest arrives at once behind it."""
    clock = SampleClock(TickRule(1_000_000, 1 << 32), 10_000_000)
    begin = clock.stamp(1_000_000_000, [Frame((1,), 0), Frame((1,), 10)])
    rest = clock.stamp(1_001_000_000, [Frame((1,), tick) for tick in range(20, 500, 10)])
    assert all(later - earlier == 10_000_000 for earlier, later in pairwise([*begin, *rest]))
    assert clock.reconstructed == 0
