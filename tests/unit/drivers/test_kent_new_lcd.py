"""Kent, new LCD: fifteen bytes, sign and point in byte 2, packed digits in bytes 3 to 5."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.kent_new_lcd.protocol import build_frame

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

REST = "00" * 8 + "0F"


def decode(text: str, **settings: str) -> list[Frame]:
    return make_driver("kent_new_lcd", settings).new_decoder().feed(bytes.fromhex(text))


def kn(frame: Frame) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("kent_new_lcd", {}).channels[0].quantum


@pytest.mark.parametrize(
    ("head", "value"),
    [("F00001001234", "123.4"), ("F00002001234", "12.34"), ("F00012001234", "-12.34"), ("F0AA11999999", "-99999.9")],
)
def test_fifth_nibble_sign_sixth_point_then_packed_digits(head: str, value: str) -> None:
    """Counted in half bytes from F: the fifth is 1 for negative, the sixth 1 for tenths and 2 for hundredths."""
    (frame,) = decode(head + REST)
    assert (frame.raw.hex().upper(), kn(frame)) == (head + REST, Decimal(value))


@pytest.mark.parametrize(
    "text",
    [
        "F0000200123A" + REST,
        "F00002A01234" + REST,
        "F00000001234" + REST,
        "F00003001234" + REST,
        "F00022001234" + REST,
        "F00002001234" + "00" * 9,
    ],
    ids=["low half", "high half", "no point code", "unknown point code", "unknown sign", "end"],
)
def test_unknown_codes_and_half_bytes_beyond_nine_are_refused(text: str) -> None:
    assert decode(text) == []


def test_builder() -> None:
    assert build_frame(Shown(-1234, 2)).hex().upper() == "F00012001234" + REST
    for shown in (Shown(1_000_000, 2), Shown(1, 0), Shown(1, 3)):
        with pytest.raises(ValueError, match="does not fit"):
            build_frame(shown)


def test_it_streams_and_nothing_is_sent() -> None:
    driver = make_driver("kent_new_lcd", {})
    assert (driver.opening(), driver.poll(), driver.manifest.beta) == (b"", None, True)


def test_the_simulator_moves_the_point() -> None:
    simulator = make_simulator("kent_new_lcd", {"unit": "N"})
    assert simulator.encode(Reading(9.9, 0.0), 0, 0) == build_frame(Shown(990_000, 2))
    assert simulator.encode(Reading(12.5, 0.0), 1, 0) == build_frame(Shown(125_000, 1))
