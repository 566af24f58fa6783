"""What the lines around a table say: dimensions with their units, stated results, who, when, by which standard."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from labdesk.domain.evaluation import Remark
from labdesk.domain.imported import ChannelKind, StatedResult
from labdesk.services.imports.cells import is_number, number
from labdesk.services.imports.tables import Block, Summary
from labdesk.services.imports.units import Unit, parse_unit, split_title
from labdesk.services.imports.words import geometry_name, note_name, plain, result_symbol, says_stopped

#: Exact factor of a geometry's unit to LabDesk's: lengths mm, areas mm², masses g are the base of the units table.
_EXCEL_DAY_ZERO = dt.datetime(1899, 12, 30)
_SERIAL = (Decimal(20000), Decimal(80000))
#: Headings before a name: ``Specimen properties : Specimen label``.
_GROUPS = {"specimen properties", "dimension", "dimensions", "geometry", "general", "method"}
_WITH_UNIT = re.compile(r"^\s*([+\-]?[\d.,]+(?:[eE][+\-]?\d+)?)\s*([^\d\s].*)$")


@dataclass
class Told:
    """What lines and tables of results said of one specimen."""

    geometry: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    results: list[StatedResult] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    stopped: bool = False
    sizes: dict[str, Decimal] = field(default_factory=dict)

    def fact(self, printed: str, text: str, unit: Unit | None, mark: str) -> None:
        """One printed fact: a dimension, a result, or a note. A dimension without a unit is told, not taken."""
        quantity = unit.quantity if unit else ""
        value = number(text, mark) if text else None
        self.stopped = (
            self.stopped
            or says_stopped(text)
            or (says_stopped(printed) and plain(text) in ("1", "yes", "ja", "true", "oui"))
        )
        if value is not None:
            if quantity == "length" and unit is not None:
                self.sizes.setdefault(printed.strip(), value * unit.factor)
            symbol = result_symbol(printed, quantity)
            name = geometry_name(printed, quantity)
            if name and unit is not None and not (symbol and quantity != "length"):
                self.geometry.setdefault(name, format(value * unit.factor, "f"))
                return
            if symbol and unit is not None:
                self.results.append(StatedResult(symbol, printed.strip(), text.strip(), unit.name, value))
                return
            if name and unit is None and value > 0:
                self.remarks.append(
                    Remark("import.dimension_unit", {"name": printed.strip(), "value": text.strip(), "set": name})
                )
                return
        name = note_name(printed)
        if name and text.strip():
            self.notes.setdefault(name, _moment(value) if name == "date" and value is not None else text.strip())


def _moment(serial: Decimal) -> str:
    """A spreadsheet's day number as a day and time; anything else stays as printed."""
    if not _SERIAL[0] < serial < _SERIAL[1]:
        return format(serial, "f")
    moment = _EXCEL_DAY_ZERO + dt.timedelta(days=float(serial))
    return moment.replace(microsecond=0).isoformat(sep=" ")


def facts_of(row: Sequence[str]) -> Iterator[tuple[str, str, Unit | None]]:
    """Name, value and unit of a line: in cells of their own, in brackets, behind a colon or behind the value."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if not cells:
        return
    first = cells[0].lstrip("#").strip()
    if len(cells) == 1:
        name, colon, value = first.partition(":")
        if not colon:
            name, colon, value = first.partition("：")
        if not colon:
            name, colon, value = first.partition("=")
        if colon and name.strip() and plain(name) not in _GROUPS:
            yield _fact(name, value.strip(), "")
        return
    place = 0
    while place + 1 < len(cells):
        name = cells[place].lstrip("#").strip()
        if is_number(name):
            place += 1
            continue
        if _is_name(cells[place + 1]):  # its own value is missing: the next name is not its value
            place += 1
            continue
        third = cells[place + 2] if place + 2 < len(cells) else ""
        yield _fact(name, cells[place + 1], third)
        place += 3 if parse_unit(third) else 2


def _is_name(cell: str) -> bool:
    title, unit = split_title(cell)
    quantity = unit.quantity if unit else ""
    return unit is not None and bool(title) and bool(result_symbol(title, quantity) or geometry_name(title, quantity))


def _fact(name: str, value: str, third: str) -> tuple[str, str, Unit | None]:
    title, unit = split_title(name)
    match = _WITH_UNIT.match(value)
    if unit is None and match and (inside := parse_unit(match.group(2))) is not None:
        return title, match.group(1), inside
    if is_number(value):
        unit = unit or parse_unit(third)
    return title, value, unit


def told_by_lines(rows: Sequence[Sequence[str]], mark: str) -> Told:
    """Everything the lines around the tables say."""
    told = Told()
    for row in rows:
        for name, value, unit in facts_of(row):
            told.fact(name, value, unit, mark)
    return told


def told_by_columns(block: Block, told: Told, mark: str) -> None:
    """Dimensions that some programs print as columns filled in the first row only."""
    for column in block.columns:
        if column.kind is not ChannelKind.OTHER or column.unit is None or not block.rows:
            continue
        name = geometry_name(column.title, column.unit.quantity)
        texts = {
            row[column.place].strip() for row in block.rows if column.place < len(row) and row[column.place].strip()
        }
        if name and len(texts) == 1:
            told.fact(column.title, texts.pop(), column.unit, mark)


def specimen_of(summary: Summary, row: Sequence[str]) -> str:
    """The specimen's name in a row of a table of results."""
    for place, (title, unit) in enumerate(summary.titles):
        if unit is None and note_name(title) == "specimen" and place < len(row) and row[place].strip():
            return row[place].strip()
    return next((cell.strip() for cell in row if cell.strip() and not is_number(cell)), "")


def told_by_summary(summary: Summary, row: Sequence[str], told: Told, mark: str) -> None:
    """One specimen's row of a table of results."""
    for place, (title, unit) in enumerate(summary.titles):
        if title and place < len(row) and row[place].strip():
            told.fact(title, row[place], unit, mark)
