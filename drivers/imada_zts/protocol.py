"""Lines of the ZTS, ended by CR.

A measured value has its number in characters 2 to 7 (sign, digits and the point) and the place of its unit in the gauge's list of six
in character 16; the characters between and behind are not documented. The list comes as the answer to ``XFC``: ``XFC`` and six codes
of two digits.
"""

from __future__ import annotations

import re

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_number

END = b"\r"
UNIT_CODES = {"01": "mN", "02": "N", "03": "kN", "07": "g", "08": "kg", "10": "ozf", "11": "lbf", "12": "klbf"}
"""Codes of force units; the others are masses, torques and none."""
LIST_SIZE = 6

_VALUE = re.compile(rb"[!-~]([+-][0-9.]{5})[ -~]{8}([0-5])[ -~]{0,8}\r")
_UNITS = re.compile(rb"XFC([0-9]{12})[ -~]{0,16}\r")


def build_value(shown: Shown, unit_place: int) -> bytes:
    """A line with the number in six characters; raises ValueError if it needs more."""
    digits = f"{abs(shown.digits):0{4 if shown.decimals else 5}d}"
    point = len(digits) - shown.decimals
    text = f"{digits[:point]}.{digits[point:]}" if shown.decimals else digits
    if len(text) != 5 or point < 1:
        raise ValueError(f"{shown} does not fit")
    return f"r{'-' if shown.digits < 0 else '+'}{text}{'0' * 8}{unit_place}".encode("ascii") + END


def build_units(codes: tuple[str, ...]) -> bytes:
    """The answer to ``XFC``."""
    return b"XFC" + "".join(codes).encode("ascii") + END


class ZtsFormat:
    """Values in counts of ``scale``; remembers the unit list when it goes by."""

    terminator = END
    anchored = True
    max_length = 32

    def __init__(self, scale: ForceScale) -> None:
        self._scale = scale
        self._units: tuple[str, ...] = ()

    def parse(self, line: bytes) -> Frame | None:
        """The value; no value in another unit than the stated one; ``None`` for a line that is none."""
        units = _UNITS.fullmatch(line)
        if units is not None:
            codes = units[1].decode("ascii")
            self._units = tuple(codes[at : at + 2] for at in range(0, 2 * LIST_SIZE, 2))
            return None
        found = _VALUE.fullmatch(line)
        shown = read_number(found[1]) if found is not None else None
        if found is None or shown is None:
            return None
        return Frame((self._count(shown, int(found[2])),), None, None, line)

    def _count(self, shown: Shown, place: int) -> int | None:
        if not self._units:
            return self._scale.count(shown)
        # Not converted: a wrong character in the list would otherwise scale a whole run.
        return self._scale.count(shown) if UNIT_CODES.get(self._units[place]) == self._scale.unit else None
