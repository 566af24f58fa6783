"""The sheet on which marks of a bar's curve are moved: automatic and by-hand value side by side, keys first, mouse allowed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from labdesk.services.mark_moving import CurveMark, MarkedPiece
from labdesk.ui.theme import mark as dress
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import column, label, wrapped
from labdesk.ui.widgets.plot import Level, Marker, MarkerKind, PickView
from labdesk.ui.widgets.sheets import Placement, Sheet
from labdesk.ui.widgets.table import CellStyle, Column, DataTable

translate = QCoreApplication.translate

_MANY = 10
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_PIECES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_BACK = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, eq=False)
class MarkRow:
    """A line of the table: a mark and where a person has it now, ``None`` where the automatic one counts."""

    number: int
    mark: CurveMark
    by_hand: int | None

    def said(self, index: int | None) -> str:
        """The value at a sample; a dash where there is none."""
        if index is None or not math.isfinite(self.mark.values[index]):
            return "–"
        return f"{self.mark.values[index]:.2f}" if self.mark.unit == "%" else f"{self.mark.values[index]:.1f}"


class MarkSheet(Sheet):
    """Curve and marks of one bar after the other; nothing leaves it but what was moved.

    Signals:
        finished(): Enter: what was moved is to be stored.
    """

    finished = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Placement.CENTRE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pieces: tuple[MarkedPiece, ...] = ()
        self.place, self.chosen = 0, 0
        self.now: dict[str, int | None] = {}
        self.title, self.told, self.refusal = label(role="section"), wrapped(role="quiet"), wrapped()
        self.before, self.hint = wrapped(role="quiet"), wrapped(role="quiet")
        self.plot, self.table = PickView(), DataTable[MarkRow](_columns())
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        dress(self.refusal, state="bad")
        self._lay_out()
        self.plot.picked.connect(self._on_picked)
        self.table.chosen.connect(self._on_row)

    def _lay_out(self) -> None:
        side = QWidget()
        side.setFixedWidth(Size.SIDE)
        parts = column(self.table, self.told, self.before, self.refusal, self.hint, gap=Space.M)
        parts.setStretch(0, 1)
        side.setLayout(parts)
        both = QHBoxLayout()
        both.setSpacing(Space.L)
        both.addWidget(self.plot, 1)
        both.addWidget(side)
        self.body.addWidget(self.title)
        self.body.addLayout(both, 1)

    @property
    def piece(self) -> MarkedPiece:
        """The bar that is shown."""
        return self.pieces[self.place]

    @property
    def mark(self) -> CurveMark:
        """The mark that is chosen."""
        return self.piece.marks[self.chosen]

    def show_pieces(self, pieces: Sequence[MarkedPiece]) -> None:
        """Opens with the first bar."""
        self.pieces = tuple(pieces)
        self._turn_to(0)
        self.open()

    def moved(self) -> dict[str, str]:
        """What differs from what stands: setting to seconds, empty where the automatic mark is to count again."""
        found = {}
        for item in self.piece.marks:
            index = self.now[item.setting]
            if index != item.by_hand:
                found[item.setting] = "" if index is None else self.piece.moments[index]
        return found

    def refuse(self, text: str) -> None:
        """Says why something was not done; empty takes it away."""
        self.refusal.setText(text)
        self.refusal.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose, arrows move, Del takes back, PgUp and PgDn turn, Enter ends; Esc leaves everything as it was."""
        key = Qt.Key(event.key())
        number = int(event.text()) if event.text() in tuple("123456789") else 0
        if 1 <= number <= len(self.piece.marks):
            self.choose(number - 1)
        elif key in _STEPS:
            many = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._put(self._position() + _STEPS[key] * (_MANY if many else 1))
        elif key in _BACK:
            self._put(None)
        elif key in _PIECES:
            self._turn(_PIECES[key])
        elif key in _ENTER:
            self._end()
        else:
            super().keyPressEvent(event)
        event.accept()

    def choose(self, index: int) -> None:
        """The mark that the arrows move."""
        self.chosen = index
        self.refuse("")
        self.retranslate()

    def retranslate(self) -> None:
        """Shows everything as it is, in the current language."""
        if not self.pieces:
            return
        piece = self.piece
        title = translate("Marks", "{0}: marks by hand ({1} of {2})")
        self.title.setText(title.format(piece.label, self.place + 1, len(self.pieces)))
        rows = [MarkRow(place, item, self.now[item.setting]) for place, item in enumerate(piece.marks, start=1)]
        self.table.blockSignals(True)
        self.table.show_rows(rows)
        self.table.select(self.chosen)
        self.table.blockSignals(False)
        self.told.setText(self._sentence(rows[self.chosen]))
        self.before.setText(translate("Marks", "Reason so far: {0}").format(piece.reason))
        self.before.setVisible(bool(piece.reason))
        self.hint.setText(
            translate(
                "Marks",
                "1–{0} choose a mark · ← → one sample · Shift+← → ten · or click on the curve · "
                "Del automatic again · PgUp PgDn other bar · Enter store · Esc leave without change",
            ).format(len(rows))
        )
        self.plot.set_labels(translate("Marks", "Time, s"), translate("Marks", "Force, kN"))
        self._annotate(rows)

    def _sentence(self, row: MarkRow) -> str:
        item = row.mark
        automatic = row.said(item.automatic)
        if row.by_hand is None:
            return translate("Marks", "{0}: automatic {1} {2}").format(item.symbol, automatic, item.unit)
        told = translate("Marks", "{0}: automatic {1}, by hand {2} {3} at {4} s")
        moment = self.piece.moments[row.by_hand]
        return told.format(item.symbol, automatic, row.said(row.by_hand), item.unit, moment)

    def _annotate(self, rows: Sequence[MarkRow]) -> None:
        """All marks as dots; only the chosen one is named, so that names never lie over each other."""
        piece, markers, levels = self.piece, [], []
        for place, row in enumerate(rows):
            for index, kind in ((row.mark.automatic, MarkerKind.MAXIMUM), (row.by_hand, MarkerKind.BREAK)):
                if index is not None:
                    named = place == self.chosen and kind is MarkerKind.MAXIMUM
                    text = translate("Marks", "{0} automatic").format(row.mark.symbol) if named else ""
                    markers.append(Marker(text, float(piece.times[index]), float(piece.force_kn[index]), kind))
        chosen = rows[self.chosen]
        if chosen.by_hand is not None:
            text = translate("Marks", "{0} by hand").format(chosen.mark.symbol)
            levels.append(Level(text, float(piece.times[chosen.by_hand]), vertical=True))
        self.plot.set_markers(markers, levels)

    def _place(self) -> None:
        """As large as the page: a mark is found on the curve, not beside it."""
        room = self._below.rect()
        self.card.setFixedSize(room.width() - 2 * Space.XL, room.height() - 2 * Space.L)
        super()._place()

    def _turn_to(self, place: int) -> None:
        self.place, self.chosen = place, 0
        self.now = {item.setting: item.by_hand for item in self.piece.marks}
        self.plot.set_markers(())
        self.plot.set_curve(self.piece.times, self.piece.force_kn)
        self.choose(0)

    def _turn(self, by: int) -> None:
        if self.moved():
            self.refuse(translate("Marks", "Store this bar's marks first (Enter), or leave without change (Esc)."))
        else:
            self._turn_to((self.place + by) % len(self.pieces))

    def _end(self) -> None:
        if self.moved():
            self.finished.emit()
        else:
            self.refuse(translate("Marks", "No mark was moved."))

    def _position(self) -> int:
        """Where the chosen mark is: by hand, else automatic, else at the largest force."""
        for index in (self.now[self.mark.setting], self.mark.automatic):
            if index is not None:
                return index
        return int(np.argmax(self.piece.force_kn))

    def _put(self, index: int | None) -> None:
        if index is not None:
            index = min(max(index, self.piece.first), len(self.piece.times) - 1)
        self.now[self.mark.setting] = index
        self.choose(self.chosen)

    def _on_picked(self, seconds: float) -> None:
        self._put(int(np.argmin(np.abs(self.piece.times - seconds))))
        self.setFocus()

    def _on_row(self, row: MarkRow) -> None:
        if row.number - 1 != self.chosen:
            self.choose(row.number - 1)


def _columns() -> tuple[Column[MarkRow], ...]:
    return (
        Column(
            lambda: translate("Marks", "Mark"),
            lambda row: f"{row.number}   {row.mark.symbol}, {row.mark.unit}",
            style=CellStyle.STRONG,
        ),
        Column(
            lambda: translate("Marks", "Automatic"),
            lambda row: row.said(row.mark.automatic),
            style=CellStyle.NUMBER,
            width=100,
        ),
        Column(
            lambda: translate("Marks", "By hand"), lambda row: row.said(row.by_hand), style=CellStyle.NUMBER, width=100
        ),
    )
