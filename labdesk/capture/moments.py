"""Clocks of the capture process: the wall clock as a port, and whether monotonic stamps of two processes may be compared.

Samples carry the monotonic clock only. The wall clock names the moment of arming; it may be set by an hour while a bar is loaded.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
SLEPT_NS = 1_000_000_000
STALLED_NS = 10_000_000_000


class SystemWall:
    """The computer's wall clock (``domain.clock.Clock``)."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


def boot_id() -> str:
    """Names the present start of the computer; empty where the system does not say. Equal ids: one monotonic clock."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def boot_ns() -> int:
    """Time since the computer was switched on *with* its sleep, where the system tells it apart; else the monotonic clock."""
    if sys.platform == "linux":
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return time.monotonic_ns()


@dataclass
class SleepWatch:
    """Notices that the computer slept: its boot clock went on while the monotonic clock stood, or nobody called for long.

    ``look`` is called several times a second; where both clocks run through a sleep, ten seconds without a call can only be one.
    """

    _last: tuple[int, int] | None = None

    def look(self, now_ns: int, since_boot_ns: int) -> int:
        """How long the computer slept since the last look, in ns; 0 if it did not."""
        last, self._last = self._last, (now_ns, since_boot_ns)
        if last is None:
            return 0
        passed, with_sleep = now_ns - last[0], since_boot_ns - last[1]
        if with_sleep - passed >= SLEPT_NS:
            return with_sleep - passed
        return passed if passed >= STALLED_NS else 0
