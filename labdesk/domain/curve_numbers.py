"""Plain decimal numbers out of text as whole counts, all cells of a column at once: exact, or not at all.

A cell is plain where it is a sign, at most 18 digits with one mark among them, and perhaps an exponent; blanks count for nothing.
Whoever gets ``None`` reads cell by cell with :class:`~decimal.Decimal` and can say what is wrong and where.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

LARGEST_COUNT = 2**62
FINEST_EXPONENT = -18
_CHUNK = 1 << 15
_MOST_DIGITS = 18
_LONGEST = 40
_MARK, _MINUS, _PLUS, _BLANK, _OTHER = 10, 11, 12, 14, 15
_POWERS = 10 ** np.arange(19, dtype=np.int64)
_TEXT = NDArray[np.uint8]


@dataclass(frozen=True)
class Plain:
    """Numbers as whole counts of ``10 ** exponent``; the exponent is that of the last place printed in any of them."""

    counts: Counts
    exponent: int


def plain_numbers(texts: Sequence[str]) -> Plain | None:
    """The numbers printed in ``texts``, ``None`` where one of them is not plain."""
    found = plain_columns(texts, "\n", [0], ".")
    return found[0] if found is not None else None


def plain_columns(lines: Sequence[str], delimiter: str, places: Sequence[int], mark: str) -> list[Plain] | None:
    """The columns at ``places`` of lines that all have as many cells, ``None`` where one cell of them is not plain."""
    try:
        text = np.frombuffer(("\n".join(lines) + "\n").encode("ascii"), dtype=np.uint8)
    except UnicodeEncodeError:
        return None
    marks = np.flatnonzero((text == ord(delimiter)) | (text == ord("\n")))
    if not lines or marks.size % len(lines):
        return None
    ends: NDArray[np.intp] = marks.reshape(len(lines), -1)
    if (text[ends[:, -1]] != ord("\n")).any() or (text[ends[:, :-1]] == ord("\n")).any():
        return None
    if max(places, default=0) >= ends.shape[1]:
        return None
    begins = np.concatenate(([0], marks[:-1] + 1)).reshape(ends.shape)
    found = []
    for place in places:
        column = _column(text, begins[:, place], ends[:, place], mark)
        if column is None:
            return None
        found.append(column)
    return found


def _column(text: _TEXT, begins: Counts, ends: Counts, mark: str) -> Plain | None:
    classes = _classes(mark)
    read = []
    for first in range(0, begins.size, _CHUNK):
        part = _cells(text, begins[first : first + _CHUNK], ends[first : first + _CHUNK], classes)
        if part is None:
            return None
        read.append(part)
    values, exponents = (np.concatenate(parts) for parts in zip(*read, strict=True))
    exponent = int(exponents.min())
    shift = exponents - exponent
    if exponent < FINEST_EXPONENT or int(shift.max()) >= _POWERS.size:
        return None
    if float((np.abs(values) * 10.0**shift).max()) >= 0.99 * LARGEST_COUNT:
        return None
    return Plain(values * _POWERS[shift], exponent)


def _classes(mark: str) -> _TEXT:
    """What each byte is: a digit its value, else a mark, a sign, a blank or anything other."""
    classes = np.full(256, _OTHER, dtype=np.uint8)
    classes[ord("0") : ord("9") + 1] = np.arange(10)
    for byte, kind in ((mark, _MARK), ("-", _MINUS), ("+", _PLUS), (" ", _BLANK)):
        classes[ord(byte)] = kind
    return classes


def _cells(text: _TEXT, begins: Counts, ends: Counts, classes: _TEXT) -> tuple[Counts, Counts] | None:
    """Whole number and power of ten of each cell."""
    longest = int((ends - begins).max())
    if longest > _LONGEST:
        return None
    places = begins + np.arange(longest)[:, None]
    letters = text[np.minimum(places, text.size - 1)]
    inside = places < ends
    raised = ((letters | 0x20) == ord("e")) & inside
    kinds = np.where(inside, classes[letters], _BLANK)
    if not raised.any():
        found = _whole(kinds)
        return None if found is None else (found[0], -found[1])
    after = np.logical_or.accumulate(raised, axis=0)
    has = after[-1]
    mantissa = _whole(np.where(after, _BLANK, kinds))
    kinds = np.where(after & ~(raised & (np.cumsum(raised, axis=0) == 1)), kinds, _BLANK)
    kinds[0, ~has] = 0
    power = _whole(kinds)
    if mantissa is None or power is None or power[1].any() or (kinds == _MARK).any():
        return None
    return mantissa[0], power[0] - mantissa[1]


def _whole(kinds: _TEXT) -> tuple[Counts, Counts] | None:
    """The digits of each column of ``kinds`` as one whole number with its sign, and how many of them stand after the mark."""
    cells = kinds.shape[1]
    value, digits, after = (np.zeros(cells, dtype=np.int64) for _ in range(3))
    marked, signed, negative, bad = (np.zeros(cells, dtype=np.bool_) for _ in range(4))
    for kind in kinds:
        digit = kind < 10
        value = np.where(digit, value * 10 + kind, value)
        digits += digit
        after += digit & marked
        mark, minus = kind == _MARK, kind == _MINUS
        sign = minus | (kind == _PLUS)
        bad |= (kind == _OTHER) | (mark & marked) | (sign & (signed | marked | (digits > 0)))
        marked, signed, negative = marked | mark, signed | sign, negative | minus
    if bad.any() or (digits == 0).any() or (digits > _MOST_DIGITS).any():
        return None
    return np.where(negative, -value, value), after
