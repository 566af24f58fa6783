"""The A&D line: as published, as others copy it, and everything that is no force."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.and_ad44xx.protocol import build_line

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "and_ad44xx"
KG = Decimal("0.00980665")


def kn(raw: bytes, **settings: str) -> Decimal | None:
    driver = make_driver(ID, settings)
    (frame,) = driver.new_decoder().feed(raw)
    return None if frame.counts[0] is None else frame.counts[0] * driver.channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "kilograms"),
    [
        (b"ST,NT,+0012.34kg\r\n", "12.34"),
        (b"ST,GS,+ 000080kg\r\n", "80"),
        (b"US,GS,-0000.50kg\r\n", "-0.50"),
        (b"ST,GS,+00012.5 t\r\n", "12500"),
        (b"ST,GS,+0250.00 g\r\n", "0.25"),
        (b"ST,GS,+0012.34 kg\r\n", "12.34"),
        (b"ST,GS,     0.5kg\r\n", "0.5"),
    ],
    ids=["published", "XK3102", "unstable", "tonnes", "grams", "three characters of unit", "blank sign"],
)
def test_lines_with_a_value(raw: bytes, kilograms: str) -> None:
    assert kn(raw) == Decimal(kilograms) * KG


def test_the_published_line_has_eighteen_characters() -> None:
    line = build_line(b"ST", Shown(1234, 2), b"kg")
    assert line == b"ST,GS,+0012.34kg\r\n"
    assert len(line) == 18


@pytest.mark.parametrize(
    "raw",
    [
        b"OL,GS,+       kg\r\n",
        b"LO,NT,   .    kg\r\n",
        b"ST,TR,+0001.00kg\r\n",
        b"HD,GS,+0001.00kg\r\n",
        b"ST,GS,+0001.00kN\r\n",
    ],
    ids=["overload", "out of range", "tare", "held", "another family"],
)
def test_lines_without_a_value(raw: bytes) -> None:
    assert kn(raw) is None


def test_an_indicator_adjusted_to_kilonewtons() -> None:
    assert kn(b"ST,GS,+0123.45kN\r\n", unit="N") == Decimal("123.45")
    assert kn(b"ST,GS,+0123.45kg\r\n", unit="kN") is None


@pytest.mark.parametrize(
    "raw",
    [
        b"ST,GS,+0012.3Akg\r\n",
        b"ST,GS,+00 2.34kg\r\n",
        b"ST,GS,+0012,34kg\r\n",
        b"ST,GS,+0012.34xy\r\n",
        b"ST,GS,+012.34kg\r\n",
        b"ST.GS,+0012.34kg\r\n",
        b"ST,GS,+       kg\r\n",
        b"ST,GS,+0012.34kg\n",
        b"?\r\n",
    ],
    ids=["letter", "blank inside", "comma", "unit", "short", "separator", "no digits", "no CR", "unknown command"],
)
def test_lines_that_are_none(raw: bytes) -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(raw) == []
    assert decoder.counters.bad == 1


def test_a_line_may_end_with_cr_alone() -> None:
    assert kn(b"ST,NT,+0012.34kg\r", end="cr") == Decimal("12.34") * KG


@pytest.mark.parametrize("settings", [{"unit": "lbf"}, {"unit": "kN", "end": "cr"}, {"unit": "t"}])
def test_the_simulator_speaks_every_setting(settings: dict[str, str]) -> None:
    value = kn(make_simulator(ID, settings).encode(Reading(98.0665, 0.0), 0, 0), **settings)
    assert value is not None
    assert abs(value - Decimal("98.0665")) < Decimal("0.001")


def test_it_sends_nothing() -> None:
    driver = make_driver(ID, {})
    assert (driver.poll(), driver.opening()) == (None, b"")


def test_what_does_not_fit_is_not_built() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build_line(b"ST", Shown(12345678, 0), b"kg")
