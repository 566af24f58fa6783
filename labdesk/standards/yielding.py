"""Upper and lower yield strength on a trace (GB/T 228.1-2021, 3.10.2 and annex C).

ReH: the first force maximum followed by a fall of at least 0.5 % and a strain of at least 0.05 % in which the force does not come
back above it. Quenched and tempered steels show shallow, rounded depressions of 0.5 to 1 % that also meet these two numbers but
are no yielding at constant force; therefore the fall must be sudden, and a fall below 1.5 % must start from a straight line.

ReL: the lowest force while yielding, the initial transient left out: of two or more valleys the first is dropped; a plateau
after the transient gives the plateau's lowest; a single valley stands. ReL is below ReH.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from labdesk.domain.curve import Floats
from labdesk.standards.elastic import ElasticLine
from labdesk.standards.trace import StrainSource, Trace

_DROP = 0.005
_STRAIN_BELOW = 0.0005
_LOWEST_SHARE = 0.3
_MOST_PLASTIC = 0.01
_SOON = 0.003
_SUDDEN = 0.001
_SHALLOW = 0.015
_STRAIGHT = 0.0003
_NOISE_HEIGHT = 7.0
_PLATEAU_STRAIN = 0.001
_TRANSIENT_STRAIN = 0.005
_FLAT_SHARE = 0.25
_FLAT_STRAIN = 0.008
_YIELD_STRAIN = 0.06
_HARDENS = 1.03


@dataclass(frozen=True)
class YieldPoints:
    """Samples of the yield points.

    Attributes:
        upper: index of ReH, or ``None``.
        lower: first and last+1 of the samples whose mean force is ReL (usually one sample), or ``None``.
        hardening: first sample after which the force only counts for Rm.
        dropless: ReL is a plateau without a preceding fall.
    """

    upper: int | None = None
    lower: tuple[int, int] | None = None
    hardening: int | None = None
    dropless: bool = False


def find_yield(trace: Trace, line: ElasticLine | None) -> YieldPoints:
    """Yield points of the trace; empty where the material yields continuously."""
    upper = _upper(trace, line)
    if upper is None:
        flat = _flat(trace, line)
        return YieldPoints(lower=flat, hardening=flat[1], dropless=True) if flat else YieldPoints()
    lower = _lower(trace, upper)
    if lower is None:
        return YieldPoints(upper=upper)
    return YieldPoints(upper, lower, lower[1] - 1)


def _upper(trace: Trace, line: ElasticLine | None) -> int | None:
    force = trace.force[trace.start : trace.end + 1]
    strain = trace.strain[trace.start : trace.end + 1]
    if force.size < 4:
        return None
    largest = np.maximum.accumulate(force)
    records = np.concatenate(([0], np.flatnonzero(force[1:] > largest[:-1]) + 1))
    following = np.concatenate((records[1:], [force.size]))
    tops = force[records]
    drop = tops - np.minimum.reduceat(force, records)
    below = strain[following - 1] - strain[records]
    need = np.maximum(_DROP * tops, 0.002 * tops + _NOISE_HEIGHT * trace.noise)
    good = (drop >= need) & (below >= _STRAIN_BELOW) & (tops >= _LOWEST_SHARE * largest[-1])
    if line is not None and not line.poor:
        good &= np.asarray(line.plastic(strain[records], tops)) <= _MOST_PLASTIC
    for record in (int(item) for item in records[good]):
        if not _sudden(trace, line, trace.start + record):
            continue
        if record != records[-1] or _yields_at_top(force, strain, record, trace.noise):
            return trace.start + record
    return None


def _sudden(trace: Trace, line: ElasticLine | None, top: int) -> bool:
    """Whether the fall after ``top`` is sudden, and deep unless the curve was straight up to it."""
    level = float(trace.force[top])
    after = trace.force[top : trace.end + 1]
    strain = np.maximum.accumulate(trace.strain[top : trace.end + 1]) - trace.strain[top]
    soon = max(int(np.searchsorted(strain, _SUDDEN, side="right")), 3)
    if level - float(after[:soon].min()) < _DROP * level:
        return False
    near = max(int(np.searchsorted(strain, _SOON, side="right")), 3)
    if level - float(after[:near].min()) >= _SHALLOW * level:
        return True
    if line is None or line.poor or trace.source is StrainSource.TIME:
        return False
    return float(line.plastic(float(trace.strain[top]), level)) <= _STRAIGHT


def _yields_at_top(force: Floats, strain: Floats, top: int, noise: float) -> bool:
    """Whether the largest force of all is a yield point and not the onset of necking: it falls at once, then rises or stays."""
    after = force[top:]
    need = max(_DROP * float(force[top]), 0.002 * float(force[top]) + _NOISE_HEIGHT * noise)
    course = np.maximum.accumulate(strain[top:])
    soon, later = (int(item) for item in np.searchsorted(course, strain[top] + np.array([_SOON, _SOON + 0.005])))
    window = after[: max(soon, 2)]
    fell = bool(force[top] - window.min() >= need)
    rises = bool((after - np.minimum.accumulate(after)).max() >= need)
    stays = later < after.size and abs(float(after[later] - after[soon])) <= 0.01 * float(force[top])
    return fell and (rises or stays)


def _window(trace: Trace, level: float) -> int:
    """Samples to average so that noise cannot lower a plateau by more than 0.05 %; one where the signal is quiet."""
    if 3.0 * trace.noise <= 0.001 * level:
        return 1
    return min(401, 2 * math.ceil((3.0 * trace.noise / (0.0005 * level)) ** 2 / 2) + 1)


def _means(values: Floats, window: int) -> Floats:
    if window <= 1 or values.size <= window:
        return values
    total = np.concatenate(([0.0], np.cumsum(values)))
    means: Floats = (total[window:] - total[:-window]) / window
    return means


def _lower(trace: Trace, upper: int) -> tuple[int, int] | None:
    top = float(trace.force[upper])
    stop = trace.peak if trace.peak > upper else trace.end
    beyond = np.searchsorted(
        np.maximum.accumulate(trace.strain[upper : stop + 1]), trace.strain[upper] + _YIELD_STRAIN, side="right"
    )
    stop = min(stop, upper + int(beyond))
    if stop - upper < 2:
        return None
    zone = trace.force[upper : stop + 1]
    window = min(_window(trace, top), max(1, zone.size // 10))
    course = _means(zone, window)
    strain = np.maximum.accumulate(trace.strain[upper : stop + 1])[: course.size]
    height = max(0.0015 * top, 5.0 * trace.noise / math.sqrt(window), 2.5 * trace.quantum)
    found = _valley(course, strain, height, top)
    if found is None or not course[found] < top:
        return None
    return upper + found, upper + found + (window if course.size != zone.size or window == 1 else 1)


def _valley(course: Floats, strain: Floats, height: float, top: float) -> int | None:
    risen = course - np.minimum.accumulate(course)
    turn = np.flatnonzero(risen >= height)
    if not turn.size:
        return int(np.argmin(course))
    first = int(np.argmin(course[: int(turn[0]) + 1]))
    rest = course[first:]
    fallen = np.flatnonzero(np.maximum.accumulate(rest) - rest >= height)
    if fallen.size:
        crest = first + int(np.argmax(rest[: int(fallen[0]) + 1]))
        return crest + int(np.argmin(course[crest:]))
    plateau = _plateau_after(course, strain, first, height, top)
    return plateau if plateau is not None else first


def _plateau_after(course: Floats, strain: Floats, first: int, height: float, top: float) -> int | None:
    """Lowest sample of the first flat stretch that lies clearly above the transient's bottom, or ``None``."""
    begin = first + int(np.argmax(course[first:] >= course[first] + height))
    ends = np.searchsorted(strain, strain[begin:] + _PLATEAU_STRAIN)
    ends = np.maximum(ends, np.arange(begin, course.size) + 3)
    inside = ends < course.size
    if not inside.any():
        return None
    starts = np.arange(begin, course.size)[inside]
    rise = course[ends[inside]] - course[starts]
    near = strain[starts] <= strain[first] + _TRANSIENT_STRAIN
    flat = np.flatnonzero(near & (rise <= _FLAT_SHARE * height) & (course[ends[inside]] < top))
    if not flat.size:
        return None
    start, end = int(starts[flat[0]]), int(ends[inside][flat[0]])
    middle = (start + end) // 2
    return middle + int(np.argmin(course[middle:]))


