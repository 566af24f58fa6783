"""A piece belongs to one machine while it is tested: a lock, taken when its run is armed and kept in the database of all stations.

It ends by itself when the sealed run is stored. Where no run comes, somebody says why; nothing is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: A station says twice a minute that its capture process still has the run; after this silence another may take over.
SILENT_AFTER = timedelta(minutes=2)
BEAT_EVERY = timedelta(seconds=20)
#: A capture process that was restarted looks through its journals first; only then a run it does not know is gone.
GONE_AFTER = timedelta(seconds=30)


class LockEnding(StrEnum):
    """Why a lock ended without a stored run."""

    NOT_ARMED = "not-armed"
    """The machine was not ready: nothing was loaded."""
    CAPTURE_GONE = "capture-gone"
    """The capture process is there again and knows nothing of the run."""
    TAKEN_OVER = "taken-over"
    """The other station is silent; a person says why the piece may be tested here."""


@dataclass(frozen=True)
class BenchLock:
    """A piece stands at a machine.

    Attributes:
        run_id: the run it was armed for; its stored run ends the lock.
        specimen_label: the piece.
        station, machine_number: where.
        person_name: who armed it.
        at: when.
        seen_at: when that station's capture process last had the run.
    """

    run_id: str
    specimen_label: str
    station: str
    machine_number: str
    person_name: str
    at: datetime
    seen_at: datetime

    def silent(self, now: datetime) -> bool:
        """Whether its station has said nothing for so long that another may take over."""
        return now - self.seen_at > SILENT_AFTER


@dataclass(frozen=True)
class LockEnd:
    """A lock ended without a stored run.

    Attributes:
        run_id: of the lock.
        ending, reason: why; the reason in words for a take-over.
        station, person_name, at: who said so, where and when.
        silent_since: for a take-over: nothing was heard of the other station after this moment; the database compares.
    """

    run_id: str
    ending: LockEnding
    reason: str
    station: str
    person_name: str
    at: datetime
    silent_since: datetime | None = None


class Missing:
    """Runs that a station's own capture process does not know, and since when: gone only when it stays so."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def gone(self, locks: Iterable[BenchLock], known: frozenset[str], now: datetime) -> list[BenchLock]:
        """Locks whose run has been missing for long enough."""
        missing = [lock for lock in locks if lock.run_id not in known]
        self._since = {lock.run_id: self._since.get(lock.run_id, now) for lock in missing}
        return [lock for lock in missing if now - self._since[lock.run_id] >= GONE_AFTER]
