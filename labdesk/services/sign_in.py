"""Letting people in: badge and PIN, or name and password; argon2, attempts on record, lock-out after too many wrong ones."""

from __future__ import annotations

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person, Secrets, Session, SignInAttempt, SignInOutcome
from labdesk.domain.store import Actor, Store, UnitOfWork

LOCK_TIME = timedelta(minutes=5)
_RECENT = 6


class SignInService:
    """Fulfils the screen's ``SignIn`` port, and the ``PIN again`` of every signature."""

    def __init__(self, store: Store, clock: Clock, ids: IdSource, station: str, hasher: PasswordHasher) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._station = station
        self._hasher = hasher
        self._recent: list[str] = []

    def by_badge(self, badge_code: str, pin: str) -> Session:
        """Sign in by badge and PIN; raises OperatorError ``sign_in.unknown_badge``, ``sign_in.wrong`` or ``sign_in.locked``."""
        with self._store.read() as uow:
            person = uow.people.by_badge(badge_code)
        if person is None or not person.active:
            raise OperatorError("sign_in.unknown_badge", badge=badge_code)
        self.check_pin(person, pin)
        return self._session(person)

    def by_name(self, name: str, password: str) -> Session:
        """Sign in by name and password; an unknown name and a wrong password read the same."""
        with self._store.read() as uow:
            person = uow.people.by_name(name.strip())
        if person is None or not person.active:
            # Spend the same time, so that names cannot be tried out by the clock.
            self._hasher.hash(password)
            raise OperatorError("sign_in.wrong_name_or_password")
        self._check(person, password, "password")
        return self._session(person)

    def recent_names(self) -> tuple[str, ...]:
        """Who signed in here last."""
        return tuple(self._recent)

    def check_pin(self, person: Person, pin: str) -> None:
        """Raise unless ``pin`` is the person's, and the person still works here; every attempt is kept."""
        self._check(person, pin, "pin")

    def _check(self, person: Person, secret: str, kind: str) -> None:
        with self._store.read() as uow:
            now = uow.people.get(person.id)
            if now is None or not now.active:
                # Signed in before leaving: an open session signs nothing any more.
                raise OperatorError("sign_in.left", name=person.name)
            secrets = uow.people.secrets(person.id)
            last = uow.people.last_attempt(person.id)
            allowed = int(uow.profiles.current(self._clock.now()).number("pin_attempts"))
        failures = last.failures_in_row if last else 0
        if last and failures >= allowed and self._clock.now() < last.at + LOCK_TIME:
            minutes = -(-(last.at + LOCK_TIME - self._clock.now()).total_seconds() // 60)
            raise OperatorError("sign_in.locked", name=person.name, minutes=int(minutes))
        right = self._verify(secrets.pin_hash if kind == "pin" else secrets.password_hash, secret)
        failures = 0 if right else (0 if failures >= allowed else failures) + 1
        self._record(person, SignInOutcome.OK if right else SignInOutcome.WRONG, failures)
        if not right:
            raise OperatorError(f"sign_in.wrong_{kind}", left=max(allowed - failures, 0))

    def _verify(self, digest: str, secret: str) -> bool:
        try:
            return self._hasher.verify(digest, secret)
        except (VerificationError, InvalidHashError):
            return False

    def _record(self, person: Person, outcome: SignInOutcome, failures: int) -> None:
        attempt = SignInAttempt(
            self._ids.new_id(), person.id, self._station, outcome, self._clock.now(), failures_in_row=failures
        )
        with self._store.write(Actor(person.id, self._station)) as uow:
            uow.people.record_attempt(attempt)
            uow.commit()

    def _session(self, person: Person) -> Session:
        self._recent = [person.name, *(name for name in self._recent if name != person.name)][:_RECENT]
        return Session(person, self._station, self._clock.now())


def add_person(
    uow: UnitOfWork, ids: IdSource, hasher: PasswordHasher, person: Person, secrets: tuple[str, str]
) -> None:
    """Keep a new person with PIN and password (in this order) hashed.

    Raises:
        OperatorError: ``sign_in.weak_pin``, ``sign_in.weak_password``.
    """
    pin, password = secrets
    check_pin_strength(pin)
    check_password_strength(password)
    hashed = Secrets(pin_hash=hasher.hash(pin), password_hash=hasher.hash(password))
    uow.people.add(person, hashed, [ids.new_id() for _ in person.signatory])


def check_pin_strength(pin: str) -> None:
    """Raises OperatorError ``sign_in.weak_pin`` unless it is 4 to 8 digits that are not all the same."""
    if not (4 <= len(pin) <= 8 and pin.isascii() and pin.isdigit()) or len(set(pin)) == 1:
        raise OperatorError("sign_in.weak_pin")


def check_password_strength(password: str) -> None:
    """Raises OperatorError ``sign_in.weak_password`` unless it has at least 10 characters."""
    if len(password) < 10:
        raise OperatorError("sign_in.weak_password")
