"""Base of the platform's tables (a schema of its own) and the engine on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from labdesk.domain.errors import BugError, EnvironmentFault

SCHEMA_VERSION = 1
_WRITING = "platform_writing"


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment; naive ones are refused, and SQLite's loss of the zone is undone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        if value is not None and value.tzinfo is None:
            raise BugError("bug.naive_datetime", value=str(value))
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables of the platform."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, str: String}


class Kept:
    """Mark of a table whose rows are evidence: inserted once, never changed, replaced or deleted."""


def make_engine(url: str) -> Engine:
    """An engine for ``url``; SQLite in WAL mode with real ``BEGIN IMMEDIATE`` for writers and foreign keys on."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def writing_session(engine: Engine) -> Iterator[Session]:
    """A session for one writing transaction: committed at the end, rolled back when something is raised."""
    with Session(engine.execution_options(**{_WRITING: True}), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading_session(engine: Engine) -> Iterator[Session]:
    """A session that only reads."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def check_version(engine: Engine) -> int | None:
    """Version of the schema in the database, ``None`` if there is none yet.

    Raises:
        EnvironmentFault: ``platform.schema_version`` when the program does not know that version.
    """
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, "platform_schema"):
            return None
        found: int = connection.execute(text("SELECT MAX(version) FROM platform_schema")).scalar_one()
    if found != SCHEMA_VERSION:
        raise EnvironmentFault("platform.schema_version", found=found, known=SCHEMA_VERSION)
    return found
