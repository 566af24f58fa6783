"""What keeps a piece from being tested at two machines: the repository of its locks."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from labdesk.domain.bench_locks import BenchLock, LockEnd


class BenchLockStore(Protocol):
    """Repository of locks; the database refuses a second one by itself."""

    def add(self, lock: BenchLock) -> None:
        """Lock a piece; refused with ``bench.locked`` while another lock of the piece is in force."""
        ...

    def in_force(self, label: str) -> BenchLock | None:
        """The lock of a piece that has not ended."""
        ...

    def of_station(self, station: str) -> list[BenchLock]:
        """All locks of a station that have not ended."""
        ...

    def seen(self, run_id: str, at: datetime) -> None:
        """The station's capture process still has the run."""
        ...

    def end(self, end: LockEnd) -> None:
        """End a lock without a run; refused with ``bench.lock_not_yours`` or ``bench.lock_alive``."""
        ...
