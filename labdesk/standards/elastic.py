"""The straight part of a tensile curve: slope and origin, from the window that fixes the slope best.

All windows on a grid of force levels are tried with running sums, so the cost does not grow with their number. Widest wins among
those nearly as good as the best: wide windows average noise, curved or noisy ones lose by their own standard error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labdesk.domain.curve import Floats
from labdesk.standards.courses import first_reached
from labdesk.standards.trace import Trace

_LEVELS = 240
_GRID = 24
_NARROWEST = 6
_FEWEST = 4
#: Largest single step of a window, of its whole rise: what lies mostly in one step (a gap) is no straight part that was seen.
_LARGEST_STEP = 0.4
_POOR_ERROR = 0.01
_FALLS_TO = 0.3
_NEARLY_AS_GOOD = 1.6
#: Another part of the curve contradicts the straight part: its own doubt at most, and its slope between these shares away.
_STRAIGHT_DOUBT = 0.006
_OTHER_SLOPE = 0.02
_OVERLAP = 2
_ALIKE = 0.1


@dataclass(frozen=True)
class ElasticLine:
    """``force = slope * (strain - origin)``.

    Attributes:
        slope: kN per unit strain. ``origin``: strain at zero force on the line.
        error: relative standard error of the slope.
        low, high: first and last sample of the window (inclusive).
        poor: the slope is not fixed well enough for a value of its own.
    """

    slope: float
    origin: float
    error: float
    low: int
    high: int
    poor: bool

    def plastic(self, strain: Floats | float, force: Floats | float) -> Floats | float:
        """Strain beyond the line."""
        return strain - self.origin - force / self.slope


def elastic_line(trace: Trace) -> ElasticLine | None:
    """The straight part, or ``None`` where the strain does not rise with the force at all."""
    reached = _first_reached(trace)
    reference = _yield_level(trace, reached)
    if reference is None:
        return None
    edges = _edges(trace, reference)
    return _best_window(trace, edges)


def _first_reached(trace: Trace) -> NDArray[np.intp]:
    """Index at which each of the force levels up to the peak is first reached."""
    top = float(trace.force[trace.peak])
    levels = np.minimum(np.linspace(0.0, 1.0, _LEVELS + 1)[1:] * top, top)
    return first_reached(trace.force[trace.start : trace.peak + 1], levels) + trace.start


def _yield_level(trace: Trace, reached: NDArray[np.intp]) -> float | None:
    """Force at which the curve clearly leaves its steepest course."""
    strain, force = trace.strain[reached], trace.force[reached]
    wide, narrow = _LEVELS // 5, _LEVELS // 24
    if reached.size <= wide:
        return None
    run, rise = strain[wide:] - strain[:-wide], force[wide:] - force[:-wide]
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.where((run > 0) & (rise > 0), rise / run, 0.0)
    if not slopes.any():
        return None
    steepest = int(np.argmax(slopes))
    level = steepest + wide // 2
    while level + narrow < reached.size:
        run_here = strain[level + narrow] - strain[level]
        if run_here > 0 and (force[level + narrow] - force[level]) / run_here < _FALLS_TO * slopes[steepest]:
            break
        level += 1
    return float(force[min(level, reached.size - 1)])


def _edges(trace: Trace, reference: float) -> NDArray[np.intp]:
    levels = np.linspace(0.05, 0.95, _GRID) * reference
    return first_reached(trace.force[trace.start : trace.peak + 1], levels) + trace.start


def _best_window(trace: Trace, edges: NDArray[np.intp]) -> ElasticLine | None:
    first, last = int(edges[0]), int(edges[-1])
    sums = _Sums(trace.strain[first : last + 1], trace.force[first : last + 1])
    low, high = np.triu_indices(_GRID, k=_NARROWEST)
    begin, stop = edges[low] - first, edges[high] - first + 1
    slope, error, good = sums.slopes(begin, stop)
    good &= _passed_in_steps(trace.force[edges], low, high)
    if not good.any():
        return None
    bend = _bend(sums, (slope, error), (begin, stop), edges - first, (low, high))
    found = _Windows(low, high, slope, np.where(good, error, np.inf), bend)
    best = found.widest(_STRICT)
    if found.contradicted(best):
        best = found.widest(_LENIENT)
    doubt = float(found.doubt(_STRICT.bend_share)[best])
    chosen = float(slope[best])
    mean_x, mean_y = sums.means(int(begin[best]), int(stop[best]))
    share = float(trace.noise / max(float(trace.force[trace.peak]), 1e-12))
    poor = bool(doubt > _POOR_ERROR or share > 0.02)
    origin = float(mean_x - mean_y / chosen)
    return ElasticLine(chosen, origin, doubt, first + int(begin[best]), first + int(stop[best]) - 1, poor)


def _passed_in_steps(reached: Floats, low: NDArray[np.intp], high: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each window is passed in steps, none of which is most of it."""
    steps = np.diff(reached)
    largest = np.zeros((reached.size, reached.size))
    for first in range(steps.size):
        largest[first, first + 1 :] = np.maximum.accumulate(steps[first:])
    passed: NDArray[np.bool_] = largest[low, high] <= _LARGEST_STEP * (reached[high] - reached[low])
    return passed


