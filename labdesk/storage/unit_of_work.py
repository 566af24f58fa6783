"""The unit of work: one transaction in which business rows, their log leaves and their outbox messages are one thing."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any

from sqlalchemy import Engine, event, inspect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from labdesk.domain.clock import Clock
from labdesk.domain.errors import BugError, EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.store import Actor
from labdesk.storage.base import Appended, Base, Tracked, primary_key_text, row_hash, volatile_columns
from labdesk.storage.custody import Custody
from labdesk.storage.database import WRITE
from labdesk.storage.equipment import Equipment
from labdesk.storage.inbox import Inbox
from labdesk.storage.laboratory import BlobIndex, Facts, Numbers, Profiles, lock_writers
from labdesk.storage.log import Change, Log
from labdesk.storage.outbox import Outbox
from labdesk.storage.people import People
from labdesk.storage.projects import Projects
from labdesk.storage.reception import Reception
from labdesk.storage.reporting import Reporting
from labdesk.storage.review import Review
from labdesk.storage.sync_desk import SyncDesk
from labdesk.storage.testing import Testing
from labdesk.storage.watching import Watching

_REFUSED = re.compile(r"refused\(([a-z_.]+)\)")
_EVIDENCE = re.compile(r"evidence: ([^\n\"]+)")


class SqlUnitOfWork:
    """A transaction with the repositories of every stage.

    Leaving the block without :meth:`commit` rolls everything back. Every inserted or changed evidence row leaves a leaf in
    the log within the same transaction; deleting one is a bug.
    """

    def __init__(self, session: Session, actor: Actor, clock: Clock) -> None:
        self.session = session
        self._actor = actor
        self._changes: list[Change] = []
        self.log = Log(session, clock.now)
        self.facts = Facts(session)
        self.numbers = Numbers(session)
        self.blobs = BlobIndex(session)
        self.profiles = Profiles(session)
        self.people = People(session)
        self.projects = Projects(session)
        self.equipment = Equipment(session)
        self.custody = Custody(session)
        self.outbox = Outbox(session)
        self.inbox = Inbox(session)
        self.reception = Reception(session)
        self.testing = Testing(session)
        self.review = Review(session)
        self.reporting = Reporting(session)
        self.sync_desk = SyncDesk(session)
        self.watching = Watching(session)
        event.listen(session, "after_flush", self._note_changes)

    def __enter__(self) -> SqlUnitOfWork:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.rollback()
        self.session.close()
        if isinstance(error, SQLAlchemyError):
            raise explained(error) from error

    def commit(self) -> None:
        """Write rows, leaves and messages together; raises the sentence of a refusing database rule."""
        try:
            self.session.flush()
            changes, self._changes = self._changes, []
            self.log.append(changes, self._actor.person_id, self._actor.station)
            self.session.commit()
        except SQLAlchemyError as error:
            self.session.rollback()
            raise explained(error) from error

    def flush(self) -> None:
        """Let the database see, and refuse, what was added so far."""
        try:
            self.session.flush()
        except SQLAlchemyError as error:
            self.session.rollback()
            raise explained(error) from error

    def _note_changes(self, session: Session, context: Any) -> None:
        for entity in session.deleted:
            if isinstance(entity, (Appended, Tracked)):
                raise BugError("bug.plain_shape", where=type(entity).__name__, found="delete")
        for entity in session.new:
            self._note("insert", entity)
        for entity in session.dirty:
            if _really_changed(entity):
                self._note("update", entity)

    def _note(self, operation: str, entity: Any) -> None:
        if not isinstance(entity, (Appended, Tracked)):
            return
        mapper = inspect(type(entity))
        table = mapper.local_table
        values = {attribute.columns[0].name: getattr(entity, attribute.key) for attribute in mapper.column_attrs}
        digest = row_hash(table, values, volatile_columns(type(entity)))
        self._changes.append(Change(operation, table.name, primary_key_text(table, values), digest))


def _really_changed(entity: Any) -> bool:
    volatile = volatile_columns(type(entity))
    return any(attribute.history.has_changes() for attribute in inspect(entity).attrs if attribute.key not in volatile)


def explained(error: SQLAlchemyError) -> LabDeskError:
    """The error with a sentence for what the database said."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    refused = _REFUSED.search(said)
    if refused:
        return OperatorError(refused.group(1))
    evidence = _EVIDENCE.search(said)
    if evidence and "UNIQUE" not in said:
        return OperatorError("storage.refused_change", detail=evidence.group(1))
    if isinstance(error, IntegrityError) or "UNIQUE" in said:
        return OperatorError("storage.conflict", detail=said.splitlines()[0][:120])
    if isinstance(error, OperationalError):
        return EnvironmentFault("storage.unavailable", reason=said.splitlines()[0][:120])
    return BugError("storage.unavailable", reason=said.splitlines()[0][:120])


class SqlStore:
    """Where units of work come from."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def write(self, actor: Actor) -> SqlUnitOfWork:
        """A writing unit of work: the only writer while it is open."""
        session = Session(self._engine, expire_on_commit=False)
        try:
            session.connection(execution_options={WRITE: True})
            lock_writers(session)
        except SQLAlchemyError as error:
            session.close()
            raise explained(error) from error
        return SqlUnitOfWork(session, actor, self._clock)

    def read(self) -> SqlUnitOfWork:
        """A reading unit of work; what is changed in it is never committed."""
        return SqlUnitOfWork(Session(self._engine), Actor("", ""), self._clock)


__all__ = ["Base", "SqlStore", "SqlUnitOfWork", "explained"]
