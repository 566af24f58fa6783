"""Captured curves as vectors: thinned by minima and maxima, never smoothed, with gaps and discrepancies in plain sight."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from labdesk.domain.reporting import CurveDrawing
from labdesk.reports.style import BAD, BRAND, HAIR, INK, LINE, QUIET, REGULAR, printable
from labdesk.reports.words import Words

BUCKETS = 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 11 * mm, 3 * mm, 7.5 * mm, 8.5 * mm


def thin(count: int, y: Sequence[float], buckets: int = BUCKETS) -> list[int]:
    """Indices to draw: of every bucket its first, smallest, largest and last sample, so that no peak is lost."""
    if count <= 4 * buckets:
        return list(range(count))
    keep: set[int] = set()
    for bucket in range(buckets):
        start, end = bucket * count // buckets, (bucket + 1) * count // buckets
        span = range(start, end)
        keep.update((start, end - 1, min(span, key=y.__getitem__), max(span, key=y.__getitem__)))
    return sorted(keep)


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round tick positions within ``low`` to ``high``."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return [low]
    rough = span / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def segments(curve: CurveDrawing) -> Iterator[tuple[int, int]]:
    """Index ranges without a gap inside: the line is broken where nothing was captured."""
    start = 0
    for before, after in sorted(curve.gaps):
        yield start, before + 1
        start = after
    yield start, len(curve.y)


class CurveFlowable(Flowable):  # type: ignore[misc]
    """One curve with axes, marks and, if any, what does not agree."""

    def __init__(self, curve: CurveDrawing, size: tuple[float, float], words: Words) -> None:
        super().__init__()
        self.width, self.height = size
        self._curve = curve
        self._words = words
        values = [value for value in curve.y if math.isfinite(value)]
        self._peak = max(values, default=0.0)
        tops = [self._peak, *(mark.y for mark in curve.marks), curve.stated_peak or 0.0]
        self._x_range = (min(0.0, *curve.x), max(curve.x)) if len(curve.x) else (0.0, 1.0)
        self._y_range = (min(0.0, min(values, default=0.0)), (max(tops) or 1.0) * 1.12)

    def wrap(self, *_: float) -> tuple[float, float]:
        """Its fixed size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw title, grid, curve, marks and disagreements."""
        self._title()
        self._grid()
        self._line()
        self._marks()
        self._stated()

    def _px(self, x: float) -> float:
        low, high = self._x_range
        return float(_LEFT + (x - low) / ((high - low) or 1.0) * (self.width - _LEFT - _RIGHT))

    def _py(self, y: float) -> float:
        low, high = self._y_range
        return float(_BOTTOM + (y - low) / ((high - low) or 1.0) * (self.height - _TOP - _BOTTOM))

    def _text(self, x: float, y: float, text: str, size: float = 6.5, colour: object = QUIET) -> None:
        self.canv.setFillColor(colour)
        self.canv.setFont(REGULAR, size)
        self.canv.drawString(x, y, printable(text))

    def _title(self) -> None:
        top = self.height - 3.2 * mm
        self._text(_LEFT, top, self._words("curve.title", label=self._curve.label), 7.5, INK)
        shown = self._words("curve.samples", count=len(self._curve.y))
        self._text(self.width - _RIGHT - stringWidth(shown, REGULAR, 6.5), top, shown)

    def _grid(self) -> None:
        canvas = self.canv
        right, top = self.width - _RIGHT, self.height - _TOP
        canvas.setLineWidth(0.3)
        canvas.setStrokeColor(HAIR)
        for value in ticks(*self._y_range):
            y = self._py(value)
            canvas.line(_LEFT, y, right, y)
            label = f"{value:g}"
            self._text(_LEFT - stringWidth(label, REGULAR, 6) - 1.5, y - 2, label, 6)
        for value in ticks(*self._x_range):
            x = self._px(value)
            canvas.line(x, _BOTTOM, x, _BOTTOM - 2)
            label = f"{value:g}"
            self._text(x - stringWidth(label, REGULAR, 6) / 2, _BOTTOM - 8.5, label, 6)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.rect(_LEFT, _BOTTOM, right - _LEFT, top - _BOTTOM, stroke=1, fill=0)
        caption = self._curve.x_caption
        self._text(right - stringWidth(printable(caption), REGULAR, 6.5), 1.2, caption)
        self._text(_LEFT + 2, top - 8, self._curve.y_caption)

    def _line(self) -> None:
        canvas, curve = self.canv, self._curve
        canvas.saveState()
        canvas.setStrokeColor(BRAND)
        canvas.setLineWidth(0.7)
        canvas.setLineJoin(1)
        path = canvas.beginPath()
        for start, end in segments(curve):
            pen_down = False
            for offset in thin(end - start, curve.y[start:end]):
                x, y = curve.x[start + offset], curve.y[start + offset]
                if not (math.isfinite(x) and math.isfinite(y)):
                    pen_down = False
                    continue
                (path.lineTo if pen_down else path.moveTo)(self._px(x), self._py(y))
                pen_down = True
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()
        for before, after in curve.gaps:
            self._gap(self._px(curve.x[before]), self._px(curve.x[min(after, len(curve.x) - 1)]))

    def _gap(self, left: float, right: float) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(BAD)
        canvas.setLineWidth(0.4)
        canvas.setDash(2, 2)
        for x in (left, right):
            canvas.line(x, _BOTTOM, x, self.height - _TOP)
        canvas.restoreState()
        self._text(left + 1.5, _BOTTOM + 2, self._words("curve.gap"), 6, BAD)

    def _marks(self) -> None:
        canvas = self.canv
        for mark in self._curve.marks:
            x, y = self._px(mark.x), self._py(mark.y)
            canvas.setFillColor(INK)
            canvas.circle(x, y, 1.3, stroke=0, fill=1)
            width = stringWidth(mark.symbol, REGULAR, 6.5)
            self._text(min(x + 2.5, self.width - _RIGHT - width - 1), y + 2.5, mark.symbol, 6.5, INK)

    def _stated(self) -> None:
        stated = self._curve.stated_peak
        if stated is None or math.isclose(stated, self._peak, rel_tol=1e-4):
            return
        canvas = self.canv
        y = self._py(stated)
        canvas.saveState()
        canvas.setStrokeColor(BAD)
        canvas.setLineWidth(0.5)
        canvas.setDash(4, 2)
        canvas.line(_LEFT, y, self.width - _RIGHT, y)
        canvas.restoreState()
        text = self._words("curve.stated", stated=f"{stated:g}", peak=f"{self._peak:g}")
        self._text(self.width - _RIGHT - stringWidth(printable(text), REGULAR, 6.5) - 2, _BOTTOM + 9, text, 6.5, BAD)
