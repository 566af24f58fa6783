"""Fills a database as years of work would have: specimens with their tags, scans, custody and log, by bulk SQL.

Rows have the real shape and all real indexes; bodies that a scan never reads are short, and the log's hashes are random, so that
filling takes seconds a hundred thousand specimens. The triggers are taken off while filling and put on again.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from labdesk.storage.schema import RULES
from labdesk.storage.triggers import all_trigger_sql

PER_LOT = 5
_AT = "'2026-01-05T01:00:00.000000Z'"
_TAG = "printf('YKOLD%08d', i)"
_KEY = "printf('01800000-0000-7000-8000-%012d', i)"
_LOT = f"printf('GJ-2025-%07d', (i - 1) / {PER_LOT} + 1)"
_COMMISSION = f"printf('WT-OLD-%07d', (i - 1) / {PER_LOT} + 1)"
_RECEPTION = f"printf('01700000-0000-7000-8000-%012d', (i - 1) / {PER_LOT} + 1)"

#: One row a specimen.
_EACH = (
    f"INSERT INTO tags (tag, project_code, commission_no, state, reason) SELECT {_TAG}, 'LN-OLD', {_COMMISSION}, 'active', ''",
    (
        "INSERT INTO specimens (id, label, tag, lot_no, piece, tests, spare) "
        f"SELECT {_KEY}, printf('G25-%07d-%d', (i - 1) / {PER_LOT} + 1, (i - 1) % {PER_LOT} + 1), {_TAG}, {_LOT}, "
        f"(i - 1) % {PER_LOT} + 1, '[\"weight\"]', 0"
    ),
    (
        "INSERT INTO reception_scans (id, reception_id, tag, raw, source, look, lot_index, sample_index, verdict, finding, refuses, "
        f"person_id, station, at) SELECT {_KEY}, {_RECEPTION}, {_TAG}, 'LDT', 'wedge', 'sound', 1, (i - 1) % {PER_LOT} + 1, 'match', "
        f"'{{}}', 0, 'p', 's', {_AT}"
    ),
    (
        "INSERT INTO custody_events (id, kind, commission_no, subject, person, station, at, detail) "
        f"SELECT {_KEY}, 'scanned', {_COMMISSION}, {_TAG}, 'p', 's', {_AT}, '{{}}'"
    ),
)
#: One row a lot; ``i`` is the lot's first specimen.
_EACH_LOT = (
    (
        "INSERT INTO commissions (number, project_code, project_name, body, received_at) "
        f"SELECT {_COMMISSION}, 'LN-OLD', 'old', x'7b7d', {_AT}"
    ),
    f"INSERT INTO receptions (id, commission_no, person_id, at) SELECT {_RECEPTION}, {_COMMISSION}, 'p', {_AT}",
    (
        "INSERT INTO lots (number, commission_no, lot_index, field, body) "
        f"SELECT {_LOT}, {_COMMISSION}, 1, 'steel', x'7b7d'"
    ),
)


def fill(file: Path, specimens: int) -> None:
    """Puts ``specimens`` received specimens, and two log leaves for each, into the empty, migrated SQLite database ``file``."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in _EACH:
            connection.execute(f"{statement} FROM ({_count(specimens, 1)})")
        for statement in _EACH_LOT:
            connection.execute(f"{statement} FROM ({_count(specimens, PER_LOT)})")
        _fill_ends(connection)
        _fill_log(connection, 2 * specimens)
        for statement in all_trigger_sql("sqlite", RULES):
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _count(last: int, step: int) -> str:
    return f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + {step} FROM n WHERE i + {step} <= {last}) SELECT i FROM n"


def _fill_ends(connection: sqlite3.Connection) -> None:
    """Every old reception is finished; columns this program adds later keep their empty value."""
    columns = [row[1] for row in connection.execute("PRAGMA table_info(reception_ends)")]
    values = {"reception_id": "id", "at": "at"}
    chosen = ", ".join(values.get(name, "''") for name in columns)
    connection.execute(f"INSERT INTO reception_ends ({', '.join(columns)}) SELECT {chosen} FROM receptions")


def _fill_log(connection: sqlite3.Connection, leaves: int) -> None:
    connection.execute(
        "INSERT INTO log_entries (seq, at, operation, table_name, row_key, row_sha256, actor, station, leaf) "
        f"SELECT i - 1, {_AT}, 'insert', 'specimens', {_KEY}, lower(hex(randomblob(32))), 'p', 's', randomblob(32) "
        f"FROM ({_count(leaves, 1)})"
    )
    level = 0
    while leaves >> level:
        connection.execute(
            "INSERT INTO log_nodes (level, position, hash) "
            f"SELECT {level}, i - 1, randomblob(32) FROM ({_count(leaves >> level, 1)})"
        )
        level += 1
