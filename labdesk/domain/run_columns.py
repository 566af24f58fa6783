"""Columns of counts as few bytes: first value and differences in the smallest width that fits, laid out plane by plane, deflated.

The low bytes of all differences stand together, then the next higher ones: noise stays in its own plane and the rest packs to
almost nothing. Layouts without ``planes`` (LabDesk before 2026-12) hold the differences one after the other.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from itertools import accumulate
from operator import sub
from typing import Any, NoReturn

from labdesk.domain.errors import EnvironmentFault

Column = tuple[int | None, ...]
_WIDTHS = {1: "b", 2: "h", 4: "i", 8: "q"}
_KEYS = {"first", "width", "absent"}


def damaged(reason: str) -> NoReturn:
    """Raises EnvironmentFault ``capture.run_damaged``."""
    raise EnvironmentFault("capture.run_damaged", reason=reason)


def is_size(value: object, limit: int) -> bool:
    """Whether a value read from a header is a whole number from 0 to ``limit``."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= limit


def inflate(packed: bytes, size: int) -> bytes:
    """The body, of exactly this size; raises EnvironmentFault."""
    unpacker = zlib.decompressobj()
    try:
        body = unpacker.decompress(packed, size + 1)
    except zlib.error as error:
        raise EnvironmentFault("capture.run_damaged", reason=f"body: {error}") from error
    if len(body) != size or not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        damaged("body size")
    return body


def pack_columns(columns: tuple[Column, ...]) -> tuple[bytes, list[dict[str, Any]]]:
    """Columns as bytes, and how to read them: first value, width of a difference, stretches without a value."""
    parts: list[bytes] = []
    layout: list[dict[str, Any]] = []
    for column in columns:
        present = [count for count in column if count is not None]
        steps = array("q", map(sub, present[1:], present))
        widest = max((max(step, -1 - step) for step in (min(steps), max(steps))), default=0) if steps else 0
        width = next(size for size in _WIDTHS if widest < 1 << (size * 8 - 1))
        narrow = array(_WIDTHS[width], steps)
        if sys.byteorder == "big":
            narrow.byteswap()
        raw = narrow.tobytes()
        parts.extend(raw[plane::width] for plane in range(width))
        first = present[0] if present else None
        layout.append({"first": first, "width": width, "absent": _absent(column), "planes": True})
    return b"".join(parts), layout


def _absent(column: Column) -> list[list[int]]:
    """Stretches ``[from, to)`` of samples that have no value."""
    if None not in column:
        return []
    stretches: list[list[int]] = []
    for index, count in enumerate(column):
        if count is not None:
            continue
        if stretches and stretches[-1][1] == index:
            stretches[-1][1] = index + 1
        else:
            stretches.append([index, index + 1])
    return stretches


def unpack_columns(body: bytes, layout: list[Any], samples: int, offset: int) -> tuple[list[Column], int]:
    columns: list[Column] = []
    for entry in layout:
        if not isinstance(entry, dict) or set(entry) - {"planes"} != _KEYS or entry["width"] not in _WIDTHS:
            damaged("layout")
        mask = _presence(entry["absent"], samples)
        present = samples if mask is None else sum(mask)
        if type(entry["first"]) is not (int if present else type(None)):
            damaged("layout")
        end = offset + max(0, present - 1) * entry["width"]
        if end > len(body):
            damaged("body size")
        steps = array(_WIDTHS[entry["width"]])
        steps.frombytes(
            _interleaved(body[offset:end], entry["width"]) if entry.get("planes") is True else body[offset:end]
        )
        if sys.byteorder == "big":
            steps.byteswap()
        values = accumulate(steps, initial=entry["first"]) if present else iter(())
        columns.append(tuple(values) if mask is None else tuple(next(values) if here else None for here in mask))
        offset = end
    return columns, offset


def _interleaved(planes: bytes, width: int) -> bytes:
    """Differences one after the other again."""
    count = len(planes) // width
    raw = bytearray(len(planes))
    for plane in range(width):
        raw[plane::width] = planes[plane * count : (plane + 1) * count]
    return bytes(raw)


def _presence(absent: Any, samples: int) -> list[bool] | None:
    """Which samples have a value; ``None`` means all of them."""
    if absent == []:
        return None
    mask, last = [True] * samples, 0
    try:
        for start, end in absent:
            if not (is_size(start, samples) and is_size(end, samples) and last <= start < end):
                damaged("layout")
            mask[start:end] = [False] * (end - start)
            last = end
    except (TypeError, ValueError) as error:
        raise EnvironmentFault("capture.run_damaged", reason="layout") from error
    return mask