def _bend(
    sums: _Sums,
    whole: tuple[Floats, Floats],
    parts: tuple[NDArray[np.intp], NDArray[np.intp]],
    edges: NDArray[np.intp],
    levels: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> Floats:
    """By how much of the slope each window bends, beyond what its scatter explains: half against half, and middle against whole."""
    (slope, error), (begin, stop), (low, high) = whole, parts, levels
    centre, quarter = edges[(low + high) // 2], (high - low) // 4
    halves = [sums.slopes(begin, centre + 1), sums.slopes(centre, stop)]
    inner = sums.slopes(edges[low + quarter], edges[high - quarter] + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.abs(halves[1][0] - halves[0][0]) / slope - np.hypot(halves[0][1], halves[1][1])
        bulge = 1.0 * (np.abs(inner[0] - slope) / slope - np.hypot(inner[1], error))
    apart = np.where(halves[0][2] & halves[1][2], apart, 0.0)
    bulge = np.where(inner[2], bulge, 0.0)
    found: Floats = np.nan_to_num(np.maximum(np.maximum(apart, bulge), 0.0))
    return found


@dataclass(frozen=True)
class _Choice:
    """How a window is chosen: the share of its bend that counts as doubt, and the doubt that does not matter."""

    bend_share: float
    floor: float


#: A curve with a straight part; a curve that bends gently all the way, of which only a mean slope can be given.
_STRICT = _Choice(0.5, 1e-4)
_LENIENT = _Choice(0.1, 4e-3)


@dataclass(frozen=True, eq=False)
class _Windows:
    """All windows tried: first and last grid level, slope, its relative error, and how far the slopes of its halves differ."""

    low: NDArray[np.intp]
    high: NDArray[np.intp]
    slope: Floats
    error: Floats
    bend: Floats

    def doubt(self, bend_share: float) -> Floats:
        """Relative doubt of each slope."""
        doubts: Floats = np.hypot(self.error, bend_share * self.bend)
        return doubts

    def widest(self, choice: _Choice) -> int:
        """The widest window among those nearly as good as the best."""
        doubt = self.doubt(choice.bend_share)
        limit = _NEARLY_AS_GOOD * max(float(doubt.min()), choice.floor)
        width = np.where(doubt <= limit, self.high - self.low, -1)
        return int(np.lexsort((self.low, doubt, -width))[0])

    def contradicted(self, best: int) -> bool:
        """Whether another part of the curve is as straight and yet of another slope: then there is no one straight part."""
        doubt = self.doubt(_STRICT.bend_share)
        apart = np.abs(self.slope / self.slope[best] - 1.0)
        other = (self.low >= self.high[best] - _OVERLAP) | (self.high <= self.low[best] + _OVERLAP)
        other &= (doubt <= _STRAIGHT_DOUBT) & (apart > _OTHER_SLOPE) & (apart < _ALIKE)
        return bool((other & (apart > 3.0 * np.hypot(doubt, doubt[best]))).any())


class _Sums:
    """Running sums of a stretch of the curve, so that the slope of any part of it costs the same."""

    def __init__(self, strain: Floats, force: Floats) -> None:
        self._x0, self._y0 = float(strain[0]), float(force[0])
        x, y = strain - self._x0, force - self._y0
        self._sums = [np.concatenate(([0.0], np.cumsum(series))) for series in (x, y, x * x, x * y, y * y)]

    def slopes(self, begin: NDArray[np.intp], stop: NDArray[np.intp]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Slope, its relative standard error, and whether it could be computed, for each part."""
        count = (stop - begin).astype(np.float64)
        sx, sy, sxx, sxy, syy = (total[stop] - total[begin] for total in self._sums)
        with np.errstate(divide="ignore", invalid="ignore"):
            cxx, cxy, cyy = sxx - sx * sx / count, sxy - sx * sy / count, syy - sy * sy / count
            slope = cyy / cxy
            rest = np.maximum(cxx - cxy * cxy / cyy, 0.0)
            error = np.sqrt(rest / np.maximum(count - 2, 1) / cyy) * slope
        good = (count >= _FEWEST) & (cxy > 0) & np.isfinite(slope) & np.isfinite(error)
        return slope, error, good

    def means(self, begin: int, stop: int) -> tuple[float, float]:
        """Mean strain and force of one part."""
        count = stop - begin
        x, y = (float(total[stop] - total[begin]) / count for total in self._sums[:2])
        return x + self._x0, y + self._y0
