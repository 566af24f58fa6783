"""An evaluation as plain text: every value with what a judge needs to recompute its verdict, in columns that line up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal

from labdesk.domain.evaluation import Evaluation, Value
from labdesk.domain.sentences import Language, say

_COLUMNS = ("piece", "symbol", "reported", "unit", "raw", "limit", "verdict", "clause", "regime")
_RIGHT = ("reported", "raw")
_DIGITS = 12


def evaluation_lines(
    evaluation: Evaluation, warnings: Sequence[str], words: str, orders: Sequence[str], language: Language
) -> Iterator[str]:
    """Method and verdict, a table of values, why a value is missing or special, warnings, the conclusion and what to commission."""
    yield f"{evaluation.method}  {evaluation.rules}  {evaluation.verdict.value}"
    head = [say(f"evaluate_text.{name}", language) for name in _COLUMNS]
    rows = [_cells(value) for value in evaluation.values]
    widths = [max(_width(row[place]) for row in (head, *rows)) for place in range(len(_COLUMNS))]
    yield _line(head, widths)
    for value, row in zip(evaluation.values, rows, strict=True):
        yield _line(row, widths)
        if value.note:
            yield "    " + say(value.note, language)
    yield from (f"- {sentence}" for sentence in warnings)
    if words:
        yield words
    yield from (say("evaluate_text.commission", language, item=item) for item in orders)


def _cells(value: Value) -> list[str]:
    rounded = "-" if value.rounded is None else format(value.rounded, "f")
    return [
        value.subject or "-", value.symbol, rounded, value.unit or "-", _raw(value.raw), value.limit or "-",
        value.verdict.value, value.clause or "-", value.regime or "-",
    ]  # fmt: skip


def _raw(value: Decimal | None) -> str:
    """The unrounded value: all digits of a short one, twelve significant ones of a quotient."""
    if value is None:
        return "-"
    return (
        format(value, "f") if len(value.as_tuple().digits) <= _DIGITS else format(Decimal(f"{value:.{_DIGITS}g}"), "f")
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for name, cell, width in zip(_COLUMNS, cells, widths, strict=True):
        room = " " * (width - _width(cell))
        padded.append(room + cell if name in _RIGHT else cell + room)
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
