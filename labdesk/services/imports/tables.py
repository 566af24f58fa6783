"""Where in a sheet the samples stand: header, units, rows; several tables below or beside each other; and the lines around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from labdesk.domain.imported import ChannelKind
from labdesk.services.imports.cells import Sheet, is_number
from labdesk.services.imports.units import Unit, is_unit_cell, parse_unit, split_title
from labdesk.services.imports.words import column_kind, geometry_name, result_symbol

_LENGTHS = {ChannelKind.EXTENSION, ChannelKind.DISPLACEMENT, ChannelKind.STRAIN}


@dataclass(frozen=True)
class Column:
    """A column's heading."""

    title: str
    unit: Unit | None
    kind: ChannelKind
    place: int


@dataclass
class Block:
    """One table of samples.

    Attributes:
        columns: those with a title or a unit.
        rows: cells as printed, from the first number on.
        above: text in the row above the titles (a specimen's name in some programs).
        sheet: name of its worksheet.
        units_row: units stood in a row of their own: a blank there means "no unit", elsewhere it means nobody said.
        line: row number of the titles, counted from 1.
        read: columns whose numbers were read already, by place, kind and decimal mark.
    """

    columns: list[Column]
    rows: list[list[str]]
    above: str = ""
    sheet: str = ""
    units_row: bool = False
    line: int = 0
    read: dict[tuple[int, ChannelKind, str], list[Decimal | None]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def of(self, kind: ChannelKind) -> list[Column]:
        """The columns of a kind, from the left."""
        return [column for column in self.columns if column.kind is kind]


@dataclass
class Summary:
    """A table of results or dimensions: one row per specimen; a title is a result, a dimension or the specimen's name."""

    titles: list[tuple[str, Unit | None]]
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Page:
    """A sheet taken apart; ``notes`` are the lines that belong to no table."""

    blocks: list[Block] = field(default_factory=list)
    summaries: list[Summary] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)


def take_apart(sheet: Sheet) -> Page:
    """Tables of samples, tables of results, and the lines around them."""
    page, index = Page(), 0
    rows = sheet.rows
    while index < len(rows):
        row = rows[index]
        head = None if _mostly_numbers(row) else _heading(rows, index)
        if head is not None:
            columns, start, units_row = head
            end, body = _body(rows, start, columns)
            for group in _side_by_side(columns):
                above = _above(rows, index, group)
                page.blocks.append(Block(group, body, above, sheet.name, units_row, index + 1))
            index = end
            continue
        summary = None if _mostly_numbers(row) else _summary(rows, index)
        if summary is not None:
            page.summaries.append(summary[0])
            index = summary[1]
            continue
        if any(cell.strip() for cell in row):
            page.notes.append(row)
        index += 1
    return page


def _mostly_numbers(row: Sequence[str]) -> bool:
    filled = [cell for cell in row[:12] if cell.strip()]
    return not filled or sum(map(is_number, filled)) * 2 > len(filled)


def _heading(rows: Sequence[list[str]], index: int) -> tuple[list[Column], int, bool] | None:
    """Columns, the row after them, and whether units had a row of their own; ``None`` where no table of samples begins."""
    titles = rows[index]
    if sum(bool(cell.strip()) for cell in titles) < 2 or any(map(is_number, filter(None, titles))):
        return None
    following = next(
        (at for at in range(index + 1, min(index + 3, len(rows))) if any(c.strip() for c in rows[at])), None
    )
    below = rows[following] if following is not None else []
    units_row = _is_units_row(below) and not _is_units_row(titles)
    above = rows[index - 1] if index and not units_row and _is_units_row(rows[index - 1]) else []
    columns = list(_columns(titles, below if units_row else above))
    kinds = {column.kind for column in columns}
    if ChannelKind.FORCE not in kinds or not kinds & (_LENGTHS | {ChannelKind.TIME}):
        return None
    if ChannelKind.TIME not in kinds and any(_is_summary_title(cell) for cell in titles):
        return None
    start = (following + 1) if units_row and following is not None else index + 1
    nearest = next((row for row in rows[start : start + 4] if any(cell.strip() for cell in row)), None)
    if nearest is not None and not any(map(is_number, filter(None, nearest))) and not units_row:
        wide = _heading(rows, rows.index(nearest, start)) if len(nearest) > 1 else None
        if wide is not None:
            return None
    return columns, start, units_row


def _is_units_row(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell.strip()]
    known = sum(parse_unit(cell) is not None for cell in filled)
    return known > 0 and all(map(is_unit_cell, filled)) and not any(map(is_number, [c for c in filled if c != "1"]))


