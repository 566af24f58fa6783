"""Bytes of one line to blocks of timed samples: what one delivery brought, column by column, so that no sample is handled alone."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul, sub
from typing import NamedTuple

from labdesk.devices.driver import Counts, Driver
from labdesk.devices.framing import blocks_of
from labdesk.devices.overheard import Overhears
from labdesk.devices.tap import new_clock


class Block(NamedTuple):
    """Samples that came together.

    Attributes:
        times_ns: on the host's monotonic clock, strictly increasing; a ``range`` where they are evenly spaced.
        columns: counts per channel.
        sequences: the device's frame counters; empty where it sends none.
    """

    times_ns: Sequence[int]
    columns: tuple[Counts, ...]
    sequences: Counts | range

    def longest_step_ns(self) -> int:
        """Longest time between two of these samples."""
        times = self.times_ns
        if isinstance(times, range):
            return times.step if len(times) > 1 else 0
        return max(map(sub, times[1:], times), default=0)

    def squared_steps(self) -> int:
        """Sum of the squared times between these samples."""
        times = self.times_ns
        if isinstance(times, range):
            return times.step * times.step * (len(times) - 1)
        steps = list(map(sub, times[1:], times))
        return sum(map(mul, steps, steps))

    @property
    def forces(self) -> Counts:
        """Counts of the first channel."""
        return self.columns[0]


NO_BLOCK = Block([], ((),), ())


class Pipeline:
    """Bytes to timed samples for one line."""

    def __init__(self, driver: Driver) -> None:
        self._decoder = driver.new_decoder()
        self._feed = blocks_of(self._decoder)
        self.clock = new_clock(driver)
        self.counters = self._decoder.counters

    def feed(self, stamp_ns: int, data: bytes) -> Block:
        """Samples completed by one chunk; ``NO_BLOCK`` if there are none."""
        found = self._feed(data)
        if found is None:
            return NO_BLOCK
        numbered = found.sequences
        if not isinstance(numbered, range) and None in numbered:
            numbered = ()
        return Block(self.clock.stamp(stamp_ns, found.ticks), found.columns, numbered)

    def overhear(self, data: bytes) -> None:
        """What another program said to the machine, where the line is only listened to."""
        if isinstance(self._decoder, Overhears):
            self._decoder.overhear(data)

    def reopen(self) -> None:
        """The line was closed and opened."""
        self._decoder.flush()
        self.clock.reopen()
