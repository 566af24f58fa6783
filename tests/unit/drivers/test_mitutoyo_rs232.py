"""Mitutoyo output: the examples of the QM-Height manual."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.mitutoyo_rs232.protocol import build_value

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading


def decode(raw: bytes) -> list[Frame]:
    return make_driver("mitutoyo_rs232", {}).new_decoder().feed(raw)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"01A+0000.123\r", "0.123"),
        (b"01A+0000.125\r", "0.125"),
        (b"01A+00.12345\r", "0.12345"),
        (b"01A+000.1234\r", "0.1234"),
        (b"01A-0012.340\r", "-12.340"),
    ],
)
@pytest.mark.parametrize(("unit", "mm_per_unit"), [("mm", "1"), ("inch", "25.4")])
def test_the_examples_of_the_manual(raw: bytes, shown: str, unit: str, mm_per_unit: str) -> None:
    driver = make_driver("mitutoyo_rs232", {"unit": unit})
    (frame,) = driver.new_decoder().feed(raw)
    assert frame.raw == raw
    assert frame.counts[0] * driver.channels[0].quantum == Decimal(shown) * Decimal(mm_per_unit)  # type: ignore[operator]
    digits = Decimal(shown)
    assert build_value(int(digits.scaleb(-int(digits.as_tuple().exponent))), -int(digits.as_tuple().exponent)) == raw


@pytest.mark.parametrize(
    "raw",
    [
        b"01A 0000.123\r",
        b"01A+0000.123\n",
        b"01A+00000123\r",
        b"01A+00.0.123\r",
        b"01A+0000123.\r",
        b"01A+.0000123\r",
        b"01A+  00.123\r",
        b"01B+0000.123\r",
        b"911\r",
    ],
)
def test_what_is_no_value(raw: bytes) -> None:
    assert decode(raw) == []


@pytest.mark.parametrize(("digits", "decimals"), [(10_000_000, 3), (1, 0), (1, 6)])
def test_what_does_not_fit_is_not_built(digits: int, decimals: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build_value(digits, decimals)


def test_it_sends_nothing() -> None:
    driver = make_driver("mitutoyo_rs232", {})
    assert (driver.opening(), driver.poll()) == (b"", None)


def test_the_simulator_is_silent_without_a_piece() -> None:
    simulator = make_simulator("mitutoyo_rs232", {})
    assert simulator.encode(Reading(1.0, 1.0, None), 0, 0) == b""
    assert simulator.encode(Reading(1.0, 1.0, -0.5), 0, 0) == b"01A-0000.500\r"
    inches = make_simulator("mitutoyo_rs232", {"unit": "inch"})
    assert inches.encode(Reading(1.0, 1.0, 2.54), 0, 0) == b"01A+000.1000\r"
