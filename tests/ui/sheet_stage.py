"""The measuring page of a laboratory with lots that are measured by hand: real services on a real database."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from labdesk.domain.commission import LotOrder
from labdesk.domain.people import Person
from labdesk.domain.specimens import Lot
from labdesk.services.lost_runs import LostRuns
from labdesk.storage.database import ensure_schema, open_engine
from labdesk.ui.errors import ErrorDesk, Notice
from labdesk.ui.i18n import language
from labdesk.ui.ops import Ops
from labdesk.ui.page import PageContext
from labdesk.ui.review.page import ReviewPage, ReviewServices
from labdesk.ui.sounds import Sounds
from labdesk.ui.testing.lot_page import LotChoice, LotDeps, LotPage
from tests.helpers.sheetworld import CHECKER, TESTER, SheetWorld, make_sheets, sitting


@dataclass
class SheetStage:
    """Somebody at the materials desk."""

    world: SheetWorld
    ops: Ops
    lots: tuple[Lot, ...]
    notices: list[Notice] = field(default_factory=list)
    pages: list[LotPage] = field(default_factory=list)

    def page(self, number: str = "") -> LotPage:
        """The measuring page with a lot open, or the list of lots."""
        world = self.world
        lost: LostRuns = None  # type: ignore[assignment]  # nothing is loaded here
        deps = LotDeps(world.desk, world.entries, world.evaluating, lost, LotChoice(number), lambda lot: None)
        page = LotPage(self.context(TESTER), deps)
        self.pages.append(page)
        page.on_shown()
        self.settle()
        return page

    def review(self) -> ReviewPage:
        """The review page as the checker has it."""
        services = ReviewServices(self.world.review, self.world.review_desk, self.world.counter.clock)
        page = ReviewPage(self.context(CHECKER), services)
        page.on_shown()
        self.settle()
        return page

    def context(self, who: Person) -> PageContext:
        """What the shell lends."""
        errors = ErrorDesk(language)
        errors.noticed.connect(self.notices.append)
        errors.show_box = lambda text: None
        self.ops.failed.connect(errors.report)
        return PageContext(self.ops, errors, Sounds(enabled=False), lambda: sitting(who), language, lambda page: None)

    def settle(self) -> None:
        """Delivers everything that is under way, and what it causes; a pause of typing is over at once."""
        for _ in range(4):
            QApplication.processEvents()
            while not self.ops.idle:
                QApplication.processEvents()
            for page in self.pages:
                if page.so_far._pause.isActive():
                    page.so_far._pause.stop()
                    page.so_far._ask()
        while not self.ops.idle:
            QApplication.processEvents()
        QApplication.processEvents()

    def close(self) -> None:
        """Destroys the pages at once and closes the database."""
        self.settle()
        for page in self.pages:
            if shiboken6.isValid(page):
                page.close()
                page.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.world.counter.engine.dispose()


def new_sheets(ops: Ops, orders: Sequence[LotOrder], folder: Path | None = None) -> SheetStage:
    """A laboratory on a new database that has received these lots."""
    where = folder or Path(tempfile.mkdtemp(prefix="labdesk-sheets-"))
    engine = open_engine(f"sqlite:///{where / 'labdesk.db'}")
    ensure_schema(engine)
    world = make_sheets(engine)
    return SheetStage(world, ops, world.receive(*orders) if orders else ())


def values_of(lot: Lot, rows: Sequence[Mapping[str, str]], **of_lot: str) -> dict[tuple[str, str], str]:
    """Values by label and name for determinations on the first piece."""
    piece = lot.specimens[0].label
    found = {("", name): text for name, text in of_lot.items()}
    for at, row in enumerate(rows, start=1):
        found |= {(f"{piece}/{at}", name): text for name, text in row.items()}
    return found
