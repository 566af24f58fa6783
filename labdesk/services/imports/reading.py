"""An export as tests: every specimen's channels, curve, dimensions, stated results, and what a person must know."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from labdesk.domain.errors import OperatorError
from labdesk.domain.imported import ImportedFile, ImportedTest, TestState
from labdesk.services.imports.cells import Cells, Sheet, read_cells
from labdesk.services.imports.encodings import NAMES, decode_curve, recognise
from labdesk.services.imports.extremes import split_extremes
from labdesk.services.imports.notes import Told, specimen_of, told_by_columns, told_by_lines, told_by_summary
from labdesk.services.imports.settings import Answers
from labdesk.services.imports.tables import Block, Page, Summary, take_apart
from labdesk.services.imports.testing import Raw, test_of_block, test_of_pairs
from labdesk.services.imports.units import is_unit_cell
from labdesk.services.imports.vendors import vendor_of
from labdesk.services.imports.words import plain
from labdesk.services.imports.xml_results import is_results_xml, results_xml


def read_export(data: bytes, settings: Mapping[str, str] | None = None) -> ImportedFile:
    """What a file holds.

    Raises:
        OperatorError: ``import.*``: nothing that can be read, or something that must be asked; each sentence says what to do.
    """
    answers = Answers(dict(settings or {}))
    digest = hashlib.sha256(data).hexdigest()
    if not data.strip(b"\0 \t\r\n\xff\xfe\xef\xbb\xbf"):
        raise OperatorError("import.nothing")
    if is_results_xml(data):
        return ImportedFile("mts-testsuite", "xml", "utf-8", ".", "results", results_xml(data), digest)
    cells = read_cells(data, answers.mark())
    layout = _layout(cells, answers)
    if layout != "table":
        decoded = decode_curve(cells.text, layout, answers)
        test = test_of_pairs(decoded, answers)
        return ImportedFile("platform-curve", "text", cells.encoding, ".", layout, (test,), digest)
    if answers.text("columns"):
        cells.sheets = [_titled(sheet, answers.text("columns")) for sheet in cells.sheets]
    pages = [take_apart(sheet) for sheet in cells.sheets]
    tests = _tests(pages, cells, answers)
    return ImportedFile(
        vendor_of(cells, pages), cells.container, cells.encoding, cells.decimal_mark, "table", tests, digest
    )


def _layout(cells: Cells, answers: Answers) -> str:
    asked = answers.text("encoding").lower()
    if asked and asked not in NAMES:
        raise OperatorError("import.bad_unit", name="encoding", text=asked[:20])
    if asked or cells.container != "text":
        return NAMES.get(asked, "table")
    if any(take_apart(Sheet("", sheet.rows[:200])).blocks for sheet in cells.sheets):
        return "table"
    return recognise(cells.text) or "table"


def _titled(sheet: Sheet, columns: str) -> Sheet:
    """A sheet without titles under the titles that a person gave: ``time_s,force_kn,-,extension_mm``."""
    titles = [title.strip() for title in columns.split(",")]
    first = next((at for at, row in enumerate(sheet.rows) if re.search(r"\d", "".join(row)) and not _wordy(row)), 0)
    return Sheet(
        sheet.name, [*sheet.rows[:first], ["" if title == "-" else title for title in titles], *sheet.rows[first:]]
    )


def _wordy(row: Sequence[str]) -> bool:
    return any(re.search(r"[^\W\d_]{3,}", cell) for cell in row)


def _tests(pages: Sequence[Page], cells: Cells, answers: Answers) -> tuple[ImportedTest, ...]:
    mark = cells.decimal_mark
    blocks, peak = split_extremes([block for page in pages for block in page.blocks], mark)
    summaries = [summary for page in pages for summary in page.summaries]
    if not blocks:
        found = _results_only(summaries, pages, mark)
        if found:
            return found
        raise _why_nothing(cells)
    lines = [row for page in pages for row in page.notes]
    tests = []
    for place, block in enumerate(blocks):
        told = told_by_lines(_lines_of(block, blocks, lines, pages), mark)
        name = _specimen(block, told, summaries, place, len(blocks))
        for summary in summaries:
            row = _row_of(summary, name, place, len(blocks))
            if row is not None:
                told_by_summary(summary, row, told, mark)
        told_by_columns(block, told, mark)
        tests.append(test_of_block(Raw(block, told, name, mark, peak if len(blocks) == 1 else None), answers))
    return _asked_for(tests, answers)


def _lines_of(block: Block, blocks: Sequence[Block], lines: list[list[str]], pages: Sequence[Page]) -> list[list[str]]:
    """The lines that speak of a block: those of its sheet and of sheets without a table; all lines of a file with one block."""
    if len({other.sheet for other in blocks}) < 2:
        return lines
    mine = [page for page in pages if not page.blocks or any(other.sheet == block.sheet for other in page.blocks)]
    return [row for page in mine for row in page.notes]


def _specimen(block: Block, told: Told, summaries: Sequence[Summary], place: int, count: int) -> str:
    if block.above and plain(block.above) not in _HEADLINES:
        return block.above
    if count == 1 and told.notes.get("specimen"):
        return told.notes["specimen"]
    names = [specimen_of(summary, row) for summary in summaries for row in summary.rows]
    inside = next((name for name in names if name and plain(name) in plain(block.sheet)), "")
    if inside or (len(names) == count and names[place]):
        return inside or names[place]
    return block.sheet if count > 1 and block.sheet else told.notes.get("specimen", "")


_FEW_NUMBERS = 4
_HEADLINES = {
    "datenerfassung",
    "data acquisition",
    "raw data",
    "rohdaten",
    "values",
    "results table 1",
    "数据",
    "test data",
    "data",
}


def _row_of(summary: Summary, name: str, place: int, count: int) -> list[str] | None:
    for row in summary.rows:
        if name and plain(specimen_of(summary, row)) == plain(name):
            return row
    if count == 1 and len(summary.rows) == 1:
        return summary.rows[0]
    return summary.rows[place] if count > 1 and len(summary.rows) == count and not name else None


def _results_only(summaries: Sequence[Summary], pages: Sequence[Page], mark: str) -> tuple[ImportedTest, ...]:
    tests = []
    for summary in summaries:
        for row in summary.rows:
            told = Told()
            told_by_summary(summary, row, told, mark)
            if told.results:
                tests.append(
                    ImportedTest(
                        specimen_of(summary, row), TestState.RESULTS_ONLY, (), None, told.geometry, told.notes,
                        tuple(told.results), tuple(told.remarks),
                    )
                )  # fmt: skip
    if tests:
        return tuple(tests)
    told = told_by_lines([row for page in pages for row in page.notes], mark)
    if len(told.results) < 2:
        return ()
    name = told.notes.get("specimen", "")
    return (
        ImportedTest(
            name, TestState.RESULTS_ONLY, (), None, told.geometry, told.notes, tuple(told.results), tuple(told.remarks)
        ),
    )


def _why_nothing(cells: Cells) -> OperatorError:
    """Numbers without titles, or under titles that name no force, are asked for; anything else is no test."""
    rows = [row for sheet in cells.sheets for row in sheet.rows if any(cell.strip() for cell in row)]
    numeric = [at for at, row in enumerate(rows) if sum(_is_decimal(cell, cells.decimal_mark) for cell in row) > 1]
    if len(numeric) <= _FEW_NUMBERS:
        return OperatorError("import.no_table")
    above = next((row for row in reversed(rows[: numeric[0]]) if not all(map(is_unit_cell, row))), [])
    titles = [cell.strip() for cell in above if cell.strip()]
    if len(titles) > 1 and not any(_is_decimal(title, cells.decimal_mark) for title in titles):
        return OperatorError("import.ask_titles", titles=", ".join(titles)[:120])
    return OperatorError("import.ask_columns")


def _is_decimal(cell: str, mark: str) -> bool:
    try:
        Decimal(cell.replace(mark, "."))
    except ArithmeticError:
        return False
    return bool(cell.strip())


def _asked_for(tests: list[ImportedTest], answers: Answers) -> tuple[ImportedTest, ...]:
    wanted = answers.text("specimen")
    if not wanted:
        return tuple(tests)
    chosen = [test for place, test in enumerate(tests, 1) if test.specimen == wanted or str(place) == wanted]
    if not chosen:
        known = ", ".join(test.specimen or str(place) for place, test in enumerate(tests, 1))
        raise OperatorError("import.no_such_specimen", name=wanted, known=known)
    return tuple(chosen)
