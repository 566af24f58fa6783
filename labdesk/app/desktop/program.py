"""The desktop's start and end: paint the sign-in page first, build the rooms behind it, close in order."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from labdesk.app.desktop.background import Background
from labdesk.app.desktop.crash import catch_everything, log_to
from labdesk.app.desktop.look import read_look, write_look
from labdesk.app.desktop.pages import page_specs
from labdesk.app.desktop.rooms import LazyRooms, LazySetup, LazySignIn, Rooms, build_rooms
from labdesk.app.paths import Home, default_home
from labdesk.app.system import SystemClock
from labdesk.ui import theme
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.fonts import load_fonts
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops, Query
from labdesk.ui.scan_filter import ScanFilter
from labdesk.ui.scan_router import RouterParts, ScanRouter
from labdesk.ui.shell.window import Shell, ShellParts
from labdesk.ui.sounds import Sounds

if TYPE_CHECKING:
    from labdesk.domain.outbox import SyncStatus

_UNSEEN_MS = 1500


@dataclass(frozen=True)
class Desktop:
    """The running desktop."""

    app: QApplication
    shell: Shell
    rooms: LazyRooms
    background: Background
    router: ScanRouter
    filter: ScanFilter
    ops: Ops
    languages: Languages


def make_application() -> QApplication:
    """The one QApplication; without a display Qt draws offscreen."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("LabDesk")
    load_fonts()
    return app


def assemble(app: QApplication, home: Home) -> Desktop:
    """Build the window and everything behind it; nothing heavy is loaded yet."""
    look_file = home.folder / "look.json"
    look = read_look(look_file)
    languages = Languages(app)
    languages.use(look.language)
    theme.apply(app, look.scheme)
    ops, sounds = Ops(), Sounds()
    errors = ErrorDesk(lambda: languages.current)
    held: list[Background] = []

    def on_sync(status: SyncStatus) -> None:
        if held:
            held[0].sync_changed.emit(status)

    rooms = LazyRooms(lambda: build_rooms(home, on_sync))
    shell = Shell(
        ShellParts(
            ops=ops,
            errors=errors,
            sounds=sounds,
            languages=languages,
            sign_in=LazySignIn(rooms),
            setup=LazySetup(rooms),
            pages=page_specs(rooms),
            remember=lambda changed: write_look(look_file, changed),
            ended=lambda: held[0].stop(),
        )
    )
    background = Background(rooms, ops, lambda: shell.work.current_id == "testing")
    held.append(background)
    router = ScanRouter(shell, RouterParts(errors, sounds))
    wedge = ScanFilter(SystemClock())
    app.installEventFilter(wedge)
    wedge.scanned.connect(router.route)
    wedge.cut_short.connect(router.cut_short)
    catch_everything(errors.report)
    return Desktop(app, shell, rooms, background, router, wedge, ops, languages)


class AfterPaint(QObject):
    """Calls ``act`` once, after ``widget`` was first painted; a window that nobody sees (minimised) does not keep it waiting long."""

    def __init__(self, widget: QWidget, act: Callable[[], None]) -> None:
        super().__init__(widget)
        self._act = act
        widget.installEventFilter(self)
        QTimer.singleShot(_UNSEEN_MS, self, self._once)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Waits for the paint event; what follows it in the queue finds the picture on the screen."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._once)
        return False

    def _once(self) -> None:
        act, self._act = self._act, _nothing
        act()


def _nothing() -> None:
    """What is left to do afterwards."""


def open_window(desktop: Desktop) -> None:
    """Show the window; once it is painted, build the rooms behind it."""
    AfterPaint(desktop.shell.sign_in, lambda: _behind(desktop))
    desktop.shell.show()


def _behind(desktop: Desktop) -> None:
    desktop.shell.begin()

    def built(rooms: Rooms) -> None:
        desktop.background.start(rooms, desktop.shell.status)
        desktop.background.listen(rooms.base.config.scanner_ports, desktop.router.submit, rooms.base.clock)

    Query(desktop.ops, desktop.background, desktop.rooms.get).then(built).start()


def run(arguments: Sequence[str]) -> int:
    """Run until the window is closed."""
    parser = argparse.ArgumentParser(prog="labdesk gui", description="The desktop.")
    parser.add_argument("--home", type=Path, help="data folder instead of the usual one")
    options = parser.parse_args(arguments)
    home = Home(options.home) if options.home else default_home()
    home.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log_to(home.logs)
    app = make_application()
    desktop = assemble(app, home)
    open_window(desktop)
    return app.exec()
