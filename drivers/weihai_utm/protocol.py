"""Answers of Weihai controllers to ``F``: ``F``, seven characters of number, something unknown, ``$``."""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_number

REQUEST = b"F"
START = b"F"
END = b"$"
NUMBER = 7
LONGEST = 48
"""Bytes of the longest answer that is waited for."""


def build_answer(shown: Shown, rest: bytes = b"") -> bytes:
    """An answer with the number in seven characters; raises ValueError if it needs more."""
    text = f"{shown.digits / 10**shown.decimals:0{NUMBER}.{shown.decimals}f}".encode("ascii")
    if len(text) != NUMBER or START in rest or END in rest:
        raise ValueError(f"{shown} does not fit")
    return START + text + rest + END


class AnswerFormat:
    """From ``F`` to ``$``, with no other ``F`` between."""

    start = START

    def __init__(self, scale: ForceScale) -> None:
        self._scale = scale

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Up to the ``$``; 0 where another ``F`` comes first (an echo, a lost end) or it is too far away."""
        end = buffer.find(END, at, at + LONGEST) + 1
        if START in buffer[at + 1 : end or at + LONGEST]:
            return 0
        if not end:
            return None if len(buffer) - at < LONGEST else 0
        return end - at

    def parse(self, raw: bytes) -> Frame | None:
        """The force in counts; ``None`` where the seven characters are no number or anything is not printable."""
        shown = read_number(raw[1 : 1 + NUMBER]) if len(raw) > NUMBER + 1 else None
        if shown is None or not all(0x20 <= byte < 0x7F for byte in raw):
            return None
        return Frame((self._scale.count(shown),), None, None, raw)
