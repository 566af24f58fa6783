"""Two people at one machine: who puts the pieces in is declared by badge, and stands with every run from then on."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person
from labdesk.services.bench import Bench
from labdesk.ui.ops import Query
from labdesk.ui.page import PageContext
from labdesk.ui.testing.words import said_error
from labdesk.ui.theme import mark
from labdesk.ui.widgets.basics import button, label, row, wrapped
from labdesk.ui.widgets.pin import PinSheet
from labdesk.ui.widgets.sheets import Placement, Sheet

translate = QCoreApplication.translate


class LoaderSheet(Sheet):
    """Asks for the loader's badge, in the corner.

    Signals:
        given(str): a badge was scanned or typed.
    """

    given = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Placement.CORNER)
        self._title, self._sentence, self.refusal = label(role="section"), wrapped(role="quiet"), wrapped()
        mark(self.refusal, state="bad")
        self.badge = QLineEdit()
        self.badge.returnPressed.connect(self._give)
        self._cancel, self._confirm = button(pressed=self.cancel), button(kind="primary", pressed=self._give)
        for widget in (self._title, self._sentence, self.badge, self.refusal):
            self.body.addWidget(widget)
        self.body.addLayout(row(self._cancel, self._confirm))

    def ask(self) -> None:
        """Opens empty."""
        self.badge.clear()
        self.refuse("")
        self.retranslate()
        self.open(self.badge)

    def refuse(self, sentence: str) -> None:
        """Says why this badge will not do."""
        self._tell(self.refusal, sentence)

    def retranslate(self) -> None:
        """Sets all texts."""
        self._title.setText(translate("Bench", "Who puts the pieces in?"))
        self._sentence.setText(
            translate("Bench", "Scan the loader's badge. Both names stand with every run until this is changed.")
        )
        self._cancel.setText(translate("Bench", "Back   Esc"))
        self._confirm.setText(translate("Bench", "Go on   Enter"))

    def _give(self) -> None:
        if self.badge.text().strip():
            self.given.emit(self.badge.text().strip())


class LoaderFlow(QObject):
    """Asks, checks, remembers until it is changed.

    Signals:
        changed(): another loader, or none.
    """

    changed = Signal()

    def __init__(self, context: PageContext, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._bench = context, bench
        self._person: Person | None = None
        self._badge = ""
        self.sheet, self.pin = LoaderSheet(page), PinSheet(page)
        self.sheet.given.connect(self._look)
        self.pin.entered.connect(lambda digits: self._look(self._badge, digits))

    @property
    def person(self) -> Person | None:
        """Who puts the pieces in; nobody where this is the operator, also after a change of operator."""
        person = self._person
        return None if person is None or person.id == self._context.session().person.id else person

    def ask(self) -> None:
        """Asks for a loader; where one is declared, nobody is from now on."""
        if self.person is not None:
            self._person = None
            self.changed.emit()
        else:
            self.sheet.ask()

    def take_badge(self, badge: str) -> bool:
        """A badge was scanned; True = it was asked for."""
        if not self.sheet.isVisible() or self.pin.isVisible():
            return self.pin.isVisible()
        self._look(badge)
        return True

    def _look(self, badge: str, pin: str = "") -> None:
        session, self._badge = self._context.session(), badge

        def refused(error: Exception) -> None:
            if isinstance(error, OperatorError) and error.key == "bench.loader_pin":
                self.sheet.refuse("")
                self.pin.ask(translate("Bench", "Who puts the pieces in?"), said_error(error))
            elif self.pin.isVisible():
                self.pin.refuse(said_error(error))
            else:
                self.sheet.refuse(said_error(error))

        Query(self._context.ops, self, lambda: self._bench.loader(badge, session, pin)).then(self._found).otherwise(
            refused
        ).start()

    def _found(self, person: Person) -> None:
        self._person = person
        for sheet in (self.pin, self.sheet):
            if sheet.isVisible():
                sheet.close_sheet()
        self.changed.emit()
