"""Answers of OKE press controllers: eleven bytes from ``A5``, the force in hundredths in bytes 7 to 9, high byte first.

That the last byte is ``5A`` is inferred from the request, which begins and ends so. The request read as an answer is a force of zero:
a line that echoes cannot be told from a machine without load.
"""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown

START = b"\xa5"
END = 0x5A
SIZE = 11
REQUEST = bytes.fromhex("a50000000004000000005a")
DECIMALS = 2
UNSURE = 0x800000
"""From here on the number may be a negative one: how those look is not known."""


def build_answer(hundredths: int, end: int = END) -> bytes:
    """An answer; raises ValueError for a number that the decoder would not trust."""
    if not 0 <= hundredths < UNSURE:
        raise ValueError(f"{hundredths} does not fit")
    return START + bytes(6) + hundredths.to_bytes(3, "big") + bytes((end,))


class AnswerFormat:
    """The eleven bytes; ``any_end`` takes them whatever the last one is."""

    start = START

    def __init__(self, scale: ForceScale, *, any_end: bool) -> None:
        self._scale = scale
        self._any_end = any_end

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 11."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The force in counts; no value with the top bit set; ``None`` for a wrong end."""
        if raw[-1] != END and not self._any_end:
            return None
        number = int.from_bytes(raw[7:10], "big")
        return Frame((self._scale.count(Shown(number, DECIMALS)) if number < UNSURE else None,), None, None, raw)
