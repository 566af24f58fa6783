"""What runs behind every page: machines held open, sealed runs brought home, the platform kept informed, the status bar fed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from labdesk.app.desktop.rooms import LazyRooms, Rooms
from labdesk.ui.ops import Command, Ops, Query

# Loaded before the sign-in page is painted: what is only needed afterwards is imported where it is used.
if TYPE_CHECKING:
    from labdesk.app.desktop.watching import WatchRounds
    from labdesk.domain.capture import LiveState
    from labdesk.domain.scans import Scan
    from labdesk.domain.testing import Run
    from labdesk.ui.shell.status_bar import StatusLine

_log = logging.getLogger(__name__)
_COLLECT_MS = 1000
_STATUS_MS = 5000


class Background(QObject):
    """Started once the rooms are built; everything it shows goes to the status line.

    Signals:
        runs_home(tuple): runs that were stored just now.
        sync_changed(object): a SyncStatus, from the sync thread.
        live_changed(object): a LiveState, from the capture client's thread.
    """

    runs_home = Signal(tuple)
    sync_changed = Signal(object)
    live_changed = Signal(object)

    _status: StatusLine

    def __init__(self, rooms: LazyRooms, ops: Ops, bench_in_front: Callable[[], bool] = lambda: False) -> None:
        super().__init__()
        self._bench_in_front = bench_in_front
        self._rooms = rooms
        self._ops = ops
        self._states: dict[str, LiveState] = {}
        self._total = 0
        self._collecting = False
        self._unsubscribe: Callable[[], None] | None = None
        self._scanners: list[object] = []
        self._rounds: WatchRounds | None = None
        self._collector = QTimer(self, interval=_COLLECT_MS)
        self._collector.timeout.connect(self.collect)
        self._status_timer = QTimer(self, interval=_STATUS_MS)
        self._status_timer.timeout.connect(self.refresh)

    def start(self, rooms: Rooms, status: StatusLine) -> None:
        """Begin; called on the first thread with the rooms built."""
        self._status = status
        self.sync_changed.connect(status.show_sync)
        self.live_changed.connect(self._on_live)
        self._unsubscribe = rooms.capture.subscribe(self.live_changed.emit)
        Query(self._ops, self, rooms.bench.bench.connect).then(
            lambda machines: self._on_machines(len(machines))
        ).start()
        Command(self._ops, self, rooms.office.reporting.take_up).start()
        if rooms.line.engine is not None:
            rooms.line.engine.start()
        self._ops.busy_changed.connect(lambda busy: None if busy else rooms.line.control.wake())
        self._collector.start()
        self._status_timer.start()
        self._watch(rooms)
        self.refresh()

    def _watch(self, rooms: Rooms) -> None:
        """Watched files and databases, round after round; an import becomes a run like any other."""
        from labdesk.app.desktop.watching import WatchRounds
        from labdesk.app.watching import build_watcher

        self._rounds = WatchRounds(self._ops, build_watcher(rooms.base), self)
        self._rounds.start()

    def reconnect_machines(self) -> None:
        """The list of machines changed: hand it to the capture process again."""
        built = self._rooms.built
        if built is not None:
            Query(self._ops, self, built.bench.bench.connect).then(lambda found: self._on_machines(len(found))).start()

    def collect(self) -> None:
        """Bring sealed runs home, one round at a time."""
        built = self._rooms.built
        if built is None or self._collecting or self._ops.closed or self._bench_in_front():
            return  # the bench fetches its own runs, because it has to ask about lost ones
        self._collecting = True
        Command(self._ops, self, built.bench.runs.collect).then(self._on_collected).otherwise(
            self._on_not_collected
        ).start()

    def refresh(self) -> None:
        """Ask for the sync status, and say of the pieces that stand here that they still do; off this thread."""
        built = self._rooms.built
        if built is not None and not self._ops.closed:
            bench, station = built.bench.bench, built.base.config.station
            Command(self._ops, self, lambda: bench.beat(station)).otherwise(_not_said).start()
            Query(self._ops, self, built.line.control.status).then(self._status.show_sync).start()

    def stop(self) -> None:
        """End timers, scanners and the rooms; called after the screen's own threads have ended."""
        self._collector.stop()
        self._status_timer.stop()
        if self._rounds is not None:
            self._rounds.stop()
        for scanner in self._scanners:
            scanner.close()  # type: ignore[attr-defined]
        if self._unsubscribe is not None:
            self._unsubscribe()
        built = self._rooms.built
        if built is not None:
            built.close()

    def listen(self, ports: tuple[str, ...], submit: Callable[[Scan], None], clock: object) -> None:
        """Open the serial handheld scanners of this station."""
        from labdesk.scanning.serial_scanner import ScannerListener, ScannerState, SerialScanner
        from labdesk.ui.shell.status_bar import Light

        lights = {ScannerState.READY: Light.OK, ScannerState.OPENING: Light.WARN, ScannerState.LOST: Light.BAD}
        bridge = _ScannerBridge(self)
        bridge.changed.connect(lambda state, why: self._status.show_scanner(lights.get(state, Light.OFF), why))

        def on_state(state: ScannerState, why: str) -> None:
            bridge.changed.emit(state, why)

        for port in ports:
            listener = ScannerListener(submit, on_state)
            scanner = SerialScanner(port, listener, clock)  # type: ignore[arg-type]
            scanner.start()
            self._scanners.append(scanner)
        if not ports:
            self._status.show_scanner(Light.OFF)

    def _on_collected(self, runs: list[Run]) -> None:
        self._collecting = False
        if runs:
            self.runs_home.emit(tuple(runs))

    def _on_not_collected(self, error: Exception) -> None:
        # The runs stay with the capture process; the machine light says that something is wrong.
        self._collecting = False
        self._show_machines(broken=True)

    def _on_machines(self, total: int) -> None:
        self._total = total
        self._show_machines()

    def _on_live(self, state: LiveState) -> None:
        self._states[state.machine_id] = state
        self._show_machines()

    def _show_machines(self, *, broken: bool = False) -> None:
        from labdesk.domain.capture import MachineState, RunPhase
        from labdesk.ui.shell.status_bar import Machines

        states = () if broken else tuple(self._states.values())
        answering = sum(state.state in (MachineState.READY, MachineState.CAPTURING) for state in states)
        busy = (state for state in states if state.phase is not RunPhase.IDLE and state.achieved_hz is not None)
        capturing = next((f"{state.achieved_hz:.1f} Hz" for state in busy), "")
        self._status.show_machines(Machines(min(answering, self._total), self._total, capturing))


def _not_said(error: Exception) -> None:
    """A station that cannot say that it still tests its pieces is silent for the others; here work goes on."""
    _log.warning("locks of pieces not renewed: %s", error)


class _ScannerBridge(QObject):
    """Carries a scanner's state from its thread to the first one."""

    changed = Signal(object, str)
