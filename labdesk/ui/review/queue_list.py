"""The queue: number, place and test of everything that waits; what waits for this person first, in full ink."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from labdesk.services.review_desk import Queue, QueueItem
from labdesk.ui.fonts import font
from labdesk.ui.review.words import role_word, verdict_chip, waited
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Radius, Size, Space, TypeSize
from labdesk.ui.widgets.chips import Chip, ChipState, chip_width, paint_chip

_ROW = Size.ROW + Space.XL
_ITEM = Qt.ItemDataRole.UserRole


def item_key(item: QueueItem) -> str:
    """What tells one entry from another."""
    return item.subject_id or item.lot_no


class _Painter(QStyledItemDelegate):
    """Paints an entry in two lines."""

    now: datetime

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines."""
        del option, index
        return QSize(Size.RAIL, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paints number and chip above, place and role below."""
        item: QueueItem = index.data(_ITEM)
        tokens = colours()
        shown = option  # the stubs leave out the fields of QStyleOption
        box = QRectF(shown.rect).adjusted(Space.S, Space.XXS, -Space.S, -Space.XXS)  # type: ignore[attr-defined]
        selected = bool(shown.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.brand_soft))
            painter.drawRoundedRect(box, Radius.FIELD, Radius.FIELD)
        room = box.adjusted(Space.M, Space.S, -Space.S, -Space.S)
        above = QRectF(room.left(), room.top(), room.width(), room.height() / 2)
        below = QRectF(room.left(), room.center().y(), room.width(), room.height() / 2)
        chip = self._chip(item)
        chip_room = chip_width(chip) if chip is not None else 0.0
        if chip is not None:
            paint_chip(painter, chip, QRectF(above.right() - chip_room, above.top(), chip_room, above.height()))
        ink = tokens.brand if selected else tokens.ink if item.mine else tokens.ink_2
        self._line(painter, item.number, above.adjusted(0, 0, -chip_room, 0), ink, bold=item.mine)
        words = " · ".join(part for part in (role_word(item.role), item.place or item.lot_no) if part)
        age = waited(item.since, self.now)
        wide = QFontMetricsF(font(TypeSize.LABEL)).horizontalAdvance(age) + Space.S
        self._line(painter, words, below.adjusted(0, 0, -wide, 0), tokens.ink_2, small=True)
        painter.setPen(QColor(tokens.ink_3))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, age)
        painter.restore()

    @staticmethod
    def _chip(item: QueueItem) -> Chip | None:
        if item.round > 1 or item.returned_reason:
            return Chip(ChipState.WARN, f"↺ {item.round}" if item.round > 1 else "↺")
        chip = verdict_chip(item.verdict)
        return chip if chip.state in (ChipState.BAD, ChipState.WARN) else None

    @staticmethod
    def _line(painter: QPainter, text: str, room: QRectF, ink: str, *, bold: bool = False, small: bool = False) -> None:
        painter.setFont(font(TypeSize.LABEL if small else TypeSize.BODY, bold=bold))
        painter.setPen(QColor(ink))
        shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class QueueList(QListWidget):
    """The list.

    Signals:
        chosen(QueueItem): another entry was selected.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = _Painter(self)
        self.setItemDelegate(self._painter)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.currentItemChanged.connect(self._on_current)
        self.queue = Queue((), ())

    def show_queue(self, queue: Queue, now: datetime) -> None:
        """Shows another queue; the selected entry stays selected, else the first one is."""
        before = self.current()
        self.queue = queue
        self._painter.now = now
        self.blockSignals(True)
        self.clear()
        entries = (*queue.mine, *queue.others)
        for item in entries:
            row = QListWidgetItem()
            row.setData(_ITEM, item)
            row.setToolTip(f"{item.number}\n{item.place}")
            self.addItem(row)
        keys = [item_key(item) for item in entries]
        wanted = keys.index(item_key(before)) if before is not None and item_key(before) in keys else 0
        self.setCurrentRow(wanted if entries else -1)
        self.blockSignals(False)
        current = self.current()
        if current is not None:
            self.chosen.emit(current)

    def current(self) -> QueueItem | None:
        """The selected entry."""
        row = self.currentItem()
        found: QueueItem | None = row.data(_ITEM) if row is not None else None
        return found

    def step(self, by: int) -> None:
        """Selects the next or previous entry; the ends are the ends."""
        if self.count():
            self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + by)))

    def select(self, number: str) -> bool:
        """Selects the entry with that number."""
        for row in range(self.count()):
            if self.item(row).data(_ITEM).number == number:
                self.setCurrentRow(row)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters and left and right belong to the page."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _on_current(self, row: QListWidgetItem | None) -> None:
        if row is not None:
            self.chosen.emit(row.data(_ITEM))
