"""The line beside the display: agreement, zero that proves nothing, and the unit that was taken for another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from labdesk.domain.finding import DisplayVerdict, check_display


@pytest.mark.parametrize(
    ("line", "display", "verdict", "unit"),
    [
        ("12.34", "12.34", DisplayVerdict.AGREES, ""),
        ("12.40", "12.34", DisplayVerdict.AGREES, ""),
        ("-5.00", "-5.02", DisplayVerdict.AGREES, ""),
        ("0", "12", DisplayVerdict.ZERO, ""),
        ("12", "0.0", DisplayVerdict.ZERO, ""),
        ("12340", "12.34", DisplayVerdict.UNIT, "N"),
        ("1258.3", "12.34", DisplayVerdict.UNIT, "kg"),
        ("1.2583", "12.34", DisplayVerdict.UNIT, "t"),
        ("0.01234", "12.34", DisplayVerdict.UNIT, "MN"),
        ("12.60", "12.34", DisplayVerdict.DIFFERS, ""),
        ("-12.34", "12.34", DisplayVerdict.DIFFERS, ""),
    ],
)
def test_the_line_beside_the_display(line: str, display: str, verdict: DisplayVerdict, unit: str) -> None:
    check = check_display(Decimal(line), Decimal(display))
    assert (check.verdict, check.ratio_of) == (verdict, unit)
