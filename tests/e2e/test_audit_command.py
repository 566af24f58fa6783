"""``labdesk audit`` as a command: what was changed or deleted behind the program's back is named by table, row and time."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from labdesk.app.demo.world import PRESS
from labdesk.app.paths import Home
from labdesk.domain.evaluation import TestKind
from labdesk.domain.testing import Run
from tests.helpers.laboratory import CUBE, Laboratory, open_laboratory, receive_cubes, run_command


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Laboratory, Run]]:
    """A laboratory that received cubes and crushed one of them."""
    laboratory = open_laboratory(tmp_path_factory.mktemp("lab"))
    try:
        laboratory.sync()
        for _ in receive_cubes(laboratory):
            pass
        cube = laboratory.pieces("concrete-cube", TestKind.COMPRESSION)[0]
        run_id = laboratory.load(cube.label, PRESS, CUBE)
        run = laboratory.home_came(run_id)[run_id]
        laboratory.sync()
        yield laboratory, run
    finally:
        laboratory.close()


class Copy:
    """A copy of the laboratory's folder, to be spoilt, as somebody with the disk in hand could."""

    def __init__(self, laboratory: Laboratory, folder: Path) -> None:
        self.home = Home(folder)
        live = laboratory.world.home
        folder.mkdir()
        shutil.copy(live.config, self.home.config)
        shutil.copy(live.folder / "platform.json", folder / "platform.json")
        for part in ("files", "keys"):
            shutil.copytree(live.folder / part, folder / part)
        with closing(sqlite3.connect(live.database)) as source, closing(sqlite3.connect(self.home.database)) as copy:
            source.backup(copy)

    def spoil(self, *statements: str) -> None:
        """Drop every trigger, run the statements, and put the triggers back, so that nothing but the rows differs."""
        with closing(sqlite3.connect(self.home.database)) as connection:
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                assert connection.execute(statement).rowcount == 1, statement
            for _, sql in triggers:
                connection.execute(sql)
            connection.commit()

    def audit(self) -> tuple[int, list[dict[str, Any]], str]:
        """Exit code, breaks and the sentence of the real command."""
        done = run_command("audit", "--json", "--home", str(self.home.folder))
        return done.returncode, json.loads(done.stdout)["breaks"], done.stderr


@pytest.fixture
def copy(lab: tuple[Laboratory, Run], tmp_path: Path) -> Copy:
    return Copy(lab[0], tmp_path / "copy")


def written_lately(item: dict[str, Any]) -> bool:
    at = datetime.fromisoformat(item["written_at"])
    return timedelta() <= datetime.now(UTC) - at < timedelta(minutes=10)


def test_the_database_itself_refuses_the_change(copy: Copy, lab: tuple[Laboratory, Run]) -> None:
    with closing(sqlite3.connect(copy.home.database)) as connection:
        for statement in ("UPDATE runs SET peak_kn = '999'", "DELETE FROM runs"):
            with pytest.raises(sqlite3.Error, match="evidence: runs rows"):
                connection.execute(statement)
    assert copy.audit()[:2] == (0, [])


@pytest.mark.rule("YK-9.3")
def test_a_changed_value_is_named_by_table_row_and_time(copy: Copy, lab: tuple[Laboratory, Run]) -> None:
    run = lab[1]
    copy.spoil(f"UPDATE runs SET peak_kn = '999.0' WHERE id = '{run.id}'")
    code, breaks, sentence = copy.audit()
    assert code == 1, sentence
    (item,) = breaks
    assert (item["kind"], item["table"], item["row"]) == ("row_changed", "runs", run.id)
    assert written_lately(item)
    shown = run_command("audit", "--home", str(copy.home.folder))
    assert shown.returncode == 1
    when = (
        datetime.fromisoformat(item["written_at"])
        .astimezone(timezone(timedelta(hours=8)))
        .strftime("%Y-%m-%d %H:%M:%S")
    )
    assert all(word in shown.stdout for word in ("runs", run.id, when)), shown.stdout


@pytest.mark.rule("YK-9.3")
def test_a_deleted_row_is_named_by_table_row_and_time(copy: Copy, lab: tuple[Laboratory, Run]) -> None:
    with closing(sqlite3.connect(copy.home.database)) as connection:
        (key,) = connection.execute("SELECT id FROM custody_events WHERE kind = 'refused' LIMIT 1").fetchone()
    copy.spoil(f"DELETE FROM custody_events WHERE id = '{key}'")
    code, breaks, _ = copy.audit()
    (item,) = breaks
    assert (code, item["kind"], item["table"], item["row"]) == (1, "row_missing", "custody_events", key)
    assert written_lately(item)


def test_an_added_row_is_named(copy: Copy) -> None:
    key = "01900000-0000-7000-8000-00000000beef"
    copy.spoil(
        "INSERT INTO custody_events (id, kind, commission_no, subject, person, station, at, detail) "
        f"SELECT '{key}', kind, commission_no, subject, person, station, at, detail FROM custody_events LIMIT 1"
    )
    code, breaks, _ = copy.audit()
    assert (code, [(item["kind"], item["table"], item["row"]) for item in breaks]) == (
        1,
        [("row_unlogged", "custody_events", key)],
    )


def test_rewriting_the_log_as_well_fails_against_the_signed_head(copy: Copy, lab: tuple[Laboratory, Run]) -> None:
    """Somebody who knows the program changes the row and the hash that the log keeps of it."""
    run = lab[1]
    copy.spoil(
        f"UPDATE runs SET peak_kn = '999.0' WHERE id = '{run.id}'",
        f"UPDATE log_entries SET row_sha256 = '{'0' * 64}' WHERE table_name = 'runs' AND row_key = '{run.id}'",
    )
    code, breaks, _ = copy.audit()
    kinds = {item["kind"] for item in breaks}
    assert code == 1
    assert {"row_changed", "log_entry_changed"} <= kinds


def test_a_curve_changed_on_the_disk_is_named(copy: Copy, lab: tuple[Laboratory, Run]) -> None:
    digest = lab[1].sealed_sha256
    (blob,) = (path for path in copy.home.blobs.rglob("*") if path.is_file() and path.name in digest)
    blob.chmod(0o600)
    data = bytearray(blob.read_bytes())
    data[len(data) // 2] ^= 1
    blob.write_bytes(data)
    code, breaks, _ = copy.audit()
    assert (code, [(item["kind"], item["row"]) for item in breaks]) == (1, [("blob_changed", digest)])


def test_dropped_triggers_are_named_and_not_quietly_put_back(copy: Copy) -> None:
    with closing(sqlite3.connect(copy.home.database)) as connection:
        (name,) = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1").fetchone()
        connection.execute(f"DROP TRIGGER {name}")
    for _ in range(2):
        code, breaks, _ = copy.audit()
        assert (code, [(item["kind"], item["row"]) for item in breaks]) == (1, [("trigger_missing", name)])


def test_a_database_that_is_none_is_exit_2_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "labdesk.db").write_bytes(b"this is not a database" * 400)
    done = run_command("audit", "--home", str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
