"""The live curve of a run, thinned so that a client can draw it whole at any moment; the extremes of force always stay."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, cast

from labdesk.capture.blocks import Block
from labdesk.domain.capture import LivePoint
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, Channel

BIN_MS = 40
MOST_POINTS = 1500
MS = 1_000_000


class Row(NamedTuple):
    """One sample that may become a point."""

    elapsed_ms: int
    force: int
    counts: tuple[int | None, ...]


class LiveCurve:
    """Two points per time bin, the smallest and the largest force in it; when there are too many, bins are made twice as wide.

    Attributes:
        generation: grows whenever points already given out are replaced; a client then starts again.
        points: the curve, ``seq`` counting up within the generation.
    """

    def __init__(self, channels: tuple[Channel, ...]) -> None:
        self.generation = 0
        self.points: list[LivePoint] = []
        self._quantum = channels[0].quantum
        self._columns = tuple(
            next(((index, channel.quantum) for index, channel in enumerate(channels) if channel.name == name), None)
            for name in (EXTENSION, DISPLACEMENT)
        )
        self._width = BIN_MS
        self._bin: int | None = None
        self._low: Row | None = None
        self._high: Row | None = None
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
        forces: Sequence[int | None] = block.forces
        times = block.times_ns
        start, count = 0, len(times)
        while start < count:
            width_ns = self._width * MS
            place = (times[start] - zero_ns) // width_ns
            end = bisect_left(times, zero_ns + (place + 1) * width_ns, start)
            part = forces[start:end]
            if None not in part:
                known = cast("Sequence[int]", part)
                extremes = (start + known.index(min(known)), end - 1 - known[::-1].index(max(known)))
                self._take(place, zero_ns, block, extremes)
            elif found := [(force, index) for index, force in enumerate(part, start) if force is not None]:
                self._take(place, zero_ns, block, (min(found)[1], max(found)[1]))
            start = end

    def _take(self, place: int, zero_ns: int, block: Block, extremes: tuple[int, int]) -> None:
        if place != self._bin:
            self._close_bin()
            self._bin, self._low, self._high = place, None, None
        low, high = extremes
        if self._low is None or (block.forces[low] or 0) < self._low.force:
            self._low = self._row(zero_ns, block, low)
        if self._high is None or (block.forces[high] or 0) >= self._high.force:
            self._high = self._row(zero_ns, block, high)

    def _row(self, zero_ns: int, block: Block, index: int) -> Row:
        return Row(
            (block.times_ns[index] - zero_ns) // MS,
            block.forces[index] or 0,
            tuple(col[index] for col in block.columns),
        )

    def _close_bin(self) -> None:
        if self._low is None or self._high is None:
            return
        pair = sorted((self._low, self._high), key=lambda row: row.elapsed_ms)
        for row in pair[:1] if pair[0] == pair[1] else pair:
            self.points.append(self._point(len(self.points), row))
        if len(self.points) > MOST_POINTS:
            self._thin()

    def _point(self, seq: int, row: Row) -> LivePoint:
        lengths: list[Decimal | None] = []
        for column in self._columns:
            count = None if column is None else row.counts[column[0]]
            lengths.append(None if column is None or count is None else count * column[1])
        return LivePoint(seq, row.elapsed_ms, row.force * self._quantum, lengths[0], lengths[1])

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
