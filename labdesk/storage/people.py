"""People, their secrets and their attempts to sign in."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.people import Person, Scope, Secrets, SignInAttempt, SignInOutcome
from labdesk.domain.plain import from_plain
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.base import Appended, Base, Tracked, key_column


class PersonRow(Base, Tracked):
    """A person; name and badge are unique. Secrets are hashes and stay out of every export."""

    __tablename__ = "people"
    id: Mapped[str] = key_column(36)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    badge: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[str] = mapped_column()
    pin_hash: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))


class SignatoryScopeRow(Base, Appended):
    """An authorisation to approve reports in a field; the trigger on signatures reads it."""

    __tablename__ = "signatory_scopes"
    id: Mapped[str] = key_column(36)
    person_id: Mapped[str] = mapped_column(String(36), index=True)
    field: Mapped[str] = mapped_column(String(32))
    valid_from: Mapped[str] = mapped_column(String(10))
    valid_to: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str] = mapped_column(String(80))


class SignInRow(Base, Appended):
    """An attempt to sign in: who (if known), where, and whether it worked."""

    __tablename__ = "sign_ins"
    id: Mapped[str] = key_column(36)
    person_id: Mapped[str] = mapped_column(String(36), index=True)
    station: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column()
    failures_in_row: Mapped[int] = mapped_column(Integer)


class People:
    """Repository of people."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, person: Person, secrets: Secrets, scope_ids: list[str]) -> None:
        """A new person with hashed secrets; ``scope_ids`` are keys for the signatory scopes."""
        self._session.add(
            PersonRow(
                id=person.id,
                name=person.name,
                badge=person.badge,
                body=canonical_bytes(person).decode(),
                pin_hash=secrets.pin_hash,
                password_hash=secrets.password_hash,
            )
        )
        for key, scope in zip(scope_ids, person.signatory, strict=True):
            self._session.add(_scope_row(key, person.id, scope))

    def change(self, person: Person) -> None:
        """A new version of a known person (badge, roles, competences, active); the name stays."""
        row = self._session.get_one(PersonRow, person.id)
        row.badge, row.body = person.badge, canonical_bytes(person).decode()

    def add_scope(self, key: str, person_id: str, scope: Scope) -> None:
        """A further authorisation to approve reports; those given before stay on record."""
        self._session.add(_scope_row(key, person_id, scope))

    def change_secrets(self, person_id: str, secrets: Secrets) -> None:
        """New hashes for a person."""
        row = self._session.get_one(PersonRow, person_id)
        row.pin_hash, row.password_hash = secrets.pin_hash, secrets.password_hash

    def get(self, person_id: str) -> Person | None:
        """The person with that key."""
        return _person(self._session.get(PersonRow, person_id))

    def by_badge(self, badge: str) -> Person | None:
        """The person with that badge."""
        return _person(self._session.scalar(select(PersonRow).where(PersonRow.badge == badge)))

    def by_name(self, name: str) -> Person | None:
        """The person with that name."""
        return _person(self._session.scalar(select(PersonRow).where(PersonRow.name == name)))

    def all(self) -> list[Person]:
        """Everybody, by name."""
        rows = self._session.scalars(select(PersonRow).order_by(PersonRow.name))
        return [person for row in rows if (person := _person(row)) is not None]

    def secrets(self, person_id: str) -> Secrets:
        """The person's hashes."""
        row = self._session.get_one(PersonRow, person_id)
        return Secrets(pin_hash=row.pin_hash, password_hash=row.password_hash)

    def record_attempt(self, attempt: SignInAttempt) -> None:
        """Keep an attempt to sign in."""
        self._session.add(
            SignInRow(
                id=attempt.id,
                person_id=attempt.person_id,
                station=attempt.station,
                outcome=attempt.outcome.value,
                at=attempt.at,
                failures_in_row=attempt.failures_in_row,
            )
        )

    def last_attempt(self, person_id: str) -> SignInAttempt | None:
        """The newest attempt of a person."""
        query = select(SignInRow).where(SignInRow.person_id == person_id).order_by(SignInRow.id.desc()).limit(1)
        row = self._session.scalar(query)
        if row is None:
            return None
        return SignInAttempt(
            row.id, row.person_id, row.station, SignInOutcome(row.outcome), row.at, row.failures_in_row
        )


def _person(row: PersonRow | None) -> Person | None:
    return None if row is None else from_plain(Person, json.loads(row.body))


def _scope_row(key: str, person_id: str, scope: Scope) -> SignatoryScopeRow:
    return SignatoryScopeRow(
        id=key,
        person_id=person_id,
        field=scope.field.value,
        valid_from=scope.valid_from.isoformat(),
        valid_to=scope.valid_to.isoformat(),
        reference=scope.reference,
    )
