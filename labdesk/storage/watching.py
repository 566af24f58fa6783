"""What watched sources held: every version of every record, only ever added, and what people said of changes."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.plain import from_plain
from labdesk.domain.watching import RecordEvent, RecordReview, WatchedRecord, WatchedSource
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.base import Appended, Base, Tracked, key_column
from labdesk.storage.triggers import RuleTrigger


class WatchedSourceRow(Base, Tracked):
    """A watched file, folder or database; every change of its mapping is a logged version."""

    __tablename__ = "watched_sources"
    id: Mapped[str] = key_column(36)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    body: Mapped[str] = mapped_column()


class WatchedRecordRow(Base, Appended):
    """One version of a record."""

    __tablename__ = "watched_records"
    __table_args__ = (UniqueConstraint("source_id", "record_key", "version"),)
    id: Mapped[str] = key_column(36)
    source_id: Mapped[str] = mapped_column(String(36), index=True)
    record_key: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer)
    event: Mapped[str] = mapped_column(String(16))
    raw_sha256: Mapped[str] = mapped_column(String(64))
    run_id: Mapped[str] = mapped_column(String(36))
    specimen_label: Mapped[str] = mapped_column(String(64))
    problem: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column()


class RecordReviewRow(Base, Appended):
    """What a person said of a version; one per version."""

    __tablename__ = "watched_record_reviews"
    __table_args__ = (UniqueConstraint("record_id"),)
    id: Mapped[str] = key_column(36)
    record_id: Mapped[str] = mapped_column(String(36))
    person_id: Mapped[str] = mapped_column(String(36))
    words: Mapped[str] = mapped_column()
    at: Mapped[datetime] = mapped_column()


_BEFORE = (
    "SELECT 1 FROM watched_records b WHERE b.source_id = NEW.source_id AND b.record_key = NEW.record_key "
    "AND b.version = NEW.version - 1"
)

RULES = (
    RuleTrigger(
        name="watched_records_version",
        table="watched_records",
        refuse_when=f"NEW.version < 1 OR (NEW.version = 1 AND NEW.event <> 'first') OR (NEW.version > 1 AND "
        f"(NEW.event = 'first' OR NOT EXISTS ({_BEFORE})))",
        key="watching.version_gap",
    ),
    RuleTrigger(
        name="watched_records_change",
        table="watched_records",
        refuse_when="NEW.event = 'edited' AND EXISTS "
        f"({_BEFORE} AND (b.raw_sha256 = NEW.raw_sha256 OR b.event = 'deleted'))",
        key="watching.no_change",
    ),
    RuleTrigger(
        name="watched_records_one_run",
        table="watched_records",
        refuse_when="NEW.run_id <> '' AND EXISTS (SELECT 1 FROM watched_records o WHERE o.run_id = NEW.run_id)",
        key="watching.imported_before",
    ),
    RuleTrigger(
        name="watched_record_reviews_words",
        table="watched_record_reviews",
        refuse_when="NEW.words = '' OR NEW.person_id = '' OR NOT EXISTS "
        "(SELECT 1 FROM watched_records r WHERE r.id = NEW.record_id AND (r.event NOT IN ('first', 'assigned') OR r.problem <> ''))",
        key="watching.review_words",
    ),
)


class Watching:
    """Repository of the stage."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put_source(self, source: WatchedSource) -> None:
        """Keep a source, or a new version of it."""
        row = self._session.get(WatchedSourceRow, source.id)
        body = canonical_bytes(source).decode()
        if row is None:
            self._session.add(WatchedSourceRow(id=source.id, name=source.name, body=body))
        else:
            row.name, row.body = source.name, body

    def source(self, source_id: str) -> WatchedSource | None:
        """A source by key."""
        row = self._session.get(WatchedSourceRow, source_id)
        return None if row is None else from_plain(WatchedSource, json.loads(row.body))

    def sources(self) -> list[WatchedSource]:
        """All sources by name."""
        rows = self._session.scalars(select(WatchedSourceRow).order_by(WatchedSourceRow.name))
        return [from_plain(WatchedSource, json.loads(row.body)) for row in rows]

    def add_record(self, record: WatchedRecord) -> None:
        """Keep a version."""
        values = dict(vars(record))
        values["event"] = record.event.value
        self._session.add(WatchedRecordRow(**values))

    def newest(self, source_id: str) -> dict[str, WatchedRecord]:
        """The newest version of every record of a source, by the maker's key."""
        top = (
            select(WatchedRecordRow.record_key, func.max(WatchedRecordRow.version).label("version"))
            .where(WatchedRecordRow.source_id == source_id)
            .group_by(WatchedRecordRow.record_key)
            .subquery()
        )
        query = (
            select(WatchedRecordRow)
            .join(top, (WatchedRecordRow.record_key == top.c.record_key) & (WatchedRecordRow.version == top.c.version))
            .where(WatchedRecordRow.source_id == source_id)
        )
        return {row.record_key: _record(row) for row in self._session.scalars(query)}

    def versions(self, source_id: str, record_key: str) -> list[WatchedRecord]:
        """All versions of a record, oldest first."""
        query = (
            select(WatchedRecordRow)
            .where(WatchedRecordRow.source_id == source_id, WatchedRecordRow.record_key == record_key)
            .order_by(WatchedRecordRow.version)
        )
        return [_record(row) for row in self._session.scalars(query)]

    def record(self, record_id: str) -> WatchedRecord | None:
        """A version by key."""
        row = self._session.get(WatchedRecordRow, record_id)
        return None if row is None else _record(row)

    def add_review(self, review: RecordReview) -> None:
        """Keep what a person said of a version."""
        self._session.add(RecordReviewRow(**vars(review)))

    def open_notices(self) -> list[WatchedRecord]:
        """Versions that a person must look at and nobody has, oldest first."""
        reviewed = select(RecordReviewRow.record_id)
        quiet = (RecordEvent.FIRST.value, RecordEvent.ASSIGNED.value)
        query = (
            select(WatchedRecordRow)
            .where(WatchedRecordRow.event.not_in(quiet) | (WatchedRecordRow.problem != ""))
            .where(WatchedRecordRow.id.not_in(reviewed))
            .order_by(WatchedRecordRow.id)
        )
        return [_record(row) for row in self._session.scalars(query)]


def _record(row: WatchedRecordRow) -> WatchedRecord:
    return WatchedRecord(
        id=row.id,
        source_id=row.source_id,
        record_key=row.record_key,
        version=row.version,
        event=RecordEvent(row.event),
        raw_sha256=row.raw_sha256,
        run_id=row.run_id,
        specimen_label=row.specimen_label,
        problem=row.problem,
        detail=row.detail,
        seen_at=row.seen_at,
    )
