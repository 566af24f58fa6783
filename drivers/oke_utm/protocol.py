"""Answers of OKE universal machine controllers: nine bytes from ``FD``, the force in thousandths in bytes 4 to 6, low byte first.

The request ends with the sum of its other bytes modulo 256; that answers do so too is inferred. Answers of the yield point functions
begin alike and are told by their third byte; they are never asked for and never read as force. The request read as an answer is a
force of zero: a line that echoes cannot be told from a machine without load.
"""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown

START = b"\xfd"
SIZE = 9
REQUEST = bytes.fromhex("fd0711000000000015")
DECIMALS = 3
UNSURE = 0x800000
"""From here on the number may be a negative one: how those look is not known."""
YIELD_ANSWERS = (0xD0, 0xD1, 0xD2, 0xE0, 0xE1, 0xE2)


def build_answer(thousandths: int, function: int = 0x11) -> bytes:
    """An answer with its sum; raises ValueError for a number that the decoder would not trust."""
    if not 0 <= thousandths < UNSURE:
        raise ValueError(f"{thousandths} does not fit")
    body = START + bytes((7, function, 0)) + thousandths.to_bytes(3, "little") + b"\0"
    return body + bytes((sum(body) % 256,))


class AnswerFormat:
    """The nine bytes; ``summed`` says that the last is the sum of the others."""

    start = START

    def __init__(self, scale: ForceScale, *, summed: bool) -> None:
        self._scale = scale
        self._summed = summed

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 9."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The force in counts; no value with the top bit set; ``None`` for a wrong sum or a yield answer."""
        if raw[2] in YIELD_ANSWERS or (self._summed and sum(raw[:-1]) % 256 != raw[-1]):
            return None
        number = int.from_bytes(raw[4:7], "little")
        return Frame((self._scale.count(Shown(number, DECIMALS)) if number < UNSURE else None,), None, None, raw)
