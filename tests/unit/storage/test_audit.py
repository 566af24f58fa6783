"""An audit names table, row and time of what was changed behind the program's back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from labdesk.domain.audit import BreakKind
from labdesk.domain.errors import OperatorError
from labdesk.evidence.merkle import EMPTY_ROOT
from labdesk.storage.audit import DatabaseAuditor, audit_database
from labdesk.storage.blobs import BlobStore
from labdesk.storage.triggers import installed_triggers
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.stores import START, TESTER, SetClock, opened_engine


@pytest.fixture
def engine(database_url: str):
    with opened_engine(database_url) as opened:
        yield opened


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


@pytest.fixture
def filled(engine: Engine, blobs: BlobStore) -> Engine:
    store = SqlStore(engine, SetClock())
    with store.write(TESTER) as uow:
        uow.facts.put("kind", "real")
        for number in range(5):
            uow.numbers.take("GJ", 2026, f"lot {number}", SetClock().now())
        digest = blobs.put(b"photo")
        uow.blobs.add(digest, 5, "image/jpeg", SetClock().now())
        uow.commit()
    return engine


def no_checkpoints(note: str) -> tuple[int, bytes]:
    raise OperatorError("evidence.checkpoint", note=note)


def audit(engine: Engine, blobs: BlobStore):
    with Session(engine) as session:
        return audit_database(DatabaseAuditor(session, blobs, no_checkpoints))


def behind_the_back(engine: Engine, *statements: str) -> None:
    """What somebody with the database file and a tool can do: drop the guards, then write."""
    with engine.begin() as connection:
        for name in installed_triggers(connection):
            if engine.dialect.name == "sqlite":
                connection.execute(text(f"DROP TRIGGER {name}"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


def found(engine: Engine, blobs: BlobStore) -> set[tuple[BreakKind, str, str]]:
    kinds = {BreakKind.TRIGGER_MISSING}
    return {(item.kind, item.table, item.row) for item in audit(engine, blobs).breaks if item.kind not in kinds}


def test_an_untouched_database_is_intact(filled: Engine, blobs: BlobStore) -> None:
    summary = audit(filled, blobs)
    assert summary.intact()
    assert (summary.rows, summary.blobs) == (7, 1)
    assert summary.log_entries == 7
    assert summary.root != EMPTY_ROOT.hex()


@pytest.mark.rule("YK-7.5")
def test_a_changed_value_is_named_with_table_row_and_time(filled: Engine, blobs: BlobStore) -> None:
    behind_the_back(filled, "UPDATE numbers SET subject = 'other' WHERE text = 'GJ-2026-00003'")
    broken = [item for item in audit(filled, blobs).breaks if item.kind is BreakKind.ROW_CHANGED]
    assert [(item.table, item.row, item.written_at) for item in broken] == [("numbers", "GJ-2026-00003", START)]


def test_a_deleted_row_is_named(filled: Engine, blobs: BlobStore) -> None:
    behind_the_back(filled, "DELETE FROM numbers WHERE text = 'GJ-2026-00002'")
    assert found(filled, blobs) == {(BreakKind.ROW_MISSING, "numbers", "GJ-2026-00002")}


def test_an_inserted_row_is_named(filled: Engine, blobs: BlobStore) -> None:
    behind_the_back(
        filled,
        "INSERT INTO numbers (text, prefix, year, value, subject, at) "
        "VALUES ('GJ-2026-00099', 'GJ', 2026, 99, 'x', '2026-11-21T01:00:00.000000Z')",
    )
    assert found(filled, blobs) == {(BreakKind.ROW_UNLOGGED, "numbers", "GJ-2026-00099")}


def test_a_time_that_is_no_time_is_found_not_stumbled_over(filled: Engine, blobs: BlobStore) -> None:
    behind_the_back(filled, "UPDATE numbers SET at = 'long ago' WHERE text = 'GJ-2026-00001'")
    assert found(filled, blobs) == {(BreakKind.ROW_CHANGED, "numbers", "GJ-2026-00001")}


def test_a_changed_log_entry_is_found(filled: Engine, blobs: BlobStore) -> None:
    behind_the_back(filled, "UPDATE log_entries SET actor = 'somebody else' WHERE seq = 3")
    breaks = {kind for kind, _, _ in found(filled, blobs)}
    assert BreakKind.LOG_ENTRY_CHANGED in breaks
    assert BreakKind.LOG_NODE_CHANGED in breaks


def test_a_row_and_its_leaf_deleted_together_are_found(filled: Engine, blobs: BlobStore) -> None:
    behind_the_back(
        filled,
        "DELETE FROM numbers WHERE text = 'GJ-2026-00002'",
        "DELETE FROM log_entries WHERE row_key = 'GJ-2026-00002'",
    )
    assert BreakKind.LOG_ENTRY_MISSING in {kind for kind, _, _ in found(filled, blobs)}


def test_a_dropped_guard_is_named(filled: Engine, blobs: BlobStore) -> None:
    with filled.begin() as connection:
        name = next(item for item in installed_triggers(connection) if item.startswith("numbers"))
        on_table = "" if filled.dialect.name == "sqlite" else " ON numbers"
        connection.execute(text(f"DROP TRIGGER {name}{on_table}"))
    assert (BreakKind.TRIGGER_MISSING, "schema", name) in {
        (item.kind, item.table, item.row) for item in audit(filled, blobs).breaks
    }


@pytest.mark.parametrize(("damage", "kind"), [(b"other", BreakKind.BLOB_CHANGED), (None, BreakKind.BLOB_MISSING)])
def test_a_damaged_file_is_named(filled: Engine, blobs: BlobStore, damage: bytes | None, kind: BreakKind) -> None:
    path = blobs.path(blobs.put(b"photo"))
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    assert {item.kind for item in audit(filled, blobs).breaks} == {kind}
