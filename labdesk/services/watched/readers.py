"""The records of a source as they are now. A look either sees everything or concludes nothing.

Fields of a source's mapping:

============================================  ===============================================================================
``pattern``                                   folder: which files (``*.csv``), one test each
``table``, ``key``                            the table with one row per test, and its key column
``specimen``, ``operator``, ``at``            columns with the specimen's label, the tester, the moment of the test
``curve``                                     column that holds the whole curve as text (an export or a platform's encoding)
``curve_table``, ``curve_key``                the table with one row per sample, and its column with the test's key
``curve_order``                               column by which samples are sorted, if the time does not do it
``curve.time`` ``curve.force`` ...            columns of the samples
``query``, ``curve_query``                    database server: the reading queries instead of ``table`` and ``curve_table``
``reader``                                    Access: ``mdbtools`` or ``python``, fixed when the source is registered
``set.<name>``                                answers as for ``labdesk import --set`` (``set.force_unit`` ...)
============================================  ===============================================================================
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from labdesk.domain.errors import OperatorError
from labdesk.domain.ports.watching import QueryPort
from labdesk.domain.watching import RawRecord, SourceKind, WatchedSource
from labdesk.services.watched.tables import AccessTables, Row, SqliteTables, TableShape, text_of, unreadable

_BETWEEN = re.compile(r"(\d+)")


class Tables(Protocol):
    """Some tables at one moment."""

    def names(self) -> list[str]:
        """All tables."""
        ...

    def read(self, tables: Sequence[str]) -> dict[str, list[Row]]:
        """Rows by table."""
        ...


class Reader:
    """Fulfils ``RecordReader`` for folders, SQLite, Access, and servers behind a configured connection."""

    def __init__(self, queries: QueryPort | None = None) -> None:
        self._queries = queries

    def look(self, source: WatchedSource) -> Sequence[RawRecord]:
        """Every record as it is now; raises as ``RecordReader.look``."""
        if source.kind is SourceKind.FOLDER:
            return _files(source)
        if source.kind is SourceKind.QUERY:
            return self._queried(source)
        with tempfile.TemporaryDirectory(prefix="labdesk-watch-") as scratch:
            return _records(source, tables_of(source, Path(scratch)))

    def _queried(self, source: WatchedSource) -> list[RawRecord]:
        if self._queries is None:
            raise OperatorError("watching.source_shape", name="connection")
        mapping = source.mapping
        tests = _as_rows(self._queries.rows(source.location, needed(source, "query")))
        samples = (
            _as_rows(self._queries.rows(source.location, mapping["curve_query"])) if mapping.get("curve_query") else []
        )
        return _joined(source, tests, samples)


def tables_of(source: WatchedSource, scratch: Path) -> Tables:
    """The tables of a source that is a database file."""
    path = Path(source.location)
    return (
        SqliteTables(path)
        if source.kind is SourceKind.SQLITE
        else AccessTables(path, scratch, source.mapping.get("reader", ""))
    )


def shapes_of(source: WatchedSource, rows: int = 50) -> tuple[TableShape, ...]:
    """The tables of a database file with their columns and first rows, for the mapping assistant.

    Raises:
        EnvironmentFault: ``watching.unreadable``.
    """
    with tempfile.TemporaryDirectory(prefix="labdesk-watch-") as scratch:
        tables = tables_of(source, Path(scratch))
        found = tables.read(tables.names())
    return tuple(
        TableShape(name, tuple(content[0]) if content else (), tuple(content[:rows])) for name, content in found.items()
    )


def needed(source: WatchedSource, name: str) -> str:
    """A field of the mapping; raises OperatorError ``watching.source_shape`` without it."""
    text = source.mapping.get(name, "").strip()
    if not text:
        raise OperatorError("watching.source_shape", name=name)
    return text


def _files(source: WatchedSource) -> list[RawRecord]:
    folder = Path(source.location)
    try:
        if not folder.is_dir():
            raise FileNotFoundError("folder is missing")
        paths = sorted(path for path in folder.glob(source.mapping.get("pattern", "*")) if path.is_file())
        return [RawRecord(path.name, path.read_bytes()) for path in paths if not path.name.startswith(("~$", "."))]
    except OSError as error:
        raise unreadable(source.name, error) from error


def _records(source: WatchedSource, tables: Tables) -> list[RawRecord]:
    wanted = [needed(source, "table")]
    if source.mapping.get("curve_table"):
        wanted.append(source.mapping["curve_table"])
    known = tables.names()
    missing = next((name for name in wanted if name not in known), None)
    if missing is not None:
        raise OperatorError("watching.mapping", source=source.name, name=missing, known=", ".join(known))
    rows = tables.read(wanted)
    return _joined(source, rows[wanted[0]], rows[wanted[1]] if len(wanted) > 1 else [])


def _joined(source: WatchedSource, tests: Sequence[Row], samples: Sequence[Row]) -> list[RawRecord]:
    """One record per test with its samples, as canonical JSON: the same content gives the same bytes, in any engine."""
    key, curve_key = needed(source, "key"), source.mapping.get("curve_key", source.mapping.get("key", ""))
    _check_column(source, tests, key)
    _check_column(source, samples, curve_key)
    by_test: dict[str, list[Row]] = {}
    for row in samples:
        by_test.setdefault(row[curve_key], []).append(row)
    order = source.mapping.get("curve_order") or source.mapping.get("curve.time", "")
    records: dict[str, RawRecord] = {}
    for row in tests:
        mine = sorted(by_test.get(row[key], []), key=lambda sample: _natural(sample.get(order, "")))
        data = json.dumps({"row": row, "samples": mine}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if row[key]:
            records.setdefault(row[key], RawRecord(row[key], data.encode()))
    return list(records.values())


def _check_column(source: WatchedSource, rows: Sequence[Row], column: str) -> None:
    if rows and column not in rows[0]:
        raise OperatorError("watching.mapping", source=source.name, name=column, known=", ".join(rows[0]))


def _natural(text: str) -> tuple[float, str]:
    try:
        return float(text.replace(",", ".")), text
    except ValueError:
        return float("inf"), _BETWEEN.sub(lambda match: match.group(1).zfill(12), text)


def _as_rows(found: Sequence[Mapping[str, object]]) -> list[Row]:
    return [{name: text_of(value) for name, value in row.items()} for row in found]
