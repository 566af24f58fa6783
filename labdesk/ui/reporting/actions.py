"""What can be done with one report: open, print and count, ask again for its code, finish its paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from labdesk.domain.reporting import ReportState
from labdesk.domain.verification import ReportVerifier
from labdesk.services.report_desk import ReportDesk, ReportRow
from labdesk.services.reporting import ReportingService
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import Page, PageContext
from labdesk.ui.widgets.basics import button, label
from labdesk.ui.widgets.sheets import Sheet

translate = QCoreApplication.translate
_FINAL = (ReportState.ISSUED, ReportState.REPLACED)


@dataclass(frozen=True)
class ReportServices:
    """What the page works with.

    Attributes:
        open_pdf: shows a PDF to the person (name, bytes): the system's viewer prints it.
    """

    service: ReportingService
    desk: ReportDesk
    verifier: ReportVerifier
    open_pdf: Callable[[str, bytes], None]


class CopiesSheet(Sheet):
    """Asks how many copies are printed for the wet stamps."""

    def __init__(self, parent: QWidget, given: Callable[[int], object]) -> None:
        super().__init__(parent)
        self._given = given
        self._title = label(role="section")
        self.number = QSpinBox()
        self.number.setRange(1, 99)
        self._confirm = button(kind="primary", pressed=self._give)
        self._cancel = button(pressed=self.cancel)
        self.body.addWidget(self._title)
        self.body.addWidget(self.number)
        line = QHBoxLayout()
        line.addWidget(self._cancel)
        line.addWidget(self._confirm)
        self.body.addLayout(line)

    def ask(self, title: str) -> None:
        """Opens with three copies: client, contractor, archive."""
        self._title.setText(title)
        self._confirm.setText(translate("Reports", "Print and count   Enter"))
        self._cancel.setText(translate("Reports", "Cancel   Esc"))
        self.number.setValue(3)
        self.open(self.number)
        self.number.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter confirms."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _give(self) -> None:
        self.close_sheet()
        self._given(self.number.value())


class ReportActions(QObject):
    """Does it, off the screen's thread, and says so once it is stored.

    Signals:
        done(): something changed; read the list anew.
    """

    done = Signal()

    def __init__(self, page: Page, context: PageContext, services: ReportServices) -> None:
        super().__init__(page)
        self._context, self._services = context, services
        self._row: ReportRow | None = None
        self.copies = CopiesSheet(page, self._print)

    def open(self, row: ReportRow | None) -> None:
        """Opens the issued report, or the watermarked draft while there is none."""
        if row is not None:
            Query(self._context.ops, self, partial(self._pdf, row)).then(partial(self._opened, row)).start()

    def ask_copies(self, row: ReportRow | None) -> None:
        """Asks how many copies are to be printed."""
        self._row = row
        if row is not None:
            self.copies.ask(translate("Reports", "Copies of {0}").format(row.report_no))

    def ask_again(self, row: ReportRow | None) -> None:
        """Sends the refused request for the code again."""
        if row is not None:
            self._do(partial(self._services.service.ask_again, row.draft_id, self._context.session()))

    def finish(self, row: ReportRow | None) -> None:
        """Makes the paper of a report whose code has come."""
        if row is not None:
            self._do(partial(self._services.service.issue, row.draft_id))

    def _pdf(self, row: ReportRow) -> bytes:
        service = self._services.service
        return service.report_pdf(row.draft_id) if row.state in _FINAL else service.draft_pdf(row.draft_id)

    def _opened(self, row: ReportRow, pdf: bytes) -> None:
        draft = "" if row.state in _FINAL else "-draft"
        self._services.open_pdf(f"{row.report_no}-{row.issue_no}{draft}.pdf", pdf)

    def _print(self, count: int) -> None:
        row, session, service = self._row, self._context.session(), self._services.service
        if row is None:
            return

        def counted() -> bytes:
            pdf = self._pdf(row)
            service.count_copies(row.draft_id, "print", count, session)
            return pdf

        def printed(pdf: bytes) -> None:
            self._opened(row, pdf)
            self.done.emit()

        Command(self._context.ops, self, counted).then(printed).start()

    def _do(self, work: Callable[[], object]) -> None:
        def done(result: object) -> None:
            del result
            self._context.errors.tell(NoticeState.OK, translate("Reports", "Done and stored."))
            self.done.emit()

        Command(self._context.ops, self, work).then(done).start()
