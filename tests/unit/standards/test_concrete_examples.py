"""Worked examples C1 to C15 of concrete, each under its own id, and what must hold for every group."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.rounding import gbt8170
from labdesk.standards import concrete, concrete_forms
from labdesk.standards.concrete import GroupRule
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rule_tables import CubeRules
from labdesk.standards.rulesets import shipped

RULES = shipped().get("GBT50081-2019")
assert isinstance(RULES, CubeRules)
STRENGTHS = st.decimals(min_value=1, max_value=120, places=1, allow_nan=False)
Check = Callable[[], None]


def tables(rule_id: str) -> ProductRules:
    found = shipped().get(rule_id)
    assert isinstance(found, ProductRules)
    return found


def rounded(side: str, peak: str) -> D:
    return gbt8170(concrete.cube_strength(RULES, D(peak), D(side)), RULES.strength_step)


def numbers(text: str) -> list[D]:
    return [D(part) for part in text.replace(",", " ").split()]


def cubes(side: str, peaks: str, strengths: str, group: str) -> Check:
    def check() -> None:
        found = [rounded(side, peak) for peak in peaks.split()]
        assert [str(value) for value in found] == strengths.split()
        value = concrete.group_value(RULES, found)
        assert (str(value.rounded), value.rule) == (group, GroupRule.MEAN)

    return check


def group(values: str, rule: GroupRule, expected: str | None) -> Check:
    def check() -> None:
        for order in permutations(numbers(values)):
            found = concrete.group_value(RULES, order)
            assert (found.rule, found.rounded) == (rule, D(expected) if expected else None)

    return check


def singles(side: str, peaks: str, strengths: str) -> Check:
    return lambda: _same([str(rounded(side, peak)) for peak in peaks.split()], strengths.split())


def same_condition(groups: str, expected: str) -> Check:
    rules = tables("GB50204-2015-same-condition")
    divisor, step = rules.number("divisor"), rules.step("fcu,eq")

    def check() -> None:
        found = [concrete_forms.equivalent_strength(value, divisor, step) for value in numbers(groups)]
        assert found == numbers(expected)

    return check


def temperatures(daily: str, total: str) -> Check:
    rules = tables("GB50204-2015-same-condition")

    def check() -> None:
        goal, above = rules.number("maturity_cd"), rules.number("counted_above_c")
        assert concrete_forms.maturity(numbers(daily), goal, above).sum_cd == D(total)

    return check


def flexure(side: str, peaks: str, strengths: str, expected: str) -> Check:
    rules = tables("GBT50081-2019-flexural")
    row = next(row for row in rules.tables["sizes"] if row.number("side_mm") == D(side))
    beam = concrete_forms.Beam(D(side), D(side), row.number("span_mm"))

    def check() -> None:
        raws = [concrete_forms.flexural_strength(D(peak), beam, row.number("factor")) for peak in peaks.split()]
        found = [gbt8170(raw, rules.step("ff")) for raw in raws]
        assert [str(value) for value in found] == strengths.split()
        value = concrete_forms.flexural_group(found, 0, rules.number("deviation_share"), rules.step("ff,m"))
        assert str(value.rounded) == expected

    return check


def splitting(peaks: str, strengths: str) -> Check:
    rules = tables("GBT50081-2019-splitting")

    def check() -> None:
        raws = [concrete_forms.splitting_strength(D(peak), D(22500), D(1)) for peak in peaks.split()]
        assert [str(gbt8170(raw, rules.step("fts"))) for raw in raws] == strengths.split()

    return check


def _same(found: object, expected: object) -> None:
    assert found == expected


EXAMPLES: dict[str, Check] = {
    "C1": cubes("150", "786.7 826.5 853.6", "35.0 36.7 37.9", "36.5"),
    "C2": cubes("100", "335 352 318", "31.8 33.4 30.2", "31.8"),
    "C3": cubes("200", "1210 1250 1198", "31.8 32.8 31.4", "32.0"),
    "C4": group("34.0 40.0 46.0", GroupRule.MEAN, "40.0"),
    "C5": group("33.9 40.0 46.0", GroupRule.MEDIAN, "40.0"),
    "C6": group("33.9 40.0 46.1", GroupRule.INVALID, None),
    "C7": group("30.0 30.0 34.5", GroupRule.MEAN, "31.5"),
    "C8": group("30.0 30.0 34.6", GroupRule.MEDIAN, "30.0"),
    "C9a": group("25.5 30.0 30.0", GroupRule.MEAN, "28.5"),
    "C9b": group("25.4 30.0 34.4", GroupRule.MEDIAN, "30.0"),
    "C10": singles("100", "310 330 350 370 410", "29.4 31.4 33.2 35.2 39.0"),
    "C11": same_condition("35.2 30.5 26.4", "40.0 34.7 30.0"),
    "C12": temperatures("12 8 3 0 -2 5 15", "43"),
    "C13": flexure("150", "33.0 34.5 36.2", "4.4 4.6 4.8", "4.6"),
    "C14": flexure("100", "14.2 15.1 14.8", "3.6 3.9 3.8", "3.8"),
    "C15": splitting("95.0 101.2 98.4", "2.69 2.86 2.78"),
}


@pytest.mark.parametrize("example", [pytest.param(check, id=name) for name, check in EXAMPLES.items()])
def test_worked_example(example: Check) -> None:
    example()


@pytest.mark.parametrize("example", shipped().examples["GBT50081-2019"], ids=lambda example: f"file-{example['id']}")
def test_examples_written_in_the_ruleset(example: dict[str, object]) -> None:
    peaks, strengths = example["peaks_kn"], example["strengths"]
    assert isinstance(peaks, list)
    assert isinstance(strengths, list)
    cubes(str(example["side_mm"]), " ".join(peaks), " ".join(strengths), str(example["group"]))()


def test_c10_shows_where_binary_floats_go_wrong() -> None:
    wrong = [round(peak * 1000 / 10_000 * 0.95, 1) for peak in (330, 370, 410)]
    assert wrong == [31.3, 35.1, 38.9]


@given(st.lists(STRENGTHS, min_size=3, max_size=3))
def test_order_does_not_matter(cubes: list[D]) -> None:
    groups = {concrete.group_value(RULES, order) for order in permutations(cubes)}
    assert len(groups) == 1


@given(st.lists(STRENGTHS, min_size=3, max_size=3))
def test_the_group_lies_between_its_cubes(cubes: list[D]) -> None:
    group = concrete.group_value(RULES, cubes)
    if group.rounded is not None:
        assert min(cubes) <= group.rounded <= max(cubes)


@given(st.lists(STRENGTHS, min_size=2, max_size=3), st.integers(0, 3))
def test_beams_outside_the_load_lines(inside: list[D], outside: int) -> None:
    """Two of them, or two that differ by more than 15 % of the smaller, leave nothing; else the mean stands."""
    inside = inside[: 3 - min(outside, 1)]
    if outside == 0 and len(inside) < 3:
        return
    found = concrete_forms.flexural_group(inside, outside, D("0.15"), D("0.1"))
    if outside > 1:
        assert found.rule is GroupRule.INVALID
    elif outside == 1:
        apart = max(inside) - min(inside) > min(inside) * D("0.15")
        assert (found.rule is GroupRule.INVALID) is apart


@given(st.lists(st.decimals(-30, 40, places=1, allow_nan=False), max_size=80))
def test_maturity_grows_and_frost_does_not_count(daily: list[D]) -> None:
    found = concrete_forms.maturity(daily, D(600), D(0))
    assert found.sum_cd == sum((mean for mean in daily if mean > 0), D(0))
    assert (found.reached_on_day is not None) is (found.sum_cd >= 600)
    longer = concrete_forms.maturity([*daily, D(1)], D(600), D(0))
    assert longer.sum_cd == found.sum_cd + 1


@pytest.mark.parametrize(
    ("after", "rule", "value"),
    [
        (("30", "30", "30"), GroupRule.MEAN, "31000"),
        (("30", "30", "36.0"), GroupRule.MEAN, "31000"),
        (("30", "30", "36.1"), GroupRule.MEAN, "30500"),
        (("30", "23.9", "36.1"), GroupRule.INVALID, None),
    ],
)
def test_a_prism_that_changed_by_more_than_a_fifth_is_left_out(
    after: tuple[str, ...], rule: GroupRule, value: str | None
) -> None:
    moduli = [(D(30000), D(after[0])), (D(31000), D(after[1])), (D(32000), D(after[2]))]
    found = concrete_forms.modulus_group(moduli, D(30), D("0.2"), D(100))
    assert (found.rule, found.rounded) == (rule, D(value) if value else None)


def test_modulus_by_hand() -> None:
    """225 kN - 11.25 kN on 22 500 mm2 over 150 mm: 9.5 MPa x 150 / 0.0475."""
    reading = concrete_forms.ModulusReading(D("11.25"), D(225), D(150), D("0.0475"), None)
    assert concrete_forms.static_modulus(reading, D(22500)) == D(30000)


@pytest.mark.parametrize(
    ("text", "value"),
    [("C30", D(30)), ("c60 ", D(60)), ("30", D(30)), ("HRB400", None), ("", None), ("C0", None)]
    + [("C10", D(10)), ("C15", D(15)), ("C80", D(80)), ("C100", D(100))]
    + [
        (text, None)
        for text in ("C999", "C5", "C32", "C105", "C110", "C300", "C３０", "C030.", "C-30", "C30.0", "CC30")
    ],
    ids=lambda item: f"as {item!r}",
)
def test_design_strength(text: str, value: D | None) -> None:
    assert concrete.design_strength(text) == value
