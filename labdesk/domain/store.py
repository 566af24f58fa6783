"""The store as services see it: units of work with one repository per stage, and the content store for files.

Repositories of a stage are Protocols in ``domain/ports/<stage>.py``; those shared by all stages are here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol

from labdesk.domain.custody import CustodyEvent
from labdesk.domain.machines import Machine
from labdesk.domain.numbers import Number
from labdesk.domain.outbox import MessageKind, OutboxMessage, OutboxState
from labdesk.domain.people import Person, Scope, Secrets, SignInAttempt
from labdesk.domain.ports.acceptance import AcceptanceStore
from labdesk.domain.ports.bench_locks import BenchLockStore
from labdesk.domain.ports.reception import ReceptionStore
from labdesk.domain.ports.reporting import ReportingStore
from labdesk.domain.ports.review import ReviewStore
from labdesk.domain.ports.sync_desk import SyncDeskStore
from labdesk.domain.ports.testing import TestingStore
from labdesk.domain.ports.watching import WatchStore
from labdesk.domain.profile import RegionProfile, Tightening
from labdesk.domain.projects import Project
from labdesk.domain.sync_ports import InboxItem


@dataclass(frozen=True)
class Actor:
    """Who writes, and where; stands in every log leaf of the transaction. ``person_id`` is ``system`` for the program."""

    person_id: str
    station: str


SYSTEM = Actor("system", "system")


class FactStore(Protocol):
    """Named facts of the database (``laboratory``, ``kind``, ``database_id``, ``station`` ...)."""

    def get(self, name: str) -> str | None:
        """Value of a fact."""
        ...

    def put(self, name: str, value: str) -> None:
        """Set a fact; each version is logged."""
        ...


class NumberStore(Protocol):
    """Human numbers, continuous per prefix and year."""

    def take(self, prefix: str, year: int, subject: str, at: datetime) -> Number:
        """The next number of the series."""
        ...

    def void(self, number_text: str, reason: str, at: datetime) -> None:
        """List a given number as void."""
        ...

    def series(self, prefix: str, year: int) -> list[str]:
        """All numbers of a series in order."""
        ...


class BlobIndexStore(Protocol):
    """Which blobs must be there."""

    def add(self, sha256: str, size: int, media_type: str, at: datetime) -> None:
        """Register a blob that the content store holds."""
        ...


class ProfileStore(Protocol):
    """Editions of the region profile and the laboratory's stricter rules."""

    def add(self, key: str, profile: RegionProfile, signature: bytes, received_at: datetime) -> None:
        """Keep an edition whose signature was verified."""
        ...

    def tighten(self, tightening: Tightening) -> None:
        """Keep stricter rules of the laboratory."""
        ...

    def region(self, day: datetime) -> RegionProfile:
        """The region's edition in force."""
        ...

    def current(self, day: datetime) -> RegionProfile:
        """The edition in force, tightened."""
        ...


class PeopleStore(Protocol):
    """People and their attempts to sign in."""

    def add(self, person: Person, secrets: Secrets, scope_ids: list[str]) -> None:
        """A new person."""
        ...

    def change(self, person: Person) -> None:
        """A new version of a person."""
        ...

    def add_scope(self, key: str, person_id: str, scope: Scope) -> None:
        """An authorisation to approve reports; the database's own rule on signatures reads it."""
        ...

    def change_secrets(self, person_id: str, secrets: Secrets) -> None:
        """New hashes."""
        ...

    def get(self, person_id: str) -> Person | None:
        """By key."""
        ...

    def by_badge(self, badge: str) -> Person | None:
        """By badge."""
        ...

    def by_name(self, name: str) -> Person | None:
        """By name."""
        ...

    def all(self) -> list[Person]:
        """Everybody by name."""
        ...

    def secrets(self, person_id: str) -> Secrets:
        """The person's hashes."""
        ...

    def record_attempt(self, attempt: SignInAttempt) -> None:
        """Keep an attempt to sign in."""
        ...

    def last_attempt(self, person_id: str) -> SignInAttempt | None:
        """The newest attempt."""
        ...


class ProjectStore(Protocol):
    """Projects under their code, and what was accepted of them."""

    @property
    def acceptance(self) -> AcceptanceStore: ...

    def put(self, project: Project, received_at: datetime) -> None:
        """Keep a project's record."""
        ...

    def get(self, code: str) -> Project | None:
        """By code."""
        ...

    def search(self, words: str, limit: int = 50) -> list[Project]:
        """By part of code or name."""
        ...


