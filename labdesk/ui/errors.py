"""The one place where errors become visible, and the only file that may open a message box.

Operator errors and environment faults are sentences in the notice bar; nothing modal, work goes on. A bug is written to the log
with its traceback under a short reference, and shown once with that reference.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMessageBox

from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.sentences import Language, say, say_error

_log = logging.getLogger(__name__)


class NoticeState(StrEnum):
    """How a notice looks."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Notice:
    """A sentence for the notice bar.

    Attributes:
        state: how it looks.
        text: the sentence in the current language.
        sticky: stays until it is closed; others leave by themselves.
    """

    state: NoticeState
    text: str
    sticky: bool = False


class ErrorDesk(QObject):
    """Receives errors from anywhere on the main thread.

    Signals:
        noticed(Notice): something to show in the notice bar.
    """

    noticed = Signal(Notice)

    def __init__(self, language: Callable[[], Language], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self.show_box: Callable[[str], None] = _message_box

    def report(self, error: Exception) -> None:
        """Shows ``error`` in the way its kind deserves."""
        if isinstance(error, OperatorError):
            self.noticed.emit(Notice(NoticeState.WARN, self.sentence(error)))
        elif isinstance(error, EnvironmentFault):
            _log.warning("environment fault: %s", error)
            self.noticed.emit(Notice(NoticeState.BAD, self.sentence(error), sticky=True))
        else:
            reference = uuid.uuid4().hex[:8].upper()
            _log.error("bug %s", reference, exc_info=error)
            detail = self.sentence(error) if isinstance(error, LabDeskError) else type(error).__name__
            self.show_box(say("shell.bug", self._language(), reference=reference, detail=detail))

    def tell(self, state: NoticeState, text: str) -> None:
        """Shows a sentence that is no error."""
        self.noticed.emit(Notice(state, text))

    def sentence(self, error: Exception) -> str:
        """The sentence of an error in the current language."""
        if isinstance(error, LabDeskError):
            return say_error(error, self._language())
        return say("shell.bug", self._language(), reference="-", detail=type(error).__name__)


def _message_box(text: str) -> None:
    box = QMessageBox(
        QMessageBox.Icon.Critical, "LabDesk", text, QMessageBox.StandardButton.Ok, QApplication.activeWindow()
    )
    box.setModal(False)
    box.open()
