"""Type, colours and measures of everything printed, in one place; text is made safe for the bundled font here."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache
from importlib import resources
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

REGULAR = "LabDeskSC"
BOLD = "LabDeskSC-Bold"
INK: Color = HexColor("#16202c")
QUIET: Color = HexColor("#5a6675")
LINE: Color = HexColor("#9aa4b1")
HAIR: Color = HexColor("#d5dae1")
FILL: Color = HexColor("#f3f5f8")
BRAND: Color = HexColor("#1f5fd6")
BAD: Color = HexColor("#b3201f")
GHOST: Color = HexColor("#e4e7ec")
MARGIN = 15 * mm
CHINA = timezone(timedelta(hours=8))
LEFT, CENTER, RIGHT = TA_LEFT, TA_CENTER, TA_RIGHT

# What the bundled font lacks, in other words (see the stack notes on fonts).
_SUBSCRIPTS = {chr(0x2080 + digit): f"<sub rise='1.6' size='6'>{digit}</sub>" for digit in range(10)}
_SUPERSCRIPTS = {"⁰": "<super>0</super>", "⁻": "<super>-</super>"}
_REPLACED = {"⌀": "φ", "✔": "√", "✗": "×", ">=": "≥", "<=": "≤"}
_MISSING = "〓"


@cache
def register_fonts() -> TTFont:
    """Make the bundled fonts known to the PDF writer; returns the regular one."""
    folder = resources.files("labdesk_resources.fonts")
    with (
        resources.as_file(folder / "NotoSansSC_400Regular.ttf") as regular,
        resources.as_file(folder / "NotoSansSC_700Bold.ttf") as bold,
    ):
        font = TTFont(REGULAR, str(regular))
        pdfmetrics.registerFont(font)
        pdfmetrics.registerFont(TTFont(BOLD, str(bold)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return font


def printable(text: str) -> str:
    """``text`` with what the font lacks replaced; a character it cannot show at all becomes a visible ``〓``."""
    for lacking, instead in _REPLACED.items():
        text = text.replace(lacking, instead)
    known = register_fonts().face.charToGlyph
    keep = {*_SUBSCRIPTS, *_SUPERSCRIPTS, "\n"}
    return "".join(ch if ch in keep or ord(ch) in known else _MISSING for ch in text)


def markup(text: str) -> str:
    """``text`` as safe paragraph markup with sub- and superscripts set by rise."""
    safe = escape(printable(text)).replace("\n", "<br/>")
    for character, instead in (_SUBSCRIPTS | _SUPERSCRIPTS).items():
        safe = safe.replace(character, instead)
    return safe


def style(size: float = 8.5, *, bold: bool = False, align: int = LEFT, colour: Color = INK) -> ParagraphStyle:
    """A paragraph style; lines break between Chinese characters."""
    register_fonts()
    return ParagraphStyle(
        f"s{size}{bold}{align}{colour}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.38,
        alignment=align,
        textColor=colour,
        wordWrap="CJK",
        splitLongWords=True,
    )


def paragraph(text: str, look: ParagraphStyle | None = None) -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph(markup(text), look or style())


def local_text(moment: datetime) -> str:
    """A moment as printed: Chinese standard time to the minute."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
