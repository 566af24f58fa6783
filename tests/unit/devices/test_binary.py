"""Checks of published frames, recomputed; floats as counts."""

from __future__ import annotations

import struct
from decimal import Decimal

import pytest

from labdesk.devices.binary import CHECKS, bcd, crc16_modbus, float_count


@pytest.mark.parametrize(
    ("name", "covered", "check"),
    [
        ("crc16_modbus", "01 03 20 02 00 02", "6E 0B"),
        ("crc16_modbus", "01 03 00 07 00 02", "75 CA"),
        ("xor_ascii", "2B 30 32 33 39 36 30 30", "31 35"),
        ("xor_ascii", "57 47 30 30 34 2E 31 33 39 6B 67", "33 44"),
        ("sum8", "FD 07 11 00 00 00 00 00", "15"),
        ("sum8", "01 03 04", "08"),
        ("twos_complement7", "02 2C 30 20 30 31 32 33 34 35 30 30 30 30 30 30 0D", "26"),
        ("xor", "01 02 04", "07"),
    ],
)
def test_published_frames(name: str, covered: str, check: str) -> None:
    width, of = CHECKS[name]
    assert of(bytes.fromhex(covered)) == bytes.fromhex(check)
    assert width == len(bytes.fromhex(check))


def test_the_pressed_tail_that_is_no_modbus_check() -> None:
    assert crc16_modbus(bytes.fromhex("01 03 00 11 00 02")) == bytes.fromhex("94 0E")


@pytest.mark.parametrize(
    ("value", "quantum", "count"),
    [
        (0.1, "0.1", 1),
        (-2.5, "1", -2),
        (3.5, "1", 4),
        (1e-30, "0.001", 0),
        (16777216.0, "0.5", 33554432),
        (3e38, "1", None),
    ],
)
def test_a_float_is_the_nearest_count(value: float, quantum: str, count: int | None) -> None:
    assert float_count(struct.pack(">f", value), ">", Decimal(quantum)) == count


def test_packed_digits() -> None:
    assert (bcd(b"\x01\x23"), bcd(b"\x01\x2f")) == (123, None)
