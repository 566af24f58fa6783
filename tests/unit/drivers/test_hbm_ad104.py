"""AED values in the three formats, with the lines of HBM's manual."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.hbm_ad104.protocol import build_cof0, build_cof3, build_cof9, has_value

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("hbm_ad104", settings).new_decoder().feed(raw)


def kn(frame: Frame, **settings: str) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("hbm_ad104", settings).channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "digits"),
    [(b"+0001000\r\n", 1000), (b" 0000345\r\n", 345), (b"-0012345\r\n", -12345), (b"-0000000\r\n", 0)],
)
def test_the_lines_of_the_manual(raw: bytes, digits: int) -> None:
    """``0001000 CRLF 0000345 crlf``: seven digits complete with sign."""
    stated = {"format": "COF3", "unit": "N", "decimals": "0"}
    (frame,) = decode(raw, **stated)
    assert frame.raw == raw
    assert kn(frame, **stated) == Decimal(digits) / 1000


def test_builders_say_what_the_manual_says() -> None:
    assert build_cof3(1000) == b"+0001000\r\n"
    assert build_cof9(-345, 8, 31) == b"-0000345,31,008\r\n"
    assert build_cof0(5_120_000) == bytes.fromhex("4e2000000d0a")
    assert (len(build_cof3(0)), len(build_cof9(0)), len(build_cof0(0))) == (10, 17, 6)


@pytest.mark.parametrize("build", [build_cof3, build_cof9, build_cof0])
@pytest.mark.parametrize("digits", [10_000_000, -10_000_000])
def test_what_does_not_fit_is_not_built(build: object, digits: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build(digits)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("status", "good"),
    [(0, True), (8, True), (1, False), (2, False), (4, False), (64, False), (128, False), (16, False), (12, False)],
)
def test_overflow_and_incoherent_values_are_no_values(status: int, good: bool) -> None:
    assert has_value(status) is good
    (frame,) = decode(build_cof9(123_456, status))
    assert (frame.counts[0] is not None) is good


def test_a_status_that_fits_no_byte_forbids_the_value() -> None:
    (frame,) = decode(b"+0123456,31,256\r\n")
    assert frame.counts == (None,)


@pytest.mark.parametrize(
    "raw", [b"0\r\n", b"?\r\n", b"+0001000\r\n", b"+0001000,31\r\n", b"+00010.0,31,000\r\n", b"+0001000,31,000\n"]
)
def test_answers_to_commands_and_other_formats_are_no_frames(raw: bytes) -> None:
    assert decode(raw) == []


@pytest.mark.parametrize(("digits", "text"), [(5_120_000, "512"), (-1, "-0.0001"), (3338, "0.3338"), (0, "0")])
def test_binary_values_of_three_bytes(digits: int, text: str) -> None:
    (frame,) = decode(build_cof0(digits), format="COF0")
    assert kn(frame, format="COF0") == Decimal(text)


@pytest.mark.parametrize("digits", [0x7FFFFF, -0x800000])
def test_the_ends_of_the_binary_range_are_an_overload(digits: int) -> None:
    (frame,) = decode(build_cof0(digits), format="COF0")
    assert frame.counts == (None,)


@pytest.mark.parametrize("digits", [0x000D0A, 0x0D0A00, 0x0A000D, 0x0D0A0D, -3338])
def test_line_ends_inside_binary_values_mislead_nobody(digits: int) -> None:
    """Wherever the listener comes in, only true values come out."""
    stream = b"".join(build_cof0(value) for value in (digits, digits + 256, 3338, digits, 700_000))
    truth = {frame.counts for frame in decode(stream, format="COF0")}
    for start in range(1, 18):
        assert {frame.counts for frame in decode(stream[start:], format="COF0")} <= truth


def test_asks_for_the_format_and_endless_values_and_nothing_else() -> None:
    for chosen in ("COF9", "COF3", "COF0"):
        driver = make_driver("hbm_ad104", {"format": chosen})
        assert driver.opening() == f";STP;{chosen};MSV?0;".encode()
        assert driver.poll() is None
        assert make_simulator("hbm_ad104", {"format": chosen}).answer(driver.opening()) == b"0\r\n"
    assert make_simulator("hbm_ad104", {}).answer(b"COF77;") == b"?\r\n"
