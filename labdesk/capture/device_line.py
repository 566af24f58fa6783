"""One device as the capture process hears it: its line, what is decoded from it, its health, and whether it is lent to a run elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labdesk.capture.assembly import Arming
from labdesk.capture.blocks import Block, Pipeline
from labdesk.capture.companions import Beside, CompanionTrack
from labdesk.capture.gauges import Gauges
from labdesk.capture.recorder import RunRecorder
from labdesk.capture.runs import RunFolder
from labdesk.capture.sealing import Unfinished, begin_journal
from labdesk.capture.tap_health import health_of
from labdesk.devices.beat import Beat
from labdesk.devices.driver import Driver
from labdesk.devices.journal import JournalSyncer, JournalWriter
from labdesk.devices.session import Line, LineEvent, PortKeeper
from labdesk.domain.capture import EndReason, MachineState, RunRequest
from labdesk.domain.clock import Clock
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.machines import Machine

RESTARTED = {"event": "restarted"}


@dataclass(frozen=True)
class Resources:
    """What all stations share."""

    folder: RunFolder
    syncer: JournalSyncer
    keeper: PortKeeper
    clock: Clock
    beat: Beat


class DeviceLine:
    """See the module. Only the worker's thread calls it.

    Attributes:
        gauges, health: newest values, state of the line.
        lent: run of another machine that gets this device's bytes; empty when none does.
        beside: what it has measured for that run so far.
    """

    def __init__(self, machine: Machine, driver: Driver, resources: Resources, now_ns: int) -> None:
        self.machine = machine
        self.driver = driver
        self.gauges = Gauges(driver.channels)
        self.health = health_of(driver, now_ns)
        self.lent = ""
        self.beside: Beside | None = None
        self._lent_before: Unfinished | None = None
        self._resources = resources
        self._line = Line(machine.id, machine.port_url, driver, resources.keeper, beat=resources.beat)
        self._pipeline = Pipeline(driver)

    @property
    def busy(self) -> bool:
        """It cannot take part in another run now."""
        return bool(self.lent)

    def check_ready(self) -> None:
        """Raises OperatorError ``capture.machine_busy`` or ``capture.machine_not_ready``."""
        if self.busy:
            raise OperatorError("capture.machine_busy", machine=self.machine.number)
        state = self.health.state(self.busy)
        if state is not MachineState.READY or self.gauges.newest_ns is None:
            trouble = self.health.trouble.value
            raise OperatorError(
                "capture.machine_not_ready", machine=self.machine.number, state=state.value, trouble=trouble
            )

    def lend(self, request: RunRequest, arming: Arming, number: int) -> None:
        """From now on this device's bytes belong to a run of another machine. Raises EnvironmentFault ``capture.disk``."""
        for event in self._line.drain():  # what attaching would take away from the gauges
            self._take(event)
        track = CompanionTrack(request, self.machine, self.driver, arming)
        self._attach(track, self._resources.folder.companion_path(request.run_id, number))
        self.lent, self.beside = request.run_id, Beside(track)

    def lend_again(self, unfinished: Unfinished, now_ns: int) -> None:
        """After a restart of this process, before the line is opened: the bytes go on to the journal of the run they belong to."""
        self._go_on_with(unfinished, now_ns)
        self.lent, self._lent_before = unfinished.request.run_id, unfinished

    def recall(self) -> None:
        """Decodes what an earlier process had journalled for the run this device is lent to; the line is read meanwhile."""
        before, self._lent_before = self._lent_before, None
        if before is not None:
            track = CompanionTrack(before.request, self.machine, self.driver, before.arming)
            for record in before.content.records[1:]:
                track.feed(record)
            self.beside = Beside(track)

    def give_back(self, keep: bool = True) -> None:
        """The other machine's run is over; without ``keep`` it never began."""
        journal, events = self._line.finish({"event": "end", "reason": EndReason.OPERATOR.value, "detail": ""})
        for event in events:
            self._take(event)
        self.lent, self.beside = "", None
        if journal is not None:
            close_journal(journal, self._resources.syncer)
            if not keep:
                journal.path.unlink(missing_ok=True)

    def _go_on_with(self, unfinished: Unfinished, now_ns: int) -> None:
        """The journal of a run that an earlier process began takes what comes from now on. Raises OSError."""
        journal = JournalWriter.resume(unfinished.path, unfinished.content, now_ns)
        journal.mark(now_ns, RESTARTED)
        self._resources.syncer.add(journal)
        self._line.resume(journal)

    def _attach(self, recorder: RunRecorder, path: Path) -> None:
        """Begins the journal with the remembered bytes in it, which the recorder takes too."""

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

    def _take(self, event: LineEvent) -> None:
        if event.host:
            self._pipeline.overhear(event.host)
            return
        if not event.data:
            self._changed(event)
            return
        block = self._decoded(event)
        self.health.heard(event.stamp_ns, bool(block.times_ns))
        if block.times_ns:
            self.gauges.take(block)
            if self.beside is not None:
                self.beside.take(block)

    def _decoded(self, event: LineEvent) -> Block:
        """The samples of one chunk."""
        return self._pipeline.feed(event.stamp_ns, event.data)

    def _changed(self, event: LineEvent) -> None:
        """The line was opened or lost, or the computer slept."""
        if event.opened and not event.adopted:
            self._pipeline.reopen()
        self.health.change(event)
        if event.lost is not None or event.slept_ns:
            self.gauges.clear()


def close_journal(journal: JournalWriter, syncer: JournalSyncer) -> bool:
    """Closes it; ``False`` if the disk refused some of it."""
    syncer.remove(journal)
    incomplete = journal.incomplete
    try:
        journal.close()
    except OSError:
        incomplete = True
    return not (syncer.faults.pop(journal.path, "") or incomplete)
