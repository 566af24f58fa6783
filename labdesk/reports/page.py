"""Pages: numbered canvas, footers on every page, blanks for the wet stamps, the watermark of a draft."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from labdesk.reports.style import BOLD, GHOST, HAIR, LINE, MARGIN, QUIET, REGULAR, printable, register_fonts

WIDTH, HEIGHT = A4
BODY = WIDTH - 2 * MARGIN
_BOTTOM = 17 * mm
Decoration = Callable[[Canvas, int, int], None]


class NumberedCanvas(Canvas):  # type: ignore[misc]
    """A canvas that knows the number of pages when it draws what belongs on each."""

    def __init__(self, *args: Any, decorate: Decoration, **options: Any) -> None:
        super().__init__(*args, **options)
        self._decorate = decorate
        self._finished: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Keep the page until the total is known."""
        self._finished.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Decorate all pages and write the file."""
        total = len(self._finished)
        finished = self._finished
        for number, state in enumerate(finished, start=1):
            self.__dict__.update(state)
            self._decorate(self, number, total)
            super().showPage()
        super().save()


def build_pages(
    story: Sequence[Flowable], decorate: Decoration, behind: Callable[[Canvas], None] | None = None
) -> bytes:
    """The story on A4 pages, each decorated with its number and the total; ``behind`` draws below the text."""
    register_fonts()
    out = io.BytesIO()
    document = BaseDocTemplate(out, pagesize=A4, initialFontName=REGULAR)
    frame = Frame(MARGIN, _BOTTOM, BODY, HEIGHT - _BOTTOM - 11 * mm, 0, 0, 0, 0)

    def underlay(page: Canvas, _: Any) -> None:
        if behind is not None:
            behind(page)

    document.addPageTemplates(PageTemplate(frames=[frame], onPage=underlay))

    def canvas(*args: Any, **options: Any) -> NumberedCanvas:
        options |= {"invariant": 1, "pageCompression": 1, "initialFontName": REGULAR}
        return NumberedCanvas(*args, decorate=decorate, **options)

    document.build(list(story), canvasmaker=canvas)
    return out.getvalue()


def footer(canvas: Canvas, left: str, right: str) -> None:
    """The line at the foot: what paper this is on the left, the page on the right."""
    canvas.saveState()
    canvas.setStrokeColor(HAIR)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, 13 * mm, WIDTH - MARGIN, 13 * mm)
    canvas.setFillColor(QUIET)
    canvas.setFont(REGULAR, 7.5)
    canvas.drawString(MARGIN, 9 * mm, printable(left))
    canvas.drawRightString(WIDTH - MARGIN, 9 * mm, printable(right))
    canvas.restoreState()


def cross_page_seal(canvas: Canvas, caption: str) -> None:
    """The blank for the cross-page seal: half an ellipse on the right edge."""
    canvas.saveState()
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.setDash(2, 2)
    canvas.ellipse(WIDTH - 9 * mm, HEIGHT / 2 - 20 * mm, WIDTH + 9 * mm, HEIGHT / 2 + 20 * mm)
    canvas.setFillColor(LINE)
    canvas.setFont(REGULAR, 7)
    for index, character in enumerate(caption):
        canvas.drawCentredString(WIDTH - 4 * mm, HEIGHT / 2 + (len(caption) / 2 - index - 0.8) * 9, character)
    canvas.restoreState()


def watermark(canvas: Canvas, text: str) -> None:
    """A large grey text across the page, for drafts only; drawn first, so that nothing is covered."""
    canvas.saveState()
    canvas.setFillColor(GHOST)
    canvas.setFont(BOLD, 44)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(38)
    for offset in (-80 * mm, 0, 80 * mm):
        canvas.drawCentredString(0, offset, printable(text))
    canvas.restoreState()
