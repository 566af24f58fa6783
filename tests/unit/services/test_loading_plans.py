"""What the method says about loading: areas, expected forces, rate bands, tolerances, break criteria."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from labdesk.domain.capture import BreakRule
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.profile import BUILT_IN
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
