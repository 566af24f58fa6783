"""A desktop that is as busy as a desktop gets; run by ``benchmarks.capture_with_desktop`` as a process of its own.

``python -m benchmarks.busy_desktop HOME``: signed in on the bench page, it moves and resizes its window sixty times a second, renders
a report of a rebar lot again and again on a reading thread, and its event loop is blocked for 5 s once, until a line arrives on
standard input; then it prints what it did.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, QTimer

from labdesk.app.demo import people
from labdesk.app.desktop.program import Desktop, assemble, make_application, open_window
from labdesk.app.paths import Home
from labdesk.reports.renderer import PdfRenderer
from labdesk.ui.ops import Query
from tests.helpers.reportworld import rebar

_FRAME_MS = 16
_BLOCK_AFTER_MS, _BLOCKED_S = 1000, 5.0


@dataclass
class Shaker:
    """Moves, resizes and prints; counts both."""

    desktop: Desktop
    moves: int = 0
    reports: int = 0
    blocked_s: float = 0.0

    def move(self) -> None:
        """One step of a window dragged about and resized."""
        self.moves += 1
        phase = self.moves % 120
        swing = phase if phase < 60 else 120 - phase
        shell = self.desktop.shell
        shell.move(10 + swing * 2, 10 + swing)
        shell.resize(shell.minimumWidth() + 20 + swing * 3, shell.minimumHeight() + 20 + swing)

    def block(self) -> None:
        """The event loop stands still, as when a printer driver hangs."""
        time.sleep(_BLOCKED_S)
        self.blocked_s += _BLOCKED_S

    def print_report(self) -> None:
        """One report, and after it the next."""
        document, renderer = rebar(), PdfRenderer()
        Query(self.desktop.ops, self.desktop.background, lambda: renderer.report(document)).then(self._printed).start()

    def _printed(self, pdf: bytes) -> None:
        assert pdf.startswith(b"%PDF-")
        self.reports += 1
        self.print_report()


def main() -> int:
    """Until told to end."""
    app = make_application()
    desktop = assemble(app, Home(Path(sys.argv[1])))
    shaker = Shaker(desktop)
    timer = QTimer(desktop.background, interval=_FRAME_MS)
    timer.timeout.connect(shaker.move)

    def begin() -> None:
        rooms = desktop.rooms.built
        if rooms is None:
            QTimer.singleShot(50, desktop.background, begin)
            return
        who = people.TESTER
        desktop.shell.sign_in.signed_in.emit(rooms.people.sign_in.by_badge(who.badge, who.pin))
        desktop.shell.work.open("testing")
        timer.start()
        shaker.print_report()
        QTimer.singleShot(_BLOCK_AFTER_MS, desktop.background, shaker.block)
        sys.stdout.write("busy\n")
        sys.stdout.flush()

    def end() -> None:
        done = {
            "moves": shaker.moves,
            "reports": shaker.reports,
            "blocked_s": shaker.blocked_s,
            "page": desktop.shell.work.current_id,
        }
        sys.stdout.write(json.dumps(done) + "\n")
        sys.stdout.flush()
        desktop.shell.close()
        app.quit()

    ending = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, desktop.background)
    ending.activated.connect(end)
    open_window(desktop)
    QTimer.singleShot(0, desktop.background, begin)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
