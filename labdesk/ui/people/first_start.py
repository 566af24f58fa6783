"""The first start: three short steps, by keyboard alone, that create the laboratory and its administrator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.codes import CodeKind, parse_code
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.people import Laboratory
from labdesk.domain.people_ports import LabSetup, Setup
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.ops import Command, Ops
from labdesk.ui.people.poster import POSTER_SHARE, Poster
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, label, row, wrapped
from labdesk.ui.widgets.pin import MAX_DIGITS, MIN_DIGITS

translate = QCoreApplication.translate
_MIN_PASSWORD = 10


@dataclass(frozen=True)
class _Field:
    """A field of the wizard.

    Attributes:
        name: key of its value.
        caption: in the current language.
        needed: may not stay empty.
        secret: shown as dots.
    """

    name: str
    caption: Callable[[], str]
    needed: bool = True
    secret: bool = False


def _steps() -> tuple[tuple[_Field, ...], ...]:
    return (
        (
            _Field("lab_name", lambda: translate("FirstStart", "Laboratory")),
            _Field("lab_id", lambda: translate("FirstStart", "Number at the platform")),
            _Field("certificate_no", lambda: translate("FirstStart", "Qualification certificate")),
            _Field("cma_no", lambda: translate("FirstStart", "CMA certificate"), needed=False),
            _Field("address", lambda: translate("FirstStart", "Address")),
            _Field("phone", lambda: translate("FirstStart", "Telephone"), needed=False),
        ),
        (
            _Field("administrator", lambda: translate("FirstStart", "Real name")),
            _Field("badge", lambda: translate("FirstStart", "Badge number (scan it)")),
        ),
        (
            _Field("pin", lambda: translate("FirstStart", "PIN, 4 to 8 digits"), secret=True),
            _Field("pin_again", lambda: translate("FirstStart", "PIN again"), secret=True),
            _Field("password", lambda: translate("FirstStart", "Password, at least 10 characters"), secret=True),
            _Field("password_again", lambda: translate("FirstStart", "Password again"), secret=True),
        ),
    )


class FirstStart(QWidget):
    """The wizard.

    Signals:
        created(): laboratory and administrator exist; sign in.
    """

    created = Signal()

    def __init__(self, setup: Setup, ops: Ops, errors: ErrorDesk) -> None:
        super().__init__()
        mark(self, kind="page")
        self._setup, self._ops, self._errors = setup, ops, errors
        self.step = 0
        self.fields: dict[str, QLineEdit] = {}
        self._captions: list[tuple[QWidget, _Field]] = []
        self._count, self._title, self._sentence = label(role="label"), label(role="page"), wrapped(role="quiet")
        self.message = wrapped()
        self._pages = QStackedWidget()
        self._back = button(pressed=self.back)
        self._next = button(kind="primary", pressed=self.forward)
        self._build()
        self._show(0)

    def _build(self) -> None:
        for fields in _steps():
            holder = QWidget()
            form = QFormLayout(holder)
            form.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
            form.setVerticalSpacing(Space.XS)
            form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
            for field in fields:
                edit = QLineEdit()
                if field.secret:
                    edit.setEchoMode(QLineEdit.EchoMode.Password)
                edit.returnPressed.connect(self._on_return)
                caption = label(role="label")
                caption.setBuddy(edit)
                form.addRow(caption, edit)
                self.fields[field.name] = edit
                self._captions.append((caption, field))
            self._pages.addWidget(holder)
        card = QFrame()
        mark(card, kind="sheet")
        card.setFixedWidth(Size.SHEET)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.XXL, Space.XL, Space.XXL, Space.XL)
        inside.setSpacing(Space.S)
        for widget in (self._count, self._title, self._sentence, self._pages, self.message):
            inside.addWidget(widget)
        inside.addSpacing(Space.S)
        inside.addLayout(row(self._back, self._next))
        self.poster = Poster()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        outer.addWidget(self.poster, POSTER_SHARE)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addStretch(1)

    def take_badge(self, badge: str) -> None:
        """A badge was scanned: it is the administrator's, whatever field has the focus."""
        self.fields["badge"].setText(badge)

    def forward(self) -> None:
        """To the next step if this one is right; at the end, creates."""
        problem = self._problem()
        self._say(problem)
        if problem:
            return
        if self.step + 1 < self._pages.count():
            self._show(self.step + 1)
        else:
            self._create()

    def back(self) -> None:
        """To the step before; nothing typed is lost."""
        if self.step:
            self._show(self.step - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Texts follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show(self.step)
        super().changeEvent(event)

    def _on_return(self) -> None:
        """Enter goes to the next field that is empty, and from the last one on to the next step."""
        names = [field.name for field in _steps()[self.step]]
        focused = next((index for index, name in enumerate(names) if self.fields[name].hasFocus()), len(names) - 1)
        if focused + 1 < len(names):
            self.fields[names[focused + 1]].setFocus()
        else:
            self.forward()

    def _show(self, step: int) -> None:
        self.step = step
        self._pages.setCurrentIndex(step)
        self._count.setText(translate("FirstStart", "Step {0} of {1}").format(step + 1, self._pages.count()))
        titles = (
            translate("FirstStart", "Your laboratory"),
            translate("FirstStart", "Its administrator"),
            translate("FirstStart", "Secrets of the administrator"),
        )
        sentences = (
            translate("FirstStart", "As on the certificates; reports print it."),
            translate("FirstStart", "This person adds all the others. Scan the badge or type its number."),
            translate("FirstStart", "The PIN goes with the badge, the password with the name."),
        )
        self._title.setText(titles[step])
        self._sentence.setText(sentences[step])
        for caption, field in self._captions:
            optional = "" if field.needed else translate("FirstStart", " (optional)")
            caption.setText(field.caption() + optional)  # type: ignore[attr-defined]
        self._back.setText(translate("FirstStart", "Back   Esc"))
        self._back.setEnabled(step > 0)
        last = step + 1 == self._pages.count()
        self._next.setText(
            translate("FirstStart", "Create   Enter") if last else translate("FirstStart", "Next   Enter")
        )
        self._say("")
        self.fields[_steps()[step][0].name].setFocus()

    def value(self, name: str) -> str:
        """What was typed into a field."""
        text = self.fields[name].text()
        return text if name.startswith(("pin", "password")) else text.strip()

    def _problem(self) -> str:
        for field in _steps()[self.step]:
            if field.needed and not self.value(field.name):
                self.fields[field.name].setFocus()
                return translate("FirstStart", "{0}: still empty.").format(field.caption())
        if self.step + 1 < self._pages.count():
            return ""
        return self._secret_problem()

    def _secret_problem(self) -> str:
        pin, password = self.value("pin"), self.value("password")
        if not (pin.isascii() and pin.isdigit() and MIN_DIGITS <= len(pin) <= MAX_DIGITS):
            return translate("FirstStart", "The PIN must be 4 to 8 digits.")
        if pin != self.value("pin_again"):
            return translate("FirstStart", "The two PINs differ.")
        if len(password) < _MIN_PASSWORD:
            return translate("FirstStart", "The password must have at least 10 characters.")
        if password != self.value("password_again"):
            return translate("FirstStart", "The two passwords differ.")
        return ""

    def _badge_body(self) -> str:
        """A typed badge may be its number, or the whole text of its code."""
        typed = self.value("badge")
        try:
            code = parse_code(typed)
        except LabDeskError:
            return typed.upper()
        return code.body if code.kind is CodeKind.BADGE else typed.upper()

    def _create(self) -> None:
        laboratory = Laboratory(
            id=self.value("lab_id"),
            name=self.value("lab_name"),
            address=self.value("address"),
            certificate_no=self.value("certificate_no"),
            cma_no=self.value("cma_no"),
            phone=self.value("phone"),
        )
        wanted = LabSetup(
            laboratory, self.value("administrator"), self._badge_body(), self.value("pin"), self.value("password")
        )
        self._next.setEnabled(False)
        Command(self._ops, self, lambda: self._setup.create(wanted)).then(self._done).otherwise(self._refused).start()

    def _done(self, result: None) -> None:
        del result
        self._next.setEnabled(True)
        for name in ("pin", "pin_again", "password", "password_again"):
            self.fields[name].clear()
        self.created.emit()

    def _refused(self, error: Exception) -> None:
        self._next.setEnabled(True)
        if isinstance(error, OperatorError):
            self._say(self._errors.sentence(error))
        else:
            self._errors.report(error)

    def _say(self, problem: str) -> None:
        mark(self.message, state="bad")
        self.message.setText(problem)
        self.message.setVisible(bool(problem))
