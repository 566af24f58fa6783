"""What an audit finds: each break of the evidence, located by table, row and time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class BreakKind(StrEnum):
    """What is wrong; the sentence for people is ``audit.<value>``."""

    ROW_CHANGED = "row_changed"
    ROW_MISSING = "row_missing"
    ROW_UNLOGGED = "row_unlogged"
    LOG_ENTRY_CHANGED = "log_entry_changed"
    LOG_ENTRY_MISSING = "log_entry_missing"
    LOG_NODE_CHANGED = "log_node_changed"
    CHECKPOINT_BROKEN = "checkpoint_broken"
    BLOB_MISSING = "blob_missing"
    BLOB_CHANGED = "blob_changed"
    TRIGGER_MISSING = "trigger_missing"


@dataclass(frozen=True)
class Break:
    """One break.

    Attributes:
        kind: what is wrong.
        table: table or store.
        row: primary key, log number or hash.
        written_at: when the log says the row was last written, if it says.
        detail: the values that differ, shortened.
    """

    kind: BreakKind
    table: str
    row: str
    written_at: datetime | None
    detail: str = ""


@dataclass(frozen=True)
class AuditSummary:
    """What was walked and what was found."""

    log_entries: int
    rows: int
    blobs: int
    root: str
    breaks: tuple[Break, ...]

    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.breaks


class Auditor(Protocol):
    """Walks the evidence of a database."""

    def breaks(self) -> Iterator[Break]:
        """Every break, as it is found; may take minutes on a large database."""
        ...

    def summary(self, breaks: tuple[Break, ...]) -> AuditSummary:
        """Counts of the walk just made."""
        ...
