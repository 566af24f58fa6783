"""Curves keep exact counts; nothing is lost, changed or invented on the way to a value."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.curve import Channel, Curve, channel_from_decimals, channel_from_floats
from labdesk.domain.errors import OperatorError


def channel(counts: list[int], quantum: str = "0.01", unit: str = "kN") -> Channel:
    return Channel(np.array(counts, dtype=np.int64), Decimal(quantum), unit)


@given(st.lists(st.decimals(min_value=-5000, max_value=5000, places=5, allow_nan=False), min_size=1, max_size=30))
def test_decimals_survive_exactly(values: list[Decimal]) -> None:
    made = channel_from_decimals(values, "kN")
    assert [made.exact(index) for index in range(len(made))] == values


@given(st.integers(-(10**9), 10**9), st.sampled_from(["N", "MN", "kgf", "tf"]))
def test_units_round_trip(count: int, unit: str) -> None:
    made = channel([count], "0.1", unit)
    there = made.in_unit("kN")
    assert there.in_unit("kN") is there
    back = Channel(there.counts, there.quantum, "kN").in_unit(unit)
    assert back.exact(0) == made.exact(0)


def test_counts_and_views_cannot_be_changed() -> None:
    made = channel([1, 2, 3])
    with pytest.raises(ValueError, match="read-only"):
        made.counts[0] = 9
    with pytest.raises(ValueError, match="read-only"):
        made.view[0] = 9.0


def test_a_value_is_count_times_quantum_without_binary_error() -> None:
    assert channel([3], "0.1").exact(0) == Decimal("0.3")


def test_too_fine_decimals_are_kept_as_fine_as_counts_can_hold() -> None:
    made = channel_from_decimals([Decimal("3.744434381767434000001"), Decimal("12")], "mm")
    assert abs(made.exact(0) - Decimal("3.744434381767434")) < Decimal("1E-15")


@pytest.mark.parametrize(
    ("key", "build"),
    [
        ("curve.lengths", lambda: Curve(channel([0, 1], "1", "s"), channel([1]))),
        ("curve.unit", lambda: Curve(channel([0], "1", "s"), channel([1], "1", "N"))),
        ("curve.time_backwards", lambda: Curve(channel([0, 2, 1], "1", "s"), channel([1, 2, 3]))),
        ("curve.unit", lambda: channel([1], "1", "kN").in_unit("mm")),
        ("curve.bad_quantum", lambda: channel([1], "0")),
        ("curve.not_a_number", lambda: channel_from_decimals([Decimal("NaN")], "kN")),
        ("curve.not_a_number", lambda: channel_from_floats([float("inf")], Decimal("0.1"), "kN")),
    ],
)
def test_refusals(key: str, build: object) -> None:
    with pytest.raises(OperatorError) as caught:
        build()  # type: ignore[operator]
    assert caught.value.key == key
