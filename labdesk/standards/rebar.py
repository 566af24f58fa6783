"""Rebar: values and judgement of GB 1499.2 and GB 1499.1 with GB/T 28900 (and GB/T 228.1 for the curve).

Nominal areas and masses always come from the published table. A value is rounded once, from the unrounded value; ratios use the
unrounded strengths (their areas cancel). Which regime applies is the ruleset's, and is printed with each verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.rounding import EXACT, Bound, Comparison
from labdesk.standards.gbt228 import TensileValues
from labdesk.standards.judging import Rule, judge, quotient
from labdesk.standards.rule_tables import Grade, RebarRules

GBT28900 = "GB/T 28900-2022"
GBT228 = "GB/T 228.1-2021"


@dataclass(frozen=True)
class Bar:
    """What one bar of a lot is judged against."""

    rules: RebarRules
    grade: Grade
    diameter_mm: Decimal
    subject: str = ""

    @property
    def area_mm2(self) -> Decimal:
        """Published nominal area."""
        return self.rules.size(self.diameter_mm).area_mm2

    def strength(self, symbol: str, raw: Decimal | None, low: Decimal | None, note: str = "") -> Value:
        """A strength in MPa against its minimum."""
        return judge(self.strength_rule(symbol, raw, low), raw, subject=self.subject, note=note)

    def strength_rule(self, symbol: str, raw: Decimal | None, low: Decimal | None) -> Rule:
        """Rounding step by the strength itself, limit and clause."""
        regime = self.rules.regime
        step = regime.strength.step(raw if raw is not None else Decimal(500))
        return Rule(symbol, "MPa", self.rules.clauses["tension"], step, regime.comparison, Bound(low=low))

    def ratio(self, symbol: str, raw: Decimal | None, bound: Bound) -> Value:
        """A ratio of strengths."""
        rule = self.ratio_rule(symbol, bound)
        return judge(rule, raw, subject=self.subject, note="" if raw is not None else "standards.needs_both_strengths")

    def ratio_rule(self, symbol: str, bound: Bound) -> Rule:
        """How a ratio is rounded and compared."""
        regime = self.rules.regime
        return Rule(symbol, "", self.rules.clauses["ratios"], regime.ratio_step, regime.comparison, bound)

    def a_rule(self) -> Rule:
        """Elongation after fracture."""
        limit = self.rules.a_limit(self.grade, self.diameter_mm)
        regime = self.rules.regime
        return Rule("A", "%", self.rules.clauses["tension"], regime.a_step, regime.comparison, Bound(low=limit))

    def agt_rule(self) -> Rule:
        """Total elongation at maximum force."""
        regime = self.rules.regime
        bound = Bound(low=self.grade.a_gt_percent)
        return Rule("Agt", "%", self.rules.clauses["tension"], regime.agt_step, regime.comparison, bound)


def rule_of(bar: Bar, symbol: str, raw: Decimal | None) -> Rule | None:
    """The rule that a value of this symbol was judged by, ``None`` where it has no limit; to ask what another regime would say."""
    grade = bar.grade
    if symbol in ("ReL", "Rm"):
        return bar.strength_rule(symbol, raw, grade.r_el_mpa if symbol == "ReL" else grade.r_m_mpa)
    if symbol == "A":
        return bar.a_rule()
    if symbol == "Agt":
        return bar.agt_rule()
    if symbol == "dW":
        return weight_rule(bar.rules, bar.rules.weight_tolerance(bar.diameter_mm))
    bounds = {"R°m/R°eL": Bound(low=grade.ratio_m_el), "R°eL/ReL": Bound(high=grade.ratio_el_nominal)}
    return bar.ratio_rule(symbol, bounds[symbol]) if symbol in bounds else None


def elongation(l0_mm: Decimal, lu_mm: Decimal) -> Decimal:
    """A = (Lu - L0) / L0 x 100, in percent (GB/T 228.1, 3.4.2)."""
    return quotient((lu_mm - l0_mm) * 100, l0_mm)


def agt_by_hand(l0_mm: Decimal, l_mm: Decimal, rm_mpa: Decimal) -> Decimal:
    """Agt = Ag + Rm / 2000, in percent, Ag from marks on the longer broken part (GB/T 28900, 5.3)."""
    return EXACT.add(quotient((l_mm - l0_mm) * 100, l0_mm), quotient(rm_mpa, Decimal(2000)))


def weight_deviation(total_mass_g: Decimal, lengths_mm: Sequence[Decimal], mass_kg_per_m: Decimal) -> Decimal:
    """Deviation of the bars together from the nominal mass, percent (g per mm equals kg per m)."""
    nominal = sum(lengths_mm, Decimal(0)) * mass_kg_per_m
    return quotient((total_mass_g - nominal) * 100, nominal)


def weight_value(
    rules: RebarRules, diameter_mm: Decimal, total_mass_g: Decimal, lengths_mm: Sequence[Decimal]
) -> Value:
    """Weight deviation of the lot against its tolerance, both ways; it is never sampled again."""
    tolerance = rules.weight_tolerance(diameter_mm)
    raw = weight_deviation(total_mass_g, lengths_mm, rules.size(diameter_mm).mass_kg_per_m)
    return judge(weight_rule(rules, tolerance), raw)


def weight_rule(rules: RebarRules, tolerance: Decimal) -> Rule:
    """Rounding, regime and limit of the weight deviation."""
    bound = Bound(-tolerance, tolerance)
    return Rule("dW", "%", rules.clauses["weight"], rules.regime.weight_step, rules.regime.comparison, bound)


def strength_values(bar: Bar, r_el_mpa: Decimal | None, r_m_mpa: Decimal | None, *, note: str = "") -> list[Value]:
    """ReL, Rm and, for E grades, the two ratios, from unrounded strengths."""
    grade = bar.grade
    values = [
        bar.strength("ReL", r_el_mpa, grade.r_el_mpa, note),
        bar.strength("Rm", r_m_mpa, grade.r_m_mpa, "standards.no_curve" if r_m_mpa is None else ""),
    ]
    if grade.seismic:
        both = r_el_mpa is not None and r_m_mpa is not None and r_el_mpa > 0
        m_el = quotient(r_m_mpa, r_el_mpa) if both and r_m_mpa is not None and r_el_mpa is not None else None
        over = quotient(r_el_mpa, grade.r_el_mpa) if r_el_mpa is not None else None
        values.append(bar.ratio("R°m/R°eL", m_el, Bound(low=grade.ratio_m_el)))
        values.append(bar.ratio("R°eL/ReL", over, Bound(high=grade.ratio_el_nominal)))
    return values


def curve_strengths(bar: Bar, found: TensileValues) -> list[Value]:
    """ReH, ReL (or Rp0.2 in its place where the steel yields continuously), Rm and ratios of one bar's curve."""
    upper = Rule("ReH", "MPa", f"{GBT228} 11", bar.rules.regime.strength.step(Decimal(500)), Comparison.FULL_VALUE)
    values = [judge(upper, found.r_eh_mpa.value, subject=bar.subject, note=found.r_eh_mpa.note)]
    yielded, note = found.r_el_mpa.value, found.r_el_mpa.note
    if yielded is None and found.r_p02_mpa.value is not None:
        yielded, note = found.r_p02_mpa.value, "standards.proof_for_yield"
    return values + strength_values(bar, yielded, found.rm_mpa.value, note=note)


