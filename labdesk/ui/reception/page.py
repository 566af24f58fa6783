"""The reception page: a commission is scanned and opens; every piece is looked at and scanned; what does not match is refused.

Everything works by scanner and keyboard: Space (looked sound) then the scan of the tag; F6 and F7 mark damage; F8 refuses; F9
holds for a paper and releases; F10 completes. Nothing modal: questions are sheets inside the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.commission import Commission, LotOrder
from labdesk.domain.errors import LabDeskError
from labdesk.domain.reception import Hold, ReceptionView
from labdesk.domain.scans import Scan
from labdesk.services.receiving import Received, Receiving
from labdesk.services.reception import ReceptionDesk
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.reception import actions
from labdesk.ui.reception.arrived import ArrivedList
from labdesk.ui.reception.done import Document, DonePanel
from labdesk.ui.reception.flow import CounterFlow
from labdesk.ui.reception.pieces import PieceRow, PieceTable
from labdesk.ui.reception.sheets import PaperQuestion, PaperSheet, SamplingPhotos
from labdesk.ui.reception.side import CounterSide
from labdesk.ui.reception.verdicts import for_done
from labdesk.ui.sounds import Tone
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.banner import VerdictBanner
from labdesk.ui.widgets.basics import Card, page_margins
from labdesk.ui.widgets.photos import Photo

translate = QCoreApplication.translate


@dataclass(frozen=True)
class ReceptionPageDeps:
    """What the page works with.

    Attributes:
        load_photo: bytes of a photo by its hash, ``None`` where it has not arrived; runs off the main thread.
        open_document: opens a stored PDF by its hash under a file name; runs on the main thread.
    """

    desk: ReceptionDesk
    receiving: Receiving
    load_photo: Callable[[str], bytes | None]
    open_document: Callable[[str, str], object]


@dataclass(frozen=True)
class _Opened:
    """What was read of a commission when it opened: how it stands, the papers it needs, and what was received."""

    view: ReceptionView
    papers: tuple[str, ...]
    received: Received | None


class ReceptionPage(Page):
    """Reception."""

    def __init__(self, context: PageContext, deps: ReceptionPageDeps) -> None:
        super().__init__(context)
        self.deps = deps
        self._received: Received | None = None
        self.papers_needed: tuple[str, ...] = ()
        self._photos: dict[int, tuple[Photo, ...]] = {}
        self._lot: LotOrder | None = None
        self.arrived, self.banner = ArrivedList(), VerdictBanner()
        self.table, self.side, self.done = PieceTable(), CounterSide(), DonePanel()
        self.stack, self.left = QStackedWidget(), QStackedWidget()
        self._build()
        self.flow = CounterFlow(context, deps.desk, deps.receiving, self)
        self.papers, self.viewer = PaperSheet(self), SamplingPhotos(self)
        self.asked: Callable[[frozenset[str]], object] = lambda papers: None
        _connect(self)
        self.retranslate()

    def _build(self) -> None:
        pieces = Card()
        pieces.flush()
        pieces.body.addWidget(self.table)
        self.left.addWidget(pieces)
        self.left.addWidget(self.done)
        self._counter = QWidget()
        columns = QHBoxLayout()
        columns.setSpacing(Space.L)
        columns.addWidget(self.left, 1)
        columns.addWidget(self.side)
        rows = QVBoxLayout(self._counter)
        rows.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        rows.setSpacing(Space.L)
        rows.addWidget(self.banner)
        rows.addLayout(columns, 1)
        self.stack.addWidget(self.arrived)
        self.stack.addWidget(self._counter)
        outer = QVBoxLayout(self)
        page_margins(outer)
        outer.addWidget(self.stack)

    # ---- hooks ----------------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        """Reads the list anew; an open commission stays open and is read again."""
        if self.flow.view is None:
            self.search()
            self.arrived.search.setFocus()

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """A commission opens; a tag is judged."""
        if code.kind not in (CodeKind.COMMISSION, CodeKind.TAG):
            return False
        if self.papers.isVisible() or self.viewer.isVisible():
            _refuse(self, translate("Reception", "Answer the question on the screen first, then scan again."))
        elif code.kind is CodeKind.COMMISSION:
            self.open(code.body)
        elif self.flow.view is None:
            _refuse(self, translate("Reception", "Scan the commission first, then its tags."))
        else:
            self.flow.scan(scan)
        return True

    def keys(self) -> tuple[KeyAction, ...]:
        """The page's keys; what is not possible is not shown."""
        if self.flow.view is None:
            return actions.list_keys(self)
        return actions.counter_keys(self) if self._received is None else actions.done_keys(self)

    def handle_key(self, event: QKeyEvent) -> bool:
        """The printed keys first, then arrows, Enter and digits; none while a sheet asks something."""
        if self.papers.isVisible() or self.viewer.isVisible():
            return False
        if super().handle_key(event):
            return True
        if event.isAutoRepeat() and event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return False
        table = self.arrived.table if self.flow.view is None else self.done.papers if self._received else self.table
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            table.step(-1 if event.key() == Qt.Key.Key_Up else 1)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and table.current_row() is not None:
            table.opened.emit(table.current_row())
            return True
        return False

    def retranslate(self) -> None:
        """All texts anew."""
        self.arrived.retranslate()
        self._refresh()
        self.show_verdict()

    # ---- the list -------------------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Reads the arrived commissions that fit the words."""
        words, desk = self.arrived.search.text(), self.deps.desk

        def read() -> tuple[list[Commission], dict[str, Hold]]:
            return desk.waiting(words), desk.held()

        def show(found: tuple[list[Commission], dict[str, Hold]]) -> None:
            if self.arrived.search.text() == words:
                self.arrived.show_list(*found)

        Query(self.context.ops, self, read).then(show).start()

    def open(self, number: str) -> None:
        """Opens a commission; its reception begins or goes on."""
        session, deps = self.context.session(), self.deps

        def work() -> _Opened:
            view = deps.desk.open(number, session)
            return _Opened(view, deps.receiving.papers_needed(number), deps.receiving.received(number))

        Command(self.context.ops, self, work).then(self._opened).otherwise(self._not_opened).start()

    def back(self) -> None:
        """Esc: takes back a scan or look, else goes to the list."""
        if not self.flow.dismiss():
            self._received, self._lot = None, None
            self.flow.take(None)
            self.search()
            self.arrived.search.setFocus()

    def _opened(self, found: _Opened) -> None:
        view, self._received, self.papers_needed = found.view, found.received, found.papers
        self._photos, self._lot = {}, None
        self.setFocus()
        self.flow.take(view)
        if self._received is not None:
            self.show_done(self._received)

    def _not_opened(self, error: Exception) -> None:
        self.context.sounds.play(Tone.BAD)
        self.context.errors.report(error)

    # ---- the counter ----------------------------------------------------------------------------------------------------

    def ask(self, question: PaperQuestion, then: Callable[[frozenset[str]], object]) -> None:
        """Asks for papers; ``then`` gets what was ticked."""
        self.asked = then
        self.papers.ask(question)

    def show_verdict(self) -> None:
        """The banner follows the flow."""
        view = self.flow.view
        verdict = for_done(view, self._received) if view is not None and self._received else self.flow.verdict()
        if verdict is None:
            self.banner.clear()
        else:
            self.banner.show_verdict(verdict)

    def show_done(self, received: Received) -> None:
        """The reception is complete: numbers and papers."""
        self._received = received
        self._refresh()
        self.show_verdict()

    def choose(self, row: PieceRow) -> None:
        """Another row is in front: its lot's facts and photos."""
        if row.lot != self._lot:
            self._show_lot(row.lot)

    def open_document(self, paper: Document) -> None:
        """Opens a paper to print it."""
        try:
            self.deps.open_document(paper.sha256, f"{paper.number}.pdf".replace(" … ", "_"))
        except LabDeskError as error:
            self.context.errors.report(error)

    def _refresh(self) -> None:
        """Table, facts and keys follow the flow."""
        view = self.flow.view
        self.stack.setCurrentWidget(self.arrived if view is None else self._counter)
        if view is not None:
            self.table.show_view(view)
            self.table.go_to(self.flow.last_tag)
            self.left.setCurrentIndex(0 if self._received is None else 1)
            if self._received is not None:
                self.done.show_done(view, self._received)
            self._show_lot(self._lot or view.commission.lots[0])
            self.side.show_keys(self.keys())
        self._write_header()

    def _show_lot(self, lot: LotOrder) -> None:
        view = self.flow.view
        if view is None:
            return
        self._lot = lot
        self.side.show_lot(view, lot)
        if lot.index in self._photos:
            self.side.show_photos(self._photos[lot.index])
            return
        load, number = self.deps.load_photo, view.commission.number

        def read() -> tuple[Photo, ...]:
            return tuple(Photo(photo.caption, load(photo.sha256)) for photo in lot.sampling.photos)

        def show(photos: tuple[Photo, ...]) -> None:
            if self.flow.view is not None and self.flow.view.commission.number == number:
                self._photos[lot.index] = photos
                if self._lot == lot:
                    self.side.show_photos(photos)
                    self.side.show_keys(self.keys())

        Query(self.context.ops, self, read).then(show).start()

    def _write_header(self) -> None:
        view = self.flow.view
        if view is None:
            hint = translate("Reception", "Scan a commission's code to open it")
            self.set_header(Header("", hint))
        else:
            subtitle = translate("Reception", "Commission {0}").format(view.commission.number)
            self.set_header(Header(subtitle, translate("Reception", "Scan any code to go on · no click needed")))
        self.keys_changed.emit()


def _connect(page: ReceptionPage) -> None:
    page.flow.changed.connect(page._refresh)
    page.flow.said.connect(page.show_verdict)
    page.flow.finished.connect(page.show_done)
    page.arrived.opened.connect(page.open)
    page.arrived.searched.connect(page.search)
    page.table.chosen.connect(page.choose)
    page.table.opened.connect(lambda row: actions.mark_row(page, row))
    page.papers.given.connect(lambda papers: page.asked(papers))
    page.done.wanted.connect(page.open_document)
    page.side.strip.opened.connect(partial(actions.show_photos, page))


def _refuse(page: ReceptionPage, text: str) -> None:
    page.context.sounds.play(Tone.BAD)
    page.context.errors.tell(NoticeState.WARN, text)
