"""A strip of photographs with round corners; a missing one says so instead of leaving a hole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from labdesk.ui.icons import Icon, paint_icon
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Radius, Size, Space
from labdesk.ui.widgets.basics import empty_layout


@dataclass(frozen=True)
class Photo:
    """A photograph: its caption and its bytes (JPEG or PNG); ``None`` = not here yet."""

    caption: str
    data: bytes | None


class _Thumb(QWidget):
    """One photograph, cropped to the frame."""

    clicked = Signal()

    def __init__(self, photo: Photo) -> None:
        super().__init__()
        self._picture = QPixmap()
        if photo.data is not None:
            self._picture.loadFromData(photo.data)
        self.setToolTip(photo.caption)
        self.setAccessibleName(photo.caption)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Size.PHOTO)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the picture, or a placeholder."""
        del event
        tokens = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(frame, Radius.FIELD, Radius.FIELD)
        painter.setClipPath(outline)
        if self._picture.isNull():
            painter.fillRect(frame, QColor(tokens.key))
            paint_icon(painter, Icon.PHOTO_MISSING, frame.adjusted(0, Space.L, 0, -Space.L), tokens.ink_3)
        else:
            painter.drawPixmap(frame, self._picture, _cover(self._picture.size(), self.size()))
        if self.hasFocus():
            painter.setPen(QColor(tokens.brand))
            painter.drawPath(outline)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens."""
        del event
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows the focus ring."""
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hides the focus ring."""
        self.update()
        super().focusOutEvent(event)


class PhotoStrip(QWidget):
    """Photographs side by side.

    Signals:
        opened(int): position of the photograph that was clicked.
    """

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._row.setSpacing(Space.S)
        self.photos: tuple[Photo, ...] = ()

    def show_photos(self, photos: Sequence[Photo]) -> None:
        """Shows other photographs."""
        empty_layout(self._row)
        self.photos = tuple(photos)
        for index, photo in enumerate(self.photos):
            thumb = _Thumb(photo)
            thumb.clicked.connect(lambda position=index: self.opened.emit(position))
            self._row.addWidget(thumb)


def _cover(picture: QSize, frame: QSize) -> QRectF:
    """The middle part of ``picture`` with the proportions of ``frame``."""
    scale = min(picture.width() / max(1, frame.width()), picture.height() / max(1, frame.height()))
    width, height = frame.width() * scale, frame.height() * scale
    return QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
