"""Measured values of the AED: an integer scaled by NOV, in one of three output formats.

======= ===== =================================================================================
format  bytes layout
======= ===== =================================================================================
COF3    10    sign and seven digits, CR LF
COF9    17    sign and seven digits, ``,``, address (2), ``,``, status (3 digits), CR LF
COF0    6     value in three bytes (two's complement, high byte first), 00, CR LF
======= ===== =================================================================================

Status bits: 0 net overflow, 1 gross overflow, 2 converter overdriven, 3 standstill, 6 and 7 values not coherent. With any of
them but standstill the frame has no value. CR LF may stand inside a binary value; the constant 00 before the end tells: three bytes
``00 0D 0A`` that are not an end are a whole value of 3338, and whoever reads from there on reads that same value.
"""

from __future__ import annotations

import re

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown

END = b"\r\n"
BINARY_END = b"\x00\r\n"
BINARY_SIZE = 6
NO_VALUE = 0b1100_0111
"""Status bits that forbid the value; bits 4 and 5 are not documented and forbid it too, see :func:`has_value`."""
UNKNOWN = 0b0011_0000
LARGEST = 0x7FFFFF

_COF3 = re.compile(rb"([+\- ][0-9]{7})\r\n")
_COF9 = re.compile(rb"([+\- ][0-9]{7}),([0-9]{2}),([0-9]{3})\r\n")


def has_value(status: int) -> bool:
    """Whether a measured value status says that the number may be used."""
    return status & (NO_VALUE | UNKNOWN) == 0


def text_value(digits: int) -> bytes:
    """The eight characters of a value; raises ValueError beyond seven digits."""
    if abs(digits) > 9_999_999:
        raise ValueError(f"{digits} does not fit")
    return b"%c%07d" % (b"-" if digits < 0 else b"+", abs(digits))


def build_cof3(digits: int) -> bytes:
    """One value as COF3 sends it."""
    return text_value(digits) + END


def build_cof9(digits: int, status: int = 0, address: int = 31) -> bytes:
    """One value with address and status as COF9 sends it."""
    return text_value(digits) + b",%02d,%03d" % (address, status) + END


def build_cof0(digits: int) -> bytes:
    """One value as COF0 sends it; raises ValueError beyond three bytes."""
    if not -LARGEST - 1 <= digits <= LARGEST:
        raise ValueError(f"{digits} does not fit")
    return digits.to_bytes(3, "big", signed=True) + BINARY_END


class TextFormat:
    """Lines of COF3 or COF9, whichever ``status`` says."""

    terminator = END[1:]
    anchored = True

    def __init__(self, scale: ForceScale, decimals: int, *, status: bool) -> None:
        self.max_length = 17 if status else 10
        self._shape = _COF9 if status else _COF3
        self._scale = scale
        self._decimals = decimals

    def parse(self, line: bytes) -> Frame | None:
        """The value in counts; no value when the status forbids it; ``None`` for anything else, like the answer ``0`` to a command."""
        found = self._shape.fullmatch(line)
        if found is None:
            return None
        if found.lastindex == 3 and (int(found[3]) > 255 or not has_value(int(found[3]))):
            return Frame((None,), None, None, line)
        return Frame((self._scale.count(Shown(int(found[1]), self._decimals)),), None, None, line)


class BinaryFormat:
    """Frames of COF0."""

    start = b""

    def __init__(self, scale: ForceScale, decimals: int) -> None:
        self._scale = scale
        self._decimals = decimals

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 6; 0 where the end does not stand in its place."""
        if len(buffer) < at + BINARY_SIZE:
            return None
        return BINARY_SIZE if buffer[at + 3 : at + BINARY_SIZE] == BINARY_END else 0

    def parse(self, raw: bytes) -> Frame | None:
        """The value in counts; the two ends of the range are an overload, not a value."""
        digits = int.from_bytes(raw[:3], "big", signed=True)
        if digits in (LARGEST, -LARGEST - 1):
            return Frame((None,), None, None, raw)
        return Frame((self._scale.count(Shown(digits, self._decimals)),), None, None, raw)
