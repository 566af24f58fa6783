"""Checks and numbers of binary protocols; a float becomes the nearest count of a stated quantum, nothing else is rounded."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import reduce
from operator import xor

LARGEST = 1 << 62
"""Counts beyond this do not fit a sealed run's columns."""

_EXACT = Context(prec=200)
_TABLE: list[int] = []
for _value in range(256):
    for _ in range(8):
        _value = _value >> 1 ^ 0xA001 if _value & 1 else _value >> 1
    _TABLE.append(_value)


def crc16_modbus(data: bytes) -> bytes:
    """CRC-16 of Modbus RTU, low byte first as it stands on the wire."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return struct.pack("<H", crc)


def sum8(data: bytes) -> bytes:
    """Sum modulo 256."""
    return bytes((sum(data) & 0xFF,))


def xor8(data: bytes) -> bytes:
    """Exclusive or of all bytes."""
    return bytes((reduce(xor, data, 0),))


def xor_ascii(data: bytes) -> bytes:
    """Exclusive or of all bytes as two upper-case hexadecimal digits."""
    return b"%02X" % reduce(xor, data, 0)


def twos_complement7(data: bytes) -> bytes:
    """Two's complement of the low seven bits of the sum: with it, the low seven bits of the sum are zero."""
    return bytes((-sum(data) & 0x7F,))


CHECKS: Mapping[str, tuple[int, Callable[[bytes], bytes]]] = {
    "sum8": (1, sum8),
    "xor": (1, xor8),
    "xor_ascii": (2, xor_ascii),
    "twos_complement7": (1, twos_complement7),
    "crc16_modbus": (2, crc16_modbus),
}
"""Name of a check to its width in bytes and its value for the covered bytes."""


def float_count(raw: bytes, order: str, quantum: Decimal) -> int | None:
    """The count nearest to a float32 (``order`` ``>`` or ``<``); ``None`` for infinity, not-a-number and what fits no column."""
    (value,) = struct.unpack(f"{order}f", raw)
    if not math.isfinite(value):
        return None
    count = int(_EXACT.divide(Decimal(value), quantum).to_integral_value(ROUND_HALF_EVEN))
    return None if abs(count) > LARGEST else count


def bcd(raw: bytes) -> int | None:
    """The number in packed decimal digits, high ones first; ``None`` if a half byte is no digit."""
    text = raw.hex()
    return int(text) if text.isdigit() else None
