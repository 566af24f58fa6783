"""Cells of the measuring table: typed values and chosen ones, both without a mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit

from labdesk.services.entries import EntryField
from labdesk.ui.testing.words import choice_word
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Space

_LETTERS = 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class TextCell(QLineEdit):
    """A typed value. Arrows go to the neighbours, left and right only from the ends of the text.

    Signals:
        done(): Enter: go on to the next. left(): the field was left.
        stepped(int, int): an arrow: lines down and columns right.
    """

    done = Signal()
    left = Signal()
    stepped = Signal(int, int)

    def __init__(self, field: EntryField) -> None:
        super().__init__()
        self.field = field
        self.setText(field.current)
        self.setPlaceholderText(field.default)
        self.setMinimumWidth(Space.XXL * 2)
        self.setEnabled(not field.given)
        self.returnPressed.connect(self.done)
        self.editingFinished.connect(self.left)

    def typed(self) -> str:
        """What stands here."""
        return self.text().strip()

    def put(self, text: str) -> None:
        """Shows another text."""
        self.setText(text)

    def refuse(self, refused: bool) -> None:
        """A red frame where it was not taken."""
        mark(self, state="bad" if refused else "")

    def retranslate(self) -> None:
        """Numbers are the same in both languages."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go on where they cannot move inside the text."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self._may_leave(step[1]):
            super().keyPressEvent(event)
        else:
            self.stepped.emit(*step)

    def _may_leave(self, columns: int) -> bool:
        if columns == 0 or self.selectedText() == self.text():
            return True
        return self.cursorPosition() == (0 if columns < 0 else len(self.text()))


class ChoiceCell(QComboBox):
    """A value that is chosen: by up and down, or by 1, 2 ...; Enter goes on, left and right go to the neighbours."""

    done = Signal()
    left = Signal()
    stepped = Signal(int, int)

    def __init__(self, field: EntryField) -> None:
        super().__init__()
        self.field = field
        self.setMinimumWidth(Space.XXL * 2)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LETTERS)
        self.addItem("–", "")
        for choice in field.choices:
            self.addItem(choice_word(choice), choice)
        self.put(field.current)
        self.retranslate()
        self.setEnabled(not field.given)
        self._by_key = False
        self.activated.connect(self._on_chosen)

    def typed(self) -> str:
        """The choice."""
        return str(self.currentData() or "")

    def put(self, text: str) -> None:
        """Shows another choice."""
        self.setCurrentIndex(max(0, self.findData(text)))

    def refuse(self, refused: bool) -> None:
        """A red frame where it was not taken."""
        mark(self, state="bad" if refused else "")

    def retranslate(self) -> None:
        """The choices' words; what is taken for want of a choice stands in brackets."""
        default = self.field.default
        self.setItemText(0, f"– ({choice_word(default)})" if default else "–")
        for index in range(1, self.count()):
            self.setItemText(index, choice_word(str(self.itemData(index))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose, Enter goes on."""
        step = _STEPS.get(Qt.Key(event.key()))
        if event.text() in tuple("123456789") and int(event.text()) < self.count():
            self.setCurrentIndex(int(event.text()))
        elif event.key() in _ENTER:
            self.left.emit()
            self.done.emit()
        elif step is not None and step[1]:
            self.stepped.emit(*step)
        else:
            self._by_key = True
            super().keyPressEvent(event)
            self._by_key = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Left: what was chosen by key is stored now, not on the way to it."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def _on_chosen(self) -> None:
        if not self._by_key:
            self.left.emit()


Cell = TextCell | ChoiceCell


def make_cell(field: EntryField) -> Cell:
    """The cell for a field."""
    return ChoiceCell(field) if field.choices else TextCell(field)
