"""Shown lengths and masses as exact counts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from labdesk.devices.quantities import channel_of, scale_for, units_of
from labdesk.devices.shown import Shown


@pytest.mark.parametrize(
    ("channel", "unit", "shown", "value"),
    [
        ("extension", "mm", Shown(12345, 4), "1.2345"),
        ("extension", "um", Shown(15, 1), "0.0015"),
        ("displacement", "in", Shown(1, 4), "0.00254"),
        ("displacement", "cm", Shown(-25, 1), "-25"),
        ("mass", "kg", Shown(360, 3), "360"),
        ("mass", "mg", Shown(-5, 0), "-0.005"),
        ("mass", "lb", Shown(1, 0), "453.59237"),
        ("mass", "oz", Shown(16, 0), "453.59237"),
        ("force", "kg", Shown(1, 0), "0.00980665"),
    ],
)
def test_a_shown_number_is_exact(channel: str, unit: str, shown: Shown, value: str) -> None:
    scale = scale_for(channel, unit)
    count = scale.count(shown)
    assert count is not None
    assert count * channel_of(channel, scale.quantum).quantum == Decimal(value)
    assert unit in units_of(channel)


def test_units_of_one_family_only() -> None:
    scale = scale_for("mass", "g")
    assert scale.count(Shown(1, 0), "kg") == 1000 * (scale.count(Shown(1, 0)) or 0)
    assert scale.count(Shown(1, 0), "lb") is None
    assert scale.count(Shown(1, 0), "kN") is None


def test_what_a_count_cannot_hold_is_no_value() -> None:
    assert scale_for("mass", "mg").count(Shown(1, 9)) is None
    assert scale_for("extension", "mm").count(Shown(10**15, 0)) is None
