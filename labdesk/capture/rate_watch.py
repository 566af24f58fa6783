"""Stress rate against the band of the standard, over the part of the loading that the standard judges.

Judged in steps of 50 ms by the samples' own times: live, after a crash and when a journal is decoded again, the share is the same.
The rate is that of the last second, as far as it lies in the judged part.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from labdesk.domain.capture import RateBand, RateLight, RunRequest
from labdesk.domain.sealed_run import RateRecord

STEP_NS = 50_000_000
SPAN_NS = 1_000_000_000
LEAST_NS = 200_000_000
SECOND = 1_000_000_000
EDGE = Decimal("0.02")
"""A rate set exactly to the edge of the band is not a fault of the operator."""
AMBER = Decimal("0.1")
STILL_RISING_PERCENT = 98


class RateWatch:
    """Follows one loading.

    Attributes:
        rate_mpa_s: over the last second of the judged part; ``None`` outside it.
        light: where it stands in the band.
    """

    def __init__(self, band: RateBand, area_mm2: Decimal, quantum_kn: Decimal) -> None:
        self.rate_mpa_s: Decimal | None = None
        self.light = RateLight.OFF
        self._band = band
        self._scale = quantum_kn * 1000 * SECOND / area_mm2
        self._from = band.from_kn / quantum_kn
        self._to = None if band.to_kn is None else band.to_kn / quantum_kn
        self._points: deque[tuple[int, int]] = deque()
        self._peak = self._pending = 0
        self._judged, self._outside = 0, 0
        self._extremes: tuple[Decimal, Decimal] | None = None

    @classmethod
    def of(cls, request: RunRequest, quantum_kn: Decimal) -> RateWatch | None:
        """The watch a run asks for; ``None`` if it names no band."""
        if request.rate_band is None or request.area_mm2 is None:
            return None
        return cls(request.rate_band, request.area_mm2, quantum_kn)

    def restart(self) -> None:
        """The start was taken back."""
        self._points.clear()
        self._peak = self._pending = self._judged = self._outside = 0
        self._extremes = None
        self._leave()

    def gap(self) -> None:
        """Samples are missing: no rate is measured across."""
        self._points.clear()
        self._pending = 0

    def take(self, times_ns: Sequence[int], forces: Sequence[int | None]) -> None:
        """The next samples while loading."""
        if not self._points and None not in forces and self._all_outside(cast("Sequence[int]", forces)):
            return
        at, count = 0, len(times_ns)
        while at < count:
            due = bisect_left(times_ns, self._points[-1][0] + STEP_NS, at) if self._points else at
            while due < count and forces[due] is None:
                due += 1
            passed = forces[at : due + 1]
            self._pending += len(passed)
            self._peak = max(self._peak, max(filter(None, passed), default=0))
            if due < count:
                self._look(times_ns[due], forces[due] or 0)
            at = due + 1

    def _all_outside(self, forces: Sequence[int]) -> bool:
        """Takes samples of which none can be judged; ``False``: nothing was taken."""
        highest = max(forces, default=0)
        if highest >= self._from and (self._to is None or self._peak <= self._to):
            return False
        self._peak, self._pending = max(self._peak, highest), 0
        self._leave()
        return True

    def _look(self, time_ns: int, force: int) -> None:
        """One sample of each step is judged, for itself and those before it."""
        count, self._pending = self._pending, 0
        if not self._applies(force):
            self._leave()
            return
        self._points.append((time_ns, force))
        while time_ns - self._points[0][0] > SPAN_NS and len(self._points) > 2:
            self._points.popleft()
        if time_ns - self._points[0][0] >= LEAST_NS:
            self._judge(count)

    def record(self) -> RateRecord | None:
        """What is stored of it; ``None`` if nothing was judged."""
        if self._extremes is None:
            return None
        return RateRecord(self._judged, self._outside, self._extremes[1], self._extremes[0])

    def _applies(self, force: int) -> bool:
        rising = force * 100 >= self._peak * STILL_RISING_PERCENT
        return rising and force >= self._from and (self._to is None or self._peak <= self._to)

    def _leave(self) -> None:
        self._points.clear()
        self.rate_mpa_s, self.light = None, RateLight.OFF

    def _judge(self, count: int) -> None:
        (old_ns, old), (new_ns, new) = self._points[0], self._points[-1]
        rate = ((new - old) * self._scale / (new_ns - old_ns)).quantize(Decimal("0.001"))
        self.rate_mpa_s, self.light = rate, light_of(self._band, rate)
        self._judged += count
        self._outside += 0 if in_band(self._band, rate) else count
        low, high = self._extremes or (rate, rate)
        self._extremes = (min(low, rate), max(high, rate))


def light_of(band: RateBand, rate_mpa_s: Decimal) -> RateLight:
    """Green inside the band, amber less than a tenth of its width outside, red beyond."""
    low, high = band.low_mpa_s, band.high_mpa_s
    if low <= rate_mpa_s <= high:
        return RateLight.GREEN
    margin = (high - low) * AMBER
    return RateLight.AMBER if low - margin <= rate_mpa_s <= high + margin else RateLight.RED


def in_band(band: RateBand, rate_mpa_s: Decimal) -> bool:
    """Whether it counts as inside."""
    return band.low_mpa_s * (1 - EDGE) <= rate_mpa_s <= band.high_mpa_s * (1 + EDGE)
