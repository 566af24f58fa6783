"""The window: sign-in, first start and work, one at a time; keys that work everywhere; the end of all threads on closing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from labdesk.domain.codes import Code
from labdesk.domain.errors import BugError
from labdesk.domain.people import Session
from labdesk.domain.people_ports import Setup, SignIn
from labdesk.domain.scans import Scan
from labdesk.domain.sentences import Language
from labdesk.ui import theme
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops, Query
from labdesk.ui.page import PageContext, PageSpec
from labdesk.ui.people.poster import Poster
from labdesk.ui.people.sign_in import SignInPage
from labdesk.ui.shell.notices import NoticeStack
from labdesk.ui.sounds import Sounds
from labdesk.ui.tokens import Scheme, Size

if TYPE_CHECKING:
    from labdesk.ui.people.first_start import FirstStart
    from labdesk.ui.shell.rail import Rail
    from labdesk.ui.shell.status_bar import StatusLine
    from labdesk.ui.shell.work_area import WorkArea


@dataclass(frozen=True)
class Look:
    """What a workstation remembers about the screen."""

    language: Language = Language.ZH
    scheme: Scheme = Scheme.LIGHT


@dataclass(frozen=True)
class ShellParts:
    """What the window is made of; ``app`` puts it together.

    Attributes:
        ops, errors, sounds: shared with the pages.
        languages: the installed translators.
        sign_in, setup: services; they are first touched after the sign-in page was painted.
        pages: entries of the rail, in order.
        remember: keeps the look for the next start.
        ended: called once, after the last thread of the screen has ended.
    """

    ops: Ops
    errors: ErrorDesk
    sounds: Sounds
    languages: Languages
    sign_in: SignIn
    setup: Setup
    pages: tuple[PageSpec, ...]
    remember: Callable[[Look], None] = lambda look: None
    ended: Callable[[], None] = lambda: None


class Shell(QMainWindow):
    """The window. It is also where the scan router delivers (:class:`labdesk.ui.scan_router.Destinations`).

    Signals:
        session_changed(object): a Session, or None after signing out.
    """

    session_changed = Signal(object)

    def __init__(self, parts: ShellParts) -> None:
        super().__init__()
        self._parts = parts
        self._session: Session | None = None
        self._closed = False
        self.setWindowTitle("LabDesk")
        self.setMinimumSize(Size.WINDOW_MIN_WIDTH, Size.WINDOW_MIN_HEIGHT)
        self.resize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
        self.sign_in = SignInPage(parts.sign_in, parts.ops, parts.errors)
        self.first_start: FirstStart | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.sign_in)
        self.setCentralWidget(self._stack)
        self._notices = NoticeStack(self._stack)
        self.sign_in.signed_in.connect(self._on_signed_in)
        self.sign_in.left.connect(lambda: self._stack.setCurrentWidget(self.work) if self._session else None)
        parts.errors.noticed.connect(lambda notice: self._visible_notices().show_notice(notice))
        parts.ops.failed.connect(parts.errors.report)
        _connect_switches(self, self.sign_in.poster)
        self._global_keys()
        self.sign_in.ask_badge()

    @cached_property
    def work(self) -> WorkArea:
        """The signed-in screen; made after the sign-in page was painted."""
        from labdesk.ui.shell.work_area import WorkArea  # late, for a quick first paint

        made = WorkArea(self._parts.pages, _context(self, self._parts))
        _connect_switches(self, made.rail)
        made.rail.sign_out.connect(self.sign_out)
        self._stack.addWidget(made)
        return made

    def begin(self) -> None:
        """Call once the window is painted: asks whether this is a first start, and who was here last."""
        Query(self._parts.ops, self, self._parts.setup.needed).then(self._on_setup_needed).start()
        Query(self._parts.ops, self, self._parts.sounds.prepare).start()

    @property
    def status(self) -> StatusLine:
        """The status bar, fed by ``app``."""
        return self.work.status

    def session(self) -> Session:
        """Who is signed in.

        Raises:
            BugError: nobody is; pages only exist while somebody is.
        """
        if self._session is None:
            raise BugError("shell.no_session")
        return self._session

    def sign_out(self) -> None:
        """Ends the session and forgets all pages."""
        self._session = None
        self.work.forget_pages()
        self._stack.setCurrentWidget(self.sign_in)
        self.sign_in.ask_badge()
        self.sign_in.load_recent()
        self.session_changed.emit(None)

    def toggle_language(self) -> None:
        """Chinese to English and back."""
        now = self._parts.languages.current
        self._parts.languages.use(Language.EN if now is Language.ZH else Language.ZH)
        self._parts.remember(Look(self._parts.languages.current, theme.scheme()))

    def toggle_scheme(self) -> None:
        """Light to dark and back."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, Scheme.LIGHT if theme.scheme() is Scheme.DARK else Scheme.DARK)
        self._parts.remember(Look(self._parts.languages.current, theme.scheme()))

    def signed_in(self) -> bool:
        """Whether somebody is signed in and at work (not on the sign-in page)."""
        return self._session is not None and self._stack.currentWidget() is self.work

    def take_badge(self, badge: str) -> None:
        """A badge: fills the first start, or begins to sign in or to switch."""
        if self.first_start is not None:
            self.first_start.take_badge(badge)
            return
        self._stack.setCurrentWidget(self.sign_in)
        self.sign_in.take_badge(badge)

    def offer_to_current(self, code: Code, scan: Scan) -> bool:
        """Gives a code to the page in front."""
        return self.work.offer_to_current(code, scan)

    def offer_to_page(self, page_id: str, code: Code, scan: Scan) -> bool:
        """Opens a page and gives it a code."""
        return self.work.offer_to_page(page_id, code, scan)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no field wanted end here, also when the field that had the focus is gone: they are the page's."""
        if not (self.signed_in() and self.work.handle_key(event)):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Finishes every command, joins all threads, then closes."""
        if not self._closed:
            self._closed = True
            self._parts.ops.close()
            self._parts.sounds.close()
            self._parts.ended()
        super().closeEvent(event)

    def _global_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+/": partial(self._if_signed_in, lambda: self.work.open_help()),
            "Ctrl+L": self.toggle_language,
            "Ctrl+D": self.toggle_scheme,
            "Ctrl+Q": partial(self._if_signed_in, self.sign_out),
        }
        for number in range(1, 10):
            keys[f"Ctrl+{number}"] = partial(self._if_signed_in, partial(_open_nth, self, number - 1))
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(act)

    def _if_signed_in(self, act: Callable[[], object]) -> None:
        if self.signed_in():
            act()

    def _on_setup_needed(self, needed: bool) -> None:
        if not needed:
            self.sign_in.load_recent()
            return
        from labdesk.ui.people.first_start import FirstStart  # late, it is needed once in the life of a laboratory

        self.first_start = FirstStart(self._parts.setup, self._parts.ops, self._parts.errors)
        self.first_start.created.connect(self._on_created)
        _connect_switches(self, self.first_start.poster)
        self._stack.addWidget(self.first_start)
        self._stack.setCurrentWidget(self.first_start)

    def _on_created(self) -> None:
        if self.first_start is not None:
            self._stack.removeWidget(self.first_start)
            self.first_start.deleteLater()
            self.first_start = None
        self._stack.setCurrentWidget(self.sign_in)
        self.sign_in.ask_badge()
        self.sign_in.load_recent()

    def _on_signed_in(self, session: Session) -> None:
        self._session = session
        self.status.show_session(session)
        self._stack.setCurrentWidget(self.work)
        self.work.admit(session.person)
        self.session_changed.emit(session)

    def _visible_notices(self) -> NoticeStack:
        return self.work.notices if self._stack.currentWidget() is self.work else self._notices


def _connect_switches(shell: Shell, where: Rail | Poster) -> None:
    where.language_toggled.connect(shell.toggle_language)
    where.scheme_toggled.connect(shell.toggle_scheme)


def _open_nth(shell: Shell, index: int) -> None:
    if index < len(shell.work.allowed):
        shell.work.open(shell.work.allowed[index].id)


def _context(shell: Shell, parts: ShellParts) -> PageContext:
    def go(page_id: str) -> None:
        shell.work.open(page_id)

    return PageContext(
        ops=parts.ops,
        errors=parts.errors,
        sounds=parts.sounds,
        session=shell.session,
        language=lambda: parts.languages.current,
        go=go,
    )
