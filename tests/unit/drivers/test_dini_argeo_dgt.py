"""The Dini Argeo standard string, with and without the code of the instrument."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.dini_argeo_dgt.protocol import build_line

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "dini_argeo_dgt"
KG = Decimal("0.00980665")


def kn(raw: bytes, **settings: str) -> Decimal | None:
    driver = make_driver(ID, settings)
    (frame,) = driver.new_decoder().feed(raw)
    return None if frame.counts[0] is None else frame.counts[0] * driver.channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "kilograms"),
    [
        (b"[01]ST,GS,     0.0,kg\r\n", "0"),
        (b"ST,GS,     0.0,kg\r\n", "0"),
        (b"01US,NT,   -12.5,kg\r\n", "-12.5"),
        (b"ST,GS,   1.250, t\r\n", "1250"),
        (b"ST,GS,12345.67,kg\r\n", "12345.67"),
    ],
    ids=["published", "without code", "digits only, negative", "tonnes", "full width"],
)
def test_lines_with_a_value(raw: bytes, kilograms: str) -> None:
    assert kn(raw) == Decimal(kilograms) * KG


def test_builds_the_published_line() -> None:
    assert build_line(b"ST", Shown(0, 1), b"kg", b"[01]") == b"[01]ST,GS,     0.0,kg\r\n"


@pytest.mark.parametrize("status", [b"OL", b"UL", b"TL"], ids=["overload", "underload", "tilt"])
def test_a_status_without_a_value(status: bytes) -> None:
    assert kn(status + b",GS,   100.0,kg\r\n") is None
    assert kn(status + b",GS,        ,kg\r\n") is None


def test_a_unit_of_another_family_is_no_value() -> None:
    assert kn(b"ST,GS,   100.0,lb\r\n") is None
    assert kn(b"ST,GS,   100.0,lb\r\n", unit="lbf") == 100 * Decimal("0.0044482216152605")


@pytest.mark.parametrize(
    "raw",
    [
        b"ERR04\r\n",
        b"OK\r\n",
        b"ST,GS,  1 25.0,kg\r\n",
        b"ST,GS,    12,5,kg\r\n",
        b"ST,GS,   12.5,kg\r\n",
        b"ST,GS,    12.5,mm\r\n",
        b"XX,GS,    12.5,kg\r\n",
        b"[1]ST,GS,    12.5,kg\r\n",
        b"ST,GS,        ,kg\r\n",
    ],
    ids=["error", "ok", "blank inside", "comma", "short", "unit", "status", "code", "no digits"],
)
def test_lines_that_are_none(raw: bytes) -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(raw) == []
    assert decoder.counters.bad == 1


@pytest.mark.parametrize("settings", [{}, {"unit": "kN"}, {"unit": "lbf"}])
def test_the_simulator_speaks_every_unit(settings: dict[str, str]) -> None:
    for force in (98.0665, -98.0665):
        value = kn(make_simulator(ID, settings).encode(Reading(force, 0.0), 0, 0), **settings)
        assert value is not None
        assert abs(value - Decimal(str(force))) < Decimal("0.001")


def test_it_sends_nothing_and_builds_only_what_fits() -> None:
    driver = make_driver(ID, {})
    assert (driver.poll(), driver.opening()) == (None, b"")
    with pytest.raises(ValueError, match="does not fit"):
        build_line(b"ST", Shown(-12345678, 0), b"kg")