def bend_value(bar: Bar, result: str, *, reverse: bool) -> Value:
    """Bend or reverse bend as seen by a person: ``no-crack`` or ``crack``; the limit states mandrel and angle."""
    row = bar.rules.bend(bar.grade, bar.diameter_mm)
    times = row.band.value + 1 if reverse else row.band.value
    mandrel = (times * bar.diameter_mm).normalize()
    angle = "90° + 100 °C 30 min - 20°" if reverse else f"{row.angle}°"
    verdict = {"no-crack": Verdict.PASS, "crack": Verdict.FAIL}.get(result, Verdict.NOT_EVALUATED)
    return Value(
        symbol="reverse bend" if reverse else "bend",
        unit="",
        raw=None,
        rounded=None,
        limit=f"no crack, {angle}, D = {times}d = {mandrel:f} mm",
        verdict=verdict,
        clause=bar.rules.clauses["reverse_bend" if reverse else "bend"],
        subject=bar.subject,
        note="" if verdict is not Verdict.NOT_EVALUATED else "standards.not_entered",
    )


@dataclass(frozen=True)
class LotState:
    """What the lot's verdict depends on: verdicts per item, whether all is there, and whether this is the retest.

    Attributes:
        weight: verdict of the weight deviation.
        items: verdicts of tension, bend and reverse bend values, by item.
        complete: every required specimen has its values.
        retest: the double number of specimens of a retest is being judged.
    """

    weight: Verdict
    items: dict[str, list[Verdict]]
    complete: bool
    retest: bool = False

    @property
    def failed(self) -> tuple[str, ...]:
        """Items with a failing value, in order."""
        return tuple(name for name, verdicts in self.items.items() if Verdict.FAIL in verdicts)

    def verdict(self) -> Verdict:
        """Verdict of the lot: weight is never re-sampled, a failing item is retested once with double the number."""
        if self.weight is Verdict.FAIL or (self.failed and self.retest):
            return Verdict.FAIL
        if self.failed:
            return Verdict.RETEST
        if any(Verdict.INVALID in verdicts for verdicts in self.items.values()):
            return Verdict.INVALID
        return Verdict.PASS if self.complete else Verdict.NOT_EVALUATED
