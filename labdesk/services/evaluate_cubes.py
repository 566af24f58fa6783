"""A group of concrete cubes (or cylinders) from sealed curves and hand entries to strengths and the group's value."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import LotInput, Remark, SpecimenInput, Value, Verdict
from labdesk.domain.rounding import Comparison, gbt8170
from labdesk.services.evaluation_inputs import Typed, age_hours, peak_of
from labdesk.standards import concrete
from labdesk.standards.judging import Rule, judge
from labdesk.standards.rates import between_shares, rate_share
from labdesk.standards.rule_tables import CubeRules

_RATE_PART = (0.3, 0.8)
_TELL_FROM_PERCENT = 20
_STANDARD_AGE_D = Decimal(28)


class CubeGroup:
    """One group on its way to an evaluation; the order of the cubes does not matter."""

    def __init__(self, lot: LotInput, rules: CubeRules, curves: Mapping[str, Curve]) -> None:
        self.rules = rules
        self.curves = curves
        self.settings = Typed(lot.settings)
        self.specimens = sorted(lot.specimens, key=lambda specimen: specimen.label)
        self.remarks: list[Remark] = []
        grade = self.settings.text("design_grade") or self.settings.text("grade")
        self.design_mpa = concrete.design_strength(grade) if grade else None
        if grade and self.design_mpa is None:
            raise OperatorError("evaluation.not_a_concrete_grade", text=grade[:20])

    def evaluate(self) -> tuple[tuple[Value, ...], Verdict, tuple[Remark, ...]]:
        """Values in report order; ``NOT_EVALUATED`` (or ``INVALID`` where two cubes are off by more than 15 %)."""
        values: list[Value] = []
        strengths: list[Decimal] = []
        for specimen in self.specimens:
            value = self._cube(specimen)
            values.append(value)
            if value.rounded is not None and value.verdict is not Verdict.INVALID:
                strengths.append(value.rounded)
        verdict = Verdict.NOT_EVALUATED
        if len(strengths) == self.rules.group_size and len(self.specimens) == self.rules.group_size:
            group = concrete.group_value(self.rules, strengths)
            values += self._group(group)
            if group.rule is concrete.GroupRule.INVALID:
                verdict = Verdict.INVALID
        else:
            self._remark("evaluation.group_incomplete", found=str(len(strengths)), needed=str(self.rules.group_size))
        if not self.rules.checked:
            self._remark("evaluation.rows_unchecked", rules=self.rules.id)
        return tuple(values), verdict, tuple(self.remarks)

    def _rule(self, symbol: str, unit: str, clause: str, step: Decimal) -> Rule:
        return Rule(symbol, unit, self.rules.clauses[clause], step, Comparison.ROUNDED_VALUE)

    def _cube(self, specimen: SpecimenInput) -> Value:
        typed = Typed(specimen.entries, specimen.label)
        rule = self._rule("fcu", "MPa", "strength", self.rules.strength_step)
        self._age(specimen)
        peak = self._peak(specimen)
        if peak is None:
            self._remark("evaluation.no_peak", label=specimen.label)
            return judge(rule, None, subject=specimen.label, note="standards.no_curve")
        side = typed.number("side_mm") or self.settings.number("side_mm") or self._side_in_file(specimen)
        if side is None:
            raise OperatorError("evaluation.missing", name="side_mm", where=specimen.label)
        area = self._measured_area(typed, side) or side * side
        raw = concrete.strength_of(peak, area, self._factor(specimen, side))
        if specimen.run_hash is not None:
            self._rate(specimen, raw)
        note = "standards.no_curve" if specimen.run_hash is None else ""
        return judge(rule, raw, subject=specimen.label, note=note)

    def _factor(self, specimen: SpecimenInput, side: Decimal) -> Decimal:
        """The table's factor; from C60 on 150 mm is asked for, above C100 the factor comes from the laboratory's own tests."""
        by_test = self.settings.number("size_factor")
        if side != self.rules.standard_side_mm and self.design_mpa is not None:
            if self.design_mpa > self.rules.factor_by_test_above_mpa and by_test is None:
                raise OperatorError(
                    "products.factor_by_test", side=str(side), above=str(self.rules.factor_by_test_above_mpa)
                )
            if self.design_mpa >= self.rules.standard_side_from_mpa:
                self._remark("evaluation.use_150", label=specimen.label, side=str(side))
        if by_test is None:
            return self.rules.factor(side)
        self._remark("products.factor_given", label=specimen.label, factor=str(by_test))
        return by_test

    def _measured_area(self, typed: Typed, side: Decimal) -> Decimal | None:
        """Measured loaded area where a side is off by more than 1 mm, else ``None``."""
        one, other = typed.number("measured_a_mm"), typed.number("measured_b_mm")
        if one is None or other is None:
            return None
        if max(abs(one - side), abs(other - side)) <= 1:
            return None
        self._remark("evaluation.measured_area", label=typed.where, a=str(one), b=str(other))
        return one * other

    def _side_in_file(self, specimen: SpecimenInput) -> Decimal | None:
        curve = self.curves.get(specimen.run_hash or "")
        return Typed(curve.metadata, specimen.label).number("width_mm") if curve is not None else None

    def _peak(self, specimen: SpecimenInput) -> Decimal | None:
        """The machine's own peak register where the capture has one, else the largest sample, else the manual reading."""
        if specimen.run_hash is None:
            if specimen.manual_peak_kn is not None:
                self._remark("evaluation.no_curve", label=specimen.label)
            return specimen.manual_peak_kn
        curve = self.curves.get(specimen.run_hash)
        if curve is None:
            raise OperatorError("evaluation.curve_missing", label=specimen.label, run=specimen.run_hash[:12])
        return peak_of(curve, specimen.label, self.remarks)

    def _rate(self, specimen: SpecimenInput, strength_mpa: Decimal) -> None:
        curve = self.curves[specimen.run_hash or ""]
        force = curve.force_kn.view
        peak = int(np.argmax(force))
        if force[peak] <= 0:
            return
        row = self.rules.rate(self.design_mpa if self.design_mpa is not None else strength_mpa)
        scale = float(strength_mpa) / float(force[peak])
        part = between_shares(force, peak, _RATE_PART)
        share = rate_share(curve.time_s.view, force * scale, part, (float(row.low), float(row.high)))
        if share is not None and share.outside_percent >= _TELL_FROM_PERCENT:
            params = {
                "percent": str(share.outside_percent),
                "mean": str(share.mean_mpa_s),
                "band": f"{row.low}-{row.high}",
            }
            self._remark("evaluation.rate_out_of_band", label=specimen.label, **params)

    def _age(self, specimen: SpecimenInput) -> None:
        """Compares the real age with the nominal one; outside its tolerance no statement about that age is made."""
        hours = age_hours(specimen.age_text)
        nominal = self.settings.number("age_d") or _STANDARD_AGE_D
        tolerance = self.rules.age_tolerance_h(nominal)
        if hours is None or tolerance is None:
            return
        off = hours - nominal * 24
        if abs(off) > tolerance:
            key = "evaluation.over_age" if off > 0 else "evaluation.under_age"
            self._remark(
                key, label=specimen.label, age=specimen.age_text, nominal=str(nominal), tolerance=str(tolerance)
            )

    def _group(self, group: concrete.Group) -> list[Value]:
        rule = self._rule("fcu,m", "MPa", "group", self.rules.strength_step)
        if group.rounded is None:
            self._remark("evaluation.group_invalid")
            return [
                Value(
                    rule.symbol,
                    rule.unit,
                    None,
                    None,
                    "",
                    Verdict.INVALID,
                    rule.clause,
                    "",
                    rule.regime,
                    "standards.group_invalid",
                )
            ]
        if group.rule is concrete.GroupRule.MEDIAN:
            self._remark("evaluation.group_median")
        values = [judge(rule, group.raw, note=f"standards.group_{group.rule.value}")]
        if self.design_mpa is not None:
            share = concrete.share_of_grade(group.rounded, self.design_mpa)
            values.append(judge(self._rule("fcu,m/fcu,k", "%", "group", self.rules.percentage_step), share))
            tell_low_group(self.settings, group.rounded, self.design_mpa, self.remarks)
        return values

    def _remark(self, key: str, **params: str) -> None:
        self.remarks.append(Remark(key, params))


