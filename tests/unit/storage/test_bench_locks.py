"""One lock per piece, ended by its own station, by a stored run, or by a take-over of a silent one: attacked in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from labdesk.domain.bench_locks import BenchLock, LockEnd, LockEnding
from labdesk.domain.errors import OperatorError
from labdesk.domain.plain import utc_text
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.benchworld import NOW
from tests.helpers.stores import TESTER, SetClock, opened_engine
from tests.unit.domain.test_bench import ran
from tests.unit.storage.test_testing import keep, refused_by_sql

PIECE, HERE, THERE = "G26-00417-1", "力学室 1", "力学室 2"
LOCK = BenchLock("r-1", PIECE, HERE, "JC-07", "张建国", NOW, NOW)
SECOND = replace(LOCK, run_id="r-2", station=THERE, machine_number="JC-09")
MINUTES = timedelta(minutes=1)
OWN_END = LockEnd("r-1", LockEnding.CAPTURE_GONE, "", HERE, "", NOW)
TAKEN = LockEnd("r-1", LockEnding.TAKEN_OVER, "停电", THERE, "李雯", NOW + 5 * MINUTES, silent_since=NOW + 3 * MINUTES)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened_engine(database_url) as opened:
        yield opened


@pytest.fixture
def store(engine: Engine) -> SqlStore:
    return SqlStore(engine, SetClock())


def take(store: SqlStore, lock: BenchLock) -> None:
    with store.write(TESTER) as uow:
        uow.equipment.locks.add(lock)
        uow.commit()


def end(store: SqlStore, how: LockEnd) -> None:
    with store.write(TESTER) as uow:
        uow.equipment.locks.end(how)
        uow.commit()


def in_force(store: SqlStore) -> BenchLock | None:
    with store.read() as uow:
        return uow.equipment.locks.in_force(PIECE)


def row(lock: BenchLock) -> dict[str, Any]:
    return {**vars(lock), "at": utc_text(lock.at), "seen_at": utc_text(lock.seen_at)}


def refused(store: SqlStore, how: LockEnd, key: str) -> None:
    with pytest.raises(OperatorError) as caught:
        end(store, how)
    assert caught.value.key == key


@pytest.mark.rule("YK-7.2a")
def test_a_second_lock_of_a_piece_is_refused_by_the_database(store: SqlStore, engine: Engine) -> None:
    take(store, LOCK)
    with pytest.raises(OperatorError) as caught:
        take(store, SECOND)
    assert caught.value.key == "bench.locked"
    refused_by_sql(engine, "bench_locks", row(SECOND), "bench.locked")
    take(store, replace(SECOND, run_id="r-3", specimen_label="G26-00417-2"))
    assert in_force(store) == LOCK


def test_the_stored_run_ends_the_lock(store: SqlStore) -> None:
    take(store, LOCK)
    keep(store, ran(key="r-1", loaded=False))
    assert in_force(store) is None
    take(store, SECOND)
    assert in_force(store) == SECOND


def test_the_own_station_ends_its_lock_and_no_other_does(store: SqlStore) -> None:
    take(store, LOCK)
    refused(store, replace(OWN_END, station=THERE), "bench.lock_not_yours")
    refused(store, replace(OWN_END, run_id="r-9"), "bench.lock_not_yours")
    end(store, OWN_END)
    assert in_force(store) is None
    with store.read() as uow:
        assert uow.equipment.locks.of_station(HERE) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"silent_since": None},
        {"silent_since": NOW + 5 * MINUTES},
        {"silent_since": NOW - MINUTES},
    ],
)
def test_a_living_station_is_not_taken_over(store: SqlStore, changes: dict[str, Any]) -> None:
    take(store, LOCK)
    refused(store, replace(TAKEN, **changes), "bench.lock_alive")
    assert in_force(store) == LOCK


def test_a_station_that_spoke_again_is_alive_and_a_silent_one_is_taken_over(store: SqlStore) -> None:
    take(store, LOCK)
    with store.write(TESTER) as uow:
        uow.equipment.locks.seen("r-1", NOW + 4 * MINUTES)
        uow.commit()
    refused(store, TAKEN, "bench.lock_alive")
    end(store, replace(TAKEN, at=NOW + 9 * MINUTES, silent_since=NOW + 7 * MINUTES))
    take(store, SECOND)
    assert in_force(store) == SECOND


def test_locks_are_neither_moved_nor_deleted_and_their_ends_stay(store: SqlStore, engine: Engine) -> None:
    take(store, LOCK)
    end(store, OWN_END)
    for statement in (
        "UPDATE bench_locks SET specimen_label = 'G26-00417-2'",
        "UPDATE bench_locks SET station = 'x'",
        "DELETE FROM bench_locks",
        "DELETE FROM bench_lock_ends",
        "UPDATE bench_lock_ends SET reason = 'x'",
    ):
        with pytest.raises(SQLAlchemyError), engine.begin() as connection:
            connection.execute(text(statement))
