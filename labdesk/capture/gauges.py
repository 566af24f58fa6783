"""What is seen of one machine at this moment: the health of its line and its newest values. For the eye, not for evidence."""

from __future__ import annotations

from collections import deque
from decimal import Decimal

from labdesk.capture.recorder import Sample
from labdesk.devices.session import LineEvent
from labdesk.domain.capture import LinkTrouble, MachineState
from labdesk.domain.sealed_run import Channel

MS = 1_000_000
SECOND = 1_000_000_000
RATE_NS = 500 * MS
RING_NS = 2_000 * MS
DEAD_NS = 5_000 * MS
_FAULTS = {LinkTrouble.NO_PERMISSION, LinkTrouble.PORT_TAKEN, LinkTrouble.NO_DRIVER}
_DEAF = {LinkTrouble.SILENT, LinkTrouble.GARBAGE, LinkTrouble.ASLEEP}


class LineHealth:
    """Whether the line is open, heard and understood.

    Attributes:
        open: the port is open.
        good_ns: when the last chunk with a good frame came since the port was opened, 0 if none did.
        trouble, detail: what is wrong.
    """

    def __init__(self, silence_ms: int, now_ns: int) -> None:
        self.open = False
        self.good_ns = 0
        self.trouble, self.detail = LinkTrouble.NONE, ""
        self._silence_ns = silence_ms * MS
        self._opened_ns, self._byte_ns = now_ns, 0

    @property
    def deaf(self) -> bool:
        """Open, but nothing or nothing readable comes."""
        return self.trouble in _DEAF

    def change(self, event: LineEvent) -> None:
        """The port was opened or lost."""
        if event.slept_ns:
            self.trouble, self.detail, self.good_ns = LinkTrouble.ASLEEP, event.detail, 0
            return
        self.open = event.opened
        if event.opened:
            self._opened_ns, self._byte_ns, self.good_ns = event.stamp_ns, 0, 0
            self.trouble, self.detail = LinkTrouble.NONE, ""
        else:
            self.trouble, self.detail = event.lost or LinkTrouble.UNPLUGGED, event.detail

    def heard(self, stamp_ns: int, good: bool) -> None:
        """Bytes came; ``good``: with at least one good frame."""
        self._byte_ns = stamp_ns
        if good:
            self.good_ns = stamp_ns

    def watch(self, now_ns: int) -> bool:
        """Notices an open line that says nothing (readable); ``True`` when closing and opening it is worth a try."""
        if not self.open:
            return False
        quiet_ns = now_ns - max(self.good_ns, self._opened_ns)
        if quiet_ns <= self._silence_ns:
            if self.good_ns:
                self.trouble, self.detail = LinkTrouble.NONE, ""
            return False
        heard = now_ns - max(self._byte_ns, self._opened_ns) <= self._silence_ns
        self.trouble = LinkTrouble.GARBAGE if heard else LinkTrouble.SILENT
        if heard or quiet_ns <= max(DEAD_NS, 3 * self._silence_ns):
            return False
        self._opened_ns = now_ns
        return True

    def state(self, busy: bool) -> MachineState:
        """The state to show; ``busy``: a run is in progress."""
        if self.trouble in _FAULTS:
            return MachineState.FAULT
        if self.deaf or (not self.open and self.trouble is not LinkTrouble.NONE):
            return MachineState.LOST
        if not self.good_ns:
            return MachineState.OPENING
        return MachineState.CAPTURING if busy else MachineState.READY


class Gauges:
    """Newest values, force rate and sample rate."""

    def __init__(self, channels: tuple[Channel, ...]) -> None:
        self.newest: Sample | None = None
        self._channels = channels
        self._ring: deque[tuple[int, int]] = deque()

    def take(self, samples: list[Sample]) -> None:
        """The next samples, at least one."""
        self.newest = samples[-1]
        self._ring.extend((sample.time_ns, sample.counts[0] or 0) for sample in samples)
        while self._ring[-1][0] - self._ring[0][0] > RING_NS:
            self._ring.popleft()

    def clear(self) -> None:
        """The line is lost: nothing is shown rather than something old."""
        self.newest = None
        self._ring.clear()

    def value(self, name: str) -> Decimal | None:
        """Newest value of a channel in its unit; ``None`` if there is none."""
        for index, channel in enumerate(self._channels):
            if channel.name == name and self.newest is not None:
                count = self.newest.counts[index]
                return None if count is None else count * channel.quantum
        return None

    def rate_kn_s(self) -> Decimal | None:
        """Force rate over the last half second, to 0.001 kN/s."""
        if len(self._ring) < 2:
            return None
        end_ns, end = self._ring[-1]
        begin_ns, begin = next(item for item in self._ring if end_ns - item[0] <= RATE_NS)
        if end_ns == begin_ns:
            return None
        rate = (end - begin) * self._channels[0].quantum * SECOND / (end_ns - begin_ns)
        return rate.quantize(Decimal("0.001"))

    def achieved_hz(self) -> Decimal | None:
        """Samples per second over the last two seconds, to 0.1."""
        if len(self._ring) < 2:
            return None
        span_ns = self._ring[-1][0] - self._ring[0][0]
        return (Decimal((len(self._ring) - 1) * SECOND) / span_ns).quantize(Decimal("0.1"))
