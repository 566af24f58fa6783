"""Notices: sentences that lie above the page's foot and never take the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from labdesk.ui.errors import Notice, NoticeState
from labdesk.ui.icons import Icon, pixmap
from labdesk.ui.theme import colours, mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import icon_button, wrapped

translate = QCoreApplication.translate
_STAY_MS = 9000
_AT_MOST = 3
_ICONS = {
    NoticeState.OK: Icon.VERDICT_OK,
    NoticeState.INFO: Icon.INFO,
    NoticeState.WARN: Icon.WARN,
    NoticeState.BAD: Icon.VERDICT_BAD,
}


class _NoticeCard(QFrame):
    """One notice."""

    def __init__(self, notice: Notice, stack: NoticeStack) -> None:
        super().__init__(stack)
        self.notice = notice
        mark(self, kind="notice", state=notice.state.value)
        tokens = colours()
        inks = {
            NoticeState.OK: tokens.ok_ink,
            NoticeState.INFO: tokens.info_ink,
            NoticeState.WARN: tokens.warn_ink,
            NoticeState.BAD: tokens.bad_ink,
        }
        picture = QLabel()
        picture.setPixmap(pixmap(_ICONS[notice.state], Size.NOTICE_ICON, inks[notice.state]))
        text = wrapped(notice.text)
        mark(text, state=notice.state.value)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.XS, Space.XS, Space.XS)
        layout.setSpacing(Space.M)
        layout.addWidget(picture)
        layout.addWidget(text, 1)
        layout.addWidget(icon_button(Icon.CLOSE, translate("Notices", "Close"), lambda: stack.dismiss(self)))


class NoticeStack(QWidget):
    """At most three notices, the newest at the bottom; what is not sticky leaves after nine seconds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._below = parent
        self._cards: list[_NoticeCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._column.setSpacing(Space.S)
        parent.installEventFilter(self)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """What is shown, oldest first."""
        return tuple(card.notice.text for card in self._cards)

    def show_notice(self, notice: Notice) -> None:
        """Adds a notice; the same sentence again replaces itself."""
        for card in [card for card in self._cards if card.notice.text == notice.text]:
            self.dismiss(card)
        while len(self._cards) >= _AT_MOST:
            self.dismiss(self._cards[0])
        card = _NoticeCard(notice, self)
        self._cards.append(card)
        self._column.addWidget(card)
        if not notice.sticky:
            leave = QTimer(card)
            leave.setSingleShot(True)
            leave.timeout.connect(lambda: self.dismiss(card))
            leave.start(_STAY_MS)
        self._place()

    def dismiss(self, card: _NoticeCard) -> None:
        """Takes a notice away."""
        if card in self._cards:
            self._cards.remove(card)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
            self._place()

    def clear(self) -> None:
        """Takes all away."""
        for card in tuple(self._cards):
            self.dismiss(card)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the page's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.setVisible(bool(self._cards))
        if not self._cards:
            return
        wide = max(1, self._below.width() - 2 * Space.XL)
        self.setFixedWidth(wide)
        high = (
            self._column.heightForWidth(wide) if self._column.hasHeightForWidth() else self._column.sizeHint().height()
        )
        self.setGeometry(Space.XL, self._below.height() - high - Space.L, wide, high)
        self.raise_()
