"""Walking the evidence: every log entry re-hashed, every row compared with its last leaf, every blob read.

A value changed or a row deleted behind the program's back shows here with table, row and the time it was written, because the
log holds the hash of what was there. Whoever rewrites the log too fails against the checkpoints that left the building.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, String, Table, select, type_coerce
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from labdesk.domain.audit import AuditSummary, Break, BreakKind
from labdesk.domain.errors import EnvironmentFault, LabDeskError
from labdesk.domain.plain import parse_moment
from labdesk.evidence import merkle
from labdesk.storage.base import Moment, entity_of, evidence_tables, primary_key_text, row_hash, volatile_columns
from labdesk.storage.blobs import BlobStore
from labdesk.storage.house import BlobRow
from labdesk.storage.log import CheckpointRow, LogEntry, LogNode, entry_body
from labdesk.storage.schema import RULES
from labdesk.storage.triggers import all_trigger_sql, installed_triggers, trigger_names

Last = dict[tuple[str, str], tuple[str, datetime | None]]
OpenCheckpoint = Callable[[str], tuple[int, bytes]]


class DatabaseAuditor:
    """Audits one database with its blob store.

    Args:
        session: a reading session.
        blobs: the content store.
        open_checkpoint: verifies a checkpoint note and gives its size and root; raises LabDeskError when it is not genuine.
    """

    def __init__(self, session: Session, blobs: BlobStore, open_checkpoint: OpenCheckpoint) -> None:
        self._session = session
        self._blobs = blobs
        self._open_checkpoint = open_checkpoint
        self._entries = self._rows = self._blob_count = 0
        self._root = merkle.EMPTY_ROOT

    def breaks(self) -> Iterator[Break]:
        """Every break, as it is found."""
        yield from self._missing_triggers()
        last: Last = {}
        yield from self._walk_log(last)
        yield from self._walk_tables(last)
        yield from self._walk_blobs()

    def summary(self, breaks: tuple[Break, ...]) -> AuditSummary:
        """Counts of the walk just made."""
        return AuditSummary(self._entries, self._rows, self._blob_count, self._root.hex(), breaks)

    def _missing_triggers(self) -> Iterator[Break]:
        connection = self._session.connection()
        wanted = trigger_names(all_trigger_sql(connection.dialect.name, RULES))
        for name in sorted(wanted - set(installed_triggers(connection))):
            yield Break(BreakKind.TRIGGER_MISSING, "schema", name, None)

    def _walk_log(self, last: Last) -> Iterator[Break]:
        checkpoints = {row.size: row for row in self._session.scalars(select(CheckpointRow))}
        memory = _Memory()
        expected = 0
        for entry in self._session.execute(_as_stored(_LOG).order_by(_LOG.c.seq)).mappings():
            seq = int(entry["seq"])
            for gone in range(expected, seq):
                yield Break(BreakKind.LOG_ENTRY_MISSING, "log_entries", str(gone), None)
            expected = seq + 1
            leaf = merkle.leaf_hash(entry_body(dict(entry)))
            at = _moment(entry["at"])
            if leaf != bytes(entry["leaf"]):
                yield Break(BreakKind.LOG_ENTRY_CHANGED, "log_entries", str(seq), at, entry["table_name"])
            memory.append(leaf)
            last[(entry["table_name"], entry["row_key"])] = (entry["row_sha256"], at)
            checkpoint = checkpoints.pop(seq + 1, None)
            if checkpoint is not None:
                yield from self._check_checkpoint(checkpoint, memory.root())
        for row in checkpoints.values():
            yield Break(BreakKind.LOG_ENTRY_MISSING, "log_entries", f"{expected}..{row.size - 1}", row.at, "checkpoint")
        self._entries, self._root = expected, memory.root()
        yield from self._check_nodes(memory)

    def _check_checkpoint(self, row: CheckpointRow, root: bytes) -> Iterator[Break]:
        try:
            size, signed_root = self._open_checkpoint(row.note)
        except LabDeskError as error:
            yield Break(BreakKind.CHECKPOINT_BROKEN, "checkpoints", str(row.size), row.at, error.key)
            return
        if (size, signed_root) != (row.size, root):
            yield Break(BreakKind.CHECKPOINT_BROKEN, "checkpoints", str(row.size), row.at, "root differs")

    def _check_nodes(self, memory: _Memory) -> Iterator[Break]:
        query = select(LogNode).execution_options(yield_per=5000)
        stored = {(node.level, node.position): bytes(node.hash) for node in self._session.scalars(query)}
        for place, value in memory.nodes.items():
            if stored.get(place) != value:
                yield Break(BreakKind.LOG_NODE_CHANGED, "log_nodes", f"{place[0]}|{place[1]}", None)

    def _walk_tables(self, last: Last) -> Iterator[Break]:
        for table in evidence_tables():
            yield from self._walk_table(table, last)
        for (table_name, key), (_, at) in sorted(last.items()):
            yield Break(BreakKind.ROW_MISSING, table_name, key, at)

    def _walk_table(self, table: Table, last: Last) -> Iterator[Break]:
        volatile = volatile_columns(entity_of(table))
        for row in self._session.execute(_as_stored(table)).mappings():
            self._rows += 1
            key = primary_key_text(table, dict(row))
            logged = last.pop((table.name, key), None)
            found = _safe_hash(table, dict(row), volatile)
            if logged is None:
                yield Break(BreakKind.ROW_UNLOGGED, table.name, key, None)
            elif logged[0] != found:
                yield Break(BreakKind.ROW_CHANGED, table.name, key, logged[1])

    def _walk_blobs(self) -> Iterator[Break]:
        for row in self._session.scalars(select(BlobRow).order_by(BlobRow.sha256)):
            self._blob_count += 1
            try:
                self._blobs.get(row.sha256)
            except EnvironmentFault as fault:
                kind = BreakKind.BLOB_CHANGED if fault.key == "storage.blob_changed" else BreakKind.BLOB_MISSING
                yield Break(kind, "blobs", row.sha256, row.at)


class _Memory:
    """The tree rebuilt from the entries, for comparing with the stored nodes and the checkpoints."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self._size = 0

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree."""
        return self.nodes[(level, index)]

    def append(self, leaf: bytes) -> None:
        """Add a leaf."""
        for node in merkle.append(self, self._size, leaf):
            self.nodes[(node.level, node.index)] = node.hash
        self._size += 1

    def root(self) -> bytes:
        """Root over all leaves so far."""
        return merkle.root(self, self._size)


_LOG = cast(Table, LogEntry.__table__)


def _as_stored(table: Table) -> Select[Any]:
    """All rows with moments as the text that is stored: a text that is no moment must be found, not stumbled over."""
    columns = [
        type_coerce(column, String).label(column.name) if isinstance(column.type, Moment) else column
        for column in table.columns
    ]
    return select(*columns).execution_options(yield_per=2000)


def _moment(stored: str) -> datetime | None:
    try:
        return parse_moment(stored)
    except (LabDeskError, ValueError, TypeError):
        return None


def _safe_hash(table: Table, values: dict[str, Any], volatile: frozenset[str]) -> str:
    try:
        return row_hash(table, values, volatile)
    except (LabDeskError, ValueError, TypeError):
        return "unreadable"


def audit_database(auditor: DatabaseAuditor) -> AuditSummary:
    """Walk everything; raises EnvironmentFault ``storage.unavailable`` when the database cannot be read."""
    try:
        return auditor.summary(tuple(auditor.breaks()))
    except SQLAlchemyError as error:
        raise EnvironmentFault("storage.unavailable", reason=type(error).__name__) from error
