"""Reading single cells of a ruleset's file; every miss names its key, so that the person who wrote the file finds the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Table = Mapping[str, Any]


class Broken(Exception):
    """A table that cannot be used: the words to look for in the file, in order, and the reason."""

    def __init__(self, where: tuple[str, ...], reason: str) -> None:
        self.where = where
        super().__init__(reason)


def line_of(text: str, where: tuple[str, ...]) -> int:
    """The line (1-based) of the last word of ``where``, each looked for from the line of the one before; 0 if none is there."""
    lines = text.splitlines()
    line = 0
    for word in where:
        following = next((i for i in range(max(line - 1, 0), len(lines)) if word and word in lines[i]), None)
        if following is not None:
            line = following + 1
    return line


def part_of(table: Table, key: str) -> Table:
    """A table within a table; raises Broken."""
    part = table.get(key)
    if not isinstance(part, Mapping):
        raise Broken((key,), f"table [{key}] is missing")
    return part


def rows_of(table: Table, key: str) -> list[Table]:
    """A list of rows; raises Broken."""
    rows = table.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Broken((key,), f"{key} must be a list of rows")
    return rows


def text_of(table: Table, key: str, near: tuple[str, ...] = ()) -> str:
    """A text that is not empty; raises Broken."""
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise Broken((*near, key), f"{key} is missing or no text")
    return value


def count_of(table: Table, key: str) -> int:
    """A whole number from 0; raises Broken."""
    value = table.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Broken((key,), f"{key} must be a whole number")
    return value


def number_of(table: Table, key: str, near: tuple[str, ...] = ()) -> Decimal:
    """An exact number in quotes; raises Broken."""
    value = table.get(key)
    try:
        exact = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        exact = None
    if exact is None or not exact.is_finite():
        where = (*near, f"{key} =" if value is not None else key, str(value))
        raise Broken(where, f"{key} must be a number in quotes")
    return exact


def date_of(table: Table, key: str) -> date:
    """A date; raises Broken."""
    value = table.get(key)
    if not isinstance(value, date):
        raise Broken((key,), f"{key} must be a date")
    return value


def variants_of(table: Table) -> list[tuple[str, Table]]:
    """Variants of an edition (other regimes) by name; raises Broken."""
    variants = table.get("variants", {})
    if not isinstance(variants, Mapping):
        raise Broken(("variants",), "variants must be tables")
    return [(name, part_of(variants, name)) for name in variants]
