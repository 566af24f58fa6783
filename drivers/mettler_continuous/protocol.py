"""Continuous output: ``STX · SWA · SWB · SWC · six weight · six tare · CR · [check]``, 17 or 18 bytes.

SWA bits 0–2: decimals + 2. SWB bit 1: negative, bit 2: out of range, bit 4: kilograms, bit 6: not zeroed since power-up. Makers
disagree on the constant bits, so no other bit is looked at. The check is the two's complement of the low seven bits of the sum of
everything before it.
"""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown

START = b"\x02"
END = 0x0D
SIZE = 17
NEGATIVE, OUT_OF_RANGE, KILOGRAMS, POWER_UP = 0x02, 0x04, 0x10, 0x40
CODES = range(2, 7)
_BLANK_OR_DIGIT = frozenset(b" 0123456789")


def check_byte(frame: bytes) -> int:
    """The check of STX to CR."""
    return -sum(frame) & 0x7F


def build_frame(number: Shown, status_b: int, with_check: bool) -> bytes:
    """The frame of ``number`` with the bits of SWB but the sign; raises ValueError beyond six digits or four decimals."""
    digits, decimals = number
    if abs(digits) > 999_999 or decimals + 2 not in CODES:
        raise ValueError(f"{digits} with {decimals} decimals does not fit")
    words = bytes((0x28 | (decimals + 2), status_b | (NEGATIVE if digits < 0 else 0), 0x20))
    frame = START + words + b"%06d" % abs(digits) + b"000000" + bytes((END,))
    return frame + bytes((check_byte(frame),)) if with_check else frame


class ContinuousFormat:
    """Shape and check of a frame, for the resynchronising decoder."""

    start = START

    def __init__(self, scale: ForceScale, with_check: bool) -> None:
        self._scale = scale
        self._size = SIZE + (1 if with_check else 0)

    def size(self, buffer: bytearray, at: int) -> int | None:
        """17, or 18 with the check byte."""
        return self._size

    def parse(self, raw: bytes) -> Frame | None:
        """The shown weight; no value out of range or before the first zero. ``None`` if shape or check are wrong."""
        weight, tare = raw[4:10], raw[10:16]
        code, status = raw[1] & 7, raw[2]
        if raw[16] != END or code not in CODES or not _BLANK_OR_DIGIT.issuperset(weight + tare) or max(raw) > 0x7F:
            return None
        if self._size > SIZE and raw[SIZE] != check_byte(raw[:SIZE]):
            return None
        if status & (OUT_OF_RANGE | POWER_UP):
            return Frame((None,), None, None, raw)
        shown = weight.lstrip(b" ")
        if not shown.isdigit():
            return None
        number = Shown(-int(shown) if status & NEGATIVE else int(shown), code - 2)
        return Frame((self._count(number, bool(status & KILOGRAMS)),), None, None, raw)

    def _count(self, number: Shown, kilograms: bool) -> int | None:
        """No value when the kilogram bit contradicts the stated unit."""
        return self._scale.count(number) if kilograms == (self._scale.unit == "kg") else None
