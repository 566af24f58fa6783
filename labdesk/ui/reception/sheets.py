"""Questions of the counter inside the page: which papers are here or missing, and the photos as large as the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from labdesk.ui.icons import Icon, icon, paint_icon
from labdesk.ui.reception.words import paper_word
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, empty_layout, label, row, wrapped
from labdesk.ui.widgets.photos import Photo
from labdesk.ui.widgets.sheets import Sheet

translate = QCoreApplication.translate


@dataclass(frozen=True)
class PaperQuestion:
    """What a sheet asks.

    Attributes:
        title, sentence: the question.
        papers: what can be ticked.
        all_needed: Enter works only when everything is ticked; otherwise when anything is.
        none_needed: Enter works even when nothing is ticked.
    """

    title: str
    sentence: str
    papers: tuple[str, ...]
    all_needed: bool = False
    none_needed: bool = False


class PaperSheet(Sheet):
    """A check list of papers: digits tick, Enter confirms, Esc takes it back.

    Signals:
        given(frozenset): the papers that were ticked.
    """

    given = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._question = PaperQuestion("", "", ())
        self._ticked: set[str] = set()
        self._title, self._sentence = label(role="section"), wrapped(role="quiet")
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self._rows: list[QPushButton] = []
        self._cancel = button(pressed=self.cancel)
        self._confirm = button(kind="primary", pressed=self._give)
        self.body.addWidget(self._title)
        self.body.addWidget(self._sentence)
        self.body.addLayout(self._list)
        self.body.addLayout(row(self._cancel, self._confirm))

    def ask(self, question: PaperQuestion) -> None:
        """Opens with a question; nothing is ticked yet."""
        self._question, self._ticked = question, set()
        self._title.setText(question.title)
        self._sentence.setText(question.sentence)
        self._cancel.setText(translate("Reception", "Cancel   Esc"))
        self._confirm.setText(translate("Reception", "Confirm   Enter"))
        empty_layout(self._list)
        self._rows = []
        for at, paper in enumerate(question.papers):
            made = button(f"{at + 1}   {paper_word(paper)}", "person", partial(self.tick, at))
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._rows.append(made)
            self._list.addWidget(made)
        self._show()
        self.open()

    @property
    def ticked(self) -> frozenset[str]:
        """What is ticked now."""
        return frozenset(self._ticked)

    def tick(self, at: int) -> None:
        """Ticks or unticks a paper by its place in the list."""
        self._ticked ^= {self._question.papers[at]}
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits tick, Enter confirms; everything else as on any sheet."""
        digit = event.text()
        if digit in tuple("123456789") and int(digit) <= len(self._rows):
            self.tick(int(digit) - 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give()
        else:
            super().keyPressEvent(event)
        event.accept()

    def _ready(self) -> bool:
        if self._question.all_needed:
            return self._ticked == set(self._question.papers)
        return self._question.none_needed or bool(self._ticked)

    def _show(self) -> None:
        for made, paper in zip(self._rows, self._question.papers, strict=True):
            on = paper in self._ticked
            made.setIcon(icon(Icon.OK if on else Icon.STOP, Size.ICON, colours().ok if on else colours().ink_3))
            made.setAccessibleName(f"{paper_word(paper)} {'✓' if on else ''}")
        self._confirm.setEnabled(self._ready())

    def _give(self) -> None:
        if self._ready():
            self.close_sheet()
            self.given.emit(self.ticked)


class _Picture(QWidget):
    """A picture, whole."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = QPixmap()
        self.setFixedHeight(Size.FORM + Size.BANNER)
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
            painter.drawPixmap(
                QRectF(left, top, size.width(), size.height()), self.picture, QRectF(self.picture.rect())
            )
        painter.end()


class SamplingPhotos(Sheet):
    """The photos of sampling one by one, to be compared with what lies on the counter (YK-4.2)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card.setFixedWidth(2 * Size.FORM)
        self._picture = _Picture()
        self._caption, self._count = label(role="strong"), label(role="quiet")
        self.body.addLayout(row(self._caption, self._count, gap=Space.M, stretch=True))
        self.body.addWidget(self._picture)
        self._photos: tuple[Photo, ...] = ()
        self.position = 0

    def show_photos(self, photos: Sequence[Photo], position: int = 0) -> None:
        """Opens at one of the photos."""
        self._photos = tuple(photos)
        self.open()
        self._go(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right and P go on and close after the last, left goes back."""
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_P):
            if self.position + 1 < len(self._photos):
                self._go(self.position + 1)
            else:
                self.cancel()
        elif event.key() == Qt.Key.Key_Left:
            self._go(max(0, self.position - 1))
        else:
            super().keyPressEvent(event)
        event.accept()

    def _go(self, position: int) -> None:
        self.position = position
        photo = self._photos[position]
        self._picture.picture = QPixmap()
        if photo.data is not None:
            self._picture.picture.loadFromData(photo.data)
        self._picture.update()
        missing = "" if photo.data is not None else " · " + translate("Reception", "not here yet")
        self._caption.setText(photo.caption)
        self._count.setText(f"{position + 1} / {len(self._photos)}{missing}")
