"""The time of samples that another program asks for: how often, only listening tells."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from statistics import median_low

from labdesk.devices.driver import Driver
from labdesk.devices.timing import SampleClock

ENOUGH, REMEMBERED = 5, 31
SECOND = 1_000_000_000


class LearningClock(SampleClock):
    """Takes the middle of the last intervals for the usual one, so that a slow program makes no gaps and a lost second is one."""

    _seen: deque[int]
    _newest_ns: int | None = None

    def stamp(self, arrival_ns: int, ticks: tuple[int | None, ...]) -> Sequence[int]:
        """See :class:`SampleClock`."""
        times = super().stamp(arrival_ns, ticks)
        for time_ns in times:
            if self._newest_ns is not None:
                self._intervals().append(time_ns - self._newest_ns)
            self._newest_ns = time_ns
        if times and len(self._intervals()) >= ENOUGH:
            self.period_ns = max(1, median_low(self._intervals()))
        return times

    def reopen(self) -> None:
        """See :class:`SampleClock`; the pause is no interval."""
        super().reopen()
        self._newest_ns = None

    def _intervals(self) -> deque[int]:
        if not hasattr(self, "_seen"):
            self._seen = deque(maxlen=REMEMBERED)
        return self._seen


def clock_of(driver: Driver, asked_by_another: bool) -> SampleClock:
    """The clock of a line's samples."""
    made = LearningClock if asked_by_another else SampleClock
    return made(driver.tick, SECOND // driver.manifest.rate_hz)
