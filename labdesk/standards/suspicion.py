"""What a reviewer should look at: curves that do not fit their material, curves that are copies, results too alike, groups swapped.

Nothing here decides and nothing accuses: each finding is a number with the number it is compared with. Independent tests of the
same bar look alike in their course, but never in their noise; therefore copies are sought in the noise, after alignment in time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

import numpy as np

from labdesk.domain.curve import Curve, Floats
from labdesk.domain.run_doubts import HELD_NS, LEAP_PERCENT, Course, Finding, doubts

_EARLY, _MIDDLE = 0.2, 0.6
_MOST_SAMPLES = 1 << 17
_FEWEST_SAMPLES = 60
_CLIP = 3.0
_SAME_NOISE = 0.6
_CHANCE = 8.0
_GRID = 400


@dataclass(frozen=True)
class CopyFinding:
    """Two curves whose noise agrees.

    Attributes:
        first, second: their labels.
        correlation: of the fine structure of the force at the best alignment, 0 to 1.
        shift: samples by which the second lies later.
        samples: compared.
    """

    first: str
    second: str
    correlation: Decimal
    shift: int
    samples: int


def ductility(curve: Curve) -> Decimal | None:
    """How far the piece moved up to its largest force, in steps of its early stiff part: 2 for a straight line to failure.

    Measured on the extension, else on the crosshead, else on time: movement from 20 % of Fm to Fm, divided by that from 20 % to 60 %.
    Steel gives 8 and more, concrete 2 to 4. ``None`` where nothing moves.
    """
    force = curve.force_kn.view
    peak = int(np.argmax(force))
    channel = curve.extension_mm or curve.displacement_mm or curve.time_s
    rise = np.maximum.accumulate(force[: peak + 1])
    early, middle = (int(item) for item in np.searchsorted(rise, np.array([_EARLY, _MIDDLE]) * float(force[peak])))
    way = channel.view
    stiff = float(way[middle] - way[early])
    if middle <= early or stiff == 0:
        return None
    return Decimal(f"{abs(float(way[peak] - way[early]) / stiff):.3g}")


def copies(curves: Mapping[str, Curve]) -> tuple[CopyFinding, ...]:
    """Pairs of curves that are copies of each other: same noise after alignment, whatever the scale, offset or start."""
    grains = {label: _grain(curve) for label, curve in curves.items()}
    found = []
    for (first, one), (second, other) in combinations(grains.items(), 2):
        finding = _compared((first, one), (second, other))
        if finding is not None:
            found.append(finding)
    return tuple(found)


def _grain(curve: Curve) -> Floats:
    """The fine structure of the force up to its peak: second differences, large ones clipped, mean zero."""
    force = curve.force_kn.view[: int(np.argmax(curve.force_kn.counts)) + 1][-_MOST_SAMPLES:]
    if force.size < _FEWEST_SAMPLES:
        return np.zeros(0)
    fine = force[2:] - 2.0 * force[1:-1] + force[:-2]
    usual = float(np.median(np.abs(fine)))
    if usual == 0:
        usual = float(np.abs(fine).mean())
    clipped: Floats = np.clip(fine, -_CLIP * usual, _CLIP * usual)
    return clipped - float(clipped.mean())


def _compared(first: tuple[str, Floats], second: tuple[str, Floats]) -> CopyFinding | None:
    one, other = first[1], second[1]
    samples = min(one.size, other.size)
    if samples < _FEWEST_SAMPLES or not one.any() or not other.any():
        return None
    size = 1 << (one.size + other.size - 1).bit_length()
    products = np.fft.irfft(np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size)), size)
    norm = float(np.sqrt((one**2).sum() * (other**2).sum()))
    best = int(np.argmax(products))
    shift = best if best < size // 2 else best - size
    correlation = float(products[best]) / norm
    if correlation < max(_SAME_NOISE, _CHANCE / np.sqrt(samples)):
        return None
    return CopyFinding(first[0], second[0], Decimal(f"{correlation:.3f}"), shift, samples)


def loading_doubts(curve: Curve) -> tuple[Course, tuple[Finding, ...]]:
    """What one loading gives reason to doubt (see :mod:`labdesk.domain.run_doubts`), with the part of the curve it stands in.

    Whether it was unloaded is told by the way going back only: without one a slow fall is no evidence.
    """
    force, time = curve.force_kn.counts, np.rint(curve.time_s.in_unit("s").view * 1e9).astype(np.int64)
    peak = int(np.argmax(force))
    low = np.flatnonzero(force[peak:] * 10 <= int(force[peak]) * 6)
    last = peak + int(low[0]) if low.size else force.size - 1
    first = int(np.argmax(force * 20 >= int(force[peak])))
    way = curve.displacement_mm or curve.extension_mm
    back = way is not None and bool(low.size) and int(way.counts[last]) < int(way.counts[peak])
    changes = np.flatnonzero(np.diff(force[first : last + 1]))
    moments = time[first + np.concatenate(([0], changes + 1, [last - first]))]
    lone = peak > 0 and int(force[peak]) * 100 > int(force[peak - 1]) * LEAP_PERCENT
    if not back and not lone and int(np.diff(moments).max(initial=0)) < HELD_NS:
        return Course((), ()), ()
    part = slice(first, last + 1)
    ways: list[int] = [] if way is None else way.counts[part].tolist()
    course = Course(time[part].tolist(), force[part].tolist(), ways, back)
    return course, doubts(course)


@dataclass(frozen=True)
class UniformFinding:
    """Results closer together than tests of this kind come out.

    Attributes:
        count: of results. ``spread_percent``: largest minus smallest, of the mean.
        usual_percent: smallest coefficient of variation that tests of this kind show.
        chance_percent: how often so small a spread comes by chance even then.
    """

    count: int
    spread_percent: Decimal
    usual_percent: Decimal
    chance_percent: Decimal


def too_uniform(
    values: Sequence[Decimal], usual_percent: Decimal, rarer_than_percent: Decimal
) -> UniformFinding | None:
    """Whether ``values`` (three or more) lie closer together than chance allows in all but ``rarer_than_percent`` of cases."""
    if len(values) < 3:
        return None
    mean = sum(values, Decimal(0)) / len(values)
    if mean <= 0:
        return None
    spread = (max(values) - min(values)) / mean * 100
    chance = Decimal(f"{100.0 * _chance_of_range(float(spread / usual_percent), len(values)):.2g}")
    if chance >= rarer_than_percent:
        return None
    return UniformFinding(len(values), Decimal(f"{spread:.3g}"), usual_percent, chance)


def _chance_of_range(width: float, count: int) -> float:
    """Probability that the range of ``count`` normal values is at most ``width`` standard deviations."""
    grid = np.linspace(-8.0, 8.0, _GRID * 8 + 1)
    density = np.exp(-0.5 * grid**2) / np.sqrt(2.0 * np.pi)
    step = float(grid[1] - grid[0])
    total = np.concatenate(([0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * step)))
    beyond = np.interp(grid + width, grid, total, right=float(total[-1]))
    return float(min(1.0, count * float(np.sum(density * (beyond - total) ** (count - 1))) * step))


@dataclass(frozen=True)
class Group:
    """Results of one lot against what it is made for: mean strength and the strength of its grade, both in MPa."""

    label: str
    mean_mpa: Decimal
    grade_mpa: Decimal

    @property
    def share(self) -> Decimal:
        """Mean strength as a share of the grade."""
        return self.mean_mpa / self.grade_mpa


@dataclass(frozen=True)
class SwapFinding:
    """Two groups that would both fit if they were exchanged: shares of the grade as they are, and exchanged."""

    weak: str
    strong: str
    weak_share: Decimal
    strong_share: Decimal
    weak_if_exchanged: Decimal
    strong_if_exchanged: Decimal


def swapped(
    groups: Sequence[Group], usual: tuple[Decimal, Decimal] = (Decimal("0.95"), Decimal("1.45"))
) -> tuple[SwapFinding, ...]:
    """Pairs of which one lies below and one above the usual band of shares, and both within it when exchanged."""
    found = []
    for one, other in combinations(groups, 2):
        weak, strong = sorted((one, other), key=lambda group: group.share)
        if not (weak.share < usual[0] and strong.share > usual[1]):
            continue
        for_weak, for_strong = strong.mean_mpa / weak.grade_mpa, weak.mean_mpa / strong.grade_mpa
        if all(usual[0] <= share <= usual[1] for share in (for_weak, for_strong)):
            shares = (Decimal(f"{item:.3g}") for item in (weak.share, strong.share, for_weak, for_strong))
            found.append(SwapFinding(weak.label, strong.label, *shares))
    return tuple(found)
