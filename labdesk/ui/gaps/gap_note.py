"""The line that says how many runs wait for a decision; pressed or by its key, they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QPushButton

from labdesk.domain.testing import Run
from labdesk.ui.theme import mark

translate = QCoreApplication.translate


class GapNote(QPushButton):
    """Hidden while nothing waits.

    Signals:
        counted(): another number may wait.
    """

    counted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        mark(self, kind="danger")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoDefault(False)
        self.hide()

    def show_runs(self, runs: Sequence[Run]) -> None:
        """What waits."""
        self.count = len(runs)
        self.retranslate()
        self.setVisible(bool(runs))
        self.counted.emit()

    def retranslate(self) -> None:
        """The caption anew."""
        self.setText(gaps_waiting(self.count) + "   G")


def gaps_waiting(count: int) -> str:
    """How many runs wait, in words."""
    if count == 1:
        return translate("Gaps", "1 run with a gap")
    return translate("Gaps", "{0} runs with a gap").format(count)
