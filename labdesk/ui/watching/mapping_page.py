"""Watched machines: what people must look at, and a new source with its columns beside what LabDesk needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLineEdit, QVBoxLayout

from labdesk.domain.machines import Machine
from labdesk.domain.sentences import say_known
from labdesk.domain.watching import SourceKind, WatchedRecord, WatchedSource
from labdesk.services.watched.proposing import SHOWN_KINDS, Proposal
from labdesk.services.watched.tables import TableShape
from labdesk.services.watching import MAY_CHANGE, Preview, Watcher
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.tokens import Size, Space
from labdesk.ui.watching.fields import FieldsCard
from labdesk.ui.watching.words import event_name, field_name, kind_name, notice_sentence
from labdesk.ui.widgets.basics import Card, button, label, page_margins, row
from labdesk.ui.widgets.sheets import ReasonSheet
from labdesk.ui.widgets.table import CellStyle, Column, DataTable

translate = QCoreApplication.translate

_SETTLE_S = 10
_KINDS = (*SHOWN_KINDS, SourceKind.FOLDER)


@dataclass(frozen=True)
class WatchDeps:
    """What the page works with: the watcher, the machines, and the methods a machine's tests may have."""

    watcher: Watcher
    machines: Callable[[], list[Machine]]
    methods: tuple[str, ...]


