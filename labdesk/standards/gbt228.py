"""GB/T 228.1-2021: from one tensile curve to its values, each exact where it is a sample and absent where the curve lacks it.

Values are unrounded; rounding, limits and verdicts belong to the product standard's tables. Convention for strain: its origin is
where the elastic line meets zero force, so neither preload nor an extension that does not start at zero matters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Context, Decimal

import numpy as np

from labdesk.domain.curve import Curve, Floats
from labdesk.domain.errors import OperatorError
from labdesk.standards.elastic import ElasticLine, elastic_line
from labdesk.standards.trace import StrainSource, TensileGeometry, Trace, make_trace
from labdesk.standards.yielding import YieldPoints, find_yield

_CONTEXT = Context(prec=28)
_FEWEST_POINTS = 10
_FIT_POINTS = 1500
#: Noise (of Fm) up to which the peak sample stands; above it the largest sample of a flat maximum is a matter of chance.
_FLAT_TOP_NOISE = 2.5e-4


@dataclass(frozen=True)
class Reading:
    """One value from a curve.

    Attributes:
        value: unrounded, or ``None`` where the curve cannot give it.
        index: sample it was found at (for the mark on the drawing), or ``None``.
        note: key of the sentence that says why it is missing or special, else empty.
    """

    value: Decimal | None = None
    index: int | None = None
    note: str = ""


@dataclass(frozen=True)
class TensileValues:
    """Everything one tensile curve gives. Stresses in MPa, elongations in %, ``fm_kn`` in kN."""

    fm_kn: Reading
    rm_mpa: Reading
    r_eh_mpa: Reading
    r_el_mpa: Reading
    r_p02_mpa: Reading
    r_t05_mpa: Reading
    slope_mpa: Reading
    a_g_percent: Reading
    a_gt_percent: Reading
    a_percent: Reading
    a_t_percent: Reading
    strain_source: StrainSource
    elastic_window: tuple[int, int] | None
    broken: bool


def evaluate_tensile(curve: Curve, geometry: TensileGeometry) -> TensileValues:
    """Values of ``curve`` by GB/T 228.1-2021.

    Raises:
        OperatorError: ``standards.too_few_points``, ``standards.no_load`` or ``standards.bad_area``.
    """
    if geometry.s0_mm2 <= 0:
        raise OperatorError("standards.bad_area", area=str(geometry.s0_mm2))
    if len(curve) < _FEWEST_POINTS:
        raise OperatorError("standards.too_few_points", found=len(curve), needed=_FEWEST_POINTS)
    if int(curve.force_kn.counts.max()) <= 0:
        raise OperatorError("standards.no_load")
    return _Evaluation(curve, geometry).values()


def stress(force_kn: Decimal, s0_mm2: Decimal) -> Decimal:
    """MPa from kN and mm2, divided once."""
    return _CONTEXT.divide(_CONTEXT.multiply(force_kn, Decimal(1000)), s0_mm2)


def from_float(value: float) -> Decimal:
    """A computed (not captured) number with nine significant digits, so that every machine prints the same."""
    return Decimal(f"{value:.9g}")


class _Evaluation:
    """One curve on its way to values."""

    def __init__(self, curve: Curve, geometry: TensileGeometry) -> None:
        self.curve = curve
        self.s0 = geometry.s0_mm2
        self.trace: Trace = make_trace(curve, geometry)
        self.line: ElasticLine | None = elastic_line(self.trace)
        self.points: YieldPoints = find_yield(self.trace, self.line)
        self.measured = self.trace.source is StrainSource.EXTENSOMETER

    def values(self) -> TensileValues:
        """All readings."""
        fm, peak = self._maximum()
        rm = replace(fm, value=stress(fm.value, self.s0) if fm.value is not None else None)
        at_peak = self._strain_at_peak(peak) if peak is not None else None
        a_g, a_gt = self._uniform(rm, peak, at_peak)
        a, a_t = self._at_fracture()
        return TensileValues(
            fm_kn=fm,
            rm_mpa=rm,
            r_eh_mpa=self._upper(),
            r_el_mpa=self._lower(),
            r_p02_mpa=self._proof(),
            r_t05_mpa=self._total_proof(),
            slope_mpa=self._slope(),
            a_g_percent=a_g,
            a_gt_percent=a_gt,
            a_percent=a,
            a_t_percent=a_t,
            strain_source=self.trace.source,
            elastic_window=(self.line.low, self.line.high) if self.line is not None else None,
            broken=self.trace.broken,
        )

    def _maximum(self) -> tuple[Reading, int | None]:
        """Fm: the largest force; with discontinuous yielding, the largest after hardening starts."""
        peak = self.trace.peak
        points = self.points
        if points.upper is not None and points.upper >= peak:
            if points.hardening is None:
                return Reading(note="standards.no_hardening"), None
            later = self.trace.force[points.hardening : self.trace.end + 1]
            peak = points.hardening + int(np.argmax(later))
            lowest = float(self.trace.force[points.hardening])
            if float(self.trace.force[peak]) < 1.01 * lowest:
                return Reading(note="standards.no_hardening"), None
        return Reading(self.curve.force_kn.exact(peak), peak), peak

    def _upper(self) -> Reading:
        upper = self.points.upper
        if upper is None:
            return Reading(note="standards.no_yield_drop")
        return Reading(stress(self.curve.force_kn.exact(upper), self.s0), upper)

    def _lower(self) -> Reading:
        lower = self.points.lower
        if lower is None:
            return Reading(note="standards.no_yield_drop")
        begin, stop = lower
        counts = self.curve.force_kn.counts[begin:stop]
        force = _CONTEXT.divide(int(counts.sum()) * self.curve.force_kn.quantum, Decimal(stop - begin))
        note = "standards.plateau_without_drop" if self.points.dropless else ""
        note = "standards.plateau_mean" if not note and stop - begin > 1 else note
        return Reading(stress(force, self.s0), (begin + stop - 1) // 2, note)

    def _slope(self) -> Reading:
        if self.line is None or not self.measured:
            return Reading(note="standards.no_extensometer")
        slope = self.line.slope * 1000.0 / float(self.s0)
        note = "standards.slope_poor" if self.line.poor else ""
        return Reading(from_float(slope), (self.line.low + self.line.high) // 2, note)

    def _proof(self) -> Reading:
        """Rp0.2: the parallel to the elastic line at 0.2 % plastic strain meets the curve."""
        if not self.measured or self.line is None:
            return Reading(note="standards.no_extensometer")
        force, strain = self.trace.force, self.trace.strain
        begin, stop = self.line.high, self.trace.strain_end + 1
        rest = np.asarray(self.line.plastic(strain[begin:stop], force[begin:stop])) - 0.002
        found = self._crossing(rest, begin)
        if found is None:
            return Reading(note="standards.not_reached")
        note = "standards.slope_poor" if self.line.poor else ""
        return Reading(stress(from_float(found[0]), self.s0), found[1], note)

    def _total_proof(self) -> Reading:
        """Rt0.5: stress at 0.5 % total extension."""
        if not self.measured or self.line is None:
            return Reading(note="standards.no_extensometer")
        begin = self.trace.start
        rest = self.trace.strain[begin : self.trace.strain_end + 1] - self.line.origin - 0.005
        found = self._crossing(rest, begin)
        if found is None:
            return Reading(note="standards.not_reached")
        return Reading(stress(from_float(found[0]), self.s0), found[1])

    def _crossing(self, rest: Floats, begin: int) -> tuple[float, int] | None:
        """Force where ``rest`` first becomes positive, and the sample; a noisy force is averaged by a straight line there."""
        above = np.flatnonzero(rest > 0)
        if not above.size or above[0] == 0:
            return None
        after = int(above[0])
        low, high = float(rest[after - 1]), float(rest[after])
        share = -low / (high - low)
        force = self.trace.force
        at = begin + after
        value = float(force[at - 1] + share * (force[at] - force[at - 1]))
        if self.trace.noise > 2e-4 * value:
            value = self._averaged(rest, begin, after, value)
        return value, at if share > 0.5 else at - 1

    def _averaged(self, rest: Floats, begin: int, after: int, value: float) -> float:
        reach = 1.5e-4
        first = after
        while first > 0 and rest[first - 1] > -reach and after - first < 4000:
            first -= 1
        last = after
        while last + 1 < rest.size and rest[last + 1] < reach and last - after < 4000:
            last += 1
        if last - first < 8:
            return value
        x, y = rest[first : last + 1], self.trace.force[begin + first : begin + last + 1]
        x_mean, y_mean = float(x.mean()), float(y.mean())
        spread = float(((x - x_mean) ** 2).sum())
        tilt = float(((x - x_mean) * (y - y_mean)).sum()) / spread if spread > 0 else 0.0
        return y_mean - tilt * x_mean

    def _strain_at_peak(self, peak: int) -> float | None:
        """Strain at Fm: midpoint of equal largest samples; on a noisy, flat maximum the top of a fitted curve."""
        trace = self.trace
        if not self.measured or self.line is None or peak > trace.strain_end:
            return None
        force = trace.force[: trace.strain_end + 1]
        top = float(force[peak])
        if trace.noise <= _FLAT_TOP_NOISE * top:
            equal = np.flatnonzero(force >= top - 0.5 * trace.quantum)
            return float(trace.strain[equal[0]] + trace.strain[equal[-1]]) / 2.0 - self.line.origin
        fitted = _top_of_fit(trace, peak)
        return (fitted if fitted is not None else float(trace.strain[peak])) - self.line.origin

    def _uniform(self, rm: Reading, peak: int | None, at_peak: float | None) -> tuple[Reading, Reading]:
        if self.line is None or not self.measured:
            missing = Reading(note="standards.no_extensometer")
            return missing, missing
        if at_peak is None or rm.value is None or peak is None:
            missing = Reading(note="standards.extensometer_off" if peak is not None else "standards.no_hardening")
            return missing, missing
        elastic = float(rm.value) * float(self.s0) / 1000.0 / self.line.slope
        a_g = Reading(from_float((at_peak - elastic) * 100.0), peak)
        return a_g, Reading(from_float(at_peak * 100.0), peak)

    def _at_fracture(self) -> tuple[Reading, Reading]:
        if self.line is None or not self.measured:
            missing = Reading(note="standards.no_extensometer")
            return missing, missing
        end = self.trace.end
        if self.trace.strain_end < end:
            missing = Reading(note="standards.extensometer_off")
            return missing, missing
        total = float(self.trace.strain[end]) - self.line.origin
        plastic = total - float(self.trace.force[end]) / self.line.slope
        note = "" if self.trace.broken else "standards.no_fracture"
        return Reading(from_float(plastic * 100.0), end, note), Reading(from_float(total * 100.0), end, note)


def _top_of_fit(trace: Trace, peak: int) -> float | None:
    """Strain of the top of a cubic through block means around the peak, or ``None`` with too few samples."""
    force, strain = trace.force[: trace.strain_end + 1], trace.strain[: trace.strain_end + 1]
    depth = float(np.clip(6.0 * trace.noise / force[peak], 0.002, 0.03))
    floor = (1.0 - depth) * float(force[peak]) - 3.0 * trace.noise
    below = np.flatnonzero(force[:peak] < floor)
    first = int(below[-1]) + 1 if below.size else 0
    after = np.flatnonzero(force[peak:] < floor)
    last = peak + int(after[0]) if after.size else force.size
    if last - first < 16:
        return None
    block = max(1, (last - first) // _FIT_POINTS)
    count = (last - first) // block
    y = force[first : first + count * block].reshape(count, block).mean(axis=1)
    x = strain[first : first + count * block].reshape(count, block).mean(axis=1)
    centre, half = float(x.mean()), float(np.ptp(x)) / 2.0
    if half <= 0:
        return None
    a, b, c, _ = np.polyfit((x - centre) / half, y, 3)
    inside = b * b - 3.0 * a * c
    if inside < 0 or b >= 0:
        return None
    top = -c / (b - np.sqrt(inside)) if b - np.sqrt(inside) != 0 else 0.0
    return float(centre + half * np.clip(top, -1.0, 1.0))
