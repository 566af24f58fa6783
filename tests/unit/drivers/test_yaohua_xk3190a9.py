"""XK3190-A9 continuous frames, with the bytes published in the maker's manual."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.yaohua_xk3190a9.protocol import build_frame, check_characters

from labdesk.devices.registry import make_driver
from labdesk.domain.errors import OperatorError

PLUS = bytes.fromhex("022B30323339363030313503")  # +023960, no decimals
MINUS = bytes.fromhex("022D30303132333432314203")  # -0012.34


@pytest.mark.parametrize(("raw", "digits", "decimals"), [(PLUS, 23960, 0), (MINUS, -1234, 2)])
def test_the_published_frames(raw: bytes, digits: int, decimals: int) -> None:
    assert build_frame(digits, decimals) == raw
    driver = make_driver("yaohua_xk3190a9", {})
    (frame,) = driver.new_decoder().feed(raw)
    assert frame.counts == (digits * 10 ** (4 - decimals),)
    assert frame.counts[0] * driver.channels[0].quantum == Decimal(digits).scaleb(-decimals)  # type: ignore[operator]


def test_the_check_letter_is_a_check() -> None:
    """1B: the B is the low nibble, not a flag."""
    assert check_characters(MINUS[1:9]) == b"1B"
    decoder = make_driver("yaohua_xk3190a9", {}).new_decoder()
    assert decoder.feed(MINUS.replace(b"1B", b"1C")) == []
    assert decoder.counters.bad == 1


@pytest.mark.parametrize(("unit", "kn"), [("kN", "23960"), ("N", "23.960"), ("kg", "234.967334")])
def test_the_site_states_the_unit(unit: str, kn: str) -> None:
    driver = make_driver("yaohua_xk3190a9", {"unit": unit})
    (frame,) = driver.new_decoder().feed(PLUS)
    assert frame.counts[0] * driver.channels[0].quantum == Decimal(kn)  # type: ignore[operator]


def test_another_unit_is_refused() -> None:
    with pytest.raises(OperatorError, match="driver_setting"):
        make_driver("yaohua_xk3190a9", {"unit": "lb"})


@pytest.mark.parametrize(
    "raw",
    [
        PLUS.replace(b"+", b" "),
        PLUS[:-1] + b"\x04",
        b"\x02" + b"+0239605" + check_characters(b"+0239605") + b"\x03",
        b"\x02" + b"+02A9600" + check_characters(b"+02A9600") + b"\x03",
    ],
    ids=["sign", "end", "five decimals", "letter"],
)
def test_a_frame_that_is_none(raw: bytes) -> None:
    decoder = make_driver("yaohua_xk3190a9", {}).new_decoder()
    assert decoder.feed(raw) == []


@pytest.mark.parametrize(("digits", "decimals"), [(1_000_000, 0), (1, 5), (1, -1)])
def test_what_does_not_fit_is_not_built(digits: int, decimals: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build_frame(digits, decimals)
