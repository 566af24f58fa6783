"""Sealed runs come home in the background: when a machine sealed one, when the page opens, and now and then."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from labdesk.domain.capture import LiveState
from labdesk.domain.errors import LabDeskError
from labdesk.domain.testing import Run
from labdesk.services.lost_runs import LostRuns
from labdesk.services.runs import RunCollector, RunDetails
from labdesk.ui.ops import Command
from labdesk.ui.page import PageContext

_EVERY_MS = 10_000


@dataclass(frozen=True)
class Homecoming:
    """What came home in one round: the runs, newest last, and a lost one that people must say something about."""

    runs: tuple[RunDetails, ...]
    lost: Run | None


class HomeFlow(QObject):
    """Collects.

    Signals:
        arrived(Homecoming): runs were stored.
    """

    arrived = Signal(object)

    def __init__(self, context: PageContext, runs: RunCollector, lost: LostRuns, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._runs, self._lost = context, runs, lost
        self._busy = self._again = False
        self._sealed: dict[str, str] = {}
        self._awaited: dict[str, None] = {}
        self._trouble = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Collects now and from now on."""
        self._timer.start()
        self.collect()

    def stop(self) -> None:
        """No more rounds by the clock; a sealed run still calls one."""
        self._timer.stop()

    def watch(self, state: LiveState) -> None:
        """A machine's state: a newly sealed run is fetched at once, and shown even where another round stored it first."""
        before = self._sealed.get(state.machine_id)
        if before == state.sealed_run_id:
            return
        self._sealed[state.machine_id] = state.sealed_run_id
        if state.sealed_run_id:
            if before is not None:  # the first state tells of a run that may be weeks old
                self._awaited[state.sealed_run_id] = None
            self.collect()

    def collect(self) -> None:
        """One round; a call during a round asks for another after it."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        awaited = tuple(self._awaited)
        Command(self._context.ops, self, lambda: self._round(awaited)).then(self._on_home).otherwise(
            self._on_trouble
        ).start()

    def _round(self, awaited: tuple[str, ...]) -> Homecoming:
        stored = self._runs.collect()
        here = {run.id for run in stored}
        others = (self._runs.stored(run_id) for run_id in awaited if run_id not in here)
        stored = [*(run for run in others if run is not None), *stored]
        lost = None
        for run in stored:
            lost = (self._lost.open_run(run.lot_no) if run.lot_no else None) or lost
        return Homecoming(tuple(self._runs.details(run) for run in stored), lost)

    def _on_home(self, home: Homecoming) -> None:
        self._trouble = ""
        for found in home.runs:
            self._awaited.pop(found.run.id, None)
        if home.runs:
            self.arrived.emit(home)
        self._finish()

    def _on_trouble(self, error: Exception) -> None:
        # A line that is down is told once, not every ten seconds.
        key = error.key if isinstance(error, LabDeskError) else type(error).__name__
        if key != self._trouble:
            self._trouble = key
            self._context.errors.report(error)
        self._again = False
        self._finish()

    def _finish(self) -> None:
        self._busy = False
        if self._again:
            self._again = False
            self.collect()
