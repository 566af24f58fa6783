"""The review page: queue at the left, curve and values in the middle, custody, notices and signatures at the right.

J and K walk the queue, arrows the specimens, P the photos, G the runs with a gap; A signs with the PIN again, R returns with a
reason. What was opened is kept as it is opened; whoever has not seen everything is told what is left instead of being asked for a PIN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.clock import Clock
from labdesk.domain.reporting import CurveDrawing
from labdesk.services.review import ReviewService
from labdesk.services.review_desk import PhotoLine, Queue, QueueItem, ReviewDesk, ReviewDetails
from labdesk.services.review_facts import CUSTODY_ITEM, ENTRIES_ITEM, curve_item
from labdesk.services.review_gaps import RunGaps
from labdesk.ui.gaps.gap_flow import GapFlow
from labdesk.ui.gaps.gap_note import GapNote, gaps_waiting
from labdesk.ui.i18n import language
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.review.photo_sheet import PhotoSheet
from labdesk.ui.review.queue_list import QueueList, item_key
from labdesk.ui.review.side import ReviewSide
from labdesk.ui.review.signing import Signing, may_ask
from labdesk.ui.review.specimen_card import SpecimenCard, Tab
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, page_margins
from labdesk.ui.widgets.empty import EmptyState

translate = QCoreApplication.translate
_QUEUE_WIDTH = 2 * Size.RAIL + Space.XXL


@dataclass(frozen=True)
class ReviewServices:
    """What the page works with."""

    service: ReviewService
    desk: ReviewDesk
    clock: Clock
    gaps: RunGaps | None = None


@dataclass(frozen=True)
class _Loaded:
    """A subject with its photos, as read in one go."""

    details: ReviewDetails
    photos: tuple[PhotoLine, ...]


class ReviewPage(Page):
    """Review and signing."""

    def __init__(self, context: PageContext, services: ReviewServices) -> None:
        super().__init__(context)
        self._services = services
        self._loaded: _Loaded | None = None
        self._item: QueueItem | None = None
        self.queue, self.card, self.side = QueueList(), SpecimenCard(), ReviewSide()
        self.empty, self.gap_note = EmptyState(Icon.REVIEW), GapNote()
        self.stack = QStackedWidget()
        self._build()
        self.signing, self.photos = Signing(self, context, services.service), PhotoSheet(self)
        self.gaps = GapFlow(context, services.gaps, self)
        self.queue.chosen.connect(self._choose)
        for pressed in (self.gap_note, self.empty.action):
            pressed.clicked.connect(lambda: self.gaps.ask())
        self.gaps.ended.connect(lambda lot_no: self.reload())
        self.gap_note.counted.connect(self.retranslate)
        self.signing.done.connect(self.reload)
        self.photos.opened.connect(self._seen)
        self.side.strip.opened.connect(self._show_photos)
        self.card.tabs.currentChanged.connect(self._on_tab)
        self.retranslate()

    def _build(self) -> None:
        queue_card = Card()
        queue_card.setFixedWidth(_QUEUE_WIDTH)
        queue_card.body.setContentsMargins(Space.XS, Space.S, Space.XS, Space.S)
        queue_card.body.addWidget(self.gap_note)
        queue_card.body.addWidget(self.queue)
        work = QWidget()
        columns = QHBoxLayout(work)
        columns.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        columns.setSpacing(Space.L)
        columns.addWidget(queue_card)
        columns.addWidget(self.card, 1)
        columns.addWidget(self.side)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(work)
        outer = QVBoxLayout(self)
        page_margins(outer)
        outer.addWidget(self.stack)
        self._work = work

    # ---- hooks ----------------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        """Reads the queue anew."""
        self.reload()

    def keys(self) -> tuple[KeyAction, ...]:
        """The page's keys; what is not possible is not shown."""
        ready = self._loaded is not None
        return (
            KeyAction("J", lambda: translate("Review", "next"), lambda: self.queue.step(1), lambda: ready),
            KeyAction("K", lambda: translate("Review", "previous"), lambda: self.queue.step(-1), lambda: ready),
            KeyAction("Right", lambda: translate("Review", "specimen"), lambda: self._step(1), lambda: ready),
            KeyAction(
                "G", lambda: gaps_waiting(self.gap_note.count), lambda: self.gaps.ask(), lambda: self.gap_note.count > 0
            ),
            KeyAction(
                "P",
                lambda: translate("Review", "photos"),
                self._show_photos,
                lambda: bool(self._loaded and self._loaded.photos),
            ),
            KeyAction(
                "A",
                lambda: translate("Review", "sign"),
                partial(self._ask, self.signing.ask_pin),
                lambda: may_ask(self._details),
            ),
            KeyAction(
                "R",
                lambda: translate("Review", "return"),
                partial(self._ask, self.signing.ask_reason),
                lambda: may_ask(self._details) and bool(self._details and self._details.facts.subject_id),
            ),
        )

    def handle_key(self, event: QKeyEvent) -> bool:
        """The printed keys first, then the quiet ones; none while a sheet asks something."""
        if self.signing.asking or self.photos.isVisible() or self.gaps.asking:
            return False
        if super().handle_key(event):
            return True
        quiet: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Left: lambda: self._step(-1),
            **{
                key: partial(self.card.tabs.setCurrentIndex, tab)
                for key, tab in zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3), Tab, strict=True)
            },
        }
        act = quiet.get(event.key())
        if act is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or event.isAutoRepeat():
            return False
        act()
        return True

    def retranslate(self) -> None:
        """All texts anew."""
        count = self.gap_note.count
        self.empty.say(
            translate("Review", "Nothing waits for a signature"),
            translate("Review", "Raw records and reports appear here as soon as a lot is evaluated and submitted."),
            f"{gaps_waiting(count)}   G" if count else "",
        )
        self.gap_note.retranslate()
        self.gaps.sheet.retranslate()
        self.card.retranslate()
        self.side.retranslate()
        if self._loaded is not None:
            self._show(self._loaded)
        self._write_header()

    # ---- reading --------------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Reads the queue; the selected entry stays selected."""
        person = self.context.session().person
        Query(self.context.ops, self, lambda: self._services.desk.queue(person)).then(self._show_queue).start()
        if (gaps := self._services.gaps) is not None:
            Query(self.context.ops, self, gaps.waiting).then(self.gap_note.show_runs).start()

    def _show_queue(self, queue: Queue) -> None:
        if not (queue.mine or queue.others):
            self._loaded, self._item = None, None
            self.queue.show_queue(queue, self._services.clock.now())
            self.stack.setCurrentWidget(self.empty)
        else:
            self.stack.setCurrentWidget(self._work)
            self.queue.show_queue(queue, self._services.clock.now())
        self._write_header()

    def _choose(self, item: QueueItem) -> None:
        self._item = item
        person = self.context.session().person
        desk = self._services.desk

        def read() -> _Loaded:
            details = (
                desk.details(item.subject, item.subject_id, person)
                if item.subject_id
                else desk.details_of_lot(item.lot_no, person)
            )
            return _Loaded(details, desk.photos(details.facts))

        Query(self.context.ops, self, read).then(lambda loaded: self._take(item, loaded)).start()

    def _take(self, item: QueueItem, loaded: _Loaded) -> None:
        if self._item is None or item_key(self._item) != item_key(item):
            return  # somebody went on meanwhile
        fresh = self._loaded is None or self._loaded.details.facts.subject_id != loaded.details.facts.subject_id
        self._loaded = loaded
        self._show(loaded, keep=not fresh)
        self._seen(CUSTODY_ITEM)
        self._on_tab(self.card.tabs.currentIndex())

    def _on_tab(self, tab: int) -> None:
        """Entries that are in front count as opened."""
        loaded = self._loaded
        if tab == Tab.ENTRIES and loaded is not None and ENTRIES_ITEM in loaded.details.items:
            self._seen(ENTRIES_ITEM)

    def _show(self, loaded: _Loaded, *, keep: bool = False) -> None:
        details = loaded.details
        commission = details.facts.commission
        place = f"{commission.project_name} {commission.unit_name}" if commission is not None else ""
        title = f"{details.facts.number}  {details.facts.lot.material} {place}".rstrip()
        if not keep:
            self.card.show_details(details, title)
            self._draw()
        self.side.show_details(details, self._services.clock.now())
        self.side.show_photos(loaded.photos, details.seen)
        self._write_header()

    def _step(self, by: int) -> None:
        if self.card.step(by):
            self._draw()

    def _draw(self) -> None:
        """Reads and draws the curve of the specimen in front; once drawn it counts as opened."""
        loaded, shown = self._loaded, self.card.label_shown
        if loaded is None or not shown:
            return
        facts, words = loaded.details.facts, language()
        desk = self._services.desk

        def drawn(drawing: CurveDrawing | None) -> None:
            if self.card.label_shown == shown and self._loaded is not None:
                self.card.show_curve(drawing)
                if drawing is not None:
                    self._seen(curve_item(shown))

        Query(self.context.ops, self, lambda: desk.curve(facts, shown, words)).then(drawn).start()

    # ---- what was opened ------------------------------------------------------------------------------------------------

    def _seen(self, item: str) -> None:
        loaded = self._loaded
        if loaded is None or not loaded.details.facts.subject_id or item in loaded.details.seen:
            return
        refusal = loaded.details.refusal
        if refusal is not None and refusal.key != "review.not_seen":
            return  # looking on is not reviewing
        facts, session = loaded.details.facts, self.context.session()
        service = self._services.service

        def keep() -> ReviewDetails:
            service.view(facts.subject, facts.subject_id, item, session)
            return self._services.desk.details(facts.subject, facts.subject_id, session.person)

        Command(self.context.ops, self, keep).then(self._note_seen).start()

    def _note_seen(self, details: ReviewDetails) -> None:
        if self._loaded is not None and self._loaded.details.facts.subject_id == details.facts.subject_id:
            self._loaded = replace(self._loaded, details=details)
            self._show(self._loaded, keep=True)

    def _show_photos(self, position: int = 0) -> None:
        if self._loaded is not None and self._loaded.photos:
            self.photos.show_photos(self._loaded.photos, position)

    # ---- signing --------------------------------------------------------------------------------------------------------

    @property
    def _details(self) -> ReviewDetails | None:
        return self._loaded.details if self._loaded is not None else None

    def _ask(self, question: Callable[[ReviewDetails], None]) -> None:
        if self._details is not None:
            question(self._details)

    def _write_header(self) -> None:
        queue = self.queue.queue
        subtitle = translate("Review", "{0} wait for you · {1} for others").format(len(queue.mine), len(queue.others))
        if self._loaded is not None:
            details = self._loaded.details
            subtitle += " · " + translate("Review", "opened {0} of {1}").format(len(details.seen), len(details.items))
        self.set_header(Header(subtitle, keys=self.keys()))
        self.keys_changed.emit()
