"""Columns of plain numbers: the same exact values as cell by cell with Decimal, or left to it."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.curve_numbers import plain_columns, plain_numbers

_PLAIN = st.one_of(
    st.decimals(min_value=-100000, max_value=100000, places=5).map(str),
    st.from_regex(r"[+-]?[0-9]{1,6}(\.[0-9]{0,5})?", fullmatch=True),
    st.from_regex(r"-?\.[0-9]{1,5}", fullmatch=True),
    st.from_regex(r"[+-]?[0-9](\.[0-9]{1,6})?[eE][+-]?0?[0-4]", fullmatch=True),
    st.sampled_from([" 1.5", "2 ", "-0.0", "0e0", "+7", "1 234.5"]),
)
_ODD = st.sampled_from(
    ["", " ", "-", ".", "1.2.3", "1-2", "e5", "1e", "1e5.5", "NaN", "inf", "1_0", "0x1", "--1", "1e+-2", "1,5", "1" * 19,
     "1" * 60, "1e30", "1e-30", "1·5", "１"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PLAIN, min_size=1, max_size=30))
def test_plain_numbers_are_exact_and_keep_the_last_printed_place(texts: list[str]) -> None:
    values = [Decimal(text.replace(" ", "")) for text in texts]
    found = plain_numbers(texts)
    assert found is not None
    assert [int(count) * Decimal(1).scaleb(found.exponent) for count in found.counts] == values
    assert found.exponent == min(int(value.as_tuple().exponent) for value in values)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PLAIN, min_size=0, max_size=5), _ODD)
def test_one_odd_cell_leaves_the_column_to_the_exact_reader(texts: list[str], odd: str) -> None:
    assert plain_numbers([*texts, odd, "1.5"]) is None


def test_columns_of_a_table() -> None:
    lines = [f"x{row};{row},5;;{row * 2}" for row in range(70_000)]
    found = plain_columns(lines, ";", [3, 1], ",")
    assert found is not None
    assert np.array_equal(found[0].counts, np.arange(70_000) * 2)
    assert np.array_equal(found[1].counts, np.arange(70_000) * 10 + 5)
    assert (found[0].exponent, found[1].exponent) == (0, -1)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["1,2", "3"],
        ["1,2", "3,4,5"],
        ["1", "2,3,4"],
        ["1,2", "3,4,5", "6"],
        ["1,2", "3,"],
        ["1,2", "3,x"],
    ],
)
def test_ragged_tables_and_empty_cells_are_left_to_the_exact_reader(lines: list[str]) -> None:
    assert plain_columns(lines, ",", [1], ".") is None


def test_a_column_beyond_the_table_is_none() -> None:
    assert plain_columns(["1,2"], ",", [2], ".") is None


def test_counts_that_do_not_fit_are_left_to_the_exact_reader() -> None:
    assert plain_numbers(["123456789012345678", "0.001"]) is None
    found = plain_numbers(["4" + "0" * 17])
    assert found is not None
    assert int(found.counts[0]) == 4 * 10**17
