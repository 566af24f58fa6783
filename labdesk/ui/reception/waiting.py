"""What waits for reception: found by words, opened by scanning; Enter does it where a code cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.commission import Commission
from labdesk.domain.reception import Hold
from labdesk.ui.icons import Icon
from labdesk.ui.reception.words import lots_word, moment_word
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import Card
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.table import CellStyle, Chip, ChipState, Column, DataTable

translate = QCoreApplication.translate
_NUMBER, _CAME, _STATE = 170, 120, 230


@dataclass(frozen=True)
class WaitingRow:
    """A commission that waits."""

    commission: Commission
    hold: Hold | None


class WaitingList(QWidget):
    """Search field and table.

    Signals:
        searched(str): the words changed.
        picked(str): number of the commission to open.
    """

    searched = Signal(str)
    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.words = QLineEdit()
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self.searched)
        self.words.installEventFilter(self)
        self.table: DataTable[WaitingRow] = _table()
        self.table.opened.connect(lambda row: self.picked.emit(row.commission.number))
        self.empty = EmptyState(Icon.RECEPTION)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        card = Card()
        card.flush()
        card.body.addWidget(self.stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        layout.setSpacing(Space.L)
        layout.addWidget(self.words)
        layout.addWidget(card, 1)

    def show_waiting(self, commissions: Sequence[Commission], holds: Mapping[str, Hold]) -> None:
        """Shows the list, held ones with their deadline."""
        self.table.show_rows([WaitingRow(each, holds.get(each.number)) for each in commissions])
        self.stack.setCurrentWidget(self.table if commissions else self.empty)
        self.retranslate()

    def retranslate(self) -> None:
        """All texts anew."""
        self.words.setPlaceholderText(translate("Reception", "Number or project   Ctrl+F"))
        if self.words.text():
            self.empty.say(
                translate("Reception", "Nothing found"),
                translate("Reception", "No commission that waits has these words in its number or project."),
            )
        else:
            self.empty.say(
                translate("Reception", "No commission waits"),
                translate("Reception", "Commissions appear here when the platform sends them. Scan the code on one to begin."),
            )

    def open_selected(self) -> None:
        """As Enter on the row does."""
        row = self.table.current_row()
        if row is not None:
            self.picked.emit(row.commission.number)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the field arrows move the row and Enter opens it."""
        if watched is self.words and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.table.step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self.table.current_row() is None:
                    self.table.select(0)
                self.open_selected()
                return True
        return super().eventFilter(watched, event)


def _table() -> DataTable[WaitingRow]:
    return DataTable(
        (
            Column(
                lambda: translate("Reception", "Commission"),
                lambda row: row.commission.number,
                style=CellStyle.STRONG,
                width=_NUMBER,
            ),
            Column(
                lambda: translate("Reception", "Project"),
                lambda row: f"{row.commission.project_name} {row.commission.unit_name}",
            ),
            Column(lambda: translate("Reception", "Samples"), lambda row: lots_word(row.commission)),
            Column(
                lambda: translate("Reception", "Issued"),
                lambda row: moment_word(row.commission.issued_at),
                style=CellStyle.QUIET,
                width=_CAME,
            ),
            Column(lambda: translate("Reception", "State"), lambda row: "", _state, width=_STATE),
        )
    )


def _state(row: WaitingRow) -> Chip:
    if row.hold is None:
        return Chip(ChipState.INFO, translate("Reception", "waits"))
    deadline = moment_word(row.hold.deadline)
    return Chip(ChipState.WARN, translate("Reception", "held until {0}").format(deadline))
