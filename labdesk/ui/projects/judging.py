"""Judging a selection off the screen's thread: the newest question is answered, what came in between is never shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from labdesk.domain.errors import OperatorError
from labdesk.services.acceptance_choice import Asked, Assessment, judged
from labdesk.services.acceptance_selection import SampleGroup
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.ops import Ops, Query


class Judging(QObject):
    """One question at a time; while one is under way only the newest of the later ones is kept.

    Signals:
        judged(Assessment | None, str): the outcome, or the sentence why there is none (empty: nothing is selected).
    """

    judged = Signal(object, str)

    def __init__(self, ops: Ops, errors: ErrorDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._ops, self._errors = ops, errors
        self._next: tuple[Sequence[SampleGroup], frozenset[str], Asked] | None = None
        self._busy = False

    def ask(self, groups: Sequence[SampleGroup], ticks: frozenset[str], asked: Asked) -> None:
        """Judges the ticked ones of ``groups``."""
        self._next = (groups, ticks, asked)
        if not self._busy:
            self._start()

    def _start(self) -> None:
        if self._next is None:
            return
        (groups, ticks, asked), self._next = self._next, None
        if not ticks:
            self.judged.emit(None, "")
            return
        self._busy = True
        work = Query(self._ops, self, lambda: judged(groups, ticks, asked))
        work.then(lambda done: self._done(done, "")).otherwise(self._failed).start()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, OperatorError):
            self._errors.report(error)
        self._done(None, self._errors.sentence(error))

    def _done(self, done: Assessment | None, reason: str) -> None:
        self._busy = False
        if self._next is not None:
            self._start()
        else:
            self.judged.emit(done, reason)
