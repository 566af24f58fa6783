"""The request ``9``, the answer seven characters without start or end: direction (0 press, 1 pull), then five digits and a point.

Only the place of the point tells a whole answer from a shifted one; it stays as long as nobody changes unit or range, and the site states
it. A lost decimal lets the next answer's direction in as the last digit: that one value is wrong in its decimals, the broken answer
behind it is counted as bad.
"""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, written

REQUEST = b"9"
SIZE = 7
CHARACTERS = 6
PRESS, PULL = b"0", b"1"


def build_answer(number: Shown) -> bytes:
    """The answer for a pulling (positive) or pressing force; raises ValueError beyond five digits."""
    text = written(number).lstrip("-").zfill(CHARACTERS)
    if len(text) > CHARACTERS or not number.decimals:
        raise ValueError(f"{text} does not fit")
    return (PRESS if number.digits < 0 else PULL) + text.encode("ascii")


def read_answer(raw: bytes, decimals: int) -> Shown | None:
    """The force, pulling positive; ``None`` for another direction, another place of the point or anything but digits."""
    whole, point, part = raw[1:].partition(b".")
    if raw[:1] not in (PRESS, PULL) or not point or len(part) != decimals or not (whole + part).isdigit():
        return None
    digits = int(whole + part)
    return Shown(digits if raw[:1] == PULL else -digits, decimals)


class AnswerFormat:
    """Shape of an answer, for the resynchronising decoder."""

    start = b""

    def __init__(self, scale: ForceScale, decimals: int, pulling: int) -> None:
        self._scale = scale
        self._decimals = decimals
        self._pulling = pulling

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 7."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The shown force with the stated sign; ``None`` if this is no answer."""
        number = read_answer(raw, self._decimals)
        if number is None:
            return None
        return Frame((self._scale.count(Shown(self._pulling * number.digits, number.decimals)),), None, None, raw)
