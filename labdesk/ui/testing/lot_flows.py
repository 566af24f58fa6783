"""Storing what is typed, and evaluating: each with the question why, where something stored would be replaced."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from labdesk.domain.errors import OperatorError
from labdesk.domain.testing import Entry
from labdesk.services.entries import Entries, EntryField
from labdesk.services.evaluating import Evaluating, Live
from labdesk.services.lot_desk import LotView
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import PageContext
from labdesk.ui.testing.entry_table import EntryTable, Key
from labdesk.ui.testing.live_result import LiveResult
from labdesk.ui.testing.words import caption_word, choice_word, said_error
from labdesk.ui.widgets.sheets import Placement, ReasonSheet

translate = QCoreApplication.translate

_TYPING_PAUSE_MS = 150


class EntryFlow(QObject):
    """From the table into the store.

    Signals:
        stored(str): a value of this lot was stored.
    """

    stored = Signal(str)

    def __init__(self, context: PageContext, entries: Entries, table: EntryTable, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._entries, self._table = context, entries, table
        self.lot_no = ""
        self._drafts: dict[str, dict[Key, str]] = {}
        self._corrections: list[tuple[str, EntryField, str]] = []
        self.reason = ReasonSheet(page, Placement.CENTRE)
        self.reason.given.connect(self._correct)
        self.reason.cancelled.connect(self._give_up)
        table.entered.connect(self.keep)

    def turn_to(self, lot_no: str, fields: tuple[EntryField, ...]) -> None:
        """Shows a lot's fields, with what was typed before and not stored."""
        if lot_no == self.lot_no:
            self._table.renew_fields(fields)
        else:
            self._table.show_fields(fields)
        self.lot_no = lot_no
        self._table.restore(self._drafts.pop(lot_no, {}))

    def leave(self) -> None:
        """Remembers what is typed and not stored."""
        if self.lot_no:
            self._drafts[self.lot_no] = self._table.drafts()

    def keep(self, item: EntryField, text: str, reason: str = "") -> None:
        """Stores an entry; a correction asks why, a refusal leaves the text where it is."""
        lot_no, session = self.lot_no, self._context.session()

        def stored(entry: Entry | None) -> None:
            if lot_no == self.lot_no:
                self._table.stored(item, entry.text if entry is not None else item.current)
            self.stored.emit(lot_no)

        def refused(error: Exception) -> None:
            asks = isinstance(error, OperatorError) and error.key == "testing.correction_needs_reason"
            if lot_no == self.lot_no:
                self._table.refused(item, "" if asks else said_error(error))
            if asks:
                self._corrections.append((lot_no, item, text))
                self._ask()
            elif not isinstance(error, OperatorError):
                self._context.errors.report(error)

        Command(self._context.ops, self, lambda: self._entries.enter(lot_no, item, text, session, reason)).then(
            stored
        ).otherwise(refused).start()

    def _ask(self) -> None:
        if not self._corrections or self.reason.isVisible():
            return
        lot_no, item, text = self._corrections[0]
        title = translate("Measure", "Why is the value corrected?")
        sentence = translate("Measure", "{0} · {1}: {2} becomes {3}. The old value stays on record.")
        self.reason.ask(
            title,
            sentence.format(item.label or lot_no, caption_word(item), choice_word(item.current), choice_word(text)),
            (translate("Measure", "Misread"), translate("Measure", "Mistyped"), translate("Measure", "Measured again")),
        )

    def _correct(self, reason: str) -> None:
        lot_no, item, text = self._corrections.pop(0)
        if lot_no == self.lot_no:
            self.keep(item, text, reason)
        self._ask()

    def _give_up(self) -> None:
        lot_no, item, _ = self._corrections.pop(0)
        if lot_no == self.lot_no:
            self._table.reset(item)
        self._ask()


class LiveFlow(QObject):
    """Beside the sheet: what would come out of what stands there, stored or not."""

    def __init__(self, context: PageContext, evaluating: Evaluating, table: EntryTable, shown: LiveResult) -> None:
        super().__init__(shown)
        self._context, self._evaluating, self._table, self._shown = context, evaluating, table, shown
        self._lot_no = ""
        self._asked = 0
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        table.changed.connect(self._pause.start)

    def turn_to(self, view: LotView) -> None:
        """Shows a lot's results; lots without a sheet have none here."""
        self._lot_no = view.line.number if view.form is not None else ""
        self._shown.setVisible(view.form is not None)
        if view.form is not None:
            self._shown.show_form(view.form, view.newest.evaluation if view.newest is not None else None)
            self._ask()

    def _ask(self) -> None:
        lot_no = self._lot_no
        if not lot_no:
            return
        self._asked += 1
        number, typed = self._asked, self._table.drafts()

        def told(live: Live) -> None:
            if number == self._asked:
                self._shown.show_live(live)

        def refused(error: Exception) -> None:
            if number == self._asked:
                self._shown.show_trouble(said_error(error))

        Query(self._context.ops, self, lambda: self._evaluating.live(lot_no, typed)).then(told).otherwise(
            refused
        ).start()


class VerdictFlow(QObject):
    """Evaluates and keeps.

    Signals:
        ended(str): an evaluation of this lot was stored, or refused in words.
    """

    ended = Signal(str)

    def __init__(self, context: PageContext, evaluating: Evaluating, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._evaluating = context, evaluating
        self._lot_no = ""
        self.reason = ReasonSheet(page, Placement.CENTRE)
        self.reason.given.connect(lambda reason: self.evaluate(self._lot_no, reason))

    def evaluate(self, lot_no: str, reason: str = "") -> None:
        """Evaluates a lot; a second evaluation that differs asks why."""
        self._lot_no = lot_no
        session = self._context.session()

        def refused(error: Exception) -> None:
            if isinstance(error, OperatorError) and error.key == "testing.reason_needed" and not reason:
                self._ask()
                return
            self._context.errors.report(error)
            self.ended.emit(lot_no)

        Command(self._context.ops, self, lambda: self._evaluating.evaluate(lot_no, session, reason)).then(
            lambda stored: self.ended.emit(lot_no)
        ).otherwise(refused).start()

    def _ask(self) -> None:
        self.reason.ask(
            translate("Measure", "Why evaluate again?"),
            translate("Measure", "The earlier evaluation stays; this one stands beside it."),
            (translate("Measure", "A value was corrected"), translate("Measure", "A run was replaced")),
        )
