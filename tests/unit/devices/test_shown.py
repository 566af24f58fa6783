"""Shown numbers and units become exact counts or no value at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from labdesk.devices.shown import KN_PER_UNIT, ForceScale, Shown, read_number, read_unit, read_with_unit, written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"-18.78", Shown(-1878, 2)),
        (b"+ 000080", Shown(80, 0)),
        (b"   -0.5", Shown(-5, 1)),
        (b"  .25 ", Shown(25, 2)),
        (b"5.", Shown(5, 0)),
        (b"-0.00", Shown(0, 2)),
    ],
)
def test_a_number_as_displays_write_it(text: bytes, shown: Shown) -> None:
    assert read_number(text) == shown


@pytest.mark.parametrize(
    "text", [b"", b" ", b"-", b".", b"1.2.3", b"1 2", b"1,5", b"1e5", b"0x1", b"12-", b"\xb2", b"1" * 13]
)
def test_anything_else_is_no_number(text: bytes) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [(b"lbF", "lbf"), (b" kg", "kg"), (b"KN", "kN"), (b"mN", "mN"), (b"MN", None), (b"", None), (b"mm", None)],
)
def test_units(text: bytes, unit: str | None) -> None:
    assert read_unit(text) == unit


@pytest.mark.parametrize("unit", list(KN_PER_UNIT))
def test_a_count_is_the_shown_value_exactly(unit: str) -> None:
    scale = ForceScale(unit)
    count = scale.count(Shown(-12345, 1))
    assert count is not None
    assert count * scale.quantum == Decimal("-1234.5") * KN_PER_UNIT[unit]


def test_another_unit_of_the_family_is_converted_and_of_another_family_is_no_value() -> None:
    newton = ForceScale("N")
    assert (
        newton.count(Shown(5, 0), "kN") == newton.count(Shown(5000, 0), "N") == newton.count(Shown(5_000_000, 0), "mN")
    )
    assert newton.count(Shown(5, 0), "kg") is None
    assert ForceScale("kg").count(Shown(1, 0), "t") == 10**10
    assert ForceScale("lbf").count(Shown(16, 0), "ozf") == ForceScale("lbf").count(Shown(1, 0))


def test_what_a_count_cannot_hold_is_not_rounded() -> None:
    assert ForceScale("N").count(Shown(1, 4)) == 1
    assert ForceScale("N").count(Shown(1, 5)) is None
    assert ForceScale("N").count(Shown(10, 5)) == 1
    assert ForceScale("klbf").count(Shown(999_999_999_999, 0)) is None


def test_kilograms_are_force_by_standard_gravity() -> None:
    assert KN_PER_UNIT["kg"] == Decimal("0.00980665")
    assert ForceScale("kg").shows(9.80665, 1) == Shown(10000, 1)


@pytest.mark.parametrize(("number", "text"), [(Shown(-5, 2), "-0.05"), (Shown(12, 0), "12"), (Shown(1234, 1), "123.4")])
def test_a_number_is_written_as_it_is_read(number: Shown, text: str) -> None:
    assert written(number) == text
    assert read_number(text.encode()) == number


@pytest.mark.parametrize(
    ("kn", "shown"), [(12.34, Shown(123400, 4)), (-1234.5, Shown(-123450, 2)), (99999.96, Shown(999999600, 4))]
)
def test_a_simulated_display_shows_what_fits(kn: float, shown: Shown) -> None:
    width = 10 if kn > 99999 else 7
    assert ForceScale("kN").fits(kn, width, 4) == shown


def test_a_value_wider_than_the_display_loses_its_decimals_only() -> None:
    assert ForceScale("kN").fits(123456.7, 3, 2) == Shown(123457, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"-18.78 lbF", (Shown(-1878, 2), "lbf")),
        (b"4.285N", (Shown(4285, 3), "N")),
        (b"12.5", (Shown(125, 1), None)),
        (b"12.5 MN", None),
        (b"12.5  N", None),
        (b" 12.5 N", None),
        (b"1.2.5 N", None),
        (b"N", None),
        (b"12.5 ", None),
    ],
)
def test_a_number_with_a_unit(text: bytes, expected: tuple[Shown, str | None] | None) -> None:
    assert read_with_unit(text) == expected
