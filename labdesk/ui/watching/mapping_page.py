"""Watched machines: what people must look at, and a new source with its columns beside what LabDesk needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout

from labdesk.domain.machines import Machine
from labdesk.domain.sentences import say_known
from labdesk.domain.watching import SourceKind, WatchedSource
from labdesk.services.watched.proposing import Proposal
from labdesk.services.watched.tables import TableShape
from labdesk.services.watching import MAY_CHANGE, Preview, ToldSource, Watcher
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.tokens import Space
from labdesk.ui.watching.both import BothPages
from labdesk.ui.watching.fields import FieldsCard
from labdesk.ui.watching.notices import NoticesCard
from labdesk.ui.watching.place import PlaceCard
from labdesk.ui.watching.words import field_name
from labdesk.ui.widgets.basics import page_margins, row, wrapped
from labdesk.ui.widgets.table import CellStyle, Column, DataTable

translate = QCoreApplication.translate

_SETTLE_S = 10


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
        self.notices = NoticesCard(context, deps.watcher, self)
        self.place, self.fields = PlaceCard(deps.methods), FieldsCard()
        self.previews = DataTable[Preview](self._preview_columns())
        self.sources = wrapped(role="quiet")
        self._told: tuple[ToldSource, ...] = ()
        self.place.body.addWidget(self.previews)
        self.place.body.addWidget(self.sources)
        self.place.read_pressed.connect(self.read)
        self.place.changed.connect(self._on_kind)
        self.fields.changed.connect(self._say_header)
        self.notices.counted.connect(lambda count: self._say_header())
        self.notices.told.connect(self._tell_sources)
        layout = QVBoxLayout(self)
        page_margins(layout)
        layout.addWidget(self.notices)
        layout.addLayout(row(self.place, self.fields, gap=Space.L), 1)
        self.retranslate()

    def keys(self) -> tuple[KeyAction, ...]:
        """Read, preview, register; review or assign the chosen notice."""
        notices = self.notices
        return (
            KeyAction("F5", lambda: translate("Watching", "Read"), self.read, self._may),
            KeyAction("F6", lambda: translate("Watching", "Preview"), self.preview, self._complete),
            KeyAction("F8", lambda: translate("Watching", "Register"), self.register, self._complete),
            KeyAction(
                "F7",
                lambda: translate("Watching", "Review"),
                notices.ask_review,
                lambda: self._may() and notices.can_review(),
            ),
            KeyAction(
                "F9",
                lambda: translate("Watching", "Assign"),
                notices.ask_label,
                lambda: self._may() and notices.can_assign(),
            ),
        )

    def on_shown(self) -> None:
        """Machines and notices anew."""
        Query(self.context.ops, self, self._deps.machines).then(self._show_machines).start()
        self.notices.load()

    def retranslate(self) -> None:
        """All texts."""
        self.place.retranslate()
        self.fields.retranslate()
        self._tell_sources(self._told)
        self._say_header()

    def source(self) -> WatchedSource:
        """The source as it stands on the page."""
        person, place = self.context.session().person, self.place
        folder = {"pattern": place.pattern.text().strip() or "*", "specimen": "name"}
        return WatchedSource(
            id="",
            name=place.name.text().strip(),
            machine_id=str(place.machine.currentData() or ""),
            kind=place.source_kind,
            location=place.location.text().strip(),
            mapping=folder if place.source_kind is SourceKind.FOLDER else self.fields.mapping(),
            settle_s=_SETTLE_S,
            method=place.method.currentText(),
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
        self.notices.load()

    def _show_machines(self, machines: list[Machine]) -> None:
        self.place.show_machines(machines)
        self._say_header()

    def _tell_sources(self, sources: tuple[ToldSource, ...]) -> None:
        """What is watched already: name, machine, who answers for it."""
        self._told = sources
        line = translate("Watching", "{0}: {1}, answered for by {2}")
        told = [line.format(each.source.name, each.machine, each.responsible) for each in sources]
        self.sources.setText("\n".join([translate("Watching", "Watched now"), *told]) if told else "")
        self.sources.setVisible(bool(told))

    def _on_kind(self) -> None:
        self.fields.setEnabled(self.place.source_kind is not SourceKind.FOLDER)
        self._say_header()

    def may_open(self) -> bool:
        """Whether whoever is signed in may change sources or review."""
        return any(self.context.session().person.may(role) for role in MAY_CHANGE)

    def _may(self) -> bool:
        return not self.notices.asking and self.may_open()

    def _complete(self) -> bool:
        """Whether everything is said that must be: the mapping with its units, or a folder."""
        if not self._may() or not self.place.is_said():
            return False
        mapping = self.fields.mapping()
        said = {"key", "specimen"} <= set(mapping) and not self.fields.missing_units()
        return said or self.place.source_kind is SourceKind.FOLDER

    def _say_header(self) -> None:
        count = self.notices.table.rows_model.rowCount()
        subtitle = translate("Watching", "{0} to review").format(count) if count else ""
        self.set_header(Header(subtitle, keys=self.keys()))
        self.keys_changed.emit()

    def _preview_columns(self) -> tuple[Column[Preview], ...]:
        return (
            Column(lambda: translate("Watching", "Record"), lambda each: each.key, style=CellStyle.STRONG, width=70),
            Column(lambda: translate("Watching", "Specimen"), lambda each: each.specimen_label or "–", width=110),
            Column(
                lambda: translate("Watching", "Peak, kN"),
                lambda each: "–" if each.peak_kn is None else f"{each.peak_kn:.3f}",
                style=CellStyle.NUMBER,
                width=80,
            ),
            Column(
                lambda: translate("Watching", "Samples"),
                lambda each: str(each.samples),
                style=CellStyle.NUMBER,
                width=60,
            ),
            Column(lambda: translate("Watching", "Says"), self._previewed),
        )

    def _previewed(self, item: Preview) -> str:
        if not item.problem:
            return item.state
        told = {"record": item.key, "reason": item.detail, **item.params}
        return say_known(item.problem, self.context.language(), told)


def with_watching(context: PageContext, first: Page, watching: MappingPage) -> BothPages:
    """A page of machines with the watched ones behind a key."""
    captions = (lambda: translate("Watching", "Watched files"), lambda: translate("Watching", "Machines"))
    return BothPages(context, (first, watching), captions, watching.may_open)
