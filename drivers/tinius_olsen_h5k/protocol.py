"""Answers of the H5K: a signed number and CR for each of ``RL`` (load counts), ``RP`` (travel, 0.001 mm), ``RC`` (load cell code).

The answers look alike, so a lost one would turn travel into load. Each frame is therefore ``code CR load CR travel CR code CR``, asked
by ``RC RL RP RC``: the code of the stated cell fences it, and a load or travel that equals the code is refused because it could be one.
"""

from __future__ import annotations

from decimal import Decimal

from labdesk.devices.driver import Frame

END = b"\r"
REQUESTS = (b"RC\r", b"RL\r", b"RP\r", b"RC\r")
FULL_SCALE = 30_000
OVERLOAD = FULL_SCALE * 11 // 10
"""Counts beyond 110 % of the range are no load that the cell can measure."""
DIGITS = 7
"""Digits of the longest answer that is taken."""
CELLS = {
    "5 N": (5, Decimal("0.005")),
    "1 kN": (49, Decimal(1)),
    "5 kN": (53, Decimal(5)),
    "10 kN": (65, Decimal(10)),
    "50 kN": (69, Decimal(50)),
    "100 kN": (81, Decimal(100)),
    "250 kN": (83, Decimal(250)),
}
"""Code and range in kN of the load cells that are documented."""


def quantum_kn(cell: str) -> Decimal:
    """Kilonewtons of one count, to 18 decimals."""
    return (CELLS[cell][1] / FULL_SCALE).quantize(Decimal("1E-18"))


def build_answers(code: int, load: int, travel: int) -> bytes:
    """The four answers of one frame; raises ValueError where a number would be taken for the code or is too long."""
    if code in (load, travel) or max(abs(load), abs(travel)) >= 10**DIGITS:
        raise ValueError(f"{load}, {travel} cannot be told")
    return b"%d\r%d\r%d\r%d\r" % (code, load, travel, code)


class FencedFormat:
    """Frames of one load cell."""

    def __init__(self, code: int) -> None:
        self._code = code
        self.start = b"%d\r" % code
        self._longest = 2 * len(self.start) + 2 * (DIGITS + 2)

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Up to the fourth CR; ``None`` while it may still come, 0 when it is too far away."""
        end = at
        for _ in range(4):
            end = buffer.find(END, end) + 1
            if end == 0:
                return None if len(buffer) - at < self._longest else 0
        return end - at if end - at <= self._longest else 0

    def parse(self, raw: bytes) -> Frame | None:
        """Load and travel in counts; a load beyond the cell is no value; ``None`` unless fenced by the code on both sides."""
        *answers, _ = raw.split(END)
        first, load, travel, last = (read_count(answer) for answer in answers)
        if first != self._code or last != self._code or load in (None, self._code) or travel in (None, self._code):
            return None
        return Frame((within_cell(load), travel), None, None, raw)


def within_cell(load: int | None) -> int | None:
    """The load; ``None`` beyond what the cell can measure."""
    return load if load is not None and abs(load) <= OVERLOAD else None


def read_count(answer: bytes) -> int | None:
    """The number in an answer without its CR; ``None`` if it is none."""
    digits = answer[1:] if answer[:1] in (b"-", b"+") else answer
    return int(answer) if digits.isdigit() and len(digits) <= DIGITS else None
