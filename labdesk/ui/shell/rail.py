"""The left rail: one entry per stage this person works in; below it help, language, light and dark, sign out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QSizePolicy, QToolButton, QVBoxLayout

from labdesk.ui.icons import Icon, icon
from labdesk.ui.page import PageSpec
from labdesk.ui.theme import colours, mark, scheme
from labdesk.ui.tokens import Scheme, Size, Space
from labdesk.ui.widgets.basics import empty_layout, row

translate = QCoreApplication.translate
HELP = "help"


@dataclass(frozen=True)
class _Entry:
    """A button of the rail, its icon and its texts."""

    button: QToolButton
    icon: Callable[[], Icon]
    caption: Callable[[], str]
    tip: Callable[[], str]


class _RailButton(QToolButton):
    """An entry as tall as the tokens say, and lower where many entries share a small window."""

    def sizeHint(self) -> QSize:
        """The usual height."""
        return QSize(super().sizeHint().width(), Size.RAIL_ITEM)

    def minimumSizeHint(self) -> QSize:
        """Icon and caption still fit."""
        return QSize(Size.RAIL - 2 * Space.S, Size.RAIL_ITEM_LEAST)


class Rail(QFrame):
    """The rail.

    Signals:
        chosen(str): id of the page to open; ``help`` for the help page.
        language_toggled(), scheme_toggled(), sign_out(): the small buttons.
    """

    chosen = Signal(str)
    language_toggled = Signal()
    scheme_toggled = Signal()
    sign_out = Signal()

    def __init__(self) -> None:
        super().__init__()
        mark(self, kind="rail")
        self.setFixedWidth(Size.RAIL)
        self._pages: dict[str, _Entry] = {}
        self._stages = QVBoxLayout()
        self._stages.setSpacing(Space.XS)
        self._group = QButtonGroup(self)
        wordmark = QLabel("LabDesk")
        wordmark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        wordmark.setFixedHeight(Size.ROW + Space.XS)
        mark(wordmark, kind="wordmark")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.S, Space.XS, Space.S, Space.S)
        layout.setSpacing(Space.XS)
        layout.addWidget(wordmark)
        layout.addLayout(self._stages)
        layout.addStretch(1)
        self._help = self._large(lambda: Icon.HELP, lambda: translate("Rail", "Help"), "Ctrl+/")
        self._help.button.clicked.connect(lambda: self.chosen.emit(HELP))
        self._group.addButton(self._help.button)
        layout.addWidget(self._help.button)
        self._small = self._small_buttons()
        layout.addLayout(row(*(entry.button for entry in self._small), gap=Space.NONE))
        self._dress()

    def _small_buttons(self) -> tuple[_Entry, ...]:
        named: tuple[tuple[Callable[[], Icon], Callable[[], str], SignalInstance], ...] = (
            (lambda: Icon.LANGUAGE, lambda: translate("Rail", "Chinese / English"), self.language_toggled),
            (
                lambda: Icon.LIGHT if scheme() is Scheme.DARK else Icon.DARK,
                lambda: translate("Rail", "Light / dark"),
                self.scheme_toggled,
            ),
            (lambda: Icon.SIGN_OUT, lambda: translate("Rail", "Sign out"), self.sign_out),
        )
        made = []
        for name, tip, signal in named:
            button = QToolButton()
            mark(button, kind="railItem")
            button.setFixedSize((Size.RAIL - 2 * Space.S) // len(named), Size.ROW - Space.S)
            button.setIconSize(QSize(Size.ICON, Size.ICON))
            button.clicked.connect(signal.emit)
            made.append(_Entry(button, name, lambda: "", tip))
        return tuple(made)

    def show_pages(self, specs: Sequence[PageSpec]) -> None:
        """Shows the entries of these pages, with Ctrl+1 to Ctrl+9 as their keys."""
        for entry in self._pages.values():
            self._group.removeButton(entry.button)
        empty_layout(self._stages)
        self._pages = {}
        for number, spec in enumerate(specs, start=1):
            entry = self._large(partial(_icon_of, spec), spec.caption, f"Ctrl+{number}" if number < 10 else "")
            entry.button.clicked.connect(partial(self._choose, spec.id))
            self._group.addButton(entry.button)
            self._stages.addWidget(entry.button)
            self._pages[spec.id] = entry
        self._dress()

    def mark_current(self, page_id: str) -> None:
        """Highlights the open page."""
        entry = self._help if page_id == HELP else self._pages.get(page_id)
        if entry is not None:
            entry.button.setChecked(True)

    def _choose(self, page_id: str, checked: bool = False) -> None:
        del checked
        self.chosen.emit(page_id)

    def help_caption(self) -> str:
        """Title of the help page."""
        return self._help.caption()

    def _large(self, name: Callable[[], Icon], caption: Callable[[], str], key: str) -> _Entry:
        button = _RailButton()
        mark(button, kind="railItem")
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(Size.RAIL_ICON, Size.RAIL_ICON))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        button.setMaximumHeight(Size.RAIL_ITEM)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return _Entry(button, name, caption, lambda: f"{caption()}  {key}".strip())

    def _dress(self) -> None:
        for entry in (*self._pages.values(), self._help, *self._small):
            entry.button.setText(entry.caption())
            entry.button.setToolTip(entry.tip())
            entry.button.setAccessibleName(entry.tip())
            entry.button.setIcon(icon(entry.icon(), Size.RAIL_ICON, colours().on_rail_active))

    def changeEvent(self, event: QEvent) -> None:
        """Captions follow the language, icons the scheme."""
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.StyleChange) and hasattr(self, "_small"):
            self._dress()
        super().changeEvent(event)


def _icon_of(spec: PageSpec) -> Icon:
    return spec.icon
