"""A photo as large as the page, one after the other; a photo counts as opened once it stood here."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from labdesk.services.review_desk import PhotoLine
from labdesk.ui.icons import Icon, paint_icon
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import label, row
from labdesk.ui.widgets.sheets import Sheet

translate = QCoreApplication.translate
_WIDTH = 2 * Size.FORM
_HEIGHT = Size.FORM + Size.BANNER


class _Picture(QWidget):
    """The picture, whole."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = QPixmap()
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints it, or that it is missing."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.picture.isNull():
            paint_icon(painter, Icon.PHOTO_MISSING, QRectF(self.rect()), colours().ink_3)
        else:
            size = self.picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
            target = QRectF(left, top, size.width(), size.height())
            painter.drawPixmap(target, self.picture, QRectF(self.picture.rect()))
        painter.end()


class PhotoSheet(Sheet):
    """Shows photos one by one.

    Signals:
        opened(str): item of the photo that is in front now.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card.setFixedWidth(_WIDTH)
        self._picture = _Picture()
        self._caption, self._count = label(role="strong"), label(role="quiet")
        self.body.addLayout(row(self._caption, self._count, gap=Space.M, stretch=True))
        self.body.addWidget(self._picture)
        self._photos: tuple[PhotoLine, ...] = ()
        self._position = 0

    def show_photos(self, photos: tuple[PhotoLine, ...], position: int = 0) -> None:
        """Opens at one of the photos."""
        self._photos = photos
        self.open()
        self._go(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right, P and space go on, left goes back, past the last one the sheet closes."""
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_P, Qt.Key.Key_Space):
            if self._position + 1 >= len(self._photos):
                self.cancel()
            else:
                self._go(self._position + 1)
        elif event.key() == Qt.Key.Key_Left:
            self._go(max(0, self._position - 1))
        else:
            super().keyPressEvent(event)
        event.accept()

    def _go(self, position: int) -> None:
        self._position = position
        photo = self._photos[position]
        self._picture.picture = QPixmap()
        if photo.data is not None:
            self._picture.picture.loadFromData(photo.data)
        self._picture.update()
        self._caption.setText(photo.caption)
        missing = "" if photo.data is not None else " · " + translate("Review", "not here yet")
        self._count.setText(f"{position + 1} / {len(self._photos)}{missing}")
        # A photo that is missing was looked for and is said to be missing: that too is for the reviewer to judge.
        self.opened.emit(photo.item)
