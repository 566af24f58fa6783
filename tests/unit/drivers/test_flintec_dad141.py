"""DAD 141.1 streams, with the lines of the manuals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.flintec_dad141.protocol import build_single, build_string, check_digits

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

# Net 1000 d, gross 1100 d, no motion: the characters add up to 351h, the check is AF.
STRING = b"W+001000+00110001AF\r"


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("flintec_dad141", settings).new_decoder().feed(raw)


def kn(frame: Frame, **settings: str) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("flintec_dad141", settings).channels[0].quantum


def test_the_check_of_the_manual() -> None:
    assert sum(STRING[:17]) == 0x351
    assert check_digits(STRING[:17]) == b"AF"
    assert build_string(1000, 1100) == STRING


@pytest.mark.parametrize(("stream", "value"), [("SW net", "1.000"), ("SW gross", "1.100")])
def test_net_or_gross_of_the_string(stream: str, value: str) -> None:
    stated = {"stream": stream, "decimals": "3"}
    (frame,) = decode(STRING, **stated)
    assert (frame.raw, kn(frame, **stated)) == (STRING, Decimal(value))


def test_a_negative_string() -> None:
    raw = build_string(-20, -999_999, "06")
    assert raw.startswith(b"W-000020-99999906")
    (frame,) = decode(raw, decimals="0", unit="N")
    assert kn(frame, decimals="0", unit="N") == Decimal("-999.999")


@pytest.mark.parametrize(
    "raw",
    [
        STRING.replace(b"AF", b"AE"),
        STRING.replace(b"AF", b"af"),
        STRING.replace(b"+001000", b"+001.00"),
        b"OK\r",
        b"ERR\r",
        b"G+001.100\r",
    ],
)
def test_what_is_no_string(raw: bytes) -> None:
    assert decode(raw) == []


@pytest.mark.parametrize(
    ("stream", "raw", "value"),
    [
        ("SG", b"G+001.100\r", "1.100"),
        ("SN", b"N+001.000\r", "1.000"),
        ("SN", b"N-123.45\r", "-123.45"),
        ("SG", b"G 00000\r", "0"),
    ],
)
def test_single_values_carry_their_point(stream: str, raw: bytes, value: str) -> None:
    (frame,) = decode(raw, stream=stream)
    assert kn(frame, stream=stream) == Decimal(value)


@pytest.mark.parametrize("raw", [b"N+001.000\r", b"G+1.0.0\r", b"G+------\r", b"G+OL\r", b"M+001.100\r", b"G \r"])
def test_another_letter_or_no_number_is_no_frame(raw: bytes) -> None:
    assert decode(raw, stream="SG") == []


def test_kilograms_are_read_with_standard_gravity() -> None:
    (frame,) = decode(b"G+100.00\r", stream="SG", unit="kg")
    assert kn(frame, stream="SG", unit="kg") == Decimal("0.980665")


def test_builders_refuse_what_does_not_fit() -> None:
    assert build_single("G", Shown(-1100, 3)) == b"G-001.100\r"
    assert build_single("N", Shown(7, 0)) == b"N+000007\r"
    with pytest.raises(ValueError, match="does not fit"):
        build_single("G", Shown(1_000_000, 2))
    with pytest.raises(ValueError, match="do not fit"):
        build_string(0, 1_000_000)


@pytest.mark.parametrize(("stream", "sent"), [("SW gross", b"\rSW\r"), ("SW net", b"\rSW\r"), ("SN", b"\rSN\r")])
def test_asks_once_for_the_stream(stream: str, sent: bytes) -> None:
    driver = make_driver("flintec_dad141", {"stream": stream})
    assert (driver.opening(), driver.poll()) == (sent, None)


@pytest.mark.parametrize("stream", ["SW gross", "SW net", "SG", "SN"])
def test_the_simulator_speaks_each_stream(stream: str) -> None:
    raw = make_simulator("flintec_dad141", {"stream": stream}).encode(Reading(12.34, 0.0), 0, 0)
    (frame,) = decode(raw, stream=stream)
    assert kn(frame, stream=stream) == Decimal("12.34")
