"""Kent, old LCD: F0 … 0F, packed digits in bytes 4 to 6, stated decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.kent_old_lcd.protocol import build_frame

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading


def decode(text: str, **settings: str) -> list[Frame]:
    return make_driver("kent_old_lcd", settings).new_decoder().feed(bytes.fromhex(text))


def kn(frame: Frame, **settings: str) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("kent_old_lcd", settings).channels[0].quantum


@pytest.mark.parametrize("text", ["F00102030012340F", "F00000000012340000000F", "F0010F030012340F"])
@pytest.mark.parametrize(("decimals", "value"), [("0", "1234"), ("1", "123.4"), ("2", "12.34"), ("3", "1.234")])
def test_packed_digits_in_bytes_4_to_6(text: str, decimals: str, value: str) -> None:
    (frame,) = decode(text, decimals=decimals)
    assert frame.raw.hex().upper() == text
    assert kn(frame, decimals=decimals) == Decimal(value)


@pytest.mark.parametrize("text", ["F00000000012A40F", "F0000000B012340F", "F0000000001234" + "00" * 20 + "0F"])
def test_half_bytes_beyond_nine_and_missing_ends_are_refused(text: str) -> None:
    assert decode(text) == []


def test_a_frame_that_lost_its_end_takes_nothing_with_it() -> None:
    good = "F00000000056780F"
    assert [frame.raw.hex().upper() for frame in decode("F0000000001234" + good)] == [good]


def test_asks_once_with_ten_bytes() -> None:
    driver = make_driver("kent_old_lcd", {})
    assert (driver.opening(), driver.poll(), driver.manifest.beta) == (b"\xa5" * 10, None, True)


def test_builder_and_simulator() -> None:
    assert build_frame(1234).hex().upper() == "F00000000012340000000F"
    for digits in (-1, 1_000_000):
        with pytest.raises(ValueError, match="does not fit"):
            build_frame(digits)
    assert make_simulator("kent_old_lcd", {}).encode(Reading(12.34, 0.0), 0, 0) == build_frame(1234)
    assert make_simulator("kent_old_lcd", {}).encode(Reading(-1.0, 0.0), 0, 0) == build_frame(0)
