"""The database keeps every version of a watched record and refuses to skip, overwrite or drop one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from labdesk.domain.errors import OperatorError
from labdesk.domain.watching import RecordEvent, RecordReview, SourceKind, WatchedRecord, WatchedSource
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.stores import START, TESTER, SetClock, opened_engine

SOURCE = WatchedSource("s-1", "UTM 2", "m-07", SourceKind.SQLITE, "x.db", {"table": "T"}, 5, "rebar-lot", "p", "P")
FIRST = WatchedRecord("r-1", "s-1", "17", 1, RecordEvent.FIRST, "a" * 64, "run-1", "G26-1", "", "", START)
EDITED = replace(FIRST, id="r-2", version=2, event=RecordEvent.EDITED, raw_sha256="b" * 64, run_id="")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened_engine(database_url) as opened:
        yield opened


@pytest.fixture
def store(engine: Engine) -> SqlStore:
    return SqlStore(engine, SetClock())


def keep(store: SqlStore, *facts: WatchedRecord | RecordReview) -> None:
    for fact in facts:
        with store.write(TESTER) as uow:
            if isinstance(fact, WatchedRecord):
                uow.watching.add_record(fact)
            else:
                uow.watching.add_review(fact)
            uow.commit()


def test_versions_come_back_in_order_and_the_newest_counts(store: SqlStore) -> None:
    keep(store, FIRST, EDITED, replace(FIRST, id="r-3", record_key="18", run_id="run-2"))
    with store.read() as uow:
        assert uow.watching.versions("s-1", "17") == [FIRST, EDITED]
        assert {key: found.version for key, found in uow.watching.newest("s-1").items()} == {"17": 2, "18": 1}
        assert uow.watching.open_notices() == [EDITED]
        assert uow.watching.record("r-1") == FIRST


def test_a_source_keeps_its_key_and_changes_its_mapping(store: SqlStore) -> None:
    changed = replace(SOURCE, mapping={"table": "Tests", "key": "Id"})
    for source in (SOURCE, changed):
        with store.write(TESTER) as uow:
            uow.watching.put_source(source)
            uow.commit()
    with store.read() as uow:
        assert uow.watching.sources() == [changed]
        assert uow.watching.source("s-2") is None


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ((EDITED,), "watching.version_gap"),
        ((replace(FIRST, version=0),), "watching.version_gap"),
        ((replace(FIRST, event=RecordEvent.EDITED),), "watching.version_gap"),
        ((FIRST, replace(EDITED, version=3)), "watching.version_gap"),
        ((FIRST, replace(EDITED, event=RecordEvent.FIRST)), "watching.version_gap"),
        ((FIRST, replace(EDITED, raw_sha256=FIRST.raw_sha256)), "watching.no_change"),
        ((FIRST, replace(FIRST, id="r-9", record_key="18")), "watching.imported_before"),
        ((FIRST, replace(FIRST, id="r-9", run_id="run-9")), "storage.conflict"),
        ((FIRST, RecordReview("v", "r-1", "p", "nothing to see", START)), "watching.review_words"),
        ((FIRST, EDITED, RecordReview("v", "r-2", "p", "", START)), "watching.review_words"),
        ((FIRST, EDITED, RecordReview("v", "r-2", "", "words", START)), "watching.review_words"),
    ],
)
def test_the_database_refuses(store: SqlStore, facts: tuple[WatchedRecord | RecordReview, ...], key: str) -> None:
    keep(store, *facts[:-1])
    with pytest.raises(OperatorError) as refused:
        keep(store, facts[-1])
    assert refused.value.key == key


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE watched_records SET raw_sha256 = 'x'",
        "DELETE FROM watched_records",
        "UPDATE watched_records SET event = 'first'",
        "DELETE FROM watched_sources",
    ],
)
def test_what_was_seen_stays(engine: Engine, store: SqlStore, attack: str) -> None:
    keep(store, FIRST)
    with store.write(TESTER) as uow:
        uow.watching.put_source(SOURCE)
        uow.commit()
    with engine.connect() as connection, pytest.raises(SQLAlchemyError, match="evidence"):
        connection.execute(text(attack))


def test_a_review_closes_a_notice(store: SqlStore) -> None:
    keep(store, FIRST, EDITED, RecordReview("v", "r-2", "p", "Tippfehler des Bedieners", START))
    with store.read() as uow:
        assert uow.watching.open_notices() == []
