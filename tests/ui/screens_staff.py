"""Pictures of the people page: the list, the form of a new person and of a known one, a refusal, new secrets, nobody found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from argon2 import PasswordHasher
from PySide6.QtWidgets import QWidget
from sqlalchemy import Engine

from labdesk.domain.people import Field, Laboratory, Person, Role, Session
from labdesk.domain.people_ports import LabSetup
from labdesk.services.setup import SetupService
from labdesk.services.sign_in import SignInService
from labdesk.services.staff import Staff, TypedPerson, TypedScope
from labdesk.storage.unit_of_work import SqlStore
from labdesk.ui.errors import ErrorDesk, Notice
from labdesk.ui.i18n import language
from labdesk.ui.ops import Ops
from labdesk.ui.page import PageContext
from labdesk.ui.sounds import Sounds
from labdesk.ui.staff.page import StaffPage
from tests.helpers.stores import CountingIds, SetClock
from tests.ui.fakes import settle
from tests.ui.review_stage import below_header, temporary_engine

LAB = Laboratory("LN-YK-0042", "营口检测", "站前区", "辽建检字第 210042 号")
PIN, PASSWORD = "2580", "mortar-and-sand"
YEAR = TypedScope("2026-01-01", "2026-12-31", "岗 2026-07")
SOON = TypedScope("2025-12-11", "2026-12-10", "岗 2025-19")
ENDED = TypedScope("2025-11-01", "2026-10-31", "岗 2025-14")
EVERYBODY = (
    TypedPerson("李雯", "B1001", (Role.RECEPTION,)),
    TypedPerson("张建国", "B1002", (Role.TECHNICIAN, Role.CHECKER), {Field.STEEL: YEAR, Field.CONCRETE: YEAR}),
    TypedPerson("孙强", "B1003", (Role.TECHNICIAN,), {Field.STEEL: SOON}),
    TypedPerson("赵敏", "B1004", (Role.TECHNICIAN,), {Field.CONCRETE: ENDED}),
    TypedPerson("王立新", "B1005", (Role.REVIEWER, Role.SIGNATORY), {}, {Field.STEEL: YEAR, Field.CONCRETE: YEAR}),
    TypedPerson("何静", "B1006", (Role.QUALITY,)),
    TypedPerson("刘洋", "B1007", (Role.RECEPTION, Role.TECHNICIAN), {Field.CONCRETE: YEAR}),
)


@dataclass
class Office:
    """The page of a laboratory, and who is signed in."""

    store: SqlStore
    staff: Staff
    sign_in: SignInService
    clock: SetClock
    ops: Ops
    who: Person
    notices: list[Notice] = field(default_factory=list)

    def session(self) -> Session:
        """Who is signed in."""
        return Session(self.who, "office", self.clock.now())

    def page(self) -> StaffPage:
        """The page, filled."""
        errors = ErrorDesk(language)
        errors.noticed.connect(self.notices.append)
        context = PageContext(self.ops, errors, Sounds(enabled=False), self.session, language, lambda page_id: None)
        page = StaffPage(context, self.staff)
        page.on_shown()
        self.settle()
        return page

    def settle(self) -> None:
        """Delivers what is under way, and what it causes."""
        for _ in range(3):
            settle(self.ops)

    def named(self, name: str) -> Person:
        """A registered person."""
        return next(line.person for line in self.staff.people() if line.person.name == name)


def office(engine: Engine, ops: Ops) -> Office:
    """A laboratory with seven people and its administrator, who is signed in."""
    clock, ids, store = SetClock(), CountingIds(), SqlStore(engine, SetClock())
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    SetupService(store, ids, hasher).create(LabSetup(LAB, "周工", "B1000", "1357", "first-password"))
    sign_in = SignInService(store, clock, ids, "office", hasher)
    made = Office(
        store, Staff(store, clock, ids, hasher), sign_in, clock, ops, sign_in.by_badge("B1000", "1357").person
    )
    for typed in EVERYBODY:
        made.staff.register(typed, PIN, PASSWORD, made.session())
    made.staff.end(made.named("刘洋").id, "调离岗位", made.session())
    return made


def _page(act: Callable[[Office, StaffPage], object]) -> QWidget:
    made = office(temporary_engine(), Ops())
    page = made.page()
    whole = below_header(page, lambda: "人员" if language().value == "zh" else "People")
    whole.setProperty("office", made)
    whole.resize(1366, 768)
    whole.show()
    act(made, page)
    made.settle()
    return whole


def _refused(made: Office, page: StaffPage) -> None:
    page.changing.ask_change(made.named("孙强"))
    line = page.changing.form.signs[Field.STEEL]
    line.switch.setChecked(True)
    for edit, text in zip(line.fields.values(), (str(date(2026, 11, 1)), "31.12.2026", "授 2026-3"), strict=True):
        edit.setText(text)
    page.changing.form.roles[Role.SIGNATORY].setChecked(True)
    page.changing.form.given.emit()


SCREENS: dict[str, Callable[[], QWidget]] = {
    "people": lambda: _page(lambda made, page: page.table.select(1)),
    "people-left": lambda: _page(lambda made, page: page.table.select(7)),
    "people-new": lambda: _page(lambda made, page: page.changing.ask_new()),
    "people-refused": lambda: _page(_refused),
    "people-secrets": lambda: _page(lambda made, page: page.changing.ask_secrets(made.named("孙强"))),
    "people-leaves": lambda: _page(lambda made, page: page.changing.ask_end(made.named("孙强"))),
    "people-nobody": lambda: _page(lambda made, page: page.search.setText("无此人")),
}
