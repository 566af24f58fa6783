"""Which papers lie on the counter: asked before receiving, before a hold, and when a held commission comes back."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from labdesk.ui.reception.words import paper_word
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import button, empty_layout, label, row, wrapped
from labdesk.ui.widgets.sheets import Sheet

translate = QCoreApplication.translate
_TICKED, _OPEN = "☑", "☐"


class Question(Enum):
    """What the ticks mean."""

    RECEIVE = "receive"
    HOLD = "hold"
    RESUME = "resume"


class PaperSheet(Sheet):
    """A digit ticks a paper, Enter answers. Receiving and resuming need every tick, a hold at least one.

    Signals:
        answered(Question, tuple): the question and the ticked papers.
    """

    answered = Signal(object, tuple)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._sentence = label(role="section"), wrapped(role="quiet")
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.XS)
        self._confirm = button(kind="primary", pressed=self._give)
        self._cancel = button(pressed=self.cancel)
        self._question = Question.RECEIVE
        self._papers: tuple[str, ...] = ()
        self._ticked: set[str] = set()
        self.body.addWidget(self._title)
        self.body.addWidget(self._sentence)
        self.body.addLayout(self._list)
        self.body.addLayout(row(self._cancel, self._confirm))

    def ask(self, question: Question, papers: Sequence[str]) -> None:
        """Opens with nothing ticked: each tick is a look at the counter."""
        self._question, self._papers, self._ticked = question, tuple(papers)[:9], set()
        self._write()
        self.open()

    @property
    def ticked(self) -> tuple[str, ...]:
        """The ticked papers, in order."""
        return tuple(paper for paper in self._papers if paper in self._ticked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits tick, Enter answers."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give()
        elif event.text() in tuple("123456789")[: len(self._papers)]:
            self._toggle(self._papers[int(event.text()) - 1])
        else:
            super().keyPressEvent(event)
        event.accept()

    def _toggle(self, paper: str) -> None:
        self._ticked ^= {paper}
        self._write()

    def _complete(self) -> bool:
        if self._question is Question.HOLD:
            return bool(self._ticked)
        return len(self._ticked) == len(self._papers)

    def _give(self) -> None:
        if self._complete():
            self.close_sheet()
            self.answered.emit(self._question, self.ticked)

    def _write(self) -> None:
        titles = {
            Question.RECEIVE: translate("Reception", "Which papers lie on the counter?"),
            Question.HOLD: translate("Reception", "Which paper is missing?"),
            Question.RESUME: translate("Reception", "Is the missing paper here?"),
        }
        sentences = {
            Question.RECEIVE: translate(
                "Reception", "Look at each one, signed by sampler and witness, and tick it with its digit. One missing: Esc, then F9."
            ),
            Question.HOLD: translate("Reception", "The commission waits without number and without test until it comes."),
            Question.RESUME: translate("Reception", "Tick what has come; then reception goes on."),
        }
        self._title.setText(titles[self._question])
        self._sentence.setText(sentences[self._question])
        empty_layout(self._list)
        for number, paper in enumerate(self._papers, start=1):
            box = _TICKED if paper in self._ticked else _OPEN
            line = button(f"{number}   {box}  {paper_word(paper)}", "person", partial(self._toggle, paper))
            line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.addWidget(line)
        self._confirm.setText(translate("Reception", "Confirm   Enter"))
        self._cancel.setText(translate("Reception", "Cancel   Esc"))
        self._confirm.setEnabled(self._complete())
        self._confirm.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cancel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