class EquipmentStore(Protocol):
    """Machines, and which piece stands at which of them."""

    @property
    def locks(self) -> BenchLockStore: ...

    def put(self, machine: Machine) -> None:
        """Keep a machine or a new version of it."""
        ...

    def get(self, machine_id: str) -> Machine | None:
        """By key."""
        ...

    def all(self) -> list[Machine]:
        """All by number."""
        ...


class CustodyStore(Protocol):
    """Custody events."""

    def add(self, event: CustodyEvent) -> None:
        """Keep an event."""
        ...

    def of_commission(self, commission_no: str) -> list[CustodyEvent]:
        """Of a commission, in order of time."""
        ...

    def of_subjects(self, subjects: list[str]) -> list[CustodyEvent]:
        """Of lots, labels or tags, in order of time."""
        ...


class OutboxStore(Protocol):
    """Messages to the platform."""

    def put(self, message: OutboxMessage) -> None:
        """Queue a message in this transaction."""
        ...

    def due(self, limit: int, now: datetime) -> list[OutboxMessage]:
        """The oldest open message of each stream whose time has come."""
        ...

    def update(self, message: OutboxMessage) -> None:
        """Write its state, attempts, error, next try and receipt."""
        ...

    def get(self, message_id: str) -> OutboxMessage | None:
        """By key."""
        ...

    def by_key(self, kind: MessageKind, natural_key: str) -> OutboxMessage | None:
        """By what it is about."""
        ...

    def keep_refusal(self, key: str, message_id: str, receipt: bytes, at: datetime) -> None:
        """Keep the platform's signed no to a message."""
        ...

    def newest_refusal(self, message_id: str) -> bytes | None:
        """The platform's newest signed no to a message, verbatim."""
        ...

    def created_between(self, start: datetime, end: datetime) -> list[OutboxMessage]:
        """Messages created from ``start`` until before ``end``."""
        ...

    def newest(self, limit: int) -> list[OutboxMessage]:
        """For the sync page."""
        ...

    def counts(self) -> dict[OutboxState, int]:
        """Messages per state."""
        ...

    def oldest_open(self) -> datetime | None:
        """Since when the oldest open one waits."""
        ...


class InboxStore(Protocol):
    """What the platform sent, verbatim."""

    def hash_of(self, item_id: str) -> str | None:
        """SHA-256 of the document of an item that was taken before."""
        ...

    def keep(self, item: InboxItem, received_at: datetime) -> None:
        """Keep an item's document in the transaction of what it changes."""
        ...

    def document(self, item_id: str) -> bytes | None:
        """The signed document of an item."""
        ...


class UnitOfWork(Protocol):
    """One transaction: rows, log leaves and outbox messages together, or nothing."""

    @property
    def facts(self) -> FactStore: ...
    @property
    def numbers(self) -> NumberStore: ...
    @property
    def blobs(self) -> BlobIndexStore: ...
    @property
    def profiles(self) -> ProfileStore: ...
    @property
    def people(self) -> PeopleStore: ...
    @property
    def projects(self) -> ProjectStore: ...
    @property
    def equipment(self) -> EquipmentStore: ...
    @property
    def custody(self) -> CustodyStore: ...
    @property
    def outbox(self) -> OutboxStore: ...
    @property
    def inbox(self) -> InboxStore: ...
    @property
    def reception(self) -> ReceptionStore: ...
    @property
    def testing(self) -> TestingStore: ...
    @property
    def review(self) -> ReviewStore: ...
    @property
    def reporting(self) -> ReportingStore: ...
    @property
    def sync_desk(self) -> SyncDeskStore: ...
    @property
    def watching(self) -> WatchStore: ...

    def __enter__(self) -> UnitOfWork:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed."""
        ...

    def flush(self) -> None:
        """Let the database's own rules see what was added so far."""
        ...

    def commit(self) -> None:
        """Write everything; raises the sentence of a refusing rule."""
        ...


class Store(Protocol):
    """Where units of work come from."""

    def write(self, actor: Actor) -> UnitOfWork:
        """A writing unit of work."""
        ...

    def read(self) -> UnitOfWork:
        """A reading unit of work."""
        ...


class Blobs(Protocol):
    """The content store."""

    def put(self, data: bytes) -> str:
        """Keep bytes, return their SHA-256 (hex)."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes with that hash, checked."""
        ...
