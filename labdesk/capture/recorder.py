"""From journal records to a sealed run; the same code live, after a crash, and when a journal is decoded again years later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from importlib import metadata
from itertools import pairwise
from typing import NamedTuple

from labdesk.devices.detection import Found, RunDetector, Thresholds
from labdesk.devices.driver import Driver
from labdesk.devices.journal import Record
from labdesk.devices.timing import SampleClock
from labdesk.domain.capture import EndReason, RunPhase, RunRequest
from labdesk.domain.errors import BugError
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import (
    ChannelSwitch,
    Counters,
    Gap,
    GapKind,
    RunHeader,
    RunMark,
    SealedRun,
    TimeBase,
)

CLOCK_CHANGED_NS = 5_000_000_000
SILENCE_GAP_NS = 250_000_000
_LOSSLESS = (None, GapKind.CAPTURE_RESTARTED)
MS = 1_000_000
SECOND = 1_000_000_000


class Sample(NamedTuple):
    """One decoded sample: time on the host's monotonic clock, counts per channel, the device's frame counter."""

    time_ns: int
    counts: tuple[int | None, ...]
    sequence: int | None


@dataclass(frozen=True)
class Arming:
    """When a run was armed, on both clocks."""

    wall: datetime
    monotonic_ns: int


class Pipeline:
    """Bytes to timed samples for one line."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._decoder = driver.new_decoder()
        self.clock = SampleClock(driver.tick, SECOND // driver.manifest.rate_hz)
        self.counters = self._decoder.counters

    def feed(self, stamp_ns: int, data: bytes) -> list[Sample]:
        """Samples completed by one chunk."""
        frames = self._decoder.feed(data)
        times = self.clock.stamp(stamp_ns, frames)
        return [Sample(time, frame.counts, frame.sequence) for time, frame in zip(times, frames, strict=True)]

    def reopen(self) -> None:
        """The line was closed and opened."""
        self._decoder.flush()
        self.clock.reopen()


class RunRecorder:
    """Collects one run.

    Attributes:
        largest_gap_ns: longest time between two samples while loading, for the eye.
        ended: why the run is over, ``None`` while it goes on.
        journal_incomplete: the disk refused part of the journal; the samples are from memory.
        wall_drift_ns: how far the wall clock was moved since arming.
        interrupted: there was a restart or a reopened port.
        times_ns, columns: everything decoded since the first remembered byte.
    """

    def __init__(self, request: RunRequest, machine: Machine, driver: Driver, arming: Arming) -> None:
        self.request = request
        self.machine = machine
        self.driver = driver
        self.arming = arming
        self.pipeline = Pipeline(driver)
        quantum = driver.channels[0].quantum
        self.detector = RunDetector(Thresholds.of(request.preload_kn, request.arming_kn, request.criterion, quantum))
        self.times_ns: list[int] = []
        self.columns: list[list[int | None]] = [[] for _ in driver.channels]
        self.ended: EndReason | None = None
        self.end_detail = ""
        self.interrupted = False
        self.restarted = False
        self.journal_incomplete = False
        self.wall_drift_ns = 0
        self.last_stamp_ns = arming.monotonic_ns
        self.largest_gap_ns = 0
        self._detected: EndReason | None = None
        self._gaps: list[tuple[int, int, GapKind]] = []
        self._expect_gap: GapKind | None = None
        self._switches: list[tuple[str, int, str]] = []
        self._missing = 0
        self._interruptions = 0
        self._sequence: int | None = None
        self._before: tuple[int, int, int, int] | None = None
        self._after: tuple[int, int, int, int] | None = None

    @property
    def phase(self) -> RunPhase:
        """Where the run stands."""
        return self.detector.phase

    def channel_names(self) -> frozenset[str]:
        """What this run measures."""
        return frozenset(channel.name for channel in self.driver.channels)

    def feed(self, record: Record) -> list[Sample]:
        """Takes the next journal record; gives its samples. After the end nothing is taken any more."""
        if self.ended is not None:
            return []
        if record.kind == "M":
            self._mark(record)
            return []
        self.last_stamp_ns = max(self.last_stamp_ns, record.stamp_ns)
        if self._before is None and record.stamp_ns >= self.arming.monotonic_ns:
            self._before = self._counted()
        samples = self.pipeline.feed(record.stamp_ns, record.payload)
        for sample in samples:
            self._take(sample)
        if record.stamp_ns - self.arming.monotonic_ns > self.request.limit_s * SECOND:
            self.end(EndReason.LIMIT, f"{self.request.limit_s} s")
        return samples

    def end(self, reason: EndReason, detail: str = "") -> None:
        """Ends the run; a break already seen stays a break, and the first reason stays."""
        if self.ended is None:
            if self.detector.phase is RunPhase.TAIL and self._detected is not None:
                detail = "" if reason is self._detected else f"{reason.value}: {detail}"
                reason = self._detected
            self.ended, self.end_detail = reason, detail
            self._after = self._counted()
            self.restarted = self.restarted or reason is EndReason.CAPTURE_RESTARTED

    def _mark(self, record: Record) -> None:
        mark = record.json()
        event = mark.get("event")
        if event == "end":
            self.end(EndReason(mark["reason"]), str(mark.get("detail", "")))
        elif event == "restarted":
            self.interrupted = self.restarted = True
            self.last_stamp_ns = max(self.last_stamp_ns, record.stamp_ns)
            self._interruptions += 1
        elif event == "adopted":
            self._expect_gap = GapKind.CAPTURE_RESTARTED
        elif event == "opened":
            self.interrupted = True
            self._interruptions += 0 if self.restarted and self._expect_gap is None else 1
            self._expect_gap = GapKind.SLEPT if self._expect_gap is GapKind.SLEPT else GapKind.REOPENED
            self._sequence = None
            self.pipeline.reopen()
        elif event == "slept":
            self.interrupted, self._expect_gap = True, GapKind.SLEPT
        elif event == "switch":
            self._switches.append((str(mark["channel"]), record.stamp_ns, str(mark["reason"])))
        elif event == "hole":
            self.journal_incomplete, self._expect_gap = True, GapKind.NOT_JOURNALLED

    def _take(self, sample: Sample) -> None:
        index = len(self.times_ns)
        self._note_gap(sample)
        self.times_ns.append(sample.time_ns)
        for column, count in zip(self.columns, sample.counts, strict=True):
            column.append(count)
        force = sample.counts[0]
        if force is not None and sample.time_ns >= self.arming.monotonic_ns:
            found = self.detector.feed(index, sample.time_ns, force)
            if found is Found.BROKEN:
                self._detected = EndReason.BREAK
            elif found is Found.UNLOADED:
                self._detected = EndReason.UNLOADED
        broken = self.detector.break_index
        if broken is not None and sample.time_ns >= self.times_ns[broken] + self.request.tail_ms * MS:
            self.end(self._detected or EndReason.BREAK)

    def _note_gap(self, sample: Sample) -> None:
        last = self.times_ns[-1] if self.times_ns else None
        kind, self._expect_gap = self._expect_gap, None
        modulus = self.driver.sequence_modulus
        if modulus is not None and sample.sequence is not None:
            if self._sequence is not None:
                jumped = (sample.sequence - self._sequence - 1) % modulus
                if 0 < jumped < modulus // 2:
                    self._missing += jumped
                    kind = GapKind.MISSING_FRAMES if kind in _LOSSLESS else kind
            self._sequence = sample.sequence
        if last is None:
            return
        if self.detector.phase is RunPhase.LOADING:
            self.largest_gap_ns = max(self.largest_gap_ns, sample.time_ns - last)
        limit = max(SILENCE_GAP_NS, 10 * self.pipeline.clock.period_ns)
        if kind is None and sample.time_ns - last > limit:
            kind = GapKind.SILENCE
        if kind is not None:
            self._gaps.append((last, sample.time_ns, kind))

    def _counted(self) -> tuple[int, int, int, int]:
        counters = self.pipeline.counters
        return counters.good, counters.bad, counters.skipped_bytes, self.pipeline.clock.reconstructed

    # What follows turns the collected samples into the sealed run.

    def seal(self, sealed_at: datetime, journal_sha256: str, journal_bytes: int) -> SealedRun:
        """The run as it will stay for ever; call after the end."""
        if self.ended is None:
            raise BugError("bug.run_not_ended", run_id=self.request.run_id)
        detector, request = self.detector, self.request
        start, end = detector.start_index, detector.break_index
        loaded = start is not None
        zero_ns = self.times_ns[start] if start is not None else self.arming.monotonic_ns
        first, last = self._window(zero_ns, end)
        end = last - 1 if end is None and last > first else end
        counters = self._counters()
        gaps = tuple(
            Gap(a - zero_ns, b - zero_ns, kind)
            for a, b, kind in self._gaps
            if last > first and b > self.times_ns[first] and a <= self.times_ns[last - 1]
        )
        span = self.times_ns[start : (end or 0) + 1] if start is not None else []
        header = RunHeader(
            request=request,
            machine=self.machine,
            driver=self.driver.manifest.stamp(),
            time_base=self._time_base(counters),
            armed_at=self.arming.wall,
            started_at=self.arming.wall + timedelta(microseconds=(zero_ns - self.arming.monotonic_ns) // 1000),
            sealed_at=sealed_at,
            loaded=loaded,
            peak_index=None if detector.peak_index is None or not loaded else detector.peak_index - first,
            end_index=None if end is None or last == first else end - first,
            end_reason=self.ended,
            end_detail=self.end_detail,
            counters=counters,
            achieved_hz=_rate(span),
            largest_gap_ns=max((b - a for a, b in pairwise(span)), default=0),
            gaps=gaps,
            marks=self._marks(loaded, counters, gaps),
            journal_sha256=journal_sha256,
            journal_bytes=journal_bytes,
            software=_software(),
            wall_drift_ms=self.wall_drift_ns // MS,
            switches=tuple(ChannelSwitch(name, at - zero_ns, True, why) for name, at, why in self._switches),
        )
        times = tuple(time - zero_ns for time in self.times_ns[first:last])
        return SealedRun(header, self.driver.channels, times, tuple(tuple(col[first:last]) for col in self.columns))

    def _window(self, zero_ns: int, end: int | None) -> tuple[int, int]:
        """The samples that belong to the run: pre-trigger to tail, or everything after the pre-trigger without a break."""
        begin_ns = zero_ns - self.request.pre_trigger_ms * MS
        first = next((index for index, time in enumerate(self.times_ns) if time >= begin_ns), len(self.times_ns))
        if end is None:
            return first, len(self.times_ns)
        tail_ns = self.times_ns[end] + self.request.tail_ms * MS
        last = next((i + 1 for i in range(end, len(self.times_ns)) if self.times_ns[i] >= tail_ns), len(self.times_ns))
        return first, last

    def _counters(self) -> Counters:
        before = self._before or (0, 0, 0, 0)
        good, bad, skipped, reconstructed = (
            now - then for now, then in zip(self._after or self._counted(), before, strict=True)
        )
        return Counters(good, bad, skipped, self._missing, reconstructed, self._interruptions)

    def _time_base(self, counters: Counters) -> TimeBase:
        if self.driver.tick is not None:
            return TimeBase.DEVICE
        return TimeBase.RECONSTRUCTED if counters.reconstructed else TimeBase.ARRIVAL

    def _marks(self, loaded: bool, counters: Counters, gaps: tuple[Gap, ...]) -> tuple[RunMark, ...]:
        kinds = {gap.kind for gap in gaps}
        found = {
            RunMark.GAP: bool(kinds & {GapKind.REOPENED, GapKind.SILENCE, GapKind.SLEPT, GapKind.NOT_JOURNALLED}),
            RunMark.RESTARTED: self.restarted,
            RunMark.BAD_FRAMES: counters.bad > 0,
            RunMark.MISSING_FRAMES: GapKind.MISSING_FRAMES in kinds or counters.missing > 0,
            RunMark.JOURNAL_INCOMPLETE: self.journal_incomplete,
            RunMark.CLOCK_CHANGED: abs(self.wall_drift_ns) > CLOCK_CHANGED_NS,
            RunMark.NOT_LOADED: not loaded,
            RunMark.NO_BREAK: loaded and self.ended is not EndReason.BREAK,
        }
        return tuple(mark for mark, holds in found.items() if holds)


def _rate(times_ns: list[int]) -> Decimal | None:
    """Samples per second, to 0.01."""
    if len(times_ns) < 2 or times_ns[-1] <= times_ns[0]:
        return None
    exact = Decimal(len(times_ns) - 1) * SECOND / Decimal(times_ns[-1] - times_ns[0])
    return exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


@cache
def _software() -> str:
    try:
        return metadata.version("labdesk")
    except metadata.PackageNotFoundError:
        return "source"
