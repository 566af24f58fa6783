"""Figures read from the machine: a big number that does not jump, and a bar that says whether a rate is right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from labdesk.ui.fonts import font
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Radius, Size, Space, TypeSize


class BigFigure(QWidget):
    """A label, a number with tabular digits and its unit.

    Args:
        size: step of the type scale: ``FIGURE`` (62 px) or ``VERDICT`` (40 px).
    """

    def __init__(self, size: TypeSize = TypeSize.FIGURE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._caption, self._figure, self._unit, self._state = "", "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_caption(self, caption: str, unit: str) -> None:
        """The quiet line above, and the unit after the number."""
        self._caption, self._unit = caption, unit
        self.update()

    def show_figure(self, figure: str, state: str = "") -> None:
        """The number as text (formatting is the caller's); ``state`` colours it: empty, ``ok``, ``warn``, ``bad``."""
        if (figure, state) != (self._figure, self._state):
            self._figure, self._state = figure, state
            self.setAccessibleName(f"{self._caption} {figure} {self._unit}")
            self.update()

    @property
    def figure(self) -> str:
        """The number shown."""
        return self._figure

    def sizeHint(self) -> QSize:
        """Room for a label and one line of the number."""
        return QSize(Size.SIDE - 2 * Space.XXL, TypeSize.LABEL + Space.S + round(self._size * 1.12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints label, number and unit on fixed baselines."""
        del event
        tokens = colours()
        inks = {"ok": tokens.ok, "warn": tokens.warn, "bad": tokens.bad}
        painter = QPainter(self)
        painter.setPen(QColor(tokens.ink_2))
        painter.setFont(font(TypeSize.LABEL))
        painter.drawText(0, TypeSize.LABEL + 1, self._caption)
        baseline = self.height() - round(self._size * 0.16)
        painter.setPen(QColor(inks.get(self._state, tokens.ink)))
        painter.setFont(font(self._size, bold=True))
        painter.drawText(0, baseline, self._figure)
        after = QFontMetricsF(painter.font()).horizontalAdvance(self._figure) + Space.S
        painter.setPen(QColor(inks.get(self._state, tokens.ink_2)))
        painter.setFont(font(TypeSize.PAGE, bold=True))
        painter.drawText(round(after), baseline, self._unit)
        painter.end()


@dataclass(frozen=True)
class Band:
    """Limits of a rate, on the bar's scale.

    Attributes:
        scale_max: value at the right end.
        ok_from, ok_to: green; outside, up to ``warn_margin``, amber; beyond, red.
        warn_margin: width of the amber band at both sides.
    """

    scale_max: float
    ok_from: float
    ok_to: float
    warn_margin: float

    def state(self, rate: float) -> str:
        """``ok``, ``warn`` or ``bad``."""
        if self.ok_from <= rate <= self.ok_to:
            return "ok"
        inside = self.ok_from - self.warn_margin <= rate <= self.ok_to + self.warn_margin
        return "warn" if inside else "bad"


class RateBar(QWidget):
    """Green, amber and red band with a needle. Colour is never alone: the number beside it says the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._band: Band | None = None
        self._rate: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Size.RATE_BAR + Space.S)

    def set_band(self, band: Band | None) -> None:
        """Limits of the present stage; ``None`` = nothing is limited now."""
        if band != self._band:
            self._band = band
            self.update()

    def show_rate(self, rate: float | None) -> None:
        """Moves the needle; beyond the scale it rests at its end."""
        if rate != self._rate:
            self._rate = rate
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the bands and the needle."""
        del event
        tokens = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0, Space.XS, self.width(), Size.RATE_BAR)
        outline = QPainterPath()
        outline.addRoundedRect(bar, Size.RATE_BAR / 2, Size.RATE_BAR / 2)
        painter.setClipPath(outline)
        painter.fillRect(bar, QColor(tokens.line if self._band is None else tokens.bad))
        if self._band is not None:
            self._paint_bands(painter, bar, self._band)
        painter.setClipping(False)
        if self._band is not None and self._rate is not None:
            part = min(1.0, max(0.0, self._rate / self._band.scale_max))
            needle = QRectF(part * (self.width() - Space.XS), 0, Space.XS, self.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.ink))
            painter.drawRoundedRect(needle, Radius.KEY / 2, Radius.KEY / 2)
        painter.end()

    def _paint_bands(self, painter: QPainter, bar: QRectF, band: Band) -> None:
        tokens = colours()
        for low, high, colour in (
            (band.ok_from - band.warn_margin, band.ok_to + band.warn_margin, tokens.warn),
            (band.ok_from, band.ok_to, tokens.ok),
        ):
            left = max(0.0, low) / band.scale_max * bar.width()
            right = min(band.scale_max, high) / band.scale_max * bar.width()
            painter.fillRect(QRectF(left, bar.top(), max(0.0, right - left), bar.height()), QColor(colour))
