"""One start up to the first painted window; run by ``benchmarks.cold_start`` as a process of its own. Imports nothing before it must.

``python -m benchmarks.first_paint bare`` or ``... labdesk HOME``: prints one line when the window has been painted, and ends.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def end_when_painted(widget: QWidget) -> object:
    """Write a line and end the process once ``widget`` was painted and the system has its picture; returns what watches it."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Watch(QObject):
        """Sees the first paint event."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if watched is widget and event.type() == QEvent.Type.Paint:
                widget.removeEventFilter(self)
                QTimer.singleShot(0, self, end)
            return False

    def end() -> None:
        os.write(1, b"painted\n")
        os._exit(0)

    watch = Watch()
    widget.installEventFilter(watch)
    return watch


def bare() -> int:
    """The least that any program with PySide6 does: one window with a label."""
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    app = QApplication(["bare"])
    window, label = QMainWindow(), QLabel("LabDesk")
    window.resize(1280, 800)
    window.setCentralWidget(label)
    watch = end_when_painted(label)
    window.show()
    code = app.exec()
    del watch
    return code


def main(arguments: list[str]) -> int:
    """Stands for ``labdesk.app.desktop.main`` where the command is started: the same, up to the painted sign-in page."""
    return labdesk(Path(arguments[0]))


def labdesk(home: Path) -> int:
    """What ``python -m labdesk.app.desktop`` does, up to the painted sign-in page."""
    from labdesk.app.desktop.crash import log_to
    from labdesk.app.desktop.program import assemble, make_application, open_window
    from labdesk.app.paths import Home

    log_to(Home(home).logs)
    app = make_application()
    desktop = assemble(app, Home(home))
    watch = end_when_painted(desktop.shell.sign_in)
    open_window(desktop)
    code = app.exec()
    del watch
    return code


if __name__ == "__main__":
    if hasattr(signal, "alarm"):
        signal.alarm(120)  # a window that never paints ends too
    sys.exit(bare() if sys.argv[1] == "bare" else labdesk(Path(sys.argv[2])))
