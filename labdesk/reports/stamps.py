"""Blanks for wet stamps: where they go, drawn so lightly that the stamp wins."""

from __future__ import annotations

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from labdesk.reports.style import LINE, REGULAR, printable


class StampBlank(Flowable):  # type: ignore[misc]
    """A dashed outline with its caption, rectangular or ``round_``."""

    def __init__(
        self, width: float, height: float, caption: str, *, round_: bool = False, align: str = "CENTER"
    ) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.hAlign = align
        self._lines = printable(caption).split("|")
        self._round = round_

    def wrap(self, *_: float) -> tuple[float, float]:
        """Its fixed size."""
        return self.width, self.height

    def draw(self) -> None:
        """Outline and caption."""
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.setDash(2, 2)
        if self._round:
            canvas.ellipse(0, 0, self.width, self.height)
        else:
            canvas.roundRect(0, 0, self.width, self.height, 3)
        canvas.setFillColor(LINE)
        size = 7.5
        canvas.setFont(REGULAR, size)
        top = self.height / 2 + (len(self._lines) - 1) * size * 0.65 - size * 0.35
        for index, line in enumerate(self._lines):
            x = (self.width - stringWidth(line, REGULAR, size)) / 2
            canvas.drawString(x, top - index * size * 1.3, line)
        canvas.restoreState()
