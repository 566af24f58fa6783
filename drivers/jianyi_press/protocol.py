"""Answers of Jianyi controllers to their poll: first byte 01, sixth byte 04, then the force in tenths, high byte first.

The poll looks like Modbus and its tail ``01 16`` is not Modbus' CRC (that would be ``94 0E``): a Modbus library cannot talk to it.
Answers have at least eight bytes; what follows is unknown and skipped. No check is known.
"""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown

REQUEST = bytes.fromhex("0103001100020116")
START = b"\x01"
MARK_AT, MARK = 5, 4
SIZE = 8
DECIMALS = 1
UNSURE = 0x8000
"""From here on the number may be a negative one: how those look is not known."""


def build_answer(tenths: int, between: bytes = b"\x03\x00\x11\x00") -> bytes:
    """An answer; raises ValueError for a number that the decoder would not trust."""
    if not 0 <= tenths < UNSURE or len(between) != MARK_AT - 1:
        raise ValueError(f"{tenths} does not fit")
    return START + between + bytes((MARK,)) + tenths.to_bytes(2, "big")


class AnswerFormat:
    """The eight known bytes."""

    start = START

    def __init__(self, scale: ForceScale) -> None:
        self._scale = scale

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 8."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The force in counts; no value with the top bit set; ``None`` without the mark, like the echo of the poll."""
        if raw[MARK_AT] != MARK:
            return None
        tenths = int.from_bytes(raw[6:8], "big")
        return Frame((self._scale.count(Shown(tenths, DECIMALS)) if tenths < UNSURE else None,), None, None, raw)
