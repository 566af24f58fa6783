"""From journal records to a sealed run; the same code live, after a crash, and when a journal is decoded again years later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count as counting
from itertools import repeat

from labdesk.capture.assembly import Arming, Collected, Ending
from labdesk.capture.assembly import Found as Places
from labdesk.capture.blocks import NO_BLOCK, Block, Pipeline
from labdesk.capture.rate_watch import RateWatch
from labdesk.devices.detection import Found, RunDetector, Thresholds
from labdesk.devices.driver import Driver
from labdesk.devices.journal import Record
from labdesk.domain.capture import EndReason, RunPhase, RunRequest
from labdesk.domain.errors import BugError
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import Companion, Counters, GapKind, SealedRun

SILENCE_GAP_NS = 250_000_000
_LOSSLESS = (None, GapKind.CAPTURE_RESTARTED)
MS = 1_000_000
SECOND = 1_000_000_000

__all__ = ["Arming", "RunRecorder"]


class RunRecorder:
    """Collects one run.

    Attributes:
        largest_gap_ns: longest time between two samples while loading, for the eye.
        ended: why the run is over, ``None`` while it goes on.
        journal_incomplete: the disk refused part of the journal; the samples are from memory.
        rate: the stress rate followed, ``None`` if the run asks for none.
        wall_drift_ns: how far the wall clock was moved since arming.
        interrupted: there was a restart or a reopened port.
        companion_channels: names of the channels that other devices bring to this run.
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
        self.rate = RateWatch.of(request, quantum)
        self.times_ns: list[int] = []
        self.columns: list[list[int | None]] = [[] for _ in driver.channels]
        self.ended: EndReason | None = None
        self.end_detail = ""
        self.companion_channels: frozenset[str] = frozenset()
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
    def gaps(self) -> int:
        """How many gaps were noted so far."""
        return len(self._gaps)

    @property
    def phase(self) -> RunPhase:
        """Where the run stands."""
        return self.detector.phase

    def channel_names(self) -> frozenset[str]:
        """What this run measures."""
        return frozenset(channel.name for channel in self.driver.channels) | self.companion_channels

    def feed(self, record: Record) -> Block:
        """Takes the next journal record; gives its samples. After the end nothing is taken any more."""
        if self.ended is not None:
            return NO_BLOCK
        if record.kind == "M":
            self._mark(record)
            return NO_BLOCK
        self.last_stamp_ns = max(self.last_stamp_ns, record.stamp_ns)
        if self._before is None and record.stamp_ns >= self.arming.monotonic_ns:
            self._before = self._counted()
        block = self.pipeline.feed(record.stamp_ns, record.payload)
        if block.times_ns:
            self._take(block)
        if record.stamp_ns - self.arming.monotonic_ns > self.request.limit_s * SECOND:
            self.end(EndReason.LIMIT, f"{self.request.limit_s} s")
        return block

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
        elif event == "host":
            self.pipeline.overhear(bytes.fromhex(mark["bytes"]))
        elif event == "hole":
            self.journal_incomplete, self._expect_gap = True, GapKind.NOT_JOURNALLED

    def _take(self, block: Block) -> None:
        first, had_phase = len(self.times_ns), self.detector.phase
        self._note_gaps(block)
        self.times_ns += block.times_ns
        for column, counts in zip(self.columns, block.columns, strict=True):
            column.extend(counts)
        self._follow(first, block)
        if had_phase is RunPhase.LOADING:
            last_ns = self.times_ns[first - 1]
            self.largest_gap_ns = max(self.largest_gap_ns, block.times_ns[0] - last_ns, block.longest_step_ns())
        broken = self.detector.break_index
        if broken is not None and block.times_ns[-1] >= self.times_ns[broken] + self.request.tail_ms * MS:
            self.end(self._detected or EndReason.BREAK)

    def _follow(self, first: int, block: Block) -> None:
        """Looks for start, peak and break: the whole block at once where nothing can be found in it, else sample by sample."""
        if self._before is None:  # set by the first bytes after the arming
            return  # it arrived before the arming: whatever its time, it is not of this loading
        forces, detector, rate = block.forces, self.detector, self.rate
        armed = block.times_ns[0] >= self.arming.monotonic_ns
        if not (armed and detector.pass_over(first, forces)):
            for index, time_ns, force in zip(counting(first), block.times_ns, forces):
                if force is not None and time_ns >= self.arming.monotonic_ns:
                    self._found(detector.feed(index, time_ns, force))
        if rate is not None and detector.phase is RunPhase.LOADING:
            rate.take(block.times_ns, forces)

    def _found(self, found: Found) -> None:
        if found is Found.BROKEN:
            self._detected = EndReason.BREAK
        elif found is Found.UNLOADED:
            self._detected = EndReason.UNLOADED
        elif found is Found.START_TAKEN_BACK and self.rate is not None:
            self.rate.restart()

    def _note_gaps(self, block: Block) -> None:
        last, kind = self.times_ns[-1] if self.times_ns else None, self._expect_gap
        self._expect_gap = None
        limit = max(SILENCE_GAP_NS, 10 * self.pipeline.clock.period_ns)
        close = last is not None and block.times_ns[0] - last <= limit >= block.times_ns[-1] - block.times_ns[0]
        if kind is None and close and self._numbered(block):
            return
        sequences: Iterable[int | None] = block.sequences or repeat(None)
        for time_ns, sequence in zip(block.times_ns, sequences):  # noqa: B905 - repeat never ends
            kind = self._kind(kind, time_ns, sequence)
            if last is not None and kind is None and time_ns - last > limit:
                kind = GapKind.SILENCE
            if last is not None and kind is not None:
                self._gaps.append((last, time_ns, kind))
                if self.rate is not None:
                    self.rate.gap()
            last, kind = time_ns, None

    def _numbered(self, block: Block) -> bool:
        """Whether the device's numbers go on without a jump (also where it sends none)."""
        modulus, sequences = self.driver.sequence_modulus, block.sequences
        if modulus is None or not sequences:
            return True
        begin, count = sequences[0], len(sequences)
        if self._sequence is None or begin != (self._sequence + 1) % modulus or begin + count > modulus:
            return False
        if sequences != range(begin, begin + count) and sequences != tuple(range(begin, begin + count)):
            return False
        self._sequence = sequences[-1]
        return True

    def _kind(self, kind: GapKind | None, time_ns: int, sequence: int | None) -> GapKind | None:
        """What lies before this sample, by the device's number."""
        modulus = self.driver.sequence_modulus
        if modulus is None or sequence is None:
            return kind
        if self._sequence is not None:
            jumped = (sequence - self._sequence - 1) % modulus
            if 0 < jumped < modulus // 2:
                self._missing += jumped if time_ns >= self.arming.monotonic_ns else 0
                kind = GapKind.MISSING_FRAMES if kind in _LOSSLESS else kind
        self._sequence = sequence
        return kind

    def _counted(self) -> tuple[int, int, int, int]:
        counters = self.pipeline.counters
        return counters.good, counters.bad, counters.skipped_bytes, self.pipeline.clock.reconstructed

    def collected(self) -> Collected:
        """All of it, for sealing; raises BugError ``bug.run_not_ended`` while the run goes on."""
        if self.ended is None:
            raise BugError("bug.run_not_ended", run_id=self.request.run_id)
        detector = self.detector
        before = self._before or (0, 0, 0, 0)
        good, bad, skipped, reconstructed = (
            now - then for now, then in zip(self._after or self._counted(), before, strict=True)
        )
        return Collected(
            request=self.request,
            machine=self.machine,
            driver=self.driver,
            arming=self.arming,
            times_ns=self.times_ns,
            columns=self.columns,
            found=Places(detector.start_index, detector.peak_index, detector.break_index),
            ending=Ending(self.ended, self.end_detail, self.restarted, self.journal_incomplete, self.wall_drift_ns),
            gaps=self._gaps,
            counters=Counters(good, bad, skipped, self._missing, reconstructed, self._interruptions),
            switches=self._switches,
            rate=None if self.rate is None else self.rate.record(),
        )

    def seal(
        self, sealed_at: datetime, journal_sha256: str, journal_bytes: int, companions: tuple[Companion, ...] = ()
    ) -> SealedRun:
        """The run as it will stay for ever; call after the end."""
        return self.collected().seal(sealed_at, (journal_sha256, journal_bytes), companions)
