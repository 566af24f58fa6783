"""Stores for tests: a migrated database of the kind under test, a clock that is set by hand, ids that count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from labdesk.domain.store import Actor
from labdesk.storage.database import ensure_schema, open_engine
from labdesk.storage.unit_of_work import SqlStore

TESTER = Actor("person-test", "station-test")
START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    moment: datetime = START

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.moment

    def forward(self, **span: float) -> None:
        """Move it ahead by a ``timedelta(**span)``."""
        self.moment += timedelta(**span)


@dataclass
class CountingIds:
    """Ids that are unique, sortable and the same in every run."""

    count: int = field(default=0)

    def new_id(self) -> str:
        """The next id in the shape of a UUIDv7."""
        self.count += 1
        return f"01900000-0000-7000-8000-{self.count:012d}"


@contextmanager
def opened_engine(url: str) -> Iterator[Engine]:
    """A migrated database at ``url``."""
    engine = open_engine(url)
    try:
        ensure_schema(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def opened_store(url: str, clock: SetClock | None = None) -> Iterator[SqlStore]:
    """A store on a migrated database at ``url``."""
    with opened_engine(url) as engine:
        yield SqlStore(engine, clock or SetClock())