class MappingPage(Page):
    """Notices above, the assistant below."""

    def __init__(self, context: PageContext, deps: WatchDeps) -> None:
        super().__init__(context)
        self._deps = deps
        self.notices = DataTable[WatchedRecord](self._notice_columns())
        self.previews = DataTable[Preview](self._preview_columns())
        self.kind, self.machine, self.method = QComboBox(), QComboBox(), QComboBox()
        self.name, self.location, self.pattern = QLineEdit(), QLineEdit(), QLineEdit("*.csv")
        self._captions = {
            name: label(role="label") for name in ("kind", "location", "pattern", "name", "machine", "method")
        }
        self._browse, self._read = button(pressed=self._choose), button(kind="primary", pressed=self.read)
        self.fields = FieldsCard()
        self.reason = ReasonSheet(self)
        self.reason.given.connect(self._review)
        for kind in _KINDS:
            self.kind.addItem("", kind)
        self.method.addItems(deps.methods)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.fields.changed.connect(self._on_fields)
        self._build()
        self.retranslate()
        self._on_kind()

    def _build(self) -> None:
        above, below = Card(), Card()
        above.flush()
        above.body.addWidget(self.notices)
        above.setMaximumHeight(Size.SIDE)
        below.body.addLayout(self._grid())
        below.body.addWidget(self.previews)
        below.setMinimumWidth(Size.SIDE)
        layout = QVBoxLayout(self)
        page_margins(layout)
        layout.addWidget(above)
        layout.addLayout(row(below, self.fields, gap=Space.L), 1)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        fields = (self.kind, self.location, self.pattern, self.name, self.machine, self.method)
        for line, (caption, field) in enumerate(zip(self._captions.values(), fields, strict=True)):
            grid.addWidget(caption, line, 0)
            grid.addWidget(field, line, 1)
        grid.addWidget(self._browse, 1, 2)
        grid.addWidget(self._read, 2, 2)
        grid.setColumnStretch(1, 1)
        return grid

    # ---- hooks --------------------------------------------------------------------------------------------------------

    def keys(self) -> tuple[KeyAction, ...]:
        """Read, preview, register; review the chosen notice."""
        return (
            KeyAction("F5", lambda: translate("Watching", "Read"), self.read, self._may),
            KeyAction("F6", lambda: translate("Watching", "Preview"), self.preview, self._complete),
            KeyAction("F8", lambda: translate("Watching", "Register"), self.register, self._complete),
            KeyAction("F7", lambda: translate("Watching", "Review"), self.ask_review, self._reviewable),
        )

    def on_shown(self) -> None:
        """Machines and notices anew."""
        Query(self.context.ops, self, self._deps.machines).then(self._show_machines).start()
        self._load()

    def _load(self) -> None:
        Query(self.context.ops, self, self._deps.watcher.notices).then(self._show_notices).start()

    def retranslate(self) -> None:
        """All texts."""
        words = {
            "kind": translate("Watching", "Kind"),
            "location": translate("Watching", "Where it is"),
            "pattern": translate("Watching", "Which files"),
            "name": translate("Watching", "Name"),
            "machine": translate("Watching", "Machine"),
            "method": translate("Watching", "Method"),
        }
        for name, caption in self._captions.items():
            caption.setText(words[name])
        for at, kind in enumerate(_KINDS):
            self.kind.setItemText(at, kind_name(kind))
        self._browse.setText(translate("Watching", "Browse …"))
        self._read.setText(translate("Watching", "Read   F5"))
        self.fields.retranslate()
        self._say_header()

    # ---- the assistant ------------------------------------------------------------------------------------------------

    def source(self) -> WatchedSource:
        """The source as it stands on the page."""
        person = self.context.session().person
        kind = SourceKind(self.kind.currentData())
        folder = {"pattern": self.pattern.text().strip() or "*", "specimen": "name"}
        return WatchedSource(
            id="",
            name=self.name.text().strip(),
            machine_id=str(self.machine.currentData() or ""),
            kind=kind,
            location=self.location.text().strip(),
            mapping=folder if kind is SourceKind.FOLDER else self.fields.mapping(),
            settle_s=_SETTLE_S,
            method=self.method.currentText(),
            responsible_id=person.id,
            responsible_name=person.name,
        )

    def read(self) -> None:
        """Tables and columns of the database, with the proposal; files of a folder are previewed at once."""
        source = self.source()
        if source.kind is SourceKind.FOLDER:
            self.preview()
            return
        Query(self.context.ops, self, lambda: self._deps.watcher.propose(source)).then(self._show_proposal).start()

    def preview(self) -> None:
        """What the first records would become."""
        source = self.source()
        Query(self.context.ops, self, lambda: self._deps.watcher.preview(source)).then(self._show_previews).start()

    def register(self) -> None:
        """Keep the source; the next round looks at it."""
        source, session = self.source(), self.context.session()
        Command(self.context.ops, self, lambda: self._deps.watcher.register(source, session)).then(
            self._registered
        ).start()

    def _show_proposal(self, found: tuple[Proposal, tuple[TableShape, ...]]) -> None:
        proposal, shapes = found
        self.fields.show_proposal(proposal, shapes)
        if proposal.missing:
            names = ", ".join(field_name(name) for name in proposal.missing)
            self.context.errors.tell(NoticeState.WARN, translate("Watching", "Not found: {0}").format(names))

    def _show_previews(self, found: tuple[Preview, ...]) -> None:
        self.previews.show_rows(found)
        if not found:
            self.context.errors.tell(NoticeState.INFO, translate("Watching", "There is no record yet."))

    def _registered(self, source: WatchedSource) -> None:
        text = translate("Watching", "{0} is stored and watched from now on.").format(source.name)
        self.context.errors.tell(NoticeState.OK, text)
        self._load()

    # ---- notices ------------------------------------------------------------------------------------------------------

    def ask_review(self) -> None:
        """Ask for words on the chosen notice."""
        record = self.notices.current_row()
        if record is not None:
            self.reason.ask(
                translate("Watching", "Review of record {0}").format(record.record_key),
                notice_sentence(record, self.context.language()),
            )

    def _review(self, words: str) -> None:
        record, session = self.notices.current_row(), self.context.session()
        self.reason.close_sheet()
        if record is not None:
            review = self._deps.watcher.review
            Command(self.context.ops, self, lambda: review(record.id, words, session)).then(
                lambda _: self._load()
            ).start()

    def _show_notices(self, found: list[WatchedRecord]) -> None:
        self.notices.show_rows(found)
        if found:
            self.notices.select(0)
        self._say_header()

    # ---- small things -------------------------------------------------------------------------------------------------

    def _show_machines(self, machines: list[Machine]) -> None:
        chosen = self.machine.currentData()
        self.machine.clear()
        for each in machines:
            self.machine.addItem(f"{each.number} · {each.name}", each.id)
        self.machine.setCurrentIndex(max(0, self.machine.findData(chosen)))
        self.keys_changed.emit()

    def _choose(self) -> None:
        if SourceKind(self.kind.currentData()) is SourceKind.FOLDER:
            chosen = QFileDialog.getExistingDirectory(self)
        else:
            chosen, _ = QFileDialog.getOpenFileName(self)
        if chosen:
            self.location.setText(chosen)
            self.name.setText(self.name.text() or Path(chosen).stem)

    def _on_kind(self) -> None:
        folder = SourceKind(self.kind.currentData()) is SourceKind.FOLDER
        self.fields.setEnabled(not folder)
        self.pattern.setEnabled(folder)
        self.keys_changed.emit()

    def _on_fields(self) -> None:
        self._say_header()

    def _may(self) -> bool:
        person = self.context.session().person
        return not self.reason.isVisible() and any(person.may(role) for role in MAY_CHANGE)

    def _complete(self) -> bool:
        """Whether everything is said that must be: the mapping with its units, or a folder."""
        if not self._may() or not self.location.text().strip() or not self.machine.currentData():
            return False
        mapping = self.fields.mapping()
        folder = SourceKind(self.kind.currentData()) is SourceKind.FOLDER
        return folder or ("key" in mapping and "specimen" in mapping and not self.fields.missing_units())

    def _reviewable(self) -> bool:
        return self._may() and self.notices.current_row() is not None

    def _say_header(self) -> None:
        count = self.notices.rows_model.rowCount()
        subtitle = translate("Watching", "{0} to review").format(count) if count else ""
        self.set_header(Header(subtitle, keys=self.keys()))
        self.keys_changed.emit()

    def _notice_columns(self) -> tuple[Column[WatchedRecord], ...]:
        return (
            Column(
                lambda: translate("Watching", "Record"), lambda each: each.record_key, style=CellStyle.STRONG, width=160
            ),
            Column(lambda: translate("Watching", "Noticed"), lambda each: event_name(each.event), width=110),
            Column(lambda: translate("Watching", "Specimen"), lambda each: each.specimen_label or "–", width=140),
            Column(
                lambda: translate("Watching", "What it means"),
                lambda each: notice_sentence(each, self.context.language()),
            ),
        )

    def _preview_columns(self) -> tuple[Column[Preview], ...]:
        return (
            Column(lambda: translate("Watching", "Record"), lambda each: each.key, style=CellStyle.STRONG, width=120),
            Column(lambda: translate("Watching", "Specimen"), lambda each: each.specimen_label or "–", width=140),
            Column(
                lambda: translate("Watching", "Largest force, kN"),
                lambda each: "–" if each.peak_kn is None else f"{each.peak_kn:.3f}",
                style=CellStyle.NUMBER,
                width=140,
            ),
            Column(
                lambda: translate("Watching", "Samples"),
                lambda each: str(each.samples),
                style=CellStyle.NUMBER,
                width=90,
            ),
            Column(lambda: translate("Watching", "Says"), self._previewed),
        )

    def _previewed(self, item: Preview) -> str:
        if not item.problem:
            return item.state
        told = {"record": item.key, "reason": item.detail, **item.params}
        return say_known(item.problem, self.context.language(), told)
