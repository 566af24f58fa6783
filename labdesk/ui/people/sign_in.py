"""The sign-in page: scan a badge and type the PIN, or name and password. It is the first thing painted and imports little."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.people import Session
from labdesk.domain.people_ports import SignIn
from labdesk.domain.sentences import say
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.i18n import language
from labdesk.ui.icons import Icon, icon
from labdesk.ui.ops import Command, Ops, Query
from labdesk.ui.people.poster import POSTER_SHARE, Poster
from labdesk.ui.theme import colours, mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, column, empty_layout, label, wrapped
from labdesk.ui.widgets.pin import PinPad

translate = QCoreApplication.translate
#: Parameter of a refusal that says for how many seconds nobody may try again.
WAIT_PARAM = "seconds"


class Step(Enum):
    """What the page waits for."""

    BADGE = 0
    PIN = 1
    PASSWORD = 2


class SignInPage(QWidget):
    """Signs a person in.

    Signals:
        signed_in(Session): the service let the person in.
        left(): Esc while somebody is already signed in: back to work.
    """

    signed_in = Signal(Session)
    left = Signal()

    def __init__(self, sign_in: SignIn, ops: Ops, errors: ErrorDesk) -> None:
        super().__init__()
        mark(self, kind="page")
        self._sign_in, self._ops, self._errors = sign_in, ops, errors
        self._badge = ""
        self._refused: OperatorError | None = None
        self._wait_s = 0
        self._countdown = QTimer(self)
        self._countdown.setInterval(1000)
        self._countdown.timeout.connect(self._tick)
        self.step = Step.BADGE
        self.pad, self.name, self.password = PinPad(), QLineEdit(), QLineEdit()
        self.message = wrapped()
        self.poster = Poster()
        self._recent = QVBoxLayout()
        self._recent_names: tuple[str, ...] = ()
        self._build()
        self.retranslate()

    def _build(self) -> None:
        self._title, self._sentence = label(role="page"), wrapped(role="quiet")
        self._by_name = button(kind="quiet", pressed=self._ask_password)
        self._by_badge = button(kind="quiet", pressed=self.ask_badge)
        self._enter = button(kind="primary", pressed=self._try_password)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.name.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._try_password)
        self.pad.entered.connect(self._try_pin)
        self._recent_title = label(role="label")
        self._recent.setSpacing(Space.S)
        badge = column(self._recent_title, gap=Space.S)
        badge.addLayout(self._recent)
        badge.addStretch(1)
        badge.addWidget(self._by_name)
        form = column(self.name, self.password, self._enter, gap=Space.M)
        form.addStretch(1)
        self._steps = QStackedWidget()
        for content in (badge, column(self.pad), form):
            holder = QWidget()
            holder.setLayout(content)
            self._steps.addWidget(holder)
        card = QFrame()
        mark(card, kind="sheet")
        card.setFixedWidth(Size.FORM)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.XXL, Space.XXL, Space.XXL, Space.XL)
        inside.setSpacing(Space.M)
        for widget in (self._title, self._sentence, self._steps, self.message, self._by_badge):
            inside.addWidget(widget)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        outer.addWidget(self.poster, POSTER_SHARE)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addStretch(1)

    def load_recent(self) -> None:
        """Asks for the people who were here last; the page is usable before the answer."""
        Query(self._ops, self, self._sign_in.recent_names).then(self._show_recent).start()

    def ask_badge(self) -> None:
        """Begins afresh: waits for a badge."""
        self._badge = ""
        self._go(Step.BADGE)
        self.setFocus()

    def take_badge(self, badge: str) -> None:
        """A badge was scanned: asks for its PIN."""
        self._badge = badge
        self.pad.clear()
        self._go(Step.PIN)
        self.pad.setFocus()

    def retranslate(self) -> None:
        """Sets all texts."""
        titles = {
            Step.BADGE: translate("SignIn", "Scan your badge"),
            Step.PIN: translate("SignIn", "Enter your PIN"),
            Step.PASSWORD: translate("SignIn", "Name and password"),
        }
        sentences = {
            Step.BADGE: translate("SignIn", "The PIN follows. No click is needed."),
            Step.PIN: translate("SignIn", "Badge {0}. Type the digits, then Enter.").format(self._badge),
            Step.PASSWORD: translate("SignIn", "For whoever has no badge at hand."),
        }
        self._title.setText(titles[self.step])
        self._sentence.setText(sentences[self.step])
        self.name.setPlaceholderText(translate("SignIn", "Name"))
        self.password.setPlaceholderText(translate("SignIn", "Password"))
        self._enter.setText(translate("SignIn", "Sign in   Enter"))
        self._by_name.setText(translate("SignIn", "Name and password   F2"))
        self._by_badge.setText(translate("SignIn", "Back   Esc"))
        self._recent_title.setText(translate("SignIn", "Here last") if self._recent_names else "")
        self.poster.retranslate()
        self._say_refusal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 to the password form, Esc back."""
        if event.key() == Qt.Key.Key_F2:
            self._ask_password()
        elif event.key() == Qt.Key.Key_Escape and self.step is Step.BADGE:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.ask_badge()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Texts follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _ask_password(self, name: str = "") -> None:
        self.name.setText(name)
        self.password.clear()
        self._go(Step.PASSWORD)
        (self.password if name else self.name).setFocus()

    def _go(self, step: Step) -> None:
        self.step = step
        if not self._wait_s:
            self._refused = None
        self._steps.setCurrentIndex(step.value)
        self._by_badge.setVisible(step is not Step.BADGE)
        self.retranslate()

    def _show_recent(self, names: tuple[str, ...]) -> None:
        self._recent_names = names[:6]
        empty_layout(self._recent)
        for name in self._recent_names:
            person = button(name, "person", partial(self._ask_password, name))
            person.setIcon(icon(Icon.USER, Size.ICON, colours().ink_2))
            self._recent.addWidget(person)
        self.retranslate()

    def _try_pin(self, pin: str) -> None:
        badge = self._badge
        self._attempt(lambda: self._sign_in.by_badge(badge, pin))

    def _try_password(self) -> None:
        name, password = self.name.text().strip(), self.password.text()
        if name and password:
            self._attempt(lambda: self._sign_in.by_name(name, password))

    def _attempt(self, work: Callable[[], Session]) -> None:
        if self._wait_s:
            return
        self._steps.setEnabled(False)
        Command(self._ops, self, work).then(self._let_in).otherwise(self._refuse).start()

    def _let_in(self, session: Session) -> None:
        self._steps.setEnabled(True)
        self.password.clear()
        self._refused = None
        self.ask_badge()
        self.signed_in.emit(session)

    def _refuse(self, error: Exception) -> None:
        self._steps.setEnabled(True)
        self.password.clear()
        self.pad.clear()
        (self.pad if self.step is Step.PIN else self.password).setFocus()
        if not isinstance(error, OperatorError):
            self._errors.report(error)
            return
        self._refused = error
        seconds = error.params.get(WAIT_PARAM, 0)
        self._wait_s = seconds if isinstance(seconds, int) else 0
        if self._wait_s:
            self._countdown.start()
        self._say_refusal()

    def _tick(self) -> None:
        self._wait_s = max(0, self._wait_s - 1)
        if not self._wait_s:
            self._countdown.stop()
            self._refused = None
        self._say_refusal()

    def _say_refusal(self) -> None:
        error: LabDeskError | None = self._refused
        self._steps.setEnabled(not self._wait_s)
        self.message.setVisible(error is not None)
        if error is not None:
            params = {**error.params, WAIT_PARAM: self._wait_s} if self._wait_s else error.params
            mark(self.message, state="bad")
            self.message.setText(say(error.key, language(), **params))
