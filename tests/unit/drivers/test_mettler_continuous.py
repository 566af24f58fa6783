"""Mettler-Toledo continuous output: the published frame, the bits that are named and no others."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.mettler_continuous.protocol import build_frame, check_byte

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "mettler_continuous"
PUBLISHED = bytes.fromhex("022C30203031323334353030303030300D26")  # 123.45 kg gross


def frame_with(swa: int, swb: int, weight: bytes = b"012345") -> bytes:
    frame = b"\x02" + bytes((swa, swb, 0x20)) + weight + b"000000\r"
    return frame + bytes((check_byte(frame),))


def only(raw: bytes, **settings: str) -> Frame:
    (frame,) = make_driver(ID, settings).new_decoder().feed(raw)
    return frame


def kn(raw: bytes, **settings: str) -> Decimal | None:
    count = only(raw, **settings).counts[0]
    return None if count is None else count * make_driver(ID, settings).channels[0].quantum


def test_the_published_frame() -> None:
    assert build_frame(Shown(12345, 2), 0x30, True) == PUBLISHED
    assert kn(PUBLISHED) == Decimal("123.45") * Decimal("0.00980665")


@pytest.mark.parametrize(("code", "value"), [(2, 12345), (3, "1234.5"), (4, "123.45"), (5, "12.345"), (6, "1.2345")])
def test_decimals(code: int, value: str) -> None:
    assert kn(frame_with(0x28 | code, 0x30)) == Decimal(value) * Decimal("0.00980665")


@pytest.mark.parametrize("code", [0, 1, 7])
def test_codes_that_are_not_in_the_table_are_refused(code: int) -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(frame_with(0x28 | code, 0x30)) == []
    assert decoder.counters.bad == 1


def test_negative_motion_and_net() -> None:
    assert kn(frame_with(0x2C, 0x32)) == -Decimal("123.45") * Decimal("0.00980665")
    assert only(frame_with(0x2C, 0x38)).counts == only(frame_with(0x2C, 0x31)).counts == only(PUBLISHED).counts


@pytest.mark.parametrize("swb", [0x34, 0x70, 0x36], ids=["out of range", "power-up", "under range"])
def test_a_weight_that_is_none(swb: int) -> None:
    assert only(frame_with(0x2C, swb)).counts == (None,)
    assert only(frame_with(0x2C, swb, b"      ")).counts == (None,)


def test_the_constant_bits_on_which_makers_disagree_do_not_matter() -> None:
    expected = only(PUBLISHED).counts
    assert only(frame_with(0x0C, 0x10)).counts == only(frame_with(0x4C, 0x10)).counts == expected


def test_the_kilogram_bit_must_agree_with_the_stated_unit() -> None:
    assert kn(frame_with(0x2C, 0x20)) is None
    assert kn(frame_with(0x2C, 0x20), unit="kN") == Decimal("123.45")
    assert kn(frame_with(0x2C, 0x30), unit="kN") is None


def test_leading_blanks_and_a_wrong_check() -> None:
    assert only(frame_with(0x2A, 0x30, b"    80")).counts == (80 * 10**7,)
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(PUBLISHED[:-1] + b"\x27" + frame_with(0x2A, 0x30, b"8    0") + b"\x02") == []
    assert decoder.counters.bad == 2


def test_without_a_check_byte() -> None:
    decoder = make_driver(ID, {"checksum": "no"}).new_decoder()
    assert [frame.counts for frame in decoder.feed(PUBLISHED[:-1] * 2)] == [(123_45 * 10**5,)] * 2
    assert decoder.counters.skipped_bytes == 0


def test_it_sends_nothing() -> None:
    driver = make_driver(ID, {})
    assert (driver.poll(), driver.opening()) == (None, b"")


@pytest.mark.parametrize("settings", [{"unit": "kN", "checksum": "no"}, {"unit": "t"}, {"unit": "lbf"}])
def test_the_simulator_speaks_every_setting(settings: dict[str, str]) -> None:
    from labdesk.devices.registry import make_simulator

    raw = make_simulator(ID, settings).encode(Reading(98.0665, 0.0), 0, 0)
    value = kn(raw, **settings)
    assert value is not None
    assert abs(value - Decimal("98.0665")) < Decimal("0.006")


def test_what_does_not_fit_is_not_built() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build_frame(Shown(1_000_000, 0), 0x30, True)
