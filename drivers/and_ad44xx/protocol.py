"""A&D data format: ``ST,NT,+0012.34kg`` and the end of the line; status, kind, eight characters of number, two or three of unit.

Out of range the digits are blank. The sign may be followed by blanks, as some indicators that copy the format do.
"""

from __future__ import annotations

import re

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_number, read_unit, written

ENDS = {"crlf": b"\r\n", "cr": b"\r"}
DIGITS = 7
_LINE = re.compile(rb"(ST|US|OL|LO|HD),(GS|NT|TR|PT),([ +-][ 0-9.]{7})([ a-zA-Z]{2,3})")
_MEASURED = (b"ST", b"US")
_FORCES = (b"GS", b"NT")


def build_line(status: bytes, number: Shown, unit: bytes, end: bytes = ENDS["crlf"]) -> bytes:
    """The line of a gross value; raises ValueError beyond seven characters."""
    text = written(number).lstrip("-").zfill(DIGITS)
    if len(text) > DIGITS:
        raise ValueError(f"{text} does not fit")
    sign = b"-" if number.digits < 0 else b"+"
    return status + b",GS," + sign + text.encode("ascii") + unit.rjust(2) + end


class StreamFormat:
    """Shape of a line, for the line decoder."""

    anchored = True

    def __init__(self, scale: ForceScale, end: bytes) -> None:
        self._scale = scale
        self._end = end
        self.terminator = end[-1:]
        self.max_length = 17 + len(end)

    def parse(self, line: bytes) -> Frame | None:
        """The shown gross or net value; no value out of range, held, for a tare or in a unit of another family."""
        found = _LINE.fullmatch(line[: -len(self._end)])
        if found is None or not line.endswith(self._end):
            return None
        status, kind, text, unit_text = found.groups()
        if status not in _MEASURED or kind not in _FORCES:
            return Frame((None,), None, None, line)
        number, unit = read_number(text), read_unit(unit_text)
        if number is None or unit is None:
            return None
        return Frame((self._scale.count(number, unit),), None, None, line)
