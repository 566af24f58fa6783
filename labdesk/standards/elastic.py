"""The straight part of a tensile curve: slope and origin, from the window that fixes the slope best.

All windows on a grid of force levels are tried with running sums, so the cost does not grow with their number. Widest wins among
those nearly as good as the best: wide windows average noise, curved or noisy ones lose by their own standard error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labdesk.domain.curve import Floats
from labdesk.standards.trace import Trace

_LEVELS = 240
_GRID = 20
_NARROWEST = 0.25
_FALLS_TO = 0.3
_POOR_ERROR = 0.01
_NEARLY_AS_GOOD = 1.6


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
    rise = np.maximum.accumulate(trace.force[trace.start : trace.peak + 1])
    levels = np.linspace(0.0, 1.0, _LEVELS + 1)[1:] * float(trace.force[trace.peak])
    reached: NDArray[np.intp] = np.searchsorted(rise, np.minimum(levels, rise[-1])) + trace.start
    return reached


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
    rise = np.maximum.accumulate(trace.force[trace.start : trace.peak + 1])
    levels = np.linspace(0.05, 0.95, _GRID) * reference
    edges: NDArray[np.intp] = np.searchsorted(rise, levels) + trace.start
    return edges


def _best_window(trace: Trace, edges: NDArray[np.intp]) -> ElasticLine | None:
    first, last = int(edges[0]), int(edges[-1])
    x, y = trace.strain[first : last + 1], trace.force[first : last + 1]
    x0, y0 = float(x[0]), float(y[0])
    x, y = x - x0, y - y0
    sums = [np.concatenate(([0.0], np.cumsum(series))) for series in (x, y, x * x, x * y, y * y)]
    low, high = np.triu_indices(_GRID, k=round(_NARROWEST * _GRID / 0.9))
    begin, stop = edges[low] - first, edges[high] - first + 1
    count = (stop - begin).astype(np.float64)
    sx, sy, sxx, sxy, syy = (total[stop] - total[begin] for total in sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        cxx, cxy, cyy = sxx - sx * sx / count, sxy - sx * sy / count, syy - sy * sy / count
        slope = cyy / cxy
        rest = np.maximum(cxx - cxy * cxy / cyy, 0.0)
        error = np.sqrt(rest / np.maximum(count - 2, 1) / cyy) * slope
    good = (count >= 4) & (cxy > 0) & np.isfinite(slope) & np.isfinite(error)
    if not good.any():
        return None
    floor = max(float(np.min(error[good])), 1e-4)
    width = np.where(good & (error <= _NEARLY_AS_GOOD * floor), high - low, -1)
    best = int(np.lexsort((low, error, -width))[0])
    chosen = float(slope[best])
    mean_x, mean_y = sx[best] / count[best] + x0, sy[best] / count[best] + y0
    share = float(trace.noise / max(float(trace.force[trace.peak]), 1e-12))
    poor = bool(error[best] > _POOR_ERROR or share > 0.02)
    origin = float(mean_x - mean_y / chosen)
    return ElasticLine(chosen, origin, float(error[best]), first + int(begin[best]), first + int(stop[best]) - 1, poor)
