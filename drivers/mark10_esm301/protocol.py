"""The request ``n``, the answer two lines: ``2.500 lbF`` and ``0.125 in``, each with CR LF.

The maker's guides name the command but, in the pages read, not its answer; the two lines come from a public driver. The unit of the travel
must be there: it is what tells the second line from the first.
"""

from __future__ import annotations

import re

from labdesk.devices.driver import Frame, FrameCounters
from labdesk.devices.shown import ForceScale, Shown, read_number, read_with_unit, written

REQUEST = b"n"
END = b"\r\n"
LONGEST = 32
COUNTS_PER_UNIT = {b"mm": 100_000, b"in": 2_540_000}
"""A count of travel is 10 nm."""
UNITS = {"lbf": b"lbF", "ozf": b"ozF", "kg": b"kgF", "g": b"gF", "N": b"N", "kN": b"kN", "mN": b"mN"}
_TRAVEL = re.compile(rb"([+-]?[0-9.]+) ?(mm|in)\r\n")


def build_answer(force: Shown, unit: str, travel: Shown) -> bytes:
    """The two lines, travel in millimetres."""
    lines = (written(force).encode("ascii") + b" " + UNITS[unit], written(travel).encode("ascii") + b" mm")
    return END.join((*lines, b""))


def travel_count(line: bytes) -> int | None:
    """The travel in counts; ``None`` if this is no line of travel, or finer than a count."""
    found = _TRAVEL.fullmatch(line)
    number = read_number(found[1]) if found is not None else None
    if found is None or number is None:
        return None
    count, rest = divmod(number.digits * COUNTS_PER_UNIT[found[2]], 10**number.decimals)
    return None if rest else count


class PairDecoder:
    """A line of force directly followed by a line of travel is a frame; any other line is bad.

    The first line after the port was opened is given up: it may have lost its beginning.
    """

    def __init__(self, scale: ForceScale, sign: int) -> None:
        self.counters = FrameCounters()
        self._scale = scale
        self._sign = sign
        self._buffer = bytearray()
        self._force_line = b""
        self._dropped = 0
        self._began = False

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``."""
        self._buffer += data
        *lines, rest = bytes(self._buffer).split(END[-1:])
        frames = [frame for line in lines if (frame := self._line(line + END[-1:])) is not None]
        surplus = max(0, len(rest) - LONGEST)
        self._buffer = bytearray(rest[surplus:])
        self._dropped += surplus
        self.counters.skipped_bytes += surplus
        self.counters.good += len(frames)
        return frames

    def flush(self) -> None:
        """Gives up what is unfinished; the next line may have lost its beginning."""
        self.counters.skipped_bytes += len(self._buffer) + len(self._force_line)
        self._buffer.clear()
        self._force_line, self._dropped, self._began = b"", 0, False

    def begin(self) -> None:
        """Who knows that the next byte begins a line says so before the first one is fed."""
        self._began = True

    def _line(self, line: bytes) -> Frame | None:
        whole = self._began and self._dropped + len(line) <= LONGEST
        self._began, self._dropped = True, 0
        waiting, self._force_line = self._force_line, b""
        travel = travel_count(line) if whole and waiting else None
        if travel is not None:
            return Frame((self._force(waiting), travel), None, None, waiting + line)
        if waiting:
            self._refuse(waiting)
        if whole and line.endswith(END) and read_with_unit(line[: -len(END)]) is not None:
            self._force_line = line
        else:
            self._refuse(line)
        return None

    def _force(self, line: bytes) -> int | None:
        reading = read_with_unit(line[: -len(END)])
        if reading is None:
            return None
        (digits, decimals), unit = reading
        return self._scale.count(Shown(self._sign * digits, decimals), unit)

    def _refuse(self, line: bytes) -> None:
        self.counters.skipped_bytes += len(line)
        self.counters.bad += 1
