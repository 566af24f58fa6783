"""The reports page: search, state, open, print and count, ask again; and verification of any report by dropping or scanning it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout

from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.outbox import OutboxState
from labdesk.domain.reporting import ReportState
from labdesk.domain.scans import Scan
from labdesk.domain.verification import VerificationResult
from labdesk.services.report_desk import ReportRow
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.reporting.actions import ReportActions, ReportServices
from labdesk.ui.reporting.report_card import ReportCard
from labdesk.ui.reporting.verify_card import VerifyView
from labdesk.ui.reporting.words import state_chip
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, button, page_margins
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate
#: Groups of states as people ask for them; the key is the button's place.
FILTERS: tuple[frozenset[ReportState], ...] = (
    frozenset(),
    frozenset({ReportState.DRAFT, ReportState.TESTED, ReportState.REVIEWED}),
    frozenset({ReportState.APPROVED, ReportState.CODED}),
    frozenset({ReportState.ISSUED}),
    frozenset({ReportState.RETURNED, ReportState.REPLACED, ReportState.WITHDRAWN, ReportState.VOID}),
)
_LARGEST_FILE = 64 << 20


class ReportsPage(Page):
    """All reports, and verification."""

    def __init__(self, context: PageContext, services: ReportServices) -> None:
        super().__init__(context)
        self._services = services
        self._states: frozenset[ReportState] = FILTERS[0]
        self.setAcceptDrops(True)
        self.words = QLineEdit()
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self.reload)
        self.filters = [button(pressed=partial(self._filter, states)) for states in FILTERS]
        self.table: DataTable[ReportRow] = _table()
        self.card, self.verify = ReportCard(), VerifyView()
        self.empty = EmptyState(Icon.REPORTING)
        self.stack, self.side = QStackedWidget(), QStackedWidget()
        self.doing = ReportActions(self, context, services)
        self.doing.done.connect(self.reload)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self.doing.open)
        self._build()
        self.retranslate()

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self.words, 1)
        for made in self.filters:
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            line.addWidget(made)
        rows = Card()
        rows.flush()
        rows.body.addWidget(self.stack)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.side.addWidget(self.card)
        self.side.addWidget(self.verify)
        self.side.setFixedWidth(Size.SIDE)
        columns = QHBoxLayout()
        columns.setSpacing(Space.L)
        columns.addWidget(rows, 1)
        columns.addWidget(self.side)
        outer = QVBoxLayout(self)
        page_margins(outer)
        outer.addLayout(line)
        outer.addLayout(columns, 1)

    # ---- hooks ----------------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        """Reads anew."""
        self.reload()

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """A report's QR is verified."""
        if code.kind is not CodeKind.REPORT:
            return False
        self._verify(lambda: self._services.verifier.verify_text(scan.text))
        return True

    def keys(self) -> tuple[KeyAction, ...]:
        """Keys of the selected report."""
        row, act = self.table.current_row(), self.doing
        return (
            KeyAction("Return", lambda: translate("Reports", "open"), partial(act.open, row), lambda: row is not None),
            KeyAction(
                "Ctrl+P", lambda: translate("Reports", "print"), partial(act.ask_copies, row), lambda: row is not None
            ),
            KeyAction(
                "F6", lambda: translate("Reports", "ask again"), partial(act.ask_again, row), lambda: _refused(row)
            ),
            KeyAction(
                "F7", lambda: translate("Reports", "make the paper"), partial(act.finish, row), lambda: _unfinished(row)
            ),
            KeyAction("Ctrl+F", lambda: translate("Reports", "search"), self.words.setFocus),
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file may be dropped."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A dropped PDF or picture is verified."""
        self.verify_file(Path(event.mimeData().urls()[0].toLocalFile()))
        event.acceptProposedAction()

    def retranslate(self) -> None:
        """All texts anew."""
        self.words.setPlaceholderText(translate("Reports", "Number, code, project, lot or part"))
        captions = (
            translate("Reports", "All"),
            translate("Reports", "Signing"),
            translate("Reports", "Waiting for code"),
            translate("Reports", "Issued"),
            translate("Reports", "Ended"),
        )
        for made, caption, states in zip(self.filters, captions, FILTERS, strict=True):
            made.setText(caption)
            _check(made, states == self._states)
        self.verify.retranslate()
        self.reload()

    # ---- reading --------------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Reads the list; a later question makes an earlier answer worthless."""
        words, states, desk = self.words.text(), self._states, self._services.desk

        def show(rows: tuple[ReportRow, ...]) -> None:
            if (words, states) == (self.words.text(), self._states):
                self._show(rows)

        Query(self.context.ops, self, lambda: desk.search(words, states)).then(show).start()

    def verify_file(self, path: Path) -> None:
        """Verifies a PDF or a picture of a report."""
        verifier = self._services.verifier

        def verify() -> VerificationResult:
            with path.open("rb") as file:
                data = file.read(_LARGEST_FILE)
            return verifier.verify_pdf(data) if data[:5] == b"%PDF-" else verifier.verify_image(data)

        self._verify(verify)

    def _verify(self, work: Callable[[], VerificationResult]) -> None:
        Query(self.context.ops, self, work).then(self._show_verified).start()

    def _show_verified(self, result: VerificationResult) -> None:
        self.verify.show_result(result)
        self.side.setFixedWidth(Size.SIDE + Size.FORM)
        self.side.setCurrentWidget(self.verify)

    def _show(self, rows: tuple[ReportRow, ...]) -> None:
        before = self.table.current_row()
        self.table.show_rows(rows)
        if not rows:
            self._say_empty()
        self.stack.setCurrentWidget(self.table if rows else self.empty)
        if rows:
            keys = [row.draft_id for row in rows]
            self.table.select(keys.index(before.draft_id) if before is not None and before.draft_id in keys else 0)
            current = self.table.current_row()
            if current is not None:
                self.card.show_row(current)
        self.card.setVisible(bool(rows))
        self._write_header(len(rows))

    def _say_empty(self) -> None:
        if self.words.text() or self._states:
            self.empty.say(
                translate("Reports", "No report fits"),
                translate("Reports", "Change the words or choose All."),
            )
        else:
            self.empty.say(
                translate("Reports", "No report yet"),
                translate("Reports", "A draft appears when main tester and checker have signed the raw record."),
            )

    def _filter(self, states: frozenset[ReportState]) -> None:
        self._states = states
        for made, known in zip(self.filters, FILTERS, strict=True):
            _check(made, known == states)
        self.reload()

    def _choose(self, row: ReportRow) -> None:
        self.card.show_row(row)
        self.side.setFixedWidth(Size.SIDE)
        self.side.setCurrentWidget(self.card)
        self._write_header(self.table.rows_model.rowCount())

    def _write_header(self, count: int) -> None:
        hint = translate("Reports", "{0} reports · drop a PDF or scan a report's QR to verify it").format(count)
        self.set_header(Header(hint, keys=self.keys()))


def _table() -> DataTable[ReportRow]:
    return DataTable(
        (
            Column(
                lambda: translate("Reports", "Report"),
                lambda row: row.report_no,
                style=CellStyle.STRONG,
                width=Size.BANNER + Space.XXL,
            ),
            Column(lambda: translate("Reports", "Project"), lambda row: f"{row.project} {row.unit}".strip()),
            Column(
                lambda: translate("Reports", "Sample"),
                lambda row: f"{row.material} · {row.lot_no}",
                style=CellStyle.QUIET,
            ),
            chip_column(lambda: translate("Reports", "State"), state_chip, width=Size.BANNER),
            Column(
                lambda: translate("Reports", "Report code"), lambda row: row.code or "—", width=Size.BANNER + Space.XXL
            ),
            Column(
                lambda: translate("Reports", "Copies"),
                lambda row: str(row.printed) if row.printed else "—",
                style=CellStyle.NUMBER,
                width=Size.PHOTO,
            ),
        )
    )


def _check(made: QPushButton, checked: bool) -> None:
    mark(made, kind="primary" if checked else "")


def _refused(row: ReportRow | None) -> bool:
    stuck = (OutboxState.REFUSED, OutboxState.NEEDS_PERSON)
    return row is not None and row.state is ReportState.APPROVED and row.request_state in stuck


def _unfinished(row: ReportRow | None) -> bool:
    return row is not None and row.state is ReportState.CODED


__all__ = ["FILTERS", "ReportServices", "ReportsPage"]
