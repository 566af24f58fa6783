"""The PIN pad: by keyboard or by finger; as a part of a page, or as a sheet for a signature."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from labdesk.ui.icons import Icon, icon
from labdesk.ui.theme import colours, mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, label, wrapped
from labdesk.ui.widgets.sheets import Placement, Sheet

translate = QCoreApplication.translate

MIN_DIGITS, MAX_DIGITS = 4, 8


class _Dots(QWidget):
    """How many digits were typed, never which."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.setFixedHeight(Space.XXL)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints a dot per digit and a ring per digit still needed."""
        del event
        tokens = colours()
        shown = max(MIN_DIGITS, self.count)
        step = Size.DOT + Space.M
        left = (self.width() - shown * step + Space.M) / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(shown):
            typed = index < self.count
            painter.setPen(QColor(tokens.brand if typed else tokens.ink_3))
            painter.setBrush(QColor(tokens.brand) if typed else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(left + index * step, (self.height() - Size.DOT) / 2, Size.DOT, Size.DOT))
        painter.end()


class PinPad(QWidget):
    """Ten digits, backspace, enter.

    Signals:
        entered(str): four to eight digits, confirmed.
        changed(): a digit was typed or taken back.
    """

    entered = Signal(str)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._digits = ""
        self._dots = _Dots()
        self._back = button(pressed=self._backspace)
        self._enter = button(kind="primary", pressed=self._confirm)
        grid = QGridLayout()
        grid.setSpacing(Space.S)
        for digit in "1234567890":
            key = button(digit, "pin", partial(self.type_digit, digit))
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            place = (3, 1) if digit == "0" else divmod(int(digit) - 1, 3)
            grid.addWidget(key, *place)
        for key, place in ((self._back, (3, 0)), (self._enter, (3, 2))):
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.setIconSize(QSize(Size.NOTICE_ICON, Size.NOTICE_ICON))
            key.setFixedHeight(Size.PIN_KEY + Space.XXS)
            grid.addWidget(key, *place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        layout.setSpacing(Space.M)
        layout.addWidget(self._dots)
        layout.addLayout(grid)
        self._refresh()

    @property
    def length(self) -> int:
        """How many digits were typed."""
        return len(self._digits)

    def type_digit(self, digit: str) -> None:
        """Types one digit; more than eight are ignored."""
        if len(self._digits) < MAX_DIGITS:
            self._digits += digit
            self._refresh()

    def clear(self) -> None:
        """Forgets what was typed."""
        self._digits = ""
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, Backspace and Enter; everything else goes on."""
        if event.text() and event.text() in "0123456789":
            self.type_digit(event.text())
        elif event.key() == Qt.Key.Key_Backspace:
            self._backspace()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._confirm()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Tints the icons anew."""
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        self._back.setIcon(icon(Icon.BACKSPACE, Size.NOTICE_ICON, colours().ink_2))
        ink = colours().on_brand if self.length >= MIN_DIGITS else colours().ink_3
        self._enter.setIcon(icon(Icon.ARROW, Size.NOTICE_ICON, ink))

    def _backspace(self) -> None:
        self._digits = self._digits[:-1]
        self._refresh()

    def _confirm(self) -> None:
        if len(self._digits) >= MIN_DIGITS:
            typed, self._digits = self._digits, ""
            self._refresh()
            self.entered.emit(typed)

    def _refresh(self) -> None:
        self._dots.count = len(self._digits)
        self._dots.update()
        self._enter.setEnabled(len(self._digits) >= MIN_DIGITS)
        self._tint()
        self.changed.emit()


class PinSheet(Sheet):
    """Asks a signed-in person for the PIN again, to sign.

    Signals:
        entered(str): the PIN. The sheet stays until :meth:`close_sheet` or :meth:`refuse` is called with the answer.
    """

    entered = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Placement.CENTRE)
        self._title = label(role="section")
        self._sentence = wrapped(role="quiet")
        self._refusal = wrapped()
        mark(self._refusal, state="bad")
        self.pad = PinPad()
        self.pad.entered.connect(self.entered)
        self._cancel = button(kind="quiet", pressed=self.cancel)
        for widget in (self._title, self._sentence, self.pad, self._refusal, self._cancel):
            self.body.addWidget(widget)

    def ask(self, title: str, sentence: str = "") -> None:
        """Opens with what is being signed."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._refusal.hide()
        self._cancel.setText(translate("PinSheet", "Cancel   Esc"))
        self.pad.clear()
        self.open(self.pad)

    def refuse(self, sentence: str) -> None:
        """Says why the PIN was not taken, and waits for another."""
        self.pad.clear()
        self._refusal.setText(sentence)
        self._refusal.show()
        self._place()
        self.pad.setFocus()
