"""What is done to people: registered, changed, given new secrets, ended, taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person
from labdesk.services.staff import Staff
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Command
from labdesk.ui.page import PageContext
from labdesk.ui.staff.forms import PersonSheet, SecretsSheet, StaffSheet, secrets_differ
from labdesk.ui.widgets.sheets import Placement, ReasonSheet

translate = QCoreApplication.translate


class Changing(QObject):
    """Sheets, and what becomes of them.

    Signals:
        stored(Person): it is stored.
    """

    stored = Signal(object)

    def __init__(self, context: PageContext, staff: Staff, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._staff = context, staff
        self.person: Person | None = None
        self.form, self.secrets = PersonSheet(page), SecretsSheet(page)
        self.reason = ReasonSheet(page, Placement.CENTRE)
        self.form.given.connect(self._keep_person)
        self.secrets.given.connect(self._keep_secrets)
        self.reason.given.connect(self._end)

    def may(self) -> bool:
        """Whether the person who is signed in may change people, and no sheet is open."""
        sheets = (self.form, self.secrets, self.reason)
        return not any(sheet.isVisible() for sheet in sheets) and self._staff.may_change(self._context.session().person)

    def ask_new(self) -> None:
        """Somebody who is not here yet."""
        self.person = None
        self.form.ask(*self._words(), None)

    def ask_change(self, person: Person) -> None:
        """Another badge, other roles or authorisations."""
        self.person = person
        self.form.ask(*self._words(), person)

    def ask_secrets(self, person: Person) -> None:
        """A new PIN."""
        self.person = person
        self.secrets.ask(*self._secret_words())

    def ask_end(self, person: Person) -> None:
        """Somebody leaves."""
        self.person = person
        self._ask_reason()

    def take_back(self, person: Person) -> None:
        """Somebody comes back."""
        session = self._context.session()
        told = translate("Staff", "{0} works here again.")
        Command(self._context.ops, self, lambda: self._staff.take_back(person.id, session)).then(
            lambda kept: self._tell(told, kept)
        ).start()

    def take_badge(self, badge: str) -> bool:
        """A scanned badge is the one of the open form, whatever field has the focus."""
        if not self.form.isVisible():
            return False
        self.form.fields["badge"].setText(badge)
        return True

    def retranslate(self) -> None:
        """Open sheets in another language; what was typed stays."""
        if self.form.isVisible():
            self.form.retranslate(*self._words())
        if self.secrets.isVisible():
            self.secrets.retranslate(*self._secret_words())

    def _words(self) -> tuple[str, str]:
        if self.person is None:
            told = translate("Staff", "The PIN goes with the badge, the password with the name.")
            return translate("Staff", "Register a person"), told
        told = translate("Staff", "Every version stays on record; authorisations that have ended stay too.")
        return self.person.name, told

    def _secret_words(self) -> tuple[str, str]:
        name = self.person.name if self.person is not None else ""
        told = translate("Staff", "A lock after wrong entries ends. Without a new password the old one stays.")
        return translate("Staff", "New PIN of {0}").format(name), told

    def _ask_reason(self) -> None:
        name = self.person.name if self.person is not None else ""
        self.reason.ask(
            translate("Staff", "{0} leaves: why?").format(name),
            translate("Staff", "The person stays on record and can neither sign in nor sign."),
            (
                translate("Staff", "Left the laboratory"),
                translate("Staff", "Moved to other work"),
                translate("Staff", "Authorisation withdrawn"),
            ),
        )

    def _keep_person(self) -> None:
        session, typed, person, fields = self._context.session(), self.form.typed(), self.person, self.form.fields
        if person is not None:
            known = person.id
            self._keep(self.form, lambda: self._staff.change(known, typed, session))
        elif self._same_twice(self.form):
            pin, password = fields["pin"].text(), fields["password"].text()
            self._keep(self.form, lambda: self._staff.register(typed, pin, password, session))

    def _keep_secrets(self) -> None:
        session, person, fields = self._context.session(), self.person, self.secrets.fields
        if person is None or not self._same_twice(self.secrets):
            return
        known, pin, password = person.id, fields["pin"].text(), fields["password"].text()
        self._keep(self.secrets, lambda: self._staff.renew_secrets(known, pin, password, session))

    def _end(self, reason: str) -> None:
        session, person = self._context.session(), self.person
        if person is None:
            return
        known, told = person.id, translate("Staff", "{0} has left and stays on record.")
        Command(self._context.ops, self, lambda: self._staff.end(known, reason, session)).then(
            lambda kept: self._tell(told, kept)
        ).start()

    def _same_twice(self, sheet: StaffSheet) -> bool:
        differs = secrets_differ(sheet.fields)
        if not differs:
            return True
        error = OperatorError("staff.secrets_differ", field=f"@staff.field.{differs}")
        sheet.refuse(self._context.errors.sentence(error))
        sheet.fields[f"{differs}_again"].setFocus()
        return False

    def _keep(self, sheet: StaffSheet, work: Callable[[], Person]) -> None:
        def done(person: Person) -> None:
            sheet.close_sheet()
            self._tell(translate("Staff", "{0} is stored."), person)

        def refused(error: Exception) -> None:
            if isinstance(error, OperatorError):
                sheet.refuse(self._context.errors.sentence(error))
            else:
                self._context.errors.report(error)

        Command(self._context.ops, self, work).then(done).otherwise(refused).start()

    def _tell(self, sentence: str, person: Person) -> None:
        self._context.errors.tell(NoticeState.OK, sentence.format(person.name))
        self.stored.emit(person)
