"""Who talks on a line: LabDesk itself, or another program, and then what is only listened to."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from labdesk.domain.taps import Tap, TapWires, parse_tap
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import wrapped

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
        self.box, self.host, self.hint = QComboBox(), QLineEdit(), wrapped(role="quiet")
        self._captions = (wrapped(role="label"), wrapped(role="label"))
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        for column, (caption, field) in enumerate(zip(self._captions, (self.box, self.host), strict=True)):
            grid.addWidget(caption, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.hint, 2, 0, 1, 2)
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

    def retranslate(self) -> None:
        """All texts; the choice stays."""
        self._captions[0].setText(translate("Equipment", "Who talks on this line"))
        self._captions[1].setText(translate("Equipment", "Port on the TX of the other program"))
        texts = {
            TALKS: translate("Equipment", "LabDesk, on a cable of its own"),
            TapWires.ANSWERS: translate("Equipment", "Another program: listen only, one wire on the machine's TX"),
            TapWires.SHARED: translate("Equipment", "Another program: listen only, both sides on one wire (RS-485)"),
            TapWires.BOTH: translate("Equipment", "Another program: listen only, a wire on each side"),
        }
        self.hint.setText(
            translate(
                "Equipment",
                "Nothing is sent here. Let the other program show live values; its pace is ours. Wire RX and ground only, "
                "never TX: see the manual, chapter Tap.",
            )
        )
        if not self.box.count():
            for key in texts:
                self.box.addItem("", str(key))
        for at in range(self.box.count()):
            self.box.setItemText(at, texts[self.box.itemData(at)])

    def _show(self) -> None:
        wires = self.wires()
        self.hint.setVisible(wires is not None)
        for part in (self._captions[1], self.host):
            part.setVisible(wires is TapWires.BOTH)
        self.changed.emit()
