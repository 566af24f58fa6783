"""Kent, AD LCD: six packed digits of raw count, scaled by the site's calibration."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.kent_ad_lcd.protocol import build_frame

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading
from labdesk.domain.errors import OperatorError


def decode(text: str, **settings: str) -> list[Frame]:
    return make_driver("kent_ad_lcd", settings).new_decoder().feed(bytes.fromhex(text))


def test_the_digits_are_decimal_and_stand_from_the_ninth_half_byte() -> None:
    text = "F0AABBCC032768DDEEFF0F"
    assert text[8:14] == "032768"
    (frame,) = decode(text)
    assert (frame.raw.hex().upper(), frame.counts) == (text, (32768,))


def test_calibration_decimals_and_zero() -> None:
    """Half of 65536 counts with calibration 20000 and one decimal: 1000 kN; the zero is taken off before."""
    stated = {"calibration": "20000", "decimals": "1", "zero_raw": "100"}
    (frame,) = decode("F0000000032868000000 0F".replace(" ", ""), **stated)
    assert frame.counts == (32768,)
    assert 32768 * make_driver("kent_ad_lcd", stated).channels[0].quantum == 1000


def test_below_the_zero_is_negative() -> None:
    (frame,) = decode("F0000000000090000000 0F".replace(" ", ""), zero_raw="100")
    assert frame.counts == (-10,)


def test_the_quantum_is_exact() -> None:
    quantum = make_driver("kent_ad_lcd", {"calibration": "123456.789012", "decimals": "3"}).channels[0].quantum
    assert quantum * 65536 == Decimal("123.456789012")


@pytest.mark.parametrize(
    "text", ["F00000000327A80000000F", "F00000000A27680000000F", "F000000003276800000000", "F00000000327680F000000"]
)
def test_half_bytes_beyond_nine_and_wrong_ends_are_refused(text: str) -> None:
    assert decode(text) == []


@pytest.mark.parametrize(
    ("name", "value"), [("calibration", "0"), ("calibration", "-1"), ("calibration", "1e3"), ("zero_raw", "-5")]
)
def test_a_calibration_that_is_none_is_refused(name: str, value: str) -> None:
    with pytest.raises(OperatorError, match="driver_setting"):
        make_driver("kent_ad_lcd", {name: value})


def test_it_streams_and_nothing_is_sent() -> None:
    driver = make_driver("kent_ad_lcd", {})
    assert (driver.opening(), driver.poll(), driver.manifest.beta) == (b"", None, True)


def test_builder_and_simulator() -> None:
    assert build_frame(32768).hex().upper() == "F00000000327680000000F"
    for count in (-1, 1_000_000):
        with pytest.raises(ValueError, match="does not fit"):
            build_frame(count)
    simulator = make_simulator("kent_ad_lcd", {"zero_raw": "100"})
    assert simulator.encode(Reading(12.34, 0.0), 0, 0) == build_frame(1334)
    assert simulator.encode(Reading(-5.0, 0.0), 1, 0) == build_frame(0)
