"""Evidence at the platform is only ever inserted, whoever tries, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.platform.server import admin
from labdesk.platform.server.setup import Settings
from labdesk.platform.storage.base import make_engine
from labdesk.platform.storage.guards import kept_tables, make_schema
from labdesk.platform.storage.store import Store
from tests.unit.platform.world import IDENTITY, NOON, PROJECT, Region, commission, region


def address(found: Region, folder: Path, database_url: str) -> str:
    """Where the region's database is."""
    url = Settings(folder, IDENTITY, database_url).url
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.mark.parametrize("attack", ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t} CASCADE", "replace"])
def test_no_row_of_evidence_changes(both: Region, tmp_path: Path, database_url: str, attack: str) -> None:
    both.add_lab()
    both.send_out(commission())
    admin.void_tag(both.context, "YK210744081", "重码")
    engine = create_engine(address(both, tmp_path / "platform", database_url))
    sqlite = engine.dialect.name == "sqlite"
    if sqlite and "TRUNCATE" in attack:
        attack = "DELETE FROM {t} WHERE 1 = 1"
    if attack == "replace":
        attack = "INSERT OR REPLACE INTO {t} SELECT * FROM {t}" if sqlite else "UPDATE ONLY {t} SET {c} = {c}"
    tried = 0
    for table in kept_tables():
        with engine.connect() as connection:
            if connection.execute(text(f'SELECT COUNT(*) FROM "{table.name}"')).scalar_one() == 0:
                continue
        statement = attack.format(t=table.name, c=f'"{table.columns.keys()[0]}"')
        with pytest.raises(DBAPIError, match=r"kept:|UNIQUE"), engine.begin() as connection:
            connection.execute(text(statement))
        tried += 1
    engine.dispose()
    assert tried >= 9


def test_every_table_of_evidence_has_its_guards(both: Region, tmp_path: Path, database_url: str) -> None:
    engine = create_engine(address(both, tmp_path / "platform", database_url))
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
    )
    with engine.connect() as connection:
        guarded = {row[1] for row in connection.execute(text(query))}
    engine.dispose()
    assert guarded == {table.name for table in kept_tables()}


def test_a_database_of_another_version_is_not_opened(here: Region, tmp_path: Path) -> None:
    here.context.store.close()
    url = Settings(tmp_path / "platform", IDENTITY).url
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO platform_schema (version, created_at) VALUES (99, '2026-11-21')"))
    engine.dispose()
    with pytest.raises(EnvironmentFault, match=r"platform\.schema_version"):
        Store(url, NOON)


def test_making_the_schema_twice_changes_nothing(database_url: str) -> None:
    engine = make_engine(database_url)
    make_schema(engine, NOON)
    make_schema(engine, NOON)
    engine.dispose()


def test_an_unreachable_database_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"platform\.database"):
        Store(f"sqlite:///{tmp_path / 'missing' / 'platform.db'}", NOON)


def test_a_second_start_keeps_identity_keys_and_papers(tmp_path: Path) -> None:
    first = region(tmp_path / "p")
    root, trust = first.context.authority.root.key_id, first.context.store.read(lambda d: d.labs.newest_trust_list())
    first.context.store.close()
    second = region(tmp_path / "p")
    assert second.context.authority.root.key_id == root
    assert second.context.store.read(lambda desk: desk.labs.newest_trust_list()) == trust
    assert len(second.context.store.read(lambda desk: desk.records.profiles())) == 1
    second.context.store.close()


def test_imports_are_all_or_nothing_and_can_be_repeated(both: Region) -> None:
    both.add_lab()
    both.send_out(commission())
    pending = both.context.store.read(lambda desk: desk.inbox.pending("YK-LAB-1", 100))
    both.send_out(commission())
    again = both.context.store.read(lambda desk: desk.inbox.pending("YK-LAB-1", 100))
    assert [item.kind.value for item in again[len(pending) :]] == []
    new = commission("WT-2026-05000", tags="YK55550000")
    clash = commission("WT-2026-05001")
    file = admin.ImportFile(commissions=tuple(admin.CommissionFor("YK-LAB-1", item) for item in (new, clash)))
    with pytest.raises(OperatorError, match=r"platform\.tag_taken"):
        admin.import_records(both.context, file)
    assert both.context.store.read(lambda desk: desk.records.commission(new.number)) is None
    with pytest.raises(OperatorError, match=r"platform\.commission_differs"):
        both.send_out(commission(tags="YK66660000"))
    assert both.context.store.read(lambda desk: desk.records.project(PROJECT.code)) == PROJECT
