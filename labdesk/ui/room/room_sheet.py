"""The computers in the room: which answer, which are paired; a new one is paired by the line its screen shows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from labdesk.domain.errors import LabDeskError
from labdesk.domain.finding import CaptureRoom, RoomComputer
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Query
from labdesk.ui.page import PageContext
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size
from labdesk.ui.widgets.basics import button, label, row, wrapped
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.sheets import Sheet
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate
_SHOWN = 16


class RoomSheet(Sheet):
    """The sheet.

    Signals:
        changed(): a computer was paired or forgotten: capture is told the machines anew.
    """

    changed = Signal()

    def __init__(self, parent: QWidget, context: PageContext, room: CaptureRoom) -> None:
        super().__init__(parent)
        self._context, self._room = context, room
        self.busy = False
        self.card.setFixedWidth(Size.SHEET + Size.SIDE)
        self.title, self.hint, self.said = label(role="section"), wrapped(role="quiet"), wrapped()
        self.table, self.line = DataTable[RoomComputer](_columns()), QLineEdit()
        self.table.setFixedHeight(Size.SIDE // 2)
        self.caption = wrapped(role="label")
        self.again, self.pair_button = button(pressed=self.look), button(kind="primary", pressed=self.pair)
        self.forget_button, self.leave = button(pressed=self.forget), button(pressed=self.cancel)
        for widget in (self.title, self.hint, self.table, self.caption, self.line, self.said):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.leave, self.again, self.forget_button, self.pair_button))
        self.line.returnPressed.connect(self.pair)
        self.table.chosen.connect(lambda _: self._allow())

    def ask(self) -> None:
        """Opens and looks who is there."""
        self.line.clear()
        self._say("")
        self.retranslate()
        self.open(self.line)
        self.look()

    def look(self) -> None:
        """Asks the room anew."""
        self._run(self._room.computers, self._show)

    def pair(self) -> None:
        """Pairs by the line that was typed, pasted or scanned."""
        line = self.line.text().strip()
        if not line:
            self._say(translate("Room", "Paste the pairing line first."), "bad")
            return

        def paired(computer: RoomComputer) -> None:
            self.line.clear()
            told = translate("Room", "{0} is paired; its ports begin with {0}@.").format(computer.name)
            self._context.errors.tell(NoticeState.OK, told)
            self._changed(told)

        self._run(lambda: self._room.pair(line), paired)

    def forget(self) -> None:
        """Its machines can be used no more."""
        chosen = self.table.current_row()
        if chosen is None or not chosen.paired:
            return
        told = translate("Room", "{0} is forgotten; runs it still holds come home when it is paired again.")
        self._run(lambda: self._room.forget(chosen.name), lambda _: self._changed(told.format(chosen.name)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 looks again, Ctrl+Del forgets, Esc leaves."""
        if event.key() == Qt.Key.Key_F5:
            self.look()
        elif event.key() == Qt.Key.Key_Delete and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.forget()
        else:
            super().keyPressEvent(event)
        event.accept()

    def retranslate(self) -> None:
        """All texts."""
        self.title.setText(translate("Room", "Computers at machines"))
        self.hint.setText(
            translate(
                "Room",
                "A computer at a machine runs “labdesk capture-serve” and shows a pairing line. Nobody without that line gets in. "
                "Compare the fingerprint with its screen.",
            )
        )
        self.caption.setText(translate("Room", "Pairing line (labdesk-capture://…)"))
        self.line.setAccessibleName(self.caption.text())
        self.again.setText(translate("Room", "Look again   F5"))
        self.pair_button.setText(translate("Room", "Pair   Enter"))
        self.forget_button.setText(translate("Room", "Forget   Ctrl+Del"))
        self.leave.setText(translate("Room", "Close   Esc"))
        self._allow()

    def _run(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        if self.busy:
            return
        self.busy = True
        self._allow()

        def ended(result: object) -> None:
            self.busy = False
            self._say("")
            self._allow()
            done(result)

        def refused(error: Exception) -> None:
            self.busy = False
            self._allow()
            if isinstance(error, LabDeskError):
                self._say(self._context.errors.sentence(error), "bad")
            else:
                self._context.errors.report(error)

        Query(self._context.ops, self, work).then(ended).otherwise(refused).start()

    def _show(self, computers: tuple[RoomComputer, ...]) -> None:
        self.table.show_rows(computers)
        if computers:
            self.table.select(0)
        else:
            self._say(
                translate("Room", "No computer at a machine answers. The pairing line also works without being found.")
            )
        self._allow()

    def _changed(self, told: str) -> None:
        self._say(told, "ok")
        self.changed.emit()

        def shown(found: tuple[RoomComputer, ...]) -> None:
            self._show(found)
            self._say(told, "ok")

        self._run(self._room.computers, shown)

    def _allow(self) -> None:
        chosen = self.table.current_row()
        self.forget_button.setEnabled(not self.busy and chosen is not None and chosen.paired)
        self.pair_button.setEnabled(not self.busy)
        self.again.setEnabled(not self.busy)

    def _say(self, text: str, state: str = "") -> None:
        mark(self.said, state=state)
        self._tell(self.said, text)


def _chip(computer: RoomComputer) -> Chip:
    if not computer.paired:
        return Chip(ChipState.INFO, translate("Room", "not paired"))
    if computer.heard:
        return Chip(ChipState.OK, translate("Room", "paired"))
    return Chip(ChipState.WARN, translate("Room", "paired, not heard"))


def _columns() -> tuple[Column[RoomComputer], ...]:
    return (
        Column(lambda: translate("Room", "Name"), lambda each: each.name, style=CellStyle.STRONG),
        Column(lambda: translate("Room", "Address"), lambda each: each.address, width=190),
        Column(
            lambda: translate("Room", "Fingerprint"),
            lambda each: f"{each.fingerprint[:_SHOWN]}…",
            style=CellStyle.QUIET,
            width=190,
        ),
        chip_column(lambda: "", _chip, width=170),
    )
