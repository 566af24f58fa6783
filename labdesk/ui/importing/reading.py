"""The file on the page: read off the screen's thread, read again under other answers, one of its tests in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from labdesk.domain.imported import ImportedTest
from labdesk.services.imported_runs import FileLook, ImportDesk
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Query
from labdesk.ui.page import PageContext

translate = QCoreApplication.translate


class Reading(QObject):
    """What was read last; a reading that was overtaken changes nothing.

    Signals:
        changed(): another file, other answers or another test.
    """

    changed = Signal()

    def __init__(self, context: PageContext, desk: ImportDesk, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._desk = context, desk
        self.look: FileLook | None = None
        self.place = 0
        self._asked = 0

    @property
    def tests(self) -> tuple[ImportedTest, ...]:
        """The tests of the file; empty while something is asked."""
        return self.look.found.file.tests if self.look is not None and self.look.found is not None else ()

    @property
    def test(self) -> ImportedTest | None:
        """The test in front."""
        return self.tests[min(self.place, len(self.tests) - 1)] if self.tests else None

    def open(self, path: Path) -> None:
        """Reads a file."""
        self.read(lambda: self._desk.open(path), fresh=True)

    def answer(self, answers: Mapping[str, str]) -> None:
        """Reads the same file under other answers."""
        look = self.look
        if look is not None:
            self.read(lambda: self._desk.look(look.name, look.data, answers), fresh=False)

    def next_test(self) -> None:
        """The next test of the file."""
        if self.tests:
            self.place = (self.place + 1) % len(self.tests)
            self.changed.emit()

    def remember(self) -> None:
        """Keeps the answers for files with the same titles."""
        look = self.look
        if look is None:
            return

        def kept(found: FileLook) -> None:
            self._take(found)
            told = translate("Importing", "Columns and units are remembered for files with these titles.")
            self._context.errors.tell(NoticeState.OK, told)

        Query(self._context.ops, self, lambda: self._desk.remember(look)).then(kept).start()

    def read(self, read: Callable[[], FileLook], *, fresh: bool) -> None:
        """Reads somehow; ``fresh``: another file, so its first test comes to the front."""
        self._asked += 1
        number = self._asked

        def taken(look: FileLook) -> None:
            if number == self._asked:
                self.place = 0 if fresh else self.place
                self._take(look)

        def refused(error: Exception) -> None:
            if number == self._asked:
                self.look = None
                self.changed.emit()
            self._context.errors.report(error)

        Query(self._context.ops, self, read).then(taken).otherwise(refused).start()

    def _take(self, look: FileLook) -> None:
        self.look = look
        self.changed.emit()
