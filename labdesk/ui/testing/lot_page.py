"""Measuring: everything a hand adds to one lot, and its evaluation, on one page. Blind: neither project nor maker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QLineEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.clock import WALL
from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.scans import Scan
from labdesk.services.entries import Entries
from labdesk.services.evaluating import Evaluating
from labdesk.services.lost_runs import LostRuns
from labdesk.services.lot_desk import LotDesk, LotLine, LotView, RunLine, RunStanding
from labdesk.services.mark_moving import MarkMoving
from labdesk.services.review_gaps import RunGaps
from labdesk.ui.gaps.gap_flow import GapFlow
from labdesk.ui.i18n import language
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.testing.entry_table import EntryTable
from labdesk.ui.testing.live_result import LiveResult
from labdesk.ui.testing.lot_flows import EntryFlow, LiveFlow, VerdictFlow
from labdesk.ui.testing.mark_flow import MarkFlow
from labdesk.ui.testing.result_view import ResultView
from labdesk.ui.testing.runs_table import Invalid, InvalidateFlow, runs_table
from labdesk.ui.testing.words import verdict_chip
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import Card, beside, page_margins
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.key_hints import KeyHints
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate

_TYPING_PAUSE_MS = 200


@dataclass
class LotChoice:
    """Which lot the measuring page shows next: the bench writes it, the page takes it."""

    number: str = ""

    def take(self) -> str:
        """The lot that was chosen, once."""
        chosen, self.number = self.number, ""
        return chosen


@dataclass(frozen=True)
class LotDeps:
    """What the measuring page works with.

    Attributes:
        desk, entries, evaluating, lost: services.
        choice: the lot another page chose.
        submit: hands the lot's raw record over for signing; ``None`` where that is not possible.
        marks: moves marks of curves by hand; ``None`` where that is not possible.
        gaps: takes on runs with samples missing; ``None`` where that is not possible.
    """

    desk: LotDesk
    entries: Entries
    evaluating: Evaluating
    lost: LostRuns
    choice: LotChoice = field(default_factory=LotChoice)
    submit: Callable[[str], object] | None = None
    marks: MarkMoving | None = None
    gaps: RunGaps | None = None


class LotPage(Page):
    """The lots in work, and one of them."""

    def __init__(self, context: PageContext, deps: LotDeps) -> None:
        super().__init__(context)
        self.deps = deps
        self.view: LotView | None = None
        self.search, self.lots = QLineEdit(), DataTable[LotLine](_columns())
        self.empty, self.entries, self.runs = EmptyState(Icon.RULER), EntryTable(), runs_table()
        self.live, self.result = LiveResult(), ResultView()
        self.stack, self.list, self.hints = QStackedWidget(), QStackedWidget(), KeyHints(0)
        self._cards = (Card(), Card())
        _lay_out(self, self._cards)
        self.flow = EntryFlow(context, deps.entries, self.entries, self)
        self.so_far = LiveFlow(context, deps.evaluating, self.entries, self.live)
        self.verdicts = VerdictFlow(context, deps.evaluating, self)
        self.invalidate = InvalidateFlow(self)
        self.marks = MarkFlow(context, deps.marks, self)
        self.gaps = GapFlow(context, deps.gaps, self)
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.search.textEdited.connect(lambda text: self._pause.start())
        self._pause.timeout.connect(self.load_list)
        self.search.returnPressed.connect(self._open_first)
        self.lots.opened.connect(lambda line: self.open(line.number))
        self.flow.stored.connect(self._renew)
        self.verdicts.ended.connect(self._on_evaluated)
        self.marks.ended.connect(self._on_evaluated)
        self.gaps.ended.connect(self._renew)
        self.runs.chosen.connect(lambda line: self.keys_changed.emit())
        self.keys_changed.connect(lambda: self.hints.show_actions(self.keys()))
        self.invalidate.given.connect(self._on_invalid)

    def on_shown(self) -> None:
        """The lot another page chose, or what is open, renewed."""
        chosen = self.deps.choice.take() or (self.view.line.number if self.view is not None else "")
        if chosen:
            self.open(chosen)
        else:
            self.load_list()

    def on_left(self) -> None:
        """What is typed is stored on leaving the field; what was refused stays typed."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()
        self.flow.leave()

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """A label of a piece opens its lot."""
        del scan
        if code.kind is not CodeKind.SPECIMEN:
            return False
        Query(self.context.ops, self, lambda: self.deps.desk.lot_of_label(code.body)).then(self.open).start()
        return True

    def keys(self) -> tuple[KeyAction, ...]:
        """What is possible with this lot."""
        return lot_keys(self)

    def retranslate(self) -> None:
        """Sets all texts."""
        self.search.setPlaceholderText(translate("Measure", "Number, material, grade or label; Enter opens the first"))
        self.empty.say(
            translate("Measure", "No lot is being tested"),
            translate("Measure", "What reception takes in appears here. Scan a label to open its lot."),
        )
        self._cards[0].set_title(translate("Measure", "Measured by hand · kept exactly as typed"))
        self._cards[1].set_title(translate("Measure", "Loadings · F8 declares the selected one invalid"))
        self.result.retranslate()
        self.live.retranslate()
        self.marks.sheet.retranslate()
        self.gaps.sheet.retranslate()
        self.refresh_header()

    def load_list(self) -> None:
        """The lots that fit the words."""
        words = self.search.text()
        Query(self.context.ops, self, lambda: self.deps.desk.lots(words)).then(self._show_list).start()

    def open(self, lot_no: str) -> None:
        """Opens a lot; one that is open is renewed."""
        Query(self.context.ops, self, lambda: self.deps.desk.view(lot_no)).then(self._show_view).start()

    def close_lot(self) -> None:
        """Back to the list."""
        self.flow.leave()
        self.view = None
        self.stack.setCurrentIndex(0)
        self.load_list()
        self.refresh_header()

    def show_part(self, index: int) -> None:
        """Measuring (1) or result (2)."""
        self.stack.setCurrentIndex(index)
        if index == 1:
            self.entries.focus_first_empty()
        self.refresh_header()

    def refresh_header(self) -> None:
        """What is open, and what is left to do."""
        view = self.view
        if view is None:
            self.set_header(
                Header(translate("Measure", "Lots in work"), translate("Measure", "Scan a label to open its lot"))
            )
        else:
            line = view.line
            left = translate("Measure", "{0} of {1} loaded · {2} things missing")
            if not view.missing:
                left = translate("Measure", "{0} of {1} loaded · nothing missing")
            title = " ".join(
                part for part in (line.material, line.grade, f"{line.size} mm" if line.size else "") if part
            )
            words = f" · {line.words[language()]}" if line.words is not None else ""
            left = left.format(line.loaded, line.to_load, len(view.missing)) if line.to_load else _left(view)
            self.set_header(Header(f"{line.number} · {title}{words}", left))
        self.keys_changed.emit()

    def _renew(self, lot_no: str) -> None:
        if self.view is not None and self.view.line.number == lot_no:
            self.open(lot_no)

    def _on_evaluated(self, lot_no: str) -> None:
        if self.view is not None and self.view.line.number == lot_no:
            self.show_part(2)
            self.open(lot_no)

    def _open_first(self) -> None:
        self._pause.stop()
        words = self.search.text()
        Query(self.context.ops, self, lambda: self.deps.desk.lots(words)).then(self._on_found).start()

    def _on_found(self, lines: list[LotLine]) -> None:
        self._show_list(lines)
        if lines:
            self.open(lines[0].number)

    def _show_list(self, lines: list[LotLine]) -> None:
        self.lots.show_rows(lines)
        self.list.setCurrentIndex(0 if lines or self.search.text() else 1)

    def _show_view(self, view: LotView) -> None:
        fresh = self.view is None or self.view.line.number != view.line.number
        if fresh and self.view is not None:
            self.flow.leave()
        self.view = view
        self.flow.turn_to(view.line.number, view.fields)
        self.so_far.turn_to(view)
        self.runs.show_rows(view.runs)
        self._cards[1].setVisible(bool(view.runs or view.line.to_load))
        self.result.show_view(view)
        if fresh:
            self.marks.leave()
            self.gaps.leave()
            self.show_part(1)
        self.refresh_header()

    def _on_invalid(self, invalid: Invalid) -> None:
        session, run = self.context.session(), invalid.run
        Command(
            self.context.ops, self, lambda: self.deps.lost.invalidate(run.id, invalid.reason, invalid.spare, session)
        ).then(lambda done: self.open(run.lot_no)).start()


