"""One machine as the capture process sees it: its line, the run in progress, and the newest state for whoever looks.

Only the worker's thread calls these methods; the reader thread of the line never waits for them.
"""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from typing import Any

from labdesk.capture.gauges import Gauges, LineHealth
from labdesk.capture.live_curve import LiveCurve
from labdesk.capture.recorder import Arming, Pipeline, RunRecorder, Sample
from labdesk.capture.runs import RunFolder
from labdesk.capture.sealer import Sealer
from labdesk.capture.sealing import Unfinished, begin_journal, wall_drift_ns
from labdesk.devices.driver import Driver
from labdesk.devices.journal import JournalSyncer, JournalWriter, Record
from labdesk.devices.session import Line, LineEvent, PortKeeper
from labdesk.domain.capture import EndReason, LinkTrouble, LivePoint, LiveState, MachineState, RunPhase, RunRequest
from labdesk.domain.clock import Clock
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, FORCE

MS = 1_000_000
GRACE_NS = 1_000_000_000
RESTARTED = {"event": "restarted"}


@dataclass(frozen=True)
class Published:
    """The newest state and the curve that belongs to it; ``points`` may grow later, ``count`` of them are meant."""

    state: LiveState
    generation: int
    points: list[LivePoint]
    count: int


@dataclass(frozen=True)
class Resources:
    """What all stations share."""

    folder: RunFolder
    syncer: JournalSyncer
    keeper: PortKeeper
    clock: Clock


