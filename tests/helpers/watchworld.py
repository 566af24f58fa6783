"""Watched sources for tests: a maker's SQLite database and folder, and a watcher on the bench's laboratory."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from labdesk.domain.people import Person, Role, Session
from labdesk.domain.watching import SourceKind, WatchedSource
from labdesk.services.runs import RunDeps
from labdesk.services.watched.readers import Reader
from labdesk.services.watching import Look, Watcher
from tests.helpers.benchworld import NOW, STATION, TECHNICIAN, UTM, BenchWorld, make_bench
from tests.helpers.exports import ROWS

QUALITY = Person("p-zhao", "赵敏", "B1009", (Role.QUALITY,))
CHIEF = Session(QUALITY, STATION, NOW)
SETTLE_S = 5
TABLES = {
    "table": "TestRecord", "key": "ID", "specimen": "SampleNo", "operator": "Tester", "at": "TestTime",
    "curve_table": "CurveData", "curve_key": "TestID", "curve_order": "Point",
    "curve.time": "T", "curve.force": "Load", "curve.displacement": "Pos",
    "set.time_unit": "s", "set.force_unit": "N", "set.displacement_unit": "mm",
}  # fmt: skip
SCHEMA = (
    "CREATE TABLE TestRecord (ID INTEGER PRIMARY KEY, SampleNo TEXT, Tester TEXT, TestTime TEXT, Fm REAL)",
    "CREATE TABLE CurveData (TestID INTEGER, Point INTEGER, T REAL, Load REAL, Pos REAL)",
)


class WatchWorld:
    """The bench's laboratory with a watcher."""

    def __init__(self, engine: Engine, reader: Reader | None = None) -> None:
        self.bench: BenchWorld = make_bench(engine)
        world = self.bench
        self.deps = RunDeps(world.store, world.blobs, world.clock, world.ids, STATION)
        self.reader = reader or Reader()
        self.watcher = Watcher(self.deps, self.reader)

    def watch(self, kind: SourceKind, location: Path | str, mapping: Mapping[str, str]) -> WatchedSource:
        """A registered source."""
        source = WatchedSource(
            "", f"UTM 2 {kind.value}", UTM.id, kind, str(location), dict(mapping), SETTLE_S, "rebar-lot", TECHNICIAN.id, TECHNICIAN.name
        )  # fmt: skip
        return self.watcher.register(source, CHIEF)

    def settled(self, source: WatchedSource, seconds: int = SETTLE_S) -> Look:
        """Two looks, the settling time between them."""
        self.watcher.look(source.id)
        self.bench.clock.forward(seconds=seconds)
        return self.watcher.look(source.id)

    def restart(self) -> None:
        """The program is started again: what it remembered between looks is gone."""
        self.watcher = Watcher(replace(self.deps), self.reader)


def maker_database(path: Path) -> None:
    """An empty database as the maker's program makes it."""
    with closing(sqlite3.connect(path)) as database, database:
        for statement in SCHEMA:
            database.execute(statement)


def maker_writes(path: Path, number: int, label: str, samples: int = len(ROWS)) -> None:
    """One test, written by the maker's program."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO TestRecord VALUES (?, ?, ?, ?, ?)", (number, label, "孙强", "2026-11-21 09:30:00", 39.98)
        )
        maker_samples(database, number, 0, samples)


def maker_samples(database: sqlite3.Connection, number: int, start: int, stop: int) -> None:
    """Samples of a test."""
    rows = [(number, at, ROWS[at][0], ROWS[at][1] * 1000, ROWS[at][2]) for at in range(start, stop)]
    database.executemany("INSERT INTO CurveData VALUES (?, ?, ?, ?, ?)", rows)