def lot_keys(page: LotPage) -> tuple[KeyAction, ...]:
    """What is possible with the lot that is open."""

    def is_open() -> bool:
        return page.view is not None

    def evaluate() -> None:
        if page.view is not None:
            page.entries.hand_over()
            page.verdicts.evaluate(page.view.line.number)

    def submit() -> None:
        if page.view is not None and page.deps.submit is not None:
            page.deps.submit(page.view.line.number)

    def move_marks() -> None:
        if page.view is not None:
            page.marks.ask(page.view.line.number)

    def has_gap() -> bool:
        return page.view is not None and any(line.standing is RunStanding.GAP for line in page.view.runs)

    def decide_gap() -> None:
        if page.view is not None:
            page.gaps.ask(page.view.line.number)

    def may_submit() -> bool:
        ready = page.view is not None and page.view.newest is not None and not page.view.missing
        return ready and page.deps.submit is not None

    return (
        KeyAction("F6", lambda: translate("Measure", "Measure"), partial(page.show_part, 1), is_open),
        KeyAction("F7", lambda: translate("Measure", "Result"), partial(page.show_part, 2), is_open),
        KeyAction(
            "F8",
            lambda: translate("Measure", "Run invalid"),
            partial(_ask_invalid, page),
            lambda: _usable(page) is not None,
        ),
        KeyAction("F9", lambda: translate("Measure", "Move marks"), move_marks, lambda: page.marks.may(page.view)),
        KeyAction("F10", lambda: translate("Measure", "Evaluate"), evaluate, is_open),
        KeyAction("F11", lambda: translate("Measure", "Gap in a curve"), decide_gap, has_gap),
        KeyAction("F12", lambda: translate("Measure", "Submit for signing"), submit, may_submit),
        KeyAction("Esc", lambda: translate("Measure", "All lots"), page.close_lot, is_open),
    )