def _flat(trace: Trace, line: ElasticLine | None) -> tuple[int, int] | None:
    """A plateau without a fall: 0.8 % of strain without any increase of force, hardening later."""
    if line is None or line.poor:
        return None
    force = trace.force[line.high : trace.peak + 1]
    strain = np.maximum.accumulate(trace.strain[line.high : trace.peak + 1])
    peak = float(trace.force[trace.peak])
    window = min(_window(trace, peak), max(1, force.size // 50))
    course = _means(force, window)
    strain = strain[: course.size]
    ends = np.maximum(np.searchsorted(strain, strain + _FLAT_STRAIN), np.arange(course.size) + 5)
    starts = np.flatnonzero(ends < course.size)
    if not starts.size:
        return None
    tolerance = max(0.0005 * peak, 3.0 * trace.noise / math.sqrt(window), trace.quantum)
    level = course[starts]
    plastic = np.asarray(line.plastic(strain[starts], level))
    good = (course[ends[starts]] - level <= tolerance) & (plastic <= 0.005) & (plastic >= 0.0002)
    good &= peak >= _HARDENS * level
    if not good.any():
        return None
    begin = int(starts[np.argmax(good)])
    lowest = begin + int(np.argmin(course[begin : int(ends[begin]) + 1]))
    return line.high + lowest, line.high + lowest + window
