"""The curve encodings that Chinese platforms store and exchange, recognised by what they look like.

============  =============================================================================================
``A``         a stream of four-digit hexadecimal samples, 0.1 s apart, y = A + B x raw, negatives cut to 0
``B``         tab-separated, two lines of heading, the last line left out; column 1 the load, column 4 the time
``I``, ``D``  lines ``time#value``, the last line left out
``create``    four lines, then ``time value`` up to ``stop``
``special``   ``;``-separated records, every second one ``time,value,...``
============  =============================================================================================

None of them prints a unit: both units are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.services.imports.cells import number
from labdesk.services.imports.settings import Answers

_HEX = re.compile(r"^(?:[0-9A-Fa-f]{4}){4,}$")
_PAIR = re.compile(r"^\s*([+\-]?[\d.,]+(?:[eE][+\-]?\d+)?)\s*#\s*([+\-]?[\d.,]+(?:[eE][+\-]?\d+)?)\s*$")
_PERIOD = Decimal("0.1")
NAMES = {"a": "A", "b": "B", "i": "I", "d": "D", "create": "create", "special": "special", "table": "table"}


@dataclass(frozen=True)
class Decoded:
    """Times and values as written; ``times_in_s`` where the encoding itself fixes the period."""

    layout: str
    times: list[Decimal]
    values: list[Decimal]
    times_in_s: bool
    remarks: tuple[Remark, ...] = ()


def recognise(text: str) -> str:
    """The letter of the encoding, or empty where the text is none of them."""
    squeezed = re.sub(r"\s+", "", text)
    if _HEX.match(squeezed) and (re.search(r"[A-Fa-f]", squeezed) or squeezed.startswith("000")) and "," not in text:
        return "A"
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 2 and sum(bool(_PAIR.match(line)) for line in lines) >= len(lines) - 1:
        return "I"
    if any(line.strip().lower() == "stop" for line in lines) and "create" in text.lower():
        return "create"
    if text.count(";") > 4 and len(lines) <= 4 and _special(text):
        return "special"
    rows = text.rstrip().splitlines()
    if len(rows) > 4 and all(line.count("\t") >= 3 for line in rows[2:-1]):
        body = [line.split("\t") for line in rows[2:-1]]
        loads, times = [number(row[0], ".") for row in body], [number(row[3], ".") for row in body]
        rising = all(a is not None and b is not None and a <= b for a, b in pairwise(times))
        return "B" if rising and None not in loads and None not in times else ""
    return ""


def decode_curve(text: str, layout: str, answers: Answers) -> Decoded:
    """Times and values of a text in ``layout``.

    Raises:
        OperatorError: ``import.ask_gain``, ``import.not_this_encoding``.
    """
    if layout == "A":
        return _stream(text, answers)
    lines = [line for line in text.splitlines() if line.strip()]
    pairs: Sequence[tuple[Decimal | None, Decimal | None]]
    if layout == "B":
        cells = [line.split("\t") for line in text.rstrip().splitlines()[2:-1]]
        pairs = [(number(row[3], "."), number(row[0], ".")) for row in cells if len(row) > 3]
    elif layout in ("I", "D"):
        matches = [_PAIR.match(line) for line in lines[:-1]]
        pairs = [(number(m.group(1), "."), number(m.group(2), ".")) for m in matches if m]
    elif layout == "create":
        end = next((at for at, line in enumerate(lines) if line.strip().lower() == "stop"), len(lines))
        cells = [line.split() for line in lines[4:end]]
        pairs = [(number(row[0], "."), number(row[1], ".")) for row in cells if len(row) > 1]
    else:
        pairs = _special(text)
    times = [time for time, value in pairs if time is not None and value is not None]
    values = [value for time, value in pairs if time is not None and value is not None]
    if len(times) < 2:
        raise OperatorError("import.not_this_encoding", layout=layout)
    return Decoded(layout, times, values, times_in_s=False)


def _stream(text: str, answers: Answers) -> Decoded:
    squeezed = re.sub(r"\s+", "", text)
    if not _HEX.match(squeezed):
        raise OperatorError("import.not_this_encoding", layout="A")
    offset, gain = answers.number("curve_a"), answers.number("curve_b")
    if offset is None or gain is None:
        raise OperatorError("import.ask_gain")
    raw = [int(squeezed[at : at + 4], 16) for at in range(0, len(squeezed), 4)]
    exact = [offset + gain * count for count in raw]
    below = sum(value < 0 for value in exact)
    remarks = (Remark("import.cut_to_zero", {"count": str(below)}),) if below else ()
    values = [max(value, Decimal(0)) for value in exact]
    return Decoded("A", [_PERIOD * index for index in range(len(values))], values, times_in_s=True, remarks=remarks)


def _special(text: str) -> list[tuple[Decimal | None, Decimal | None]]:
    """Every second record that holds ``time,value``; whether the first or the second begins is seen from the records."""
    records = [record.strip() for record in re.sub(r"[\r\n]+", ";", text).split(";") if record.strip()]
    for start in (1, 0):
        chosen = [record.split(",") for record in records[start::2]]
        pairs = [(number(row[0], "."), number(row[1], ".")) for row in chosen if len(row) > 1]
        if len(pairs) > 1 and len(pairs) == len(chosen) and all(None not in pair for pair in pairs):
            times = [time for time, _ in pairs if time is not None]
            if all(a <= b for a, b in pairwise(times)):
                return pairs
    return []
