"""Frames of Kent controllers with AD LCD: eleven bytes ``F0 … 0F``, six packed decimal digits of raw converter count in bytes 4 to 6.

The digits are decimal, not hexadecimal. 65536 counts are the calibration value, which only the site knows.
"""

from __future__ import annotations

from decimal import Decimal

from labdesk.devices.bcd import read_bcd, write_bcd
from labdesk.devices.driver import Frame

START = b"\xf0"
END = 0x0F
SIZE = 11
DIGITS_AT = 4
_PER_COUNT = Decimal(1) / 65536


def quantum_kn(calibration: Decimal, decimals: int) -> Decimal:
    """Kilonewtons of one raw count, exactly."""
    return (calibration * _PER_COUNT).scaleb(-decimals)


def build_frame(count: int) -> bytes:
    """A frame; raises ValueError for a negative count or more than six digits."""
    return START + bytes(DIGITS_AT - 1) + write_bcd(count, 3) + bytes(3) + bytes((END,))


class KentFormat:
    """Raw counts less those of no load."""

    start = START

    def __init__(self, zero: int) -> None:
        self._zero = zero

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 11."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The count; ``None`` for a wrong end or a half byte that is no digit."""
        count = read_bcd(raw[DIGITS_AT : DIGITS_AT + 3])
        return None if count is None or raw[-1] != END else Frame((count - self._zero,), None, None, raw)
