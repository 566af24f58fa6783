"""The database itself refuses second loadings, readings without evidence and spares used twice: attacked through the repository
and by SQL behind the program's back, in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from labdesk.domain.capture import EndReason, RunClass
from labdesk.domain.errors import OperatorError
from labdesk.domain.testing import Disposition, Entry, Invalidation, LostRunFinding, Run
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.benchworld import NOW
from tests.helpers.stores import TESTER, SetClock, opened_engine
from tests.unit.domain.test_bench import found, ran

LOST = ran(end_reason=EndReason.LOST_LINK)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened_engine(database_url) as opened:
        yield opened


@pytest.fixture
def store(engine: Engine) -> SqlStore:
    return SqlStore(engine, SetClock())


def keep(store: SqlStore, *facts: Run | LostRunFinding | Invalidation | Entry) -> None:
    """Each fact in a transaction of its own, through the repository."""
    for fact in facts:
        with store.write(TESTER) as uow:
            if isinstance(fact, Run):
                uow.testing.add_run(fact)
            elif isinstance(fact, LostRunFinding):
                uow.testing.add_finding(fact)
            elif isinstance(fact, Invalidation):
                uow.testing.add_invalidation(fact)
            else:
                uow.testing.add_entry(fact)
            uow.commit()


def plain(fact: Run | LostRunFinding | Invalidation, **changes: Any) -> dict[str, Any]:
    """A fact as the columns of its table."""
    values = {name: getattr(value, "value", value) for name, value in asdict(fact).items()}
    values = {name: int(value) if isinstance(value, bool) else value for name, value in values.items()}
    if "marks" in values:
        values["marks"] = " ".join(mark.value for mark in values["marks"])
    if values.get("peak_kn") is not None:
        values["peak_kn"] = str(values["peak_kn"])
    return values | changes


def by_sql(engine: Engine, table: str, values: dict[str, Any]) -> None:
    """Inserts a row without the program."""
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({marks})"), values)


def refused_by_sql(engine: Engine, table: str, values: dict[str, Any], word: str) -> None:
    with pytest.raises(SQLAlchemyError, match=word):
        by_sql(engine, table, values)


def refused(store: SqlStore, fact: Run | LostRunFinding | Invalidation, key: str) -> None:
    with pytest.raises(OperatorError) as caught:
        keep(store, fact)
    assert caught.value.key == key


def invalidation(run: Run, key: str = "i-1", **changes: Any) -> Invalidation:
    return replace(Invalidation(key, run.id, "断于夹具", "G26-00417-6", "p-1", NOW), **changes)


@pytest.mark.rule("YK-7.2a")
def test_a_second_loading_is_refused_by_the_database(store: SqlStore, engine: Engine) -> None:
    keep(store, ran())
    refused(store, ran(key="r-2"), "testing.second_loading")
    refused_by_sql(engine, "runs", plain(ran(key="r-2")), "testing.second_loading")
    refused_by_sql(engine, "runs", plain(ran(key="r-2"), specimen_label="", lot_no=""), "run_without_specimen")
    keep(store, ran(key="r-3", loaded=False), ran("G26-00417-2", "r-4"), ran(key="r-5", run_class=RunClass.TRIAL))
    with store.read() as uow:
        assert [run.id for run in uow.testing.runs_of_specimen("G26-00417-1")] == ["r-1", "r-3", "r-5"]
        assert uow.testing.run("r-1") == ran()


def test_a_run_is_neither_changed_nor_deleted_nor_replaced(store: SqlStore, engine: Engine) -> None:
    keep(store, ran())
    for statement in ("UPDATE runs SET peak_kn = '999' WHERE id = 'r-1'", "DELETE FROM runs"):
        with pytest.raises(SQLAlchemyError), engine.begin() as connection:
            connection.execute(text(statement))
    if engine.dialect.name == "sqlite":
        values = plain(ran(), peak_kn="999")
        marks = ", ".join(f":{name}" for name in values)
        with pytest.raises(SQLAlchemyError), engine.begin() as connection:
            connection.execute(text(f"INSERT OR REPLACE INTO runs ({', '.join(values)}) VALUES ({marks})"), values)
    with store.read() as uow:
        assert uow.testing.run("r-1") == ran()


def test_after_an_unbroken_finding_the_piece_is_loaded_once_more_and_only_once(store: SqlStore) -> None:
    keep(store, LOST, found(LOST, Disposition.UNBROKEN), ran(key="r-2"))
    refused(store, ran(key="r-3"), "testing.second_loading")


@pytest.mark.parametrize("disposition", [Disposition.LOST, Disposition.PEAK_ON_DISPLAY])
def test_a_broken_piece_is_not_loaded_again(store: SqlStore, disposition: Disposition) -> None:
    reading = replace(
        found(LOST, disposition),
        peak_kn=LOST.peak_kn if disposition is Disposition.PEAK_ON_DISPLAY else None,
        photo_sha256="ab" * 32 if disposition is Disposition.PEAK_ON_DISPLAY else "",
    )
    keep(store, LOST, reading)
    refused(store, ran(key="r-2"), "testing.second_loading")
    with store.read() as uow:
        assert uow.testing.finding_of_run("r-1") == reading


@pytest.mark.rule("YK-7.2a")
def test_nothing_is_found_without_a_reason(store: SqlStore, engine: Engine) -> None:
    keep(store, LOST)
    silent = replace(found(LOST, Disposition.LOST), reason="")
    refused(store, silent, "testing.reason_needed")
    refused_by_sql(engine, "lost_run_findings", plain(silent), "testing.reason_needed")


def test_one_person_alone_confirms_nothing(store: SqlStore, engine: Engine) -> None:
    keep(store, LOST)
    alone = replace(found(LOST, Disposition.LOST), second_id="p-1")
    refused(store, alone, "testing.two_people")
    refused_by_sql(engine, "lost_run_findings", plain(alone), "testing.two_people")
    refused_by_sql(engine, "lost_run_findings", plain(alone, second_id=""), "testing.two_people")


def test_a_reading_needs_photo_and_peak(store: SqlStore, engine: Engine) -> None:
    keep(store, LOST)
    reading = replace(found(LOST, Disposition.PEAK_ON_DISPLAY), peak_kn=LOST.peak_kn)
    refused(store, reading, "testing.reading_needs_photo")
    refused_by_sql(engine, "lost_run_findings", plain(reading), "reading_needs_photo")
    refused_by_sql(
        engine, "lost_run_findings", plain(reading, peak_kn=None, photo_sha256="ab" * 32), "reading_needs_photo"
    )
    unbroken = plain(replace(reading, disposition=Disposition.UNBROKEN))
    refused_by_sql(engine, "lost_run_findings", unbroken, "reading_needs_photo")


def test_a_run_that_broke_needs_no_finding(store: SqlStore, engine: Engine) -> None:
    keep(store, ran())
    finding = found(ran(), Disposition.UNBROKEN)
    refused(store, finding, "testing.run_not_lost")
    refused_by_sql(engine, "lost_run_findings", plain(finding), "testing.run_not_lost")
    refused_by_sql(engine, "lost_run_findings", plain(finding, run_id="r-99"), "testing.run_not_lost")


def test_there_is_one_finding_per_run(store: SqlStore, engine: Engine) -> None:
    keep(store, LOST, found(LOST, Disposition.LOST))
    second = plain(found(LOST, Disposition.UNBROKEN), id="f-2")
    refused_by_sql(engine, "lost_run_findings", second, "(?i)unique")
    with pytest.raises(SQLAlchemyError), engine.begin() as connection:
        connection.execute(text("UPDATE lost_run_findings SET disposition = 'unbroken'"))


def test_an_invalid_run_needs_a_reason_and_a_fresh_spare(store: SqlStore, engine: Engine) -> None:
    one, two, spare = ran(), ran("G26-00417-2", "r-2"), ran("G26-00417-6", "r-3")
    keep(store, one, two)
    refused(store, invalidation(one, reason=""), "testing.invalidation_reason")
    refused_by_sql(engine, "invalidations", plain(invalidation(one), run_id="r-99"), "invalidation_reason")
    keep(store, invalidation(one))
    refused_by_sql(engine, "invalidations", plain(invalidation(two, "i-2")), "(?i)unique")
    keep(store, spare)
    used = invalidation(two, "i-3", replacement_label="G26-00417-6")
    refused(store, used, "testing.replacement_used")
    refused_by_sql(engine, "invalidations", plain(used), "testing.replacement_used")
    keep(store, invalidation(two, "i-4", replacement_label=""))
    refused_by_sql(engine, "invalidations", plain(invalidation(two, "i-5"), replacement_label=None), "(?i)unique")


def test_entries_stay_as_typed(store: SqlStore, engine: Engine) -> None:
    first = Entry("e-1", "GJ-2026-00417", "G26-00417-1", "lu_mm", " 0124.50", "p-1", NOW)
    second = replace(first, id="e-2", text="124.6", reason="读错")
    keep(store, first, second)
    for statement in ("UPDATE entries SET text = '1' WHERE id = 'e-1'", "DELETE FROM entries WHERE id = 'e-1'"):
        with pytest.raises(SQLAlchemyError), engine.begin() as connection:
            connection.execute(text(statement))
    with store.read() as uow:
        assert uow.testing.entries_of_lot("GJ-2026-00417") == [first, second]
