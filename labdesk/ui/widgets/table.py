"""The table: rows of any frozen dataclass, drawn only where visible, with chips, hairlines and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from labdesk.ui.fonts import font
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Size, Space, TypeSize
from labdesk.ui.widgets.chips import Chip, ChipState, paint_chip

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex


class CellStyle(Enum):
    """How a column is written."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    NUMBER = "number"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column.

    Attributes:
        caption: in the current language.
        text: the cell's text.
        chip: the cell's chip instead of text, or ``None`` to fall back to the text.
        style: how it is written; ``NUMBER`` aligns right.
        width: in device-independent pixels; 0 = shares what is left.
    """

    caption: Callable[[], str]
    text: Callable[[Row], str]
    chip: Callable[[Row], Chip | None] | None = None
    style: CellStyle = CellStyle.PLAIN
    width: int = 0


class RowsModel(QAbstractTableModel):
    """Rows by position; any sequence will do, also one that fetches lazily."""

    def __init__(self, columns: Sequence[Column[Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: Sequence[Any] = ()

    def replace(self, rows: Sequence[Any]) -> None:
        """Shows other rows. Same number of rows: cells are redrawn where they are, selection and scroll stay."""
        if len(rows) == len(self.rows):
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell's text; its tooltip is the same text, for cells cut short."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        column, row = self.columns[index.column()], self.rows[index.row()]
        chip = column.chip(row) if column.chip else None
        return chip.word if chip is not None else column.text(row)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | int | None:
        """Captions above, and their alignment."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.caption()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.style is CellStyle.NUMBER else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class _CellPainter(QStyledItemDelegate):
    """Paints a cell: selection, text or chip, hairline."""

    def __init__(self, model: RowsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One row's height; as wide as the text."""
        wide = QFontMetricsF(font(TypeSize.BODY)).horizontalAdvance(str(index.data() or ""))
        del option
        return QSize(round(wide) + 2 * Space.M, Size.ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints one cell."""
        tokens = colours()
        shown = cast(Any, option)  # the stubs leave out the fields of QStyleOption
        box, state = QRectF(shown.rect), shown.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(tokens.brand_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(tokens.raised))
        painter.fillRect(
            QRectF(box.left(), box.bottom() - Size.HAIRLINE + 1, box.width(), Size.HAIRLINE), QColor(tokens.line)
        )
        column, row = self._model.columns[index.column()], self._model.rows[index.row()]
        room = box.adjusted(Space.M, 0, -Space.M, 0)
        chip = column.chip(row) if column.chip else None
        if chip is not None:
            paint_chip(painter, chip, room)
        else:
            self._paint_text(painter, column, column.text(row), room)
        painter.restore()

    def _paint_text(self, painter: QPainter, column: Column[Any], text: str, room: QRectF) -> None:
        tokens = colours()
        painter.setFont(font(TypeSize.BODY, bold=column.style is CellStyle.STRONG))
        painter.setPen(QColor(tokens.ink_2 if column.style is CellStyle.QUIET else tokens.ink))
        right = column.style is CellStyle.NUMBER
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)


class DataTable(QTableView, Generic[Row]):
    """The table.

    Signals:
        chosen(row): the selected row changed, by key, mouse or program.
        opened(row): Enter or double click.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, columns: Sequence[Column[Row]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = RowsModel(columns, self)
        self.setModel(self.rows_model)
        self.setItemDelegate(_CellPainter(self.rows_model, self))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(Size.ROW)
        self._dress_header(columns)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows_model.rows[index.row()]))

    def _dress_header(self, columns: Sequence[Column[Row]]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setFixedHeight(Size.TABLE_HEADER)
        header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for index, column in enumerate(columns):
            if column.width:
                header.setSectionResizeMode(index, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(index, column.width)
            else:
                header.setSectionResizeMode(index, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Shows other rows."""
        self.rows_model.replace(rows)

    def current_row(self) -> Row | None:
        """The selected row."""
        index = self.currentIndex()
        return self.rows_model.rows[index.row()] if index.isValid() else None

    def select(self, position: int) -> None:
        """Selects a row and brings it into view; beyond the ends is the end."""
        if self.rows_model.rowCount():
            self.selectRow(max(0, min(position, self.rows_model.rowCount() - 1)))
            self.scrollTo(self.currentIndex())

    def step(self, by: int) -> None:
        """Moves the selection (J and K)."""
        index = self.currentIndex()
        self.select(index.row() + by if index.isValid() else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; letters and space are left to the page's keys instead of a search by typing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.current_row())
        elif event.text().strip() or event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Captions follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.rows_model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.rows_model.columns) - 1)
        super().changeEvent(event)

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.rows_model.rows[index.row()])


def chip_column(caption: Callable[[], str], chip: Callable[[Row], Chip | None], width: int = 0) -> Column[Row]:
    """A column of chips; a row without one stays empty."""
    return Column(caption, lambda row: "", chip, CellStyle.PLAIN, width)


__all__ = ["CellStyle", "Chip", "ChipState", "Column", "DataTable", "chip_column"]