def tell_low_group(settings: Typed, value: Decimal, design: Decimal, remarks: list[Remark]) -> None:
    """The region's trigger for a single group at 28 d, setting ``low_group_percent``: said at once, never a verdict.

    Nothing is said at another age, nominal or real, because the percentage is one of the 28 d strength.
    """
    percent = settings.number("low_group_percent")
    at_28_d = (settings.number("age_d") or _STANDARD_AGE_D) == _STANDARD_AGE_D
    off_age = any(remark.key in ("evaluation.over_age", "evaluation.under_age") for remark in remarks)
    if percent is None or not at_28_d or off_age or value * 100 >= percent * design:
        return
    told = {"value": f"{value:f}", "percent": f"{percent.normalize():f}", "fk": f"{design:f}"}
    remarks.append(Remark("evaluation.low_group", told))


def cylinder_values(curve: Curve, settings: Typed, label: str, remarks: list[Remark]) -> tuple[Value, ...]:
    """Strength of one cylinder: F / (pi d^2 / 4), without a size factor; to 0.1 MPa."""
    diameter = settings.number("diameter_mm") or Typed(curve.metadata, label).number("diameter_mm")
    if diameter is None:
        raise OperatorError("evaluation.missing", name="diameter_mm", where=label)
    area = diameter * diameter * Decimal("3.141592653589793238462643383") / 4
    raw = peak_of(curve, label, remarks) * 1000 / area
    step = Decimal("0.1")
    clause, regime = "GB/T 50081-2019", f"{step} MPa, {Comparison.ROUNDED_VALUE.value}"
    return (Value("fc", "MPa", raw, gbt8170(raw, step), "", Verdict.NOT_EVALUATED, clause, label, regime),)
