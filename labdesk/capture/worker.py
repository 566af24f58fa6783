"""The one thread that owns all stations: it takes commands one by one and looks at every machine at each beat (``devices.beat``)."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from labdesk.capture.device_line import Resources
from labdesk.capture.moments import SleepWatch, SystemWall, boot_ns
from labdesk.capture.publishing import Published
from labdesk.capture.runs import RunFolder
from labdesk.capture.sealing import Unfinished, seal_abandoned
from labdesk.capture.startup import lent_devices, remember_machines, remembered_machines, unfinished_runs
from labdesk.capture.station import Station
from labdesk.devices.beat import Beat
from labdesk.devices.journal import JournalSyncer
from labdesk.devices.session import PortKeeper
from labdesk.devices.tap import driver_of
from labdesk.domain.capture import LinkTrouble, LiveState, MachineState, RunRequest
from labdesk.domain.clock import Clock
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.machines import Machine

LAG_S = 0.008
"""Machines are looked at so long after the beat by which their lines are read."""
ANSWER_S = 10.0
log = logging.getLogger(__name__)
T = TypeVar("T")


class CaptureWorker:
    """See the module. Public methods may be called from any thread; they wait for the worker's answer."""

    def __init__(self, folder: Path, keeper: PortKeeper, clock: Clock | None = None) -> None:
        self.runs = RunFolder(folder)
        self._machines_file = folder / "machines.json"
        self._clock = clock or SystemWall()
        self._resources = Resources(self.runs, JournalSyncer(), keeper, self._clock, Beat())
        self._sleep = SleepWatch()
        self._machines: dict[str, Machine] = {}
        self._stations: dict[str, Station] = {}
        self._deferred: dict[str, Machine | None] = {}
        self._broken: dict[str, Published] = {}
        self._aside: list[Station] = []
        self._commands: queue.Queue[Callable[[], None]] = queue.Queue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capture-worker")

    def start(self) -> None:
        """Recovers what an earlier process left unfinished, opens the machines, begins to work."""
        machines = remembered_machines(self._machines_file)
        known = {machine.id: machine for machine in machines}
        resumable, abandoned = unfinished_runs(self.runs, known, self._clock)
        lent = lent_devices(self.runs, resumable, known, self._clock)
        for machine in machines:
            self._put(machine, resumable.get(machine.id), lent.get(machine.id))
        self._commands.put(lambda: self._recover(abandoned, lent))
        self._thread.start()

    def stop(self) -> None:
        """Lets go of all lines; runs in progress stay in their journals."""
        self._stopping.set()
        self._commands.put(lambda: None)
        self._thread.join()
        for station in (*self._stations.values(), *self._aside):
            station.stop()
        self._resources.syncer.stop()

    def published(self) -> tuple[Published, ...]:
        """Newest state of every machine; does not wait."""
        return tuple(station.published for station in self._stations.copy().values()) + tuple(
            self._broken.copy().values()
        )

    def configure(self, machines: tuple[Machine, ...]) -> None:
        """See ``CapturePort.configure``."""
        self._ask(lambda: self._configure(machines))

    def arm(self, request: RunRequest) -> None:
        """See ``CapturePort.arm``."""
        self._ask(lambda: self._arm(request))

    def abort(self, machine_id: str, reason: str) -> None:
        """See ``CapturePort.abort``."""
        self._ask(lambda: self._station(machine_id).abort(reason))

    def switch_channel(self, machine_id: str, channel: str, reason: str) -> None:
        """See ``CapturePort.switch_channel``."""
        self._ask(lambda: self._station(machine_id).switch_channel(channel, reason))

    def settle(self) -> None:
        """Waits until runs that ended are sealed."""
        for station in self._ask(lambda: tuple(self._stations.values())):
            station.settle()

    def _ask(self, what: Callable[[], T]) -> T:
        answer: Future[T] = Future()

        def carry_out() -> None:
            try:
                answer.set_result(what())
            except Exception as error:  # noqa: BLE001 - it is raised again in the asking thread
                answer.set_exception(error)

        self._commands.put(carry_out)
        return answer.result(ANSWER_S)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stopping.is_set():
            try:
                self._commands.get(timeout=max(0.001, due - time.monotonic()))()
            except queue.Empty:
                self._tick()
                self._resources.beat.follow(len(self._stations))
                due = time.monotonic() + self._resources.beat.until(lag_s=LAG_S)

    def _tick(self) -> None:
        now_ns = time.monotonic_ns()
        slept_ns = self._sleep.look(now_ns, boot_ns())
        for machine_id, station in list(self._stations.items()):
            try:
                if slept_ns:
                    station.slept(now_ns, slept_ns)
                station.tick(now_ns)
            except Exception:  # one broken driver must not stop the others; its bytes go on into the journal
                log.exception("machine %s cannot be followed any more", machine_id)
                self._set_aside(machine_id)
        for machine_id in [name for name in self._deferred if not self._stations[name].busy]:
            machine = self._deferred.pop(machine_id)
            if machine is None:
                self._remove(machine_id)
            else:
                self._replace(machine)

    def _arm(self, request: RunRequest) -> None:
        others = tuple(self._station(machine_id) for machine_id in request.companion_ids)
        self._station(request.machine_id).arm(request, others)

    def _station(self, machine_id: str) -> Station:
        station = self._stations.get(machine_id)
        if machine_id in self._broken:
            state = self._broken[machine_id].state
            raise OperatorError(
                "capture.machine_not_ready", machine=machine_id, state=state.state.value, trouble=state.trouble.value
            )
        if station is None:
            raise OperatorError("capture.unknown_machine", machine=machine_id)
        return station

    # ---- which machines --------------------------------------------------------------------------------------------

    def _configure(self, machines: tuple[Machine, ...]) -> None:
        remember_machines(self._machines_file, machines)
        wanted = {machine.id: machine for machine in machines}
        for machine_id in [name for name in (*self._stations, *self._broken) if name not in wanted]:
            self._remove(machine_id)
        for machine in machines:
            self._deferred.pop(machine.id, None)
            station = self._stations.get(machine.id)
            if station is None:
                self._put(machine, None)
            elif station.machine != machine:
                if station.busy:
                    self._deferred[machine.id] = machine
                else:
                    self._replace(machine)

    def _remove(self, machine_id: str) -> None:
        self._broken.pop(machine_id, None)
        station = self._stations.get(machine_id)
        if station is not None and station.busy:
            self._deferred[machine_id] = None
        elif station is not None:
            del self._stations[machine_id]
            station.stop()

    def _replace(self, machine: Machine) -> None:
        self._stations[machine.id].stop()
        self._put(machine, None)

    def _set_aside(self, machine_id: str) -> None:
        """A station whose driver failed: its line is read and journalled on, to be decoded when the driver is mended."""
        self._aside.append(self._stations.pop(machine_id))
        self._deferred.pop(machine_id, None)
        state = LiveState(machine_id, 1, MachineState.FAULT, LinkTrouble.NO_DRIVER, "see capture.log")
        self._broken[machine_id] = Published(state, 0, [], 0)

    def _put(self, machine: Machine, unfinished: Unfinished | None, lent: Unfinished | None = None) -> None:
        self._broken.pop(machine.id, None)
        for failed in [each for each in self._aside if each.machine.id == machine.id]:
            self._aside.remove(failed)
            failed.stop()
        try:
            driver = driver_of(machine)
            self._stations[machine.id] = Station(machine, driver, self._resources, unfinished, lent)
        except (LabDeskError, OSError) as error:
            state = LiveState(machine.id, 1, MachineState.FAULT, LinkTrouble.NO_DRIVER, str(error))
            self._stations.pop(machine.id, None)
            self._broken[machine.id] = Published(state, 0, [], 0)

    def _recover(self, abandoned: list[Unfinished], lent: dict[str, Unfinished]) -> None:
        """Decodes what goes on, with its companions, then seals what cannot; the lines are read meanwhile."""
        for machine_id, journal in lent.items():
            owner, companion = self._stations.get(journal.request.machine_id), self._stations.get(machine_id)
            if companion is not None and owner is not None:
                companion.recall()
                owner.rejoin(companion)
            elif companion is not None:
                companion.give_back()
        for station in self._stations.values():
            station.recover()
        for unfinished in abandoned:
            try:
                seal_abandoned(self.runs, unfinished, self._clock)
            except (LabDeskError, OSError) as error:
                log.error("journal %s stays as it is: %s", unfinished.path.name, error)
