"""The verdict banner: seen from two metres by colour, icon and word, and said why with both values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from labdesk.ui.icons import Icon, pixmap
from labdesk.ui.theme import colours, mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, column, label
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


_BUTTONS = ("bannerMain", "bannerOther")
_PART_GAP = Space.S - Space.XXS


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
        compared: both values of the differing field: expected first, scanned second; at most two.
        count: the counter at the right.
        actions: at most two; the first is the main one.
    """

    state: VerdictState
    word: str
    reason: str = ""
    compared: tuple[Compared, ...] = ()
    count: Count | None = None
    actions: tuple[BannerAction, ...] = ()


class _ReasonLine(QHBoxLayout):
    """The line below the word. Its labels stay and change their text: making new ones would cost a scan ten milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(Space.NONE)
        self._text = label(role="reason")
        self._sides = [tuple(label(role=role) for role in ("reason", "reasonStrong", "reason")) for _ in range(2)]
        self.addWidget(self._text, 1)
        for side in self._sides:
            for part in side:
                self.addWidget(part)
        self.addStretch(1)

    def show_reason(self, verdict: Verdict) -> None:
        """One line of words, both values, or both of them."""
        self._text.setText(verdict.reason)
        self._text.setWordWrap(len(verdict.reason) > 60)
        self._text.setVisible(bool(verdict.reason))
        self.setStretch(self.count() - 1, 0 if verdict.reason and not verdict.compared else 1)
        for index, side in enumerate(self._sides):
            compared = verdict.compared[index] if index < len(verdict.compared) else Compared("", "")
            detail = f"({compared.detail})" if compared.detail else ""
            for part, text in zip(side, (compared.label, compared.value, detail), strict=True):
                part.setText(text)
                part.setVisible(bool(text))
            gap = Space.L if index or verdict.reason else Space.NONE
            side[0].setContentsMargins(gap, Space.NONE, _PART_GAP, Space.NONE)
            side[2].setContentsMargins(_PART_GAP, Space.NONE, Space.NONE, Space.NONE)


class _CountBox(QWidget):
    """How far the work is, in figures to be read from two metres."""

    def __init__(self) -> None:
        super().__init__()
        self._done, self._total, self._caption = label(role="count"), label(role="countTotal"), label()
        self._total.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.S)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight)
        figures = QHBoxLayout()
        figures.setSpacing(Space.S)
        figures.addStretch(1)
        figures.addWidget(self._done)
        figures.addWidget(self._total, 0, Qt.AlignmentFlag.AlignBottom)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        outer.setSpacing(Space.NONE)
        outer.addLayout(figures)
        outer.addWidget(self._caption)

    def show_count(self, count: Count) -> None:
        """``3 / 6`` and what was counted."""
        self._done.setText(str(count.done))
        self._total.setText(f"/ {count.total}")
        self._caption.setText(count.caption)


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
        self._reason = _ReasonLine()
        self._count = _CountBox()
        self._buttons = [button(kind=kind, pressed=self._pressed(at)) for at, kind in enumerate(_BUTTONS)]
        self._build()
        self.hide()

    def _build(self) -> None:
        words = column(gap=Space.NONE)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addLayout(self._reason)
        words.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(Space.S)
        right.addStretch(1)
        right.addWidget(self._count)
        for made in self._buttons:
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            right.addWidget(made)
        right.addStretch(1)
        self._outer = QHBoxLayout(self)
        self._outer.setContentsMargins(Space.XXL, Space.L, Space.XXL - Space.XXS, Space.L)
        self._outer.setSpacing(Space.XL)
        self._outer.addWidget(self._icon)
        self._outer.addLayout(words, 1)
        self._outer.addLayout(right)

    @property
    def verdict(self) -> Verdict | None:
        """What is shown."""
        return self._verdict

    def show_verdict(self, verdict: Verdict) -> None:
        """Shows a verdict; it is on the screen when this returns, before anything else of the page is drawn."""
        before, self._verdict = self._verdict, verdict
        self._word.setText(verdict.word)
        self.setAccessibleName(f"{verdict.word} {verdict.reason}")
        self._reason.show_reason(verdict)
        count = verdict.count if not verdict.actions else None
        if count is not None:
            self._count.show_count(count)
        self._count.setVisible(count is not None)
        for at, made in enumerate(self._buttons):
            action = verdict.actions[at] if at < len(verdict.actions) else None
            made.setText(f"{action.caption}   {key_text(action.key)}" if action is not None else "")
            made.setVisible(action is not None)
        if before is None or before.state is not verdict.state:
            self._show_icon()
            mark(self, state=verdict.state.value)
            for made, kind in zip(self._buttons, _BUTTONS, strict=True):
                mark(made, kind=kind)  # their ink is the banner's ground, which has just changed
        self._outer.activate()
        self.show()
        if self.isVisible():
            self.repaint()

    def clear(self) -> None:
        """Takes the verdict away."""
        self._verdict = None
        self.hide()

    def _pressed(self, at: int) -> Callable[[], object]:
        def act() -> object:
            shown = self._verdict
            return shown.actions[at].act() if shown is not None and at < len(shown.actions) else None

        return act

    def _show_icon(self) -> None:
        if self._verdict is not None:
            self._icon.setPixmap(pixmap(_ICONS[self._verdict.state], Size.BANNER_ICON, colours().on_fill))

    def changeEvent(self, event: QEvent) -> None:
        """Repaints the icon in the scheme's colour."""
        if event.type() == QEvent.Type.StyleChange:
            self._show_icon()
        super().changeEvent(event)
