"""Another process writes an Access database, an SQLite database and text files while they are watched: every record once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.watching import RecordEvent, SourceKind, WatchedSource
from tests.helpers.exports import PEAK_KN
from tests.helpers.source import ROOT
from tests.helpers.stores import opened_engine
from tests.helpers.watchworld import TABLES, WatchWorld

ONE, TWO, STRANGER = "G26-00417-1", "G26-00417-2", "X-1"
KINDS = {
    "sqlite": (SourceKind.SQLITE, TABLES),
    "access with mdbtools": (SourceKind.ACCESS, {**TABLES, "reader": "mdbtools"}),
    "access in pure Python": (SourceKind.ACCESS, {**TABLES, "reader": "python"}),
    "folder": (SourceKind.FOLDER, {"pattern": "*.csv"}),
}


class MakerProcess:
    """The maker's program in its own process; a step returns when it is on the disk."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._answer("ready")

    def step(self, words: str) -> None:
        """Carry out one step."""
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()
        self._answer(words)

    def _answer(self, words: str) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == words


@contextmanager
def maker(kind: SourceKind, path: Path) -> Iterator[MakerProcess]:
    """A running maker's program."""
    command = [sys.executable, "-m", "tests.helpers.maker_program", kind.value, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield MakerProcess(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0


def keys(world: WatchWorld, source: WatchedSource) -> list[tuple[RecordEvent, str, str]]:
    """What two looks found, or nothing where the source could not be read."""
    try:
        return [(version.event, version.specimen_label, version.problem) for version in world.settled(source).new]
    except EnvironmentFault:
        return []


@pytest.mark.rule("YK-7.2a")
@pytest.mark.parametrize("name", KINDS)
def test_every_record_of_a_program_that_writes_meanwhile_comes_once(name: str, tmp_path: Path) -> None:
    kind, mapping = KINDS[name]
    if mapping.get("reader") == "mdbtools" and shutil.which("mdb-export") is None:
        pytest.skip("mdbtools are not installed here; the pure Python reader is tested beside this")
    path = tmp_path / ("maker.mdb" if kind is SourceKind.ACCESS else "maker")
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine, maker(kind, path) as program:
        world = WatchWorld(engine)
        source = world.watch(kind, path, mapping)
        for number, label, problem in ((1, ONE, ""), (2, TWO, ""), (3, STRANGER, "watching.unknown_specimen")):
            program.step(f"half {number} {label}")
            assert keys(world, source) == []
            program.step(f"whole {number} {label}")
            assert keys(world, source) == [(RecordEvent.FIRST, label, problem)]
            assert keys(world, source) == []
        with world.bench.store.read() as uow:
            runs = {run.specimen_label: float(run.peak_kn or 0) for run in uow.testing.newest_runs(10)}
        assert runs == {ONE: pytest.approx(PEAK_KN, abs=1e-3), TWO: pytest.approx(PEAK_KN, abs=1e-3)}
        program.step("edit 1")
        assert [event for event, _, _ in keys(world, source)] == [RecordEvent.EDITED]
        program.step("delete 2")
        assert [event for event, _, _ in keys(world, source)] == [RecordEvent.DELETED]
        notices = {version.record_key: version.event for version in world.watcher.notices()}
        assert sorted(notices.values()) == [RecordEvent.DELETED, RecordEvent.EDITED, RecordEvent.FIRST]
        edited = next(key for key, event in notices.items() if event is RecordEvent.EDITED)
        before, after = (data for _, data in world.watcher.versions(source.id, edited))
        assert before != after
