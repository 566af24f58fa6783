"""What watching needs: the repository of what was seen, a way to read a maker's file, and where imported runs come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from labdesk.domain.capture import RunOutcome
from labdesk.domain.watching import RawRecord, RecordReview, WatchedRecord, WatchedSource


class WatchStore(Protocol):
    """Repository of sources, versions of records, and reviews."""

    def put_source(self, source: WatchedSource) -> None:
        """Keep a source, or a new version of it."""
        ...

    def source(self, source_id: str) -> WatchedSource | None:
        """A source by key."""
        ...

    def sources(self) -> list[WatchedSource]:
        """All sources by name."""
        ...

    def add_record(self, record: WatchedRecord) -> None:
        """Keep a version; refused with ``watching.version_gap`` when it does not follow the one before."""
        ...

    def newest(self, source_id: str) -> dict[str, WatchedRecord]:
        """The newest version of every record of a source, by the maker's key."""
        ...

    def versions(self, source_id: str, record_key: str) -> list[WatchedRecord]:
        """All versions of a record, oldest first."""
        ...

    def record(self, record_id: str) -> WatchedRecord | None:
        """A version by key."""
        ...

    def add_review(self, review: RecordReview) -> None:
        """Keep what a person said of a version; refused with ``watching.review_words`` without words."""
        ...

    def open_notices(self) -> list[WatchedRecord]:
        """Versions that a person must look at and nobody has, oldest first."""
        ...


class RecordReader(Protocol):
    """Reads all records of a source as they are now."""

    def look(self, source: WatchedSource) -> Sequence[RawRecord]:
        """Every record that can be read completely, each key once.

        Raises:
            EnvironmentFault: ``watching.unreadable``: nothing may be concluded from this look, least of all a deletion.
            OperatorError: ``watching.mapping`` where the configured tables or columns do not exist.
        """
        ...


class QueryPort(Protocol):
    """A connection an administrator configured (any DB-API or ODBC driver)."""

    def rows(self, connection: str, query: str) -> list[Mapping[str, object]]:
        """The rows of a reading query; raises EnvironmentFault ``watching.unreadable``."""
        ...


class RunSource(Protocol):
    """Where sealed runs wait to be stored: the capture process, or an import."""

    def sealed_runs(self) -> tuple[RunOutcome, ...]:
        """Sealed runs not acknowledged yet, oldest first."""
        ...

    def fetch(self, run_id: str) -> bytes:
        """The sealed run's bytes."""
        ...

    def acknowledge(self, run_id: str) -> None:
        """It is stored safely."""
        ...