def _columns(titles: Sequence[str], units: Sequence[str]) -> Iterator[Column]:
    for place in range(max(len(titles), len(units))):
        title, unit = split_title(titles[place]) if place < len(titles) else ("", None)
        printed = units[place] if place < len(units) else ""
        unit = unit or parse_unit(printed)
        if title or unit:
            yield Column(title, unit, column_kind(title, unit), place)


def _is_summary_title(cell: str) -> bool:
    title, unit = split_title(cell)
    quantity = unit.quantity if unit else ""
    return bool(result_symbol(title, quantity) and column_kind(title, unit) is ChannelKind.OTHER)


def _body(rows: Sequence[list[str]], start: int, columns: Sequence[Column]) -> tuple[int, list[list[str]]]:
    """Rows of samples and the row after the last one. A line of words ends a table; blank lines and holes do not."""
    force = {column.place for column in columns if column.kind in (ChannelKind.FORCE, ChannelKind.TIME)}
    body: list[list[str]] = []
    index = start
    while index < len(rows):
        row = rows[index]
        filled = [cell for cell in row if cell.strip()]
        has_number = any(place < len(row) and _sample(row[place]) for place in force)
        if filled and not has_number and not _hole(filled):
            break
        if filled:
            body.append(row)
        index += 1
    while body and not any(place < len(body[-1]) and _sample(body[-1][place]) for place in force):
        body.pop()
    return index, body


def _sample(cell: str) -> bool:
    text = cell.strip()
    return is_number(text) or (":" in text and text[:1].isdigit())


def _hole(filled: Sequence[str]) -> bool:
    """A row without force and time that still belongs to the table: numbers elsewhere, NaN, stars, dashes."""
    return all(
        is_number(cell) or cell.strip().lower() in _NO_VALUE or set(cell.strip()) <= set("*#-.") for cell in filled
    )


_NO_VALUE = {"nan", "n/a", "na", "inf", "-inf", "null", "none", "ovl", "over", "ol", "--", "---", "#n/a", "err"}


def _side_by_side(columns: list[Column]) -> list[list[Column]]:
    """Groups of columns, one per specimen, where the same titles come again and again."""
    titled = [column for column in columns if column.title]
    names = [column.title.casefold() for column in titled]
    if not names or names.count(names[0]) < 2:
        return [columns]
    width = names.index(names[0], 1)
    groups = [titled[at : at + width] for at in range(0, len(titled), width)]
    same = all([column.title.casefold() for column in group] == names[:width] for group in groups)
    whole = same and any(column.kind is ChannelKind.FORCE for column in groups[0])
    return groups if whole else [columns]


def _above(rows: Sequence[list[str]], index: int, group: Sequence[Column]) -> str:
    """A name standing above all columns of a group: the specimen's, in workbooks of some programs."""
    if index == 0:
        return ""
    row = rows[index - 1]
    texts = [row[column.place].strip() for column in group if column.place < len(row) and row[column.place].strip()]
    if not texts or len(set(texts)) != 1 or parse_unit(texts[0]) or len(texts[0]) > 80:
        return ""
    alone = len(texts) == len(group) or sum(bool(cell.strip()) for cell in row) <= len(group)
    says_more = any(mark in texts[0] for mark in ":：=") or is_number(texts[0])
    return texts[0].lstrip("#").strip() if alone and not says_more else ""


def _summary(rows: Sequence[list[str]], index: int) -> tuple[Summary, int] | None:
    """A table of results that begins at ``index`` and the row after it."""
    row = rows[index]
    filled = [cell for cell in row if cell.strip()]
    if len(filled) < 2 or any(map(is_number, filled)) or index + 1 >= len(rows):
        return None
    below = rows[index + 1]
    units = below if _is_units_row(below) else []
    titles: list[tuple[str, Unit | None]] = []
    told = 0
    for place in range(len(row)):
        title, unit = split_title(row[place])
        unit = unit or (parse_unit(units[place]) if place < len(units) else None)
        titles.append((title, unit))
        quantity = unit.quantity if unit else ""
        told += bool(title and unit and (result_symbol(title, quantity) or geometry_name(title, quantity)))
    if told < 1 or len([title for title, _ in titles if title]) < 2:
        return None
    at = index + 2 if units else index + 1
    summary = Summary(titles)
    while at < len(rows) and any(is_number(cell) for cell in rows[at]) and len([c for c in rows[at] if c.strip()]) > 1:
        summary.rows.append(rows[at])
        at += 1
    return (summary, at) if summary.rows else None
