"""The line that says how many runs wait for a decision; pressed or by its key, they are shown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QPushButton

from labdesk.ui.theme import mark

translate = QCoreApplication.translate


class GapNote(QPushButton):
    """Hidden while nothing waits."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        mark(self, kind="danger")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoDefault(False)
        self.hide()

    def show_count(self, count: int) -> None:
        """How many wait."""
        self.count = count
        self.retranslate()
        self.setVisible(count > 0)

    def retranslate(self) -> None:
        """The caption anew."""
        self.setText(gaps_waiting(self.count) + "   G")


def gaps_waiting(count: int) -> str:
    """How many runs wait, in words."""
    if count == 1:
        return translate("Gaps", "1 run with a gap")
    return translate("Gaps", "{0} runs with a gap").format(count)
