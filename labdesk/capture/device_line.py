"""One device as the capture process hears it: its line, what is decoded from it, its health, and whether it is lent to a run elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labdesk.capture.assembly import Arming
from labdesk.capture.blocks import Block, Pipeline
from labdesk.capture.companions import CompanionTrack
from labdesk.capture.gauges import Gauges
from labdesk.capture.recorder import RunRecorder
from labdesk.capture.runs import RunFolder
from labdesk.capture.sealing import begin_journal
from labdesk.capture.tap_health import health_of
from labdesk.devices.beat import Beat
from labdesk.devices.driver import Driver
from labdesk.devices.journal import JournalSyncer, JournalWriter
from labdesk.devices.session import Line, LineEvent, PortKeeper
from labdesk.domain.capture import EndReason, MachineState, RunRequest
from labdesk.domain.clock import Clock
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.machines import Machine


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
    """

    def __init__(self, machine: Machine, driver: Driver, resources: Resources, now_ns: int) -> None:
        self.machine = machine
        self.driver = driver
        self.gauges = Gauges(driver.channels)
        self.health = health_of(driver, now_ns)
        self.lent = ""
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
        track = CompanionTrack(request, self.machine, self.driver, arming)
        self._attach(track, self._resources.folder.companion_path(request.run_id, number))
        self.lent = request.run_id

    def give_back(self, keep: bool = True) -> None:
        """The other machine's run is over; without ``keep`` it never began."""
        journal, events = self._line.finish({"event": "end", "reason": EndReason.OPERATOR.value, "detail": ""})
        self.lent = ""
        for event in events:
            self._take(event)
        if journal is not None:
            close_journal(journal, self._resources.syncer)
            if not keep:
                journal.path.unlink(missing_ok=True)

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
