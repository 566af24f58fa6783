"""Watched files and databases, looked at behind every page: read beside other work, taken in on the writer thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from labdesk.domain.errors import LabDeskError
from labdesk.ui.ops import Command, Ops, Query

if TYPE_CHECKING:
    from labdesk.services.watching import Look, Reading, Watcher

ROUND_MS = 5000


class WatchRounds(QObject):
    """A round every few seconds; a slow or broken source delays nobody, and no round begins before the last has ended.

    Signals:
        imported(tuple): versions stored in a round (``WatchedRecord``).
        trouble(object): the error of a source that could not be read; the next round tries again.
    """

    imported = Signal(tuple)
    trouble = Signal(object)

    def __init__(self, ops: Ops, watcher: Watcher, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ops = ops
        self._watcher = watcher
        self._busy = False
        self._timer = QTimer(self, interval=ROUND_MS)
        self._timer.timeout.connect(self.round)

    def start(self) -> None:
        """Begin, with a round at once."""
        self._timer.start()
        self.round()

    def stop(self) -> None:
        """No further rounds."""
        self._timer.stop()

    def round(self) -> None:
        """Read every source, then take in what was read."""
        if self._busy or self._ops.closed:
            return
        self._busy = True
        Query(self._ops, self, self._read).then(self._take).otherwise(self._failed).start()

    def _read(self) -> tuple[list[Reading], list[LabDeskError]]:
        readings: list[Reading] = []
        troubles: list[LabDeskError] = []
        for source in self._watcher.sources():
            try:
                readings.append(self._watcher.read(source.id))
            except LabDeskError as error:
                troubles.append(error)
        return readings, troubles

    def _take(self, found: tuple[list[Reading], list[LabDeskError]]) -> None:
        readings, troubles = found
        for error in troubles:
            self.trouble.emit(error)
        if not readings or self._ops.closed:
            self._busy = False
            return
        Command(self._ops, self, lambda: [self._watcher.take(reading) for reading in readings]).then(
            self._taken
        ).otherwise(self._failed).start()

    def _taken(self, looks: list[Look]) -> None:
        self._busy = False
        stored = tuple(version for look in looks for version in look.new)
        if stored:
            self.imported.emit(stored)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self.trouble.emit(error)
