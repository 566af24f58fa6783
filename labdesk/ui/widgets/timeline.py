"""The way of a sample: what happened, who, when, on a thread from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from labdesk.ui.theme import colours
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import empty_layout, label, wrapped


@dataclass(frozen=True)
class Moment:
    """One entry: ``at`` as text (already in local time), ``text`` what happened, ``state`` empty, ``ok``, ``warn``, ``bad``."""

    at: str
    text: str
    state: str = ""


class _Dot(QWidget):
    """A dot on the thread; the thread does not stick out above the first and below the last."""

    def __init__(self, state: str, first: bool, last: bool) -> None:
        super().__init__()
        self._state, self._first, self._last = state, first, last
        self.setFixedWidth(Space.XL)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints thread and dot."""
        del event
        tokens = colours()
        fills = {"ok": tokens.ok, "warn": tokens.warn, "bad": tokens.bad}
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, dot = self.width() / 2, Space.M
        top, bottom = (dot if self._first else 0), (dot if self._last else self.height())
        painter.fillRect(QRectF(middle - Size.HAIRLINE / 2, top, Size.HAIRLINE, bottom - top), QColor(tokens.line))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fills.get(self._state, tokens.brand)))
        painter.drawEllipse(QRectF(middle - Size.DOT / 2, dot - Size.DOT / 2, Size.DOT, Size.DOT))
        painter.end()


class Timeline(QWidget):
    """A list of moments in the order they are given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._grid.setSpacing(Space.NONE)
        self._grid.setColumnStretch(2, 1)

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Shows other moments."""
        empty_layout(self._grid)
        for index, moment in enumerate(moments):
            at = label(moment.at, "label")
            at.setContentsMargins(Space.NONE, Space.XS, Space.XS, Space.NONE)
            text = wrapped(moment.text)
            text.setContentsMargins(Space.XXS, Space.XXS, Space.NONE, Space.XS)
            self._grid.addWidget(at, index, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(_Dot(moment.state, index == 0, index == len(moments) - 1), index, 1)
            self._grid.addWidget(text, index, 2)
