"""One transaction over all repositories of the platform."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.platform.storage.access import Access
from labdesk.platform.storage.base import make_engine, reading_session, writing_session
from labdesk.platform.storage.guards import make_schema
from labdesk.platform.storage.inbox import InboxItems
from labdesk.platform.storage.labs import Labs
from labdesk.platform.storage.messages import Messages
from labdesk.platform.storage.records import Records
from labdesk.platform.storage.reports import Reports

T = TypeVar("T")


class Desk:
    """The repositories within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def labs(self) -> Labs:
        """Laboratories and keys."""
        return Labs(self._session)

    @cached_property
    def records(self) -> Records:
        """Projects, commissions, tags, profiles."""
        return Records(self._session)

    @cached_property
    def messages(self) -> Messages:
        """Messages, blobs, heads."""
        return Messages(self._session)

    @cached_property
    def inbox(self) -> InboxItems:
        """Items for laboratories."""
        return InboxItems(self._session)

    @cached_property
    def reports(self) -> Reports:
        """Report codes."""
        return Reports(self._session)

    @cached_property
    def access(self) -> Access:
        """Operators and sessions."""
        return Access(self._session)


class Store:
    """The platform's database.

    Args:
        url: ``sqlite:///file`` or ``postgresql://...``.
        at: moment noted where a new schema is made.

    Raises:
        EnvironmentFault: ``platform.schema_version``, ``platform.database``.
    """

    def __init__(self, url: str, at: datetime) -> None:
        self._engine = make_engine(url)
        try:
            make_schema(self._engine, at)
        except OperationalError as error:
            raise _unreachable(error) from error

    def write(self, work: Callable[[Desk], T]) -> T:
        """Run ``work`` in one writing transaction; where two collided, the later one is run again and sees the earlier.

        Raises:
            OperatorError: ``platform.exists`` when what is to be inserted stands there already.
            EnvironmentFault: ``platform.database``.
        """
        try:
            return self._write_once(work)
        except IntegrityError:
            try:
                return self._write_once(work)
            except IntegrityError as error:
                raise OperatorError("platform.exists", reason=str(error.orig)[:200]) from error

    def read(self, work: Callable[[Desk], T]) -> T:
        """Run ``work`` in one reading transaction; raises EnvironmentFault ``platform.database``."""
        try:
            with reading_session(self._engine) as session:
                return work(Desk(session))
        except OperationalError as error:
            raise _unreachable(error) from error

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def _write_once(self, work: Callable[[Desk], T]) -> T:
        try:
            with writing_session(self._engine) as session:
                return work(Desk(session))
        except OperationalError as error:
            raise _unreachable(error) from error


def _unreachable(error: OperationalError) -> EnvironmentFault:
    return EnvironmentFault("platform.database", reason=str(error.orig)[:200])
