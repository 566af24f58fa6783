"""GB/T 8170: the worked examples R1 to R16 and what must hold for every number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.rounding import Bound, Comparison, gbt8170, meets

EXAMPLES = [
    ("R1", "10.5002", "1", "11"),
    ("R2", "12.1498", "0.1", "12.1"),
    ("R3", "1.050", "0.1", "1.0"),
    ("R4", "0.35", "0.1", "0.4"),
    ("R5", "2500", "1000", "2000"),
    ("R6", "3500", "1000", "4000"),
    ("R7", "-0.0365", "0.001", "-0.036"),
    ("R8", "15.4546", "1", "15"),
    ("R9", "397.5", "5", "400"),
    ("R10", "397.5", "1", "398"),
    ("R11", "402.5", "5", "400"),
    ("R12", "15.25", "0.5", "15.0"),
    ("R13", "15.75", "0.5", "16.0"),
    ("R14a", "28.350", "0.1", "28.4"),
    ("R14b", "28.250", "0.1", "28.2"),
    ("R14c", "28.050", "0.1", "28.0"),
    ("R15a", "60.25", "0.5", "60.0"),
    ("R15b", "-60.75", "0.5", "-61.0"),
    ("R16a", "830", "20", "840"),
    ("R16b", "-930", "20", "-920"),
]
STEPS = st.sampled_from(
    [Decimal(text) for text in ("0.001", "0.01", "0.1", "0.2", "0.5", "1", "5", "10", "20", "1000")]
)
NUMBERS = st.decimals(min_value=-100_000, max_value=100_000, allow_nan=False, places=6)


@pytest.mark.parametrize(("value", "step", "expected"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES])
def test_worked_example(value: str, step: str, expected: str) -> None:
    assert str(gbt8170(Decimal(value), Decimal(step))) == expected


@given(NUMBERS, STEPS)
def test_idempotent_and_within_half_a_step(value: Decimal, step: Decimal) -> None:
    rounded = gbt8170(value, step)
    assert gbt8170(rounded, step) == rounded
    assert abs(rounded - value) <= step / 2
    assert (rounded / step) % 1 == 0


@given(NUMBERS, NUMBERS, STEPS)
def test_monotone_and_odd(one: Decimal, other: Decimal, step: Decimal) -> None:
    low, high = sorted((one, other))
    assert gbt8170(low, step) <= gbt8170(high, step)
    assert gbt8170(-one, step) == -gbt8170(one, step)


@given(NUMBERS, NUMBERS, NUMBERS, STEPS, st.sampled_from(Comparison))
def test_verdict_is_monotone(one: Decimal, other: Decimal, low: Decimal, step: Decimal, regime: Comparison) -> None:
    smaller, larger = sorted((one, other))
    if meets(smaller, Bound(low=low), step, regime):
        assert meets(larger, Bound(low=low), step, regime)


def test_the_regimes_differ_exactly_where_they_should() -> None:
    bound, step = Bound(low=Decimal("9.0")), Decimal("0.1")
    assert not meets(Decimal("8.995"), bound, step, Comparison.FULL_VALUE)
    assert meets(Decimal("8.995"), bound, step, Comparison.ROUNDED_VALUE)


@pytest.mark.parametrize(("value", "step"), [("1", "0"), ("1", "-1"), ("NaN", "1"), ("Infinity", "1"), ("1", "NaN")])
def test_refuses_what_cannot_be_rounded(value: str, step: str) -> None:
    with pytest.raises(ValueError, match=r"round"):
        gbt8170(Decimal(value), Decimal(step))
