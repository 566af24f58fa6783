"""Marks moved by hand on the measuring page: read, moved on the sheet, given a reason, stored as a new evaluation."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from labdesk.services.lot_desk import LotView
from labdesk.services.mark_moving import METHOD, MarkedPiece, MarkMoving
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import PageContext
from labdesk.ui.testing.mark_sheet import MarkSheet
from labdesk.ui.testing.words import said_error
from labdesk.ui.widgets.sheets import Placement, ReasonSheet

translate = QCoreApplication.translate


class MarkFlow(QObject):
    """From the key to the stored evaluation.

    Signals:
        ended(str): an evaluation of this lot with other marks was stored.
    """

    ended = Signal(str)

    def __init__(self, context: PageContext, marks: MarkMoving | None, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._marks, self._lot_no = context, marks, ""
        self.sheet, self.reason = MarkSheet(page), ReasonSheet(page, Placement.CENTRE)
        self.sheet.finished.connect(self._ask)
        self.reason.given.connect(self._store)

    def may(self, view: LotView | None) -> bool:
        """Whether the lot that is open has marks to move: evaluated bars."""
        evaluated = view.newest.evaluation if view is not None and view.newest is not None else None
        return self._marks is not None and evaluated is not None and evaluated.method == METHOD

    def ask(self, lot_no: str) -> None:
        """Opens the sheet with the lot's curves; a refusal is told."""
        marks = self._marks
        if marks is None:
            return
        self._lot_no = lot_no

        def show(pieces: tuple[MarkedPiece, ...]) -> None:
            if self._lot_no == lot_no:
                self.sheet.show_pieces(pieces)

        Query(self._context.ops, self, lambda: marks.pieces(lot_no)).then(show).start()

    def leave(self) -> None:
        """Another lot is opened: what was moved and not stored is given up."""
        self._lot_no = ""
        for sheet in (self.reason, self.sheet):
            if sheet.isVisible():
                sheet.close_sheet()

    def _ask(self) -> None:
        self.reason.ask(
            translate("Marks", "{0}: why are marks moved?").format(self.sheet.piece.label),
            translate("Marks", "The earlier evaluation and the automatic values stay on record."),
            (
                translate("Marks", "The grips slipped"),
                translate("Marks", "A shock was taken for the yield point"),
                translate("Marks", "The automatic mark is right after all"),
            ),
        )

    def _store(self, reason: str) -> None:
        marks, lot_no, session = self._marks, self._lot_no, self._context.session()
        label, moments = self.sheet.piece.label, self.sheet.moved()
        if marks is None or not lot_no:
            return

        def stored(evaluation: object) -> None:
            del evaluation
            if self._lot_no == lot_no:
                self.leave()
            self.ended.emit(lot_no)

        def refused(error: Exception) -> None:
            if self._lot_no == lot_no and self.sheet.isVisible():
                self.sheet.refuse(said_error(error))
            else:
                self._context.errors.report(error)

        Command(self._context.ops, self, lambda: marks.move(lot_no, label, moments, session, reason)).then(
            stored
        ).otherwise(refused).start()
