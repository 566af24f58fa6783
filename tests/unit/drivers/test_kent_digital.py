"""Kent, digital display: F0 and three packed bytes, tenths."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.kent_digital.protocol import build_frame

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading


def decode(text: str) -> list[Frame]:
    return make_driver("kent_digital", {}).new_decoder().feed(bytes.fromhex(text))


def kn(frame: Frame) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("kent_digital", {}).channels[0].quantum


@pytest.mark.parametrize(("text", "value"), [("F0001234", "123.4"), ("F0000000", "0"), ("F0999999", "99999.9")])
def test_three_packed_bytes_are_tenths(text: str, value: str) -> None:
    (frame,) = decode(text)
    assert (frame.raw.hex().upper(), kn(frame)) == (text, Decimal(value))


def test_whatever_follows_is_skipped() -> None:
    assert [kn(frame) for frame in decode("F0001234AABB0FF00012500FF0001F")] == [Decimal("123.4"), Decimal("125.0")]


@pytest.mark.parametrize("text", ["F0A01234", "F000123F", "F01A2B3C"])
def test_half_bytes_beyond_nine_are_refused(text: str) -> None:
    assert decode(text) == []


def test_asks_once_with_ten_bytes() -> None:
    driver = make_driver("kent_digital", {})
    assert (driver.opening(), driver.poll(), driver.manifest.beta) == (b"\xa5" * 10, None, True)


def test_builder_and_simulator() -> None:
    assert build_frame(1234).hex().upper() == "F0001234"
    for digits in (-1, 1_000_000):
        with pytest.raises(ValueError, match="does not fit"):
            build_frame(digits)
    assert make_simulator("kent_digital", {}).encode(Reading(123.4, 0.0), 0, 0) == build_frame(1234)
    assert make_simulator("kent_digital", {}).encode(Reading(-1.0, 0.0), 0, 0) == build_frame(0)
