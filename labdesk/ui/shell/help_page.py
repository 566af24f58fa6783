"""Help: the keys of the page you came from, the keys that work everywhere, and what to do when something is stuck."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from labdesk.ui.page import KeyAction, Page, PageContext, PageSpec
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import Card, label, page_margins, wrapped
from labdesk.ui.widgets.key_hints import KeyHints

translate = QCoreApplication.translate


def _advice() -> tuple[tuple[str, str], ...]:
    return (
        (
            translate("Help", "Nothing happens when I scan"),
            translate(
                "Help",
                "The LabDesk window must be in front. If the status bar says Scanner lost, unplug the scanner and plug it in"
                " again; work continues by itself.",
            ),
        ),
        (
            translate("Help", "I am told that the scan is incomplete"),
            translate(
                "Help",
                "A Chinese input method swallowed characters. Switch to an English keyboard (Shift) and scan again, or connect"
                " the scanner as a serial device, where this cannot happen.",
            ),
        ),
        (
            translate("Help", "The platform is offline"),
            translate(
                "Help",
                "Go on working. Everything waits safely on this computer and is sent by itself; the status bar shows how much"
                " waits.",
            ),
        ),
        (
            translate("Help", "The program or the power failed during a test"),
            translate(
                "Help",
                "Start LabDesk again and scan the specimen: the samples captured so far were kept. Do not load it again"
                " before the page says what to do.",
            ),
        ),
        (
            translate("Help", "Somebody else continues here"),
            translate("Help", "Scan the other badge on any page and type the PIN. The page stays as it is."),
        ),
    )


class HelpPage(Page):
    """The help page."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._page_keys: tuple[KeyAction, ...] = ()
        self._pages: tuple[PageSpec, ...] = ()
        self._here, self._everywhere = Card(), Card()
        self._here_hints, self._everywhere_hints = KeyHints(columns=1), KeyHints(columns=1)
        self._here.body.addWidget(self._here_hints)
        self._everywhere.body.addWidget(self._everywhere_hints)
        self._advice = Card()
        self._texts = [(label(role="strong"), wrapped(role="quiet")) for _ in _advice()]
        for title, text in self._texts:
            self._advice.body.addWidget(title)
            self._advice.body.addWidget(text)
            self._advice.body.addSpacing(Space.S)
        self._advice.body.addStretch(1)
        side = QVBoxLayout()
        side.setSpacing(Space.L)
        side.addWidget(self._here)
        side.addWidget(self._everywhere)
        side.addStretch(1)
        outer = QHBoxLayout(self)
        page_margins(outer)
        outer.addWidget(self._advice, 3)
        outer.addLayout(side, 2)
        self.retranslate()

    def show_keys(self, page_keys: Sequence[KeyAction], pages: Sequence[PageSpec]) -> None:
        """Keys of the page that was in front, and the pages of this person."""
        self._page_keys, self._pages = tuple(page_keys), tuple(pages)
        self.retranslate()

    def retranslate(self) -> None:
        """Sets all texts."""
        self._here.set_title(translate("Help", "Keys of the page before"))
        self._here.setVisible(bool(self._page_keys))
        self._here_hints.show_actions(self._page_keys)
        self._everywhere.set_title(translate("Help", "Keys everywhere"))
        self._everywhere_hints.show_actions(self._global_keys())
        self._advice.set_title(translate("Help", "What to do when …"))
        for (title, text), (question, answer) in zip(self._texts, _advice(), strict=True):
            title.setText(question)
            text.setText(answer)

    def _global_keys(self) -> tuple[KeyAction, ...]:
        def shown(key: str, caption: Callable[[], str]) -> KeyAction:
            return KeyAction(key, caption, lambda: None)

        pages = [shown(f"Ctrl+{number}", spec.caption) for number, spec in enumerate(self._pages[:9], start=1)]
        return (
            *pages,
            shown("Ctrl+/", lambda: translate("Help", "This help")),
            shown("Ctrl+L", lambda: translate("Help", "Chinese / English")),
            shown("Ctrl+D", lambda: translate("Help", "Light / dark")),
            shown("Ctrl+Q", lambda: translate("Help", "Sign out")),
        )
