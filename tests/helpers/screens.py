"""Takes pictures of pages as people see them: 1366 x 768, Chinese and English, light and dark.

    QT_QPA_PLATFORM=offscreen python -m tests.helpers.screens OUT_DIR [name ...]

A page author adds a builder to a dict ``SCREENS`` in ``tests/ui/screens_<stage>.py``: name -> function that returns a widget
(built, filled, not yet shown). Every screen is rendered in all four dresses.
"""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from labdesk.domain.sentences import Language
from labdesk.ui import theme
from labdesk.ui.i18n import Languages
from labdesk.ui.tokens import Scheme, Size

Builder = Callable[[], QWidget]


def shoot(widget: QWidget, target: Path, size: tuple[int, int] = (Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)) -> Path:
    """Renders ``widget`` into the PNG ``target``."""
    widget.resize(*size)
    widget.show()
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()
    target.parent.mkdir(parents=True, exist_ok=True)
    if not widget.grab().save(str(target)):
        raise OSError(f"cannot write {target}")
    return target


def shoot_all(screens: Mapping[str, Builder], folder: Path, languages: Languages) -> list[Path]:
    """Every screen in both languages and both schemes: ``<name>-<zh|en>-<light|dark>.png``."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a QApplication is needed")
    made = []
    for language, scheme in itertools.product(Language, Scheme):
        languages.use(language)
        theme.apply(app, scheme)
        for name, build in screens.items():
            widget = build()
            made.append(shoot(widget, folder / f"{name}-{language.value}-{scheme.value}.png"))
            widget.close()
            widget.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return made


def known_screens() -> dict[str, Builder]:
    """The screens of all ``tests/ui/screens_*.py``."""
    found: dict[str, Builder] = {}
    for module in _screen_modules():
        found.update(importlib.import_module(module).SCREENS)
    return found


def _screen_modules() -> Iterator[str]:
    folder = Path(__file__).parents[1] / "ui"
    for path in sorted(folder.glob("screens_*.py")):
        yield f"tests.ui.{path.stem}"


def main(arguments: list[str]) -> int:
    """Writes the pictures; names narrow the choice."""
    folder, names = Path(arguments[0]), arguments[1:]
    app = QApplication.instance() or QApplication([])
    screens = {name: build for name, build in known_screens().items() if not names or name in names}
    for path in shoot_all(screens, folder, Languages(app)):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
