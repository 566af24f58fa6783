"""A piece whose station is silent: taken over with a reason, never by itself."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from labdesk.services.bench import Bench
from labdesk.ui.ops import Command
from labdesk.ui.page import PageContext
from labdesk.ui.testing.gate_flow import GateFlow
from labdesk.ui.widgets.sheets import ReasonSheet

translate = QCoreApplication.translate


class TakeOver(QObject):
    """From the refusal to the piece's test here."""

    def __init__(self, context: PageContext, bench: Bench, gate: GateFlow, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._bench, self._gate = context, bench, gate
        self.reason = ReasonSheet(page)
        self.reason.given.connect(self._take)

    def possible(self) -> bool:
        """Whether the piece in front is held by a station that is silent."""
        case = self._gate.case
        return case is not None and any(found.key == "bench.silent_elsewhere" for found in case.gate.findings)

    def ask(self) -> None:
        """Asks why."""
        self.reason.ask(
            translate("Bench", "Test this piece here?"),
            translate(
                "Bench", "The other station is silent. Look at the piece: only an unloaded one may be tested here."
            ),
            (
                translate("Bench", "Station is out of order, piece not loaded"),
                translate("Bench", "Power was cut, piece not loaded"),
            ),
        )

    def _take(self, reason: str) -> None:
        case, session = self._gate.case, self._context.session()
        if case is not None:
            Command(self._context.ops, self, lambda: self._bench.take_over(case, reason, session)).then(
                self._gate.go_on
            ).otherwise(self._gate.refuse).start()
