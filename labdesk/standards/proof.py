"""Proof strength: where the curve meets a line, and which elastic line is taken where the straight part is poor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from labdesk.domain.curve import Floats
from labdesk.standards.courses import first_true
from labdesk.standards.elastic import ElasticLine
from labdesk.standards.trace import Trace
from labdesk.standards.turning import valleys

_NOISY = 2e-4
_REACH = 1.5e-4
_MOST = 4000
_FEWEST = 8
_UNLOADED = 0.4
_STEPS = 12
#: Stretches of the rise whose means are tried as the place where the loop's line touches it.
_TOUCHES = 6
_STEP_SHARES = (0.1, 0.5)


@dataclass(frozen=True)
class Crossing:
    """Force where the curve meets a line, the nearer sample, and the sample before it."""

    force: float
    sample: int
    before: int


def crossing(trace: Trace, rest_of: Callable[[Floats, Floats], Floats], begin: int) -> Crossing | None:
    """Where ``rest_of`` strain and force first becomes positive from ``begin`` on; a noisy force is averaged by a line there."""
    end = trace.strain_end + 1
    reach = 4 * _MOST
    while True:
        stop = min(begin + reach, end)
        rest = rest_of(trace.strain[begin:stop], trace.force[begin:stop])
        after = first_true(rest > 0)
        if stop == end or (after is not None and after + _MOST + 1 < rest.size):
            break
        reach *= 2
    if not after:
        return None
    low, high = float(rest[after - 1]), float(rest[after])
    share = -low / (high - low)
    force = trace.force
    at = begin + after
    value = float(force[at - 1] + share * (force[at] - force[at - 1]))
    if trace.noise > _NOISY * value:
        value = _averaged(trace, rest, begin, (after, value))
    return Crossing(value, at if share > 0.5 else at - 1, at - 1)


def _averaged(trace: Trace, rest: Floats, begin: int, found: tuple[int, float]) -> float:
    after, value = found
    lowest = max(0, after - _MOST)
    below = np.flatnonzero(rest[lowest:after] <= -_REACH)
    first = lowest + int(below[-1]) + 1 if below.size else lowest
    beyond = np.flatnonzero(rest[after + 1 : after + _MOST + 1] >= _REACH)
    last = after + int(beyond[0]) if beyond.size else min(rest.size - 1, after + _MOST)
    if last - first < _FEWEST:
        return value
    x, y = rest[first : last + 1], trace.force[begin + first : begin + last + 1]
    x_mean, y_mean = float(x.mean()), float(y.mean())
    spread = float(((x - x_mean) ** 2).sum())
    tilt = float(((x - x_mean) * (y - y_mean)).sum()) / spread if spread > 0 else 0.0
    return y_mean - tilt * x_mean


def plastic_crossing(trace: Trace, line: ElasticLine, plastic: float) -> Crossing | None:
    """Where the parallel to ``line`` at the strain ``plastic`` meets the curve."""
    return crossing(trace, lambda strain, force: np.asarray(line.plastic(strain, force)) - plastic, line.high)


def line_by_loop(trace: Trace, line: ElasticLine) -> ElasticLine | None:
    """The line with the slope of a hysteresis loop, touching the curve's own rise; ``None`` without a loop."""
    force = trace.force[trace.start : trace.strain_end + 1]
    strain = trace.strain[trace.start : trace.strain_end + 1]
    for valley in valleys(force, _UNLOADED * float(trace.force[trace.peak])):
        again = valley.bottom + int(np.argmax(force[valley.bottom :] >= force[valley.crest] * 0.98))
        if again == valley.bottom or strain[valley.crest] <= strain[valley.bottom]:
            continue
        high, low = float(force[valley.crest]), float(force[valley.bottom])
        within = slice(valley.crest, again + 1)
        inner = (force[within] > low + 0.1 * (high - low)) & (force[within] < high - 0.2 * (high - low))
        x, y = strain[within][inner], force[within][inner]
        if x.size < _FEWEST:
            continue
        x, y = x - x.mean(), y - y.mean()
        slope = float((y * y).sum() / (x * y).sum()) if float((x * y).sum()) > 0 else 0.0
        if slope <= 0:
            continue
        rising = slice(int(np.argmax(force >= 0.1 * high)), int(np.argmax(force >= 0.6 * high)) + 1)
        parts = np.array_split(strain[rising] - force[rising] / slope, _TOUCHES)
        origin = min(float(part.mean()) for part in parts if part.size)
        return replace(line, slope=slope, origin=origin)
    return None


def line_by_steps(trace: Trace, line: ElasticLine) -> ElasticLine | None:
    """The line through 0.1 to 0.5 of the proof strength it gives itself (annex J); ``None`` where that does not settle."""
    force, strain = trace.force[: trace.peak + 1], trace.strain[: trace.peak + 1]
    rise = np.maximum.accumulate(force)
    current, value = line, float(force[line.high]) * 1.3
    for _ in range(_STEPS):
        first, last = (int(item) for item in np.searchsorted(rise, np.array(_STEP_SHARES) * value))
        if last - first < 3 or last >= force.size:
            return None
        x, y = strain[first : last + 1] - strain[first], force[first : last + 1]
        covariance = float(((x - x.mean()) * (y - y.mean())).sum())
        if covariance <= 0:
            return None
        slope = float(((y - y.mean()) ** 2).sum()) / covariance
        origin = float(strain[first] + x.mean() - y.mean() / slope)
        current = replace(line, slope=slope, origin=origin, low=first, high=last)
        found = plastic_crossing(trace, current, 0.002)
        if found is None:
            return None
        if abs(found.force - value) <= 0.001 * value:
            return current
        value = found.force
    return None
