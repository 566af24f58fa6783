"""People are registered and changed by those who may; weak secrets, taken names and whoever left get nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from labdesk.domain.codes import CodeKind, format_code
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Field, Laboratory, Person, Role, Scope, Session
from labdesk.domain.people_ports import LabSetup
from labdesk.domain.sentences import Language, say_error
from labdesk.services.setup import SetupService
from labdesk.services.sign_in import SignInService
from labdesk.services.staff import Staff, TypedPerson, TypedScope
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.stores import CountingIds, SetClock, opened_store

LAB = Laboratory("LN-YK-0042", "营口检测", "站前区", "辽建检字第 210042 号")
STATION = "office"
PIN, PASSWORD = "2580", "mortar-and-sand"
YEAR = TypedScope("2026-01-01", "2026-12-31", "岗 2026-07")
SUN = TypedPerson("孙强", "B2001", (Role.TECHNICIAN,), {Field.STEEL: YEAR})


@dataclass
class Office:
    """A laboratory that has just made its first start."""

    store: SqlStore
    clock: SetClock
    ids: CountingIds
    staff: Staff
    sign_in: SignInService
    admin: Session

    def person(self, typed: TypedPerson = SUN) -> Person:
        """Registered by the administrator."""
        return self.staff.register(typed, PIN, PASSWORD, self.admin)

    def session(self, role: Role) -> Session:
        """Somebody with a role, signed in."""
        made = self.person(TypedPerson(f"某{role.value}", f"X-{role.value}".upper(), (role,)))
        return Session(made, STATION, self.clock.now())

    def versions(self, person: Person) -> list[tuple[str, str]]:
        """What the log tells about a person: what was done, by whom."""
        with self.store.read() as uow:
            return [(entry.operation, entry.actor) for entry in uow.log.entries() if entry.row_key == person.id]

    def scopes_of_the_database(self) -> list[str]:
        """Who gave the scopes that the database's own rule on signatures reads."""
        with self.store.read() as uow:
            return [entry.actor for entry in uow.log.entries() if entry.table_name == "signatory_scopes"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    clock, ids = SetClock(), CountingIds()
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with opened_store(f"sqlite:///{tmp_path / 'labdesk.db'}", clock) as store:
        SetupService(store, ids, hasher).create(LabSetup(LAB, "周工", "B1000", "1357", "first-password"))
        sign_in = SignInService(store, clock, ids, STATION, hasher)
        admin = sign_in.by_badge("B1000", "1357")
        yield Office(store, clock, ids, Staff(store, clock, ids, hasher), sign_in, admin)


def refused(act: Callable[[], object]) -> str:
    """The key of the refusal, whose sentence is whole in both languages."""
    with pytest.raises(OperatorError) as caught:
        act()
    for language in Language:
        assert not set("@{") & set(say_error(caught.value, language))
    return caught.value.key


@pytest.mark.rule("YK-7.1")
def test_a_registered_person_signs_in_with_badge_or_name(office: Office) -> None:
    made = office.person()
    assert made.competent(Field.STEEL, date(2026, 11, 21))
    assert not made.competent(Field.CONCRETE, date(2026, 11, 21))
    assert office.sign_in.by_badge("B2001", PIN).person == made
    assert office.sign_in.by_name("孙强", PASSWORD).person == made
    assert office.versions(made) == [("insert", office.admin.person.id)]


def test_the_text_of_a_badge_code_is_as_good_as_its_number(office: Office) -> None:
    made = office.person(replace(SUN, badge=format_code(CodeKind.BADGE, "B2001").lower()))
    assert made.badge == "B2001"


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.QUALITY, Role.ADMINISTRATOR)])
def test_whoever_may_not_changes_nothing(office: Office, role: Role) -> None:
    session, sun = office.session(role), office.person()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: office.staff.register(replace(SUN, name="新人", badge="B9"), PIN, PASSWORD, session),
        lambda: office.staff.change(session.person.id, replace(SUN, badge="X9", roles=tuple(Role)), session),
        lambda: office.staff.end(sun.id, "离职", session),
        lambda: office.staff.take_back(sun.id, session),
        lambda: office.staff.renew_secrets(sun.id, "9753", "", session),
    )
    before = office.staff.people()
    assert [refused(act) for act in attempts] == [*["staff.role"] * 3, "staff.role", "staff.role"]
    assert office.staff.people() == before
    assert not office.staff.may_change(session.person)


def test_roles_taken_away_count_at_once_even_in_an_open_session(office: Office) -> None:
    session = office.session(Role.QUALITY)
    office.staff.end(session.person.id, "调离", office.admin)
    assert session.person.may(Role.QUALITY), "the screen still believes it"
    assert refused(lambda: office.staff.register(SUN, PIN, PASSWORD, session)) == "staff.role"


