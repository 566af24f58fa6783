"""Codes of companies, people and projects: the worked examples D1 to D5, and that a wrong character is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.registry_codes import (
    ProjectCodeForm,
    credit_code_sum,
    id_number_sum,
    is_credit_code,
    is_id_number,
    is_organisation_code,
    project_code_form,
)

CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
D3 = "91210102MA10ABCD6H"


def d1() -> None:
    code = "91350100M000100Y43"
    assert (credit_code_sum(code), is_credit_code(code), is_organisation_code(code[8:17])) == (1640, True, True)
    assert (code[17], code[16]) == ("3", "4")


def d2() -> None:
    assert is_credit_code("53640000MJX173680A")


def d3() -> None:
    assert is_credit_code(D3)
    for place, sign in enumerate(D3):
        assert not any(is_credit_code(D3[:place] + other + D3[place + 1 :]) for other in CREDIT if other != sign)


def d4() -> None:
    assert (id_number_sum("11010519491231002X"), is_id_number("11010519491231002X")) == (167, True)
    assert (id_number_sum("440524188001010014"), is_id_number("440524188001010014")) == (195, True)


def d5() -> None:
    assert project_code_form("2405-210102-04-01-123456") is ProjectCodeForm.NEW
    assert project_code_form("2017-210102-47-03-000001") is ProjectCodeForm.OLD
    assert project_code_form("2413-210102-04-01-123456") is None
    assert project_code_form("2405-21010-04-01-123456") is None


@pytest.mark.parametrize("example", [pytest.param(run, id=run.__name__.upper()) for run in (d1, d2, d3, d4, d5)])
def test_worked_example(example: Callable[[], None]) -> None:
    example()


@pytest.mark.parametrize("code", ["", "9121", D3.lower(), D3 + "1", "I" + D3[1:], "９" + D3[1:]])
def test_no_credit_code(code: str) -> None:
    assert not is_credit_code(code)


@pytest.mark.parametrize(
    "number", ["", "11010519491331002X", "11010519491231002x", "1101051949123100", "１1010519491231002X"]
)
def test_no_id_number(number: str) -> None:
    assert not is_id_number(number)


@given(st.integers(0, 16), st.integers(0, 9))
def test_a_wrong_digit_of_an_id_number_is_seen(place: int, digit: int) -> None:
    number = "11010519491231002X"
    changed = number[:place] + str(digit) + number[place + 1 :]
    assert is_id_number(changed) is (changed == number)


@given(st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    assert not is_credit_code(text)
    assert not is_id_number(text)
    assert project_code_form(text) is None
