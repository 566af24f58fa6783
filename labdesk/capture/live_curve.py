"""The live curve of a run, thinned so that a client can draw it whole at any moment; the extremes of force always stay."""

from __future__ import annotations

from decimal import Decimal

from labdesk.capture.recorder import Sample
from labdesk.domain.capture import LivePoint
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, Channel

BIN_MS = 40
MOST_POINTS = 1500


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
        self._low: tuple[int, Sample] | None = None
        self._high: tuple[int, Sample] | None = None

    def clear(self) -> None:
        """A new run, or a start taken back."""
        self.generation += 1
        self.points = []
        self._width, self._bin, self._low, self._high = BIN_MS, None, None, None

    def add(self, elapsed_ms: int, sample: Sample) -> None:
        """Takes the next sample with a force."""
        force = sample.counts[0]
        if force is None:
            return
        place = elapsed_ms // self._width
        if place != self._bin:
            self._close_bin()
            self._bin, self._low, self._high = place, (elapsed_ms, sample), (elapsed_ms, sample)
            return
        if self._low is None or force < (self._low[1].counts[0] or 0):
            self._low = (elapsed_ms, sample)
        if self._high is None or force >= (self._high[1].counts[0] or 0):
            self._high = (elapsed_ms, sample)

    def _close_bin(self) -> None:
        if self._low is None or self._high is None:
            return
        pair = sorted((self._low, self._high), key=lambda item: item[1].time_ns)
        for elapsed_ms, sample in pair[:1] if pair[0][1] is pair[1][1] else pair:
            self.points.append(self._point(len(self.points), elapsed_ms, sample))
        if len(self.points) > MOST_POINTS:
            self._thin()

    def _point(self, seq: int, elapsed_ms: int, sample: Sample) -> LivePoint:
        lengths: list[Decimal | None] = []
        for column in self._columns:
            count = None if column is None else sample.counts[column[0]]
            lengths.append(None if column is None or count is None else count * column[1])
        return LivePoint(seq, elapsed_ms, (sample.counts[0] or 0) * self._quantum, lengths[0], lengths[1])

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
