"""The request ``?`` without an end, the answer a line with the displayed reading; ``xxxx`` from a cell that is not calibrated.

The exact text of a reading is not in the pages read: a number alone, or a number and a force unit, is taken, everything else refused.
"""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_with_unit, written

REQUEST = b"?"
ENDS = {"crlf": b"\r\n", "cr": b"\r", "lf": b"\n"}
NOT_CALIBRATED = b"xxxx"


def build_line(number: Shown, unit: str, end: bytes) -> bytes:
    """An answer with a unit."""
    return f"{written(number)} {unit}".encode("ascii") + end


class ReadingFormat:
    """Shape of an answer, for the line decoder."""

    max_length = 24

    def __init__(self, scale: ForceScale, end: bytes, sign: int) -> None:
        self._scale = scale
        self._end = end
        self._sign = sign
        self.terminator = end[-1:]

    def parse(self, line: bytes) -> Frame | None:
        """The displayed force; no value from a cell that is not calibrated; ``None`` for anything else."""
        text = line[: -len(self._end)]
        if not line.endswith(self._end):
            return None
        if text == NOT_CALIBRATED:
            return Frame((None,), None, None, line)
        reading = read_with_unit(text.strip(b" "))
        if reading is None:
            return None
        (digits, decimals), unit = reading
        return Frame((self._scale.count(Shown(self._sign * digits, decimals), unit),), None, None, line)
