"""What is seen of one machine at this moment: the health of its line and its newest values. For the eye, not for evidence."""

from __future__ import annotations

import math
from collections import deque
from decimal import Decimal
from typing import NamedTuple

from labdesk.capture.blocks import Block
from labdesk.devices.session import LineEvent
from labdesk.domain.capture import LinkTrouble, MachineState
from labdesk.domain.sealed_run import Channel

MS = 1_000_000
SECOND = 1_000_000_000
RATE_NS = 500 * MS
RING_NS = 2_000 * MS
KEEP_NS = 20 * MS
DEAD_NS = 5_000 * MS
_FAULTS = {LinkTrouble.NO_PERMISSION, LinkTrouble.PORT_TAKEN, LinkTrouble.NO_DRIVER}
_DEAF = {
    LinkTrouble.SILENT,
    LinkTrouble.GARBAGE,
    LinkTrouble.ASLEEP,
    LinkTrouble.TAP_SILENT,
    LinkTrouble.TAP_QUESTIONS,
    LinkTrouble.TAP_ANSWERS,
}


class LineHealth:
    """Whether the line is open, heard and understood.

    Attributes:
        open: the port is open.
        good_ns: when the last chunk with a good frame came since the port was opened, 0 if none did.
        trouble, detail: what is wrong.
        excused_ns: until when this process itself had stood still.
    """

    def __init__(self, silence_ms: int, now_ns: int) -> None:
        self.open = False
        self.good_ns = 0
        self.trouble, self.detail = LinkTrouble.NONE, ""
        self._silence_ns = silence_ms * MS
        self.excused_ns = 0
        self._opened_ns, self._byte_ns = now_ns, 0

    def excuse(self, now_ns: int) -> None:
        """This process stood still until now: silence begins to count anew."""
        self.excused_ns = now_ns

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
        quiet_ns = now_ns - max(self.good_ns, self._opened_ns, self.excused_ns)
        if quiet_ns <= self._silence_ns:
            if self.good_ns:
                self.trouble, self.detail = LinkTrouble.NONE, ""
            return False
        heard = now_ns - max(self._byte_ns, self._opened_ns, self.excused_ns) <= self._silence_ns
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


class Mark(NamedTuple):
    """The last two seconds, one mark every 20 ms: time, force, and sums over all samples since the first one."""

    time_ns: int
    force: int
    samples: int
    squares: int


class Gauges:
    """Newest values, force rate, sample rate and its jitter.

    Attributes:
        newest_ns: time of the newest sample, ``None`` when there is none.
    """

    def __init__(self, channels: tuple[Channel, ...]) -> None:
        self.newest_ns: int | None = None
        self._channels = channels
        self._newest: tuple[int | None, ...] = ()
        self._ring: deque[Mark] = deque()
        self._recent: deque[Mark] = deque()
        self._last = Mark(0, 0, 0, 0)

    def take(self, block: Block) -> None:
        """The next samples, at least one."""
        times, last = block.times_ns, self._last
        newest_ns = times[-1]
        first = 0 if self.newest_ns is None else times[0] - last.time_ns
        squares = last.squares + first * first + block.squared_steps()
        self._newest = tuple([column[-1] for column in block.columns])
        self.newest_ns = newest_ns
        force = self._newest[0]
        self._last = mark = Mark(newest_ns, last.force if force is None else force, last.samples + len(times), squares)
        if not self._ring or newest_ns - self._ring[-1].time_ns >= KEEP_NS:
            for marks, span_ns in ((self._ring, RING_NS), (self._recent, RATE_NS)):
                marks.append(mark)
                while newest_ns - marks[0].time_ns > span_ns:
                    marks.popleft()

    def clear(self) -> None:
        """The line is lost: nothing is shown rather than something old."""
        self.newest_ns, self._newest, self._last = None, (), Mark(0, 0, 0, 0)
        self._ring.clear()
        self._recent.clear()

    def value(self, name: str) -> Decimal | None:
        """Newest value of a channel in its unit; ``None`` if there is none."""
        for index, channel in enumerate(self._channels):
            if channel.name == name and self._newest:
                count = self._newest[index]
                return None if count is None else count * channel.quantum
        return None

    def rate_kn_s(self) -> Decimal | None:
        """Force rate over the last half second, to 0.001 kN/s."""
        end = self._last
        begin = next((mark for mark in self._recent if end.time_ns - mark.time_ns <= RATE_NS), None)
        if begin is None or end.time_ns == begin.time_ns:
            return None
        rate = (end.force - begin.force) * self._channels[0].quantum * SECOND / (end.time_ns - begin.time_ns)
        return rate.quantize(Decimal("0.001"))

    def achieved_hz(self) -> Decimal | None:
        """Samples per second over the last two seconds, to 0.1."""
        samples, span_ns, _ = self._spread()
        return None if not span_ns else (Decimal(samples * SECOND) / span_ns).quantize(Decimal("0.1"))

    def jitter_us(self) -> int:
        """Root mean square of the differences between intervals and their mean over the last two seconds."""
        samples, span_ns, squares = self._spread()
        if not samples:
            return 0
        return math.isqrt(max(0, squares // samples - (span_ns // samples) ** 2)) // 1000

    def _spread(self) -> tuple[int, int, int]:
        """Intervals, their sum and the sum of their squares, of the last two seconds."""
        if not self._ring or self._ring[0] is self._last:
            return 0, 0, 0
        first, last = self._ring[0], self._last
        return last.samples - first.samples, last.time_ns - first.time_ns, last.squares - first.squares
