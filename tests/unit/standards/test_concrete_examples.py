"""Worked examples C1 to C10 of GB/T 50081, each under its own id."""

from __future__ import annotations

from decimal import Decimal as D
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.rounding import gbt8170
from labdesk.standards import concrete
from labdesk.standards.concrete import GroupRule
from labdesk.standards.rule_tables import CubeRules
from labdesk.standards.rulesets import shipped

RULES = shipped().get("GBT50081-2019")
assert isinstance(RULES, CubeRules)
STRENGTHS = st.decimals(min_value=1, max_value=120, places=1, allow_nan=False)


def rounded(side: str, peak: str) -> D:
    return gbt8170(concrete.cube_strength(RULES, D(peak), D(side)), RULES.strength_step)


@pytest.mark.parametrize("example", shipped().examples["GBT50081-2019"], ids=lambda example: example["id"])
def test_c1_to_c3(example: dict[str, object]) -> None:
    strengths = [rounded(str(example["side_mm"]), peak) for peak in example["peaks_kn"]]  # type: ignore[attr-defined]
    assert [str(value) for value in strengths] == example["strengths"]
    group = concrete.group_value(RULES, strengths)
    assert (str(group.rounded), group.rule.value) == (example["group"], example["rule"])


@pytest.mark.parametrize(
    ("cubes", "rule", "value"),
    [
        pytest.param("34.0 40.0 46.0", GroupRule.MEAN, "40.0", id="C4"),
        pytest.param("33.9 40.0 46.0", GroupRule.MEDIAN, "40.0", id="C5"),
        pytest.param("33.9 40.0 46.1", GroupRule.INVALID, None, id="C6"),
        pytest.param("30.0 30.0 34.5", GroupRule.MEAN, "31.5", id="C7"),
        pytest.param("30.0 30.0 34.6", GroupRule.MEDIAN, "30.0", id="C8"),
        pytest.param("25.5 30.0 30.0", GroupRule.MEAN, "28.5", id="C9a"),
        pytest.param("25.4 30.0 34.4", GroupRule.MEDIAN, "30.0", id="C9b"),
    ],
)
def test_group(cubes: str, rule: GroupRule, value: str | None) -> None:
    for order in permutations([D(text) for text in cubes.split()]):
        group = concrete.group_value(RULES, order)
        assert (group.rule, group.rounded) == (rule, D(value) if value else None)


@pytest.mark.parametrize(
    ("peak", "expected"), [("310", "29.4"), ("330", "31.4"), ("350", "33.2"), ("370", "35.2"), ("410", "39.0")]
)
def test_c10_where_binary_floats_go_wrong(peak: str, expected: str) -> None:
    assert str(rounded("100", peak)) == expected


@given(st.lists(STRENGTHS, min_size=3, max_size=3))
def test_order_does_not_matter(cubes: list[D]) -> None:
    groups = {concrete.group_value(RULES, order) for order in permutations(cubes)}
    assert len(groups) == 1


@given(st.lists(STRENGTHS, min_size=3, max_size=3))
def test_the_group_lies_between_its_cubes(cubes: list[D]) -> None:
    group = concrete.group_value(RULES, cubes)
    if group.rounded is not None:
        assert min(cubes) <= group.rounded <= max(cubes)


@pytest.mark.parametrize(
    ("text", "value"), [("C30", D(30)), ("c60 ", D(60)), ("30", D(30)), ("HRB400", None), ("", None), ("C0", None)]
)
def test_design_strength(text: str, value: D | None) -> None:
    assert concrete.design_strength(text) == value
