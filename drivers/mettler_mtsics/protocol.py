"""MT-SICS: the request ``SI`` CR LF, the answer ``S S ····100.00 g`` CR LF (S stable, D dynamic, I busy, + and - out of range)."""

from __future__ import annotations

import re

from labdesk.devices.driver import Frame
from labdesk.devices.shown import Shown, read_number, written

END = b"\r\n"
REQUEST = b"SI" + END
CHARACTERS = 10
COUNTS_PER_UNIT = {b"g": 10**6, b"kg": 10**9, b"mg": 10**3}
"""A count is a microgram."""
_LINE = re.compile(rb"S (?:[SD] ([ 0-9.+-]{10}) (kg|mg|g)|[I+-])\r\n")


def build_answer(number: Shown, stable: bool = True, unit: bytes = b"g") -> bytes:
    """The answer with a value; raises ValueError beyond ten characters."""
    text = written(number).rjust(CHARACTERS)
    if len(text) > CHARACTERS:
        raise ValueError(f"{text} does not fit")
    return (b"S S " if stable else b"S D ") + text.encode("ascii") + b" " + unit + END


class AnswerFormat:
    """Shape of an answer, for the line decoder."""

    terminator = END[-1:]
    max_length = 19
    anchored = True

    def parse(self, line: bytes) -> Frame | None:
        """The mass in micrograms; no value while busy or out of range; ``None`` for anything else, as an error ``ES``."""
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        if found[1] is None:
            return Frame((None,), None, None, line)
        number = read_number(found[1])
        if number is None:
            return None
        count, rest = divmod(number.digits * COUNTS_PER_UNIT[found[2]], 10**number.decimals)
        return Frame((None if rest else count,), None, None, line)
