"""Upper and lower yield strength on a trace (GB/T 228.1-2021, 3.10.2 and annex C).

ReH: the first force maximum followed by a fall of at least 0.5 % and a strain of at least 0.05 % in which the force does not come
back above it. Quenched and tempered steels show shallow, rounded depressions of 0.5 to 1 % that also meet these two numbers but
are no yielding at constant force; therefore the fall must be sudden, and a fall below 1.5 % must start from a straight line or
lead to a plateau of at least 1 % strain. Without an extensometer a fall after which the force climbs back as steeply as before is
a slip of the grips, not yielding.

ReL: the lowest force while yielding, the initial transient left out: of two or more valleys the first is dropped; a plateau
after the transient gives the plateau's lowest; a single valley stands. A dip without strain (the piece was unloaded or held) is
no valley. ReL is below ReH.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from labdesk.domain.curve import Floats
from labdesk.standards.courses import first_reached, first_true, running_max, tops_with_falls
from labdesk.standards.elastic import ElasticLine
from labdesk.standards.trace import StrainSource, Trace
from labdesk.standards.turning import Valley, valleys

_DROP = 0.005
_STRAIN_BELOW = 0.0005
_LONG_BELOW = 0.01
_LOWEST_SHARE = 0.3
_MOST_PLASTIC = 0.01
_SOON = 0.003
_SUDDEN = 0.001
_SHALLOW = 0.015
_DEEP_WITHOUT_STRAIN = 0.02
_STRAIGHT = 0.00036
_NOISE_HEIGHT = 7.0
_CHANCE = 3.3
_RAMP = 60
_MOST_MEANT = 41
_SLIP_STIFFNESS = 0.5
_SLIP_SPENT = 0.0015
_SLIP_RUN = 0.01
_NO_STRAIN = 0.0002
#: Strain a held piece may gain, as a multiple of the share of the force it loses (the frame relaxes into it).
_HELD_STRAIN = 0.016
_DIP = 0.004
_MOST_DIPS = 20
_REBOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.004)
_KNEE = 0.4
#: Rise of the force per strain, of ReH, above which what follows a rebound is hardening and no plateau; asked of the crosshead
#: alone, on whose axis a rebound may take no strain at all (the frame springs back) and everything after it looks flat.
_RISES = 5.0
_LEAST_RUN = 1e-6
_AVERAGED_STRAIN = 0.0003
_FLAT_STRAIN = 0.008
_YIELD_STRAIN = 0.06
_HARDENED = 1.005
_HARDENS = 1.03
_ENDS = 0.01


@dataclass(frozen=True)
class YieldPoints:
    """Samples of the yield points.

    Attributes:
        upper: index of ReH, or ``None``.
        summit: first and last+1 of the samples whose mean force is ReH: the one sample, or a few where the noise is high.
        fallen: first sample at least 0.5 % below ReH.
        lower: first and last+1 of the samples whose mean force is ReL (usually one sample), or ``None``.
        hardening: first sample after which the force only counts for Rm.
        yielded: last sample of the yielding (the force then leaves ReL for good).
        dropless: ReL is a plateau without a preceding fall.
    """

    upper: int | None = None
    summit: tuple[int, int] | None = None
    fallen: int | None = None
    lower: tuple[int, int] | None = None
    hardening: int | None = None
    yielded: int | None = None
    dropless: bool = False


def find_yield(trace: Trace, line: ElasticLine | None) -> YieldPoints:
    """Yield points of the trace; empty where the material yields continuously."""
    strain = trace.advance()
    upper = _upper(trace, line, strain)
    if upper is None:
        flat = _flat(trace, line)
        return YieldPoints(lower=flat, hardening=flat[1], yielded=flat[1], dropless=True) if flat else YieldPoints()
    below = trace.force[upper : trace.end + 1] <= (1.0 - _DROP) * trace.force[upper]
    fallen = upper + int(np.argmax(below)) if below.any() else trace.end
    summit = _summit(trace, upper)
    zone = _Zone(trace, strain, upper)
    lower = zone.lowest()
    if lower is None:
        return YieldPoints(upper, summit, fallen)
    return YieldPoints(upper, summit, fallen, lower, lower[1] - 1, zone.ends_after(lower))


def _upper(trace: Trace, line: ElasticLine | None, strain: Floats) -> int | None:
    force = trace.force[trace.start : trace.end + 1]
    if force.size < 4:
        return None
    least = _LOWEST_SHARE * float(trace.force[trace.peak])
    tops = tops_with_falls(force, least, lambda top: np.maximum(_DROP * top, 0.002 * top + _NOISE_HEIGHT * trace.noise))
    records, following = first_reached(force, tops), first_reached(force, np.nextafter(tops, np.inf))
    good = strain[following - 1] - strain[records] >= _STRAIN_BELOW
    if trace.source is StrainSource.TIME:
        lowest = [float(force[first:last].min()) for first, last in zip(records, following, strict=True)]
        good |= tops - np.array(lowest) >= _DEEP_WITHOUT_STRAIN * tops
    if line is not None and not line.poor:
        good &= np.asarray(line.plastic(trace.strain[trace.start + records], tops)) <= _MOST_PLASTIC
    for item in np.flatnonzero(good):
        top = int(records[item])
        if not _sudden(trace, line, strain, top):
            continue
        if following[item] == force.size:
            if _yields_at_top(force, strain, top, trace.noise):
                return trace.start + top
        elif not _slipped(trace, strain, top, int(following[item])):
            return trace.start + top
    return None


def _summit(trace: Trace, upper: int) -> tuple[int, int]:
    """The samples of ReH: where noise alone lifts the highest sample by more than 0.2 %, as many as the ramp allows are averaged."""
    level = float(trace.force[upper])
    if _CHANCE * trace.noise <= 0.002 * level:
        return upper, upper + 1
    before = max(trace.start, upper - _RAMP)
    ramp = float(level - trace.force[before]) / max(upper - before, 1)
    width = min(_MOST_MEANT, 1 + int(4.0 * trace.noise / ramp)) if ramp > 0 else _MOST_MEANT
    begin = max(trace.start, upper - 2 * width)
    means = _means(trace.force[begin : min(upper + 2 * width, trace.end) + 1], width)
    first = begin + int(np.argmax(means))
    return first, first + width


def _slipped(trace: Trace, strain: Floats, top: int, again: int) -> bool:
    """Whether the force climbs back past ``top`` as steeply as it came: then the grips slipped. An extensometer tells by itself."""
    if trace.source is StrainSource.EXTENSOMETER:
        return False
    force = trace.force[trace.start : trace.end + 1]
    level = float(force[top])
    first = int(np.searchsorted(np.maximum.accumulate(force[: top + 1]), 0.9 * level))
    before = _stiffness(force, strain, first, top)
    beyond = np.flatnonzero(force[again:] >= 1.03 * level)
    last = again + int(beyond[0]) if beyond.size else force.size - 1
    after = _stiffness(force, strain, again, max(last, again + 1))
    if before <= 0 or after <= _SLIP_STIFFNESS * before:
        return False
    # With time alone a machine that runs faster after yielding climbs as steeply, and so does one that was held in between;
    # but a slip is over at once, and no longer than a few millimetres.
    spent = (
        float(strain[min(again, force.size - 1)] - strain[top]) - 1.5 * (level - float(force[top:again].min())) / before
    )
    return spent < (_SLIP_SPENT if trace.source is StrainSource.TIME else _SLIP_RUN)


def _stiffness(force: Floats, strain: Floats, first: int, last: int) -> float:
    last = min(last, force.size - 1)
    run = float(strain[last] - strain[first])
    return float(force[last] - force[first]) / run if run > 0 else 0.0


def _sudden(trace: Trace, line: ElasticLine | None, strain: Floats, top: int) -> bool:
    """Whether the fall after ``top`` is sudden, and deep unless the curve was straight up to it or a long plateau follows."""
    force = trace.force[trace.start : trace.end + 1]
    level = float(force[top])
    soon, near, far = (
        max(int(np.searchsorted(strain, strain[top] + reach, side="right")), top + 3)
        for reach in (_SUDDEN, _SOON, _LONG_BELOW)
    )
    if level - float(force[top:soon].min()) < _DROP * level or not _falls_in_means(trace, force, top, soon):
        return False
    if level - float(force[top:near].min()) >= _SHALLOW * level:
        return True
    if trace.source is StrainSource.TIME:
        return False
    if far < force.size and float(force[top + 1 : far].max()) <= level:
        return True
    if line is None or line.poor:
        return False
    return float(line.plastic(float(trace.strain[trace.start + top]), level)) <= _STRAIGHT


def _falls_in_means(trace: Trace, force: Floats, top: int, soon: int) -> bool:
    """Whether a noisy signal falls in its means too, and not only from one chance extreme to another."""
    level = float(force[top])
    if _NOISE_HEIGHT * trace.noise <= 0.6 * _DROP * level:
        return True
    window = min(_window(trace, level), max(1, (soon - top) // 4))
    before = _means(force[max(0, top - window) : top + window], window)
    after = _means(force[top:soon], window)
    return bool(before.max() - after.min() >= max(_DROP * level, 6.0 * trace.noise / math.sqrt(window)))


def _yields_at_top(force: Floats, strain: Floats, top: int, noise: float) -> bool:
    """Whether the largest force of all is a yield point and not the onset of necking: it falls at once, then rises or stays."""
    after = force[top:]
    need = max(_DROP * float(force[top]), 0.002 * float(force[top]) + _NOISE_HEIGHT * noise)
    soon, later = (int(item) for item in np.searchsorted(strain[top:], strain[top] + np.array([_SOON, _SOON + 0.005])))
    window = after[: max(soon, 2)]
    fell = bool(force[top] - window.min() >= need)
    rises = bool((after - np.minimum.accumulate(after)).max() >= need)
    stays = later < after.size and abs(float(after[later] - after[soon])) <= 0.01 * float(force[top])
    return fell and (rises or stays)


def _window(trace: Trace, level: float) -> int:
    """Samples to average so that noise cannot lower a plateau by more than 0.05 %; one where the signal is quiet."""
    if 3.0 * trace.noise <= 0.0004 * level:
        return 1
    return min(401, 2 * math.ceil((3.0 * trace.noise / (0.0005 * level)) ** 2 / 2) + 1)


def _means(values: Floats, window: int) -> Floats:
    if window <= 1 or values.size <= window:
        return values
    total = np.concatenate(([0.0], np.cumsum(values)))
    means: Floats = (total[window:] - total[:-window]) / window
    return means


class _Zone:
    """The yielding after ReH: from the fall until the material has hardened past ReH, at most 6 % of strain."""

    def __init__(self, trace: Trace, strain: Floats, upper: int) -> None:
        self.upper = upper
        self.quantum = trace.quantum
        self.by_crosshead = trace.source is StrainSource.DISPLACEMENT
        self.top = float(trace.force[upper])
        begin = upper - trace.start
        force = trace.force[upper : trace.end + 1]
        reached = strain[begin:]
        stop = int(np.searchsorted(reached, reached[0] + _YIELD_STRAIN, side="right"))
        rising = np.flatnonzero(force[:stop] > _HARDENED * self.top + _NOISE_HEIGHT * trace.noise)
        stop = int(rising[0]) if rising.size else stop
        self.zone = force[: self._hardest(force[:stop], trace) + 1]
        run = float(reached[self.zone.size - 1] - reached[0])
        within = int(self.zone.size * _AVERAGED_STRAIN / run) if run > 0 else self.zone.size
        self.window = min(_window(trace, self.top), max(1, self.zone.size // 10), max(1, within))
        self.course = _means(self.zone, self.window)
        self.strain = reached[: self.course.size]
        spread = 5.0 * trace.noise / math.sqrt(self.window)
        steps = 2.5 if self.window == 1 else 1.2  # noise that the counts hide still flickers over two of them
        self.height = max(0.0015 * self.top, spread, steps * trace.quantum)
        self.near = min(0.5 * self.height, max(0.0007 * self.top, 0.6 * spread, 0.6 * trace.quantum))

    def _hardest(self, force: Floats, trace: Trace) -> int:
        """Sample of the largest force after the fall: where necking follows within the zone, it does not belong to yielding."""
        need = max(_DROP * self.top, 0.002 * self.top + _NOISE_HEIGHT * trace.noise)
        fallen = np.flatnonzero(force <= self.top - need)
        if not fallen.size:
            return force.size - 1
        first = int(fallen[0])
        low = first + int(np.argmin(force[first : first + max(3, (force.size - first) // 4)]))
        return low + int(np.argmax(force[low:])) if low + 1 < force.size else force.size - 1

    def lowest(self) -> tuple[int, int] | None:
        """First and last+1 of the samples whose mean is ReL."""
        if self.zone.size < 3:
            return None
        found = self._rule()
        if found is None or not self.course[found] < self.top:
            return None
        averaged = self.course.size != self.zone.size or self.window == 1
        return self.upper + found, self.upper + found + (self.window if averaged else 1)

    def ends_after(self, lower: tuple[int, int]) -> int:
        """Last sample near ReL: the force then leaves it for good."""
        level = float(self.zone[lower[0] - self.upper : lower[1] - self.upper].mean())
        near = np.flatnonzero(self.zone <= level + _ENDS * self.top)
        return self.upper + (int(near[-1]) if near.size else lower[1] - self.upper)

    def _rule(self) -> int | None:
        found = self._before_hardening(self._filled())
        if not found:
            return int(np.argmin(self.course))
        first = found[0]
        if len(found) > 1:
            return min((valley.bottom for valley in found[1:]), key=lambda index: float(self.course[index]))
        plateau = self._plateau_after(first.bottom)
        return plateau if plateau is not None else first.bottom

    def _before_hardening(self, found: list[Valley]) -> list[Valley]:
        """The valleys up to the first that lies 3 % above the one before it and 1 % of strain behind: there the material hardens."""
        for place, (last, valley) in enumerate(pairwise(found), 1):
            risen = self.course[valley.bottom] > _HARDENS * self.course[last.bottom]
            if risen and self.strain[valley.bottom] - self.strain[last.bottom] > _LONG_BELOW:
                return found[:place]
        return found

    def _filled(self) -> list[Valley]:
        """The valleys of yielding, after dips that brought no strain (the piece was unloaded or held) were filled to their edges."""
        found = valleys(self.course, self.height)
        for _ in range(_MOST_DIPS):
            dips = [edges for valley in found if (edges := self._dip(valley)) is not None]
            if not dips:
                break
            for first, last, level in dips:
                filled = np.maximum(self.course[first : last + 1], level)
                self.course = np.concatenate([self.course[:first], filled, self.course[last + 1 :]])
            found = valleys(self.course, self.height)
        return found

    def _dip(self, valley: Valley) -> tuple[int, int, float] | None:
        """First and last sample and level of a dip without strain at a valley, or ``None`` where the material yielded."""
        bottom = valley.bottom
        crest = float(self.course[valley.crest])
        again = bottom + int(np.argmax(self.course[bottom:] >= crest - self.height))
        held = max(_NO_STRAIN, _HELD_STRAIN * (1.0 - float(self.course[bottom]) / crest))
        if valley.crest > 0 and again > bottom and self.strain[again] - self.strain[valley.crest] < held:
            return valley.crest, again, crest
        reach = self.strain[bottom] + np.array([-0.5, 0.5]) * _NO_STRAIN
        first = int(np.searchsorted(self.strain, reach[0]))
        last = int(np.searchsorted(self.strain, reach[1], side="right"))
        left, right = self.course[first : bottom + 1], self.course[bottom:last]
        level = float(min(left.max(), right.max()))
        if first == 0 or (self.by_crosshead and valley.crest == 0):
            return None  # the fall of yielding itself: the frame springs back while the piece extends
        if level - float(self.course[bottom]) < max(self.height, _DIP * self.top):
            return None
        begin = first + int(np.flatnonzero(left >= level)[-1])
        return begin, bottom + int(np.argmax(right >= level)), level

    def _plateau_after(self, bottom: int) -> int | None:
        """Lowest sample after a rebound that ends in a knee: steep at first, then at most 0.4 times as steep; else ``None``."""
        found = None
        for width in _REBOUNDS:
            reach = self.strain[bottom] + width * np.array([1.0, 1.5]) + np.array([0.0, 1e-9])
            knee, soon = (int(item) for item in np.searchsorted(self.strain, reach))
            later = int(np.searchsorted(self.strain, self.strain[bottom] + 3.0 * width))
            knee = max(knee, bottom + 2)
            soon, later = max(soon, knee + 1), max(later, knee + 2)
            if later >= self.course.size:
                continue
            rise = float(self.course[knee] - self.course[bottom])
            steep = rise / max(float(self.strain[knee] - self.strain[bottom]), _LEAST_RUN)
            # One count of the force says nothing of a slope over so short a stretch.
            after = (float(self.course[soon] - self.course[knee]) - self.quantum) / self._run(knee, soon)
            beyond = self._steepness(knee, later)
            if rise < self.height or max(after, beyond) > _KNEE * steep:
                continue
            if self.by_crosshead and beyond > _RISES * self.top:
                continue
            plateau = self._plateau(knee, later, width)
            begin = bottom + int(np.argmax((self.course - plateau)[bottom : later + 1] >= -self.near))
            lowest = begin + int(np.argmin(self.course[begin:]))
            if float(self.course[lowest]) >= float(plateau[min(lowest, later)]) - 2.0 * self.near:
                return lowest
            found = lowest if found is None else found
        return found

    def _plateau(self, knee: int, later: int, width: float) -> Floats:
        """The plateau as the line that fits best what follows the knee: serrations do not tilt it."""
        further = int(np.searchsorted(self.strain, self.strain[later] + 2.0 * width))
        last = further if further < self.course.size else later
        x, y = self.strain[knee : last + 1], self.course[knee : last + 1]
        middle = float(x.mean())
        spread = float(((x - middle) ** 2).sum())
        tilt = float(((x - middle) * y).sum()) / spread if spread > 0 else 0.0
        line: Floats = float(y.mean()) + tilt * (self.strain - middle)
        return line

    def _run(self, first: int, last: int) -> float:
        return max(float(self.strain[last] - self.strain[first]), _LEAST_RUN)

    def _steepness(self, first: int, last: int) -> float:
        return float(self.course[last] - self.course[first]) / self._run(first, last)


def _flat(trace: Trace, line: ElasticLine | None) -> tuple[int, int] | None:
    """A plateau without a fall: 0.8 % of strain without any increase of force, hardening later."""
    if line is None or line.poor or trace.source is StrainSource.TIME:
        return None
    force = trace.force[line.high : trace.peak + 1]
    strain = running_max(trace.strain[line.high : trace.peak + 1])
    peak = float(trace.force[trace.peak])
    window = min(_window(trace, peak), max(1, force.size // 50))
    course = _means(force, window)
    strain = strain[: course.size]
    if trace.quantum > 0.002 * peak:
        return None
    tolerance = max(0.0005 * peak, 3.0 * trace.noise / math.sqrt(window), trace.quantum)
    plastic = np.asarray(line.plastic(strain, course))
    starts = np.flatnonzero((plastic <= 0.005) & (plastic >= 0.0002) & (peak >= _HARDENS * course))
    ends = np.maximum(np.searchsorted(strain, strain[starts] + _FLAT_STRAIN), starts + 5)
    starts, ends = starts[ends < course.size], ends[ends < course.size]
    found = first_true(course[ends] - course[starts] <= tolerance)
    if found is None:
        return None
    begin = int(starts[found])
    lowest = begin + int(np.argmin(course[begin : int(ends[found]) + 1]))
    return line.high + lowest, line.high + lowest + window
