"""An empty page says how to begin."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from labdesk.ui.icons import Icon, pixmap
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, label, wrapped


class EmptyState(QWidget):
    """An icon, a line, a sentence and, where it helps, one button."""

    def __init__(self, name: Icon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._line = label(role="section")
        self._line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = wrapped(role="quiet")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setFixedWidth(Size.SHEET)
        self.action = button(kind="primary")
        self.action.hide()
        layout = QVBoxLayout(self)
        layout.setSpacing(Space.M)
        layout.addStretch(2)
        for widget in (self._icon, self._line, self._sentence, self.action):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self._paint()

    def say(self, line: str, sentence: str, action: str = "") -> None:
        """What is missing and how to begin; ``action`` is the caption of the button (connect ``action.clicked``)."""
        self._line.setText(line)
        self._sentence.setText(sentence)
        # A wrapped label in an aligned layout cell gets only one line's height by itself.
        self._sentence.setMinimumHeight(self._sentence.heightForWidth(Size.SHEET))
        self.action.setText(action)
        self.action.setVisible(bool(action))

    def _paint(self) -> None:
        self._icon.setPixmap(pixmap(self._name, Size.EMPTY_ICON, colours().ink_3))

    def changeEvent(self, event: QEvent) -> None:
        """Tints the icon anew."""
        if event.type() == QEvent.Type.StyleChange:
            self._paint()
        super().changeEvent(event)
