"""The verdict banner: seen from two metres by colour, icon and word, and said why with both values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from labdesk.ui.icons import Icon, pixmap
from labdesk.ui.theme import colours, mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, column, empty_layout, label
from labdesk.ui.widgets.key_hints import key_text


class VerdictState(StrEnum):
    """The four faces of the banner."""

    MATCH = "match"
    MISMATCH = "mismatch"
    HOLD = "hold"
    INFO = "info"


_ICONS = {
    VerdictState.MATCH: Icon.VERDICT_OK,
    VerdictState.MISMATCH: Icon.VERDICT_BAD,
    VerdictState.HOLD: Icon.VERDICT_HOLD,
    VerdictState.INFO: Icon.RECEPTION,
}


@dataclass(frozen=True)
class Compared:
    """One side of a comparison: ``label`` quiet, ``value`` bold, ``detail`` in brackets."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Count:
    """How far the work is: ``3 / 6`` with a caption."""

    done: int
    total: int
    caption: str


@dataclass(frozen=True)
class BannerAction:
    """A button of the banner with its key cap. The key itself works through the page's :class:`KeyAction`."""

    caption: str
    key: str
    act: Callable[[], object]


@dataclass(frozen=True)
class Verdict:
    """What the banner shows.

    Attributes:
        state: colour and icon.
        word: the verdict, one short line.
        reason: one line below it; left out where ``compared`` says it all.
        compared: both values of the differing field: expected first, scanned second.
        count: the counter at the right.
        actions: at most two; the first is the main one.
    """

    state: VerdictState
    word: str
    reason: str = ""
    compared: tuple[Compared, ...] = ()
    count: Count | None = None
    actions: tuple[BannerAction, ...] = ()


class VerdictBanner(QFrame):
    """Full-width banner; hidden until it has a verdict."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="banner")
        self.setMinimumHeight(Size.BANNER)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._verdict: Verdict | None = None
        self._icon = QLabel()
        self._icon.setFixedWidth(Size.BANNER_ICON)
        self._word = label(role="verdict")
        self._word.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._reason = QHBoxLayout()
        self._reason.setSpacing(Space.S - Space.XXS)
        self._right = QVBoxLayout()
        self._right.setSpacing(Space.S)
        self._build()
        self.hide()

    def _build(self) -> None:
        words = column(gap=Space.NONE)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addLayout(self._reason)
        words.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(Space.XXL, Space.L, Space.XXL - Space.XXS, Space.L)
        outer.setSpacing(Space.XL)
        outer.addWidget(self._icon)
        outer.addLayout(words, 1)
        outer.addLayout(self._right)

    @property
    def verdict(self) -> Verdict | None:
        """What is shown."""
        return self._verdict

    def show_verdict(self, verdict: Verdict) -> None:
        """Shows a verdict; the old one is gone at once."""
        self._verdict = verdict
        self._word.setText(verdict.word)
        self.setAccessibleName(f"{verdict.word} {verdict.reason}")
        self._show_icon()
        self._show_reason(verdict)
        empty_layout(self._right)
        self._right.addStretch(1)
        if verdict.actions:
            self._show_actions(verdict)
        elif verdict.count is not None:
            self._show_count(verdict.count)
        self._right.addStretch(1)
        mark(self, state=verdict.state.value)
        self.show()

    def clear(self) -> None:
        """Takes the verdict away."""
        self._verdict = None
        self.hide()

    def _show_icon(self) -> None:
        if self._verdict is not None:
            self._icon.setPixmap(pixmap(_ICONS[self._verdict.state], Size.BANNER_ICON, colours().on_fill))

    def _show_reason(self, verdict: Verdict) -> None:
        empty_layout(self._reason)
        if verdict.reason:
            text = label(verdict.reason, "reason")
            text.setWordWrap(len(verdict.reason) > 60)
            self._reason.addWidget(text, 1)
        for index, side in enumerate(verdict.compared):
            if index or verdict.reason:
                self._reason.addSpacing(Space.L)
            self._reason.addWidget(label(side.label, "reason"))
            self._reason.addWidget(label(side.value, "reasonStrong"))
            if side.detail:
                self._reason.addWidget(label(f"({side.detail})", "reason"))
        self._reason.addStretch(0 if verdict.reason and not verdict.compared else 1)

    def _show_actions(self, verdict: Verdict) -> None:
        for index, action in enumerate(verdict.actions[:2]):
            made: QPushButton = button(
                f"{action.caption}   {key_text(action.key)}", "bannerMain" if index == 0 else "bannerOther", action.act
            )
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._right.addWidget(made)

    def _show_count(self, count: Count) -> None:
        figures = QHBoxLayout()
        figures.setSpacing(Space.S)
        figures.addStretch(1)
        figures.addWidget(label(str(count.done), "count"))
        total = label(f"/ {count.total}", "countTotal")
        figures.addWidget(total, 0, Qt.AlignmentFlag.AlignBottom)
        total.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.S)
        self._right.addLayout(figures)
        caption = label(count.caption)
        caption.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._right.addWidget(caption)
        self._right.setSpacing(Space.NONE)

    def changeEvent(self, event: QEvent) -> None:
        """Repaints the icon in the scheme's colour."""
        if event.type() == QEvent.Type.StyleChange:
            self._show_icon()
        super().changeEvent(event)
