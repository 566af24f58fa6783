"""Sheets: questions inside the page, never windows of their own, so that a running test is never locked out."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from labdesk.ui.theme import colours, mark
from labdesk.ui.tokens import SCRIM_OPACITY, Size, Space
from labdesk.ui.widgets.basics import button, empty_layout, label, row, wrapped

translate = QCoreApplication.translate


class Placement(Enum):
    """Where a sheet lies: in the middle under a veil, or in the corner leaving the page in sight and at work."""

    CENTRE = "centre"
    CORNER = "corner"


class Sheet(QWidget):
    """A card above its parent that follows its size.

    Signals:
        cancelled(): Esc, or the cancel button.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget, placement: Placement = Placement.CENTRE) -> None:
        super().__init__(parent)
        self._placement = placement
        self._below = parent
        self._before: QWidget | None = None
        self.card = QFrame(self)
        mark(self.card, kind="sheet")
        self.card.setFixedWidth(Size.SHEET)
        self.body = QVBoxLayout(self.card)
        self.body.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        self.body.setSpacing(Space.M)
        parent.installEventFilter(self)
        self.hide()

    def open(self, focus: QWidget | None = None) -> None:
        """Shows the sheet and gives ``focus`` the keyboard."""
        self._before = self.window().focusWidget()
        self._place()
        self.show()
        self.raise_()
        self._place()
        (focus or self).setFocus()

    def close_sheet(self) -> None:
        """Hides the sheet and gives the keyboard back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()
            self._before = None

    def cancel(self) -> None:
        """Closes without an answer."""
        self.close_sheet()
        self.cancelled.emit()

    def _tell(self, line: QLabel, sentence: str) -> None:
        """A sentence of the sheet that takes room only while there is something to say."""
        line.setText(sentence)
        line.setVisible(bool(sentence))
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        parent = self._below
        self.card.adjustSize()
        if self._placement is Placement.CENTRE:
            self.setGeometry(parent.rect())
            self.card.move(
                (self.width() - self.card.width()) // 2, max(Space.L, (self.height() - self.card.height()) // 2)
            )
            return
        wide, high = self.card.width(), self.card.height()
        self.setGeometry(parent.width() - wide - Space.XL, parent.height() - high - Space.XL, wide, high)
        self.card.move(0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the parent's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels; no other key falls through to the page below."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the veil."""
        del event
        if self._placement is Placement.CENTRE:
            veil = QColor(colours().scrim)
            veil.setAlphaF(SCRIM_OPACITY)
            painter = QPainter(self)
            painter.fillRect(QRectF(self.rect()), veil)
            painter.end()


class FormSheet(Sheet):
    """A sheet to type into, that says why something was not stored and keeps it typed.

    The subclass puts the title, the sentence and ``refusal`` where they belong in its body.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._sentence, self.refusal = label(role="section"), wrapped(role="quiet"), wrapped()
        mark(self.refusal, state="bad")

    def refuse(self, sentence: str) -> None:
        """Says why it was not stored; everything typed stays."""
        self._tell(self.refusal, sentence)


class ReasonSheet(Sheet):
    """Asks for a reason: pick one by its digit, or write one.

    Signals:
        given(str): the reason, at least :attr:`minimum` characters.
    """

    given = Signal(str)
    minimum = 2

    def __init__(self, parent: QWidget, placement: Placement = Placement.CORNER) -> None:
        super().__init__(parent, placement)
        self._title = label(role="section")
        self._sentence = wrapped(role="quiet")
        self._choices: tuple[str, ...] = ()
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.XS)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(2 * Size.CONTROL)
        self.text.textChanged.connect(self._check)
        self._confirm = button(kind="primary", pressed=self._give)
        self._cancel = button(pressed=self.cancel)
        self.body.addWidget(self._title)
        self.body.addWidget(self._sentence)
        self.body.addLayout(self._list)
        self.body.addWidget(self.text)
        self.body.addLayout(row(self._cancel, self._confirm))
        self.text.installEventFilter(self)

    def ask(self, title: str, sentence: str = "", choices: Sequence[str] = ()) -> None:
        """Opens with a question; ``choices`` are offered under the digits 1 to 9."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._choices = tuple(choices)[:9]
        empty_layout(self._list)
        for number, choice in enumerate(self._choices, start=1):
            picked = button(f"{number}   {choice}", "person", partial(self.text.setPlainText, choice))
            picked.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.addWidget(picked)
        self.text.setPlainText("")
        self.text.setPlaceholderText(translate("ReasonSheet", "Reason"))
        self._confirm.setText(translate("ReasonSheet", "Confirm   Enter"))
        self._cancel.setText(translate("ReasonSheet", "Cancel   Esc"))
        self._check()
        self.open(self.text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter confirms, a digit in the empty field picks."""
        if watched is self.text and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._give()
                return True
            number = int(event.text()) if event.text() in tuple("123456789") else 0
            if not self.text.toPlainText() and 1 <= number <= len(self._choices):
                self.text.setPlainText(self._choices[number - 1])
                return True
        return super().eventFilter(watched, event)

    def _reason(self) -> str:
        return self.text.toPlainText().strip()

    def _check(self) -> None:
        self._confirm.setEnabled(len(self._reason()) >= self.minimum)

    def _give(self) -> None:
        if len(self._reason()) >= self.minimum:
            reason = self._reason()
            self.close_sheet()
            self.given.emit(reason)
