"""Tables of a report on what was measured by hand: inputs as typed by determination, and results with limit and clause."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Table

from labdesk.domain.evaluation import Value
from labdesk.domain.reporting import EntryLine, EntrySheet, ReportData
from labdesk.reports.page import BODY
from labdesk.reports.style import CENTER, QUIET, markup, paragraph, style
from labdesk.reports.tables import grid, head_cell, shaded, value_cell, verdict_cell
from labdesk.reports.words import Words

_PER_TABLE = 6
_NAME, _UNIT, _EDGE = 58 * mm, 14 * mm, 26 * mm


def entry_tables(data: ReportData, words: Words) -> list[Flowable]:
    """Inputs of the lot, then those of the determinations, a few a table."""
    if data.sheet is None:
        return []
    of_lot = [line for line in data.sheet.lines if "" in line.texts]
    each = [line for line in data.sheet.lines if "" not in line.texts]
    found: list[Flowable] = [_of_lot(of_lot, words)] if of_lot else []
    labels = [item.label for item in data.lot.specimens if any(item.label in line.texts for line in each)]
    found += [_each(each, labels[at : at + _PER_TABLE], words) for at in range(0, len(labels), _PER_TABLE)]
    return found


def _of_lot(lines: Sequence[EntryLine], words: Words) -> Table:
    rows: list[list[Flowable | str]] = [
        [head_cell(words("value.parameter")), head_cell(words("value.unit")), head_cell(words("value.entered"))]
    ]
    rows += [[_name(line.name), _centred(line.unit), _centred(line.texts[""])] for line in lines]
    return shaded(grid(rows, [_NAME, _UNIT, BODY - _NAME - _UNIT]))


def _each(lines: Sequence[EntryLine], labels: Sequence[str], words: Words) -> Table:
    head = [head_cell(words("value.parameter")), head_cell(words("value.unit"))]
    head += [paragraph(label, style(7.2, bold=True, align=CENTER)) for label in labels]
    rows: list[list[Flowable | str]] = [list(head)]
    for line in lines:
        cells: list[Flowable | str] = [_centred(line.texts.get(label) or "—") for label in labels]
        rows.append([_name(line.name), _centred(line.unit), *cells])
    width = (BODY - _NAME - _UNIT) / max(1, len(labels))
    return shaded(grid(rows, [_NAME, _UNIT, *[width] * len(labels)]))


def result_table(data: ReportData, sheet: EntrySheet, words: Words) -> Table:
    """One row per result: name and symbol, unit, value, limit, verdict, clause."""
    keys = ("parameter", "unit", "result", "limit", "verdict", "clause")
    rows: list[list[Flowable | str]] = [[head_cell(words(f"value.{key}")) for key in keys]]
    rows += [_result(value, sheet, words) for value in data.evaluation.values]
    rest = BODY - _NAME - _UNIT - 2 * _EDGE - 18 * mm
    return shaded(grid(rows, [_NAME, _UNIT, _EDGE, _EDGE, 18 * mm, rest]))


def _result(value: Value, sheet: EntrySheet, words: Words) -> list[Flowable | str]:
    name = sheet.results.get(value.symbol, "")
    where = f"（{markup(value.subject)}）" if value.subject else ""
    return [
        Paragraph(f"{markup(name)} {markup(value.symbol)}{where}".strip(), style(8)),
        _centred(value.unit),
        value_cell(value, words),
        _centred(words.limit(value)),
        verdict_cell(value.verdict if value.limit else None, words),
        paragraph(value.clause or "—", style(6.6, align=CENTER, colour=QUIET)),
    ]


def _name(text: str) -> Paragraph:
    return paragraph(text, style(8))


def _centred(text: str) -> Paragraph:
    return paragraph(text, style(8.5 if len(text) < 14 else 6.8, align=CENTER))
