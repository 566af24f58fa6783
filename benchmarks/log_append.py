"""Appending to the Merkle log: microseconds an entry at several sizes, in memory and on SQLite, and what a proof costs.

Run ``python -m benchmarks.log_append [--entries N]``. Compared against the plain hash of the same entries, which is the least that any
tamper-evident log must do. Goal: flat from 1 k to 1 M entries.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from labdesk.evidence import merkle

ENTRY = (
    b'{"kind":"custody","specimen":"K4-0721","what":"received","who":"p-1","when":"2026-11-20T08:30:00Z","n":%08d}'
    + b"x" * 100
)
WINDOW = 1000


class MemoryNodes(dict[tuple[int, int], bytes]):
    """Nodes in memory."""

    def node(self, level: int, index: int) -> bytes:
        """A stored node."""
        return self[level, index]

    def store(self, nodes: tuple[merkle.Node, ...]) -> None:
        """Keep new nodes."""
        for node in nodes:
            self[node.level, node.index] = node.hash


class SqliteNodes:
    """Nodes in a SQLite table, one transaction a window (the application commits with each change)."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(
            "CREATE TABLE node (level INTEGER, idx INTEGER, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID"
        )

    def node(self, level: int, index: int) -> bytes:
        """A stored node."""
        row = self._connection.execute("SELECT hash FROM node WHERE level = ? AND idx = ?", (level, index)).fetchone()
        return bytes(row[0])

    def store(self, nodes: tuple[merkle.Node, ...]) -> None:
        """Keep new nodes."""
        rows = [(node.level, node.index, node.hash) for node in nodes]
        self._connection.executemany("INSERT INTO node VALUES (?, ?, ?)", rows)

    def commit(self) -> None:
        """End the window's transaction."""
        self._connection.commit()


def _measure(nodes: MemoryNodes | SqliteNodes, entries: int, commit: Callable[[], None]) -> dict[str, float]:
    """Microseconds an append in the windows that end at 1 k, 10 k, 100 k ... entries."""
    wanted = {10**power for power in range(3, 8) if 10**power <= entries} | {entries}
    found: dict[str, float] = {}
    started = time.perf_counter()
    for number in range(entries):
        if number % WINDOW == 0:
            started = time.perf_counter()
        nodes.store(merkle.append(nodes, number, merkle.leaf_hash(ENTRY % number)))
        if (number + 1) % WINDOW == 0:
            commit()
            if number + 1 in wanted:
                found[str(number + 1)] = round((time.perf_counter() - started) / WINDOW * 1e6, 2)
    return found


def _proofs(nodes: MemoryNodes, entries: int) -> dict[str, float]:
    root = merkle.root(nodes, entries)
    started = time.perf_counter()
    for index in range(0, entries, max(1, entries // 500)):
        proof = merkle.inclusion_proof(nodes, index, entries)
        assert merkle.verify_inclusion(merkle.leaf_hash(ENTRY % index), index, entries, proof, root)
    return {"prove_and_verify_us": round((time.perf_counter() - started) / 500 * 1e6, 1), "steps": len(proof)}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    entries = parser.parse_args().entries
    started = time.perf_counter()
    for number in range(WINDOW):
        hashlib.sha256(ENTRY % number).digest()
    plain = round((time.perf_counter() - started) / WINDOW * 1e6, 2)
    memory = MemoryNodes()
    in_memory = _measure(memory, entries, lambda: None)
    with tempfile.TemporaryDirectory() as folder:
        table = SqliteNodes(Path(folder) / "log.db")
        on_sqlite = _measure(table, entries, table.commit)
    figures = {
        "plain_hash_us": plain,
        "append_memory_us": in_memory,
        "append_sqlite_us": on_sqlite,
        "inclusion": _proofs(memory, entries),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
