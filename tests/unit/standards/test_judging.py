"""One value against one limit: verdicts are monotone, regimes flip only near the limit, units go there and back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.evaluation import Verdict
from labdesk.domain.rounding import EXACT, Bound, Comparison, gbt8170
from labdesk.standards.concrete_forms import compressive_strength
from labdesk.standards.gbt228 import stress
from labdesk.standards.judging import Rule, flip, flips, judge, quotient, short

NUMBERS = st.decimals(0, 2000, places=4, allow_nan=False)
STEPS = st.sampled_from([D(text) for text in ("0.01", "0.1", "0.5", "1", "5")])
REGIMES = st.sampled_from(Comparison)
AREAS = st.sampled_from([D(text) for text in ("28.27", "78.54", "490.9", "1964", "10000", "22500", "40000")])
FULL = Rule("fmst", "MPa", "clause", D(1), Comparison.FULL_VALUE, Bound(low=D(594)))


@given(NUMBERS, NUMBERS, NUMBERS, STEPS, REGIMES)
def test_the_verdict_is_monotone_in_the_value(one: D, other: D, low: D, step: D, regime: Comparison) -> None:
    smaller, larger = sorted((one, other))
    at_least = Rule("x", "MPa", "c", step, regime, Bound(low=low))
    at_most = replace(at_least, bound=Bound(high=low))
    assert (judge(at_least, smaller).verdict, judge(at_least, larger).verdict) != (Verdict.PASS, Verdict.FAIL)
    assert (judge(at_most, smaller).verdict, judge(at_most, larger).verdict) != (Verdict.FAIL, Verdict.PASS)


@given(NUMBERS, NUMBERS, STEPS, REGIMES)
def test_regimes_flip_only_within_half_a_step_of_the_limit(value: D, low: D, step: D, regime: Comparison) -> None:
    rule = Rule("x", "MPa", "c", step, regime, Bound(low=gbt8170(low, step)))
    if flips(rule, value):
        assert abs(value - rule.bound.low) <= step / 2  # type: ignore[operator]
        turned = flip(rule, (), value)
        assert turned is not None
        assert judge(rule, value).verdict is not judge(turned, value).verdict


@given(NUMBERS, STEPS)
def test_what_is_shown_is_rounded_once_and_stays(value: D, step: D) -> None:
    shown = judge(Rule("x", "MPa", "c", step, Comparison.ROUNDED_VALUE), value)
    assert shown.raw == value
    assert shown.rounded is not None
    assert gbt8170(shown.rounded, step) == shown.rounded
    assert shown.verdict is Verdict.NOT_EVALUATED


@given(st.decimals(min_value="0.001", max_value=5000, places=3, allow_nan=False), AREAS)
def test_force_to_stress_and_back(force_kn: D, area_mm2: D) -> None:
    """kN over mm2 to MPa and back to kN; the same through N."""
    back = EXACT.multiply(stress(force_kn, area_mm2), area_mm2) / 1000
    assert gbt8170(back, D("0.000001")) == force_kn
    others = (quotient(force_kn * 1000, area_mm2), compressive_strength(force_kn, area_mm2, D(1)))
    assert all(abs(other - stress(force_kn, area_mm2)) < D("1e-20") for other in others)


@given(NUMBERS)
def test_short_is_the_same_number_without_an_exponent(number: D) -> None:
    assert short(number) == number
    assert "E" not in str(short(number))


@pytest.mark.parametrize(
    ("raw", "others", "found"),
    [
        ("593.81", (), Comparison.ROUNDED_VALUE),
        ("594.00", (), None),
        ("593.40", (), None),
        ("592.6", (replace(FULL, step=D(5), comparison=Comparison.ROUNDED_VALUE),), Comparison.ROUNDED_VALUE),
        ("592.4", (replace(FULL, step=D(5), comparison=Comparison.ROUNDED_VALUE),), None),
    ],
)
def test_flip_names_the_regime_that_says_otherwise(
    raw: str, others: tuple[Rule, ...], found: Comparison | None
) -> None:
    other = flip(FULL, others, D(raw))
    assert (other.comparison if other else None) is found


def test_without_a_value_or_a_limit_nothing_flips() -> None:
    assert flip(FULL, (), None) is None
    assert flip(replace(FULL, bound=Bound()), (), D(1)) is None
    assert judge(FULL, None).verdict is Verdict.NOT_EVALUATED
