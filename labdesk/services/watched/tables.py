"""Tables of a maker's database, whatever its engine: names, columns, rows; read-only, and never half a read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from labdesk.domain.errors import EnvironmentFault

Row = Mapping[str, str]
_WAIT_S = 60
#: Every Access database is a whole number of these; anything else is still being written.
_SMALLEST_PAGE = 2048


@dataclass(frozen=True)
class TableShape:
    """A table as the mapping assistant sees it: columns and a few rows."""

    name: str
    columns: tuple[str, ...]
    sample: tuple[Row, ...]


class SqliteTables:
    """An SQLite file, opened read-only in one transaction, so that a test being written is seen whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """All tables."""
        found = self._ask(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        return [row["name"] for row in found]

    def read(self, tables: Sequence[str]) -> dict[str, list[Row]]:
        """The rows of several tables at one moment."""
        try:
            with closing(self._open()) as database:
                database.execute("BEGIN")
                return {name: _rows(database.execute(f"SELECT * FROM {quoted(name)}")) for name in tables}  # noqa: S608
        except sqlite3.Error as error:
            raise unreadable(self._path.name, error) from error

    def _ask(self, query: str) -> list[Row]:
        try:
            with closing(self._open()) as database:
                return _rows(database.execute(query))
        except sqlite3.Error as error:
            raise unreadable(self._path.name, error) from error

    def _open(self) -> sqlite3.Connection:
        if not self._path.is_file():
            raise EnvironmentFault("watching.unreadable", source=self._path.name, reason="missing")
        return sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5)


class AccessTables:
    """An ``.mdb`` or ``.accdb`` file: a copy is read with mdbtools where they are installed, else in pure Python.

    The copy is taken twice: when both differ, the maker's program is writing and the look is given up. A lock file beside the
    database (``.ldb``, ``.laccdb``) says only that the program has it open, which it has all day.
    """

    def __init__(self, path: Path, scratch: Path, reader: str = "") -> None:
        self._path, self._scratch = path, scratch
        self._tools = (reader or access_reader()) == "mdbtools"

    def names(self) -> list[str]:
        """All tables a person made."""
        copy = self._copied()
        if self._tools:
            return [name for name in self._tool("mdb-tables", "-1", str(copy)).splitlines() if name.strip()]
        return sorted(name for name in _parsed(copy).catalog if not name.startswith("MSys"))

    def read(self, tables: Sequence[str]) -> dict[str, list[Row]]:
        """The rows of several tables of one copy."""
        copy = self._copied()
        if self._tools:
            return {name: self._exported(copy, name) for name in tables}
        parser = _parsed(copy)
        try:
            return {name: _columns_to_rows(parser.parse_table(name)) for name in tables}
        except Exception as error:
            raise unreadable(self._path.name, error) from error

    def _exported(self, copy: Path, name: str) -> list[Row]:
        text = self._tool(
            "mdb-export", "-D", "%Y-%m-%d %H:%M:%S", "-T", "%Y-%m-%d %H:%M:%S", "-b", "hex", str(copy), name
        )
        return [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""))]

    def _copied(self) -> Path:
        """Two reads that are the same, put where nobody writes."""
        try:
            first = self._path.read_bytes()
            second = self._path.read_bytes()
        except OSError as error:
            raise unreadable(self._path.name, error) from error
        if first != second or len(first) % _SMALLEST_PAGE or not first:
            raise EnvironmentFault("watching.unreadable", source=self._path.name, reason="being written")
        copy = self._scratch / f"copy{self._path.suffix}"
        copy.write_bytes(first)
        return copy

    def _tool(self, *command: str) -> str:
        try:
            done = subprocess.run(command, capture_output=True, timeout=_WAIT_S, check=True)  # noqa: S603
        except (OSError, subprocess.SubprocessError) as error:
            raise unreadable(self._path.name, error) from error
        if b"Error" in done.stderr or b"rror:" in done.stderr:
            raise EnvironmentFault(
                "watching.unreadable", source=self._path.name, reason=done.stderr.decode(errors="replace")[:100]
            )
        return done.stdout.decode("utf-8", errors="replace")


def access_reader() -> str:
    """What reads Access databases here: ``mdbtools`` where they are installed, else ``python``.

    A source keeps the reader it was registered with: two readers print the same number in two ways, and a record must not look
    edited because somebody installed a tool.
    """
    return "mdbtools" if shutil.which("mdb-tables") and shutil.which("mdb-export") else "python"


def _parsed(copy: Path) -> Any:  # the parser brings no types
    try:
        from access_parser import AccessParser
    except ImportError as error:
        raise EnvironmentFault("watching.no_reader", reason="access_parser") from error
    try:
        return AccessParser(str(copy))
    except Exception as error:
        raise unreadable(copy.name, error) from error


def _columns_to_rows(table: Mapping[str, Sequence[object]]) -> list[Row]:
    names = list(table)
    return [dict(zip(names, map(text_of, cells), strict=True)) for cells in zip(*table.values(), strict=True)]


def _rows(cursor: sqlite3.Cursor) -> list[Row]:
    names = [entry[0] for entry in cursor.description or ()]
    return [dict(zip(names, map(text_of, row), strict=True)) for row in cursor]


def text_of(value: object) -> str:
    """One exact text for a cell: numbers as their shortest decimal, moments in ISO 8601, bytes in hexadecimal."""
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def quoted(name: str) -> str:
    """A table's name for SQLite."""
    return '"' + name.replace('"', '""') + '"'


def unreadable(source: str, error: Exception) -> EnvironmentFault:
    """What a failed look is: nothing may be concluded from it."""
    return EnvironmentFault("watching.unreadable", source=source, reason=(str(error) or type(error).__name__)[:120])