def _left(view: LotView) -> str:
    """Of a lot that nothing is loaded of: the edition it is measured by, and what is left."""
    edition = view.form.rules if view.form is not None else ""
    left = translate("Measure", "{0} things missing").format(len(view.missing))
    if not view.missing:
        left = translate("Measure", "nothing missing")
    return f"{edition} · {left}" if edition else left


def _usable(page: LotPage) -> RunLine | None:
    """The selected loading, or the only one, if it may be declared invalid."""
    if page.view is None or page.stack.currentIndex() != 1:
        return None
    lines = page.view.runs
    line = page.runs.current_row() or (lines[0] if len(lines) == 1 else None)
    done = (RunStanding.INVALID, RunStanding.NOT_LOADED, RunStanding.OPEN, RunStanding.UNBROKEN)
    return line if line is not None and line.standing not in done else None


def _ask_invalid(page: LotPage) -> None:
    line = _usable(page)
    if line is not None and page.view is not None:
        page.invalidate.ask(line.run, page.view.spares)


def _lay_out(page: LotPage, boxes: tuple[Card, Card]) -> None:
    """The list; entries above loadings; the result."""
    entries, runs = boxes
    table = Card()
    table.flush()
    table.body.addWidget(page.lots)
    page.list.addWidget(table)
    page.list.addWidget(page.empty)
    lots = _column(page.search, page.list)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    holder = _column(page.entries)
    holder.layout().addStretch(1)  # type: ignore[union-attr]
    scroll.setWidget(holder)
    entries.body.addWidget(scroll, 1)
    runs.body.addWidget(page.runs)
    work = _column(entries, runs)
    work.layout().setStretch(0, 2)  # type: ignore[union-attr]
    work.layout().setStretch(1, 1)  # type: ignore[union-attr]
    measuring = beside(work, page.live, wide=work)
    for part in (lots, measuring, page.result):
        page.stack.addWidget(part)
    layout = QVBoxLayout(page)
    page_margins(layout)
    layout.addWidget(page.stack, 1)
    layout.addWidget(page.hints)


def _column(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
    layout.setSpacing(Space.M)
    for widget in widgets:
        layout.addWidget(widget)
    return holder


def _material(line: LotLine) -> str:
    return line.material if line.words is None else f"{line.material} · {line.words[language()]}"


def _columns() -> tuple[Column[LotLine], ...]:
    def due(line: LotLine) -> str:
        return line.due.astimezone(WALL).strftime("%m-%d %H:%M") if line.due is not None else "–"

    def verdict(line: LotLine) -> Chip:
        if line.verdict is not None:
            return verdict_chip(line.verdict)
        if line.loaded >= line.to_load:
            return Chip(ChipState.WARN, translate("Measure", "to be measured"))
        return Chip(ChipState.QUIET, translate("Measure", "testing"))

    return (
        Column(lambda: translate("Measure", "Lot"), lambda line: line.number, style=CellStyle.STRONG, width=170),
        Column(lambda: translate("Measure", "Material"), _material),
        Column(lambda: translate("Measure", "Grade"), lambda line: line.grade, width=120),
        Column(lambda: translate("Measure", "Size, mm"), lambda line: line.size, style=CellStyle.NUMBER, width=100),
        Column(lambda: translate("Measure", "Due"), due, style=CellStyle.QUIET, width=130),
        Column(
            lambda: translate("Measure", "Loaded"),
            lambda line: f"{line.loaded} / {line.to_load}" if line.to_load else "–",
            style=CellStyle.NUMBER,
            width=100,
        ),
        chip_column(lambda: translate("Measure", "State"), verdict, width=170),
    )
