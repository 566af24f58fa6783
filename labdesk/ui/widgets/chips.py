"""Status chips: a coloured pill with icon and word, as a widget and for table cells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from labdesk.ui.fonts import font
from labdesk.ui.icons import Icon, paint_icon
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Palette, Size, Space, TypeSize


class ChipState(StrEnum):
    """What a chip says."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    QUIET = "quiet"


_ICONS = {ChipState.OK: Icon.OK, ChipState.WARN: Icon.WARN, ChipState.BAD: Icon.BAD}


@dataclass(frozen=True)
class Chip:
    """A chip's state and word; an empty word leaves the icon alone."""

    state: ChipState
    word: str


def chip_colours(state: ChipState, tokens: Palette) -> tuple[str, str]:
    """Ground and ink of a chip."""
    return {
        ChipState.OK: (tokens.ok_soft, tokens.ok_ink),
        ChipState.WARN: (tokens.warn_soft, tokens.warn_ink),
        ChipState.BAD: (tokens.bad_soft, tokens.bad_ink),
        ChipState.INFO: (tokens.brand_soft, tokens.info_ink),
        ChipState.QUIET: (tokens.key, tokens.ink_2),
    }[state]


def chip_width(chip: Chip) -> float:
    """Width a chip needs, in device-independent pixels."""
    word = QFontMetricsF(font(TypeSize.LABEL)).horizontalAdvance(chip.word) if chip.word else 0.0
    mark = TypeSize.LABEL + (Space.XS if chip.word else 0) if chip.state in _ICONS else 0
    return 2 * Space.S + mark + word + 1


def paint_chip(painter: QPainter, chip: Chip, box: QRectF) -> None:
    """Draws ``chip`` at the left of ``box``, vertically centred; a word that does not fit is shortened."""
    ground, ink = chip_colours(chip.state, colours())
    width = min(chip_width(chip), box.width())
    pill = QRectF(box.left(), box.center().y() - Size.CHIP / 2, width, Size.CHIP)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(pill, Size.CHIP / 2, Size.CHIP / 2)
    left = pill.left() + Space.S
    if chip.state in _ICONS:
        paint_icon(painter, _ICONS[chip.state], QRectF(left, pill.top(), TypeSize.LABEL, pill.height()), ink)
        left += TypeSize.LABEL + Space.XS
    painter.setFont(font(TypeSize.LABEL))
    painter.setPen(QColor(ink))
    room = QRectF(left, pill.top(), pill.right() - Space.S - left + 1, pill.height())
    shown = QFontMetricsF(painter.font()).elidedText(chip.word, Qt.TextElideMode.ElideRight, room.width() + 1)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    painter.restore()


class StatusChip(QWidget):
    """A chip that stands alone."""

    def __init__(self, chip: Chip | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip = chip or Chip(ChipState.QUIET, "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def chip(self) -> Chip:
        """What is shown."""
        return self._chip

    def show_chip(self, chip: Chip) -> None:
        """Shows another chip."""
        self._chip = chip
        self.setAccessibleName(chip.word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the word needs."""
        return QSize(round(chip_width(self._chip) + 0.5), Size.CHIP + Space.XXS)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the pill."""
        del event
        painter = QPainter(self)
        paint_chip(painter, self._chip, QRectF(self.rect()))
        painter.end()
