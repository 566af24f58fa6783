"""Curves grow again as they did at the machine, at any speed."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer

from labdesk.ui.widgets.compare import CompareView

FRAME_MS = 33
SPEEDS = (1, 4, 16, 64)


class Replay(QObject):
    """The clock of a replay; the plot shows what had come by then."""

    def __init__(self, plot: CompareView, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = plot
        self.speed = SPEEDS[1]
        self._started = 0.0
        self._frame = QTimer(self, interval=FRAME_MS)
        self._frame.timeout.connect(self.draw_frame)

    @property
    def running(self) -> bool:
        """Whether the curves grow now."""
        return self._frame.isActive()

    def toggle(self) -> None:
        """Begins; again: stops and shows the curves whole."""
        if self.running:
            self.stop()
            return
        self._started = time.monotonic()
        self._plot.show_until(0.0)
        self._frame.start()

    def faster(self) -> None:
        """The next speed, after the fastest the slowest; a running replay begins afresh with it."""
        self.speed = SPEEDS[(SPEEDS.index(self.speed) + 1) % len(SPEEDS)]
        if self.running:
            self.stop()
            self.toggle()

    def stop(self) -> None:
        """Shows everything."""
        self._frame.stop()
        self._plot.show_until(None)

    def draw_frame(self) -> None:
        """Shows what had come by now; ends after the longest curve."""
        reached = (time.monotonic() - self._started) * self.speed
        if reached >= self._plot.duration_s:
            self.stop()
        else:
            self._plot.show_until(reached)
