"""ZTS lines: number in characters 2 to 7, place of the unit in character 16."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.imada_zts.protocol import build_units, build_value

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

UNITS = b"XFC020308110110\r"  # newtons, kilonewtons, kgf, lbf, millinewtons, ozf


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("imada_zts", settings).new_decoder().feed(raw)


def kn(frame: Frame, **settings: str) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("imada_zts", settings).channels[0].quantum


@pytest.mark.parametrize(
    ("text", "newtons"),
    [("+12.34", "12.34"), ("-000.5", "-0.5"), ("+01234", "1234"), ("+1234.", "1234"), ("-.1234", "-0.1234")],
)
def test_number_and_unit_stand_where_the_source_says(text: str, newtons: str) -> None:
    raw = b"r" + text.encode() + b"XXXXXXXX" + b"0" + b"\r"
    assert raw[1:7].decode() == text
    assert raw[15:16] == b"0"
    (frame,) = decode(UNITS + raw)
    assert (frame.raw, kn(frame)) == (raw, Decimal(newtons) / 1000)


def test_builder_puts_them_there() -> None:
    assert build_value(Shown(1234, 2), 0) == b"r+12.34000000000\r"
    assert build_value(Shown(-5, 1), 3) == b"r-000.5000000003\r"
    assert build_value(Shown(12345, 0), 1) == b"r+12345000000001\r"
    assert build_units(("02", "03", "08", "11", "01", "10")) == UNITS
    for shown in (Shown(10_000, 2), Shown(100_000, 0), Shown(12, 5)):
        with pytest.raises(ValueError, match="does not fit"):
            build_value(shown, 0)


@pytest.mark.parametrize(
    ("place", "unit", "value"),
    [(0, "N", "0.1234"), (1, "kN", "123.4"), (1, "N", None), (4, "N", None), (2, "N", None), (2, "kg", "1.21014061")],
)
def test_another_unit_than_the_stated_one_gives_no_value(place: int, unit: str, value: str | None) -> None:
    (frame,) = decode(UNITS + build_value(Shown(1234, 1), place), unit=unit)
    shown = kn(frame, unit=unit)
    assert shown == (None if value is None else Decimal(value))


def test_a_wrong_character_in_the_list_takes_values_away_and_scales_none() -> None:
    """Code 02 (N) read as 03 (kN) would make a run a thousand times too large."""
    (frame,) = decode(UNITS.replace(b"XFC02", b"XFC03") + build_value(Shown(1234, 1), 0))
    assert frame.counts == (None,)


def test_a_unit_that_is_no_force_gives_no_value() -> None:
    (frame,) = decode(b"XFC000203040514\r" + build_value(Shown(1234, 2), 0))
    assert frame.counts == (None,)


def test_without_the_list_the_stated_unit_holds() -> None:
    (frame,) = decode(build_value(Shown(1234, 2), 5), unit="kg")
    assert kn(frame, unit="kg") == Decimal("12.34") * Decimal("0.00980665")


@pytest.mark.parametrize(
    "raw",
    [
        b"XAG\r",
        b"E\r",
        b"r+-----000000000\r",
        b"r+1.2.3000000000\r",
        b"r+12.340000000\r",
        b"r+12.34000000009\r",
        b"r12.34X000000000\r",
        b"\x07+12.34000000000\r",
    ],
)
def test_what_is_no_value(raw: bytes) -> None:
    assert decode(raw) == []


def test_a_rest_of_a_line_is_never_a_value() -> None:
    raw = build_value(Shown(1234, 2), 0)
    for cut in range(1, len(raw)):
        assert decode(raw[cut:]) == []


def test_asks_for_units_and_stream_only() -> None:
    assert make_driver("imada_zts", {}).opening() == b"XAS\rXFC\rXAG\r"
    assert make_driver("imada_zts", {"rate": "10"}).opening() == b"XAS\rXFC\rXAg\r"
    assert make_driver("imada_zts", {}).poll() is None
    simulator = make_simulator("imada_zts", {})
    assert simulator.answer(b"XAS\rXFC\rXAG\r") == UNITS


@pytest.mark.parametrize(("force_kn", "text"), [(0.01234, b"+12.34"), (-0.5, b"-500.0"), (50.0, b"+50000")])
def test_the_simulator_moves_the_point(force_kn: float, text: bytes) -> None:
    assert make_simulator("imada_zts", {}).encode(Reading(force_kn, 0.0), 0, 0)[1:7] == text


def test_beyond_the_range_the_simulator_shows_no_number() -> None:
    assert decode(make_simulator("imada_zts", {}).encode(Reading(100.0, 0.0), 0, 0)) == []
