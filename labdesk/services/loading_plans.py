"""What the method says about loading a specimen: area, expected force, rates, how start and break are recognised."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from labdesk.domain.bench import LoadingPlan, RateUnit, Recognition
from labdesk.domain.capture import BreakCriterion, BreakRule
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.profile import RegionProfile
from labdesk.domain.specimens import Lot
from labdesk.services.evaluation import propose_rules
from labdesk.services.house_rules import house_rules
from labdesk.services.loading_bases import BASES, needed
from labdesk.services.loading_table import LoadingRow, loading_rows, rows_of
from labdesk.services.lot_forms import method_words
from labdesk.standards.concrete import design_strength
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rule_tables import CubeRules, RebarRules

# Steel usually breaks above its nominal tensile strength, cubes above their grade: the middle of what is seen in practice.
_STEEL_RESERVE = Decimal("1.12")
_CUBE_RESERVE = Decimal("1.20")
# GB/T 228.1, method B, E >= 150 GPa: 6-60 MPa/s up to ReH.
_STEEL_RATE = (Decimal(6), Decimal(60))
_FINE, _GRAM = Decimal("0.000001"), Decimal("0.001")


def loading_plan(lot: Lot, profile: RegionProfile, test: TestKind | None = None) -> LoadingPlan:
    """The plan for a lot's specimens in one of its machine tests; without ``test`` in the first of the method.

    Raises:
        OperatorError: ``bench.no_method`` where the method has no machine test; a setting of the commission is missing or not
            in the standard's tables.
    """
    if lot.method == "rebar-lot":
        return _rebar_plan(lot)
    if lot.method == "concrete-cube":
        return _cube_plan(lot, profile)
    rows = rows_of(lot.method)
    if not rows:
        raise OperatorError(
            "bench.no_method" if method_words(lot.method) is None else "bench.by_hand", method=lot.method
        )
    chosen = loading_rows().get((lot.method, test)) if test is not None else None
    return _product_plan(lot, profile, chosen or rows[0])


def _product_plan(lot: Lot, profile: RegionProfile, row: LoadingRow) -> LoadingPlan:
    rules = _rules(lot, lot.method)
    basis = BASES[row.basis](lot, rules)
    expected = (basis.area_mm2 * basis.strength_mpa * row.reserve / 1000).quantize(_GRAM)
    low, high = _band(lot, row, basis.grade_mpa)
    if row.unit is RateUnit.FORCE:
        low, high = ((rate * 1000 / basis.area_mm2).quantize(_FINE) for rate in (low, high))
    return LoadingPlan(
        area_mm2=basis.area_mm2,
        expected_kn=expected,
        rate_low_mpa_s=low,
        rate_high_mpa_s=high,
        age_tolerance=_product_age(lot, rules, profile, row.ages),
        unit=row.unit,
        recognition=Recognition(
            preload_kn=max((expected * row.preload_share).quantize(_GRAM), row.preload_least_kn),
            arming_kn=max((expected * row.arming_share).quantize(_GRAM), row.preload_least_kn * 2),
            break_percent=row.break_percent,
            from_share=row.from_share,
            to_share=row.to_share,
        ),
    )


def _rules(lot: Lot, method: str) -> ProductRules:
    own = lot.settings.get("rules", "") if method == lot.method else ""
    rules = house_rules().get(own or propose_rules(method, lot.settings))
    if not isinstance(rules, ProductRules):
        raise OperatorError("bench.no_method", method=method)
    return rules


def _band(lot: Lot, row: LoadingRow, grade_mpa: Decimal) -> tuple[Decimal, Decimal]:
    """The rate band in the row's unit: its own, or that of the grade in the ruleset's table."""
    if row.given is not None:
        return row.given
    found = _rules(lot, row.rates_of).below("rates", "below_mpa", grade_mpa)
    suffix = "_kn_s" if row.unit is RateUnit.FORCE else ""
    return found.number(f"low{suffix}"), found.number(f"high{suffix}")


def _product_age(lot: Lot, rules: ProductRules, profile: RegionProfile, ages: str) -> timedelta | None:
    if lot.age_days is None or ages == "none":
        return None
    if lot.age_days == 28 and ages == "concrete":
        return timedelta(hours=float(profile.number("age_tolerance_28d_hours")))
    table = [row for row in rules.tables.get("ages", ()) if row.number("age_d") <= lot.age_days]
    # A row holds for its own age, the last one also for every later age.
    if not table or (table[-1].number("age_d") != lot.age_days and table[-1] is not rules.tables["ages"][-1]):
        return None
    return timedelta(hours=float(table[-1].number("hours")))


def _rebar_plan(lot: Lot) -> LoadingPlan:
    rules = house_rules().get(propose_rules("rebar-lot", lot.settings))
    if not isinstance(rules, RebarRules):
        raise OperatorError("bench.no_method", method=lot.method)
    size = rules.size(Decimal(needed(lot, "diameter_mm")))
    grade = rules.grade(needed(lot, "grade"))
    return LoadingPlan(
        area_mm2=size.area_mm2,
        expected_kn=size.area_mm2 * grade.r_m_mpa * _STEEL_RESERVE / 1000,
        rate_low_mpa_s=_STEEL_RATE[0],
        rate_high_mpa_s=_STEEL_RATE[1],
        age_tolerance=None,
    )


def _cube_plan(lot: Lot, profile: RegionProfile) -> LoadingPlan:
    rules = house_rules().get(propose_rules("concrete-cube", lot.settings))
    if not isinstance(rules, CubeRules):
        raise OperatorError("bench.no_method", method=lot.method)
    side = Decimal(needed(lot, "side_mm"))
    strength = design_strength(needed(lot, "design_grade"))
    if strength is None:
        raise OperatorError("evaluation.missing", name="design_grade", where=lot.number)
    band = rules.rate(strength)
    return LoadingPlan(
        area_mm2=side * side,
        expected_kn=side * side * strength * _CUBE_RESERVE / rules.factor(side) / 1000,
        rate_low_mpa_s=band.low,
        rate_high_mpa_s=band.high,
        age_tolerance=_age_tolerance(lot, rules, profile),
    )


def _age_tolerance(lot: Lot, rules: CubeRules, profile: RegionProfile) -> timedelta | None:
    if lot.age_days is None:
        return None
    if lot.age_days == 28:
        return timedelta(hours=float(profile.number("age_tolerance_28d_hours")))
    hours = rules.age_tolerance_h(Decimal(lot.age_days))
    return None if hours is None else timedelta(hours=float(hours))


def start_and_break(test: TestKind, plan: LoadingPlan) -> tuple[Decimal, Decimal, BreakCriterion]:
    """Preload, arming force (kN) and break criterion for a kind of test.

    Steel keeps its force well after the maximum while it necks, so only a fall to a fraction of the peak is a break; a cube
    that has lost a third of its peak is crushed. Both must be seen on several samples in a row.
    """
    own, expected = plan.recognition, plan.expected_kn
    preload = own.preload_kn if own else max(expected / 200, Decimal("0.5"))
    arming = own.arming_kn if own else expected / 5
    percent = own.break_percent if own else Decimal(60) if test is TestKind.TENSION else Decimal(35)
    return preload, arming, BreakCriterion(BreakRule.ATTENUATION, percent=percent, confirm_points=3)
