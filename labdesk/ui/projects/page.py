"""The projects page: search by code or name; parties, letters with their validity, commissions and lots of the chosen project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.clock import WALL
from labdesk.domain.commission import Commission
from labdesk.domain.people import Field
from labdesk.domain.projects import PartyRole, Project, SiteRole
from labdesk.domain.specimens import Lot
from labdesk.services.projects import Letter, LetterState, ProjectRecord, Projects
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, beside, column, page_margins
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.facts import Fact, FactList
from labdesk.ui.widgets.list_keys import ListKeys
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate
_ROWS_SHOWN = 4
Row = TypeVar("Row")


class ProjectsPage(Page):
    """Projects."""

    def __init__(self, context: PageContext, projects: Projects) -> None:
        super().__init__(context)
        self._projects = projects
        self._record: ProjectRecord | None = None
        self.search = QLineEdit()
        self.list: DataTable[Project] = DataTable(_project_columns())
        self.facts = FactList()
        self.letters: DataTable[Letter] = DataTable(_letter_columns())
        self.commissions: DataTable[Commission] = DataTable(_commission_columns(self))
        self.lots: DataTable[Lot] = DataTable(_lot_columns())
        self.cards = tuple(Card() for _ in range(4))
        self.empty = EmptyState(Icon.PROJECTS)
        self.stack = QStackedWidget()
        self._build()
        self.search.textChanged.connect(self.reload)
        ListKeys(self.search, self.list)
        self.list.chosen.connect(self._choose)
        self.retranslate()

    def _build(self) -> None:
        found = Card()
        found.flush()
        found.body.addWidget(self.list)
        found.setFixedWidth(Size.SIDE)
        tables: tuple[QWidget, ...] = (self.facts, self.letters, self.commissions, self.lots)
        inner = QWidget()
        rows = column(*self.cards, gap=Space.L)
        rows.addStretch(1)
        inner.setLayout(rows)
        for card, widget in zip(self.cards, tables, strict=True):
            card.body.addWidget(widget)
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroller.setWidget(inner)
        self.stack.addWidget(beside(found, scroller, wide=scroller))
        self.stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        page_margins(outer)
        outer.addWidget(self.search)
        outer.addWidget(self.stack, 1)

    # ---- hooks ----------------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        """Reads the list anew."""
        self.reload()
        self.search.setFocus()

    def keys(self) -> tuple[KeyAction, ...]:
        """The page's keys."""
        return (
            KeyAction("Ctrl+F", lambda: translate("Projects", "search"), self.search.setFocus),
            KeyAction("Up", lambda: translate("Projects", "previous"), lambda: self.list.step(-1)),
            KeyAction("Down", lambda: translate("Projects", "next"), lambda: self.list.step(1)),
        )

    def retranslate(self) -> None:
        """All texts anew."""
        self.search.setPlaceholderText(translate("Projects", "Project code or name"))
        titles = (
            translate("Projects", "Parties"),
            translate("Projects", "Letters of authorisation"),
            translate("Projects", "Commissions"),
            translate("Projects", "Received lots"),
        )
        for card, title in zip(self.cards, titles, strict=True):
            card.set_title(title)
        if self._record is not None:
            self._show(self._record)
        self._say_empty()
        self.set_header(Header("", translate("Projects", "Records come from the provincial platform")))

    # ---- reading --------------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Reads the projects that fit the words."""
        words = self.search.text()

        def show(found: list[Project]) -> None:
            if self.search.text() == words:
                self._show_list(found)

        Query(self.context.ops, self, lambda: self._projects.search(words)).then(show).start()

    def is_received(self, commission: Commission) -> bool:
        """Whether something of a commission was received."""
        return self._record is not None and commission.number in self._record.received

    def _show_list(self, found: list[Project]) -> None:
        before = self.list.current_row()
        self.list.show_rows(found)
        self.stack.setCurrentIndex(0 if found else 1)
        self._say_empty()
        if found:
            codes = [project.code for project in found]
            at = codes.index(before.code) if before is not None and before.code in codes else 0
            self.list.select(at)
            self._choose(found[at])

    def _choose(self, project: Project) -> None:
        def show(record: ProjectRecord | None) -> None:
            current = self.list.current_row()
            if record is not None and current is not None and current.code == project.code:
                self._show(record)

        Query(self.context.ops, self, lambda: self._projects.record(project.code)).then(show).start()

    def _show(self, record: ProjectRecord) -> None:
        self._record = record
        self.facts.show_facts(_facts(record.project))
        _fill(self.letters, record.letters)
        _fill(self.commissions, record.commissions)
        _fill(self.lots, record.lots)
        self.cards[1].setVisible(bool(record.letters))
        self.cards[2].setVisible(bool(record.commissions))
        self.cards[3].setVisible(bool(record.lots))
        self.set_header(Header(record.project.code, translate("Projects", "Records come from the provincial platform")))

    def _say_empty(self) -> None:
        if self.search.text().strip():
            line = translate("Projects", "Nothing found")
            self.empty.say(line, translate("Projects", "No project here has this code or name."))
        else:
            line = translate("Projects", "No project yet")
            self.empty.say(line, translate("Projects", "Projects come with the platform's records at the next sync."))


