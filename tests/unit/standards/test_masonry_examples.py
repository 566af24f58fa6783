"""Worked examples of mortar (M1 to M3), cement (K1 to K9) and brick (Z1, Z2), each under its own id."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.rounding import gbt8170
from labdesk.standards import brick, cement, mortar
from labdesk.standards.groups import GroupRule
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rulesets import shipped

Check = Callable[[], None]


def rules(rule_id: str) -> ProductRules:
    found = shipped().get(rule_id)
    assert isinstance(found, ProductRules)
    return found


MORTAR, CEMENT, BRICK = rules("JGJT70-2009"), rules("GB175-2023"), rules("GBT5101-2017")


def numbers(text: str) -> list[D]:
    return [D(part) for part in text.split()]


def mortar_group(peaks: str, strengths: str, rule: GroupRule, value: str | None) -> Check:
    def check() -> None:
        step = MORTAR.step("fm,cu")
        found = [gbt8170(mortar.mortar_strength(MORTAR, peak), step) for peak in numbers(peaks)]
        assert [str(one) for one in found] == strengths.split()
        group = mortar.mortar_group(MORTAR, found)
        assert (group.rule, str(group.rounded) if group.rounded else None) == (rule, value)

    return check


def crushed(strengths: str, value: str | None, dropped: str = "") -> Check:
    def check() -> None:
        found = cement.compressive_value(CEMENT, numbers(strengths))
        assert str(found.rounded) == str(value)
        assert list(found.dropped) == numbers(dropped)

    return check


def crushed_by_force(forces: str, strengths: str, value: str, dropped: str = "") -> Check:
    def check() -> None:
        raws = [cement.compressive_strength(CEMENT, force) for force in numbers(forces)]
        assert [str(gbt8170(raw, CEMENT.step("Rc"))) for raw in raws] == strengths.split()
        crushed(strengths, value, dropped)()

    return check


def broken(strengths: str, value: str, dropped: str = "") -> Check:
    def check() -> None:
        found = cement.flexural_value(CEMENT, numbers(strengths))
        assert (str(found.rounded), list(found.dropped)) == (value, numbers(dropped))

    return check


def broken_by_force(forces: str, strengths: str, value: str) -> Check:
    def check() -> None:
        raws = [cement.flexural_strength(CEMENT, force) for force in numbers(forces)]
        assert [str(gbt8170(raw, CEMENT.step("Rf"))) for raw in raws] == strengths.split()
        broken(strengths, value)()

    return check


def bricks(strengths: list[D], mean: str, deviation: str, fk: str, grade: str) -> Check:
    def check() -> None:
        found = brick.brick_set(BRICK, strengths)
        assert str(gbt8170(found.mean_mpa, BRICK.step("f,m"))) == mean
        assert str(gbt8170(found.deviation_mpa, BRICK.step("s"))) == deviation
        assert str(gbt8170(found.fk_mpa, BRICK.step("fk"))) == fk
        row = brick.reached(BRICK, found)
        assert row is not None
        assert row.text("name") == grade

    return check


Z1 = [
    gbt8170(brick.brick_strength(force, D(120), D(115)), BRICK.step("f"))
    for force in numbers("254 270 218 183 238 259 151 280 220 254")
]
Z2 = numbers("27.53 24.14 11.20 19.03 18.51 15.52 17.48 25.08 21.90 21.62")
K1_FORCES, K1 = "75.2 76.8 74.4 77.6 73.9", "47.0 48.0 46.5 48.5 46.2"
EXAMPLES: dict[str, Check] = {
    "M1": mortar_group("36.2 38.5 40.1", "9.8 10.4 10.8", GroupRule.MEAN, "10.3"),
    "M2": mortar_group("30.0 38.5 40.1", "8.1 10.4 10.8", GroupRule.MEDIAN, "10.4"),
    "M3": mortar_group("30.0 38.5 46.0", "8.1 10.4 12.4", GroupRule.INVALID, None),
    "K1": crushed_by_force(f"{K1_FORCES} 76.0", f"{K1} 47.5", "47.3"),
    "K2": crushed_by_force(f"{K1_FORCES} 64.0", f"{K1} 40.0", "47.2", "40.0"),
    "K3": crushed("46.5 47.0 48.0 46.2 56.2 37.5", None, "37.5 56.2"),
    "K4": crushed("50.0 50.0 50.0 50.0 45.0 55.0", "50.0"),
    "K5": crushed("50.0 50.0 50.0 50.0 50.0 44.0", "50.0", "44.0"),
    "K6": crushed("41.5 48.0 49.0 48.5 47.5 38.0", None, "38.0 41.5"),
    "K7": broken_by_force("2990 3080 3030", "7.0 7.2 7.1", "7.1"),
    "K8": broken("7.0 7.2 5.7", "7.1", "5.7"),
    "K9": broken("7.0 6.0 8.0", "7.0", "6.0 8.0"),
    "Z1": bricks(Z1, "16.9", "2.94", "11.5", "MU15"),
    "Z2": bricks(Z2, "20.2", "4.86", "11.3", "MU15"),
}


@pytest.mark.parametrize("example", [pytest.param(check, id=name) for name, check in EXAMPLES.items()])
def test_worked_example(example: Check) -> None:
    example()


def test_three_broken_prisms_without_a_common_middle_are_void() -> None:
    assert cement.flexural_value(CEMENT, numbers("1.0 1.0 10.0")).raw is None


def test_below_the_lowest_grade_there_is_none() -> None:
    assert brick.reached(BRICK, brick.brick_set(BRICK, numbers("5.00 " * 10))) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("M7.5", "7.5"),
        ("Mb10", "10"),
        ("ms5", "5"),
        ("C30", None),
        ("", None),
        ("M2.5", "2.5"),
        ("M30", "30"),
        ("Mb20", "20"),
    ]
    + [(text, None) for text in ("M999", "M7", "M12.5", "M35", "Mb25", "Ms20", "MX5", "M0", "M５", "M10.00")],
    ids=lambda given: f"grade {given}",
)
def test_mortar_grades(text: str, value: str | None) -> None:
    assert mortar.design_strength(text) == (D(value) if value else None)


STRENGTHS = st.decimals(min_value=1, max_value=80, places=1, allow_nan=False)


@given(st.lists(STRENGTHS, min_size=6, max_size=6))
def test_order_of_the_halves_does_not_matter(strengths: list[D]) -> None:
    first = cement.compressive_value(CEMENT, strengths)
    assert cement.compressive_value(CEMENT, strengths[::-1]) == first
    assert first.raw is None or min(strengths) <= first.raw <= max(strengths)


@given(st.lists(STRENGTHS, min_size=3, max_size=3))
def test_order_of_the_prisms_does_not_matter(strengths: list[D]) -> None:
    assert len({cement.flexural_value(CEMENT, order) for order in permutations(strengths)}) == 1
