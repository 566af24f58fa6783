"""The sync page: one line that says how things stand, the messages, the selected one with its receipt or its trouble."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout

from labdesk.domain.outbox import OutboxState
from labdesk.domain.people import Role
from labdesk.domain.sync_ports import SyncReport
from labdesk.services.sync_desk import SyncDesk, SyncOverview, SyncRow
from labdesk.ui.errors import NoticeState
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.sync.message_card import MessageCard
from labdesk.ui.sync.words import kind_word, moment, overview_verdict, sentence, span, state_chip
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.banner import VerdictBanner
from labdesk.ui.widgets.basics import Card, button, page_margins
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.sheets import ReasonSheet
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate
#: Groups of states as people ask for them.
FILTERS: tuple[frozenset[OutboxState], ...] = (
    frozenset(),
    frozenset({OutboxState.QUEUED, OutboxState.SENT}),
    frozenset({OutboxState.REFUSED, OutboxState.NEEDS_PERSON}),
    frozenset({OutboxState.ACKNOWLEDGED}),
    frozenset({OutboxState.CLOSED}),
)


class SyncPage(Page):
    """What waits for the platform."""

    def __init__(self, context: PageContext, desk: SyncDesk) -> None:
        super().__init__(context)
        self._desk = desk
        self._states = FILTERS[0]
        self._overview: SyncOverview | None = None
        self.banner, self.words = VerdictBanner(), QLineEdit()
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self.reload)
        self.filters = [button(pressed=partial(self._filter, states)) for states in FILTERS]
        self.table: DataTable[SyncRow] = self._make_table()
        self.card, self.empty = MessageCard(), EmptyState(Icon.SYNC)
        self.stack = QStackedWidget()
        self.reason = ReasonSheet(self)
        self.table.chosen.connect(self._choose)
        self.card.again.clicked.connect(lambda: self._send_again())
        self.card.close_it.clicked.connect(lambda: self._ask_reason())
        self.reason.given.connect(self._close)
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
        columns = QHBoxLayout()
        columns.setSpacing(Space.L)
        columns.addWidget(rows, 1)
        columns.addWidget(self.card)
        outer = QVBoxLayout(self)
        page_margins(outer)
        outer.addWidget(self.banner)
        outer.addLayout(line)
        outer.addLayout(columns, 1)

    def _make_table(self) -> DataTable[SyncRow]:
        return DataTable(
            (
                Column(
                    lambda: translate("Sync", "Made"),
                    lambda row: moment(row.message.created_at, self._now),
                    style=CellStyle.QUIET,
                    width=Size.BANNER - Space.XL,
                ),
                Column(
                    lambda: translate("Sync", "What"),
                    lambda row: kind_word(row.kind),
                    style=CellStyle.STRONG,
                    width=Size.BANNER + Space.XXL,
                ),
                Column(lambda: translate("Sync", "About"), lambda row: row.about, width=Size.BANNER + Space.XL),
                Column(
                    lambda: translate("Sync", "Commission"),
                    lambda row: row.commission_no,
                    style=CellStyle.QUIET,
                    width=Size.BANNER + Space.XL,
                ),
                chip_column(lambda: translate("Sync", "State"), state_chip, width=Size.BANNER + Space.L),
                Column(lambda: translate("Sync", "Receipt or reason"), self._short, style=CellStyle.QUIET),
            )
        )

    @property
    def _now(self) -> datetime:
        if self._overview is not None:
            return self._overview.now
        return self.context.session().since

    def _short(self, row: SyncRow) -> str:
        if row.closure is not None:
            return row.closure.reason
        if row.reason is not None:
            return sentence(row.reason)
        if row.receipt is not None and row.receipt.received_at is not None:
            return translate("Sync", "receipt {0}").format(moment(row.receipt.received_at, self._now))
        waited = int((self._now - row.message.created_at).total_seconds() // 60)
        return translate("Sync", "waits {0}").format(span(waited))

    # ---- hooks ----------------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        """Reads anew."""
        self.reload()

    def keys(self) -> tuple[KeyAction, ...]:
        """Keys of the page and of a stuck message."""
        row = self.table.current_row()
        stuck = row is not None and row.stuck
        person = self.context.session().person
        may_close = person.may(Role.QUALITY) or person.may(Role.ADMINISTRATOR)
        return (
            KeyAction("F9", lambda: translate("Sync", "try now"), self._try_now),
            KeyAction("F5", lambda: translate("Sync", "send again"), self._send_again, lambda: stuck),
            KeyAction("F8", lambda: translate("Sync", "close"), self._ask_reason, lambda: stuck and may_close),
            KeyAction("Ctrl+F", lambda: translate("Sync", "search"), self.words.setFocus),
        )

    def retranslate(self) -> None:
        """All texts anew."""
        self.words.setPlaceholderText(translate("Sync", "Number of report, lot, receipt or commission"))
        captions = (
            translate("Sync", "All"),
            translate("Sync", "Waiting"),
            translate("Sync", "Needs a person"),
            translate("Sync", "Arrived"),
            translate("Sync", "Closed"),
        )
        for made, caption, states in zip(self.filters, captions, FILTERS, strict=True):
            made.setText(caption)
            _check(made, states == self._states)
        self.reload()

    # ---- reading --------------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Reads overview and messages."""
        words, states, desk = self.words.text(), self._states, self._desk

        def show(found: tuple[SyncOverview, tuple[SyncRow, ...]]) -> None:
            if (words, states) == (self.words.text(), self._states):
                self._show(*found)

        Query(self.context.ops, self, lambda: (desk.overview(), desk.messages(words, states))).then(show).start()

    def _show(self, overview: SyncOverview, rows: tuple[SyncRow, ...]) -> None:
        self._overview = overview
        self.banner.show_verdict(overview_verdict(overview))
        before = self.table.current_row()
        self.table.show_rows(rows)
        if not rows:
            self.empty.say(
                translate("Sync", "Nothing here"),
                translate("Sync", "Whatever the laboratory does is told to the platform by itself and listed here."),
            )
        self.stack.setCurrentWidget(self.table if rows else self.empty)
        self.card.setVisible(bool(rows))
        ids = [row.message.id for row in rows]
        if rows:
            self.table.select(ids.index(before.message.id) if before is not None and before.message.id in ids else 0)
            current = self.table.current_row()
            if current is not None:
                self._choose(current)
        self._write_header()

    def _choose(self, row: SyncRow) -> None:
        self.card.show_row(row, self._now)
        self.card.close_it.setEnabled(any(key.key == "F8" and key.enabled() for key in self.keys()))
        self._write_header()

    def _filter(self, states: frozenset[OutboxState]) -> None:
        self._states = states
        for made, known in zip(self.filters, FILTERS, strict=True):
            _check(made, known == states)
        self.reload()

    def _write_header(self) -> None:
        self.set_header(Header(keys=self.keys()))

    # ---- doing ----------------------------------------------------------------------------------------------------------

    def _try_now(self) -> None:
        Query(self.context.ops, self, self._desk.try_now).then(self._tried).start()

    def _tried(self, report: SyncReport) -> None:
        if report.problems:
            self.context.errors.tell(
                NoticeState.WARN,
                translate("Sync", "The platform could not be reached; everything is kept and tried again."),
            )
        else:
            self.context.errors.tell(
                NoticeState.OK, translate("Sync", "{0} arrived just now.").format(len(report.acknowledged))
            )
        self.reload()

    def _send_again(self) -> None:
        row, session = self.table.current_row(), self.context.session()
        if row is not None:
            self._do(partial(self._desk.send_again, row.message.id, session))

    def _ask_reason(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.reason.ask(
                translate("Sync", "Close without arriving"),
                translate("Sync", "It stays on record with your name and reason; what waits behind it goes on."),
            )

    def _close(self, reason: str) -> None:
        row, session = self.table.current_row(), self.context.session()
        if row is not None:
            self._do(partial(self._desk.close, row.message.id, reason, session))

    def _do(self, work: Callable[[], object]) -> None:
        Command(self.context.ops, self, work).then(lambda result: self.reload()).start()


def _check(made: QPushButton, checked: bool) -> None:
    mark(made, kind="primary" if checked else "")