def test_a_quality_manager_cannot_become_or_touch_an_administrator(office: Office) -> None:
    session = office.session(Role.QUALITY)
    mine = TypedPerson(session.person.name, session.person.badge, (Role.QUALITY, Role.ADMINISTRATOR))
    admin = office.admin.person
    attempts: tuple[Callable[[], object], ...] = (
        lambda: office.staff.change(session.person.id, mine, session),
        lambda: office.staff.register(replace(SUN, roles=(Role.ADMINISTRATOR,)), PIN, PASSWORD, session),
        lambda: office.staff.renew_secrets(admin.id, "9753", "", session),
        lambda: office.staff.change(admin.id, TypedPerson(admin.name, admin.badge, (Role.RECEPTION,)), session),
        lambda: office.staff.end(admin.id, "离职", session),
    )
    assert {refused(act) for act in attempts} == {"staff.administrator_only"}
    assert office.staff.register(SUN, PIN, PASSWORD, session).roles == (Role.TECHNICIAN,)


@pytest.mark.parametrize(
    ("pin", "password", "key"),
    [
        ("123", PASSWORD, "sign_in.weak_pin"),
        ("123456789", PASSWORD, "sign_in.weak_pin"),
        ("7777", PASSWORD, "sign_in.weak_pin"),
        ("٢٥٨٠", PASSWORD, "sign_in.weak_pin"),
        (PIN, "short", "sign_in.weak_password"),
        (PIN, "", "sign_in.weak_password"),
    ],
)
def test_weak_secrets_are_refused(office: Office, pin: str, password: str, key: str) -> None:
    assert refused(lambda: office.staff.register(SUN, pin, password, office.admin)) == key
    assert [line.person.name for line in office.staff.people()] == ["周工"]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (replace(SUN, name=" "), "staff.field_missing"),
        (replace(SUN, name="长" * 41), "staff.bad_field"),
        (replace(SUN, badge=""), "staff.field_missing"),
        (replace(SUN, badge="B 2001"), "staff.bad_field"),
        (replace(SUN, badge=format_code(CodeKind.TAG, "B2001")), "staff.bad_field"),
        (replace(SUN, roles=()), "staff.field_missing"),
        (replace(SUN, name="周工"), "setup.person_taken"),
        (replace(SUN, name="  周工 "), "setup.person_taken"),
        (replace(SUN, badge="b1000"), "setup.person_taken"),
        (replace(SUN, signatory={Field.STEEL: YEAR}), "staff.scope_without_role"),
        (replace(SUN, competences={Field.STEEL: replace(YEAR, valid_to="2025-12-31")}), "staff.bad_dates"),
        (replace(SUN, competences={Field.STEEL: replace(YEAR, valid_to="31.12.2026")}), "staff.bad_field"),
        (replace(SUN, competences={Field.STEEL: replace(YEAR, reference="")}), "staff.field_missing"),
    ],
)
def test_what_cannot_be_is_refused_in_words(office: Office, typed: TypedPerson, key: str) -> None:
    before = office.staff.people()
    assert refused(lambda: office.person(typed)) == key
    assert office.staff.people() == before


def test_a_change_keeps_the_name_and_what_has_ended(office: Office) -> None:
    made = office.person()
    office.clock.forward(days=50)  # January 2027: the authorisation has ended
    renewed = TypedScope("2027-01-01", "2027-12-31", "岗 2027-01")
    typed = TypedPerson("别名", "B2002", (Role.CHECKER, Role.TECHNICIAN), {Field.STEEL: renewed})
    after = office.staff.change(made.id, typed, office.admin)
    assert (after.name, after.badge, after.roles) == ("孙强", "B2002", (Role.TECHNICIAN, Role.CHECKER))
    assert [scope.reference for scope in after.competences] == ["岗 2026-07", "岗 2027-01"]
    assert office.staff.change(made.id, typed, office.admin) == after, "given again, nothing doubles"
    assert office.sign_in.by_badge("B2002", PIN).person == after
    assert refused(lambda: office.sign_in.by_badge("B2001", PIN)) == "sign_in.unknown_badge"
    assert [done for done, _ in office.versions(made)][:2] == ["insert", "update"]


def test_a_badge_of_somebody_else_is_not_given_twice(office: Office) -> None:
    made = office.person()
    assert refused(lambda: office.staff.change(made.id, replace(SUN, badge="B1000"), office.admin)) == (
        "setup.person_taken"
    )


def test_an_authorisation_to_approve_reaches_the_rule_of_the_database_once(office: Office) -> None:
    made = office.person()
    signing = replace(SUN, roles=(Role.SIGNATORY,), signatory={Field.STEEL: YEAR})
    for _ in range(2):
        after = office.staff.change(made.id, signing, office.admin)
    assert after.may_approve(Field.STEEL, date(2026, 11, 21))
    assert office.scopes_of_the_database() == [office.admin.person.id]
    ended = office.staff.change(made.id, SUN, office.admin)
    assert not ended.may_approve(Field.STEEL, date(2026, 11, 21))


