"""When a sample was taken, said honestly: arrival at the host is not the moment of sampling.

USB adapters and network servers deliver in bursts. Where the device stamps its frames, its clock gives the spacing and the
arrival only the anchor. Where it does not, samples of one burst are spaced evenly behind it and counted as reconstructed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from operator import lt
from typing import cast

from labdesk.devices.driver import Counts, TickRule

AHEAD_NS = 3_000_000_000
"""A sample cannot be taken after it arrived. A little is no error of its own: the first bytes may have waited in a port before it was
opened, so the anchor is late, or the device's clock runs fast; its spacing stays right. Beyond this it was set or started again."""
BEHIND_NS = 10_000_000_000
"""Bytes that waited while the capture process was restarted are late, but not by more than this."""


@dataclass
class SampleClock:
    """Gives each frame its time in ns of the host's monotonic clock; times strictly increase.

    Attributes:
        tick: the device's clock, ``None`` if its frames carry none.
        period_ns: usual time between two samples.
        reconstructed: samples whose time was spaced inside a burst or anchored anew.
    """

    tick: TickRule | None
    period_ns: int
    reconstructed: int = 0
    _last_ns: int | None = None
    _anchor: tuple[int, int] | None = None

    def reopen(self) -> None:
        """The line was closed and opened: the device may have been switched off, so its clock is anchored anew."""
        self._anchor = None

    def stamp(self, arrival_ns: int, ticks: Counts) -> Sequence[int]:
        """Times of the frames of one chunk that arrived at ``arrival_ns``; ``ticks``: what each says of the device's clock.

        Evenly spaced times come as a ``range``: then their spacing is known without looking at each.
        """
        if self.tick is None or not ticks:
            return self._spaced(arrival_ns, len(ticks)) if ticks else []
        even = self._even(arrival_ns, self.tick, ticks)
        if even is not None:
            return even
        if None in ticks:
            return self._spaced(arrival_ns, len(ticks))
        known = cast("tuple[int, ...]", ticks)
        return self._smooth(arrival_ns, self.tick, known) or self._by_device(arrival_ns, known)

    def _spaced(self, arrival_ns: int, count: int) -> Sequence[int]:
        """Times behind the arrival, evenly, as close as the usual period or as the time since the last sample asks for."""
        step = self.period_ns
        last_ns = self._last_ns
        if last_ns is not None:
            step = max(1, min(step, (arrival_ns - last_ns) // count))
        self.reconstructed += count - 1
        first_ns = arrival_ns - (count - 1) * step
        if last_ns is None or first_ns > last_ns:
            self._last_ns = arrival_ns
            return range(first_ns, arrival_ns + 1, step)
        return [self._after_last(first_ns + index * step) for index in range(count)]

    def _even(self, arrival_ns: int, tick: TickRule, ticks: Counts) -> range | None:
        """Times by the device's clock where it went on by the same step each time; ``None`` changes nothing."""
        first, second, last = ticks[0], ticks[1 if len(ticks) > 1 else 0], ticks[-1]
        if first is None or second is None or last is None or self._anchor is None:
            return None
        anchor_ns, anchor_tick = self._anchor
        step = max(1, second - first)
        if not anchor_tick < first <= last < tick.modulus or last - first != (len(ticks) - 1) * step:
            return None
        if ticks != tuple(range(first, last + 1, step)):
            return None
        first_ns = anchor_ns + (first - anchor_tick) * tick.ns
        times = range(first_ns, first_ns + (last - first) * tick.ns + 1, step * tick.ns)
        return times if self._taken(arrival_ns, times, last) else None

    def _smooth(self, arrival_ns: int, tick: TickRule, ticks: tuple[int, ...]) -> list[int] | None:
        """Times by the device's clock in one go, where nothing about them is odd; ``None`` changes nothing."""
        if self._anchor is None:
            return None
        anchor_ns, anchor_tick = self._anchor
        step_ns, modulus = tick.ns, tick.modulus
        times = [anchor_ns + (each - anchor_tick) % modulus * step_ns for each in ticks]
        if not all(map(lt, times, islice(times, 1, None))):
            return None
        return times if self._taken(arrival_ns, times, ticks[-1]) else None

    def _taken(self, arrival_ns: int, times: Sequence[int], newest: int) -> bool:
        """Whether these times can be, behind the last one and around the arrival; then the clock goes on from them."""
        if self._last_ns is None or times[0] <= self._last_ns:
            return False
        if times[0] - arrival_ns < -BEHIND_NS or times[-1] - arrival_ns > AHEAD_NS:
            return False
        self._anchor, self._last_ns = (times[-1], newest), times[-1]
        return True

    def _by_device(self, arrival_ns: int, ticks: tuple[int, ...]) -> list[int]:
        """Times by the device's clock, one by one, anchored anew where they cannot be."""
        return [self._after_last(self._device_time(arrival_ns, tick, ticks[-1])) for tick in ticks]

    def _device_time(self, arrival_ns: int, tick: int, newest: int) -> int:
        assert self.tick is not None
        if self._anchor is None:
            behind = (newest - tick) % self.tick.modulus
            self._anchor = (arrival_ns - behind * self.tick.ns, tick)
        anchor_ns, anchor_tick = self._anchor
        time_ns = anchor_ns + (tick - anchor_tick) % self.tick.modulus * self.tick.ns
        if not -BEHIND_NS <= time_ns - arrival_ns <= AHEAD_NS:
            self.reconstructed += 1
            time_ns = arrival_ns
        self._anchor = (time_ns, tick)
        return time_ns

    def _after_last(self, time_ns: int) -> int:
        if self._last_ns is not None and time_ns <= self._last_ns:
            time_ns = self._last_ns + 1
        self._last_ns = time_ns
        return time_ns
