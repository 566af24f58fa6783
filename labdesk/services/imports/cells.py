"""Bytes of an export to sheets of cells: encoding, delimiter and decimal mark of a text, the cells of a workbook, both as exact text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from labdesk.domain.errors import OperatorError

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = ("\t", ";", ",", "|")
_LARGEST_SHEET = 2_000_000
_NUMBER = re.compile(r"^[+\-−]?(?:\d[\d.,'’ \u00a0\u202f]*|[.,]\d+)(?:[eE][+\-]?\d+)?$")
_GROUPS = {
    ".": re.compile(r"^[+\-−]?\d{1,3}(?:\.\d{3})+(?:,\d*)?$"),
    ",": re.compile(r"^[+\-−]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$"),
}
#: Nearly all cells of a long export: no blanks, no groups, at most the decimal mark.
_SIMPLE = {mark: re.compile(rf"[+-]?[0-9]+(?:[{mark}][0-9]+)?(?:[eE][+-]?[0-9]{{1,3}})?") for mark in ".,"}
_CLOCK = re.compile(r"^[\d\-/.T ]*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?$")
_COMMA, _POINT = re.compile(r"^[+\-−]?\d*,\d+(?:[eE][+\-]?\d+)?$"), re.compile(r"^[+\-−]?\d*\.\d+(?:[eE][+\-]?\d+)?$")


@dataclass
class Sheet:
    """Cells row by row, exactly as printed; ``name`` of the worksheet, empty for a text."""

    name: str
    rows: list[list[str]]


@dataclass
class Cells:
    """A whole file.

    Attributes:
        container: ``text``, ``xlsx``, ``xls``.
        encoding, decimal_mark: of a text; a workbook's numbers always have a point.
        text: the decoded text, empty for workbooks.
    """

    container: str
    sheets: list[Sheet]
    encoding: str = ""
    decimal_mark: str = "."
    text: str = field(default="", repr=False)


def read_cells(data: bytes, decimal_mark: str = "") -> Cells:
    """The cells of a file; ``decimal_mark`` as answered by a person, empty to find it.

    Raises:
        OperatorError: ``import.damaged``, ``import.ask_decimal``, ``import.too_large``.
    """
    if data.startswith(_ZIP):
        return Cells("xlsx", _xlsx(data))
    if data.startswith(_OLE):
        return Cells("xls", _xls(data))
    text, encoding = decode(data)
    if text.startswith("MTS793|"):
        marks = text.splitlines()[0].split("|")
        rows = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines()]
        return Cells(
            "text", [Sheet("", rows)], encoding, marks[5] if len(marks) > 5 and marks[5] in ".," else ".", text
        )
    rows = split_rows(text)
    return Cells("text", [Sheet("", rows)], encoding, decimal_mark or find_mark(rows), text)


# ---- text -------------------------------------------------------------------------------------------------------------


def decode(data: bytes) -> tuple[str, str]:
    """Text and its encoding: UTF-8, UTF-16 with or without mark, GB 18030, Shift-JIS, Windows-1251 by what they give, else 1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-16-be"
        return data[2:].decode(name, errors="replace").replace("\0", ""), name
    head = data[:4000]
    if head and head.count(0) * 4 > len(head):
        name = "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
        return data.decode(name, errors="replace").replace("\0", "").lstrip("\ufeff"), name
    data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    for name in ("gb18030", "shift_jis"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if _reads_like(text, name):
            return text, name
    cyrillic = data.decode("cp1251", errors="replace")
    if _CYRILLIC.search(cyrillic):
        return cyrillic, "cp1251"
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


#: Characters of which an East Asian export has at least one: force, time, place, change, sample, number, test ...
_TELLING = {
    "gb18030": set("力时间位移变形试验样品编号荷载负应毫米千牛秒曲线检测日期强度委托抗压拉屈服数据"),
    "shift_jis": set("試験力時間変位応荷重ひずみストロークロードセル"),
}


_CYRILLIC = re.compile("время|нагрузк|усили|сила|перемещ|удлинени|деформац", re.IGNORECASE)


def _reads_like(text: str, name: str) -> bool:
    wide = [char for char in text if ord(char) > 0x7F]
    if not wide:
        return False
    telling = sum(char in _TELLING[name] for char in wide)
    odd = sum(unicodedata.category(char) in ("Co", "Cn", "Cc") for char in wide)
    return odd == 0 and telling > 0 and telling * 12 >= len(wide)


def split_rows(text: str) -> list[list[str]]:
    """Rows by the delimiter that gives the most rows of numbers; quoted cells keep what stands inside."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # Judged by evenly spread lines: a long header or a long tail must not decide alone.
    filled = [line for line in lines if line.strip()]
    step = max(1, len(filled) // 400)
    probe = filled[::step]
    best, most = ",", 0
    for mark in _DELIMITERS:
        score = _numbers(csv.reader(probe, delimiter=mark))
        if score > most:
            best, most = mark, score
    if _numbers(_BLANKS.split(line.strip()) for line in probe) > most * 1.2:
        wide = _numbers(_WIDE.split(line.strip()) for line in probe)
        splitter = _WIDE if wide >= most and wide * 1.2 > _numbers(_BLANKS.split(x.strip()) for x in probe) else _BLANKS
        return [_blank_split(line, splitter) for line in lines]
    return [[cell.strip().strip('"').strip() for cell in row] for row in csv.reader(lines, delimiter=best)]


_BLANKS, _WIDE = re.compile(r"\s+"), re.compile(r"\s{2,}|\t")


def _blank_split(line: str, splitter: re.Pattern[str]) -> list[str]:
    """Numbers are split at any blank; words only at wide ones, because titles hold blanks themselves."""
    cells = splitter.split(line.strip())
    if all(is_number(cell) for cell in cells if cell):
        return cells
    wide = _WIDE.split(line.strip())
    return wide if len(wide) > 1 else cells if len(cells) < 7 and splitter is _BLANKS else [line.strip()]


def _numbers(rows: Iterable[list[str]]) -> int:
    """Cells in rows that are numbers throughout (at least two)."""
    score = 0
    for row in rows:
        cells = [cell.strip() for cell in row if cell.strip()]
        if any(";" in cell or "\t" in cell for cell in cells):
            continue
        if len(cells) > 1 and sum(is_number(cell) or bool(_CLOCK.match(cell)) for cell in cells) >= max(
            2, len(cells) - 1
        ):
            score += len(cells)
    return score


def is_number(cell: str) -> bool:
    """Whether a cell looks like a number with either decimal mark."""
    text = cell.strip().strip('"').strip()
    if not _NUMBER.match(text):
        return False
    if " " in text or "\u00a0" in text or "\u202f" in text:
        return re.fullmatch(r"[+\-−]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?", text) is not None
    return text.count(",") < 2 or text.count(".") < 2


def find_mark(rows: Sequence[Sequence[str]]) -> str:
    """The decimal mark of a text.

    Raises:
        OperatorError: ``import.ask_decimal`` where ``1,234`` may be either.
    """
    comma = point = unsure = 0
    example = ""
    for row in rows:
        if sum(map(is_number, row)) < 2:
            continue
        for cell in row:
            if not is_number(cell):
                continue
            if "," in cell and "." in cell:
                comma, point = comma + (cell.rfind(",") > cell.rfind(".")), point + (cell.rfind(".") > cell.rfind(","))
            elif _GROUPS[","].match(cell) and not cell.lstrip("+-−").startswith("0"):
                unsure, example = unsure + 1, example or cell
            elif _COMMA.match(cell):
                comma += 1
            elif _POINT.match(cell) and not (_GROUPS["."].match(cell) and not cell.lstrip("+-−").startswith("0")):
                point += 1
    if unsure and not comma and not point:
        raise OperatorError("import.ask_decimal", text=example)
    return "," if comma > point else "."


def number(cell: str, mark: str) -> Decimal | None:
    """The exact number printed in a cell, or ``None`` where it is none (empty, NaN, words)."""
    simple = _SIMPLE.get(mark)
    if simple is not None and simple.fullmatch(cell):
        return Decimal(cell if mark == "." else cell.replace(",", "."))
    text = cell.strip().strip('"').strip().replace("−", "-")
    for blank in (" ", "\u00a0", "\u202f", "'", "’"):
        text = text.replace(blank, "")
    other = "," if mark == "." else "."
    if other in text and not _GROUPS[other].match(re.split("[eE]", text)[0]):
        if mark in text or text.count(other) > 1:
            return None  # a date, a version, a list: no number
        text = text.replace(other, ".")
    else:
        text = text.replace(other, "").replace(mark, ".")
    if "_" in text:  # Decimal would read 1_000 as 1000
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


# ---- workbooks --------------------------------------------------------------------------------------------------------


def _xlsx(data: bytes) -> list[Sheet]:
    import openpyxl  # a workbook is rare: its reader is loaded when one comes

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # missing styles and the like: nothing that concerns a number
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = []
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # some programs write a sheet's size wrongly; what stands in it counts
                rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
                sheets.append(Sheet(sheet.title, rows[:_LARGEST_SHEET]))
            book.close()
    except Exception as error:
        raise OperatorError("import.damaged", reason=str(error)[:100] or type(error).__name__) from error
    return sheets


def _xls(data: bytes) -> list[Sheet]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO())
        sheets = []
        for sheet in book.sheets():
            rows = [
                [_xls_cell(cell.ctype, cell.value, book.datemode) for cell in sheet.row(index)]
                for index in range(sheet.nrows)
            ]
            sheets.append(Sheet(sheet.name, rows))
    except Exception as error:
        raise OperatorError("import.damaged", reason=str(error)[:100] or type(error).__name__) from error
    return sheets


def _xls_cell(kind: int, value: object, datemode: int) -> str:
    import xlrd

    if kind == xlrd.XL_CELL_DATE and isinstance(value, float) and value >= 1:
        return str(xlrd.xldate_as_datetime(value, datemode).isoformat(sep=" "))
    return "" if kind in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else _cell(value)


def _cell(value: object) -> str:
    """Exact text of a cell: the shortest decimal that gives the stored number again."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    return str(value).strip()
