"""The outcome of a selection: verdict, method and reason, and every bound with raw value, rounded value, limit and clause."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.sentences import Language, say
from labdesk.services.acceptance_choice import MEANS, Assessment, limit_of
from labdesk.ui.projects.words import regime_text, remark_lines, sentences, verdict_chip
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import empty_layout, label, row, rule, wrapped
from labdesk.ui.widgets.chips import Chip, ChipState, StatusChip

translate = QCoreApplication.translate
_MOST = 9
_MOST_DOUBTS = 3
_MOST_MARKS = 6
_RAW_DIGITS = Decimal("0.000001")


class OutcomeView(QWidget):
    """What comes out, or why nothing does."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._layout.setSpacing(Space.S)
        self.texts: list[str] = []

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """A sentence instead of an outcome."""
        self._clear()
        self._line(sentence, "quiet", state="bad" if bad else "")

    def show_outcome(self, found: Assessment, language: Language) -> None:
        """The outcome."""
        self._clear()
        chip = StatusChip(verdict_chip(found.evaluation.verdict))
        counted = translate("Acceptance", "{0} of {1} selected groups count").format(found.counted, len(found.groups))
        self.texts += [chip.chip.word, counted]
        self._layout.addLayout(row(chip, label(counted, "body"), stretch=True))
        for sentence in sentences(found.why, language):
            self._line(sentence, "body")
        self._bounds([value for value in found.evaluation.values if value.symbol != "fcu,eq"], language)
        for sentence in _what_fails(found):
            self._line(sentence, "body", state="bad")
        doubts = sentences(found.doubts[:_MOST_DOUBTS], language)
        for sentence in (*doubts, *remark_lines(found.evaluation, language)):
            self._line(sentence, "quiet")

    def _bounds(self, values: Sequence[Value], language: Language) -> None:
        """Each bound in two lines; of very many batches the failing ones and the first."""
        failing = [value for value in values if value.verdict is Verdict.FAIL]
        shown = list(values) if len(values) <= _MOST else (failing or list(values))[:_MOST]
        for value in shown:
            self._layout.addWidget(rule())
            self._bound(value, language)
        if len(shown) < len(values):
            told = translate("Acceptance", "{0} of {1} values, {2} fail: all are in the statement and its table.")
            self._line(told.format(len(shown), len(values), len(failing)), "quiet")

    def _bound(self, value: Value, language: Language) -> None:
        name = f"{value.symbol} {value.subject}".strip()
        rounded = "–" if value.rounded is None else f"{value.rounded:f} {value.unit}"
        limit = value.limit.replace(">=", "≥").replace("<=", "≤")
        line = row(label(f"{name}   {rounded}", "strong"), label(limit, "body"), stretch=True)
        if value.limit:
            bad = value.verdict is Verdict.FAIL
            word = translate("Acceptance", "too low") if bad else translate("Acceptance", "met")
            line.addWidget(StatusChip(Chip(ChipState.BAD if bad else ChipState.OK, word)))
        self._layout.addLayout(line)
        self.texts.append(f"{name} {rounded} {limit}".strip())
        parts = [_raw(value), value.clause, regime_text(value, language)]
        parts += [say(value.note, language)] if value.note else []
        self._line(" · ".join(parts), "quiet")

    def _line(self, text: str, role: str, *, state: str = "") -> None:
        made = wrapped(text, role)
        if state:
            mark(made, state=state)
        self.texts.append(text)
        self._layout.addWidget(made)

    def _clear(self) -> None:
        self.texts.clear()
        empty_layout(self._layout)


def _what_fails(found: Assessment) -> list[str]:
    """Which groups break a bound; for a mean, by how much it is short and how many groups lie below it."""
    said = []
    for value in found.evaluation.values:
        limit = limit_of(value)
        if value.verdict is Verdict.FAIL and value.symbol in MEANS and not value.subject and limit is not None:
            below = sum(1 for group in found.groups if group.value_mpa is not None and group.value_mpa < limit)
            told = translate("Acceptance", "The mean is {0} MPa short; {1} groups lie below {2} MPa.")
            said.append(told.format(f"{limit - (value.rounded or limit):f}", below, f"{limit:f}"))
    if found.marks:
        shown = list(found.marks)[:_MOST_MARKS]
        more = "" if len(shown) == len(found.marks) else " …"
        told = translate("Acceptance", "{0} groups break a bound: {1}")
        said.append(told.format(len(found.marks), "、".join(shown) + more))
    return said


def _raw(value: Value) -> str:
    """The unrounded value, as far as six places."""
    if value.raw is None:
        return "–"
    shown = value.raw.quantize(_RAW_DIGITS) if value.raw != round(value.raw, 6) else value.raw
    return f"{shown.normalize():f}{'…' if shown != value.raw else ''} {value.unit}"
