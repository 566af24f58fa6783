"""The signed-in screen: rail, header, the open page, status bar. Pages are made the first time they are opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.codes import Code
from labdesk.domain.people import Person, Role
from labdesk.domain.scans import Scan
from labdesk.ui.page import Header, Page, PageContext, PageSpec
from labdesk.ui.shell.header import HeaderLine
from labdesk.ui.shell.help_page import HelpPage
from labdesk.ui.shell.notices import NoticeStack
from labdesk.ui.shell.rail import HELP, Rail
from labdesk.ui.shell.status_bar import StatusLine
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Space


class WorkArea(QWidget):
    """Everything a signed-in person sees."""

    def __init__(self, specs: Sequence[PageSpec], context: PageContext) -> None:
        super().__init__()
        mark(self, kind="page")
        self._specs = tuple(specs)
        self._context = context
        self._allowed: tuple[PageSpec, ...] = ()
        self._pages: dict[str, Page] = {}
        self._current = ""
        self.rail, self.header, self.status = Rail(), HeaderLine(), StatusLine()
        self.stack = QStackedWidget()
        self._build()
        self.notices = NoticeStack(self.stack)
        self.rail.chosen.connect(self.open)

    def _build(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(Space.NONE)
        right.addWidget(self.header)
        right.addWidget(self.stack, 1)
        right.addWidget(self.status)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        outer.setSpacing(Space.NONE)
        outer.addWidget(self.rail)
        outer.addLayout(right, 1)

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self._pages.get(self._current)

    @property
    def current_id(self) -> str:
        """Id of the page in front."""
        return self._current

    @property
    def allowed(self) -> tuple[PageSpec, ...]:
        """The pages of the person who is signed in, in the rail's order."""
        return self._allowed

    def admit(self, person: Person) -> None:
        """Shows the pages of a person. The page in front stays, if this person may see it."""
        self._allowed = tuple(spec for spec in self._specs if _may_see(person, spec))
        self.rail.show_pages(self._allowed)
        ids = [spec.id for spec in self._allowed]
        if self._current not in ids and ids:
            self.open(ids[0])
        elif self._current:
            self.open(self._current)

    def forget_pages(self) -> None:
        """Destroys all pages; the next person begins afresh."""
        self._current = ""
        self.notices.clear()
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages = {}

    def open(self, page_id: str) -> bool:
        """Brings a page to the front; False where this person has no such page."""
        spec = next((spec for spec in self._allowed if spec.id == page_id), None)
        if spec is None and page_id != HELP:
            return False
        before = self.page
        if page_id not in self._pages:
            page = HelpPage(self._context) if spec is None else spec.factory(self._context)
            page.header_changed.connect(lambda _, shown=page_id: self._write_header(shown))
            self._pages[page_id] = page
            self.stack.addWidget(page)
        page = self._pages[page_id]
        if isinstance(page, HelpPage):
            page.show_keys(before.keys() if before is not None and before is not page else (), self._allowed)
        self._current = page_id
        self.stack.setCurrentWidget(page)
        if before is not None and before is not page:
            before.on_left()
        self.rail.mark_current(page_id)
        self._write_header(page_id)
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        page.on_shown()
        return True

    def open_help(self) -> None:
        """Brings the help page to the front."""
        self.open(HELP)

    def offer_to_current(self, code: Code, scan: Scan) -> bool:
        """Gives a code to the page in front."""
        page = self.page
        return page is not None and page.on_scan(code, scan)

    def offer_to_page(self, page_id: str, code: Code, scan: Scan) -> bool:
        """Opens a page and gives it a code; a page that is in front already is only asked."""
        if page_id != self._current and not self.open(page_id):
            return False
        return self.offer_to_current(code, scan)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Gives a key that no field wanted to the page in front; True = it acted."""
        page = self.page
        return page is not None and page.handle_key(event)

    def changeEvent(self, event: QEvent) -> None:
        """The header follows the language."""
        if event.type() == QEvent.Type.LanguageChange and self._current:
            self._write_header(self._current)
        super().changeEvent(event)

    def _write_header(self, page_id: str) -> None:
        if page_id != self._current:
            return
        page = self.page
        spec = next((spec for spec in self._allowed if spec.id == page_id), None)
        title = spec.caption() if spec is not None else self.rail.help_caption()
        self.header.show_header(title, page.header if page is not None else Header())


def _may_see(person: Person, spec: PageSpec) -> bool:
    return person.may(Role.ADMINISTRATOR) or not spec.roles or any(person.may(role) for role in spec.roles)
