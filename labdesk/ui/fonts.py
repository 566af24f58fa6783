"""Loads the bundled typeface; the screen never depends on what a PC happens to have installed."""

from __future__ import annotations

from importlib import resources

from PySide6.QtGui import QFont, QFontDatabase

from labdesk.domain.errors import EnvironmentFault
from labdesk.ui.tokens import FONT_FAMILY, TypeSize

_FILES = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf")


def load_fonts() -> None:
    """Registers Noto Sans SC regular and bold; doing it twice is harmless.

    Raises:
        EnvironmentFault: ``shell.font_missing`` where a file is gone or unreadable.
    """
    if FONT_FAMILY in QFontDatabase.families():
        return
    folder = resources.files("labdesk_resources.fonts")
    for name in _FILES:
        with resources.as_file(folder / name) as path:
            if QFontDatabase.addApplicationFont(str(path)) < 0:
                raise EnvironmentFault("shell.font_missing", file=name)


def font(size: TypeSize, *, bold: bool = False) -> QFont:
    """The typeface at a step of the type scale. Its digits are tabular as they are."""
    made = QFont(FONT_FAMILY)
    made.setPixelSize(size)
    made.setBold(bold)
    return made
