"""The request ``D`` or ``DATN`` CR, the answer a line with the reading; ``OK``, ``ERRO`` and ``ERR1`` to ``ERR7`` answer other commands.

The exact text of a reading is not in the pages read: a number alone, or a number and a force unit, is taken, everything else refused.
"""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_with_unit, written

REQUESTS = {"D": b"D\r", "DATN": b"DATN\r"}
ENDS = {"cr": b"\r", "crlf": b"\r\n"}


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
        """The force; ``None`` for an acknowledgement, an error and anything else."""
        reading = read_with_unit(line[: -len(self._end)].strip(b" "))
        if reading is None or not line.endswith(self._end):
            return None
        (digits, decimals), unit = reading
        return Frame((self._scale.count(Shown(self._sign * digits, decimals), unit),), None, None, line)
