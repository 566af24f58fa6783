"""What a page of a stage is to the shell.

A page is a widget with a few hooks. It gets a :class:`PageContext` and its services from the factory that ``app`` writes into its
:class:`PageSpec`; it never sees the window, other pages or threads::

    class ReceptionPage(Page):
        def __init__(self, context: PageContext, service: Reception) -> None:
            super().__init__(context)
            ...                                     # widgets; page_margins(layout)
            self.retranslate()                      # all texts are set there

        def on_scan(self, code: Code, scan: Scan) -> bool:
            Command(self.context.ops, self, lambda: self._service.scan(code.body, scan)).then(self._show).start()
            return True

        def keys(self) -> tuple[KeyAction, ...]:    # also printed: KeyHints().show_actions(self.keys())
            return (KeyAction("F8", lambda: translate("Reception", "Reject"), self._reject, lambda: self._may_reject),)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from labdesk.domain.codes import Code
from labdesk.domain.people import Role, Session
from labdesk.domain.scans import Scan
from labdesk.domain.sentences import Language
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Ops
from labdesk.ui.sounds import Sounds
from labdesk.ui.theme import mark


@dataclass(frozen=True)
class PageContext:
    """What the shell lends to a page.

    Attributes:
        ops: where work off the main thread runs.
        errors: where errors and notices are shown.
        sounds: the two tones.
        session: who is signed in; only asked while someone is.
        language: the language on screen.
        go: opens another page by id.
    """

    ops: Ops
    errors: ErrorDesk
    sounds: Sounds
    session: Callable[[], Session]
    language: Callable[[], Language]
    go: Callable[[str], None]


@dataclass(frozen=True)
class KeyAction:
    """A key of a page and what it does; the same object is printed as a key hint.

    Attributes:
        key: as QKeySequence writes it: ``F6``, ``Space``, ``J``, ``Ctrl+P``. Single letters act only while nobody types.
        caption: what it does, in the current language.
        act: does it.
        enabled: whether it is possible now; impossible keys are neither shown nor taken.
    """

    key: str
    caption: Callable[[], str]
    act: Callable[[], object]
    enabled: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class PageSpec:
    """An entry of the rail.

    Attributes:
        id: stage name: ``reception``, ``testing``, ``review``, ``reporting``, ``projects``, ``equipment``, ``sync`` ...
        caption: title in the current language.
        icon: in the rail.
        factory: makes the page, the first time it is opened.
        roles: who sees it; empty = everybody who is signed in. An administrator sees every page.
    """

    id: str
    caption: Callable[[], str]
    icon: Icon
    factory: Callable[[PageContext], Page]
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Header:
    """What stands beside the page's title.

    Attributes:
        subtitle: what the page is about now (number of the commission ...).
        hint: one quiet sentence at the right.
        keys: key hints at the right, instead of the sentence.
    """

    subtitle: str = ""
    hint: str = ""
    keys: tuple[KeyAction, ...] = field(default=())


class Page(QWidget):
    """A page. Override the hooks you need.

    Signals:
        header_changed(Header): the line beside the title changed.
        keys_changed(): the set of possible keys changed.
    """

    header_changed = Signal(Header)
    keys_changed = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self._header = Header()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        mark(self, kind="page")

    @property
    def header(self) -> Header:
        """What stands beside the title now."""
        return self._header

    def set_header(self, header: Header) -> None:
        """Changes the line beside the title."""
        self._header = header
        self.header_changed.emit(header)

    def on_shown(self) -> None:
        """The page came to the front: refresh what may be old."""

    def on_left(self) -> None:
        """Another page came to the front."""

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """A code was scanned while this page is in front, or the router opened it for the code. True = taken."""
        del code, scan
        return False

    def keys(self) -> tuple[KeyAction, ...]:
        """The page's keys, in the order they are to be printed."""
        return ()

    def retranslate(self) -> None:
        """Sets all texts anew, in the current language."""

    def handle_key(self, event: QKeyEvent) -> bool:
        """Runs the page's key for ``event``, if it has one that is possible now. The shell calls this for every key that no
        focused field wanted; a held-down key acts once."""
        if event.isAutoRepeat():
            return False
        key = Qt.Key.Key_Return if event.key() == Qt.Key.Key_Enter else Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        pressed = QKeySequence(QKeyCombination(modifiers, key))
        for action in self.keys():
            if QKeySequence(action.key) == pressed and action.enabled():
                action.act()
                return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Retranslates on a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
