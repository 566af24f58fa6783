"""XK3190-A12: the published frame, the overload frames of the manual and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.yaohua_xk3190a12.protocol import build_frame, build_out_of_range, check_characters

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "yaohua_xk3190a12"
PUBLISHED = bytes.fromhex("57473030342E3133396B6733440D0A")  # 4.139 kg


def kn(raw: bytes, **settings: str) -> Decimal | None:
    driver = make_driver(ID, settings)
    (frame,) = driver.new_decoder().feed(raw)
    return None if frame.counts[0] is None else frame.counts[0] * driver.channels[0].quantum


def test_the_published_frame() -> None:
    assert build_frame(Shown(4139, 3)) == PUBLISHED
    assert kn(PUBLISHED) == Decimal("4.139") * Decimal("0.00980665")


def test_the_check_is_the_xor_and_not_the_sum() -> None:
    assert check_characters(PUBLISHED[:11]) == b"3D"
    assert sum(PUBLISHED[:11]) & 0xFF == 0xCF


@pytest.mark.parametrize(("mark", "tail"), [(b"OL", b"OL23\r\n"), (b"LO", b"LO23\r\n")], ids=["overload", "underload"])
def test_out_of_range_is_no_value(mark: bytes, tail: bytes) -> None:
    raw = build_out_of_range(mark)
    assert raw == b" " * 9 + tail
    assert kn(raw) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [(b"WN-00.250kg", "-0.250"), (b"WG001258 kg", "1258"), (b"WG-12345 kg", "-12345"), (b"WG000.000kg", "0")],
    ids=["net, negative", "no point", "negative without a point", "zero"],
)
def test_sign_point_and_net(text: bytes, value: str) -> None:
    assert kn(text + check_characters(text) + b"\r\n", unit="kN") == Decimal(value)


def test_an_indicator_adjusted_to_kilonewtons_still_writes_kg() -> None:
    assert kn(PUBLISHED, unit="kN") == Decimal("4.139")
    assert kn(PUBLISHED, unit="N") == Decimal("0.004139")


@pytest.mark.parametrize(
    "body",
    [b"WX004.139kg", b"WG004.139lb", b"WG004.1A9kg", b"WG0 4.139kg", b"         OO"],
    ids=["head", "unit", "letter", "blank inside", "mark"],
)
def test_a_body_that_is_none_even_with_a_right_check(body: bytes) -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(body + check_characters(body) + b"\r\n") == []
    assert decoder.counters.bad == 1


def test_a_wrong_check_and_the_lines_of_other_firmware() -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(PUBLISHED.replace(b"3D", b"3E") + b"ww000.000lb\r\nwn-0000.1kg\r\n") == []
    assert decoder.counters.bad == 3


def test_it_sends_nothing() -> None:
    driver = make_driver(ID, {})
    assert (driver.poll(), driver.opening()) == (None, b"")


def test_the_simulated_indicator_says_overload_where_its_display_ends() -> None:
    simulator = make_simulator(ID, {"unit": "N"})
    assert kn(simulator.encode(Reading(800.0, 0.0), 0, 0), unit="N") == 800
    assert kn(simulator.encode(Reading(123_456.0, 0.0), 1, 0), unit="N") is None
