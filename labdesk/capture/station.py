"""One machine as the capture process sees it: its line, the run in progress, and the newest state for whoever looks.

Only the worker's thread calls these methods; the reader thread of the line never waits for them.
"""

from __future__ import annotations

import json
import time
from bisect import bisect_left
from decimal import Decimal

from labdesk.capture.assembly import Arming
from labdesk.capture.blocks import Block
from labdesk.capture.device_line import RESTARTED, DeviceLine, Resources, close_journal
from labdesk.capture.live_curve import LiveCurve
from labdesk.capture.publishing import Published, Publisher, View
from labdesk.capture.recorder import RunRecorder
from labdesk.capture.sealer import Sealer
from labdesk.capture.sealing import Unfinished, wall_drift_ns
from labdesk.devices.driver import Driver
from labdesk.devices.journal import Record
from labdesk.devices.session import LineEvent
from labdesk.domain.capture import EndReason, RunRequest
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import FORCE

MS = 1_000_000
GRACE_NS = 1_000_000_000
STALLED_NS = 400 * MS
"""This process itself stood still for longer than that: what the line said meanwhile still waits to be read."""


class Station(DeviceLine):
    """See the module."""

    def __init__(
        self,
        machine: Machine,
        driver: Driver,
        resources: Resources,
        unfinished: Unfinished | None,
        lent: Unfinished | None = None,
    ) -> None:
        """``unfinished``: a run of this machine that goes on; ``lent``: the journal it fills for a run of another one that goes on."""
        now_ns = time.monotonic_ns()
        super().__init__(machine, driver, resources, now_ns)
        self._recorder: RunRecorder | None = None
        self._ticked_ns = now_ns
        self._sealer = Sealer(machine.id, resources.folder, resources.clock)
        self._resumed = False
        self._curve = LiveCurve(driver.channels, self._beside)
        self._publisher = Publisher(machine.id, driver)
        self._others: tuple[DeviceLine, ...] = ()
        self._unfinished = unfinished
        if unfinished is not None:
            self._go_on_with(unfinished, now_ns)
            self._resumed = True
        elif lent is not None:
            self.lend_again(lent, now_ns)
        self.published = self._publish()
        self._line.start()

    @property
    def busy(self) -> bool:
        """A run is in progress or being sealed."""
        own = self._recorder is not None or self._sealer.unsealed is not None or self._unfinished is not None
        return own or super().busy

    def stop(self) -> None:
        """Lets go of the line; a run in progress stays in its journal, to be found at the next start."""
        self._line.stop()
        self.settle()
        journal = self._line.detach()
        if journal is not None:
            close_journal(journal, self._resources.syncer)

    def settle(self) -> None:
        """Waits for a sealing in progress."""
        self._sealer.settle()

    def arm(self, request: RunRequest, others: tuple[DeviceLine, ...] = ()) -> None:
        """See ``CapturePort.arm``; ``others``: the stations of its companions."""
        number = self.machine.number
        if self._recorder is not None and self._recorder.request == request:
            return
        if self._resources.folder.exists(request.run_id):
            raise OperatorError("capture.run_exists", run_id=request.run_id)
        if self.busy:
            raise OperatorError("capture.machine_busy", machine=number)
        for device in (self, *others):
            device.check_ready()
        force = self.gauges.value(FORCE) or Decimal(0)
        if abs(force) >= request.preload_kn:
            raise OperatorError(
                "capture.not_zero", machine=number, force_kn=str(force), preload_kn=str(request.preload_kn)
            )
        arming = Arming(self._resources.clock.now(), time.monotonic_ns())
        recorder = RunRecorder(request, self.machine, self.driver, arming)
        lent: list[DeviceLine] = []
        try:
            for index, other in enumerate(others, 1):
                other.lend(request, arming, index)
                lent.append(other)
                recorder.companion_channels |= {channel.name for channel in other.driver.channels}
            self._attach(recorder, self._resources.folder.journal_path(request.run_id))
        except LabDeskError:
            for other in lent:
                other.give_back(keep=False)
            raise
        self._others = others
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
        if now_ns - self._ticked_ns > STALLED_NS:
            self.health.excuse(now_ns)
        self._ticked_ns = now_ns
        for event in self._line.drain():
            self._take(event)
        if self.health.watch(now_ns):
            self._line.reopen()
        if self.health.deaf:
            self.gauges.clear()
        self._follow_run(now_ns)
        view = self._view()
        if self._publisher.has_news(view):
            self.published = self._publisher.publish(view, self._resources.clock.now())

    def slept(self, now_ns: int, slept_ns: int) -> None:
        """The computer slept and woke up: written into the run, and the line is opened anew, for adapters seldom survive it."""
        self._changed(self._line.slept(now_ns, slept_ns))
        self._line.reopen()
        self.published = self._publish()

    # ---- the line --------------------------------------------------------------------------------------------------

    def _decoded(self, event: LineEvent) -> Block:
        """The samples of one chunk go into the run in progress and its curve."""
        recorder = self._recorder
        if recorder is None or recorder.ended is not None:
            return super()._decoded(event)
        started, gaps = recorder.detector.start_index, recorder.gaps
        block = recorder.feed(Record("D", event.stamp_ns, event.data))
        if recorder.detector.start_index != started:
            self._restart_curve(recorder)
        elif started is not None and block.times_ns:
            zero_ns = recorder.times_ns[started]
            if recorder.gaps != gaps:
                self._curve.interrupt((block.times_ns[0] - zero_ns) // MS)
            self._curve.add(zero_ns, block)
        return block

    def _changed(self, event: LineEvent) -> None:
        """A change of the line stands in the run in progress too, and that one's decoder gives up its unfinished frame."""
        recorder = self._recorder
        if recorder is None or recorder.ended is not None:
            super()._changed(event)
            return
        recorder.feed(Record("M", event.stamp_ns, json.dumps(event.mark()).encode()))
        self.health.change(event)
        if event.lost is not None or event.slept_ns:
            self.gauges.clear()

    # ---- the run ---------------------------------------------------------------------------------------------------

    def _begin(self, recorder: RunRecorder) -> None:
        self._recorder, self._pipeline = recorder, recorder.pipeline
        self._publisher.recount(recorder.pipeline.counters)
        self._curve.clear()
        self._sealer.sealed_run_id = ""

    def rejoin(self, other: DeviceLine) -> None:
        """After a restart: a companion of the run that goes on, which journals again already."""
        self._others = (*self._others, other)

    def recover(self) -> None:
        """Decodes the run that an earlier process began, and goes on with it; the line is read meanwhile."""
        unfinished, self._unfinished = self._unfinished, None
        if unfinished is None:
            return
        recorder = unfinished.decode()
        recorder.feed(Record("M", time.monotonic_ns(), json.dumps(RESTARTED).encode()))
        for other in self._others:
            recorder.companion_channels |= {channel.name for channel in other.driver.channels}
        self._begin(recorder)
        self._restart_curve(recorder)

    def _restart_curve(self, recorder: RunRecorder) -> None:
        """The start was found or taken back: the curve begins again, with what came before the start."""
        self._curve.clear()
        start = recorder.detector.start_index
        if start is None:
            return
        zero_ns = recorder.times_ns[start]
        first = bisect_left(recorder.times_ns, zero_ns - recorder.request.pre_trigger_ms * MS)
        columns = tuple(tuple(column[first:]) for column in recorder.columns)
        self._curve.add(zero_ns, Block(recorder.times_ns[first:], columns, ()))

    def _beside(self, name: str, time_ns: int) -> Decimal | None:
        """What a companion measured at a moment of the run."""
        found = (other.beside.value(name, time_ns) for other in self._others if other.beside is not None)
        return next((value for value in found if value is not None), None)

    def _follow_run(self, now_ns: int) -> None:
        self._sealer.retry(now_ns)
        recorder = self._recorder
        if recorder is None:
            return
        quiet_ns = now_ns - max(self.health.good_ns, self.health.excused_ns, recorder.last_stamp_ns)
        if recorder.ended is not None:
            self._end(recorder.ended, recorder.end_detail)
        elif quiet_ns > GRACE_NS and (self.health.deaf or not self.health.open):
            back = not self._resumed or self.health.good_ns
            reason = EndReason.LOST_LINK if back else EndReason.CAPTURE_RESTARTED
            self._end(reason, f"{self.health.trouble.value} {self.health.detail}".strip())
        elif now_ns - recorder.arming.monotonic_ns > (recorder.request.limit_s + 1) * 1000 * MS:
            self._end(EndReason.LIMIT, f"{recorder.request.limit_s} s")

    def _end(self, reason: EndReason, detail: str) -> None:
        recorder = self._recorder
        if recorder is None:
            return
        recorder.wall_drift_ns = wall_drift_ns(recorder.arming, time.monotonic_ns(), self._resources.clock.now())
        if recorder.ended is None:
            journal, events = self._line.finish({"event": "end", "reason": reason.value, "detail": detail})
            for event in events:
                self._take(event)
            recorder.end(reason, detail)
        else:
            journal = self._line.detach()
        if journal is not None:
            sound = close_journal(journal, self._resources.syncer) and not self._line.journal_fault
            recorder.journal_incomplete |= not sound
        for other in self._others:
            other.give_back()
        self._recorder, self._others = None, ()
        self._sealer.seal(recorder)

    def _view(self) -> View:
        return View(
            recorder=self._recorder or self._sealer.unsealed,
            sealing=self._recorder is None and self._sealer.unsealed is not None,
            busy=self.busy,
            sealed_run_id=self._sealer.sealed_run_id,
            fault=self._line.journal_fault or self._sealer.disk_fault,
            counters=self._pipeline.counters,
            health=self.health,
            gauges=self.gauges,
            others=tuple(other.gauges for other in self._others),
            curve=self._curve,
        )

    def _publish(self) -> Published:
        return self._publisher.publish(self._view(), self._resources.clock.now())
