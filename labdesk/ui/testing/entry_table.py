"""The measuring table: values of the lot above, then rows of determinations; what is typed stays as typed.

Few determinations stand side by side with one quantity a line, as on a raw record; many stand below each other with one quantity
a column. Why a value was not taken is said below its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import takewhile

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from labdesk.services.entries import EntryField
from labdesk.ui.testing.entry_cells import Cell, ChoiceCell, TextCell, make_cell
from labdesk.ui.testing.words import caption_word, hint_word
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import column, empty_layout, label, wrapped

__all__ = ["Cell", "ChoiceCell", "EntryTable", "Key", "TextCell"]

Key = tuple[str, str]

#: So many determinations still stand side by side.
_SIDE_BY_SIDE = 4
_CAPTION = 2 * Size.BANNER


class Refusals:
    """Why values were not taken: said below the line they stand in, together where there are several."""

    def __init__(self) -> None:
        self._told: dict[Key, str] = {}
        self._line_of: dict[Key, int] = {}
        self._below: dict[int, QLabel] = {}

    def forget_lines(self) -> None:
        """The table is laid out anew; what was said stays."""
        self._line_of, self._below = {}, {}

    def forget(self) -> None:
        """Another lot: nothing was refused."""
        self._told = {}

    def place(self, key: Key, line: int) -> QLabel | None:
        """A cell stands in a line; the label to put below the line, for its first cell."""
        self._line_of[key] = line
        if line in self._below:
            return None
        self._below[line] = wrapped()
        mark(self._below[line], state="bad")
        self._below[line].hide()
        return self._below[line]

    def say(self, key: Key, sentence: str) -> None:
        """A value was not taken."""
        self._told[key] = sentence
        self._show(key)

    def drop(self, key: Key) -> None:
        """It was taken, or given up."""
        self._told.pop(key, None)
        self._show(key)

    def of(self, key: Key) -> str:
        """Why the value of a field was not taken; empty where it was."""
        return self._told.get(key, "")

    def shown(self, key: Key) -> str:
        """What stands below the line of a field."""
        below = self._below[self._line_of[key]]
        return "" if below.isHidden() else below.text()

    def held(self) -> list[Key]:
        """Fields whose value was not taken; one that is gone is forgotten."""
        self._told = {key: told for key, told in self._told.items() if key in self._line_of}
        return list(self._told)

    def _show(self, key: Key) -> None:
        if key not in self._line_of:
            return
        line = self._line_of[key]
        told = [self._told[each] for each, at in self._line_of.items() if at == line and self._told.get(each)]
        self._below[line].setText("\n".join(told))
        self._below[line].setVisible(bool(told))


class EntryTable(QWidget):
    """The table.

    Signals:
        entered(EntryField, str): a field was left with another text than it had.
        changed(): something is typed or shown that was not there before.
    """

    entered = Signal(object, str)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        self.cells: dict[Key, Cell] = {}
        self._pending: dict[Key, str] = {}
        self._captions: list[tuple[QLabel, QLabel, EntryField]] = []
        self._places: dict[tuple[int, int], Key] = {}
        self.refusals = Refusals()

    def show_fields(self, fields: Sequence[EntryField]) -> None:
        """Shows another lot's fields."""
        self.refusals.forget()
        self._build(fields)
        self.changed.emit()

    def renew_fields(self, fields: Sequence[EntryField]) -> None:
        """The same lot again: values that nobody is typing over are renewed; texts, focus and refusals stay, rows may come."""
        wanted = {(field.label, field.name): field for field in fields}
        if list(wanted) == list(self.cells):
            for key, field in wanted.items():
                cell = self.cells[key]
                untouched = cell.typed() == cell.field.current
                cell.field = field
                cell.setEnabled(not field.given)
                if untouched and not cell.hasFocus():
                    cell.put(field.current)
                if cell.typed() == field.current:
                    self.refusals.drop(key)
                    cell.refuse(False)
        else:
            typed, at = self.drafts(), next((key for key, cell in self.cells.items() if cell.hasFocus()), None)
            self._build(fields)
            for key, text in typed.items():
                if key in self.cells:
                    self.cells[key].put(text)
            for key in self.refusals.held():
                self.refusals.say(key, self.refusals.of(key))
                self.cells[key].refuse(True)
            if at in self.cells:
                self.cells[at].show()  # a hidden widget takes no keyboard
                self.cells[at].setFocus()
        self.changed.emit()

    def drafts(self) -> dict[Key, str]:
        """What is typed and not stored."""
        return {key: cell.typed() for key, cell in self.cells.items() if cell.typed() != cell.field.current}

    def restore(self, drafts: dict[Key, str]) -> None:
        """Puts typed texts back that were not stored when the lot was left."""
        for key, text in drafts.items():
            if key in self.cells:
                self.cells[key].put(text)
                self.cells[key].refuse(True)
        if drafts:
            self.changed.emit()

    def stored(self, field: EntryField, text: str) -> None:
        """A value was stored, as ``text``."""
        key = (field.label, field.name)
        typed = self._pending.pop(key, None)
        self.refusals.drop(key)
        cell = self.cells.get(key)
        if cell is not None:
            if cell.typed() == typed:
                cell.put(text)
            cell.refuse(False)

    def refused(self, field: EntryField, sentence: str) -> None:
        """A value was not taken: it stays, framed, with the reason below."""
        key = (field.label, field.name)
        self._pending.pop(key, None)
        if key in self.cells:
            self.refusals.say(key, sentence)
            self.cells[key].refuse(True)

    def reset(self, field: EntryField) -> None:
        """Back to what is stored: a correction was given up."""
        key = (field.label, field.name)
        self.refusals.drop(key)
        cell = self.cells.get(key)
        if cell is not None:
            cell.put(cell.field.current)
            cell.refuse(False)
            self.changed.emit()

    def hand_over(self) -> None:
        """What is being typed counts as entered, without leaving the field."""
        for cell in self.cells.values():
            if cell.hasFocus():
                cell.left.emit()

    def focus_first_empty(self) -> None:
        """Where the work goes on."""
        cells = [cell for cell in self.cells.values() if cell.isEnabled()]
        for cell in (*[cell for cell in cells if not cell.typed()], *cells[:1]):
            cell.setFocus()
            return

    # ---- building

    def _build(self, fields: Sequence[EntryField]) -> None:
        for cell in self.cells.values():
            cell.blockSignals(
                True
            )  # a cell that goes loses the keyboard: that is no leaving, what is half typed stays so
        empty_layout(self._grid)
        self.cells, self._pending, self._captions, self._places = {}, {}, [], {}
        self.refusals.forget_lines()
        for at in range(self._grid.columnCount()):
            self._grid.setColumnStretch(at, 0)
            self._grid.setColumnMinimumWidth(at, 0)
        above = list(takewhile(lambda field: not field.label, fields))
        each = [field for field in fields if field.label]
        line = self._of_lot(above, 0)
        labels = list(dict.fromkeys(field.label for field in each))
        if each and each[0].words is not None and len(labels) <= _SIDE_BY_SIDE:
            line = self._side_by_side(each, labels, line)
        elif each:
            line = self._below_each_other(each, labels, line)
        self._of_lot([field for field in fields[len(above) :] if not field.label], line)

    def _of_lot(self, fields: Sequence[EntryField], line: int) -> int:
        """Values of the lot, one a line; the line after them."""
        for at, field in enumerate(fields, start=line):
            self._caption(field, at, 0, hint_below=False)
            self._put(field, at, 1)
        return line + len(fields)

    def _side_by_side(self, fields: Sequence[EntryField], labels: Sequence[str], line: int) -> int:
        """One line a quantity, one column a determination; a free column keeps few of them beside their captions."""
        self._grid.setColumnMinimumWidth(0, _CAPTION)
        self._grid.setColumnStretch(_SIDE_BY_SIDE + 1, _SIDE_BY_SIDE - len(labels))
        for at, piece in enumerate(labels, start=1):
            self._grid.addWidget(label(piece, "strong"), 2 * line, at)
            self._grid.setColumnStretch(at, 1)
        names = list(dict.fromkeys(field.name for field in fields))
        for name in names:  # pieces of different tests have different quantities
            first = next(field for field in fields if field.name == name)
            self._caption(first, line + 1 + names.index(name), 0, hint_below=True)
        for field in fields:
            at = line + 1 + names.index(field.name)
            self._put(field, at, 1 + labels.index(field.label))
        return line + 1 + len(names)

    def _below_each_other(self, fields: Sequence[EntryField], labels: Sequence[str], line: int) -> int:
        """One line a determination or piece, one column a quantity."""
        names = list(dict.fromkeys(field.name for field in fields))
        for at, name in enumerate(names, start=1):
            self._caption(next(field for field in fields if field.name == name), line, at, hint_below=True)
            self._grid.setColumnStretch(at, 1)
        for at, piece in enumerate(labels, start=line + 1):
            self._grid.addWidget(label(piece, "strong"), 2 * at, 0)
        for field in fields:
            self._put(field, line + 1 + labels.index(field.label), 1 + names.index(field.name))
        return line + 1 + len(labels)

    def _caption(self, field: EntryField, line: int, at: int, *, hint_below: bool) -> None:
        name, hint = wrapped(caption_word(field)), label(hint_word(field), "label")
        if not hint.text():
            hint.hide()
        self._captions.append((name, hint, field))
        if hint_below:
            self._grid.addLayout(column(name, hint, gap=Space.NONE), 2 * line, at)
        else:
            self._grid.addWidget(name, 2 * line, at)
            self._grid.addWidget(hint, 2 * line, at + 2, 1, -1)

    def _put(self, field: EntryField, line: int, at: int) -> None:
        cell = make_cell(field)
        cell.setAccessibleName(f"{field.label} {caption_word(field)}".strip())
        key = (field.label, field.name)
        self.cells[key], self._places[(line, at)] = cell, key
        cell.left.connect(partial(self._on_left, cell))
        cell.done.connect(partial(self._next, cell))
        cell.stepped.connect(partial(self._step, line, at))
        if isinstance(cell, TextCell):
            cell.textEdited.connect(lambda text: self.changed.emit())
        else:
            cell.currentIndexChanged.connect(lambda index: self.changed.emit())
        self._grid.addWidget(cell, 2 * line, at)
        below = self.refusals.place(key, line)
        if below is not None:
            self._grid.addWidget(below, 2 * line + 1, 0, 1, -1)

    # ---- typing

    def _on_left(self, cell: Cell) -> None:
        key, typed = (cell.field.label, cell.field.name), cell.typed()
        self.changed.emit()
        if not typed or typed == cell.field.current or self._pending.get(key) == typed:
            return
        self._pending[key] = typed
        self.entered.emit(cell.field, typed)

    def _next(self, cell: Cell) -> None:
        """The same quantity of the next piece first: ten bars are measured with the same instrument one after the other."""
        names = list(dict.fromkeys(name for _, name in self.cells))
        order = sorted(self.cells, key=lambda key: names.index(key[1]))
        here = order.index((cell.field.label, cell.field.name))
        for key in (*order[here + 1 :], *order[:here]):
            if not self.cells[key].typed():
                self.cells[key].setFocus()
                return

    def _step(self, line: int, at: int, down: int, right: int) -> None:
        """An arrow: the nearest cell in that direction that can be typed into."""
        for far in range(1, len(self._places) + 1):
            key = self._places.get((line + far * down, at + far * right))
            if key is not None and self.cells[key].isEnabled():
                self.cells[key].setFocus()
                cell = self.cells[key]
                if isinstance(cell, TextCell):
                    cell.selectAll()
                return

    def changeEvent(self, event: QEvent) -> None:
        """Captions and choices follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            for name, hint, field in self._captions:
                name.setText(caption_word(field))
                hint.setText(hint_word(field))
            for cell in self.cells.values():
                cell.retranslate()
        super().changeEvent(event)
