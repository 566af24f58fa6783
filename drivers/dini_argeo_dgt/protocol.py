"""Standard string: ``[01]ST,GS,·····0.0,kg`` CR LF; the code of the instrument in front only on RS-485.

The manuals print the code in brackets as one marks what may be missing; digits with and without brackets are taken.
"""

from __future__ import annotations

import re

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_number, read_unit, written

END = b"\r\n"
CHARACTERS = 8
_LINE = re.compile(rb"(?:\[[0-9]{2}\]|[0-9]{2})?(ST|US|OL|UL|TL),(GS|NT),([ 0-9.-]{8}),([ a-zA-Z]{1,3})\r\n")
_MEASURED = (b"ST", b"US")


def build_line(status: bytes, number: Shown, unit: bytes, code: bytes = b"") -> bytes:
    """The line of a gross value; raises ValueError beyond eight characters."""
    text = written(number).rjust(CHARACTERS)
    if len(text) > CHARACTERS:
        raise ValueError(f"{text} does not fit")
    return code + status + b",GS," + text.encode("ascii") + b"," + unit.rjust(2) + END


class StringFormat:
    """Shape of a line, for the line decoder."""

    terminator = END[-1:]
    max_length = 4 + 2 + 1 + 2 + 1 + CHARACTERS + 1 + 3 + 2
    anchored = True

    def __init__(self, scale: ForceScale) -> None:
        self._scale = scale

    def parse(self, line: bytes) -> Frame | None:
        """The shown value; none in overload, underload or tilted, nor in a unit of another family."""
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        status, _, text, unit_text = found.groups()
        if status not in _MEASURED:
            return Frame((None,), None, None, line)
        number, unit = read_number(text), read_unit(unit_text)
        if number is None or unit is None:
            return None
        return Frame((self._scale.count(number, unit),), None, None, line)
