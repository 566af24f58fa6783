"""From everything a run collected to the sealed run: the window that belongs to it, gaps, counters, marks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from importlib import metadata
from itertools import pairwise

from labdesk.devices.driver import Driver
from labdesk.domain.capture import EndReason, RunRequest
from labdesk.domain.machines import Machine
from labdesk.domain.run_doubts import MARKS, Course, doubts
from labdesk.domain.run_gaps import LOSING, Loading
from labdesk.domain.sealed_run import (
    DISPLACEMENT,
    EXTENSION,
    ChannelSwitch,
    Companion,
    Counters,
    Gap,
    GapKind,
    RateRecord,
    RunHeader,
    RunMark,
    SealedRun,
    TimeBase,
)

MS = 1_000_000
SECOND = 1_000_000_000
CLOCK_CHANGED_NS = 5_000_000_000
SLOW_TOLERANCE = Decimal("0.98")


@dataclass(frozen=True)
class Arming:
    """When a run was armed, on both clocks."""

    wall: datetime
    monotonic_ns: int


@dataclass(frozen=True)
class Found:
    """Start, peak and first sample of the break as sample numbers, ``None`` where not found."""

    start: int | None
    peak: int | None
    broken: int | None


@dataclass(frozen=True)
class Ending:
    """Why and how the run ended, and what happened to the machinery around it."""

    reason: EndReason
    detail: str
    restarted: bool
    journal_incomplete: bool
    wall_drift_ns: int


@dataclass(frozen=True)
class Collected:
    """Everything decoded since the first remembered byte; gaps and switches in ns of the monotonic clock."""

    request: RunRequest
    machine: Machine
    driver: Driver
    arming: Arming
    times_ns: list[int]
    columns: list[list[int | None]]
    found: Found
    ending: Ending
    gaps: list[tuple[int, int, GapKind]]
    counters: Counters
    switches: list[tuple[str, int, str]]
    rate: RateRecord | None

    @property
    def zero_ns(self) -> int:
        """Time zero of the run: start of loading, or the moment of arming."""
        return self.arming.monotonic_ns if self.found.start is None else self.times_ns[self.found.start]

    def seal(self, sealed_at: datetime, journal: tuple[str, int], companions: tuple[Companion, ...] = ()) -> SealedRun:
        """The run as it will stay for ever; ``journal``: SHA-256 and size of its raw journal."""
        start, end, zero_ns = self.found.start, self.found.broken, self.zero_ns
        loaded = start is not None
        first, last = self.window()
        end = last - 1 if end is None and last > first else end
        span = self.times_ns[start : (end or 0) + 1] if start is not None else []
        gaps = self._gaps(first, last)
        achieved = rate_hz(span)
        header = RunHeader(
            request=self.request,
            machine=self.machine,
            driver=self.driver.manifest.stamp(),
            time_base=time_base(self.driver, self.counters),
            armed_at=self.arming.wall,
            started_at=self.arming.wall + timedelta(microseconds=(zero_ns - self.arming.monotonic_ns) // 1000),
            sealed_at=sealed_at,
            loaded=loaded,
            peak_index=None if self.found.peak is None or not loaded else self.found.peak - first,
            end_index=None if end is None or last == first else end - first,
            end_reason=self.ending.reason,
            end_detail=self.ending.detail,
            counters=self.counters,
            achieved_hz=achieved,
            largest_gap_ns=max((b - a for a, b in pairwise(span)), default=0),
            gaps=gaps,
            marks=self._marks(gaps, achieved, companions),
            journal_sha256=journal[0],
            journal_bytes=journal[1],
            software=_software(),
            jitter_ns=self._jitter(span),
            wall_drift_ms=round(self.ending.wall_drift_ns / MS),
            switches=self._switches(first, last),
            rate=self.rate,
        )
        times = tuple(time - zero_ns for time in self.times_ns[first:last])
        columns = tuple(tuple(column[first:last]) for column in self.columns)
        return SealedRun(header, self.driver.channels, times, columns, companions)

    def window(self) -> tuple[int, int]:
        """The samples that belong to the run: pre-trigger to tail, or everything after the pre-trigger without a break."""
        end = self.found.broken
        begin_ns = self.zero_ns - self.request.pre_trigger_ms * MS
        first = next((index for index, time in enumerate(self.times_ns) if time >= begin_ns), len(self.times_ns))
        if end is None:
            return first, len(self.times_ns)
        tail_ns = self.times_ns[end] + self.request.tail_ms * MS
        last = next((i + 1 for i in range(end, len(self.times_ns)) if self.times_ns[i] >= tail_ns), len(self.times_ns))
        return first, last

    def _gaps(self, first: int, last: int) -> tuple[Gap, ...]:
        """Gaps that reach into the run, also one that swallowed its pre-trigger or its very start."""
        zero_ns = self.zero_ns
        begin_ns = zero_ns - self.request.pre_trigger_ms * MS
        return tuple(
            Gap(a - zero_ns, b - zero_ns, kind)
            for a, b, kind in self.gaps
            if last > first and b > begin_ns and a <= self.times_ns[last - 1]
        )

    def _switches(self, first: int, last: int) -> tuple[ChannelSwitch, ...]:
        """Declared ones, and channels whose device stopped sending values while the force went on."""
        zero_ns = self.zero_ns
        found = [ChannelSwitch(name, at - zero_ns, True, why) for name, at, why in self.switches]
        declared = {switch.channel for switch in found}
        for channel, column in zip(self.driver.channels[1:], self.columns[1:], strict=True):
            if channel.name in declared or not last or last <= first or column[last - 1] is not None:
                continue
            seen = next((index for index in range(last - 1, first - 1, -1) if column[index] is not None), None)
            if seen is not None and self.times_ns[seen] >= zero_ns:
                found.append(ChannelSwitch(channel.name, self.times_ns[seen + 1] - zero_ns, False))
        return tuple(found)

    def _marks(
        self, gaps: tuple[Gap, ...], achieved: Decimal | None, companions: tuple[Companion, ...]
    ) -> tuple[RunMark, ...]:
        loaded, ending = self.found.start is not None, self.ending
        every = [gap for part in (gaps, *(other.gaps for other in companions)) for gap in part]
        kinds = {gap.kind for gap in every}
        counters = [self.counters, *(other.counters for other in companions)]
        least = self.request.min_rate_hz
        found = {
            RunMark.GAP: bool(kinds & (LOSING - {GapKind.MISSING_FRAMES})),
            RunMark.GAP_CRITICAL: self._critical(every),
            RunMark.RESTARTED: ending.restarted,
            RunMark.BAD_FRAMES: any(each.bad for each in counters),
            RunMark.MISSING_FRAMES: GapKind.MISSING_FRAMES in kinds or any(each.missing for each in counters),
            RunMark.JOURNAL_INCOMPLETE: ending.journal_incomplete,
            RunMark.CLOCK_CHANGED: abs(ending.wall_drift_ns) > CLOCK_CHANGED_NS,
            RunMark.SLOW_SAMPLING: bool(least and achieved is not None and achieved < least * SLOW_TOLERANCE),
            RunMark.NOT_LOADED: not loaded,
            RunMark.NO_BREAK: loaded and ending.reason is not EndReason.BREAK,
        }
        return (*(mark for mark, holds in found.items() if holds), *self._doubtful())

    def _doubtful(self) -> tuple[RunMark, ...]:
        """What the curve itself gives reason to doubt."""
        start, broke = self.found.start, self.ending.reason is EndReason.BREAK
        if start is None:
            return ()
        last = self.found.broken if broke and self.found.broken is not None else self.window()[1] - 1
        ways = {channel.name: column for channel, column in zip(self.driver.channels, self.columns, strict=True)}
        way, part = ways.get(DISPLACEMENT) or ways.get(EXTENSION) or [], slice(start, last + 1)
        course = Course(self.times_ns[part], self.columns[0][part], way[part], broke)
        return tuple(MARKS[finding.doubt] for finding in doubts(course))

    def _critical(self, gaps: list[Gap]) -> bool:
        """Whether samples are missing where the largest force, or with a lower limit the yield, may have been.

        What counts is the larger force at the two ends of a gap: a piece that breaks while nothing comes leaves it on one side.
        """
        if self.found.start is None or self.found.peak is None:
            return False
        zero_ns = self.zero_ns
        loading = Loading(
            times_ns=self.times_ns,
            force=self.columns[0],
            peak=self.columns[0][self.found.peak] or 0,
            until_ns=None if self.found.broken is None else self.times_ns[self.found.broken],
            from_percent=self.request.critical_from_percent,
            zero_ns=zero_ns,
        )
        return any(loading.is_critical(Gap(gap.from_ns + zero_ns, gap.to_ns + zero_ns, gap.kind)) for gap in gaps)

    def _jitter(self, span: list[int]) -> int:
        ends = {b for _, b, _ in self.gaps}
        return jitter_ns([b - a for a, b in pairwise(span) if b not in ends])


def jitter_ns(steps: list[int]) -> int:
    """Root mean square of the differences between intervals and their mean."""
    if not steps:
        return 0
    mean = sum(steps) // len(steps)
    return math.isqrt(sum((step - mean) ** 2 for step in steps) // len(steps))


def rate_hz(times_ns: list[int]) -> Decimal | None:
    """Samples per second, to 0.01."""
    if len(times_ns) < 2 or times_ns[-1] <= times_ns[0]:
        return None
    exact = Decimal(len(times_ns) - 1) * SECOND / Decimal(times_ns[-1] - times_ns[0])
    return exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def time_base(driver: Driver, counters: Counters) -> TimeBase:
    """Where the sample times come from."""
    if driver.tick is not None:
        return TimeBase.DEVICE
    return TimeBase.RECONSTRUCTED if counters.reconstructed else TimeBase.ARRIVAL


@cache
def _software() -> str:
    try:
        return metadata.version("labdesk")
    except metadata.PackageNotFoundError:
        return "source"
