"""Locks of pieces that stand at a machine; the database of all stations knows one at a time for each piece."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Select, String, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.bench_locks import BenchLock, LockEnd
from labdesk.storage.base import Appended, Base, Tracked, Volatile, key_column
from labdesk.storage.testing import RunRow
from labdesk.storage.triggers import RuleTrigger


class BenchLockRow(Base, Tracked, Volatile):
    """A piece stands at a machine; only the moment it was last seen there moves on."""

    __tablename__ = "bench_locks"
    __volatile__: ClassVar[frozenset[str]] = frozenset({"seen_at"})
    run_id: Mapped[str] = key_column(36)
    specimen_label: Mapped[str] = mapped_column(String(32), index=True)
    station: Mapped[str] = mapped_column(String(80), index=True)
    machine_number: Mapped[str] = mapped_column(String(40))
    person_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column()


class BenchLockEndRow(Base, Appended):
    """A lock ended without a stored run."""

    __tablename__ = "bench_lock_ends"
    run_id: Mapped[str] = key_column(36)
    ending: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column()
    station: Mapped[str] = mapped_column(String(80))
    person_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column()
    silent_since: Mapped[datetime | None] = mapped_column()


_HELD = (
    "NOT EXISTS (SELECT 1 FROM bench_lock_ends e WHERE e.run_id = l.run_id) "
    "AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = l.run_id)"
)
_LOCK = "SELECT 1 FROM bench_locks l WHERE l.run_id = NEW.run_id"

RULES = (
    RuleTrigger(
        name="bench_locks_one",
        table="bench_locks",
        refuse_when=f"EXISTS (SELECT 1 FROM bench_locks l WHERE l.specimen_label = NEW.specimen_label AND {_HELD})",
        key="bench.locked",
    ),
    RuleTrigger(
        name="bench_locks_fixed",
        table="bench_locks",
        refuse_when="NEW.run_id <> OLD.run_id OR NEW.specimen_label <> OLD.specimen_label OR NEW.station <> OLD.station "
        "OR NEW.machine_number <> OLD.machine_number OR NEW.person_name <> OLD.person_name OR NEW.at <> OLD.at",
        key="bench.locked",
        event="UPDATE",
    ),
    RuleTrigger(
        name="bench_lock_ends_own",
        table="bench_lock_ends",
        refuse_when=f"NOT EXISTS ({_LOCK} AND (l.station = NEW.station OR NEW.ending = 'taken-over'))",
        key="bench.lock_not_yours",
    ),
    RuleTrigger(
        name="bench_lock_ends_silent",
        table="bench_lock_ends",
        refuse_when="NEW.ending = 'taken-over' AND (NEW.reason = '' OR NEW.silent_since IS NULL "
        f"OR NEW.silent_since >= NEW.at OR EXISTS ({_LOCK} AND l.seen_at > NEW.silent_since))",
        key="bench.lock_alive",
    ),
)


class BenchLocks:
    """Repository of the locks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, lock: BenchLock) -> None:
        """Lock a piece."""
        self._session.add(BenchLockRow(**vars(lock)))

    def in_force(self, label: str) -> BenchLock | None:
        """The lock of a piece that has not ended."""
        row = self._session.scalar(_held(BenchLockRow.specimen_label == label))
        return None if row is None else _lock(row)

    def of_station(self, station: str) -> list[BenchLock]:
        """All locks of a station that have not ended."""
        return [_lock(row) for row in self._session.scalars(_held(BenchLockRow.station == station))]

    def seen(self, run_id: str, at: datetime) -> None:
        """The station's capture process still has the run."""
        row = self._session.get(BenchLockRow, run_id)
        if row is not None:
            row.seen_at = at

    def end(self, end: LockEnd) -> None:
        """End a lock without a run."""
        self._session.add(BenchLockEndRow(**{**vars(end), "ending": end.ending.value}))


def _held(which: Any) -> Select[Any]:
    ended = exists().where(BenchLockEndRow.run_id == BenchLockRow.run_id)
    home = exists().where(RunRow.id == BenchLockRow.run_id)
    return select(BenchLockRow).where(which, ~ended, ~home).order_by(BenchLockRow.at)


def _lock(row: BenchLockRow) -> BenchLock:
    return BenchLock(
        run_id=row.run_id,
        specimen_label=row.specimen_label,
        station=row.station,
        machine_number=row.machine_number,
        person_name=row.person_name,
        at=row.at,
        seen_at=row.seen_at,
    )
