"""The sheet of a run with samples missing where they matter: what, where on the curve, what to do, one key."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from labdesk.domain.sentences import say, say_known
from labdesk.services.review_gaps import GapCase, GapPlace
from labdesk.ui.i18n import language
from labdesk.ui.theme import mark as dress
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, column, empty_layout, label, row, wrapped
from labdesk.ui.widgets.chips import Chip, ChipState, StatusChip
from labdesk.ui.widgets.plot import CurveView, Level, Marker, MarkerKind
from labdesk.ui.widgets.sheets import Placement, Sheet

translate = QCoreApplication.translate

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TURN = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
_SHOWN = 4


class GapSheet(Sheet):
    """One run after the other: curve at the left, words at the right.

    Signals:
        decided(): Enter, by somebody who may give the reason.
        turned(int): another run is asked for, by this many steps.
    """

    decided = Signal()
    turned = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Placement.CENTRE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.case: GapCase | None = None
        self._of = (0, 0)
        self.title, self.what, self.todo, self.refusal = label(role="section"), wrapped(), wrapped(), wrapped()
        self.chip, self.hint = StatusChip(Chip(ChipState.BAD, "")), wrapped(role="quiet")
        self.plot, self.places = CurveView(), QVBoxLayout()
        self.places.setSpacing(Space.S)
        self.confirm, self.leave = button(kind="primary", pressed=self._decide), button(pressed=self.cancel)
        for each in (self.confirm, self.leave):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        dress(self.refusal, state="bad")
        self._lay_out()

    def _lay_out(self) -> None:
        words = QWidget()
        parts = column(self.what, gap=Space.M)
        parts.addLayout(self.places)
        for below in (self.todo, self.refusal):
            parts.addWidget(below)
        parts.addStretch(1)
        words.setLayout(parts)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(words)
        side = QWidget()
        side.setFixedWidth(Size.SIDE)
        beside = column(scroll, self.hint, gap=Space.M)
        beside.addLayout(row(self.leave, self.confirm))
        side.setLayout(beside)
        both = QHBoxLayout()
        both.setSpacing(Space.L)
        both.addWidget(self.plot, 1)
        both.addWidget(side)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self.title, 1)
        head.addWidget(self.chip)
        self.body.addLayout(head)
        self.body.addLayout(both, 1)

    def show_case(self, case: GapCase, place: int, count: int) -> None:
        """Shows a run, the ``place``-th of ``count``."""
        self.case, self._of = case, (place, count)
        self.refusal.setText("")
        drawing = case.drawing
        self.plot.set_markers(())
        self.plot.set_curve(drawing.x, drawing.y, [after for _, after in drawing.gaps])
        self.retranslate()
        if not self.isVisible():
            self.open()

    def refuse(self, sentence: str) -> None:
        """Says why nothing was stored."""
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter decides, PgUp and PgDn turn, Esc leaves."""
        key = Qt.Key(event.key())
        if key in _ENTER:
            self._decide()
        elif key in _TURN:
            self.turned.emit(_TURN[key])
        else:
            super().keyPressEvent(event)
        event.accept()

    def retranslate(self) -> None:
        """Everything anew, in the current language."""
        case = self.case
        if case is None:
            return
        place, count = self._of
        run = case.run
        title = translate("Gaps", "{0}: samples are missing ({1} of {2})")
        self.title.setText(title.format(f"{run.specimen_label} · {run.number}", place, count))
        self.chip.show_chip(Chip(ChipState.BAD, translate("Gaps", "does not count")))
        lot = translate("Gaps", "Lot {0}, machine {1}, loaded by {2}.")
        self.what.setText(lot.format(run.lot_no, run.machine_number, run.operator_name))
        self._show_places(case.places)
        self.todo.setText(self._todo(case))
        self.refuse(say_known(case.refusal.key, language(), case.refusal.params) if case.refusal is not None else "")
        self.confirm.setText(translate("Gaps", "Give a reason   Enter"))
        self.confirm.setEnabled(case.refusal is None)
        self.leave.setText(translate("Gaps", "Leave   Esc"))
        self.hint.setText(translate("Gaps", "PgUp PgDn other run · Enter give a reason · Esc leave it undecided"))
        self.plot.set_labels(case.drawing.x_caption, case.drawing.y_caption)
        self._annotate(case)

    @staticmethod
    def _todo(case: GapCase) -> str:
        if case.spares:
            return translate(
                "Gaps",
                "A quality supervisor who did not test this lot may take it on with a reason; it is printed and sent to the "
                "platform. Otherwise declare the run invalid on the page Samples (F8): a spare takes its place.",
            )
        return translate(
            "Gaps",
            "A quality supervisor who did not test this lot may take it on with a reason; it is printed and sent to the "
            "platform. Otherwise declare the run invalid on the page Samples (F8); the lot has no spare left.",
        )

    def _show_places(self, places: tuple[GapPlace, ...]) -> None:
        empty_layout(self.places)
        for place in places[:_SHOWN]:
            line = wrapped(self._sentence(place))
            dress(line, state="bad" if place.critical else "warn")
            self.places.addWidget(line)
        if len(places) > _SHOWN:
            more = translate("Gaps", "… and {0} more").format(len(places) - _SHOWN)
            self.places.addWidget(wrapped(more, role="quiet"))

    @staticmethod
    def _sentence(place: GapPlace) -> str:
        text = translate(
            "Gaps", "{0} s without samples, from {1} s to {2} s: {3}. Beside it {4} kN, {5} % of the largest force."
        ).format(
            _number(place.lost_s),
            _number(place.from_s),
            _number(place.to_s),
            say(f"gaps.kind.{place.kind.value}", language()),
            _number(place.force_kn, "0.1"),
            place.share_percent,
        )
        return f"{place.device}: {text}" if place.device else text

    def _annotate(self, case: GapCase) -> None:
        marks = [Marker(mark.symbol, mark.x, mark.y, MarkerKind.MAXIMUM) for mark in case.drawing.marks]
        last = max(case.drawing.x, default=0.0)
        levels = []
        for number, place in enumerate(place for place in case.places if place.critical):
            text = translate("Gaps", "{0} s missing").format(_number(place.lost_s)) if number == 0 else ""
            begin, end = max(float(place.from_s), 0.0), float(place.to_s)
            levels.append(Level(text, begin, vertical=True))
            if end <= last:
                levels.append(Level("", end, vertical=True))
        self.plot.set_markers(marks, levels)

    def _decide(self) -> None:
        if self.case is not None and self.case.refusal is None:
            self.decided.emit()

    def _place(self) -> None:
        """As large as the page: a gap is judged on the curve, not beside it."""
        room = self._below.rect()
        self.card.setFixedSize(room.width() - 2 * Space.XL, room.height() - 2 * Space.L)
        super()._place()


def _number(value: Decimal, step: str = "0.01") -> str:
    return f"{value.quantize(Decimal(step)):f}"
