"""Values of Mitutoyo tools: 13 characters ``01A · sign · eight characters with a floating point · CR``."""

from __future__ import annotations

import re

from labdesk.devices.driver import Frame

START = b"01A"
END = b"\r"
SIZE = 13
DECIMALS = 5
"""Decimals of a count: the finest the tools show (0.00005 inch), so that a change of the point changes no value."""

_VALUE = re.compile(rb"01A([+-])(?=[0-9.]{8}\r)([0-9]{1,7})\.([0-9]{1,5})\r")


def build_value(digits: int, decimals: int) -> bytes:
    """The frame for ``digits`` x 10^-``decimals``; raises ValueError beyond seven digits or five decimals."""
    if abs(digits) > 9_999_999 or not 1 <= decimals <= DECIMALS:
        raise ValueError(f"{digits} with {decimals} decimals does not fit")
    text = f"{abs(digits):07d}"
    sign = "-" if digits < 0 else "+"
    return START + f"{sign}{text[:-decimals]}.{text[-decimals:]}".encode("ascii") + END


class ValueFormat:
    """Shape of a frame, for the resynchronising decoder."""

    start = START

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 13."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The shown length in counts of 10^-5 units; ``None`` for anything else, like an error message."""
        found = _VALUE.fullmatch(raw)
        if found is None:
            return None
        sign, whole, part = found.groups()
        count = int(whole + part) * 10 ** (DECIMALS - len(part))
        return Frame((-count if sign == b"-" else count,), None, None, raw)
