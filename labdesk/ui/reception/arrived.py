"""The commissions that have arrived and are not finished, found by number or project; a scan opens one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from labdesk.domain.commission import Commission
from labdesk.domain.reception import Hold
from labdesk.ui.icons import Icon
from labdesk.ui.reception.words import moment, specification
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, column
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.list_keys import ListKeys
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Arrived:
    """An arrived commission; ``hold`` is set while it waits for a paper."""

    commission: Commission
    hold: Hold | None = None

    def place(self) -> str:
        """Project and unit."""
        return f"{self.commission.project_name} {self.commission.unit_name}".strip()

    def contents(self) -> str:
        """What is to be tested."""
        return "；".join(dict.fromkeys(f"{lot.material} {specification(lot)}" for lot in self.commission.lots))

    def pieces(self) -> str:
        """How many tagged pieces."""
        return str(sum(len(lot.samples) for lot in self.commission.lots))

    def chip(self) -> Chip:
        """Whether it waits for its pieces or for a paper."""
        if self.hold is None:
            return Chip(ChipState.INFO, translate("Reception", "arrived {0}").format(moment(self.commission.issued_at)))
        return Chip(ChipState.WARN, translate("Reception", "on hold until {0}").format(moment(self.hold.deadline)))


def _columns() -> tuple[Column[Arrived], ...]:
    return (
        Column(
            lambda: translate("Reception", "Commission"),
            lambda row: row.commission.number,
            style=CellStyle.STRONG,
            width=2 * Size.RAIL - Space.L,
        ),
        Column(lambda: translate("Reception", "Project"), Arrived.place),
        Column(lambda: translate("Reception", "Contents"), Arrived.contents),
        Column(lambda: translate("Reception", "Pieces"), Arrived.pieces, style=CellStyle.NUMBER, width=Size.RAIL),
        chip_column(lambda: translate("Reception", "State"), Arrived.chip, 2 * Size.RAIL + Space.L),
    )


class ArrivedList(QWidget):
    """Search and list.

    Signals:
        opened(str): a commission's number.
        searched(str): other words were typed.
    """

    opened = Signal(str)
    searched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.textChanged.connect(self.searched)
        self.table: DataTable[Arrived] = DataTable(_columns())
        self.table.opened.connect(lambda row: self.opened.emit(row.commission.number))
        ListKeys(self.search, self.table, self.open_selected)
        self.empty = EmptyState(Icon.INBOX)
        card = Card()
        card.flush()
        card.body.addWidget(self.table)
        self._stack = QStackedWidget()
        self._stack.addWidget(card)
        self._stack.addWidget(self.empty)
        layout = column(self.search, self._stack, gap=Space.L)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_list(self, commissions: Sequence[Commission], held: Mapping[str, Hold]) -> None:
        """Shows what waits; held ones first, they have a deadline."""
        held_first = [number for number in held if any(each.number == number for each in commissions)]
        ordered = sorted(
            commissions, key=lambda each: held_first.index(each.number) if each.number in held else len(held)
        )
        rows = [Arrived(each, held.get(each.number)) for each in ordered]
        self.table.show_rows(rows)
        self._stack.setCurrentIndex(0 if rows else 1)
        if rows and self.table.current_row() is None:
            self.table.select(0)
        self._say_empty()

    def retranslate(self) -> None:
        """Texts anew."""
        self.search.setPlaceholderText(translate("Reception", "Number of the commission or name of the project"))
        self._say_empty()

    def open_selected(self) -> None:
        """Opens the selected commission."""
        row = self.table.current_row() if self._stack.currentIndex() == 0 else None
        if row is not None:
            self.opened.emit(row.commission.number)

    def _say_empty(self) -> None:
        if self.search.text().strip():
            self.empty.say(
                translate("Reception", "Nothing found"),
                translate(
                    "Reception", "No open commission has these words. Finished ones open by scanning their code."
                ),
            )
            return
        self.empty.say(
            translate("Reception", "No commission waits"),
            translate("Reception", "Commissions appear here as soon as the platform sends them. Scan one to open it."),
        )
