"""The open stream of universal machines, byte for byte."""

from __future__ import annotations

import binascii
from decimal import Decimal

import pytest
from labdesk_drivers.labdesk_utm.protocol import SIZE, START, build_frame

from labdesk.devices.registry import make_driver

# Worked out by hand from the table in protocol.py: counter 7, clock 1 000 000 us, 185.1250 kN, 0.5021 mm, 12.345 mm.
BODY = bytes.fromhex("14070040420f00723f1c009d130000393000000101")
FRAME = START + BODY + binascii.crc_hqx(BODY, 0xFFFF).to_bytes(2, "little")


def test_builds_the_frame_of_the_table() -> None:
    assert build_frame(7, 1_000_000, (1_851_250, 5021, 12345)) == FRAME
    assert len(FRAME) == SIZE


def test_crc_is_the_published_one() -> None:
    """CRC-16/CCITT-FALSE of "123456789" is 29B1."""
    assert binascii.crc_hqx(b"123456789", 0xFFFF) == 0x29B1


def test_decodes_counts_clock_and_counter() -> None:
    driver = make_driver("labdesk_utm", {})
    (frame,) = driver.new_decoder().feed(FRAME)
    assert frame.counts == (1_851_250, 5021, 12345)
    assert (frame.tick, frame.sequence, frame.raw) == (1_000_000, 7, FRAME)
    assert [count * channel.quantum for count, channel in zip(frame.counts, driver.channels, strict=True)] == [
        Decimal("185.1250"),
        Decimal("0.5021"),
        Decimal("12.345"),
    ]


def test_without_extensometer_there_is_no_extension_and_in_overload_no_force() -> None:
    decoder = make_driver("labdesk_utm", {}).new_decoder()
    (bare,) = decoder.feed(build_frame(1, 1, (5, None, 6)))
    assert bare.counts == (5, None, 6)
    (over,) = decoder.feed(build_frame(2, 2, (5, 1, 6), overload=True))
    assert over.counts == (None, 1, 6)


@pytest.mark.parametrize(("at", "value"), [(2, 21), (22, 2)], ids=["length", "version"])
def test_another_length_or_version_is_no_frame_even_with_a_right_crc(at: int, value: int) -> None:
    raw = bytearray(FRAME)
    raw[at] = value
    raw[-2:] = binascii.crc_hqx(bytes(raw[2:-2]), 0xFFFF).to_bytes(2, "little")
    decoder = make_driver("labdesk_utm", {}).new_decoder()
    assert decoder.feed(bytes(raw)) == []
    assert decoder.counters.bad == 1


def test_counter_and_clock_wrap() -> None:
    (frame,) = make_driver("labdesk_utm", {}).new_decoder().feed(build_frame(65_537, (1 << 32) + 5, (0, 0, 0)))
    assert (frame.sequence, frame.tick) == (1, 5)
