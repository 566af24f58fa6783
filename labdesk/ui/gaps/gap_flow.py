"""From the key to the stored reason: runs that wait are read, one is shown, a reason asked, stored and read back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from labdesk.domain.errors import LabDeskError
from labdesk.domain.run_gaps import GapReason
from labdesk.domain.testing import Run
from labdesk.services.review_gaps import GapCase, RunGaps
from labdesk.ui.errors import NoticeState
from labdesk.ui.gaps.gap_sheet import GapSheet
from labdesk.ui.i18n import language
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import PageContext
from labdesk.ui.widgets.sheets import Placement, ReasonSheet

translate = QCoreApplication.translate


@dataclass(frozen=True)
class _Shown:
    """What is shown, and what else waits."""

    waiting: tuple[Run, ...]
    place: int
    case: GapCase | None


class GapFlow(QObject):
    """The decision about runs with a gap, on any page; without a service there is nothing to decide.

    Signals:
        ended(str): a reason was stored for a run of this lot.
    """

    ended = Signal(str)

    def __init__(self, context: PageContext, gaps: RunGaps | None, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._gaps = context, gaps
        self._lot_no, self._shown = "", _Shown((), 0, None)
        self.sheet, self.reason = GapSheet(page), ReasonSheet(page, Placement.CENTRE)
        self.sheet.decided.connect(self._ask)
        self.sheet.turned.connect(self._turn)
        self.reason.given.connect(self._store)
        self.reason.cancelled.connect(self._back)

    @property
    def asking(self) -> bool:
        """Whether a sheet is open."""
        return self.sheet.isVisible() or self.reason.isVisible()

    def ask(self, lot_no: str = "") -> None:
        """Opens with the first run that waits, of one lot or of all."""
        self._lot_no = lot_no
        self._read(0)

    def leave(self) -> None:
        """Closes without a decision."""
        for sheet in (self.reason, self.sheet):
            if sheet.isVisible():
                sheet.close_sheet()

    def _read(self, place: int) -> None:
        gaps, lot_no = self._gaps, self._lot_no
        if gaps is None:
            return
        person, words = self._context.session().person, language()

        def read() -> _Shown:
            waiting = gaps.of_lot(lot_no) if lot_no else gaps.waiting()
            if not waiting:
                return _Shown((), 0, None)
            at = place % len(waiting)
            return _Shown(waiting, at, gaps.case(waiting[at].id, person, words))

        Query(self._context.ops, self, read).then(self._show).start()

    def _show(self, shown: _Shown) -> None:
        self._shown = shown
        if shown.case is None:
            self.leave()
            self._context.errors.tell(NoticeState.INFO, translate("Gaps", "No run with a gap waits for a decision."))
        else:
            self.sheet.show_case(shown.case, shown.place + 1, len(shown.waiting))

    def _turn(self, by: int) -> None:
        self._read(self._shown.place + by)

    def _ask(self) -> None:
        case = self._shown.case
        if case is None:
            return
        self.reason.ask(
            translate("Gaps", "{0}: why does the run count?").format(case.run.specimen_label),
            translate("Gaps", "Your name, the time and the reason are printed in the report and sent to the platform."),
            (
                translate("Gaps", "The machine's own peak register agrees with the curve"),
                translate("Gaps", "The gap lies after the largest force and before the break"),
                translate("Gaps", "Force rose steadily, no yield lies in the gap"),
            ),
        )

    def _back(self) -> None:
        if self.sheet.isVisible():
            self.sheet.setFocus()

    def _store(self, reason: str) -> None:
        gaps, case, session = self._gaps, self._shown.case, self._context.session()
        if gaps is None or case is None:
            return
        run = case.run

        def stored(given: GapReason) -> None:
            text = translate("Gaps", "Run {0} counts; the reason is stored.")
            self._context.errors.tell(NoticeState.OK, text.format(run.number))
            self.ended.emit(given.lot_no)
            if len(self._shown.waiting) > 1:
                self._read(self._shown.place)
            else:
                self.leave()

        def refused(error: Exception) -> None:
            if self.sheet.isVisible() and isinstance(error, LabDeskError):
                self.sheet.refuse(self._context.errors.sentence(error))
                self.sheet.setFocus()
            else:
                self._context.errors.report(error)

        Command(self._context.ops, self, lambda: gaps.take_on(run.id, reason, session)).then(stored).otherwise(
            refused
        ).start()
