"""Keys printed beside what they do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from labdesk.ui.page import KeyAction
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import empty_layout, label

translate = QCoreApplication.translate


def key_text(key: str) -> str:
    """A key as it is printed on its cap, in the current language."""
    names = {
        "Space": translate("Keys", "Space"),
        "Return": translate("Keys", "Enter"),
        "Up": "↑",
        "Down": "↓",
        "Left": "←",
        "Right": "→",
    }
    return names.get(key, key)


class KeyHint(QWidget):
    """One key cap with its caption."""

    def __init__(self, key: str, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        layout.setSpacing(Space.S - Space.XXS)
        self.cap = label(key_text(key), "key")
        self.cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.cap)
        layout.addWidget(label(caption, "quiet"))
        layout.addStretch(1)


class KeyHints(QWidget):
    """Key hints in columns (cards) or in one line (header).

    Args:
        columns: how many columns; 0 = one line.
    """

    def __init__(self, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._printed: tuple[tuple[str, str], ...] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.S - Space.XXS)

    def show_actions(self, actions: Sequence[KeyAction]) -> None:
        """Prints the keys that are possible now; where these are printed already, nothing is built anew."""
        printed = tuple((action.key, action.caption()) for action in actions if action.enabled())
        if printed == self._printed:
            return
        self._printed = printed
        empty_layout(self._grid)
        across = self._columns or max(1, len(printed))
        for index, (key, caption) in enumerate(printed):
            self._grid.addWidget(KeyHint(key, caption), index // across, index % across)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 1)
