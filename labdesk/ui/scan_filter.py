"""The keyboard wedge: takes scans out of the stream of keys, wherever the focus is, and lets typing through untouched.

Installed on the application, it sees key events on their way to the window, before any widget and before shortcuts. Characters
are withheld until their times tell a scan from typing (60 ms); typing is then replayed to the window, key by key. Input methods
turn keys into commits, which are withheld the same way; Chinese text never is.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QWindow

from labdesk.domain.clock import Clock
from labdesk.domain.codes import normalise_scan
from labdesk.domain.scans import Scan, ScanSource
from labdesk.ui.scan_burst import Burst, Judgement, could_be_scanned, is_closing

_NO_MODIFIER = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)
#: For so long after a scan that broke off, its straggling rest is kept away from widgets.
_STRAGGLERS_MS = 1000


class ScanFilter(QObject):
    """The event filter.

    Signals:
        scanned(Scan): a whole scan.
        cut_short(Scan): characters at scanner speed without their end; to be told loudly.
    """

    scanned = Signal(Scan)
    cut_short = Signal(Scan)

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._burst = Burst()
        self._held: list[tuple[QObject, Callable[[], QEvent]]] = []
        self._swallowed: set[int] = set()
        self._replaying = False
        self._arrival = QElapsedTimer()
        self._arrival.start()
        self._offset: int | None = None
        self._cut_at: int | None = None
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self._maybe_silent)
        # Keys that queued up while the program was busy are delivered before this fires: lateness of ours is no silence.
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._on_silence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Withholds what may be a scan."""
        if self._replaying:
            return False
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return self._on_override(event)
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWindow):
            return self._on_press(watched, event)
        if kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and isinstance(watched, QWindow):
            return self._on_release(watched, event)
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            return self._on_commit(watched, event)
        if kind == QEvent.Type.MouseButtonPress and self._held:
            self._end(closed=False)
        return False

    def _on_override(self, event: QKeyEvent) -> bool:
        """Claims plain characters, so that no shortcut of one letter fires on the letters of a scan."""
        if _is_plain(event) and not event.isAutoRepeat():
            event.accept()
            return True
        return False

    def _on_press(self, window: QWindow, event: QKeyEvent) -> bool:
        at = self._event_time(event)
        if is_closing(event.text()) and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            return self._on_closing(event, at)
        if event.key() in _MODIFIER_KEYS:
            return False
        blank = event.text() == " " and self._burst.continues(at)
        if not (_is_plain(event) or blank) or event.isAutoRepeat():
            self._end(closed=False)
            return False
        self._begin_or_go_on(at)
        self._burst.add(event.text(), at)
        self._hold(window, event)
        return True

    def _on_closing(self, event: QKeyEvent, at: int) -> bool:
        in_time = self._burst.continues(at)
        judgement = self._end(closed=in_time)
        if judgement is not Judgement.TYPING or (not in_time and self._straggling()):
            self._swallowed.add(event.key())
            return True
        return False

    def _event_time(self, event: QKeyEvent) -> int:
        """When the key was pressed, on the clock of ``_arrival``. Differences are the system's own: ours may be late."""
        now, stamp = self._arrival.elapsed(), int(event.timestamp())
        if not stamp:
            return now
        if self._offset is None or not self._held:
            self._offset = now - stamp
        return stamp + self._offset

    def _on_release(self, window: QWindow, event: QKeyEvent) -> bool:
        if self._held:
            self._hold(window, event)
            return True
        if event.key() in self._swallowed:
            self._swallowed.discard(event.key())
            return True
        return False

    def _on_commit(self, target: QObject, event: QInputMethodEvent) -> bool:
        text = event.commitString()
        if not could_be_scanned(text) or event.replacementLength():
            if text:
                self._end(closed=False)
            return False
        at = self._arrival.elapsed()
        self._begin_or_go_on(at)
        self._burst.add(text, at)

        def again() -> QEvent:
            copy = QInputMethodEvent()
            copy.setCommitString(text)
            return copy

        self._held.append((target, again))
        self._wait()
        return True

    def _begin_or_go_on(self, at: int) -> None:
        if self._held and not self._burst.continues(at):
            self._end(closed=False)

    def _hold(self, window: QWindow, event: QKeyEvent) -> None:
        copy = event.clone()
        self._held.append((window, lambda: copy))
        self._wait()

    def _wait(self) -> None:
        self._settled.stop()
        self._silence.start(self._burst.patience_ms)

    def _straggling(self) -> bool:
        return self._cut_at is not None and self._arrival.elapsed() - self._cut_at < _STRAGGLERS_MS

    def _maybe_silent(self) -> None:
        self._settled.start()

    def _on_silence(self) -> None:
        self._end(closed=False)

    def _end(self, *, closed: bool) -> Judgement:
        """Decides about what is held, and lets go of it."""
        self._silence.stop()
        self._settled.stop()
        burst, held = self._burst, self._held
        self._burst, self._held = Burst(), []
        if not held:
            return Judgement.TYPING
        judgement = burst.judge(closed, rest=self._straggling())
        if judgement is Judgement.CUT_SHORT:
            self._cut_at = self._arrival.elapsed()
        if judgement is Judgement.TYPING:
            self._replay(held)
        else:
            self._swallow(held)
            scan = Scan(
                burst.text, normalise_scan(burst.text), ScanSource.WEDGE, "", burst.duration_ms, self._clock.now()
            )
            (self.scanned if judgement is Judgement.SCAN else self.cut_short).emit(scan)
        return judgement

    def _replay(self, held: list[tuple[QObject, Callable[[], QEvent]]]) -> None:
        self._replaying = True
        try:
            for target, event in held:
                QCoreApplication.sendEvent(target, event())
        finally:
            self._replaying = False

    def _swallow(self, held: list[tuple[QObject, Callable[[], QEvent]]]) -> None:
        """Remembers keys whose release is still to come: a release without its press must not reach a widget."""
        for _, make in held:
            event = make()
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                self._swallowed.add(event.key())
            elif isinstance(event, QKeyEvent):
                self._swallowed.discard(event.key())


def _is_plain(event: QKeyEvent) -> bool:
    """A printable character without Ctrl, Alt or Meta. Space is not: it is a key of pages, withheld only inside a burst."""
    return could_be_scanned(event.text()) and not (event.modifiers() & ~_NO_MODIFIER)
