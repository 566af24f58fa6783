"""The people of the laboratory: registered, given roles and authorisations, new secrets; who leaves stays on record and may do nothing.

Every version of a person leaves its leaf in the log. Whoever acts here is read anew from the store: a person whose roles were taken
a minute ago changes nothing more, whatever the screen still shows. Rule YK-7.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from argon2 import PasswordHasher

from labdesk.domain.clock import WALL, Clock, IdSource
from labdesk.domain.codes import CodeKind, parse_code
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.people import Field, Person, Role, Scope, Session, SignInAttempt, SignInOutcome
from labdesk.domain.store import Actor, Store, UnitOfWork
from labdesk.services.sign_in import add_person, check_password_strength, check_pin_strength

MAY_CHANGE = (Role.QUALITY, Role.ADMINISTRATOR)
#: An authorisation that ends within so many days is told of in advance.
WARN_DAYS = 30
_LONGEST = 40
_BADGE = re.compile(r"[0-9A-Z\-]{1,64}")


@dataclass(frozen=True)
class TypedScope:
    """An authorisation as typed; days as ``2026-11-21``."""

    valid_from: str
    valid_to: str
    reference: str


@dataclass(frozen=True)
class TypedPerson:
    """A person as typed.

    Attributes:
        name: real name; cannot be changed later.
        badge: number of the badge, or the whole text of its code.
        roles: what the person may do.
        competences, signatory: the authorisation now in force or to come, per field; a field left out has none.
    """

    name: str
    badge: str
    roles: tuple[Role, ...]
    competences: Mapping[Field, TypedScope] = field(default_factory=dict)
    signatory: Mapping[Field, TypedScope] = field(default_factory=dict)


@dataclass(frozen=True)
class StaffLine:
    """A person with what the calendar says.

    Attributes:
        valid_to: first end among the authorisations that are the newest of their field; ``None`` without any.
        days_left: days until then, today included; 0 or less when one has ended.
    """

    person: Person
    valid_to: date | None
    days_left: int

    @property
    def ended(self) -> bool:
        """Whether an authorisation has ended."""
        return self.valid_to is not None and self.days_left <= 0

    @property
    def ends_soon(self) -> bool:
        """Whether an authorisation is to be renewed."""
        return self.valid_to is not None and 0 < self.days_left <= WARN_DAYS


class Staff:
    """The use case of the people page."""

    def __init__(self, store: Store, clock: Clock, ids: IdSource, hasher: PasswordHasher) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._hasher = hasher

    def people(self, words: str = "") -> list[StaffLine]:
        """Everybody whose name or badge holds ``words``: those who work here by name, then those who left."""
        sought, today = words.strip().casefold(), self._today()
        with self._store.read() as uow:
            found = [
                person
                for person in uow.people.all()
                if sought in person.name.casefold() or sought in person.badge.casefold()
            ]
        return [_line(person, today) for person in sorted(found, key=lambda each: (not each.active, each.name))]

    def may_change(self, person: Person) -> bool:
        """Whether a person may register others."""
        return any(person.may(role) for role in MAY_CHANGE)

    def register(self, typed: TypedPerson, pin: str, password: str, session: Session) -> Person:
        """A new person.

        Raises:
            OperatorError: ``staff.role``, ``staff.administrator_only``, ``staff.field_missing``, ``staff.bad_field``,
                ``staff.bad_dates``, ``staff.scope_without_role``, ``setup.person_taken``, ``sign_in.weak_pin``,
                ``sign_in.weak_password``.
        """
        name = " ".join(_text("name", typed.name).split())
        made = self._built(Person(self._ids.new_id(), name, _badge(typed.badge), ()), typed)
        with self._store.write(_actor(session)) as uow:
            _check_may(uow, session, Role.ADMINISTRATOR in made.roles)
            if uow.people.by_name(made.name) or uow.people.by_badge(made.badge):
                raise OperatorError("setup.person_taken", name=made.name, badge=made.badge)
            add_person(uow, self._ids, self._hasher, made, (pin, password))
            uow.commit()
        return self._kept(made)

    def change(self, person_id: str, typed: TypedPerson, session: Session) -> Person:
        """Another badge, other roles or authorisations; those that have ended stay with the person, the name stays.

        Raises:
            OperatorError: as :meth:`register`; ``staff.last_administrator``, ``staff.has_left``.
        """
        with self._store.write(_actor(session)) as uow:
            before = _known(uow, person_id)
            after = self._built(replace(before, badge=_badge(typed.badge)), typed)
            _check_may(uow, session, Role.ADMINISTRATOR in {*before.roles, *after.roles})
            if not before.active:
                raise OperatorError("staff.has_left", name=before.name)
            other = uow.people.by_badge(after.badge)
            if other is not None and other.id != person_id:
                raise OperatorError("setup.person_taken", name=other.name, badge=after.badge)
            _check_administrator_stays(uow, after)
            for scope in after.signatory:
                if scope not in before.signatory:
                    uow.people.add_scope(self._ids.new_id(), person_id, scope)
            uow.people.change(after)
            uow.commit()
        return self._kept(after)

    def end(self, person_id: str, reason: str, session: Session) -> Person:
        """A person leaves: stays on record with the reason, signs in no more, signs nothing more.

        Raises:
            OperatorError: ``staff.role``, ``staff.administrator_only``, ``staff.field_missing``, ``staff.yourself``,
                ``staff.last_administrator``, ``staff.has_left``.
        """
        why = _text("reason", reason, 200)
        with self._store.write(_actor(session)) as uow:
            before = _known(uow, person_id)
            _check_may(uow, session, Role.ADMINISTRATOR in before.roles)
            if person_id == session.person.id:
                raise OperatorError("staff.yourself", name=before.name)
            if not before.active:
                raise OperatorError("staff.has_left", name=before.name)
            after = replace(before, active=False, left_on=self._today(), left_because=why)
            _check_administrator_stays(uow, after)
            uow.people.change(after)
            uow.commit()
        return self._kept(after)

    def take_back(self, person_id: str, session: Session) -> Person:
        """A person who had left works here again, with the roles and authorisations on record.

        Raises:
            OperatorError: ``staff.role``, ``staff.administrator_only``.
        """
        with self._store.write(_actor(session)) as uow:
            before = _known(uow, person_id)
            _check_may(uow, session, Role.ADMINISTRATOR in before.roles)
            after = replace(before, active=True, left_on=None, left_because="")
            uow.people.change(after)
            uow.commit()
        return self._kept(after)

    def renew_secrets(self, person_id: str, pin: str, password: str, session: Session) -> Person:
        """A new PIN and, unless it is empty, a new password; a lock after wrong entries ends.

        Raises:
            OperatorError: ``staff.role``, ``staff.administrator_only``, ``staff.has_left``, ``sign_in.weak_pin``,
                ``sign_in.weak_password``.
        """
        check_pin_strength(pin)
        if password:
            check_password_strength(password)
        with self._store.write(_actor(session)) as uow:
            person = _known(uow, person_id)
            _check_may(uow, session, Role.ADMINISTRATOR in person.roles)
            if not person.active:
                raise OperatorError("staff.has_left", name=person.name)
            secrets = replace(uow.people.secrets(person_id), pin_hash=self._hasher.hash(pin))
            if password:
                secrets = replace(secrets, password_hash=self._hasher.hash(password))
            uow.people.change_secrets(person_id, secrets)
            uow.people.record_attempt(
                SignInAttempt(
                    self._ids.new_id(), person_id, session.station, SignInOutcome.RENEWED, self._clock.now(), 0
                )
            )
            uow.commit()
        return person

    def _built(self, person: Person, typed: TypedPerson) -> Person:
        if not typed.roles:
            raise _bad("roles", "")
        if typed.signatory and Role.SIGNATORY not in typed.roles:
            raise OperatorError("staff.scope_without_role", name=person.name)
        return replace(
            person,
            roles=tuple(role for role in Role if role in typed.roles),
            competences=self._scopes(person.competences, typed.competences),
            signatory=self._scopes(person.signatory, typed.signatory),
        )

    def _scopes(self, before: tuple[Scope, ...], typed: Mapping[Field, TypedScope]) -> tuple[Scope, ...]:
        """Those that have ended stay; what was in force or to come gives way to what was typed."""
        ended = [scope for scope in before if scope.valid_to < self._today()]
        given = [_scope(each, typed[each]) for each in Field if each in typed]
        return (*ended, *(scope for scope in given if scope not in ended))

    def _kept(self, person: Person) -> Person:
        with self._store.read() as uow:
            kept = _known(uow, person.id)
        if kept != person:
            raise OperatorError("staff.not_kept", name=person.name)
        return kept

    def _today(self) -> date:
        return self._clock.now().astimezone(WALL).date()


def newest(scopes: tuple[Scope, ...], wanted: Field) -> Scope | None:
    """The authorisation for a field that ends last."""
    return max((scope for scope in scopes if scope.field is wanted), key=lambda each: each.valid_to, default=None)


def _line(person: Person, today: date) -> StaffLine:
    pairs = ((scopes, each) for scopes in (person.competences, person.signatory) for each in Field)
    ends = [found.valid_to for scopes, each in pairs if (found := newest(scopes, each)) is not None]
    if not ends:
        return StaffLine(person, None, 0)
    return StaffLine(person, min(ends), (min(ends) - today).days + 1)


def _actor(session: Session) -> Actor:
    return Actor(session.person.id, session.station)


def _check_may(uow: UnitOfWork, session: Session, touches_administrator: bool) -> None:
    """By the roles on record now, not by those of the screen; only an administrator touches an administrator."""
    acting = uow.people.get(session.person.id)
    if acting is None or not any(acting.may(role) for role in MAY_CHANGE):
        raise OperatorError("staff.role", name=session.person.name)
    if touches_administrator and not acting.may(Role.ADMINISTRATOR):
        raise OperatorError("staff.administrator_only", name=session.person.name)


def _check_administrator_stays(uow: UnitOfWork, after: Person) -> None:
    versions = (after if each.id == after.id else each for each in uow.people.all())
    if not any(each.may(Role.ADMINISTRATOR) for each in versions):
        raise OperatorError("staff.last_administrator", name=after.name)


def _known(uow: UnitOfWork, person_id: str) -> Person:
    person = uow.people.get(person_id)
    if person is None:
        raise OperatorError("staff.unknown", person=person_id)
    return person


def _scope(wanted: Field, typed: TypedScope) -> Scope:
    start, end = _day("valid_from", typed.valid_from), _day("valid_to", typed.valid_to)
    if end < start:
        raise OperatorError("staff.bad_dates", start=start, end=end)
    return Scope(wanted, start, end, _text("reference", typed.reference, 80))


def _badge(typed: str) -> str:
    """A typed badge may be its number, or the whole text of its code."""
    text = _text("badge", typed, 80)
    try:
        code = parse_code(text)
    except LabDeskError:
        body = text.upper()
    else:
        body = code.body if code.kind is CodeKind.BADGE else ""
    if not _BADGE.fullmatch(body):
        raise _bad("badge", text)
    return body


def _bad(name: str, text: str) -> OperatorError:
    if not text.strip():
        return OperatorError("staff.field_missing", field=f"@staff.field.{name}")
    return OperatorError("staff.bad_field", field=f"@staff.field.{name}", text=text[:_LONGEST])


def _text(name: str, text: str, longest: int = _LONGEST) -> str:
    typed = text.strip()
    if not typed or len(typed) > longest:
        raise _bad(name, typed)
    return typed


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _bad(name, text) from None
