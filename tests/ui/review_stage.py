"""Review, reports and sync on a real database, each page below its header as the shell shows it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from sqlalchemy import Engine

from labdesk.domain.people import Person
from labdesk.storage.database import ensure_schema, open_engine
from labdesk.ui.errors import ErrorDesk, Notice
from labdesk.ui.i18n import language
from labdesk.ui.ops import Ops
from labdesk.ui.page import Page, PageContext
from labdesk.ui.shell.header import HeaderLine
from labdesk.ui.sounds import Sounds
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size
from tests.helpers import reviewworld
from tests.helpers.reviewworld import ReviewWorld, make_world, session
from tests.ui.fakes import settle


def picture() -> bytes:
    """A picture that can be shown."""
    image = QImage(160, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("#8fa0b3"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


@dataclass
class Stage:
    """A page with what it works on; ``told`` are the notices it gave."""

    made: ReviewWorld
    context: PageContext
    ops: Ops
    told: list[Notice]
    who: Person
    kept: list[QWidget] = field(default_factory=list)

    def settle(self) -> None:
        """Waits until nothing is read, written or delivered any more."""
        settle(self.ops)


def stage(engine: Engine, who: Person, ops: Ops | None = None) -> Stage:
    """A world and a context for ``who``."""
    reviewworld.PHOTO = picture()
    made = make_world(engine)
    ops = ops or Ops()
    errors = ErrorDesk(language)
    told: list[Notice] = []
    errors.noticed.connect(told.append)
    found = Stage(made, None, ops, told, who)  # type: ignore[arg-type]
    found.context = PageContext(
        ops, errors, Sounds(enabled=False), lambda: session(found.who), language, lambda page_id: None
    )
    return found


def temporary_engine() -> Engine:
    """A database for a picture; gone when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix="labdesk-screens-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = open_engine(f"sqlite:///{folder / 'labdesk.db'}")
    ensure_schema(engine)
    return engine


def below_header(page: Page, title: Callable[[], str]) -> QWidget:
    """The page below its header, with the room that rail and status bar take."""
    whole = QWidget()
    mark(whole, kind="page")
    header = HeaderLine()
    header.show_header(title(), page.header)
    page.header_changed.connect(lambda shown: header.show_header(title(), shown))
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(Size.RAIL, 0, 0, Size.STATUS_BAR)
    layout.setSpacing(0)
    layout.addWidget(header)
    layout.addWidget(page, 1)
    whole.resize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
    whole.show()
    QApplication.processEvents()
    return whole
