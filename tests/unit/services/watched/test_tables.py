"""Two independent readers see the same Access database; a file that is being written is not read at all."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.errors import EnvironmentFault
from labdesk.services.watched.tables import AccessTables, SqliteTables, text_of
from tests.helpers.access_writer import DATE, DOUBLE, LONG, TEXT, Table, access_bytes, write_access

TESTS = Table(
    "TestRecord", [("ID", LONG), ("SampleNo", TEXT), ("TestTime", DATE), ("Fm", DOUBLE)],
    [(17, "钢筋-1", 46347.5, 39.98), (18, None, 46347.75, -0.25)],
)  # fmt: skip
MANY = Table("CurveData", [("TestID", LONG), ("Load", DOUBLE)], [(17, at / 4) for at in range(1000)])
EMPTY = Table("Nothing", [("ID", LONG), ("Name", TEXT)])


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "maker.mdb"
    write_access(path, [TESTS, MANY, EMPTY])
    return path


@pytest.mark.parametrize("reader", ["python", "mdbtools"])
def test_an_access_database_is_read_whole(reader: str, database: Path, tmp_path: Path) -> None:
    if reader == "mdbtools" and shutil.which("mdb-export") is None:
        pytest.skip("mdbtools are not installed here; the pure Python reader is tested beside this")
    tables = AccessTables(database, tmp_path, reader)
    assert sorted(tables.names()) == ["CurveData", "Nothing", "TestRecord"]
    found = tables.read(["TestRecord", "CurveData"])
    assert found["TestRecord"] == [
        {"ID": "17", "SampleNo": "钢筋-1", "TestTime": "2026-11-21 12:00:00", "Fm": "39.98"},
        {"ID": "18", "SampleNo": "", "TestTime": "2026-11-21 18:00:00", "Fm": "-0.25"},
    ]
    assert [row["Load"] for row in found["CurveData"]] == [text_of(at / 4) for at in range(1000)]
    assert tables.read(["Nothing"]) == {"Nothing": []}


@pytest.mark.parametrize("cut", [1, 3000, 4096 * 3 + 17])
def test_a_file_that_is_being_written_is_not_read(cut: int, database: Path, tmp_path: Path) -> None:
    database.write_bytes(access_bytes([TESTS, MANY])[:-cut])
    with pytest.raises(EnvironmentFault, match="unreadable"):
        AccessTables(database, tmp_path, "python").read(["TestRecord"])


@pytest.mark.parametrize("content", [b"", b"\xff" * 4096])
def test_what_is_no_database_is_no_empty_one(content: bytes, database: Path, tmp_path: Path) -> None:
    database.write_bytes(content)
    with pytest.raises(EnvironmentFault):
        AccessTables(database, tmp_path, "python").names()
    with pytest.raises(EnvironmentFault):
        SqliteTables(tmp_path / "missing.db").names()


def test_cells_have_one_exact_text() -> None:
    cells = (None, 1.0, 0.1, Decimal("1.50"), b"\x01\xff", dt.datetime(2026, 11, 21, 9, 30), dt.date(2026, 11, 21), 7)
    assert [text_of(cell) for cell in cells] == [
        "",
        "1",
        "0.1",
        "1.50",
        "01ff",
        "2026-11-21 09:30:00",
        "2026-11-21",
        "7",
    ]
