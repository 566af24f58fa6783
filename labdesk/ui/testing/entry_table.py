"""The measuring table: one row per piece, one column per quantity; what is typed stays as typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from labdesk.services.entries import EntryField
from labdesk.ui.testing.words import choice_word, field_word
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import empty_layout, label

Key = tuple[str, str]


class TextCell(QLineEdit):
    """A typed value.

    Signals:
        done(): Enter: go on to the next. left(): the field was left.
    """

    done = Signal()
    left = Signal()

    def __init__(self, field: EntryField) -> None:
        super().__init__()
        self.field = field
        self.setText(field.current)
        self.setMinimumWidth(Space.XXL * 2)
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


class ChoiceCell(QComboBox):
    """A value that is chosen: by arrow, or by 1, 2 ...; Enter goes on."""

    done = Signal()
    left = Signal()

    def __init__(self, field: EntryField) -> None:
        super().__init__()
        self.field = field
        self.setMinimumWidth(Space.XXL * 2)
        self.addItem("–", "")
        for choice in field.choices:
            self.addItem(choice_word(choice), choice)
        self.put(field.current)
        self.activated.connect(lambda index: self.left.emit())

    def typed(self) -> str:
        """The choice."""
        return str(self.currentData() or "")

    def put(self, text: str) -> None:
        """Shows another choice."""
        self.setCurrentIndex(max(0, self.findData(text)))

    def refuse(self, refused: bool) -> None:
        """A red frame where it was not taken."""
        mark(self, state="bad" if refused else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose, Enter goes on."""
        if event.text() in tuple("123456789") and int(event.text()) < self.count():
            self.setCurrentIndex(int(event.text()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            self.done.emit()
        else:
            super().keyPressEvent(event)


Cell = TextCell | ChoiceCell


class EntryTable(QWidget):
    """The table.

    Signals:
        entered(EntryField, str): a field was left with another text than it had.
    """

    entered = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        self.cells: dict[Key, Cell] = {}
        self._pending: dict[Key, str] = {}
        self._captions: list[tuple[QWidget, str]] = []

    def show_fields(self, fields: Sequence[EntryField]) -> None:
        """Shows a lot's fields. The same fields again: values that nobody is typing over are renewed, the focus stays."""
        wanted = {(field.label, field.name): field for field in fields}
        if list(wanted) == list(self.cells):
            for key, field in wanted.items():
                self._renew(self.cells[key], field)
            return
        self._build(fields)

    def drafts(self) -> dict[Key, str]:
        """What is typed and not stored."""
        return {key: cell.typed() for key, cell in self.cells.items() if cell.typed() != cell.field.current}

    def restore(self, drafts: dict[Key, str]) -> None:
        """Puts typed texts back that were not stored when the lot was left."""
        for key, text in drafts.items():
            if key in self.cells:
                self.cells[key].put(text)
                self.cells[key].refuse(True)

    def stored(self, field: EntryField) -> None:
        """A value was stored."""
        key = (field.label, field.name)
        self._pending.pop(key, None)
        if key in self.cells:
            self.cells[key].refuse(False)

    def refused(self, field: EntryField) -> None:
        """A value was not taken: it stays, framed."""
        key = (field.label, field.name)
        self._pending.pop(key, None)
        if key in self.cells:
            self.cells[key].refuse(True)

    def reset(self, field: EntryField) -> None:
        """Back to what is stored: a correction was given up."""
        cell = self.cells.get((field.label, field.name))
        if cell is not None:
            cell.put(cell.field.current)
            cell.refuse(False)

    def focus_first_empty(self) -> None:
        """Where the work goes on."""
        cells = list(self.cells.values())
        for cell in (*[cell for cell in cells if not cell.typed()], *cells[:1]):
            cell.setFocus()
            return

    def _renew(self, cell: Cell, field: EntryField) -> None:
        untouched = cell.typed() == cell.field.current
        cell.field = field
        if untouched and not cell.hasFocus():
            cell.put(field.current)
        if cell.typed() == field.current:
            cell.refuse(False)

    def _build(self, fields: Sequence[EntryField]) -> None:
        empty_layout(self._grid)
        self.cells, self._pending, self._captions = {}, {}, []
        of_lot = [field for field in fields if not field.label]
        names = list(dict.fromkeys(field.name for field in fields if field.label))
        labels = list(dict.fromkeys(field.label for field in fields if field.label))
        at = 0
        for field in of_lot:
            self._caption(field.name, at, 0)
            self._put(field, at, 1)
            at += 1
        for column, name in enumerate(names, start=1):
            self._caption(name, at, column)
            self._grid.setColumnStretch(column, 1)
        for line, piece in enumerate(labels, start=at + 1):
            self._grid.addWidget(label(piece, "strong"), line, 0)
        for field in fields:
            if field.label:
                self._put(field, at + 1 + labels.index(field.label), names.index(field.name) + 1)

    def _caption(self, name: str, line: int, column: int) -> None:
        made = label(field_word(name), "label")
        self._captions.append((made, name))
        self._grid.addWidget(made, line, column)

    def _put(self, field: EntryField, line: int, column: int) -> None:
        cell: Cell = ChoiceCell(field) if field.choices else TextCell(field)
        cell.setAccessibleName(f"{field.label} {field_word(field.name)}".strip())
        self.cells[(field.label, field.name)] = cell
        cell.left.connect(partial(self._on_left, cell))
        cell.done.connect(partial(self._next, cell))
        self._grid.addWidget(cell, line, column)

    def _on_left(self, cell: Cell) -> None:
        key, typed = (cell.field.label, cell.field.name), cell.typed()
        if not typed or typed == cell.field.current or self._pending.get(key) == typed:
            return
        self._pending[key] = typed
        self.entered.emit(cell.field, typed)

    def _next(self, cell: Cell) -> None:
        """Down the column first: ten bars are measured with the same instrument one after the other."""
        names = list(dict.fromkeys(name for _, name in self.cells))
        order = sorted(self.cells, key=lambda key: names.index(key[1]))
        here = order.index((cell.field.label, cell.field.name))
        for key in (*order[here + 1 :], *order[:here]):
            if not self.cells[key].typed():
                self.cells[key].setFocus()
                return

    def changeEvent(self, event: QEvent) -> None:
        """Captions and choices follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            for widget, name in self._captions:
                widget.setText(field_word(name))  # type: ignore[attr-defined]
            for cell in self.cells.values():
                if isinstance(cell, ChoiceCell):
                    for index in range(1, cell.count()):
                        cell.setItemText(index, choice_word(str(cell.itemData(index))))
        super().changeEvent(event)
