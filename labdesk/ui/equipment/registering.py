"""The three things that change a machine: registering one, changing it, a new certificate."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from labdesk.domain.errors import OperatorError
from labdesk.domain.finding import LineChoice, MachineFinder
from labdesk.domain.machines import Machine
from labdesk.services.equipment import EquipmentDesk
from labdesk.ui.equipment.connecting import ConnectSheet
from labdesk.ui.equipment.driver_pick import driver_text
from labdesk.ui.equipment.forms import CERTIFICATE, MACHINE, EquipmentForm, typed_values
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Command
from labdesk.ui.page import KeyAction, PageContext

translate = QCoreApplication.translate


class Registering(QObject):
    """Forms, and what becomes of them.

    Signals:
        stored(Machine): it is stored.
    """

    stored = Signal(object)

    def __init__(self, context: PageContext, desk: EquipmentDesk, page: QWidget, finder: MachineFinder) -> None:
        super().__init__(page)
        self._context, self._desk, self._finder = context, desk, finder
        self.machine: Machine | None = None
        self.connecting = ConnectSheet(page, context, finder)
        self.connecting.connected.connect(self.ask_connected)
        drivers = tuple((each.id, partial(driver_text, each)) for each in finder.drivers())
        self.form, self.paper = EquipmentForm(page, MACHINE, drivers), EquipmentForm(page, CERTIFICATE)
        self.form.given.connect(self._keep_machine)
        self.paper.given.connect(self._keep_certificate)
        self._settings: dict[str, str] = {}

    def may(self) -> bool:
        """Whether the person who is signed in may change machines, and no form is open."""
        open_form = self.form.isVisible() or self.paper.isVisible() or self.connecting.isVisible()
        return not open_form and self._desk.may_change(self._context.session().person)

    def keys(self, chosen: Callable[[], Machine | None]) -> tuple[KeyAction, ...]:
        """Keys of the page; ``chosen`` is the selected machine."""

        def with_machine(act: Callable[[Machine], None]) -> Callable[[], None]:
            def run() -> None:
                machine = chosen()
                if machine is not None:
                    act(machine)

            return run

        def selected() -> bool:
            return self.may() and chosen() is not None

        return (
            KeyAction(
                "F2", lambda: translate("Equipment", "New certificate"), with_machine(self.ask_certificate), selected
            ),
            KeyAction("F4", lambda: translate("Equipment", "Change"), with_machine(self.ask_change), selected),
            KeyAction("F8", lambda: translate("Equipment", "Register a machine"), self.ask_new, self.may),
            KeyAction("F9", lambda: translate("Equipment", "Find a machine"), self.connecting.ask, self.may),
        )

    def ask_new(self) -> None:
        """A machine that is not here yet."""
        self.machine, self._settings = None, {}
        self.form.ask(*self._words(), {})

    def ask_connected(self, line: LineChoice) -> None:
        """A machine whose line was found: port, driver and settings are filled in."""
        self.machine, self._settings = None, dict(line.settings)
        tests = next((each.tests for each in self._finder.drivers() if each.id == line.driver_id), ())
        self.form.ask(*self._words(), {"port_url": line.url, "driver_id": line.driver_id}, tests)

    def ask_change(self, machine: Machine) -> None:
        """Another port, name or capacity."""
        self.machine, self._settings = machine, dict(machine.settings)
        self.form.ask(*self._words(), typed_values(machine), machine.tests)

    def ask_certificate(self, machine: Machine) -> None:
        """The paper that came back from calibration."""
        self.machine = machine
        self.paper.ask(*self._paper_words(), {"accuracy_class": f"{machine.accuracy_class:f}"})

    def retranslate(self) -> None:
        """The open form in another language; what was typed stays."""
        if self.form.isVisible():
            self.form.retranslate(*self._words())
        if self.connecting.isVisible():
            self.connecting.retranslate()
        if self.paper.isVisible():
            self.paper.retranslate(*self._paper_words())

    def _words(self) -> tuple[str, str]:
        kept = translate("Equipment", "Every version stays on record; runs keep the one they were made with.")
        if self.machine is None:
            return translate("Equipment", "Register a machine"), kept
        return f"{self.machine.number} · {self.machine.name}", kept

    def _paper_words(self) -> tuple[str, str]:
        machine = self.machine
        if machine is None:
            return "", ""
        title = translate("Equipment", "New certificate of {0}").format(machine.number)
        before = translate("Equipment", "Until now {0}, valid until {1}.")
        return title, before.format(machine.certificate_no, machine.certificate_valid_to)

    def _keep_machine(self) -> None:
        machine, session = self.machine, self._context.session()
        typed = self.form.machine(self._settings)
        if machine is None:
            self._keep(self.form, lambda: self._desk.register(typed, session))
        else:
            self._keep(self.form, lambda: self._desk.change(machine.id, typed, session))

    def _keep_certificate(self) -> None:
        machine, session = self.machine, self._context.session()
        typed = self.paper.certificate()
        if machine is not None:
            self._keep(self.paper, lambda: self._desk.renew(machine.id, typed, session))

    def _keep(self, form: EquipmentForm, work: Callable[[], Machine]) -> None:
        def done(machine: Machine) -> None:
            form.close_sheet()
            told = translate("Equipment", "{0} is stored; the certificate is valid until {1}.")
            self._context.errors.tell(NoticeState.OK, told.format(machine.number, machine.certificate_valid_to))
            self.stored.emit(machine)

        def refused(error: Exception) -> None:
            if isinstance(error, OperatorError):
                form.refuse(self._context.errors.sentence(error))
            else:
                self._context.errors.report(error)

        Command(self._context.ops, self, work).then(done).otherwise(refused).start()
