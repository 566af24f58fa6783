"""Triggers that keep evidence as it came, in both databases, and the making of the schema."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, Table, UniqueConstraint, text

from labdesk.platform.storage import tables
from labdesk.platform.storage.base import SCHEMA_VERSION, Base, Kept, check_version, writing_session

_PG_FUNCTION = """CREATE OR REPLACE FUNCTION platform_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'kept: % rows never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"""
# Any two numbers: processes that start at once on one PostgreSQL make the schema one after the other.
_SCHEMA_LOCK = "SELECT pg_advisory_xact_lock(76210031, 7)"


def kept_tables() -> list[Table]:
    """All tables that hold evidence, by name."""
    found = [
        mapper.local_table
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Kept) and isinstance(mapper.local_table, Table)
    ]
    return sorted(found, key=lambda table: table.name)


def make_schema(engine: Engine, at: datetime) -> None:
    """Create tables and triggers in an empty database; an existing schema is only checked.

    Raises:
        EnvironmentFault: ``platform.schema_version``.
    """
    if check_version(engine) is not None:
        return
    with writing_session(engine) as session:
        connection = session.connection()
        if engine.dialect.name == "postgresql":
            connection.execute(text(_SCHEMA_LOCK))
        if engine.dialect.has_table(connection, "platform_schema"):
            return
        Base.metadata.create_all(connection)
        _install(connection)
        session.add(tables.SchemaRow(version=SCHEMA_VERSION, created_at=at))


def _install(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    statements = [] if sqlite else [_PG_FUNCTION]
    for table in kept_tables():
        statements += _sqlite_guards(table) if sqlite else _pg_guards(table)
    for statement in statements:
        connection.execute(text(statement))


def _sqlite_guards(table: Table) -> list[str]:
    name = table.name
    refuse = f"BEGIN SELECT RAISE(ABORT, 'kept: {name} rows never change'); END"
    statements = [
        f"CREATE TRIGGER {name}_no_{event.lower()} BEFORE {event} ON {name} {refuse}" for event in ("UPDATE", "DELETE")
    ]
    # INSERT OR REPLACE deletes without firing the DELETE trigger, so a second row of the same key is refused before that.
    for number, columns in enumerate(_keys(table)):
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
        statements.append(
            f"CREATE TRIGGER {name}_no_replace_{number} BEFORE INSERT ON {name} "  # noqa: S608 - names of our own tables
            f"WHEN EXISTS (SELECT 1 FROM {name} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint: {name} has this row'); END"
        )
    return statements


def _pg_guards(table: Table) -> list[str]:
    name = table.name
    return [
        f"CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION platform_keep()",
        f"CREATE TRIGGER {name}_full BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION platform_keep()",
    ]


def _keys(table: Table) -> list[list[str]]:
    keys = [[column.name for column in table.primary_key.columns]]
    keys += [[c.name for c in item.columns] for item in table.constraints if isinstance(item, UniqueConstraint)]
    return keys
