"""GCL2: the request ``?C`` or ``?`` CR, the answer ``-18.78 lbF`` CR LF: number, space, unit; tension negative.

The unit is missing with "Numeric only"; older gauges write it without the space. ``*10`` is the answer to an illegal command.
"""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_with_unit, written

END = b"\r\n"
REQUESTS = {"?C": b"?C\r", "?": b"?\r"}
UNITS = {"lbf": b"lbF", "ozf": b"ozF", "kg": b"kgF", "g": b"gF", "N": b"N", "kN": b"kN", "mN": b"mN"}
"""How the gauge spells them."""


def build_line(number: Shown, unit: str) -> bytes:
    """The answer with a unit."""
    return written(number).encode("ascii") + b" " + UNITS[unit] + END


class ReadingFormat:
    """Shape of an answer, for the line decoder."""

    terminator = END[-1:]
    max_length = 24

    def __init__(self, scale: ForceScale, sign: int) -> None:
        self._scale = scale
        self._sign = sign

    def parse(self, line: bytes) -> Frame | None:
        """The shown force, in the unit on the wire or, without one, in the stated one; ``None`` for anything else."""
        reading = read_with_unit(line[: -len(END)])
        if reading is None or not line.endswith(END):
            return None
        (digits, decimals), unit = reading
        return Frame((self._scale.count(Shown(self._sign * digits, decimals), unit),), None, None, line)
