"""Icons of the Remix set that qtawesome ships, tinted with tokens and sharp at any scale.

Only qtawesome's font and map are used: importing its code takes 0.3 s (twelve fonts, qtpy, OpenGL) before the sign-in page could
be painted.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap

from labdesk.domain.errors import EnvironmentFault


class Icon(StrEnum):
    """The icons in use, by meaning; the value is the name in the Remix set."""

    RECEPTION = "qr-scan-2-line"
    TESTING = "pulse-line"
    CURVES = "line-chart-line"
    REVIEW = "check-double-line"
    REPORTING = "file-list-3-line"
    PROJECTS = "building-2-line"
    EQUIPMENT = "tools-line"
    PEOPLE = "team-line"
    METHODS = "book-open-line"
    INSPECTIONS = "search-eye-line"
    SYNC = "refresh-line"
    HELP = "question-line"
    SIGN_OUT = "logout-box-r-line"
    LIGHT = "sun-line"
    DARK = "moon-line"
    LANGUAGE = "translate-2"
    OK = "check-fill"
    BAD = "close-fill"
    HOLD = "pause-fill"
    VERDICT_OK = "checkbox-circle-fill"
    VERDICT_BAD = "close-circle-fill"
    VERDICT_HOLD = "pause-circle-fill"
    WARN = "alert-line"
    INFO = "information-line"
    CLOSE = "close-line"
    BADGE = "profile-line"
    LOCK = "lock-2-line"
    USER = "user-3-line"
    SCANNER = "barcode-box-line"
    CAMERA = "camera-line"
    PHOTO_MISSING = "image-line"
    INBOX = "inbox-line"
    ARROW = "arrow-right-line"
    BACK = "arrow-left-line"
    BACKSPACE = "delete-back-2-line"
    LABORATORY = "flask-line"
    CLOCK = "time-line"
    PRINT = "printer-line"
    EDIT = "edit-2-line"
    DOWNLOAD = "download-2-line"
    PLATFORM = "cloud-line"
    PLATFORM_OFF = "cloud-off-line"
    SHIELD = "shield-check-line"
    RULER = "ruler-line"
    NEXT = "arrow-right-s-line"
    FOLDER = "folder-3-line"
    LINK = "links-line"
    STOP = "stop-circle-line"
    PLAY = "play-circle-line"


@cache
def _glyphs() -> dict[str, str]:
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise EnvironmentFault("shell.icons_missing")
    charmaps = sorted((Path(spec.origin).parent / "fonts").glob("remixicon-charmap-*.json"))
    if not charmaps:
        raise EnvironmentFault("shell.icons_missing")
    found: dict[str, str] = json.loads(charmaps[-1].read_text(encoding="utf-8"))
    return {name: chr(int(code, 16)) for name, code in found.items()}


def _family() -> str:
    family = "remixicon"
    if family not in QFontDatabase.families():
        spec = find_spec("qtawesome")
        files = sorted((Path(str(spec and spec.origin)).parent / "fonts").glob("remixicon-[0-9]*.ttf"))
        if not files or QFontDatabase.addApplicationFont(str(files[-1])) < 0:
            raise EnvironmentFault("shell.icons_missing")
    return family


def paint_icon(painter: QPainter, icon: Icon, box: QRectF, colour: str) -> None:
    """Draws ``icon`` centred in ``box`` as text, so that it is sharp at any scale."""
    glyph_font = QFont(_family())
    glyph_font.setPixelSize(max(1, round(min(box.width(), box.height()))))
    painter.save()
    painter.setFont(glyph_font)
    painter.setPen(QColor(colour))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _glyphs()[icon.value])
    painter.restore()


def pixmap(icon: Icon, size: int, colour: str, ratio: float = 2.0) -> QPixmap:
    """``icon`` as a picture of ``size`` device-independent pixels."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_icon(painter, icon, QRectF(0, 0, size, size), colour)
    painter.end()
    return picture


def icon(name: Icon, size: int, colour: str) -> QIcon:
    """``name`` for a button."""
    made = QIcon()
    made.addPixmap(pixmap(name, size, colour))
    made.actualSize(QSize(size, size))
    return made
