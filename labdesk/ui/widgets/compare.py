"""Several curves in one plot, told apart by colour and by line; and the same curves growing again as they did at the machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from labdesk.ui.fonts import font
from labdesk.ui.theme import colours
from labdesk.ui.tokens import CURVE_WIDTH, Size, Space, TypeSize
from labdesk.ui.widgets.decimate import Floats, decimate_with_gaps
from labdesk.ui.widgets.plot import CurveView

MOST = 6


@dataclass(frozen=True)
class Series:
    """One curve: ``x`` and ``y`` in the axes' units, positions after gaps, and its time in s for growing again."""

    x: Floats
    y: Floats
    time_s: Floats
    breaks: tuple[int, ...] = ()


def series_colour(place: int) -> str:
    """Colour of the curve at a place in the comparison."""
    tokens = colours()
    return (tokens.brand, tokens.warn, tokens.ok, tokens.bad, tokens.ink_2, tokens.info_ink)[place % MOST]


_LINES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
)


class Legend(QWidget):
    """A line for each curve, beginning with a piece of how it is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: tuple[str, ...] = ()

    def show_texts(self, texts: Sequence[str]) -> None:
        """What the curves are, in their order."""
        self.texts = tuple(texts)
        self.setFixedHeight(len(self.texts) * (Size.ICON + Space.S))
        self.setVisible(bool(self.texts))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the lines."""
        del event
        painter = QPainter(self)
        painter.setFont(font(TypeSize.LABEL))
        high = Size.ICON + Space.S
        for place, text in enumerate(self.texts):
            middle = place * high + high / 2
            painter.setPen(pg.mkPen(series_colour(place), width=2 * CURVE_WIDTH, style=_LINES[place]))
            painter.drawLine(QPointF(0, middle), QPointF(Size.NOTICE_ICON, middle))
            painter.setPen(QColor(colours().ink_2))
            room = QRectF(Size.NOTICE_ICON + Space.S, place * high, self.width() - Size.NOTICE_ICON - Space.S, high)
            shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class CompareView(CurveView):
    """At most :data:`MOST` curves; ``until_s`` shows only what had come by then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._series: tuple[Series, ...] = ()
        self._items: list[pg.PlotCurveItem] = []
        self._until_s: float | None = None
        super().__init__(parent)

    def show_series(self, series: Sequence[Series]) -> None:
        """Shows these curves whole."""
        self._series, self._until_s = tuple(series)[:MOST], None
        for item in self._items:
            self.removeItem(item)
        self._items = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in self._series]
        for item in self._items:
            self.addItem(item, ignoreBounds=True)
        self._dress()
        largest_x = max((float(np.nanmax(each.x)) for each in self._series if len(each.x)), default=0.0)
        largest_y = max((float(np.nanmax(each.y)) for each in self._series if len(each.y)), default=0.0)
        self._fit(largest_x, largest_y)
        self._draw()

    def show_until(self, seconds: float | None) -> None:
        """Shows the curves as they stood ``seconds`` after the start; ``None`` is whole."""
        self._until_s = seconds
        self._draw()

    @property
    def duration_s(self) -> float:
        """Time of the longest curve."""
        return max((float(each.time_s[-1]) for each in self._series if len(each.time_s)), default=0.0)

    def points_of(self, place: int) -> int:
        """How many points of a curve are on screen."""
        shown = self._items[place].getData()[0]
        return 0 if shown is None else len(shown)

    def _draw(self) -> None:
        for item, each in zip(self._items, self._series, strict=True):
            end = len(each.x) if self._until_s is None else int(np.searchsorted(each.time_s, self._until_s, "right"))
            if not end:
                item.setData([], [])
                continue
            breaks = tuple(at for at in each.breaks if at < end)
            item.setData(*decimate_with_gaps(each.x[:end], each.y[:end], breaks))

    def _dress(self) -> None:
        super()._dress()
        for place, item in enumerate(self._items):
            item.setPen(pg.mkPen(series_colour(place), width=CURVE_WIDTH, style=_LINES[place]))
