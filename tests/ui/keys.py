"""Keys as a keyboard or a scanner sends them: to the window, with the system's times, override before press, release after."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

_NAMED = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, " ": Qt.Key.Key_Space}


class Keyboard:
    """A keyboard in front of ``window``; its clock starts far from ours, as the system's does."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.now_ms = 5_000_000

    def type(self, text: str, gaps_ms: Sequence[int] = (5,)) -> None:
        """Types characters with the given gaps, the last one repeated."""
        for index, character in enumerate(text):
            self.now_ms += gaps_ms[min(index, len(gaps_ms) - 1)]
            self.press(_key_of(character), character)

    def press(
        self,
        key: Qt.Key,
        text: str = "",
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        repeat: bool = False,
    ) -> None:
        """One key, down and up."""
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, text, repeat)
            event.setTimestamp(self.now_ms)
            target = self._window.windowHandle()
            if kind is QEvent.Type.ShortcutOverride:
                target = QApplication.focusWidget() or target
            QCoreApplication.sendEvent(target, event)

    def commit(self, text: str) -> None:
        """An input method commits text to the focused widget."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QCoreApplication.sendEvent(QApplication.focusWidget(), event)


def _key_of(character: str) -> Qt.Key:
    if character in _NAMED:
        return _NAMED[character]
    codes = QKeySequence(character.upper())
    return Qt.Key(codes[0].key()) if codes.count() else Qt.Key.Key_unknown
