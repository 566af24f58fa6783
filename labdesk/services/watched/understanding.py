"""A raw record as a test: which specimen, who, when, and the curve, through the same readers as a hand import."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath

from labdesk.domain.clock import WALL
from labdesk.domain.errors import OperatorError
from labdesk.domain.imported import ImportedTest
from labdesk.domain.watching import RawRecord, SourceKind, WatchedSource
from labdesk.services.imports.reading import read_export

_CHANNELS = ("time", "force", "extension", "displacement", "strain")


@dataclass(frozen=True)
class Understood:
    """A record, understood.

    Attributes:
        specimen_label: as the record says; empty if it does not.
        operator: as printed; empty if the record names none.
        at: when the test was made, ``None`` where the record does not say.
        test: channels, curve, state.
    """

    specimen_label: str
    operator: str
    at: datetime | None
    test: ImportedTest


def understand(source: WatchedSource, record: RawRecord) -> Understood:
    """What a record says; raises OperatorError ``import.*`` where its curve cannot be read (perhaps not yet)."""
    answers = {name.removeprefix("set."): text for name, text in source.mapping.items() if name.startswith("set.")}
    if source.kind is SourceKind.FOLDER:
        test = _single(read_export(record.data, answers).tests)
        by_name = source.mapping.get("specimen", "name") == "name"
        label = PurePath(record.key).stem if by_name else test.specimen
        return Understood(label.strip(), test.notes.get("operator", ""), moment_of(test.notes.get("date", "")), test)
    content = json.loads(record.data)
    row: Mapping[str, str] = content["row"]
    if source.mapping.get("curve"):
        data = _bytes_of(_column(source, row, "curve"))
    elif content["samples"]:
        data = _as_table(source, content["samples"])
    else:
        raise OperatorError("watching.empty_record", record=record.key)
    test = _single(read_export(data, answers).tests)
    label, operator, at = (_column(source, row, name) for name in ("specimen", "operator", "at"))
    return Understood(label.strip(), operator.strip(), moment_of(at), test)


def _single(tests: Sequence[ImportedTest]) -> ImportedTest:
    if len(tests) != 1:
        raise OperatorError("import.no_such_specimen", name="1", known=", ".join(test.specimen for test in tests))
    return tests[0]


def _column(source: WatchedSource, row: Mapping[str, str], name: str) -> str:
    column = source.mapping.get(name, "")
    if column and column not in row:
        raise OperatorError("watching.mapping", source=source.name, name=column, known=", ".join(row))
    return row.get(column, "") if column else ""


def _bytes_of(text: str) -> bytes:
    """A column's text, or the bytes that a binary column came as (hexadecimal)."""
    squeezed = text.strip().removeprefix("0x")
    try:
        data = bytes.fromhex(squeezed)
    except ValueError:
        return text.encode()
    readable = sum(byte in b"0123456789,.;#\t\r\n -+eE\0" for byte in data)
    return data if data and readable * 2 > len(data) else text.encode()


def _as_table(source: WatchedSource, samples: Sequence[Mapping[str, str]]) -> bytes:
    """Samples as LabDesk reads tables; titles are our own, so that the maker's names need not be understood again."""
    columns = {name: source.mapping.get(f"curve.{name}", "") for name in _CHANNELS}
    used = {name: column for name, column in columns.items() if column}
    if samples:
        for column in used.values():
            if column not in samples[0]:
                raise OperatorError("watching.mapping", source=source.name, name=column, known=", ".join(samples[0]))
    lines = ["\t".join(used)]
    lines += ["\t".join(row[column] for column in used.values()) for row in samples]
    return ("\n".join(lines) + "\n").encode()


_SHAPES = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%m/%d/%Y %I:%M:%S %p", "%Y年%m月%d日")


def moment_of(text: str) -> datetime | None:
    """A moment as printed, on the laboratory's wall clock where no zone stands; ``None`` where it cannot be told."""
    cleaned = text.strip()
    try:
        found: datetime | None = datetime.fromisoformat(cleaned)
    except ValueError:
        found = next((moment for shape in _SHAPES if (moment := _parsed(cleaned, shape)) is not None), None)
    if found is None:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=WALL)).astimezone(UTC)


def _parsed(text: str, shape: str) -> datetime | None:
    try:
        return datetime.strptime(text, shape)
    except ValueError:
        return None
