"""GB/T 228.1-2021: from one tensile curve to its values, each exact where it is a sample and absent where the curve lacks it.

Values are unrounded; rounding, limits and verdicts belong to the product standard's tables. Convention for strain: its origin is
where the elastic line meets zero force, so neither preload nor an extension that does not start at zero matters. A value whose
place lies in a gap of the data, or after the extensometer was taken off, is not given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Context, Decimal

import numpy as np

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.standards.coverage import elastic_cut, elastic_hidden, end_hidden, lower_hidden, peak_hidden, upper_hidden
from labdesk.standards.elastic import ElasticLine, elastic_line
from labdesk.standards.proof import crossing, line_by_loop, line_by_steps, plastic_crossing
from labdesk.standards.summit import strain_at_peak
from labdesk.standards.trace import StrainSource, TensileGeometry, Trace, make_trace
from labdesk.standards.yielding import YieldPoints, find_yield

_CONTEXT = Context(prec=28)
_FEWEST_POINTS = 10
#: What rounding leaves of a difference that is none.
_NOUGHT = 1e-12
#: Noise from peak to peak (six standard deviations) that a class 1 machine may not show at the force read, GB/T 16825.1.
_CLASS_NOISE = 0.005


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
    a_e_percent: Reading
    strain_source: StrainSource
    elastic_window: tuple[int, int] | None
    broken: bool


def evaluate_tensile(curve: Curve, geometry: TensileGeometry) -> TensileValues:
    """Values of ``curve`` by GB/T 228.1-2021.

    Raises:
        OperatorError: ``standards.too_few_points``, ``standards.no_load``, ``standards.force_stands`` or ``standards.bad_area``.
    """
    if geometry.s0_mm2 <= 0:
        raise OperatorError("standards.bad_area", area=str(geometry.s0_mm2))
    if len(curve) < _FEWEST_POINTS:
        raise OperatorError("standards.too_few_points", found=len(curve), needed=_FEWEST_POINTS)
    if int(curve.force_kn.counts.max()) <= 0:
        raise OperatorError("standards.no_load")
    if int(curve.force_kn.counts.max()) == int(curve.force_kn.counts.min()):
        raise OperatorError("standards.force_stands", force=f"{curve.force_kn.exact(0).normalize():f}")
    return _Evaluation(curve, geometry).values()


def stress(force_kn: Decimal, s0_mm2: Decimal) -> Decimal:
    """MPa from kN and mm2, divided once."""
    return _CONTEXT.divide(_CONTEXT.multiply(force_kn, Decimal(1000)), s0_mm2)


def from_float(value: float) -> Decimal:
    """A computed (not captured) number with nine significant digits, so that every machine prints the same."""
    return Decimal(f"{value:.9g}") if abs(value) > _NOUGHT else Decimal(0)


class _Evaluation:
    """One curve on its way to values."""

    def __init__(self, curve: Curve, geometry: TensileGeometry) -> None:
        self.curve = curve
        self.s0 = geometry.s0_mm2
        self.trace: Trace = make_trace(curve, geometry)
        line = elastic_line(self.trace)
        self.lost = line is not None and elastic_hidden(self.trace, line)
        self.line: ElasticLine | None = None if self.lost else line
        self.points: YieldPoints = find_yield(self.trace, self.line)
        self.measured = self.trace.source is StrainSource.EXTENSOMETER

    def values(self) -> TensileValues:
        """All readings."""
        fm, peak = self._maximum()
        rm = replace(fm, value=stress(fm.value, self.s0) if fm.value is not None else None)
        a_g, a_gt = self._uniform(rm, peak)
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
            a_e_percent=self._yield_extension(),
            strain_source=self.trace.source,
            elastic_window=(self.line.low, self.line.high) if self.line is not None else None,
            broken=self.trace.broken,
        )

    def _no_strain(self) -> Reading | None:
        """The refusal of every value that needs the extensometer, or ``None`` where there is one with a straight part."""
        if not self.measured:
            return Reading(note="standards.no_extensometer")
        if self.line is None:
            return Reading(note="standards.over_gap" if self.lost or self.trace.gaps else "standards.no_straight_part")
        return None

    def _maximum(self) -> tuple[Reading, int | None]:
        """Fm: the largest force; with discontinuous yielding, the largest after hardening starts."""
        trace, points, peak = self.trace, self.points, self.trace.peak
        if points.upper is not None and points.upper >= peak:
            if points.hardening is None:
                return Reading(note="standards.no_hardening"), None
            later = trace.force[points.hardening : trace.end + 1]
            peak = points.hardening + int(np.argmax(later))
            lowest = float(trace.force[points.hardening])
            if float(trace.force[peak]) < 1.01 * lowest:
                return Reading(note="standards.no_hardening"), None
        if peak_hidden(trace, peak, self._hardens_from()):
            return Reading(note="standards.over_gap"), None
        note = "standards.ends_at_maximum" if not trace.broken and peak >= trace.end - 1 else ""
        return Reading(self.curve.force_kn.exact(peak), peak, note), peak

    def _hardens_from(self) -> int:
        """First sample at which the largest force may be looked for."""
        if self.points.hardening is not None:
            return self.points.hardening
        return self.points.upper or (self.line.high if self.line is not None else self.trace.start)

    def _upper(self) -> Reading:
        upper = self.points.upper
        if upper_hidden(self.trace, self.line, self.points):
            return Reading(note="standards.over_gap")
        if upper is None:
            return Reading(note="standards.over_gap" if self.lost else "standards.no_yield_drop")
        begin, stop = self.points.summit or (upper, upper + 1)
        noisy = 6.0 * self.trace.noise > _CLASS_NOISE * float(self.trace.force[upper])
        note = "standards.noise_above_class" if noisy else "standards.summit_mean" if stop - begin > 1 else ""
        return Reading(self._mean_stress(begin, stop), upper, note)

    def _mean_stress(self, begin: int, stop: int) -> Decimal:
        """Stress of the mean of whole counts, divided once."""
        counts = self.curve.force_kn.counts[begin:stop]
        return stress(_CONTEXT.divide(int(counts.sum()) * self.curve.force_kn.quantum, Decimal(stop - begin)), self.s0)

    def _lower(self) -> Reading:
        lower = self.points.lower
        if lower_hidden(self.trace, self.line, self.points):
            return Reading(note="standards.over_gap")
        if lower is None:
            return Reading(note="standards.over_gap" if self.lost else "standards.no_yield_drop")
        begin, stop = lower
        note = "standards.plateau_without_drop" if self.points.dropless else ""
        note = "standards.plateau_mean" if not note and stop - begin > 1 else note
        return Reading(self._mean_stress(begin, stop), (begin + stop - 1) // 2, note)

    def _slope(self) -> Reading:
        refused = self._no_strain()
        if refused is not None or self.line is None:
            return refused or Reading()
        slope = self.line.slope * 1000.0 / float(self.s0)
        noisy = 6.0 * self.trace.noise > _CLASS_NOISE * float(self.trace.force[self.line.high])
        note = "standards.slope_noisy" if noisy else ""
        note = "standards.slope_cut" if elastic_cut(self.trace, self.line) else note
        note = "standards.slope_poor" if self.line.poor else note
        return Reading(from_float(slope), (self.line.low + self.line.high) // 2, note)

    def _proof(self) -> Reading:
        """Rp0.2: the parallel to the elastic line at 0.2 % plastic strain meets the curve.

        Where the straight part is poor the line is that of a hysteresis loop if one was run, else found in steps (annex J).
        """
        refused = self._no_strain()
        if refused is not None or self.line is None:
            return refused or Reading()
        line, note = self.line, ""
        if line.poor:
            note = "standards.slope_poor"
            for method, how in ((line_by_loop, "standards.slope_by_loop"), (line_by_steps, "standards.slope_by_steps")):
                other = method(self.trace, line)
                if other is not None:
                    line, note = other, how
                    break
        found = plastic_crossing(self.trace, line, 0.002)
        if found is None:
            return Reading(note=self._not_reached())
        if self.trace.gap_within(found.before, found.before + 1):
            return Reading(note="standards.over_gap")
        return Reading(stress(from_float(found.force), self.s0), found.sample, note)

    def _not_reached(self) -> str:
        return "standards.extensometer_off" if self.trace.strain_end < self.trace.end else "standards.not_reached"

    def _total_proof(self) -> Reading:
        """Rt0.5: stress at 0.5 % total extension."""
        refused = self._no_strain()
        if refused is not None or self.line is None:
            return refused or Reading()
        origin = self.line.origin
        found = crossing(self.trace, lambda strain, _: strain - origin - 0.005, self.trace.start)
        if found is None:
            return Reading(note=self._not_reached())
        if self.trace.gap_within(found.before, found.before + 1):
            return Reading(note="standards.over_gap")
        return Reading(stress(from_float(found.force), self.s0), found.sample)

    def _uniform(self, rm: Reading, peak: int | None) -> tuple[Reading, Reading]:
        """Ag and Agt."""
        refused = self._no_strain()
        if refused is None and (peak is None or rm.value is None):
            refused = Reading(note=rm.note)
        if refused is None and peak is not None and peak > self.trace.strain_end:
            refused = Reading(note="standards.extensometer_off")
        if refused is not None or self.line is None or peak is None or rm.value is None:
            return refused or Reading(), refused or Reading()
        summit = strain_at_peak(self.trace, peak, self._hardens_from())
        at_peak, note = summit.strain - self.line.origin, rm.note or summit.note
        elastic = float(rm.value) * float(self.s0) / 1000.0 / self.line.slope
        a_g = Reading(from_float((at_peak - elastic) * 100.0), peak, note)
        return a_g, Reading(from_float(at_peak * 100.0), peak, note)

    def _at_fracture(self) -> tuple[Reading, Reading]:
        """A and At at the last sample before the fracture."""
        refused = self._no_strain()
        trace = self.trace
        if refused is None and trace.strain_end < trace.end:
            refused = Reading(note="standards.extensometer_off")
        if refused is None and end_hidden(trace):
            refused = Reading(note="standards.over_gap")
        if refused is None and not trace.broken and trace.peak >= trace.end - 1:
            refused = Reading(note="standards.no_fracture")
        if refused is not None or self.line is None:
            return refused or Reading(), refused or Reading()
        total = float(trace.strain[trace.end]) - self.line.origin
        plastic = total - float(trace.force[trace.end]) / self.line.slope
        note = "" if trace.broken else "standards.no_fracture"
        return Reading(from_float(plastic * 100.0), trace.end, note), Reading(
            from_float(total * 100.0), trace.end, note
        )

    def _yield_extension(self) -> Reading:
        """Ae: strain from ReH to the start of uniform hardening, where the hardening's line meets the level of ReL."""
        refused = self._no_strain()
        trace, points = self.trace, self.points
        if refused is not None:
            return refused
        if points.upper is None or points.lower is None or points.yielded is None:
            return Reading(note="standards.no_yield_drop")
        if points.yielded >= trace.strain_end:
            return Reading(note="standards.extensometer_off")
        if trace.gap_within(points.upper - 1, points.yielded + 1):
            return Reading(note="standards.over_gap")
        return Reading(
            from_float(float(trace.strain[points.yielded] - trace.strain[points.upper]) * 100.0), points.yielded
        )
