"""Decimal digits packed two to a byte, high digit first."""

from __future__ import annotations


def read_bcd(packed: bytes) -> int | None:
    """The number in ``packed``; ``None`` where a half byte is no decimal digit: it is refused, not read as hexadecimal."""
    digits = packed.hex()
    return int(digits) if digits.isdecimal() else None


def write_bcd(number: int, size: int) -> bytes:
    """``number`` in ``size`` bytes; raises ValueError for a negative one or one that does not fit."""
    if not 0 <= number < 100**size:
        raise ValueError(f"{number} does not fit")
    return bytes.fromhex(f"{number:0{2 * size}d}")