class Station:
    """See the module."""

    def __init__(self, machine: Machine, driver: Driver, resources: Resources, unfinished: Unfinished | None) -> None:
        self.machine = machine
        self.driver = driver
        self._resources = resources
        self._line = Line(machine.id, machine.port_url, driver, resources.keeper)
        self._pipeline = Pipeline(driver)
        self._recorder: RunRecorder | None = None
        self._sealer = Sealer(machine.id, resources.folder, resources.clock)
        self._resumed = False
        now_ns = time.monotonic_ns()
        self._health = LineHealth(driver.manifest.silence_ms, now_ns)
        self._gauges = Gauges(driver.channels)
        self._counted = (0, 0, 0)
        self._totals = [0, 0, 0]
        self._curve = LiveCurve(driver.channels)
        self._seq = 0
        self._unfinished = unfinished
        if unfinished is not None:
            self._resume(unfinished, now_ns)
        self.published = self._publish()
        self._line.start()

    @property
    def busy(self) -> bool:
        """A run is in progress or being sealed."""
        return self._recorder is not None or self._sealer.unsealed is not None or self._unfinished is not None

    def stop(self) -> None:
        """Lets go of the line; a run in progress stays in its journal, to be found at the next start."""
        self._line.stop()
        self.settle()
        journal = self._line.detach()
        if journal is not None:
            self._resources.syncer.remove(journal)
            journal.close()

    def settle(self) -> None:
        """Waits for a sealing in progress."""
        self._sealer.settle()

    def arm(self, request: RunRequest) -> None:
        """See ``CapturePort.arm``."""
        number = self.machine.number
        if self._recorder is not None and self._recorder.request == request:
            return
        if self._resources.folder.exists(request.run_id):
            raise OperatorError("capture.run_exists", run_id=request.run_id)
        if self.busy:
            raise OperatorError("capture.machine_busy", machine=number)
        state, force = self._health.state(self.busy), self._gauges.value(FORCE)
        if state is not MachineState.READY or force is None:
            trouble = self._health.trouble.value
            raise OperatorError("capture.machine_not_ready", machine=number, state=state.value, trouble=trouble)
        if abs(force) >= request.preload_kn:
            raise OperatorError(
                "capture.not_zero", machine=number, force_kn=str(force), preload_kn=str(request.preload_kn)
            )
        arming = Arming(self._resources.clock.now(), time.monotonic_ns())
        recorder = RunRecorder(request, self.machine, self.driver, arming)
        path = self._resources.folder.journal_path(request.run_id)

        def make(recent: list[LineEvent]) -> JournalWriter:
            journal, records = begin_journal(path, recorder, recent)
            for record in records:
                recorder.feed(record)
            self._resources.syncer.add(journal)
            return journal

        try:
            self._line.attach(make)
        except OSError as error:
            raise EnvironmentFault("capture.disk", path=str(path.parent), detail=str(error)) from error
        self._begin(recorder)
        self.published = self._publish()

    def abort(self, reason: str) -> None:
        """See ``CapturePort.abort``."""
        if self._recorder is not None:
            self._end(EndReason.OPERATOR, reason)
            self.published = self._publish()

    def switch_channel(self, channel: str, reason: str) -> None:
        """See ``CapturePort.switch_channel``."""
        recorder = self._recorder
        if recorder is None:
            raise OperatorError("capture.no_run", machine=self.machine.number)
        if channel == FORCE or channel not in recorder.channel_names():
            raise OperatorError("capture.no_channel", machine=self.machine.number, channel=channel)
        mark = {"event": "switch", "channel": channel, "reason": reason}
        stamp_ns = self._line.mark(mark)
        recorder.feed(Record("M", stamp_ns, json.dumps(mark).encode()))

    def tick(self, now_ns: int) -> None:
        """Takes what the line brought, follows the run, publishes the newest state if it changed."""
        before = self._seen()
        for event in self._line.drain():
            if event.data:
                self._take_data(event)
            else:
                self._take_change(event)
        if self._health.watch(now_ns):
            self._line.reopen()
        if self._health.deaf:
            self._gauges.clear()
        self._follow_run(now_ns)
        if self._seen() != before or self._health.state(self.busy) is not self.published.state.state:
            self.published = self._publish()

    def slept(self, now_ns: int, slept_ns: int) -> None:
        """The computer slept and woke up: written into the run, and the line is opened anew, for adapters seldom survive it."""
        self._take_change(self._line.slept(now_ns, slept_ns))
        self._line.reopen()
        self.published = self._publish()

    # ---- the line --------------------------------------------------------------------------------------------------

    def _take_data(self, event: LineEvent) -> None:
        recorder = self._recorder
        if recorder is None or recorder.ended is not None:
            samples = self._pipeline.feed(event.stamp_ns, event.data)
        else:
            started = recorder.detector.start_index
            samples = recorder.feed(Record("D", event.stamp_ns, event.data))
            if recorder.detector.start_index != started:
                self._restart_curve(recorder)
            elif started is not None:
                zero_ns = recorder.times_ns[started]
                for sample in samples:
                    self._curve.add((sample.time_ns - zero_ns) // MS, sample)
        self._health.heard(event.stamp_ns, bool(samples))
        if samples:
            self._gauges.take(samples)

    def _take_change(self, event: LineEvent) -> None:
        if self._recorder is not None:
            self._recorder.feed(Record("M", event.stamp_ns, json.dumps(event.mark()).encode()))
        elif event.opened and not event.adopted:
            self._pipeline.reopen()
        self._health.change(event)
        if event.lost is not None:
            self._gauges.clear()

    # ---- the run ---------------------------------------------------------------------------------------------------

    def _begin(self, recorder: RunRecorder) -> None:
        self._recorder, self._pipeline = recorder, recorder.pipeline
        counters = recorder.pipeline.counters
        self._counted = (counters.good, counters.bad, counters.skipped_bytes)
        self._curve.clear()
        self._sealer.sealed_run_id = ""

    def _resume(self, unfinished: Unfinished, now_ns: int) -> None:
        """After a restart of this process: first the bytes go on to their journal, :meth:`recover` decodes later."""
        journal = JournalWriter.resume(unfinished.path, unfinished.content, now_ns)
        journal.mark(now_ns, RESTARTED)
        self._resources.syncer.add(journal)
        self._line.resume(journal)
        self._resumed = True

    def recover(self) -> None:
        """Decodes the run that an earlier process began, and goes on with it; the line is read meanwhile."""
        unfinished, self._unfinished = self._unfinished, None
        if unfinished is None:
            return
        recorder = unfinished.decode()
        recorder.feed(Record("M", time.monotonic_ns(), json.dumps(RESTARTED).encode()))
        self._begin(recorder)
        self._restart_curve(recorder)

    def _restart_curve(self, recorder: RunRecorder) -> None:
        """The start was found or taken back: the curve begins again, with what came before the start."""
        self._curve.clear()
        start = recorder.detector.start_index
        if start is None:
            return
        zero_ns = recorder.times_ns[start]
        begin_ns = zero_ns - recorder.request.pre_trigger_ms * MS
        rows = zip(recorder.times_ns, zip(*recorder.columns, strict=True), strict=True)
        for time_ns, counts in rows:
            if time_ns >= begin_ns:
                self._curve.add((time_ns - zero_ns) // MS, Sample(time_ns, counts, None))

    def _follow_run(self, now_ns: int) -> None:
        self._sealer.retry(now_ns)
        recorder = self._recorder
        if recorder is None:
            return
        quiet_ns = now_ns - max(self._health.good_ns, recorder.last_stamp_ns)
        if recorder.ended is not None:
            self._end(recorder.ended, recorder.end_detail)
        elif quiet_ns > GRACE_NS and (self._health.deaf or not self._health.open):
            back = not self._resumed or self._health.good_ns
            reason = EndReason.LOST_LINK if back else EndReason.CAPTURE_RESTARTED
            self._end(reason, f"{self._health.trouble.value} {self._health.detail}".strip())
        elif now_ns - recorder.arming.monotonic_ns > (recorder.request.limit_s + 1) * 1000 * MS:
            self._end(EndReason.LIMIT, f"{recorder.request.limit_s} s")

    def _end(self, reason: EndReason, detail: str) -> None:
        recorder = self._recorder
        if recorder is None:
            return
        recorder.wall_drift_ns = wall_drift_ns(recorder.arming, time.monotonic_ns(), self._resources.clock.now())
        if recorder.ended is None:
            self._line.mark({"event": "end", "reason": reason.value, "detail": detail})
            recorder.end(reason, detail)
        journal = self._line.detach()
        if journal is not None:
            self._resources.syncer.remove(journal)
            with contextlib.suppress(OSError):
                journal.close()
            sync_fault = self._resources.syncer.faults.pop(journal.path, "")
            recorder.journal_incomplete |= bool(self._line.journal_fault or sync_fault)
        self._recorder = None
        self._sealer.seal(recorder)

    # ---- the newest state ------------------------------------------------------------------------------------------

    def _seen(self) -> tuple[object, ...]:
        """What makes a new state worth telling."""
        recorder, counters = self._recorder, self._pipeline.counters
        return (
            None if self._gauges.newest is None else self._gauges.newest.time_ns,
            counters.bad,
            self._health.trouble,
            self._health.open,
            self._sealer.sealed_run_id,
            None if recorder is None else (recorder.request.run_id, recorder.phase),
            self._sealer.unsealed is None,
            self._line.journal_fault or self._sealer.disk_fault,
        )

    def _publish(self) -> Published:
        recorder = self._recorder or self._sealer.unsealed
        self._seq += 1
        counters = self._pipeline.counters
        counted = (counters.good, counters.bad, counters.skipped_bytes)
        self._totals = [total + new - old for total, new, old in zip(self._totals, counted, self._counted, strict=True)]
        self._counted = counted
        fault = self._line.journal_fault or self._sealer.disk_fault
        state = LiveState(
            machine_id=self.machine.id,
            seq=self._seq,
            state=self._health.state(self.busy),
            trouble=LinkTrouble.DISK if fault else self._health.trouble,
            detail=fault or self._health.detail,
            force_kn=self._gauges.value(FORCE),
            extension_mm=self._gauges.value(EXTENSION),
            displacement_mm=self._gauges.value(DISPLACEMENT),
            rate_kn_s=self._gauges.rate_kn_s(),
            achieved_hz=self._gauges.achieved_hz(),
            good_frames=self._totals[0],
            bad_frames=self._totals[1],
            skipped_bytes=self._totals[2],
            sealed_run_id=self._sealer.sealed_run_id,
            at=self._resources.clock.now(),
            **({} if recorder is None else self._run_part(recorder)),
        )
        return Published(state, self._curve.generation, self._curve.points, len(self._curve.points))

    def _run_part(self, recorder: RunRecorder) -> dict[str, Any]:
        detector = recorder.detector
        start = detector.start_index
        last_ns = recorder.times_ns[-1] if recorder.times_ns else recorder.arming.monotonic_ns
        return {
            "phase": RunPhase.SEALING if recorder is self._sealer.unsealed else recorder.phase,
            "run_id": recorder.request.run_id,
            "specimen_label": recorder.request.specimen_label,
            "peak_kn": None if start is None else detector.peak * self.driver.channels[0].quantum,
            "elapsed_ms": 0 if start is None else (last_ns - recorder.times_ns[start]) // MS,
            "largest_gap_ms": recorder.largest_gap_ns // MS,
            "interrupted": recorder.interrupted,
        }
