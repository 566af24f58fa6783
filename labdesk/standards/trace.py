"""A tensile curve prepared for searching: float views, a strain axis with its origin named, noise, peak and fracture.

Floats here only locate points; values are taken from exact counts afterwards. Nothing is filtered: where noise must be averaged
(a plateau, a flat maximum), the averaging is of whole samples and the result says over which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from labdesk.domain.curve import Channel, Curve, Floats
from labdesk.standards.courses import first_true, last_apart, last_true, median, running_max
from labdesk.standards.gaps import gap_samples

#: Force below which a specimen counts as broken, of Fm (GB/T 228.1 annex C, fracture detection).
_BROKEN_SHARE = 0.02
_NOISE_SAMPLES = 10_000
#: A step back of this share of all extension, or forward of this strain, is no extension of the test piece.
_JUMP_BACK = 0.1
_JUMP_FORWARD = 0.01
_FEW_JUMPS = 100
#: Strain that as long a time brought before a standstill, for the extensometer to count as taken off.
_STILL_AFTER = 0.0008
#: Shares of the largest force between which a piece is elastic, the usual ones first.
_ELASTIC_LEVELS = ((0.2, 0.4), (0.1, 0.2), (0.05, 0.4), (0.02, 0.6))
_ELASTIC_MODULUS_MPA = 200_000.0


class StrainSource(StrEnum):
    """What the strain axis was made of; only the extensometer gives values of strain, the others serve the yield search."""

    EXTENSOMETER = "extensometer"
    DISPLACEMENT = "displacement"
    TIME = "time"


@dataclass(frozen=True)
class TensileGeometry:
    """Sizes of the specimen.

    Attributes:
        s0_mm2: original (or nominal) area.
        l0_mm: original gauge length for A by marks, or ``None``.
        le_mm: extensometer gauge length; ``None`` takes ``l0_mm``.
        lc_mm: parallel or free length between grips, for the crosshead's strain; ``None`` takes three times ``l0_mm``.
    """

    s0_mm2: Decimal
    l0_mm: Decimal | None = None
    le_mm: Decimal | None = None
    lc_mm: Decimal | None = None

    @property
    def extensometer_mm(self) -> Decimal | None:
        """Gauge length the extension belongs to."""
        return self.le_mm if self.le_mm is not None else self.l0_mm


@dataclass(frozen=True, eq=False)
class Trace:
    """The loading from first rise to fracture.

    Attributes:
        force: kN per sample. ``strain``: ratio per sample. ``time``: s per sample.
        quantum: kN of one count.
        source: what ``strain`` was made of.
        start, peak, end: first sample of the loading, largest force, last sample before fracture (or the last one).
        strain_end: last sample at which the strain is trustworthy (extensometer taken off after it).
        broken: whether the fracture is in the record.
        noise: standard deviation of the force's noise, kN.
        gaps: samples after which data are missing (the next sample is beyond the gap), rising.
    """

    force: Floats
    strain: Floats
    time: Floats
    quantum: float
    source: StrainSource
    start: int
    peak: int
    end: int
    strain_end: int
    broken: bool
    noise: float
    gaps: tuple[int, ...] = ()

    def gap_within(self, first: int, last: int) -> bool:
        """Whether data are missing between the samples ``first`` and ``last``."""
        return any(first <= gap < last for gap in self.gaps)

    def advance(self) -> Floats:
        """Strain reached so far, from ``start`` to ``end``: never falls, stands still once the extensometer is off."""
        strain = running_max(self.strain[self.start : self.end + 1])
        strain[self.strain_end - self.start :] = strain[self.strain_end - self.start]
        return strain


def make_trace(curve: Curve, geometry: TensileGeometry) -> Trace:
    """The trace of ``curve``; the curve must hold at least two samples."""
    force, time = curve.force_kn.view, curve.time_s.view
    peak = int(np.argmax(force))
    start = _start(force, peak)
    noise = noise_of(force, time, start, peak)
    end, broken = _fracture(force, peak, noise)
    strain, source = _strain(curve, geometry, start, peak)
    gaps = gap_samples(curve, strain, float(force[peak]), (start, min(end + 1, len(curve) - 1)), noise)
    trace = Trace(
        force, strain, time, float(curve.force_kn.quantum), source, start, peak, end, end, broken, noise, gaps
    )
    return replace(trace, strain_end=_strain_end(curve, trace)) if source is StrainSource.EXTENSOMETER else trace


def noise_of(force: Floats, time: Floats, start: int, peak: int) -> float:
    """Noise of the force between ``start`` and ``peak``: each sample against the straight line between its neighbours in time."""
    values, moments = force[start : peak + 1], time[start : peak + 1]
    if values.size < 8:
        return 0.0
    every = max(1, values.size // _NOISE_SAMPLES)
    before, here, after = values[:-2:every], values[1:-1:every], values[2::every]
    span = moments[2::every] - moments[:-2:every]
    share = np.where(span > 0, (moments[1:-1:every] - moments[:-2:every]) / np.where(span > 0, span, 1.0), 0.5)
    rest = (here - before - share * (after - before)) / np.sqrt(1.0 + share**2 + (1.0 - share) ** 2)
    by_time = median(np.abs(rest))
    even = np.abs(here - 0.5 * (before + after)) / np.sqrt(1.5)
    return 1.4826 * min(by_time, median(even))


def _start(force: Floats, peak: int) -> int:
    return last_true(force[: peak + 1] <= _BROKEN_SHARE * force[peak]) or 0


def _fracture(force: Floats, peak: int, noise: float) -> tuple[int, bool]:
    """Last sample before the collapse, and whether there is one: the force falls below 2 % of Fm in steps far above the usual."""
    gone = first_true(force[peak:] < _BROKEN_SHARE * force[peak])
    last = peak + gone if gone is not None else force.size - 1
    steps = force[peak:last] - force[peak + 1 : last + 1]
    usual = median(np.abs(steps)) if steps.size else 0.0
    limit = max(5.0 * usual, 6.0 * noise, 0.003 * float(force[peak]))
    if gone is None:
        limit = max(limit, 0.1 * float(force[peak]))
    index = last
    while index > peak and force[index - 1] - force[index] > limit:
        index -= 1
    if index < last:
        return index, True
    return (max(last - 1, peak), True) if gone is not None else (last, False)


def _strain(curve: Curve, geometry: TensileGeometry, start: int, peak: int) -> tuple[Floats, StrainSource]:
    le = geometry.extensometer_mm
    if curve.extension_mm is not None and le is not None and _moves(curve.extension_mm, start, peak):
        return curve.extension_mm.view / float(le), StrainSource.EXTENSOMETER
    length = geometry.lc_mm or (geometry.l0_mm * 3 if geometry.l0_mm is not None else None)
    if curve.displacement_mm is not None and length is not None and _moves(curve.displacement_mm, start, peak):
        return curve.displacement_mm.view / float(length), StrainSource.DISPLACEMENT
    time = curve.time_s.view
    rate = _elastic_rate(curve.force_kn.view, time, (start, peak)) * 1000.0 / float(geometry.s0_mm2)
    return (time - time[0]) * (rate / _ELASTIC_MODULUS_MPA), StrainSource.TIME


def _elastic_rate(force: Floats, time: Floats, part: tuple[int, int]) -> float:
    """Rise of the force in time while the piece is elastic, kN/s; other levels where missing data leave nothing between the first."""
    start, peak = part
    for low, high in _ELASTIC_LEVELS:
        first, second = (
            start + int(np.argmax(force[start : peak + 1] >= share * force[peak])) for share in (low, high)
        )
        seconds = float(time[second] - time[first])
        if seconds > 0:
            return float(force[second] - force[first]) / seconds
    return 0.0


def _moves(channel: Channel, start: int, peak: int) -> bool:
    part = channel.counts[start : peak + 1]
    return bool(part.size > 2 and int(part.max()) - int(part.min()) >= 4)


def _strain_end(curve: Curve, trace: Trace) -> int:
    """Last sample before the extensometer was taken off: it stands still for the rest, or jumps while the force holds."""
    stated = curve.metadata.get("extension_until_s")
    if stated is not None:
        return max(trace.start, int(np.searchsorted(trace.time, float(Decimal(stated)))) - 1)
    strain = trace.strain[trace.start : trace.end + 1]
    if strain.size < 8:
        return trace.end
    steps = np.diff(strain)
    scatter = _scatter(steps)
    jumped = first_true(_jumps(trace, strain, steps, scatter))
    if jumped is None:
        return trace.start + _moves_until(strain, steps, scatter)
    return trace.start + _moves_until(strain[: jumped + 1], steps[:jumped], _scatter(steps[:jumped]))


def _jumps(trace: Trace, strain: Floats, steps: Floats, noise: float) -> NDArray[np.bool_]:
    """Steps of the extension that no test piece makes while it carries its force; data missing in between excuse a step forward."""
    span = float(strain.max() - strain.min())
    scatter = 6.0 * noise
    jumps: NDArray[np.bool_] = steps < -max(_JUMP_BACK * span, scatter)
    forward = np.flatnonzero(steps > max(_JUMP_FORWARD, scatter))
    for step in (int(item) for item in forward[:_FEW_JUMPS]):
        usual = np.abs(steps[max(0, step - 25) : step])
        if usual.size and steps[step] > 25.0 * float(usual.max()) and step + trace.start not in trace.gaps:
            jumps[step] = True
    return jumps


def _scatter(steps: Floats) -> float:
    """Standard deviation of the extension's noise, from its second differences."""
    every = max(1, (steps.size - 1) // _NOISE_SAMPLES)
    second = steps[1::every] - steps[:-1:every] if steps.size > 2 else steps
    return 1.4826 * median(np.abs(second)) / np.sqrt(6.0) if second.size else 0.0


def _smallest(steps: Floats) -> float:
    """The smallest step that is one, 0 where there is none: the extension's quantum, as floats show it."""
    sizes = np.abs(steps)
    smallest = float(sizes.min())
    if smallest == 0.0:
        sizes[sizes == 0.0] = np.inf
        smallest = float(sizes.min())
    return smallest if np.isfinite(smallest) else 0.0


def _moves_until(strain: Floats, steps: Floats, noise: float) -> int:
    """Last sample at which the extension still grows; a standstill counts when as long a time before brought real strain."""
    last = strain.size - 1
    if last < 8:
        return last
    scatter = 8.0 * noise + 2.5 * _smallest(steps)
    level = float(np.median(strain[max(0, last - 8) :]))
    away = last_apart(strain, level, scatter)
    moved = away + 1 if away is not None else 0
    still = last - moved
    if still < 8:
        return last
    before = level - float(strain[max(0, moved - still)])
    return moved if before > max(_STILL_AFTER, 2.0 * scatter) else last
