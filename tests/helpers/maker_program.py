"""A maker's program in a process of its own: writes tests in two halves, edits and deletes them, one step per line of input.

``python -m tests.helpers.maker_program sqlite|access|folder PATH``; steps: ``half N LABEL``, ``whole N LABEL``, ``edit N``,
``delete N``. Each step is answered with its own words once it is on the disk.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Protocol

from tests.helpers.access_writer import DATE, DOUBLE, LONG, TEXT, Table, access_bytes
from tests.helpers.exports import ROWS, lines
from tests.helpers.watchworld import maker_database, maker_samples

HALF = 30


class Maker(Protocol):
    """One kind of place to write to."""

    def half(self, number: int, label: str) -> None: ...
    def whole(self, number: int, label: str) -> None: ...
    def edit(self, number: int) -> None: ...
    def delete(self, number: int) -> None: ...


class SqliteMaker:
    """Rows as they come, each committed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        maker_database(path)

    def half(self, number: int, label: str) -> None:
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute("INSERT INTO TestRecord VALUES (?, ?, '孙强', '2026-11-21 09:30:00', 0)", (number, label))
            maker_samples(database, number, 0, HALF)

    def whole(self, number: int, label: str) -> None:
        with closing(sqlite3.connect(self.path)) as database, database:
            maker_samples(database, number, HALF, len(ROWS))

    def edit(self, number: int) -> None:
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute("UPDATE CurveData SET Load = Load * 1.1 WHERE TestID = ?", (number,))

    def delete(self, number: int) -> None:
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute("DELETE FROM TestRecord WHERE ID = ?", (number,))


class AccessMaker:
    """The database is written in place; half of a write leaves half of a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tests = Table(
            "TestRecord", [("ID", LONG), ("SampleNo", TEXT), ("Tester", TEXT), ("TestTime", DATE), ("Fm", DOUBLE)]
        )
        self.samples = Table(
            "CurveData", [("TestID", LONG), ("Point", LONG), ("T", DOUBLE), ("Load", DOUBLE), ("Pos", DOUBLE)]
        )
        self._write()

    def half(self, number: int, label: str) -> None:
        self.tests.rows.append((number, label, "孙强", 46347.4, 39.98))
        self.samples.rows += [(number, at, row[0], row[1] * 1000, row[2]) for at, row in enumerate(ROWS)]
        data = access_bytes([self.tests, self.samples])
        self._put(data[: len(data) - 3000])

    def whole(self, number: int, label: str) -> None:
        self._write()

    def edit(self, number: int) -> None:
        self.samples.rows = [
            (row[0], row[1], row[2], float(row[3] or 0) * 1.1, row[4]) if row[0] == number else row for row in self.samples.rows
        ]  # fmt: skip
        self._write()

    def delete(self, number: int) -> None:
        self.tests.rows = [row for row in self.tests.rows if row[0] != number]
        self._write()

    def _write(self) -> None:
        self._put(access_bytes([self.tests, self.samples]))

    def _put(self, data: bytes) -> None:
        with self.path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


class FolderMaker:
    """One text file per test, written in pieces."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(exist_ok=True)
        self.files: dict[int, Path] = {}
        self.text = "Time (s),Force (kN),Stroke (mm)\n" + lines(lambda row: row[:3])

    def half(self, number: int, label: str) -> None:
        self.files[number] = self.path / f"{label}.csv"
        self.files[number].write_text(self.text[: len(self.text) // 2], encoding="utf-8")

    def whole(self, number: int, label: str) -> None:
        with self.files[number].open("a", encoding="utf-8") as file:
            file.write(self.text[len(self.text) // 2 :])

    def edit(self, number: int) -> None:
        self.files[number].write_text(self.text.replace("39.", "43."), encoding="utf-8")

    def delete(self, number: int) -> None:
        self.files[number].unlink()


def main() -> None:
    """Carry out steps until the input ends."""
    kinds: dict[str, type[Maker]] = {"sqlite": SqliteMaker, "access": AccessMaker, "folder": FolderMaker}
    maker = kinds[sys.argv[1]](Path(sys.argv[2]))  # type: ignore[call-arg]
    print("ready", flush=True)
    for line in sys.stdin:
        step, number, *label = line.split()
        if label:
            getattr(maker, step)(int(number), label[0])
        else:
            getattr(maker, step)(int(number))
        print(line.strip(), flush=True)


if __name__ == "__main__":
    main()
