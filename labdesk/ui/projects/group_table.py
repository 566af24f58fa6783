"""The list of groups with ticks: one by Space or mouse, a span with Shift, all or none by key; ten thousand are no more work than ten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from labdesk.domain.evaluation import Remark
from labdesk.domain.sentences import Language
from labdesk.services.acceptance_filter import day_of, share_percent
from labdesk.services.acceptance_selection import OPEN, SampleGroup
from labdesk.ui.projects.words import state_chip
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate


class GroupTable(DataTable[SampleGroup]):
    """The table.

    Signals:
        ticked(): the selection changed.
        refused(group): a group without a value was to be ticked.
    """

    ticked = Signal()
    refused = Signal(object)

    def __init__(self, language: Callable[[], Language]) -> None:
        self.ticks: set[str] = set()
        self.marks: Mapping[str, Remark] = {}
        self._language = language
        self._anchor = 0
        super().__init__(self._columns())
        self.clicked.connect(self._on_clicked)
        self.opened.connect(lambda group: self.tick())

    def tick(self) -> None:
        """Ticks the current group, or takes its tick away."""
        group = self.current_row()
        if group is None:
            return
        self._anchor = self.currentIndex().row()
        if group.state in OPEN:
            self.refused.emit(group)
            return
        self.ticks ^= {group.lot_no}
        self._changed()

    def tick_span(self) -> None:
        """From the group ticked last to the current one: all get what the first has."""
        if self.current_row() is None:
            return
        first, last = sorted((self._anchor, self.currentIndex().row()))
        span = self._able(self.rows_model.rows[first : last + 1])
        start = self.rows_model.rows[min(self._anchor, self.rows_model.rowCount() - 1)]
        self.ticks = self.ticks | span if start.lot_no in self.ticks else self.ticks - span
        self._changed()

    def tick_all(self) -> None:
        """Every group in sight that can be assessed."""
        self.ticks |= self._able(self.rows_model.rows)
        self._changed()

    def tick_none(self) -> None:
        """None, also of those the words hide."""
        self.ticks.clear()
        self._changed()

    def show_marks(self, marks: Mapping[str, Remark]) -> None:
        """Which groups break a bound."""
        self.marks = marks
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space with or without Shift is the page's."""
        if event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _able(self, groups: Sequence[SampleGroup]) -> set[str]:
        return {group.lot_no for group in groups if group.state not in OPEN}

    def _changed(self) -> None:
        self.viewport().update()
        self.ticked.emit()

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() != 0:
            return
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.tick_span()
        else:
            self.tick()

    def _tick_chip(self, group: SampleGroup) -> Chip | None:
        return Chip(ChipState.OK, "") if group.lot_no in self.ticks else None

    def _columns(self) -> tuple[Column[SampleGroup], ...]:
        return (
            Column(lambda: "", _box, self._tick_chip, CellStyle.QUIET, width=52),
            Column(
                lambda: translate("Acceptance", "Sample no."),
                lambda group: group.lot_no,
                style=CellStyle.STRONG,
                width=148,
            ),
            Column(lambda: translate("Acceptance", "Part"), lambda group: group.part),
            Column(lambda: translate("Acceptance", "Cast"), day_of, width=108),
            Column(
                lambda: translate("Acceptance", "MPa"),
                lambda group: "–" if group.value_mpa is None else f"{group.value_mpa:f}",
                style=CellStyle.NUMBER,
                width=72,
            ),
            Column(lambda: translate("Acceptance", "% of grade"), _share, style=CellStyle.NUMBER, width=92),
            chip_column(lambda: "", lambda group: state_chip(group, self.marks, self._language()), width=150),
        )


def _box(group: SampleGroup) -> str:
    """An empty place for a tick; a group that cannot be ticked has none."""
    return "" if group.state in OPEN else "○"


def _share(group: SampleGroup) -> str:
    share = share_percent(group)
    return "–" if share is None else f"{share:f}"
