"""One beat for all lines: the moments at which those that may gather are read, and a little later all machines are looked at.

Waking a processor for one line alone costs more than reading what the line brought. So lines whose devices stamp their own samples are
read together, as seldom as the eye allows: 25 times a second with up to four machines, less often with more, at least eight times. When
the bytes of such a device arrive says nothing about the time of its samples. All other lines are read as their bytes come
(``transport.PAUSE_S``).
"""

from __future__ import annotations

import time

from labdesk.devices.transport import PAUSE_S

BEAT_S, SLOWEST_S = 0.04, 0.12
MACHINES = 4
BUSY_BYTES, FULL_BYTES = 64, 1600
"""A chunk of at least this size is many samples; one beyond leaves less than three fifths of the smallest buffer of a port (4 KB) for
a reader that comes late."""
MOST_PARTS = 16


class Beat:
    """Attributes: ``period_s``, between two moments."""

    def __init__(self) -> None:
        self.period_s = BEAT_S

    def follow(self, machines: int) -> None:
        """So many machines are looked at from now on."""
        self.period_s = min(SLOWEST_S, BEAT_S * max(1, -(-machines // MACHINES)))

    def until(self, part: int = 1, lag_s: float = 0.0) -> float:
        """Seconds until the next moment, ``lag_s`` after it; ``part``: for one that comes so many times in a beat."""
        period_s = self.period_s / part
        return period_s - (time.monotonic() - lag_s) % period_s


class Gathering:
    """How one line is read: at the moments of the beat once its device is known to send many stamped samples, else as bytes come."""

    def __init__(self, beat: Beat, possible: bool) -> None:
        """``possible``: the device stamps its samples and sends by itself."""
        self._beat, self._possible = beat, possible
        self._part = 0
        self._last_ns: int | None = None

    @property
    def pause_s(self) -> float:
        """How long to wait for more after the first byte."""
        return 0.0 if self._part else PAUSE_S

    def wait(self) -> None:
        """Sleeps until the moment to read."""
        if self._part:
            time.sleep(self._beat.until(self._part))

    def took(self, stamp_ns: int, received: int) -> None:
        """A chunk of so many bytes came: how often the line is read from now on, so that the buffer of its port never fills."""
        last_ns, self._last_ns = self._last_ns, stamp_ns
        if not self._possible or last_ns is None or received < BUSY_BYTES:
            self._part = 0
            return
        whole_beat = received * self._beat.period_s * 1e9 / max(1, stamp_ns - last_ns)
        self._part = 1
        while self._part < MOST_PARTS and whole_beat > FULL_BYTES * self._part:
            self._part *= 2
