"""The append-only log: one leaf for every version of every evidence row, in an RFC 6962 tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.plain import utc_text
from labdesk.evidence import merkle
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.base import Appended, Base, Frozen


class LogEntry(Base, Frozen):
    """A leaf: what happened to which row, when, by whom, where. ``body`` is the canonical form that was hashed."""

    __tablename__ = "log_entries"
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column()
    operation: Mapped[str] = mapped_column(String(8))
    table_name: Mapped[str] = mapped_column(String(64), index=True)
    row_key: Mapped[str] = mapped_column(String(200), index=True)
    row_sha256: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(64))
    station: Mapped[str] = mapped_column(String(64))
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogNode(Base, Frozen):
    """Hash of a complete subtree: ``level`` 0 are the leaves."""

    __tablename__ = "log_nodes"
    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class CheckpointRow(Base, Appended):
    """A signed statement of size and root, as it left the building."""

    __tablename__ = "checkpoints"
    size: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column()
    note: Mapped[str] = mapped_column()


@dataclass(frozen=True)
class Change:
    """A row version to be logged."""

    operation: str
    table: str
    row_key: str
    row_sha256: str


def entry_body(entry: Mapping[str, Any]) -> bytes:
    """Canonical bytes of an entry: what its leaf hash covers.

    Args:
        entry: the columns of :class:`LogEntry` by name, ``at`` as the stored text.
    """
    return canonical_bytes({name: entry[name] for name in _HASHED})


_HASHED = ("seq", "at", "operation", "table_name", "row_key", "row_sha256", "actor", "station")


class NodeTable:
    """The tree's nodes in the database, in the shape :mod:`labdesk.evidence.merkle` works on."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._new: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree; raises KeyError when the table has lost it."""
        new = self._new.get((level, index))
        if new is not None:
            return new
        with self._session.no_autoflush:
            found = self._session.get(LogNode, (level, index))
        if found is None:
            raise KeyError((level, index))
        return found.hash

    def put_node(self, level: int, index: int, value: bytes) -> None:
        """Keep the hash of a new complete subtree."""
        self._new[(level, index)] = value
        self._session.add(LogNode(level=level, position=index, hash=value))


class Log:
    """Appending and reading the log inside one session."""

    def __init__(self, session: Session, now: Callable[[], datetime]) -> None:
        self._session = session
        self._now = now
        self._nodes = NodeTable(session)

    def size(self) -> int:
        """Number of leaves."""
        last = self._session.scalar(select(func.max(LogEntry.seq)))
        return 0 if last is None else last + 1

    def append(self, changes: list[Change], actor: str, station: str) -> None:
        """One leaf for each change, in order. The caller holds the writing transaction."""
        size = self.size()
        moment = self._now()
        for change in changes:
            entry = LogEntry(
                seq=size,
                at=moment,
                operation=change.operation,
                table_name=change.table,
                row_key=change.row_key,
                row_sha256=change.row_sha256,
                actor=actor,
                station=station,
                leaf=b"",
            )
            entry.leaf = merkle.leaf_hash(entry_body({**vars(entry), "at": utc_text(moment)}))
            self._session.add(entry)
            for node in merkle.append(self._nodes, size, entry.leaf):
                self._nodes.put_node(node.level, node.index, node.hash)
            size += 1

    def root(self, size: int | None = None) -> bytes:
        """Root hash of the first ``size`` leaves (all by default)."""
        return merkle.root(self._nodes, self.size() if size is None else size)

    def entries(self, start: int = 0) -> Iterator[LogEntry]:
        """Entries in order from ``start``."""
        query = select(LogEntry).where(LogEntry.seq >= start).order_by(LogEntry.seq)
        yield from self._session.scalars(query.execution_options(yield_per=1000))
