"""What was noticed of records: one line each, reviewed in words, or assigned to the specimen it belongs to."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from labdesk.domain.watching import WatchedRecord
from labdesk.services.watching import ToldSource, Watcher
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import PageContext
from labdesk.ui.tokens import Size
from labdesk.ui.watching.words import event_name, notice_sentence
from labdesk.ui.widgets.basics import Card
from labdesk.ui.widgets.sheets import ReasonSheet
from labdesk.ui.widgets.table import CellStyle, Column, DataTable

translate = QCoreApplication.translate


class NoticesCard(Card):
    """The table of notices and its two sheets, which open over ``page``.

    Signals:
        counted(int): so many notices are open.
        told(tuple): the sources that are watched (``ToldSource``).
    """

    counted = Signal(int)
    told = Signal(tuple)

    def __init__(self, context: PageContext, watcher: Watcher, page: QWidget) -> None:
        super().__init__()
        self._context, self._watcher = context, watcher
        self._sources: dict[str, ToldSource] = {}
        self.table = DataTable[WatchedRecord](self._columns())
        self.reason, self.label_sheet = ReasonSheet(page), ReasonSheet(page)
        self.reason.given.connect(self._review)
        self.label_sheet.given.connect(self._assign)
        self.flush()
        self.body.addWidget(self.table)
        self.setMaximumHeight(Size.SIDE // 2)

    @property
    def asking(self) -> bool:
        """Whether one of the sheets is open."""
        return self.reason.isVisible() or self.label_sheet.isVisible()

    def load(self) -> None:
        """Notices anew."""
        Query(self._context.ops, self, self._read).then(self._show_read).start()

    def can_review(self) -> bool:
        """Whether a notice is chosen."""
        return self.table.current_row() is not None

    def can_assign(self) -> bool:
        """Whether the chosen notice is a record without a run."""
        record = self.table.current_row()
        return record is not None and bool(record.problem)

    def ask_review(self) -> None:
        """Ask for words on the chosen notice."""
        record = self.table.current_row()
        if record is not None:
            title = translate("Watching", "Review of record {0}").format(record.record_key)
            self.reason.ask(title, notice_sentence(record, self._context.language()))

    def ask_label(self) -> None:
        """Ask which specimen the chosen record belongs to."""
        record = self.table.current_row()
        if record is not None:
            title = translate("Watching", "Specimen's label of record {0}").format(record.record_key)
            self.label_sheet.ask(title, notice_sentence(record, self._context.language()))

    def _review(self, words: str) -> None:
        record, session, review = self.table.current_row(), self._context.session(), self._watcher.review
        self.reason.close_sheet()
        if record is not None:
            Command(self._context.ops, self, lambda: review(record.id, words, session)).then(
                lambda _: self.load()
            ).start()

    def _assign(self, typed: str) -> None:
        record, session, assign = self.table.current_row(), self._context.session(), self._watcher.assign
        self.label_sheet.close_sheet()
        if record is not None:
            Command(self._context.ops, self, lambda: assign(record.id, typed, session)).then(
                lambda _: self.load()
            ).start()

    def _show(self, found: list[WatchedRecord]) -> None:
        self.table.show_rows(found)
        if found:
            self.table.select(0)
        self.counted.emit(len(found))

    def _columns(self) -> tuple[Column[WatchedRecord], ...]:
        return (
            Column(
                lambda: translate("Watching", "Record"), lambda each: each.record_key, style=CellStyle.STRONG, width=160
            ),
            Column(lambda: translate("Watching", "Noticed"), lambda each: event_name(each.event), width=110),
            Column(lambda: translate("Watching", "Specimen"), lambda each: each.specimen_label or "–", width=140),
            Column(lambda: translate("Watching", "Source · machine"), self._source, style=CellStyle.QUIET, width=240),
            Column(lambda: translate("Watching", "What it means"), self._sentence),
        )

    def _read(self) -> tuple[list[WatchedRecord], tuple[ToldSource, ...]]:
        return self._watcher.notices(), self._watcher.told_sources()

    def _show_read(self, found: tuple[list[WatchedRecord], tuple[ToldSource, ...]]) -> None:
        records, sources = found
        self._sources = {each.source.id: each for each in sources}
        self.told.emit(sources)
        self._show(records)

    def _source(self, record: WatchedRecord) -> str:
        told = self._sources.get(record.source_id)
        return f"{told.source.name} · {told.machine}" if told is not None else "–"

    def _sentence(self, record: WatchedRecord) -> str:
        return notice_sentence(record, self._context.language())
