"""The watcher: every finished record once, half-written ones waited for, later changes told with both versions kept."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from labdesk.domain.capture import EndReason
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.sealed_run import RunMark, decode_run
from labdesk.domain.watching import RecordEvent, SourceKind, WatchedRecord, WatchedSource
from labdesk.services.sealed_curves import curve_from_bytes
from labdesk.services.watched.readers import Reader
from labdesk.services.watching import LONG_WAIT_S
from tests.helpers import exports
from tests.helpers.benchworld import TECHNICIAN, session
from tests.helpers.exports import PEAK_KN, ROWS, lines
from tests.helpers.stores import opened_engine
from tests.helpers.watchworld import CHIEF, TABLES, WatchWorld, maker_database, maker_samples, maker_writes

ONE, TWO = "G26-00417-1", "G26-00417-2"
WHOLE = ("Time (s),Force (kN),Stroke (mm)\n" + lines(lambda row: row[:3])).encode()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WatchWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield WatchWorld(engine)


@pytest.fixture
def maker(tmp_path: Path) -> Path:
    path = tmp_path / "maker.db"
    maker_database(path)
    return path


@pytest.fixture
def source(world: WatchWorld, maker: Path) -> WatchedSource:
    return world.watch(SourceKind.SQLITE, maker, TABLES)


def events(found: tuple[WatchedRecord, ...]) -> list[tuple[str, RecordEvent, str]]:
    return [(version.record_key, version.event, version.problem) for version in found]


@pytest.mark.rule("YK-7.2a")
def test_a_finished_record_becomes_a_run_of_its_specimen(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE)
    (version,) = world.settled(source).new
    assert events((version,)) == [("17", RecordEvent.FIRST, "")]
    with world.bench.store.read() as uow:
        (run,) = uow.testing.runs_of_specimen(ONE)
        assert [event.kind for event in uow.custody.of_subjects([ONE])] == [CustodyKind.RUN]
        assert len(uow.outbox.newest(5)) == 1
    assert (run.id, run.operator_name, run.end_reason) == (version.run_id, "孙强", EndReason.BREAK)
    assert float(run.peak_kn or 0) == pytest.approx(PEAK_KN)
    assert run.number.startswith("SY-2026-")


def test_the_run_says_that_labdesk_did_not_capture_it(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE)
    (version,) = world.settled(source).new
    with world.bench.store.read() as uow:
        run = uow.testing.run(version.run_id)
    assert run is not None
    assert run.marked
    data = world.bench.blobs.get(run.sealed_sha256)
    header = decode_run(data).header
    assert RunMark.IMPORTED in header.marks
    assert header.driver.id == "import"
    assert "not captured by LabDesk" in header.end_detail
    assert header.journal_sha256 == version.raw_sha256
    assert header.started_at.isoformat() == "2026-11-21T01:30:00+00:00"
    curve = curve_from_bytes(data)
    assert len(curve) == len(ROWS)
    assert float(curve.force_kn.view.max()) == pytest.approx(PEAK_KN)


def test_every_record_once_however_often_one_looks(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE)
    maker_writes(maker, 18, TWO)
    assert len(world.settled(source).new) == 2
    for _ in range(3):
        assert world.settled(source).new == ()
    world.restart()
    assert world.settled(source).new == ()
    with world.bench.store.read() as uow:
        assert len(uow.testing.newest_runs(10)) == 2


def test_a_run_stored_before_a_crash_is_not_stored_again(
    world: WatchWorld, source: WatchedSource, maker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker_writes(maker, 17, ONE)

    def dies(*_: object) -> None:
        raise EnvironmentFault("storage.unavailable", reason="power")

    with monkeypatch.context() as broken:
        broken.setattr(world.watcher, "_store", dies)
        with pytest.raises(EnvironmentFault):
            world.settled(source)
    with world.bench.store.read() as uow:
        assert len(uow.testing.newest_runs(10)) == 1
        assert uow.watching.newest(source.id) == {}
    world.restart()
    (version,) = world.settled(source).new
    assert version.problem == ""
    with world.bench.store.read() as uow:
        assert [run.id for run in uow.testing.newest_runs(10)] == [version.run_id]


def test_a_half_written_record_is_waited_for(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE, samples=30)
    found = world.settled(source)
    assert (found.new, found.waiting) == ((), ("17",))
    with closing(sqlite3.connect(maker)) as database, database:
        maker_samples(database, 17, 30, len(ROWS))
    assert world.watcher.look(source.id).waiting == ("17",)
    (version,) = world.settled(source).new
    with world.bench.store.read() as uow:
        run = uow.testing.run(version.run_id)
    assert run is not None
    assert float(run.peak_kn or 0) == pytest.approx(PEAK_KN)


def test_a_row_without_samples_is_waited_for_and_at_last_told(
    world: WatchWorld, source: WatchedSource, maker: Path
) -> None:
    maker_writes(maker, 17, ONE, samples=0)
    assert world.settled(source).waiting == ("17",)
    (version,) = world.settled(source, LONG_WAIT_S).new
    assert version.problem == "watching.empty_record"
    assert world.watcher.notices() == [version]


def test_an_abandoned_test_is_imported_as_one(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE, samples=30)
    (version,) = world.settled(source, LONG_WAIT_S).new
    with world.bench.store.read() as uow:
        run = uow.testing.run(version.run_id)
    assert run is not None
    assert run.end_reason is EndReason.OPERATOR


def test_a_transaction_that_is_still_open_is_not_seen(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    with closing(sqlite3.connect(maker, isolation_level=None)) as writer:
        writer.execute("BEGIN")
        writer.execute("INSERT INTO TestRecord VALUES (17, ?, '', '', 1)", (ONE,))
        maker_samples(writer, 17, 0, len(ROWS))
        assert world.settled(source) == world.watcher.look(source.id)
        writer.execute("COMMIT")
    assert len(world.settled(source).new) == 1


def test_an_edited_record_is_told_with_both_versions(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE)
    (first,) = world.settled(source).new
    with closing(sqlite3.connect(maker)) as database, database:
        database.execute("UPDATE CurveData SET Load = Load * 1.1 WHERE TestID = 17")
    (edited,) = world.settled(source).new
    assert (edited.event, edited.version, edited.run_id) == (RecordEvent.EDITED, 2, "")
    versions = world.watcher.versions(source.id, "17")
    assert [version.version for version, _ in versions] == [1, 2]
    assert versions[0][1] != versions[1][1]
    assert world.watcher.notices() == [edited]
    with world.bench.store.read() as uow:
        (run,) = uow.testing.runs_of_specimen(ONE)
    assert run.id == first.run_id
    assert float(run.peak_kn or 0) == pytest.approx(PEAK_KN)
    world.watcher.review(edited.id, "Kraft nachträglich geändert, Rückfrage läuft", CHIEF)
    assert world.watcher.notices() == []


def test_a_deleted_record_is_told_and_stays(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE)
    (first,) = world.settled(source).new
    with closing(sqlite3.connect(maker)) as database, database:
        database.execute("DELETE FROM TestRecord WHERE ID = 17")
    assert world.watcher.look(source.id).new == ()  # once missing is not yet deleted
    (deleted,) = world.settled(source).new
    assert (deleted.event, deleted.raw_sha256) == (RecordEvent.DELETED, first.raw_sha256)
    assert world.settled(source).new == ()
    maker_writes(maker, 17, ONE)
    (returned,) = world.settled(source).new
    assert returned.event is RecordEvent.RETURNED


def test_a_missing_database_is_no_deletion(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE)
    world.settled(source)
    os.replace(maker, maker.with_suffix(".away"))
    for _ in range(2):
        with pytest.raises(EnvironmentFault, match="unreadable"):
            world.settled(source)
    os.replace(maker.with_suffix(".away"), maker)
    assert world.settled(source).new == ()


def test_a_damaged_database_is_no_deletion(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE)
    world.settled(source)
    maker.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    with pytest.raises(EnvironmentFault, match="unreadable"):
        world.settled(source)
    with world.bench.store.read() as uow:
        assert uow.watching.newest(source.id)["17"].event is RecordEvent.FIRST


def test_a_record_of_an_unknown_specimen_is_kept_told_and_can_be_assigned(
    world: WatchWorld, source: WatchedSource, maker: Path
) -> None:
    maker_writes(maker, 17, "G26-99999-1")
    maker_writes(maker, 18, "")
    unknown, unnamed = world.settled(source).new
    assert (unknown.problem, unnamed.problem) == ("watching.unknown_specimen", "watching.no_specimen")
    with pytest.raises(OperatorError, match="unknown_specimen"):
        world.watcher.assign(unknown.id, "G26-88888-1", CHIEF)
    assigned = world.watcher.assign(unknown.id, ONE, CHIEF)
    assert (assigned.event, assigned.version) == (RecordEvent.ASSIGNED, 2)
    with world.bench.store.read() as uow:
        assert [run.id for run in uow.testing.runs_of_specimen(ONE)] == [assigned.run_id]
    assert world.watcher.notices() == [unnamed]
    with pytest.raises(OperatorError, match="imported_before"):
        world.watcher.assign(unknown.id, TWO, CHIEF)
    assert world.settled(source).new == ()


def test_a_label_corrected_in_the_makers_program_is_imported_then(
    world: WatchWorld, source: WatchedSource, maker: Path
) -> None:
    maker_writes(maker, 17, "typo")
    world.settled(source)
    with closing(sqlite3.connect(maker)) as database, database:
        database.execute("UPDATE TestRecord SET SampleNo = ?", (ONE,))
    (edited,) = world.settled(source).new
    assert (edited.event, bool(edited.run_id), edited.problem) == (RecordEvent.EDITED, True, "")


def test_a_second_loading_is_refused_for_imports_too(world: WatchWorld, source: WatchedSource, maker: Path) -> None:
    maker_writes(maker, 17, ONE)
    maker_writes(maker, 18, ONE)
    one, two = world.settled(source).new
    assert (one.problem, two.problem) == ("", "testing.second_loading")
    assert two.run_id == ""


def test_a_folder_of_exports(world: WatchWorld, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    source = world.watch(SourceKind.FOLDER, folder, {"pattern": "*.csv"})
    (folder / f"{ONE}.csv").write_bytes(WHOLE[: len(WHOLE) // 2])
    assert world.settled(source).waiting == (f"{ONE}.csv",)
    (folder / f"{ONE}.csv").write_bytes(WHOLE)
    (folder / f"{TWO}.csv").write_bytes(WHOLE)
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    world.watcher.look(source.id)
    assert events(world.settled(source).new) == [
        (f"{ONE}.csv", RecordEvent.FIRST, ""), (f"{TWO}.csv", RecordEvent.FIRST, ""),
    ]  # fmt: skip
    (folder / f"{ONE}.csv").write_bytes(WHOLE + b"7.5,0,0\n")
    (folder / f"{TWO}.csv").unlink()
    assert [version.event for version in world.settled(source).new] == [RecordEvent.EDITED, RecordEvent.DELETED]


def test_a_label_inside_the_file(world: WatchWorld, tmp_path: Path) -> None:
    source = world.watch(SourceKind.FOLDER, tmp_path, {"pattern": "*.txt", "specimen": "content"})
    (tmp_path / "0001.txt").write_bytes(exports.chinese().replace("GJ-2026-001".encode("gb18030"), ONE.encode()))
    (version,) = world.settled(source).new
    assert (version.specimen_label, version.problem) == (ONE, "")


def test_a_curve_in_one_column(world: WatchWorld, tmp_path: Path) -> None:
    path = tmp_path / "platform.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE T (Id INTEGER, Ypbh TEXT, Syqx TEXT, Raw BLOB)")
        database.execute("INSERT INTO T VALUES (1, ?, ?, NULL)", (ONE, exports.hash_pairs().decode()))
        database.execute("INSERT INTO T VALUES (2, ?, ?, ?)", (TWO, "", exports.hash_pairs()))
    answers = {"table": "T", "key": "Id", "specimen": "Ypbh", "set.force_unit": "kN", "set.time_unit": "s"}
    text = world.watch(SourceKind.SQLITE, path, {**answers, "curve": "Syqx"})
    assert [version.problem for version in world.settled(text).new if version.record_key == "1"] == [""]
    world.watcher.register(replace(text, id="", name="blob", mapping={**answers, "curve": "Raw"}), CHIEF)
    blob = next(source for source in world.watcher.sources() if source.name == "blob")
    assert [version.problem for version in world.settled(blob).new if version.record_key == "2"] == [""]


class OneConnection:
    """Any engine behind a DB-API connection, as an administrator configures it."""

    def __init__(self, path: Path) -> None:
        self.path, self.broken = path, False

    def rows(self, connection: str, query: str) -> list[Mapping[str, object]]:
        if self.broken:
            raise EnvironmentFault("watching.unreadable", source=connection, reason="no route")
        with closing(sqlite3.connect(self.path)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query)]


def test_a_server_through_configured_queries(world: WatchWorld, maker: Path) -> None:
    connection = OneConnection(maker)
    world.reader = Reader(connection)
    world.restart()
    queries = {"query": "SELECT * FROM TestRecord", "curve_query": "SELECT * FROM CurveData"}
    mapping = {name: text for name, text in TABLES.items() if "table" not in name} | queries
    source = world.watch(SourceKind.QUERY, "sqlserver-1", mapping)
    maker_writes(maker, 17, ONE)
    (version,) = world.settled(source).new
    assert version.problem == ""
    connection.broken = True
    with pytest.raises(EnvironmentFault):
        world.settled(source)


def test_a_wrong_mapping_is_told_with_what_there_is(world: WatchWorld, maker: Path) -> None:
    maker_writes(maker, 17, ONE)
    for wrong, name in (({"table": "Tests"}, "Tests"), ({"key": "Nr"}, "Nr"), ({"curve_key": "Nr"}, "Nr")):
        source = world.watch(SourceKind.SQLITE, maker, {**TABLES, **wrong})
        with pytest.raises(OperatorError) as refused:
            world.watcher.look(source.id)
        assert (refused.value.key, refused.value.params["name"]) == ("watching.mapping", name)
        world.watcher.register(replace(source, name=f"wrong {sorted(wrong)}"), CHIEF)


def test_only_those_who_may_change_sources_and_review(world: WatchWorld, source: WatchedSource) -> None:
    with pytest.raises(OperatorError, match="may_not"):
        world.watcher.register(source, session(TECHNICIAN))
    with pytest.raises(OperatorError, match="may_not"):
        world.watcher.review("x", "words", session(TECHNICIAN))
    with pytest.raises(OperatorError, match="may_not"):
        world.watcher.assign("x", ONE, session(TECHNICIAN))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"name": " "}, "watching.source_shape"),
        ({"mapping": {"table": "T"}}, "watching.source_shape"),
        ({"machine_id": "m-00"}, "bench.unknown_machine"),
    ],
)
def test_a_source_that_cannot_work_is_not_kept(
    world: WatchWorld, source: WatchedSource, change: dict, key: str
) -> None:  # type: ignore[type-arg]
    with pytest.raises(OperatorError) as refused:
        world.watcher.register(replace(source, id="", **change), CHIEF)
    assert refused.value.key == key


def test_what_is_not_there_is_said(world: WatchWorld) -> None:
    for call in (
        lambda: world.watcher.look("x"),
        lambda: world.watcher.review("x", "w", CHIEF),
        lambda: world.watcher.assign("x", ONE, CHIEF),
    ):
        with pytest.raises(OperatorError, match="no_such"):
            call()


def test_a_preview_shows_what_would_become_of_records_and_keeps_nothing(
    world: WatchWorld, source: WatchedSource, maker: Path
) -> None:
    maker_writes(maker, 17, ONE)
    maker_writes(maker, 18, TWO, samples=0)
    unitless = replace(source, mapping={name: text for name, text in TABLES.items() if not name.startswith("set.")})
    one, two = world.watcher.preview(source)
    assert (one.specimen_label, one.samples, one.state, one.problem) == (ONE, len(ROWS), "complete", "")
    assert float(one.peak_kn or 0) == pytest.approx(PEAK_KN)
    assert two.problem == "watching.empty_record"
    assert "force_unit" in world.watcher.preview(unitless)[0].detail
    proposal, shapes = world.watcher.propose(source)
    assert proposal.missing == ()
    assert {table.name for table in shapes} == {"TestRecord", "CurveData"}
    with world.bench.store.read() as uow:
        assert uow.watching.newest(source.id) == {}