def _fill(table: DataTable[Row], rows: Sequence[Row]) -> None:
    """Shows rows; the table is as high as a few of them, and scrolls beyond."""
    table.show_rows(rows)
    shown = max(1, min(_ROWS_SHOWN, len(rows)))
    table.setFixedHeight(Size.TABLE_HEADER + shown * Size.ROW + Space.XS)


def _facts(project: Project) -> list[Fact]:
    found = [
        Fact(translate("Projects", "Project"), project.name, strong=True),
        Fact(translate("Projects", "Address"), project.address),
        Fact(translate("Projects", "Units"), "、".join(unit.name for unit in project.units)),
    ]
    return found + [Fact(_role_word(party.role), party.name) for party in project.parties]


def _role_word(role: PartyRole) -> str:
    return {
        PartyRole.CLIENT: translate("Projects", "Client"),
        PartyRole.SURVEYOR: translate("Projects", "Surveyor"),
        PartyRole.DESIGNER: translate("Projects", "Designer"),
        PartyRole.CONTRACTOR: translate("Projects", "Contractor"),
        PartyRole.SUPERVISOR: translate("Projects", "Supervisor"),
        PartyRole.AUTHORITY: translate("Projects", "Authority"),
    }[role]


def _letter_chip(letter: Letter) -> Chip:
    return {
        LetterState.VALID: Chip(ChipState.OK, translate("Projects", "valid")),
        LetterState.NOT_YET: Chip(ChipState.WARN, translate("Projects", "not yet valid")),
        LetterState.EXPIRED: Chip(ChipState.BAD, translate("Projects", "expired")),
    }[letter.state]


def _site_role(role: SiteRole) -> str:
    return translate("Projects", "Sampler") if role is SiteRole.SAMPLER else translate("Projects", "Witness")


def _days(first: date, last: date) -> str:
    return f"{first.isoformat()} – {last.isoformat()}"


def _project_columns() -> tuple[Column[Project], ...]:
    return (
        Column(
            lambda: translate("Projects", "Project code"),
            lambda project: project.code,
            style=CellStyle.STRONG,
            width=2 * Size.RAIL,
        ),
        Column(lambda: translate("Projects", "Project"), lambda project: project.name),
    )


def _letter_columns() -> tuple[Column[Letter], ...]:
    return (
        Column(lambda: translate("Projects", "Person"), lambda row: row.letter.person.name, width=Size.RAIL - Space.S),
        Column(
            lambda: translate("Projects", "Acts as"), lambda row: _site_role(row.letter.role), width=Size.RAIL - Space.S
        ),
        Column(lambda: translate("Projects", "Company"), lambda row: row.letter.person.company),
        Column(lambda: translate("Projects", "Letter"), lambda row: row.letter.letter_no, width=Size.RAIL + Space.XXL),
        Column(
            lambda: translate("Projects", "Validity"),
            lambda row: _days(row.letter.valid_from, row.letter.valid_to),
            width=2 * Size.RAIL + Space.L,
        ),
        chip_column(lambda: translate("Projects", "Today"), _letter_chip, Size.RAIL + Space.XXL),
    )


def _commission_columns(page: ProjectsPage) -> tuple[Column[Commission], ...]:
    def chip(commission: Commission) -> Chip:
        if page.is_received(commission):
            return Chip(ChipState.OK, translate("Projects", "received"))
        return Chip(ChipState.QUIET, translate("Projects", "arrived"))

    return (
        Column(
            lambda: translate("Projects", "Commission"),
            lambda row: row.number,
            style=CellStyle.STRONG,
            width=2 * Size.RAIL - Space.L,
        ),
        Column(lambda: translate("Projects", "Unit"), lambda row: row.unit_name, width=Size.RAIL),
        Column(
            lambda: translate("Projects", "Contents"),
            lambda row: "；".join(dict.fromkeys(f"{lot.material} · {lot.part}" for lot in row.lots)),
        ),
        Column(
            lambda: translate("Projects", "Issued"),
            lambda row: row.issued_at.astimezone(WALL).strftime("%Y-%m-%d"),
            width=Size.RAIL + Space.XXL,
        ),
        chip_column(lambda: translate("Projects", "State"), chip, Size.RAIL + Space.XXL),
    )


def _lot_columns() -> tuple[Column[Lot], ...]:
    return (
        Column(
            lambda: translate("Projects", "Sample no."),
            lambda lot: lot.number,
            style=CellStyle.STRONG,
            width=2 * Size.RAIL - Space.L,
        ),
        Column(lambda: translate("Projects", "Field"), lambda lot: _field_word(lot.field), width=2 * Size.RAIL),
        Column(lambda: translate("Projects", "Part"), lambda lot: lot.part),
        Column(
            lambda: translate("Projects", "Pieces"),
            lambda lot: str(len(lot.specimens)),
            style=CellStyle.NUMBER,
            width=Size.RAIL,
        ),
        Column(
            lambda: translate("Projects", "Received"),
            lambda lot: lot.received_at.astimezone(WALL).strftime("%Y-%m-%d"),
            width=Size.RAIL + Space.XXL,
        ),
    )


def _field_word(field: Field) -> str:
    words = {
        Field.STEEL: translate("Projects", "Steel"),
        Field.CONCRETE: translate("Projects", "Concrete"),
        Field.MATERIALS: translate("Projects", "Materials"),
    }
    return words.get(field, field.value)
