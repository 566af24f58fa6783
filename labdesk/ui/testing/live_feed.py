"""Newest machine states on the screen's thread, at most twenty-five a second; what came between is skipped."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from labdesk.domain.capture import CapturePort, LiveState

FRAME_MS = 40


class LiveFeed(QObject):
    """Listens to capture for a page.

    Signals:
        changed(LiveState): a machine's newest state.
    """

    changed = Signal(object)
    _arrived = Signal()

    def __init__(self, capture: CapturePort, parent: QObject) -> None:
        super().__init__(parent)
        self._capture = capture
        self._fresh: dict[str, LiveState] = {}
        self._told = False
        self._stop: Callable[[], None] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(FRAME_MS)
        self._pause.timeout.connect(self._deliver)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begins to listen; a second time does nothing."""
        if self._stop is not None:
            return
        stop = self._capture.subscribe(self._listen)
        self._stop = stop
        # The page may be destroyed without being left: capture's thread must not find a dead listener.
        self.destroyed.connect(lambda: stop())

    def _listen(self, state: LiveState) -> None:
        """On the capture client's thread."""
        self._fresh[state.machine_id] = state
        if not self._told:
            self._told = True
            with contextlib.suppress(RuntimeError):  # destroyed between two states
                self._arrived.emit()

    def _on_arrived(self) -> None:
        if not self._pause.isActive():
            self._deliver()

    def _deliver(self) -> None:
        self._told = False
        fresh, self._fresh = self._fresh, {}
        if fresh:
            self._pause.start()
        for state in fresh.values():
            self.changed.emit(state)