@pytest.mark.rule("YK-7.1")
def test_whoever_left_stays_on_record_and_gets_nowhere(office: Office) -> None:
    made = office.person()
    open_session = office.sign_in.by_badge("B2001", PIN)
    left = office.staff.end(made.id, "离职", office.admin)
    assert (left.active, left.left_on, left.left_because) == (False, date(2026, 11, 21), "离职")
    assert not left.may(Role.TECHNICIAN)
    assert refused(lambda: office.sign_in.by_badge("B2001", PIN)) == "sign_in.unknown_badge"
    assert refused(lambda: office.sign_in.by_name("孙强", PASSWORD)) == "sign_in.wrong_name_or_password"
    assert refused(lambda: office.sign_in.check_pin(open_session.person, PIN)) == "sign_in.left"
    for act in (
        lambda: office.staff.change(made.id, SUN, office.admin),
        lambda: office.staff.renew_secrets(made.id, "9753", "", office.admin),
        lambda: office.staff.end(made.id, "再次", office.admin),
    ):
        assert refused(act) == "staff.has_left"
    assert [line.person.name for line in office.staff.people()] == ["周工", "孙强"]
    office.staff.take_back(made.id, office.admin)
    assert office.sign_in.by_badge("B2001", PIN).person == made


def test_the_laboratory_never_loses_its_last_administrator(office: Office) -> None:
    admin = office.admin.person
    lesser = TypedPerson(admin.name, admin.badge, (Role.RECEPTION,))
    assert refused(lambda: office.staff.change(admin.id, lesser, office.admin)) == "staff.last_administrator"
    assert refused(lambda: office.staff.end(admin.id, "退休", office.admin)) == "staff.yourself"
    second = office.person(replace(SUN, roles=(Role.ADMINISTRATOR,)))
    other = Session(second, STATION, office.clock.now())
    office.staff.end(admin.id, "退休", other)
    lesser = replace(SUN, roles=(Role.RECEPTION,))
    assert refused(lambda: office.staff.change(second.id, lesser, other)) == "staff.last_administrator"
    assert refused(lambda: office.staff.end(second.id, "", other)) == "staff.field_missing"


def test_a_new_pin_replaces_the_old_one_and_ends_a_lock(office: Office) -> None:
    made = office.person()
    for _ in range(10):
        if refused(lambda: office.sign_in.by_badge("B2001", "0000")) == "sign_in.locked":
            break
    assert refused(lambda: office.sign_in.by_badge("B2001", PIN)) == "sign_in.locked"
    office.staff.renew_secrets(made.id, "9753", "", office.admin)
    assert office.sign_in.by_badge("B2001", "9753").person == made
    assert refused(lambda: office.sign_in.by_badge("B2001", PIN)) == "sign_in.wrong_pin"
    assert office.sign_in.by_name("孙强", PASSWORD).person == made, "the password stayed"
    office.staff.renew_secrets(made.id, "9753", "another-long-one", office.admin)
    assert refused(lambda: office.sign_in.by_name("孙强", PASSWORD)) == "sign_in.wrong_password"
    assert refused(lambda: office.staff.renew_secrets(made.id, "1111", "", office.admin)) == "sign_in.weak_pin"


@pytest.mark.parametrize(
    ("day", "left", "soon", "ended"),
    [
        ("2026-12-21", 31, False, False),
        ("2026-12-20", 30, True, False),
        ("2026-11-21", 1, True, False),
        ("2026-11-20", 0, False, True),
    ],
)
def test_the_calendar_of_authorisations(office: Office, day: str, left: int, soon: bool, ended: bool) -> None:
    scopes = {Field.STEEL: replace(YEAR, valid_to=day), Field.CONCRETE: YEAR}
    office.person(replace(SUN, competences=scopes))
    line = office.staff.people("孙")[0]
    assert (line.valid_to, line.days_left, line.ends_soon, line.ended) == (date.fromisoformat(day), left, soon, ended)


def test_people_are_found_by_part_of_name_or_badge(office: Office) -> None:
    office.person()
    for words, names in (("孙", ["孙强"]), ("b2", ["孙强"]), ("b", ["周工", "孙强"]), ("赵", [])):
        assert [line.person.name for line in office.staff.people(words)] == names
    assert office.staff.people()[0].valid_to is None


def test_only_the_newest_authorisation_of_a_field_counts_in_the_calendar(office: Office) -> None:
    made = office.person()
    office.clock.forward(days=50)
    later = TypedScope("2027-01-01", "2027-12-31", "岗 2027-01")
    after = office.staff.change(made.id, replace(SUN, competences={Field.STEEL: later}), office.admin)
    assert after.competences[0] == Scope(Field.STEEL, date(2026, 1, 1), date(2026, 12, 31), "岗 2026-07")
    assert office.staff.people("孙")[0].valid_to == date(2027, 12, 31)
