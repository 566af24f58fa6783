"""The live curve of a run, thinned so that a client can draw it whole at any moment; the extremes of force always stay."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple, cast

from labdesk.capture.blocks import Block
from labdesk.domain.capture import LivePoint
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, Channel

BIN_MS = 40
MOST_POINTS = 1500
MS = 1_000_000
LENGTHS = (EXTENSION, DISPLACEMENT)


class Extreme(NamedTuple):
    """The sample with the smallest or largest force of a bin so far."""

    force: int
    zero_ns: int
    block: Block
    at: int

    def shown(self) -> tuple[int, tuple[int | None, ...]]:
        """Milliseconds since the beginning of the curve, and the counts of all channels."""
        elapsed_ns = self.block.times_ns[self.at] - self.zero_ns
        return elapsed_ns // MS, tuple([column[self.at] for column in self.block.columns])


Beside = Callable[[str, int], Decimal | None]
"""Channel and moment -> what another device of the run measured then."""


def _alone(name: str, time_ns: int) -> Decimal | None:
    """There is no other device."""
    return None


class LiveCurve:
    """Two points per time bin, the smallest and the largest force in it; when there are too many, bins are made twice as wide.

    Attributes:
        generation: grows whenever points already given out are replaced; a client then starts again.
        points: the curve, ``seq`` counting up within the generation.
    """

    def __init__(self, channels: tuple[Channel, ...], beside: Beside = _alone) -> None:
        """``beside`` is asked for the lengths that this machine does not measure itself."""
        self._beside = beside
        self.generation = 0
        self.points: list[LivePoint] = []
        self._quantum = channels[0].quantum
        self._columns = tuple(
            next(((index, channel.quantum) for index, channel in enumerate(channels) if channel.name == name), None)
            for name in LENGTHS
        )
        self._width = BIN_MS
        self._bin: int | None = None
        self._low: Extreme | None = None
        self._high: Extreme | None = None
        self._gaps_ms: list[int] = []

    def clear(self) -> None:
        """A new run, or a start taken back."""
        self.generation += 1
        self.points, self._gaps_ms = [], []
        self._width, self._bin, self._low, self._high = BIN_MS, None, None, None

    def interrupt(self, elapsed_ms: int) -> None:
        """Samples are missing before the one at ``elapsed_ms``."""
        self._gaps_ms.append(elapsed_ms)

    def gap_seqs(self) -> tuple[int, ...]:
        """Numbers of the points before which samples are missing."""
        if not self._gaps_ms:
            return ()
        times = [point.elapsed_ms for point in self.points]
        return tuple(sorted({seq for gap in self._gaps_ms if 0 < (seq := bisect_left(times, gap)) < len(times)}))

    def add(self, zero_ns: int, block: Block) -> None:
        """Takes the next samples; ``zero_ns``: when the curve begins."""
        forces, times = block.forces, block.times_ns
        start, count, whole = 0, len(times), None not in forces
        while start < count:
            width_ns = self._width * MS
            place = (times[start] - zero_ns) // width_ns
            limit_ns = zero_ns + (place + 1) * width_ns
            end = count if times[-1] < limit_ns else bisect_left(times, limit_ns, start)
            if place != self._bin:
                self._close_bin()
                self._bin, self._low, self._high = place, None, None
            if whole:
                self._take(zero_ns, block, start, cast("Sequence[int]", forces[start:end]))
            else:
                for index, force in enumerate(forces[start:end], start):
                    if force is not None:
                        self._take(zero_ns, block, index, (force,))
            start = end

    def _take(self, zero_ns: int, block: Block, start: int, forces: Sequence[int]) -> None:
        """Forces of one bin: the first of the smallest and the last of the largest stay."""
        low, high = min(forces), max(forces)
        if self._low is None or low < self._low.force:
            self._low = Extreme(low, zero_ns, block, start + forces.index(low))
        if self._high is None or high >= self._high.force:
            self._high = Extreme(high, zero_ns, block, start + len(forces) - 1 - forces[::-1].index(high))

    def _close_bin(self) -> None:
        if self._low is None or self._high is None:
            return
        first, second = self._low.shown(), self._high.shown()
        if second[0] < first[0]:
            first, second = second, first
        zero_ns = self._low.zero_ns
        self._point(zero_ns, *first)
        if first != second:
            self._point(zero_ns, *second)
        if len(self.points) > MOST_POINTS:
            self._thin()

    def _point(self, zero_ns: int, elapsed_ms: int, counts: tuple[int | None, ...]) -> None:
        lengths: list[Decimal | None] = []
        for name, column in zip(LENGTHS, self._columns, strict=True):
            if column is None:
                lengths.append(self._beside(name, zero_ns + elapsed_ms * MS))
            else:
                count = counts[column[0]]
                lengths.append(None if count is None else count * column[1])
        force = (counts[0] or 0) * self._quantum
        self.points.append(LivePoint(len(self.points), elapsed_ms, force, lengths[0], lengths[1]))

    def _thin(self) -> None:
        kept: list[LivePoint] = []
        for start in range(0, len(self.points), 4):
            group = self.points[start : start + 4]
            low, high = min(group, key=_force), max(group, key=_force)
            kept.extend(sorted({low.seq: low, high.seq: high}.values(), key=lambda point: point.seq))
        self.points = [
            LivePoint(seq, point.elapsed_ms, point.force_kn, point.extension_mm, point.displacement_mm)
            for seq, point in enumerate(kept)
        ]
        self._width *= 2
        self.generation += 1


def _force(point: LivePoint) -> Decimal:
    return point.force_kn
