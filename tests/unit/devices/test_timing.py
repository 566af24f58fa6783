"""Sample times: the device's clock where there is one, honest reconstruction where there is not."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.devices.driver import TickRule
from labdesk.devices.timing import AHEAD_NS, BEHIND_NS, SampleClock

MS = 1_000_000


def ticks(*values: int) -> tuple[int, ...]:
    return values


def plain(count: int) -> tuple[None, ...]:
    return (None,) * count


def test_the_devices_clock_gives_the_spacing() -> None:
    clock = SampleClock(TickRule(1000, 1 << 32), 10 * MS)
    assert list(clock.stamp(1000 * MS, ticks(0, 10_000, 20_000))) == [980 * MS, 990 * MS, 1000 * MS]
    assert list(clock.stamp(1043 * MS, ticks(30_000, 40_000))) == [1010 * MS, 1020 * MS]
    assert clock.reconstructed == 0


def test_bytes_that_waited_through_a_restart_keep_their_times() -> None:
    clock = SampleClock(TickRule(1000, 1 << 32), 10 * MS)
    clock.stamp(0, ticks(0))
    assert list(clock.stamp(2500 * MS, ticks(10_000, 20_000))) == [10 * MS, 20 * MS]


def test_the_clock_wraps() -> None:
    clock = SampleClock(TickRule(MS, 100), 10 * MS)
    clock.stamp(5 * MS, ticks(95))
    assert list(clock.stamp(15 * MS, ticks(5))) == [15 * MS]


def test_a_device_that_was_switched_off_is_anchored_anew() -> None:
    clock = SampleClock(TickRule(1000, 1 << 32), 10 * MS)
    clock.stamp(1000 * MS, ticks(50_000_000))
    assert list(clock.stamp(1010 * MS, ticks(100))) == [1010 * MS]
    assert clock.reconstructed == 1
    clock.reopen()
    assert list(clock.stamp(3000 * MS, ticks(7))) == [3000 * MS]


def test_a_burst_without_clock_is_spaced_and_counted() -> None:
    clock = SampleClock(None, 10 * MS)
    assert list(clock.stamp(100 * MS, plain(1))) == [100 * MS]
    assert clock.reconstructed == 0
    assert list(clock.stamp(130 * MS, plain(3))) == [110 * MS, 120 * MS, 130 * MS]
    assert clock.reconstructed == 2
    assert list(clock.stamp(136 * MS, plain(3))) == [132 * MS, 134 * MS, 136 * MS]
    assert list(clock.stamp(150 * MS, [])) == []


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


class OneByOne:
    """The rules of the module, sample by sample."""

    def __init__(self, modulus: int | None, period_ns: int) -> None:
        self.modulus, self.period_ns, self.reconstructed = modulus, period_ns, 0
        self.last: int | None = None
        self.anchor: tuple[int, int] | None = None

    def stamp(self, arrival: int, values: list[int]) -> list[int]:
        step = self.period_ns
        if self.last is not None and values:
            step = max(1, min(step, (arrival - self.last) // len(values)))
        times = []
        for index, tick in enumerate(values):
            at = arrival - (len(values) - 1 - index) * step
            if self.modulus is not None:
                at = self.device(arrival, tick, values[-1], self.modulus)
            else:
                self.reconstructed += index > 0
            if self.last is not None and at <= self.last:
                at = self.last + 1
            self.last = at
            times.append(at)
        return times

    def device(self, arrival: int, tick: int, newest: int, modulus: int) -> int:
        if self.anchor is None:
            self.anchor = arrival - (newest - tick) % modulus * MS, tick
        at = self.anchor[0] + (tick - self.anchor[1]) % modulus * MS
        if not -BEHIND_NS <= at - arrival <= AHEAD_NS:
            self.reconstructed += 1
            at = arrival
        self.anchor = at, tick
        return at


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from([None, 100, 50_000]),
    st.lists(
        st.tuples(
            st.one_of(st.integers(0, 60 * MS), st.integers(0, 20_000 * MS)),
            st.one_of(
                st.lists(st.integers(0, 99), max_size=4),
                st.builds(
                    lambda first, many, step: list(range(first, first + many * step, step)),
                    st.integers(0, 40_000),
                    st.integers(0, 9),
                    st.integers(1, 11),
                ),
            ),
        ),
        max_size=20,
    ),
)
def test_a_block_of_samples_gets_the_times_that_its_samples_get_one_by_one(
    modulus: int | None, chunks: list[tuple[int, list[int]]]
) -> None:
    clock = SampleClock(None if modulus is None else TickRule(MS, modulus), 10 * MS)
    slow, arrival = OneByOne(modulus, 10 * MS), 0
    for step, values in chunks:
        arrival += step
        inside = [value % modulus for value in values] if modulus else values
        given_ticks = ticks(*inside) if modulus else plain(len(values))
        assert list(clock.stamp(arrival, given_ticks)) == slow.stamp(arrival, inside)
        assert clock.reconstructed == slow.reconstructed


def test_an_anchor_that_was_late_keeps_the_devices_spacing() -> None:
    """Bytes waited in the port before it was opened: the first chunk is small, the rest arrives at once behind it."""
    clock = SampleClock(TickRule(1_000_000, 1 << 32), 10_000_000)
    begin = clock.stamp(1_000_000_000, ticks(0, 10))
    rest = clock.stamp(1_001_000_000, ticks(*range(20, 500, 10)))
    assert all(later - earlier == 10_000_000 for earlier, later in pairwise([*begin, *rest]))
    assert clock.reconstructed == 0
