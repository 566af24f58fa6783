"""Beside the entry sheet: what would come out of it now, with limit, clause and verdict, and what the method says. Nothing is stored."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from labdesk.domain.evaluation import Evaluation, Value
from labdesk.domain.evaluation import Verdict as Judgement
from labdesk.services.evaluating import Live, Missing
from labdesk.services.method_info import FormResult, LotForm
from labdesk.ui.i18n import language
from labdesk.ui.testing.words import (
    limit_word,
    missing_text,
    result_words,
    rounded_word,
    said,
    value_chip,
    verdict_chip,
)
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, empty_layout, label, row, rule, wrapped
from labdesk.ui.widgets.chips import StatusChip

translate = QCoreApplication.translate


class LiveResult(QWidget):
    """Results as they would be now, above what the method says about itself."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(Size.SIDE)
        self.verdict, self.state = StatusChip(), wrapped(role="quiet")
        self._now, self._about = Card(), Card()
        self._lines, inside = QVBoxLayout(), QWidget()
        self._lines.setContentsMargins(Space.NONE, Space.NONE, Space.S, Space.NONE)
        self._lines.setSpacing(Space.S)
        inside.setLayout(self._lines)
        self._now.body.addWidget(_scrolling(inside), 1)
        foot = QHBoxLayout()
        foot.addWidget(self.verdict)
        foot.addWidget(self.state, 1)
        self._now.body.addWidget(rule())
        self._now.body.addLayout(foot)
        self.about = wrapped(role="quiet")
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._about.body.addWidget(_scrolling(self.about))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        layout.setSpacing(Space.M)
        layout.addWidget(self._now, 3)
        layout.addWidget(self._about, 1)
        self._form: LotForm | None = None
        self._stored: Evaluation | None = None
        self._live: Live | None = None
        self.texts: tuple[str, ...] = ()

    def show_form(self, form: LotForm, stored: Evaluation | None) -> None:
        """Another lot, or the same one renewed; ``stored`` is its newest evaluation."""
        if self._form != form:
            self._live = None
        self._form, self._stored = form, stored
        self.retranslate()

    def show_live(self, live: Live) -> None:
        """What came out, or what it still needs."""
        self._live = live
        self._show()

    def show_trouble(self, sentence: str) -> None:
        """Why nothing can come out of what is typed."""
        self._live = None
        self._show()
        self.state.setText(sentence)
        mark(self.state, state="bad")

    def retranslate(self) -> None:
        """All texts anew."""
        self._now.set_title(translate("Measure", "Result so far · stored only by F10"))
        if self._form is not None:
            form = self._form
            head = " · ".join(dict.fromkeys((form.rules, form.clause)))
            self._about.set_title(translate("Measure", "By {0}").format(head))
            notes = "\n".join(words[language()] for words in form.notes.values())
            self.about.setText(notes)
            self._about.setVisible(bool(notes))
        self._show()

    def _show(self) -> None:
        if self._form is None:
            return
        empty_layout(self._lines)
        evaluation = self._live.evaluation if self._live is not None else None
        names, told = result_words(self._form), []
        if evaluation is None:
            for result in self._form.results:
                self._lines.addWidget(_waiting(result, names[result.symbol]))
        else:
            for value in evaluation.values:
                self._lines.addWidget(_line(value, names.get(value.symbol, "")))
                told.append(f"{value.symbol} {rounded_word(value)} {limit_word(value)}".strip())
            for remark in evaluation.remarks:
                self._lines.addWidget(wrapped(f"· {said(remark.key, remark.params)}", "quiet"))
        self._lines.addStretch(1)
        self.texts = tuple(told)
        self._show_state(evaluation)

    def _show_state(self, evaluation: Evaluation | None) -> None:
        mark(self.state, state="")
        self.verdict.setVisible(evaluation is not None)
        if evaluation is not None:
            self.verdict.show_chip(verdict_chip(evaluation.verdict))
            same = self._stored is not None and self._stored == evaluation
            stored = translate("Measure", "Stored so."), translate("Measure", "Not stored yet.")
            self.state.setText(stored[0] if same else stored[1])
        elif self._live is not None:
            self.state.setText(_lacking(self._live.missing))
        else:
            self.state.setText("")


def _lacking(missing: tuple[Missing, ...]) -> str:
    first = missing_text(missing[0]) if missing else ""
    more = len(missing) - 1
    return first if more < 1 else f"{first} · " + translate("Measure", "{0} more").format(more)


def _scrolling(inside: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setWidget(inside)
    return made


def _waiting(result: FormResult, name: str) -> QWidget:
    return _block(f"{name} {result.symbol}", f"– {result.unit}".strip(), "", None)


def _line(value: Value, name: str) -> QWidget:
    shown = f"{rounded_word(value)} {value.unit}".strip()
    judged = value.limit or value.verdict is not Judgement.NOT_EVALUATED
    below = " · ".join(part for part in (limit_word(value) if value.limit else "", value.clause) if part)
    if value.note:
        below = f"{below} · {said(value.note, {})}"
    where = f" · {value.subject}" if value.subject else ""
    return _block(f"{name} {value.symbol}{where}".strip(), shown, below, value if judged else None)


def _block(name: str, shown: str, below: str, judged: Value | None) -> QWidget:
    made, figure = QWidget(), label(shown, "section")
    lines = QVBoxLayout(made)
    lines.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
    lines.setSpacing(Space.NONE)
    lines.addWidget(wrapped(name, "label"))
    parts: list[QWidget] = [figure] if judged is None else [figure, StatusChip(value_chip(judged))]
    lines.addLayout(row(*parts, stretch=True))
    if below:
        lines.addWidget(wrapped(below, "quiet"))
    return made
