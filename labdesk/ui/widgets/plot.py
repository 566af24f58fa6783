"""Curves on screen: live while a machine loads, still in review. The only module of the screen that loads pyqtgraph and numpy.

Drawing is kept cheap: at most 500 buckets of minimum and maximum, grid lines on major ticks only (pyqtgraph's own grid costs more
than the curve), axes that grow in steps so that nothing moves but the curve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from labdesk.ui.fonts import font
from labdesk.ui.theme import colours
from labdesk.ui.tokens import CURVE_WIDTH, GRID_WIDTH, MARKER_SIZE, Size, Space, TypeSize
from labdesk.ui.widgets.decimate import Floats, decimate_with_gaps

_FRAME_MS = 33
_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


class MarkerKind(StrEnum):
    """Colour of a marker: a yield point, a maximum, a break."""

    YIELD = "yield"
    MAXIMUM = "maximum"
    BREAK = "break"


@dataclass(frozen=True)
class Marker:
    """A point named on the curve (``ReH``, ``Rm 586``), at ``x``, ``y`` in the axes' units."""

    text: str
    x: float
    y: float
    kind: MarkerKind = MarkerKind.YIELD


@dataclass(frozen=True)
class Level:
    """A dashed horizontal line (``ReL``), or a vertical one with ``vertical``."""

    text: str
    at: float
    vertical: bool = False


def nice_end(largest: float, ticks: int = 5) -> tuple[float, float]:
    """End of an axis from 0 and its major step, for data up to ``largest``; ends are whole steps."""
    if largest <= 0 or not math.isfinite(largest):
        return 1.0, 0.2
    raw = largest / ticks
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(magnitude * factor for factor in _STEPS if magnitude * factor >= raw * (1 - 1e-9))
    return step * math.ceil(largest / step - 1e-9), step


