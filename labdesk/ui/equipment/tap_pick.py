"""Who talks on a line: LabDesk itself, or another program, and then what is only listened to."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from labdesk.domain.taps import Tap, TapWires, parse_tap
from labdesk.ui.tokens import Space

translate = QCoreApplication.translate

TALKS = ""
"""LabDesk talks on the line itself."""


class TapPick(QWidget):
    """One choice, and the second port where the choice has one.

    Signals:
        changed(): another choice.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box, self.host = QComboBox(), QLineEdit()
        line = QHBoxLayout(self)
        line.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        line.setSpacing(Space.M)
        line.addWidget(self.box, 3)
        line.addWidget(self.host, 2)
        self.retranslate()
        self.box.currentIndexChanged.connect(self._show)
        self._show()

    def wires(self) -> TapWires | None:
        """What is wired to what; ``None`` where LabDesk talks itself."""
        chosen = self.box.currentData()
        return TapWires(chosen) if chosen else None

    def choose(self, wires: TapWires | None) -> None:
        """Another choice."""
        self.box.setCurrentIndex(self.box.findData(TALKS if wires is None else wires.value))

    def url(self, port: str) -> str:
        """The port as it is to be opened; one that was typed as a tap stays as it was typed. Empty while a port is missing."""
        wires = self.wires()
        if wires is None or not port or parse_tap(port) is not None:
            return port
        host = self.host.text().strip() if wires is TapWires.BOTH else ""
        return "" if wires is TapWires.BOTH and not host else Tap(port, wires, host).url()

    def hint(self) -> str:
        """What a tap asks of whoever wires it; empty where LabDesk talks itself."""
        if self.wires() is None:
            return ""
        return translate(
            "Equipment",
            "Nothing is sent. Let the other program show live values; its pace is ours. Wire RX and ground only, never TX (manual, Tap).",
        )

    def retranslate(self) -> None:
        """All texts; the choice stays."""
        self.host.setPlaceholderText(translate("Equipment", "port on the other program's TX"))
        texts = {
            TALKS: translate("Equipment", "LabDesk talks on this line"),
            TapWires.ANSWERS: translate("Equipment", "Another program: one wire on the machine's TX"),
            TapWires.SHARED: translate("Equipment", "Another program: both sides on one wire (RS-485)"),
            TapWires.BOTH: translate("Equipment", "Another program: a wire on each side"),
        }
        if not self.box.count():
            for key in texts:
                self.box.addItem("", str(key))
        for at in range(self.box.count()):
            self.box.setItemText(at, texts[self.box.itemData(at)])

    def _show(self) -> None:
        self.host.setVisible(self.wires() is TapWires.BOTH)
        self.changed.emit()
