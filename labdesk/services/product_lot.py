"""What every product's evaluation shares: sorted specimens, peaks, ages, rates, remarks, and values that say where regimes flip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import LotInput, Remark, SpecimenInput, TestKind, Value, Verdict
from labdesk.domain.rounding import NO_BOUND, Bound
from labdesk.services.evaluation_inputs import Typed, age_hours, peak_of
from labdesk.standards.judging import flip, judge, quotient
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rates import between_shares, rate_share

Outcome = tuple[tuple[Value, ...], Verdict, tuple[Remark, ...]]
_TELL_FROM_PERCENT = 20
_STANDARD_AGE_D = Decimal(28)


@dataclass(frozen=True)
class Judged:
    """What a value is: its symbol, unit and limit, and the clause of the limit where it is not that of the value."""

    symbol: str
    unit: str
    bound: Bound = NO_BOUND
    clause: str = ""


class ProductLot:
    """One lot on its way to an evaluation; the outcome does not depend on the order of its specimens."""

    def __init__(
        self,
        lot: LotInput,
        rules: ProductRules,
        curves: Mapping[str, Curve],
        siblings: Sequence[ProductRules] = (),
    ) -> None:
        self.rules = rules
        self.curves = curves
        self.siblings = siblings
        self.settings = Typed(lot.settings)
        # The tenth piece comes after the second.
        self.specimens = sorted(lot.specimens, key=lambda specimen: (len(specimen.label), specimen.label))
        self.remarks: list[Remark] = []

    def remark(self, key: str, **params: str) -> None:
        """Say something to reviewer and report."""
        self.remarks.append(Remark(key, params))

    def value(self, what: Judged, raw: Decimal | None, *, subject: str = "", note: str = "") -> Value:
        """A value under the lot's regime; where another regime of the same edition gives the other verdict, a remark says so."""
        rule = self.rules.rule(what.symbol, what.unit, what.bound, what.clause)
        others = [other.rule(what.symbol, what.unit, what.bound, what.clause) for other in self.siblings]
        other = flip(rule, others, raw)
        if other is not None:
            self.remark(
                "products.regime_flips",
                symbol=what.symbol,
                label=subject or "-",
                regime=rule.regime,
                other=other.regime,
            )
        return judge(rule, raw, subject=subject, note=note)

    def typed(self, specimen: SpecimenInput) -> Typed:
        """Entries of one specimen."""
        return Typed(specimen.entries, specimen.label)

    def peak(self, specimen: SpecimenInput, *, needs_curve: bool = True) -> Decimal | None:
        """Largest force, kN: of the curve, else read from the display, else typed; a missing curve is said where one is needed."""
        if specimen.run_hash is not None:
            curve = self.curves.get(specimen.run_hash)
            if curve is None:
                raise OperatorError("evaluation.curve_missing", label=specimen.label, run=specimen.run_hash[:12])
            return peak_of(curve, specimen.label, self.remarks)
        read = specimen.manual_peak_kn
        if read is None and not needs_curve:
            read = self.typed(specimen).number("force_kn")
        if read is None:
            self.remark("evaluation.no_peak", label=specimen.label)
        elif needs_curve:
            self.remark("evaluation.no_curve", label=specimen.label)
        return read

    def loaded_kn(self, specimen: SpecimenInput, kind: TestKind) -> Decimal | None:
        """Largest force of a machine test of this kind, kN; ``None`` where the specimen went through no such test or has no value."""
        if kind not in specimen.tests or (specimen.run_hash is None and specimen.manual_peak_kn is None):
            return None
        return self.peak(specimen)

    def no_curve(self, specimen: SpecimenInput) -> str:
        """Note of a value without a curve."""
        return "standards.no_curve" if specimen.run_hash is None else ""

    def age(self, specimen: SpecimenInput) -> None:
        """Compare the real age with the nominal one by the standard's table of tolerances."""
        hours = age_hours(specimen.age_text or self.settings.text("real_age"))
        nominal = self.settings.number("age_d") or _STANDARD_AGE_D
        tolerance = self._tolerance(nominal)
        if hours is None or tolerance is None or abs(hours - nominal * 24) <= tolerance:
            return
        key = "evaluation.over_age" if hours > nominal * 24 else "evaluation.under_age"
        told = specimen.age_text or self.settings.text("real_age")
        self.remark(key, label=specimen.label, age=told, nominal=str(nominal), tolerance=str(tolerance))

    def _tolerance(self, nominal_d: Decimal) -> Decimal | None:
        rows = self.rules.tables.get("ages", ())
        exact = next((row.number("hours") for row in rows if row.number("age_d") == nominal_d), None)
        if exact is not None or not rows:
            return exact
        last = rows[-1]
        return last.number("hours") if nominal_d >= last.number("age_d") else None

    def rate(self, specimen: SpecimenInput, strength_mpa: Decimal, grade_mpa: Decimal) -> None:
        """Stress rate, MPa/s, between two shares of the peak against the band of the grade."""
        row = self.rules.below("rates", "below_mpa", grade_mpa)
        self._rate(specimen, strength_mpa, (row.number("low"), row.number("high")), "evaluation.rate_out_of_band")

    def force_rate(self, specimen: SpecimenInput, peak_kn: Decimal, grade_mpa: Decimal) -> None:
        """As :meth:`rate`, for standards that give the rate in kN/s."""
        row = self.rules.below("rates", "below_mpa", grade_mpa)
        self._rate(
            specimen, peak_kn, (row.number("low_kn_s"), row.number("high_kn_s")), "products.force_rate_out_of_band"
        )

    def _rate(self, specimen: SpecimenInput, at_peak: Decimal, band: tuple[Decimal, Decimal], key: str) -> None:
        """``at_peak`` is what the peak stands for, in the band's unit."""
        if specimen.run_hash is None:
            return
        curve = self.curves[specimen.run_hash]
        force = curve.force_kn.view
        peak = int(np.argmax(force))
        if force[peak] <= 0:
            return
        shares = float(self.rules.number("rate_low_share")), float(self.rules.number("rate_high_share"))
        scale = float(at_peak) / float(force[peak])
        limits = float(band[0]), float(band[1])
        share = rate_share(curve.time_s.view, force * scale, between_shares(force, peak, shares), limits)
        if share is not None and share.outside_percent >= _TELL_FROM_PERCENT:
            told = {
                "percent": str(share.outside_percent),
                "mean": str(share.mean_mpa_s),
                "band": f"{band[0]}-{band[1]}",
            }
            self.remark(key, label=specimen.label, **told)

    def share_of(self, value: Decimal, design: Decimal, symbol: str) -> Value:
        """A group's value as percent of the design value: a statement, never a verdict."""
        rule = self.rules.rule("share", "%")
        return judge(replace(rule, symbol=symbol), quotient(value * 100, design))

    def done(self, values: Sequence[Value], verdict: Verdict) -> Outcome:
        """Values, verdict and remarks; says when the rows were not checked against the print."""
        if not self.rules.checked:
            self.remark("evaluation.rows_unchecked", rules=self.rules.id)
        return tuple(values), verdict, tuple(self.remarks)


def invalid(value: Value, note: str = "standards.specimen_invalid") -> Value:
    """The value marked invalid: the specimen must be replaced."""
    return replace(value, verdict=Verdict.INVALID, note=note)
