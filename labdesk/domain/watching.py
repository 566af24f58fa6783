"""Records of a machine whose port belongs to its maker's program: watched in that program's file or database.

A record is hashed when it is first seen and imported once. What happens to it later is never overwritten: every version is a
row of its own, and a person looks at each change (YK-7.2a). Nothing imported was captured by LabDesk, and every such run says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class SourceKind(StrEnum):
    """Where the maker's program writes."""

    FOLDER = "folder"
    """A folder of files, one test each."""
    SQLITE = "sqlite"
    ACCESS = "access"
    """``.mdb`` or ``.accdb``."""
    QUERY = "query"
    """A database server, through queries that an administrator wrote."""


class RecordEvent(StrEnum):
    """What was noticed of a record."""

    FIRST = "first"
    EDITED = "edited"
    DELETED = "deleted"
    RETURNED = "returned"
    """It is there again after it had been deleted."""
    ASSIGNED = "assigned"
    """A person said which specimen it is; the record itself did not change."""


@dataclass(frozen=True)
class WatchedSource:
    """A file, folder or database that is watched.

    Attributes:
        id: key (UUIDv7).
        name: what people call it.
        machine_id: the machine whose tests it holds.
        kind, location: where; a folder, a file, or the name of a configured connection.
        mapping: LabDesk's field to the maker's column or table (``services/watched/mapping``), and units; as text.
        settle_s: seconds a record must stay the same before it counts as written.
        method: method id of the tests.
        responsible_id, responsible_name: who answers for the import; stands as operator where the record names none.
    """

    id: str
    name: str
    machine_id: str
    kind: SourceKind
    location: str
    mapping: Mapping[str, str]
    settle_s: int
    method: str
    responsible_id: str
    responsible_name: str


@dataclass(frozen=True)
class RawRecord:
    """One record as the maker's program keeps it.

    Attributes:
        key: the maker's own key: a file's name, a primary key.
        data: exact bytes: the file, or the row with its curve as canonical JSON.
    """

    key: str
    data: bytes


@dataclass(frozen=True)
class WatchedRecord:
    """One version of a record; only ever added.

    Attributes:
        id: UUIDv7.
        source_id, record_key: which record.
        version: 1 for the first sight, then one more for each change.
        event: what was noticed.
        raw_sha256: content store's hash of the record's bytes; of the last version seen where it is gone.
        run_id: the run it was imported as; empty if it was not.
        specimen_label: as the record says.
        problem: key of the sentence why it was not imported; empty if it was or needed not be.
        detail: the problem's particulars, as text.
    """

    id: str
    source_id: str
    record_key: str
    version: int
    event: RecordEvent
    raw_sha256: str
    run_id: str
    specimen_label: str
    problem: str
    detail: str
    seen_at: datetime

    @property
    def needs_review(self) -> bool:
        """Whether a person must look at it: a change after the first sight, or a record that could not be imported."""
        return self.event not in (RecordEvent.FIRST, RecordEvent.ASSIGNED) or bool(self.problem)


@dataclass(frozen=True)
class RecordReview:
    """What a person said of a version that needed a look; one per version."""

    id: str
    record_id: str
    person_id: str
    words: str
    at: datetime


@dataclass
class Settling:
    """What was seen but not yet believed: a record counts when it stayed the same for the source's time, in two looks at least."""

    since: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def settled(self, key: str, state: str, now: datetime, settle_s: int) -> bool:
        """Whether ``state`` (a hash, or empty for "not there") of a record has stood long enough; remembers it if not."""
        before = self.since.get(key)
        if before is None or before[0] != state:
            self.since[key] = (state, now)
            return False
        return now - before[1] >= timedelta(seconds=settle_s)

    def stood(self, key: str, now: datetime, seconds: int) -> bool:
        """Whether what was remembered of a record has stood for so long."""
        return key in self.since and now - self.since[key][1] >= timedelta(seconds=seconds)

    def forget(self, key: str) -> None:
        """The record is as it was known: nothing is waited for."""
        self.since.pop(key, None)


def noticed(known: WatchedRecord | None, present_sha256: str) -> RecordEvent | None:
    """What it means that a record now has this hash (empty: it is gone); ``None`` where nothing changed."""
    if known is None:
        return RecordEvent.FIRST if present_sha256 else None
    gone = known.event is RecordEvent.DELETED
    if not present_sha256:
        return None if gone else RecordEvent.DELETED
    if gone:
        return RecordEvent.RETURNED
    return None if present_sha256 == known.raw_sha256 else RecordEvent.EDITED
