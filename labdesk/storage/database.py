"""Opening the database: engine settings for both kinds, schema check, migration."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.storage.version import HEAD

WRITE = "labdesk_write"
BUSY_TIMEOUT_S = 30


def sqlite_url(file: Path) -> str:
    """Address of an embedded database file."""
    return f"sqlite+pysqlite:///{file}"


def open_engine(url: str) -> Engine:
    """An engine for ``url`` (``sqlite+pysqlite:///...`` or ``postgresql+psycopg://...``)."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # our own BEGIN below, not the driver's
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def schema_version(engine: Engine) -> str | None:
    """The revision the database is at, ``None`` when it is empty. Does not load Alembic."""
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError as error:
        raise EnvironmentFault("storage.unavailable", reason=type(error).__name__) from error


def ensure_schema(engine: Engine) -> None:
    """Bring the database to this program's schema.

    Raises:
        OperatorError: ``storage.newer_schema`` when the database belongs to a newer program; it is left alone.
    """
    found = schema_version(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise OperatorError("storage.newer_schema", found=found, known=HEAD)
    migrate(engine)


def migrate(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to ``revision``."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("labdesk.storage") / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
