"""Rulesets of products as named numbers, rounding steps and tables; each row with its clause and how far it was checked.

``certainty`` of a row begins with ``V`` (seen), ``C`` (computed from seen rows), ``M-h``, ``M-m``, ``M-l`` (from memory, high to low)
or ``CONV`` (a convention where the standard is silent). A module of this room declares by a :class:`Schema` which rows its rules
need; a file without them is refused when it is read, not when somebody evaluates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from labdesk.domain.errors import OperatorError
from labdesk.domain.rounding import Bound, Comparison
from labdesk.standards.judging import NO_LIMIT, Rule
from labdesk.standards.rule_cells import Broken, Table, date_of, number_of, part_of, rows_of, text_of, variants_of

_CERTAINTY = re.compile(r"(V|C|M-h|M-m|M-l|CONV)\b")


@dataclass(frozen=True)
class Schema:
    """What the file of a method must hold.

    Attributes:
        steps: symbols that need a rounding step.
        numbers: names of single numbers.
        tables: columns by table; a column named in ``texts`` is text, every other an exact number.
        texts: columns that are text.
    """

    steps: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ("name",)


@dataclass(frozen=True)
class Row:
    """One row: cells by column, the clause it comes from, and how far it was checked."""

    cells: Mapping[str, Decimal | str]
    clause: str
    certainty: str

    def number(self, column: str) -> Decimal:
        """A cell that the schema calls a number."""
        cell = self.cells[column]
        if not isinstance(cell, Decimal):
            raise TypeError(f"{column} is no number")
        return cell

    def text(self, column: str) -> str:
        """A cell as text."""
        return str(self.cells[column])


@dataclass(frozen=True)
class ProductRules:
    """One edition of a product or method standard with one regime."""

    id: str
    method: str
    standard: str
    in_force_from: date
    in_force_to: date | None
    checked: bool
    comparison: Comparison
    steps: Mapping[str, Row]
    numbers: Mapping[str, Row]
    tables: Mapping[str, tuple[Row, ...]]

    def in_force(self, day: date) -> bool:
        """Whether the edition is in force on ``day``."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def knows(self, grade: str) -> bool:
        """Whether the grade (if one is named) has a row, where grades are a table of this standard."""
        grades = self.tables.get("grades", ())
        return not grade or not grades or any(row.cells.get("name") == grade for row in grades)

    def number(self, name: str) -> Decimal:
        """A single number."""
        return self.numbers[name].number("value")

    def count(self, name: str) -> int:
        """A single number that counts something."""
        return int(self.number(name))

    def clause(self, name: str) -> str:
        """Clause of a single number."""
        return self.numbers[name].clause

    def step(self, symbol: str) -> Decimal:
        """Rounding step of a symbol."""
        return self.steps[symbol].number("value")

    def rule(self, symbol: str, unit: str, bound: Bound = NO_LIMIT, clause: str = "") -> Rule:
        """How a value of this symbol is rounded and compared; ``clause`` names where the limit stands, else that of the value."""
        step = self.steps[symbol]
        return Rule(symbol, unit, clause or step.clause, step.number("value"), self.comparison, bound)

    def row(self, table: str, name: str) -> Row:
        """The row of a table by its name, whatever its letters' case.

        Raises:
            OperatorError: ``products.no_such_row`` naming those that exist.
        """
        wanted = name.strip().casefold()
        found = next((row for row in self.tables[table] if row.text("name").casefold() == wanted), None)
        if found is None:
            known = ", ".join(row.text("name") for row in self.tables[table])
            raise OperatorError("products.no_such_row", name=name[:40], standard=self.standard, known=known)
        return found

    def below(self, table: str, column: str, value: Decimal) -> Row:
        """First row whose ``column`` is above ``value``, else the last."""
        rows = self.tables[table]
        return next((row for row in rows if value < row.number(column)), rows[-1])

    def upto(self, table: str, column: str, value: Decimal) -> Row:
        """First row whose ``column`` is at least ``value``.

        Raises:
            OperatorError: ``products.beyond_table``.
        """
        found = next((row for row in self.tables[table] if value <= row.number(column)), None)
        if found is None:
            raise OperatorError("products.beyond_table", value=str(value), standard=self.standard)
        return found


def read_product(table: Table, method: str, schema: Schema) -> list[ProductRules]:
    """The ruleset of a file, and one more for each of its variants; raises Broken."""
    base = ProductRules(
        id=text_of(table, "id"),
        method=method,
        standard=text_of(table, "standard"),
        in_force_from=date_of(table, "in_force_from"),
        in_force_to=date_of(table, "in_force_to") if "in_force_to" in table else None,
        checked=bool(table.get("checked_against_print", False)),
        comparison=_comparison(table, "comparison"),
        steps=_singles(table, "steps", schema.steps),
        numbers=_singles(table, "numbers", schema.numbers),
        tables={name: _table(table, name, schema) for name in schema.tables},
    )
    if any(row.number("value") <= 0 for row in base.steps.values()):
        raise Broken(("steps",), "a rounding step must be positive")
    return [base, *(_variant(base, name, part) for name, part in variants_of(table))]


def _comparison(table: Table, key: str) -> Comparison:
    row = _row(part_of(table, key), (key,))
    try:
        return Comparison(text_of(part_of(table, key), "value", (key,)))
    except ValueError as error:
        raise Broken((key, str(row.clause)), str(error)) from error


def _singles(table: Table, key: str, names: tuple[str, ...]) -> dict[str, Row]:
    part = part_of(table, key) if names else {}
    found = {}
    for name in (*names, *(other for other in part if other not in names)):
        one = part_of(part, name)
        found[name] = _row(one, (name,), {"value": number_of(one, "value", (name,))})
    return found


def _table(table: Table, name: str, schema: Schema) -> tuple[Row, ...]:
    rows = rows_of(part_of(table, "tables"), name)
    if not rows:
        raise Broken((name,), f"{name} needs at least one row")
    columns = schema.tables[name]
    found = []
    for row in rows:
        near = (name, str(row.get(columns[0], "")))
        cells: dict[str, Decimal | str] = {
            column: text_of(row, column, near) if column in schema.texts else number_of(row, column, near)
            for column in columns
        }
        found.append(_row(row, near, cells))
    return tuple(found)


def _row(row: Table, near: tuple[str, ...], cells: Mapping[str, Decimal | str] | None = None) -> Row:
    certainty = text_of(row, "certainty", near)
    if not _CERTAINTY.match(certainty):
        raise Broken((*near, certainty), "certainty must begin with V, C, M-h, M-m, M-l or CONV")
    return Row(cells or {}, text_of(row, "clause", near), certainty)


def _variant(base: ProductRules, name: str, part: Table) -> ProductRules:
    comparison = _comparison(part, "comparison") if "comparison" in part else base.comparison
    named = part_of(part, "steps") if "steps" in part else {}
    steps = {**base.steps, **_singles(part, "steps", tuple(named))}
    if any(row.number("value") <= 0 for row in steps.values()):
        raise Broken((name, "steps"), "a rounding step must be positive")
    return replace(base, id=f"{base.id}:{name}", comparison=comparison, steps=steps)
