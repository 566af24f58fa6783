"""Answers of the LX to ``R``, ended by its prompt ``:``.

A sign and five digits without point, or ``*`` while it is busy, or ``1`` when the reading is invalid. ``?`` says that a command was
not understood. Line ends before the prompt, and the echo of the command, are allowed for.
"""

from __future__ import annotations

import re

from labdesk.devices.driver import Frame

PROMPT = b":"
REQUEST = b"R\r"
BUSY = b"*"
INVALID = b"1"

_ANSWER = re.compile(rb"(?:R\r\n?)?[\r\n]{0,2}(?:([+-][0-9]{5})|[*1])[\r\n]{0,2}:")


def build_answer(count: int) -> bytes:
    """The answer for ``count`` of the display's last place; raises ValueError beyond five digits."""
    if abs(count) > 99_999:
        raise ValueError(f"{count} does not fit")
    return b"%c%05d\r\n" % (b"-" if count < 0 else b"+", abs(count)) + PROMPT


class LxFormat:
    """Answers, told by their prompt; of whole ones the sign or a lone mark is the beginning."""

    terminator = PROMPT
    anchored = True
    max_length = 16

    def parse(self, line: bytes) -> Frame | None:
        """The displacement in counts of the last place; no value while busy or invalid; ``None`` for anything else."""
        found = _ANSWER.fullmatch(line)
        return None if found is None else Frame((int(found[1]) if found[1] else None,), None, None, line)
