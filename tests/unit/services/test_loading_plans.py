"""What the method says about loading: areas, expected forces, rate bands, tolerances, break criteria."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from labdesk.domain.bench import LoadingPlan, RateUnit, rate_part
from labdesk.domain.capture import BreakRule
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.profile import BUILT_IN
from labdesk.domain.sentences import Language, say_error
from labdesk.services.loading_plans import loading_plan, start_and_break
from tests.helpers.benchworld import cube_lot, rebar_lot


def test_a_bar_of_20_mm() -> None:
    plan = loading_plan(rebar_lot(), BUILT_IN)
    assert plan.area_mm2 == Decimal("314.2")
    assert (plan.rate_low_mpa_s, plan.rate_high_mpa_s) == (Decimal(6), Decimal(60))
    assert Decimal(180) < plan.expected_kn < Decimal(200)
    assert plan.age_tolerance is None


@pytest.mark.parametrize(
    ("side", "grade", "band"),
    [
        ("150", "C25", ("0.3", "0.5")),
        ("150", "C35", ("0.5", "0.8")),
        ("150", "C60", ("0.8", "1.0")),
        ("100", "C35", ("0.5", "0.8")),
    ],
)
def test_the_rate_of_a_cube_follows_its_grade(side: str, grade: str, band: tuple[str, str]) -> None:
    lot = replace(cube_lot(), settings={"side_mm": side, "design_grade": grade})
    plan = loading_plan(lot, BUILT_IN)
    assert (plan.rate_low_mpa_s, plan.rate_high_mpa_s) == (Decimal(band[0]), Decimal(band[1]))
    assert plan.area_mm2 == Decimal(side) ** 2


def test_the_tolerance_of_28_days_is_the_profiles() -> None:
    strict = replace(BUILT_IN, numbers={**BUILT_IN.numbers, "age_tolerance_28d_hours": Decimal(6)})
    assert loading_plan(cube_lot(), BUILT_IN).age_tolerance == timedelta(hours=20)
    assert loading_plan(cube_lot(), strict).age_tolerance == timedelta(hours=6)
    assert loading_plan(replace(cube_lot(), age_days=None), BUILT_IN).age_tolerance is None


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"grade": "HRB400E"}, "evaluation.missing"),
        ({"diameter_mm": "20", "grade": "HRB999"}, "standards.no_such_grade"),
        ({"diameter_mm": "21", "grade": "HRB400E"}, "standards.no_such_size"),
    ],
)
def test_a_commission_that_cannot_be_planned_is_refused_in_words(settings: dict[str, str], key: str) -> None:
    with pytest.raises(OperatorError) as caught:
        loading_plan(replace(rebar_lot(), settings=settings), BUILT_IN)
    assert caught.value.key == key


def test_an_unknown_method_and_a_grade_that_is_none() -> None:
    with pytest.raises(OperatorError, match=r"bench\.no_method"):
        loading_plan(replace(rebar_lot(), method="asphalt"), BUILT_IN)
    with pytest.raises(OperatorError, match=r"evaluation\.missing"):
        loading_plan(replace(cube_lot(), settings={"side_mm": "150", "design_grade": "?"}), BUILT_IN)


@pytest.mark.parametrize(("kind", "percent"), [(TestKind.TENSION, 60), (TestKind.COMPRESSION, 35)])
def test_start_and_break_fit_the_kind_of_test(kind: TestKind, percent: int) -> None:
    preload, arming, criterion = start_and_break(kind, loading_plan(rebar_lot(), BUILT_IN))
    assert 0 < preload < arming
    assert (criterion.rule, criterion.percent, criterion.confirm_points) == (BreakRule.ATTENUATION, percent, 3)


CONCRETE = {"side_mm": "150", "design_grade": "C30"}
BAR = {"grade": "HRB400", "diameter_mm": "25"}


def plan(method: str, settings: dict[str, str], test: TestKind | None = None, age: int | None = None) -> LoadingPlan:
    return loading_plan(replace(cube_lot(), method=method, settings=settings, age_days=age), BUILT_IN, test)


@pytest.mark.parametrize(
    ("method", "settings", "test", "area", "band"),
    [
        ("concrete-flexural", CONCRETE, TestKind.FLEXURE, "7500", "0.05-0.08 MPa/s"),
        ("concrete-flexural", {**CONCRETE, "design_grade": "C25"}, TestKind.FLEXURE, "7500", "0.02-0.05 MPa/s"),
        ("concrete-splitting", CONCRETE, TestKind.SPLITTING, "35342.9", "0.05-0.08 MPa/s"),
        ("concrete-prism", {**CONCRETE, "design_grade": "C60"}, TestKind.COMPRESSION, "22500", "0.8-1.0 MPa/s"),
        ("concrete-modulus", CONCRETE, TestKind.COMPRESSION, "22500", "0.5-0.8 MPa/s"),
        ("concrete-same-condition", CONCRETE, TestKind.COMPRESSION, "22500", "0.5-0.8 MPa/s"),
        ("mortar-cube", {"design_grade": "M10"}, TestKind.COMPRESSION, "4998.49", "0.25-1.50 kN/s"),
        ("mortar-cube", {"design_grade": "M2.5"}, TestKind.COMPRESSION, "4998.49", "0.25-0.50 kN/s"),
        ("cement-strength", {"grade": "42.5"}, TestKind.FLEXURE, "427.4", "0.04-0.06 kN/s"),
        ("cement-strength", {"grade": "42.5"}, TestKind.COMPRESSION, "1600", "2.20-2.60 kN/s"),
        ("brick-strength", {"grade": "MU15"}, TestKind.COMPRESSION, "13800", "2.00-6.00 kN/s"),
        ("rebar-splice", BAR, TestKind.TENSION, "490.9", "6-60 MPa/s"),
        ("rebar-splice-process", BAR, TestKind.TENSION, "490.9", "6-60 MPa/s"),
        ("rebar-weld", {**BAR, "weld_kind": "arc"}, TestKind.TENSION, "490.9", "6-60 MPa/s"),
        ("welded-fabric", {"grade": "CRB550", "diameter_mm": "8"}, TestKind.TENSION, "50.27", "6-60 MPa/s"),
        ("welded-fabric", {"grade": "CRB550", "diameter_mm": "8"}, TestKind.SHEAR, "50.27", "6-30 MPa/s"),
        ("straightened-bar", {**BAR, "diameter_mm": "10"}, TestKind.TENSION, "78.54", "6-60 MPa/s"),
    ],
)
def test_area_and_rate_of_every_product(
    method: str, settings: dict[str, str], test: TestKind, area: str, band: str
) -> None:
    found = plan(method, settings, test)
    low, high = (found.in_unit(rate) for rate in (found.rate_low_mpa_s, found.rate_high_mpa_s))
    if found.unit is RateUnit.FORCE:
        low, high = (rate.quantize(Decimal("0.01")) for rate in (low, high))
    assert (found.area_mm2, f"{low}-{high} {found.unit.value}") == (Decimal(area), band)


def test_what_a_piece_is_expected_to_bear_is_near_what_the_worked_examples_bear() -> None:
    """The machine is chosen by it: C13 34.5 kN, C15 98 kN, J2 291.6 kN, M1 38.5 kN, K1 76 kN, K7 3.03 kN, Z1 238 kN."""
    expected = {
        ("concrete-flexural", TestKind.FLEXURE): (CONCRETE, 34.5),
        ("concrete-splitting", TestKind.SPLITTING): (CONCRETE, 98),
        ("rebar-splice", TestKind.TENSION): (BAR, 291.6),
        ("mortar-cube", TestKind.COMPRESSION): ({"design_grade": "M10"}, 38.5),
        ("cement-strength", TestKind.COMPRESSION): ({"grade": "42.5"}, 76),
        ("cement-strength", TestKind.FLEXURE): ({"grade": "42.5"}, 3.03),
        ("brick-strength", TestKind.COMPRESSION): ({"grade": "MU15"}, 238),
    }
    for (method, test), (settings, borne_kn) in expected.items():
        found = plan(method, settings, test).expected_kn
        assert 0.85 * borne_kn <= found <= 1.35 * borne_kn, (method, found)


def test_the_cycles_of_a_modulus_are_no_break_and_not_judged() -> None:
    """Up and down to a third of the strength: below the arming force, and before the part in which the rate holds."""
    found = plan("concrete-modulus", CONCRETE)
    _, arming, _ = start_and_break(TestKind.COMPRESSION, found)
    third_of_fcp = found.area_mm2 * Decimal("0.76") * 30 / 3 / 1000
    start, _ = rate_part(TestKind.COMPRESSION, found)
    assert third_of_fcp < arming
    assert third_of_fcp < start * found.expected_kn


def test_a_small_force_is_started_and_armed_by_its_own_measure() -> None:
    preload, arming, criterion = start_and_break(TestKind.FLEXURE, plan("cement-strength", {"grade": "42.5"}))
    assert preload < Decimal("0.1") < arming < 1
    assert criterion.percent == 35


@pytest.mark.parametrize(
    ("method", "age", "hours"),
    [
        ("concrete-flexural", 28, 20), ("concrete-flexural", 7, 6), ("concrete-flexural", 14, None),
        ("concrete-flexural", 90, 48), ("cement-strength", 3, 0.75), ("cement-strength", 28, 8),
        ("concrete-same-condition", 40, None), ("brick-strength", None, None),
    ],
)  # fmt: skip
def test_the_tolerance_of_the_age_is_that_of_the_table(method: str, age: int | None, hours: float | None) -> None:
    settings = {**CONCRETE, "grade": {"cement-strength": "42.5", "brick-strength": "MU15"}.get(method, "C30")}
    found = plan(method, settings, age=age).age_tolerance
    assert found == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize(
    ("method", "settings", "key"),
    [
        ("concrete-flexural", {"side_mm": "150"}, "evaluation.missing"),
        ("concrete-flexural", {**CONCRETE, "side_mm": "120"}, "standards.no_such_cube"),
        ("concrete-prism", {**CONCRETE, "design_grade": "B30"}, "evaluation.not_a_concrete_grade"),
        ("mortar-cube", {}, "evaluation.missing"),
        ("mortar-cube", {"grade": "M11"}, "products.not_a_mortar_grade"),
        ("cement-strength", {}, "evaluation.missing"),
        ("cement-strength", {"grade": "43.5"}, "products.no_such_row"),
        ("brick-strength", {"grade": "MU7"}, "products.no_such_row"),
        ("rebar-splice", {"grade": "HRB400"}, "evaluation.missing"),
        ("rebar-splice", {**BAR, "diameter_mm": "twenty"}, "evaluation.not_a_number"),
        ("rebar-splice", {**BAR, "splice_grade": "IV"}, "products.no_such_row"),
        ("rebar-weld", BAR, "evaluation.missing"),
        ("rebar-weld", {**BAR, "weld_kind": "glue"}, "products.no_such_row"),
        ("welded-fabric", {"grade": "CRB550", "diameter_mm": "33"}, "standards.no_such_size"),
        ("sand-mud", {}, "bench.by_hand"),
        ("no-such-method", {}, "bench.no_method"),
    ],
)
def test_a_setting_that_is_missing_or_unknown_is_one_sentence(method: str, settings: dict[str, str], key: str) -> None:
    with pytest.raises(OperatorError) as caught:
        plan(method, settings)
    assert caught.value.key == key
    assert all(say_error(caught.value, language) for language in Language)
