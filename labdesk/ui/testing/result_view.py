"""An evaluation on screen: the verdict, every value raw and rounded with limit and clause, remarks in words, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from labdesk.domain.evaluation import Evaluation, Value
from labdesk.domain.evaluation import Verdict as Judgement
from labdesk.services.lot_desk import LotView
from labdesk.ui.testing.words import limit_word, missing_text, result_words, rounded_word, said, value_chip
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.banner import Verdict, VerdictBanner, VerdictState
from labdesk.ui.widgets.basics import Card, empty_layout, wrapped
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate

_FACES = {
    Judgement.PASS: VerdictState.MATCH,
    Judgement.FAIL: VerdictState.MISMATCH,
    Judgement.INVALID: VerdictState.MISMATCH,
    Judgement.RETEST: VerdictState.HOLD,
    Judgement.NOT_EVALUATED: VerdictState.INFO,
}


class Sentences(QScrollArea):
    """A list of sentences that scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(Space.NONE, Space.NONE, Space.S, Space.NONE)
        self._lines.setSpacing(Space.S)
        self.setWidget(inside)
        self.texts: tuple[str, ...] = ()

    def show_lines(self, lines: Sequence[str], state: str = "") -> None:
        """Shows sentences; ``state`` colours them."""
        self.texts = tuple(lines)
        empty_layout(self._lines)
        for text in lines:
            line = wrapped(f"· {text}")
            mark(line, state=state)
            self._lines.addWidget(line)
        self._lines.addStretch(1)


class ResultView(QWidget):
    """The newest evaluation of a lot, or what it still lacks."""

    def __init__(self) -> None:
        super().__init__()
        self._names: Mapping[str, str] = {}
        self.banner, self.values = VerdictBanner(), DataTable[Value](_columns(self))
        self.remarks, self.missing = Sentences(), Sentences()
        self._table, self._remarks, self._missing = Card(), Card(), Card()
        self._table.flush()
        self._table.body.addWidget(self.values)
        self._remarks.body.addWidget(self.remarks)
        self._missing.body.addWidget(self.missing)
        side = QWidget()
        side.setFixedWidth(Size.SIDE)
        right = QVBoxLayout(side)
        right.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        right.setSpacing(Space.M)
        right.addWidget(self._missing, 1)
        right.addWidget(self._remarks, 1)
        below = QHBoxLayout()
        below.setSpacing(Space.L)
        below.addWidget(self._table, 1)
        below.addWidget(side)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        outer.setSpacing(Space.L)
        outer.addWidget(self.banner)
        outer.addLayout(below, 1)
        self._view: LotView | None = None

    def show_view(self, view: LotView) -> None:
        """Shows a lot's evaluation and what is missing."""
        self._view = view
        evaluation = view.newest.evaluation if view.newest is not None else None
        self._names = result_words(view.form)
        self.banner.show_verdict(_verdict(view, evaluation))
        self.values.show_rows(evaluation.values if evaluation is not None else ())
        remarks = evaluation.remarks if evaluation is not None else ()
        self.remarks.show_lines([said(item.key, item.params) for item in remarks])
        self._remarks.setVisible(bool(remarks))
        self.missing.show_lines([missing_text(item) for item in view.missing], "warn")
        self._missing.setVisible(bool(view.missing))
        self._missing.set_title(translate("Measure", "Still missing ({0})").format(len(view.missing)))
        self._remarks.set_title(translate("Measure", "Remarks"))

    def of_what(self, item: Value) -> str:
        """What a value is of: a piece; of the whole lot its name, where the method gives one."""
        if item.subject:
            return item.subject
        return self._names.get(item.symbol) or translate("Measure", "whole lot")

    def subject_caption(self) -> str:
        """The caption above: pieces, or results by name."""
        return translate("Measure", "Result") if self._names else translate("Measure", "Specimen")

    def retranslate(self) -> None:
        """Sets all texts."""
        if self._view is not None:
            self.show_view(self._view)


def _verdict(view: LotView, evaluation: Evaluation | None) -> Verdict:
    if evaluation is None and view.missing:
        word = translate("Measure", "{0} things are missing").format(len(view.missing))
        return Verdict(VerdictState.HOLD, word, missing_text(view.missing[0]))
    if evaluation is None:
        ready = translate("Measure", "Everything is there")
        return Verdict(VerdictState.INFO, ready, translate("Measure", "F10 evaluates the lot."))
    words = {
        Judgement.PASS: translate("Measure", "Pass"),
        Judgement.FAIL: translate("Measure", "Fail: queued for the platform"),
        Judgement.RETEST: translate("Measure", "Retest: the client decides"),
        Judgement.INVALID: translate("Measure", "Invalid"),
        Judgement.NOT_EVALUATED: translate("Measure", "Values without a verdict"),
    }
    reason = translate("Measure", "{0} · by {1}").format(view.line.number, evaluation.rules)
    if view.newest is not None and view.newest.reason:
        reason += f" · {view.newest.reason}"
    return Verdict(_FACES[evaluation.verdict], words[evaluation.verdict], reason)


def _columns(view: ResultView) -> tuple[Column[Value], ...]:
    return (
        Column(view.subject_caption, view.of_what, style=CellStyle.STRONG, width=122),
        Column(lambda: translate("Measure", "Value"), _symbol, width=132),
        Column(lambda: translate("Measure", "Raw"), _raw, style=CellStyle.NUMBER, width=96),
        Column(lambda: translate("Measure", "Rounded"), rounded_word, style=CellStyle.NUMBER, width=104),
        Column(lambda: translate("Measure", "Limit"), limit_word, style=CellStyle.NUMBER, width=104),
        chip_column(lambda: translate("Measure", "Verdict"), value_chip, width=104),
        Column(lambda: translate("Measure", "Clause"), _clause, style=CellStyle.QUIET),
    )


def _symbol(item: Value) -> str:
    key = f"print.symbol.{item.symbol}"
    told = said(key, {}) if item.symbol in ("dW", "bend", "reverse bend") else item.symbol
    return f"{told}, {item.unit}" if item.unit else told


def _raw(item: Value) -> str:
    return "–" if item.raw is None else f"{item.raw:.3f}".rstrip("0").rstrip(".")


def _clause(item: Value) -> str:
    return f"{item.clause} · {said(item.note, {})}" if item.note else item.clause
