"""Acceptance over a project: groups found and ticked, judged at once with method and reason, kept as a statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.acceptance import AcceptanceStatement
from labdesk.domain.sentences import Language
from labdesk.services.acceptance_choice import Asked, Assessment, Method
from labdesk.services.acceptance_filter import Wanted, found, kinds_of
from labdesk.services.acceptance_selection import SampleGroup, SampleKind
from labdesk.ui.errors import NoticeState
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.projects.group_table import GroupTable
from labdesk.ui.projects.judging import Judging
from labdesk.ui.projects.outcome import OutcomeView
from labdesk.ui.projects.statements import AcceptancePageDeps, StatementsCard
from labdesk.ui.projects.words import group_line, kind_text, method_text
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, beside, column, page_margins, row, wrapped
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.list_keys import ListKeys

translate = QCoreApplication.translate


@dataclass(frozen=True)
class _Read:
    """What was read of a project."""

    groups: list[SampleGroup]
    statements: list[AcceptanceStatement]
    percent: Decimal | None


class KindChooser(QComboBox):
    """What can be assessed together, the largest first; the chosen kind stays when the list is read anew."""

    def show_kinds(self, groups: Sequence[SampleGroup], language: Language) -> None:
        """The kinds of these groups."""
        before = self.chosen()
        self.blockSignals(True)
        self.clear()
        for sample, count in kinds_of(groups):
            self.addItem(kind_text(sample, count, language), sample)
        kept = (place for place in range(self.count()) if self.itemData(place) == before)
        self.setCurrentIndex(next(kept, 0) if self.count() else -1)
        self.blockSignals(False)

    def chosen(self) -> SampleKind | None:
        """The kind in sight."""
        data = self.currentData()
        return data if isinstance(data, SampleKind) else None


class AcceptancePage(Page):
    """The page.

    Signals:
        progressed(str, int, int): while groups of a project are read: its code, samples read, of how many.
    """

    progressed = Signal(str, int, int)

    def __init__(self, context: PageContext, deps: AcceptancePageDeps) -> None:
        super().__init__(context)
        self.deps = deps
        self.groups: list[SampleGroup] = []
        self.assessment: Assessment | None = None
        self._code = ""
        self._percent: Decimal | None = None
        self._reason = ""
        self.words, self.kind, self.method, self.sigma = QLineEdit(), KindChooser(), QComboBox(), QLineEdit()
        self.table, self.detail = GroupTable(context.language), wrapped(role="quiet")
        self.judging = Judging(context.ops, context.errors, self)
        self.outcome, self.statements = OutcomeView(), StatementsCard(context, deps, self)
        self.cards = (Card(), Card(), self.statements)
        self.empty, self.stack = EmptyState(Icon.PROJECTS), QStackedWidget()
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        listed, left, right, scroller = Card(), QWidget(), QWidget(), QScrollArea()
        listed.flush()
        listed.body.addWidget(self.table, 1)
        left.setLayout(column(listed, self.detail))
        self.cards[0].body.addWidget(self.method)
        self.cards[0].body.addWidget(self.sigma)
        self.cards[1].body.addWidget(self.outcome)
        stacked = column(*self.cards, gap=Space.M)
        stacked.addStretch(1)
        right.setLayout(stacked)
        scroller.setWidgetResizable(True)
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroller.setFixedWidth(Size.SHEET - Size.CONTROL)
        scroller.setWidget(right)
        self.kind.setMinimumWidth(Size.SIDE - Space.XXL)
        self.stack.addWidget(beside(left, scroller, wide=left))
        self.stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        page_margins(outer)
        top = row(self.kind, self.words, gap=Space.M)
        top.setStretch(1, 1)
        outer.addLayout(top)
        outer.addWidget(self.stack, 1)

    def _connect(self) -> None:
        for method in Method:
            self.method.addItem("", method)
        self.words.textChanged.connect(self._filter)
        ListKeys(self.words, self.table, self.table.setFocus)
        self.kind.currentIndexChanged.connect(lambda index: self._on_kind())
        self.method.currentIndexChanged.connect(lambda index: self._assess())
        self.sigma.textEdited.connect(lambda text: self._assess())
        self.table.ticked.connect(self._assess)
        self.table.chosen.connect(lambda group: self._say_group(group))
        self.table.refused.connect(
            lambda group: self.context.errors.tell(NoticeState.WARN, group_line(group, {}, self.context.language()))
        )
        self.judging.judged.connect(self._judged)
        self.statements.kept.connect(self.read)
        self.progressed.connect(self._say_progress)
        self.sigma.setVisible(False)

    # ---- hooks ----------------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        """Reads the groups of the project anew; ticks stay where it is the same project."""
        project = self.deps.project()
        code = project.code if project is not None else ""
        if code != self._code:
            self.table.ticks.clear()
            self.groups, self.assessment, self._code = [], None, code
        self.read()
        self.words.setFocus()

    def keys(self) -> tuple[KeyAction, ...]:
        """The page's keys."""

        def some() -> bool:
            return bool(self.groups)

        def kept() -> bool:
            return self.statements.chosen() is not None

        def judged_now() -> bool:
            return self.assessment is not None

        def keep() -> None:
            if self.assessment is not None:
                self.statements.ask_keep(self._code, self.assessment)

        return (
            KeyAction("Space", lambda: translate("Acceptance", "tick"), self.table.tick, some),
            KeyAction("F5", lambda: translate("Acceptance", "all shown"), self.table.tick_all, some),
            KeyAction("F6", lambda: translate("Acceptance", "none"), self.table.tick_none, some),
            KeyAction("F7", lambda: translate("Acceptance", "method"), self.next_method, some),
            KeyAction("F8", lambda: translate("Acceptance", "keep"), keep, judged_now),
            KeyAction("F9", lambda: translate("Acceptance", "print"), self.statements.print_chosen, kept),
            KeyAction("Shift+Space", lambda: translate("Acceptance", "up to here"), self.table.tick_span, some),
            KeyAction("Ctrl+E", lambda: translate("Acceptance", "table"), self.statements.export_chosen, kept),
            KeyAction("Ctrl+K", lambda: translate("Acceptance", "check"), self.statements.check_chosen, kept),
            KeyAction("Ctrl+F", lambda: translate("Acceptance", "search"), self.words.setFocus),
        )

    def retranslate(self) -> None:
        """All texts anew."""
        self.words.setPlaceholderText(
            translate("Acceptance", "Part, sample number or day of casting; 2026-03..2026-04-15 is a span of days")
        )
        self.sigma.setPlaceholderText(
            translate("Acceptance", "σ0 in MPa; empty: from the groups of the 90 days before")
        )
        titles = (
            translate("Acceptance", "Method"),
            translate("Acceptance", "Outcome"),
            translate("Acceptance", "Statements"),
        )
        for card, title in zip(self.cards, titles, strict=True):
            card.set_title(title)
        for place, method in enumerate(Method):
            self.method.setItemText(place, method_text(method))
        self.kind.show_kinds(self.groups, self.context.language())
        self._say_outcome()
        self._say_state()

    # ---- reading --------------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Reads groups and statements; says how far it is while it reads."""
        code, desk = self._code, self.deps.desk
        if not code:
            self._show(_Read([], [], None))
            return

        def work() -> _Read:
            groups = desk.groups(code, lambda done, total: self.progressed.emit(code, done, total))
            return _Read(groups, desk.statements(code), desk.low_group_percent())

        def show(read: _Read) -> None:
            if code == self._code:
                self._show(read)

        Query(self.context.ops, self, work).then(show).start()

    def _show(self, read: _Read) -> None:
        self.groups, self._percent = read.groups, read.percent
        self.table.ticks &= {group.lot_no for group in read.groups}
        self.stack.setCurrentIndex(0 if read.groups else 1)
        for field in (self.kind, self.words):
            field.setEnabled(bool(read.groups))
        self.statements.show_statements(read.statements)
        self.kind.show_kinds(read.groups, self.context.language())
        self._filter()
        self._say_state()
        self._assess()

    def _on_kind(self) -> None:
        """Groups of another kind are never assessed together: their ticks are gone."""
        self.table.ticks.clear()
        self._filter()
        self._assess()

    def _filter(self) -> None:
        before = self.table.current_row()
        rows = found(self.groups, Wanted(self.kind.chosen(), self.words.text()))
        self.table.show_rows(rows)
        if rows:
            numbers = [group.lot_no for group in rows]
            self.table.select(numbers.index(before.lot_no) if before and before.lot_no in numbers else 0)
        self._say_group(self.table.current_row() if rows else None)
        self.keys_changed.emit()

    # ---- judging --------------------------------------------------------------------------------------------------------

    def next_method(self) -> None:
        """The next method in the list."""
        self.method.setCurrentIndex((self.method.currentIndex() + 1) % self.method.count())

    def _assess(self) -> None:
        method = Method(self.method.currentData() or Method.AUTO)
        self.sigma.setVisible(method is Method.KNOWN)
        self.judging.ask(self.groups, frozenset(self.table.ticks), Asked(method, self.sigma.text(), self._percent))

    def _judged(self, done: Assessment | None, reason: str) -> None:
        self.assessment, self._reason = done, reason
        self.table.show_marks(done.marks if done is not None else {})
        self._say_outcome()
        self._say_group(self.table.current_row())
        self._say_state()
        self.keys_changed.emit()

    # ---- words ----------------------------------------------------------------------------------------------------------

    def _say_group(self, group: SampleGroup | None) -> None:
        line = "" if group is None else group_line(group, self.table.marks, self.context.language())
        self.detail.setText(line or translate("Acceptance", "No group holds these words."))

    def _say_outcome(self) -> None:
        if self.assessment is not None:
            self.outcome.show_outcome(self.assessment, self.context.language())
        else:
            hint = translate("Acceptance", "Tick the groups of the lot: the outcome follows at once.")
            self.outcome.say(self._reason or hint, bad=bool(self._reason))

    def _say_state(self) -> None:
        """Header, and what the page says where there is nothing."""
        if self._code:
            line = translate("Acceptance", "No groups of this project")
            sentence = translate("Acceptance", "Cubes of concrete or mortar appear here once they are received.")
        else:
            line = translate("Acceptance", "No project chosen")
            sentence = translate("Acceptance", "Choose one on the page of projects (F10).")
        self.empty.say(line, sentence)
        project = self.deps.project()
        self.set_header(Header(project.name if project is not None else "", keys=self.keys()[:6]))

    def _say_progress(self, code: str, done: int, total: int) -> None:
        if code == self._code and done < total:
            told = translate("Acceptance", "Reading {0} of {1} samples").format(done, total)
            self.set_header(Header(self.header.subtitle, told))