class CurveView(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A curve that stands still."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self._x: Floats = np.empty(0)
        self._y: Floats = np.empty(0)
        self._breaks: tuple[int, ...] = ()
        self._ends: tuple[float, float] = (0.0, 0.0)
        self._markers: tuple[Marker, ...] = ()
        self._levels: tuple[Level, ...] = ()
        self._labels = ("", "")
        self.setMenuEnabled(False)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.getPlotItem().getViewBox().setDefaultPadding(0)
        self.getPlotItem().layout.setContentsMargins(Space.NONE, Space.M, Space.L, Space.NONE)
        self._grid = pg.PlotCurveItem(connect="pairs")
        self._curve = pg.PlotCurveItem(connect="finite", antialias=True)
        self.addItem(self._grid, ignoreBounds=True)
        self.addItem(self._curve, ignoreBounds=True)
        self._notes: list[pg.GraphicsObject] = []
        self._dress()
        self._fit(0.0, 0.0)

    def set_labels(self, x: str, y: str) -> None:
        """Names of the axes with units, in the current language."""
        self._labels = (x, y)
        self._dress()

    def set_curve(self, x: Floats | Sequence[float], y: Floats | Sequence[float], breaks: Sequence[int] = ()) -> None:
        """Shows a curve; ``breaks`` are positions of the first sample after each gap, where the line is interrupted."""
        self._x, self._y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        self._breaks = tuple(breaks)
        self._redraw()

    def set_markers(self, markers: Sequence[Marker], levels: Sequence[Level] = ()) -> None:
        """Names points and levels on the curve; the same ones again cost nothing."""
        if (tuple(markers), tuple(levels)) == (self._markers, self._levels):
            return
        self._markers, self._levels = tuple(markers), tuple(levels)
        self._annotate()

    def close(self) -> bool:
        """Closes like any widget. pyqtgraph's own takes its viewport away, and the next change of font crashes Qt."""
        return QWidget.close(self)

    @property
    def drawn_points(self) -> int:
        """How many points are on screen, for tests and benchmarks."""
        return len(self._curve.getData()[0]) if self._curve.getData()[0] is not None else 0

    def _redraw(self) -> None:
        if not len(self._y):
            self._curve.setData([], [])
            self._fit(0.0, 0.0)
            return
        shown_x, shown_y = decimate_with_gaps(self._x, self._y, self._breaks)
        self._curve.setData(shown_x, shown_y)
        self._fit(float(np.nanmax(shown_x)), float(np.nanmax(shown_y)))

    def _fit(self, x_max: float, y_max: float) -> None:
        (x_end, x_step), (y_end, y_step) = nice_end(x_max * 1.04, 8), nice_end(y_max * 1.04, 5)
        if (x_end, y_end) == self._ends:
            return
        self._ends = (x_end, y_end)
        self.setRange(xRange=(0, x_end), yRange=(0, y_end), padding=0, disableAutoRange=True)
        x_ticks = np.arange(0, x_end + x_step / 2, x_step)
        y_ticks = np.arange(0, y_end + y_step / 2, y_step)
        self.getAxis("bottom").setTicks([[(float(at), f"{at:g}") for at in np.round(x_ticks, 9)]])
        self.getAxis("left").setTicks([[(float(at), f"{at:g}") for at in np.round(y_ticks, 9)]])
        lines = [((at, 0.0), (at, y_end)) for at in x_ticks] + [((0.0, at), (x_end, at)) for at in y_ticks]
        ends = np.array(lines, dtype=np.float64).reshape(-1, 2)
        self._grid.setData(ends[:, 0].copy(), ends[:, 1].copy())
        self._annotate()

    def _annotate(self) -> None:
        for note in self._notes:
            self.removeItem(note)
        self._notes = []
        tokens = colours()
        inks = {MarkerKind.YIELD: tokens.warn, MarkerKind.MAXIMUM: tokens.ok, MarkerKind.BREAK: tokens.bad}
        for level in self._levels:
            pen = pg.mkPen(
                tokens.warn if level.vertical else tokens.brand, width=GRID_WIDTH, style=Qt.PenStyle.DashLine
            )
            self._note(pg.InfiniteLine(pos=level.at, angle=90 if level.vertical else 0, pen=pen))
            end = QPointF(level.at, self._ends[1]) if level.vertical else QPointF(self._ends[0], level.at)
            anchor = (0.0, 0.0) if level.vertical else (1.0, 1.0)
            self._write(level.text, end, tokens.warn if level.vertical else tokens.brand, anchor)
        for marker in self._markers:
            dot = pg.ScatterPlotItem([marker.x], [marker.y], size=MARKER_SIZE, pen=None, brush=inks[marker.kind])
            self._note(dot)
            below = marker.kind is MarkerKind.MAXIMUM
            self._write(
                marker.text, QPointF(marker.x, marker.y), inks[marker.kind], (0.5, -0.1) if below else (-0.08, 1.0)
            )

    def _write(self, text: str, at: QPointF, colour: str, anchor: tuple[float, float]) -> None:
        note = pg.TextItem(text, color=colour, anchor=anchor)
        note.setFont(font(TypeSize.LABEL))
        note.setPos(at)
        self._note(note)

    def _note(self, note: pg.GraphicsObject) -> None:
        self.addItem(note, ignoreBounds=True)
        self._notes.append(note)

    def _dress(self) -> None:
        tokens = colours()
        self._grid.setPen(pg.mkPen(tokens.line, width=GRID_WIDTH))
        self._curve.setPen(pg.mkPen(tokens.brand, width=CURVE_WIDTH))
        for name, text in (("bottom", self._labels[0]), ("left", self._labels[1])):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(None))
            axis.setTickPen(pg.mkPen(None))
            axis.setTextPen(pg.mkPen(tokens.ink_3))
            axis.setStyle(
                tickLength=0, tickFont=font(TypeSize.LABEL), tickTextOffset=Space.S, hideOverlappingLabels=False
            )
            axis.enableAutoSIPrefix(False)
            if text:
                axis.setLabel(text, color=tokens.ink_2, **{"font-size": f"{TypeSize.LABEL}px"})
        self.getAxis("left").setWidth(Size.BANNER_ICON if self._labels[1] else Size.ROW)
        self._annotate()

    def changeEvent(self, event: QEvent) -> None:
        """Takes the new scheme's colours."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange) and hasattr(self, "_notes"):
            self._dress()
        super().changeEvent(event)


class PickView(CurveView):
    """A curve on which a moment can be chosen with the mouse.

    Signals:
        picked(float): place on the x axis that was pressed.
    """

    picked = Signal(float)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tells where on the x axis was pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            at = self.getPlotItem().getViewBox().mapSceneToView(self.mapToScene(event.position().toPoint()))
            self.picked.emit(float(at.x()))
        event.accept()


class LivePlot(CurveView):
    """A curve that grows; samples may come at any rate, the screen follows at thirty frames a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._store_x: Floats = np.empty(4096)
        self._store_y: Floats = np.empty(4096)
        self._live_breaks: list[int] = []
        self._dirty = False
        self._tip = pg.ScatterPlotItem(size=MARKER_SIZE + Space.XS, pen=None)
        self.addItem(self._tip, ignoreBounds=True)
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self.draw_frame)

    def append(self, x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> None:
        """Adds samples; cheap, draws nothing itself."""
        added = len(y)
        needed = self._count + added
        if needed > len(self._store_y):
            room = max(needed, 2 * len(self._store_y))
            self._store_x = np.resize(self._store_x, room)
            self._store_y = np.resize(self._store_y, room)
        self._store_x[self._count : needed] = x
        self._store_y[self._count : needed] = y
        self._count = needed
        self._dirty = True
        if not self._timer.isActive():
            self._timer.start()

    def replace(self, x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> None:
        """Shows another curve with the next frame, without an empty one between; for curves that come whole."""
        self._count = 0
        self._live_breaks = []
        self.append(x, y)

    def interrupt(self, at: int | None = None) -> None:
        """Samples are missing before sample number ``at`` (default: the next one): the line is interrupted there."""
        self._live_breaks.append(self._count if at is None else at)

    def restart(self) -> None:
        """Forgets the curve, for the next specimen."""
        self._count = 0
        self._live_breaks = []
        self._tip.setData([], [])
        self.set_markers(())
        self.set_curve((), ())

    def draw_frame(self) -> None:
        """Draws what came since the last frame; stops the clock where nothing came."""
        if not self._dirty:
            self._timer.stop()
            return
        self._dirty = False
        self.set_curve(self._store_x[: self._count], self._store_y[: self._count], self._live_breaks)
        if self._count:
            self._tip.setBrush(pg.mkBrush(colours().brand))
            self._tip.setData([self._store_x[self._count - 1]], [self._store_y[self._count - 1]])
