"""What the method says about loading a specimen: area, expected force, rates, how start and break are recognised."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from labdesk.domain.bench import LoadingPlan
from labdesk.domain.capture import BreakCriterion, BreakRule
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.profile import RegionProfile
from labdesk.domain.specimens import Lot
from labdesk.services.evaluation import propose_rules
from labdesk.services.house_rules import house_rules
from labdesk.standards.concrete import design_strength
from labdesk.standards.rule_tables import CubeRules, RebarRules

# Steel usually breaks above its nominal tensile strength, cubes above their grade: the middle of what is seen in practice.
_STEEL_RESERVE = Decimal("1.12")
_CUBE_RESERVE = Decimal("1.20")
# GB/T 228.1, method B, E >= 150 GPa: 6-60 MPa/s up to ReH.
_STEEL_RATE = (Decimal(6), Decimal(60))


def loading_plan(lot: Lot, profile: RegionProfile) -> LoadingPlan:
    """The plan for a lot's specimens.

    Raises:
        OperatorError: a setting of the commission is missing or not in the standard's tables.
    """
    if lot.method == "rebar-lot":
        return _rebar_plan(lot)
    if lot.method == "concrete-cube":
        return _cube_plan(lot, profile)
    raise OperatorError("bench.no_method", method=lot.method)


def _setting(lot: Lot, name: str) -> str:
    text = lot.settings.get(name, "").strip()
    if not text:
        raise OperatorError("evaluation.missing", name=name, where=lot.number)
    return text


def _rebar_plan(lot: Lot) -> LoadingPlan:
    rules = house_rules().get(propose_rules("rebar-lot", lot.settings))
    if not isinstance(rules, RebarRules):
        raise OperatorError("bench.no_method", method=lot.method)
    size = rules.size(Decimal(_setting(lot, "diameter_mm")))
    grade = rules.grade(_setting(lot, "grade"))
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
    side = Decimal(_setting(lot, "side_mm"))
    strength = design_strength(_setting(lot, "design_grade"))
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
    expected = plan.expected_kn
    preload = max(expected / 200, Decimal("0.5"))
    arming = expected / 5
    percent = Decimal(60) if test is TestKind.TENSION else Decimal(35)
    return preload, arming, BreakCriterion(BreakRule.ATTENUATION, percent=percent, confirm_points=3)
