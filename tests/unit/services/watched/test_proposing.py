"""The assistant finds tables and columns by name and by value, and a wrong name does not win over what the values show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.watching import SourceKind, WatchedSource
from labdesk.services.watched.proposing import propose
from labdesk.services.watched.readers import Reader, shapes_of
from labdesk.services.watched.tables import TableShape
from tests.helpers.watchworld import TABLES, maker_database, maker_writes


def shape(name: str, *rows: dict[str, str]) -> TableShape:
    return TableShape(name, tuple(rows[0]), rows)


def test_a_makers_database_is_mapped_and_the_mapping_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "maker.db"
    maker_database(path)
    maker_writes(path, 17, "G26-00417-1")
    maker_writes(path, 18, "G26-00417-2")
    source = WatchedSource("s", "s", "m", SourceKind.SQLITE, str(path), {}, 5, "rebar-lot", "p", "P")
    found = propose(shapes_of(source))
    assert found.missing == ()
    assert found.mapping == {name: text for name, text in TABLES.items() if not name.startswith("set.")}
    assert len(Reader().look(replace(source, mapping=found.mapping))) == 2


def test_chinese_short_names_are_known() -> None:
    tests = shape(
        "sysj",
        {"xh": "1", "ypbh": "GJ-26-1", "syr": "张", "syqx": "0.1#1.2\n" * 50, "sysj": "2026-11-21 09:00:00"},
        {"xh": "2", "ypbh": "GJ-26-2", "syr": "李", "syqx": "0.1#1.2\n" * 50, "sysj": "2026-11-21 09:10:00"},
    )
    log = shape("log", {"n": "1", "text": "started"})
    assert propose([log, tests]).mapping == {
        "table": "sysj", "key": "xh", "specimen": "ypbh", "operator": "syr", "curve": "syqx", "at": "sysj",
    }  # fmt: skip


def test_values_contradict_a_name() -> None:
    rows = [{"ID": str(at), "Sample": f"2026-11-2{at} 10:00:00", "Label": f"G26-{at}"} for at in range(1, 5)]
    found = propose([shape("T", *rows)])
    assert found.mapping["specimen"] == "Label"


def test_what_is_missing_is_named() -> None:
    assert propose([]).missing == ("key", "specimen")
    found = propose([shape("T", {"ID": "1", "SampleNo": "A"}, {"ID": "2", "SampleNo": "B"})])
    assert found.missing == ("curve",)
    assert all(0 <= candidate.score <= 100 for candidate in found.candidates)


def test_units_are_never_proposed(tmp_path: Path) -> None:
    path = tmp_path / "maker.db"
    maker_database(path)
    maker_writes(path, 17, "G26-00417-1")
    source = WatchedSource("s", "s", "m", SourceKind.SQLITE, str(path), {}, 5, "rebar-lot", "p", "P")
    assert not [name for name in propose(shapes_of(source)).mapping if name.startswith("set.")]
    with pytest.raises(OperatorError, match="source_shape"):
        Reader().look(source)
