"""Bytes of one line to blocks of timed samples: what one delivery brought, column by column, so that no sample is handled alone."""

from __future__ import annotations

from typing import NamedTuple

from labdesk.devices.driver import Driver
from labdesk.devices.timing import SampleClock

SECOND = 1_000_000_000
Counts = tuple[int | None, ...]


class Block(NamedTuple):
    """Samples that came together.

    Attributes:
        times_ns: on the host's monotonic clock, strictly increasing.
        columns: counts per channel.
        sequences: the device's frame counters; empty where it sends none.
    """

    times_ns: list[int]
    columns: tuple[Counts, ...]
    sequences: tuple[int, ...]

    @property
    def forces(self) -> Counts:
        """Counts of the first channel."""
        return self.columns[0]


NO_BLOCK = Block([], ((),), ())


class Pipeline:
    """Bytes to timed samples for one line."""

    def __init__(self, driver: Driver) -> None:
        self._decoder = driver.new_decoder()
        self.clock = SampleClock(driver.tick, SECOND // driver.manifest.rate_hz)
        self.counters = self._decoder.counters

    def feed(self, stamp_ns: int, data: bytes) -> Block:
        """Samples completed by one chunk; ``NO_BLOCK`` if there are none."""
        frames = self._decoder.feed(data)
        if not frames:
            return NO_BLOCK
        counts, _, sequences, _ = zip(*frames, strict=True)
        times = self.clock.stamp(stamp_ns, frames)
        numbered = () if None in sequences else sequences
        return Block(times, tuple(zip(*counts, strict=True)), numbered)

    def reopen(self) -> None:
        """The line was closed and opened."""
        self._decoder.flush()
        self.clock.reopen()
