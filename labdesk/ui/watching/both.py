"""Two pages of one stage at one place in the rail; a key changes between them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from labdesk.domain.codes import Code
from labdesk.domain.scans import Scan
from labdesk.ui.page import KeyAction, Page, PageContext
from labdesk.ui.tokens import Space

CHANGE_KEY = "F10"


class BothPages(Page):
    """The first page, and behind :data:`CHANGE_KEY` the second; keys, scans and headers are those of the one in front.

    Args:
        captions: what the key says while the first, and while the second page is in front.
        may: whether the second page may be opened by who is signed in.
    """

    def __init__(
        self,
        context: PageContext,
        pages: tuple[Page, Page],
        captions: tuple[Callable[[], str], Callable[[], str]],
        may: Callable[[], bool],
    ) -> None:
        super().__init__(context)
        self.pages, self._captions, self._may = pages, captions, may
        self._stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        layout.addWidget(self._stack)
        for page in pages:
            self._stack.addWidget(page)
            page.header_changed.connect(self._follow)
            page.keys_changed.connect(self.keys_changed)

    @property
    def front(self) -> Page:
        """The page that is seen."""
        return self.pages[self._stack.currentIndex()]

    def change(self) -> None:
        """The other page comes to the front."""
        self.front.on_left()
        self._stack.setCurrentIndex(1 - self._stack.currentIndex())
        self.front.on_shown()
        self._follow()

    def keys(self) -> tuple[KeyAction, ...]:
        """The keys of the page in front, and the one that changes."""
        at = self._stack.currentIndex()
        return (
            *self.front.keys(),
            KeyAction(CHANGE_KEY, self._captions[at], self.change, lambda: at == 1 or self._may()),
        )

    def on_shown(self) -> None:
        """The page in front is shown."""
        self.front.on_shown()
        self._follow()

    def on_left(self) -> None:
        """The page in front is left."""
        self.front.on_left()

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """The page in front takes it, or nobody."""
        return self.front.on_scan(code, scan)

    def _follow(self, _: object = None) -> None:
        """The header of the page in front, with the key that changes."""
        header = self.front.header
        keys = (*header.keys, self.keys()[-1]) if header.keys else ()
        self.set_header(type(header)(header.subtitle, header.hint, keys))
        self.keys_changed.emit()
