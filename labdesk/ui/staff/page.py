"""The people page: who works here, what they may do and until when; registered, changed and ended by those who may."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout

from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.people import Person, Scope
from labdesk.domain.scans import Scan
from labdesk.services.staff import Staff, StaffLine
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.people.role_names import role_name
from labdesk.ui.staff.changing import Changing
from labdesk.ui.staff.words import field_word, fields_text, state_chip
from labdesk.ui.tokens import Size
from labdesk.ui.widgets.basics import Card, beside, label, page_margins
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.facts import Fact, FactList
from labdesk.ui.widgets.list_keys import ListKeys
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate


class StaffPage(Page):
    """All people, and one of them."""

    def __init__(self, context: PageContext, staff: Staff) -> None:
        super().__init__(context)
        self._staff = staff
        self._name, self.facts = label(role="section"), FactList()
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.table: DataTable[StaffLine] = DataTable(_columns())
        self.empty, self._stack = EmptyState(Icon.PEOPLE), QStackedWidget()
        self._build()
        self.changing = Changing(context, staff, self)
        self.changing.stored.connect(self._on_stored)
        self.search.textChanged.connect(self.reload)
        ListKeys(self.search, self.table)
        self.table.chosen.connect(self._show_line)
        self.table.opened.connect(lambda line: self._change())
        self._wanted = ""
        self.retranslate()

    def _build(self) -> None:
        table = Card()
        table.flush()
        table.body.addWidget(self.table)
        side = Card()
        side.setFixedWidth(Size.SIDE)
        side.body.addWidget(self._name)
        side.body.addWidget(self.facts)
        side.body.addStretch(1)
        self._stack.addWidget(beside(table, side, wide=table))
        self._stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        page_margins(outer)
        outer.addWidget(self.search)
        outer.addWidget(self._stack, 1)

    # ---- hooks ----------------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        """Reads anew."""
        self.reload()
        self.table.setFocus()

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """A badge belongs into the open form."""
        del scan
        return code.kind is CodeKind.BADGE and self.changing.take_badge(code.body)

    def keys(self) -> tuple[KeyAction, ...]:
        """New, change, new PIN, leave or come back; for those who may."""

        def working() -> bool:
            line = self.table.current_row()
            return self.changing.may() and line is not None and line.person.active

        def left() -> bool:
            line = self.table.current_row()
            return self.changing.may() and line is not None and not line.person.active

        doing = self.changing
        return (
            KeyAction("F2", lambda: translate("Staff", "register"), doing.ask_new, doing.may),
            KeyAction("Return", lambda: translate("Staff", "change"), self._change, working),
            KeyAction("F6", lambda: translate("Staff", "new PIN"), self._with(doing.ask_secrets), working),
            KeyAction("F8", lambda: translate("Staff", "leaves"), self._with(doing.ask_end), working),
            KeyAction("F8", lambda: translate("Staff", "take back"), self._with(doing.take_back), left),
            KeyAction("Ctrl+F", lambda: translate("Staff", "search"), self.search.setFocus),
        )

    def retranslate(self) -> None:
        """All texts anew."""
        self.search.setPlaceholderText(translate("Staff", "Name or badge"))
        self.empty.say(
            translate("Staff", "Nobody found"), translate("Staff", "Nobody here has this name or badge. F2 registers.")
        )
        self.changing.retranslate()
        line = self.table.current_row()
        if line is not None:
            self._show_line(line)
        self._say_header()

    # ---- reading --------------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Reads the people who fit the words."""
        words = self.search.text()

        def show(found: list[StaffLine]) -> None:
            if self.search.text() == words:
                self._show(found)

        Query(self.context.ops, self, lambda: self._staff.people(words)).then(show).start()

    def _show(self, found: list[StaffLine]) -> None:
        before = self.table.current_row()
        wanted = self._wanted or (before.person.id if before is not None else "")
        self._wanted = ""
        self.table.show_rows(found)
        self._stack.setCurrentIndex(0 if found else 1)
        if found:
            at = next((place for place, line in enumerate(found) if line.person.id == wanted), 0)
            self.table.select(at)
            self._show_line(found[at])
        self._say_header()

    def _show_line(self, line: StaffLine) -> None:
        person = line.person
        self._name.setText(person.name)
        facts = [
            Fact(translate("Staff", "Badge"), person.badge, strong=True),
            Fact(translate("Staff", "Roles"), "\n".join(role_name(role) for role in person.roles)),
        ]
        facts += [Fact(translate("Staff", "Tests"), _scope_text(scope)) for scope in person.competences]
        facts += [Fact(translate("Staff", "Approves"), _scope_text(scope)) for scope in person.signatory]
        if not person.active:
            facts.append(Fact(translate("Staff", "Left"), f"{person.left_on} · {person.left_because}", state="bad"))
        self.facts.show_facts(facts)
        self._say_header()

    def _on_stored(self, person: Person) -> None:
        self._wanted = person.id
        self.reload()

    def _change(self) -> None:
        line = self.table.current_row()
        if line is not None and line.person.active and self.changing.may():
            self.changing.ask_change(line.person)

    def _with(self, act: Callable[[Person], None]) -> Callable[[], None]:
        def run() -> None:
            line = self.table.current_row()
            if line is not None:
                act(line.person)

        return run

    def _say_header(self) -> None:
        count = sum(line.person.active for line in self.table.rows_model.rows)
        subtitle = translate("Staff", "{0} people").format(count) if count else ""
        self.set_header(Header(subtitle, keys=self.keys()))
        self.keys_changed.emit()


def _columns() -> tuple[Column[StaffLine], ...]:
    return (
        Column(
            lambda: translate("Staff", "Name"), lambda line: line.person.name, style=CellStyle.STRONG, width=Size.BANNER
        ),
        Column(lambda: translate("Staff", "Badge"), lambda line: line.person.badge, width=Size.BANNER),
        Column(
            lambda: translate("Staff", "Roles"), lambda line: " · ".join(role_name(role) for role in line.person.roles)
        ),
        Column(lambda: translate("Staff", "Fields"), fields_text, width=2 * Size.RAIL),
        chip_column(lambda: translate("Staff", "Validity"), state_chip, width=2 * Size.RAIL),
    )


def _scope_text(scope: Scope) -> str:
    return f"{field_word(scope.field)} {scope.valid_from} – {scope.valid_to}\n{scope.reference}"
