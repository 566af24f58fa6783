"""Triggers that hold the rules where no program can forget them, written for both databases.

Every ``Appended`` table refuses UPDATE, DELETE, TRUNCATE and the ``INSERT OR REPLACE`` that slips past a DELETE trigger.
``Tracked`` tables refuse DELETE. Stages add rules of their own (second loading, four eyes) as :class:`RuleTrigger`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Table, UniqueConstraint, text

from labdesk.storage.base import Appended, Base, Frozen, Tracked


@dataclass(frozen=True)
class RuleTrigger:
    """A rule checked before a row is inserted.

    Attributes:
        name: unique name, ``<table>_<rule>``.
        table: the table it guards.
        refuse_when: SQL condition over ``NEW`` that is true when the row must be refused; written so that both databases
            understand it (booleans compared with ``= 1`` are stored as integers).
        key: key of the sentence for people; the database says ``refused(<key>)``.
        event: ``INSERT`` or ``UPDATE``.
    """

    name: str
    table: str
    refuse_when: str
    key: str
    event: str = "INSERT"


PG_REFUSE = """CREATE OR REPLACE FUNCTION labdesk_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation'; END $$"""


def _pg_rule_function(rule: RuleTrigger) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN IF {rule.refuse_when} THEN RAISE EXCEPTION 'refused({rule.key})' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN NEW; END $$"
    )


def rule_sql(rule: RuleTrigger, dialect: str) -> list[str]:
    """Statements that create the rule's trigger in ``dialect`` (``sqlite`` or ``postgresql``)."""
    if dialect == "sqlite":
        return [
            (
                f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} WHEN {rule.refuse_when} "
                f"BEGIN SELECT RAISE(ABORT, 'refused({rule.key})'); END"
            )
        ]
    return [
        _pg_rule_function(rule),
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW EXECUTE FUNCTION {rule.name}()",
    ]


def _unique_keys(table: Table) -> list[list[str]]:
    keys = [[column.name for column in table.primary_key.columns]]
    keys += sorted(  # constraints are a set: the triggers' numbers must not change from one generation to the next
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    )
    keys += [[column.name for column in index.columns] for index in table.indexes if index.unique]
    # Constraints are a set: a fixed order keeps the written migration the same on every run.
    return [keys[0], *sorted(keys[1:])]


def _sqlite_guards(table: Table, *, frozen: bool) -> list[str]:
    name = table.name
    statements = [
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} BEGIN SELECT RAISE(ABORT, 'evidence: {name} rows stay'); END"
    ]
    if frozen:
        statements.append(
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} "
            f"BEGIN SELECT RAISE(ABORT, 'evidence: {name} rows never change'); END"
        )
    for number, columns in enumerate(_unique_keys(table)):
        match = " AND ".join(f"{column} = NEW.{column}" for column in columns)
        statements.append(
            f"CREATE TRIGGER {name}_no_replace_{number} BEFORE INSERT ON {name} "
            f"WHEN EXISTS (SELECT 1 FROM {name} WHERE {match}) "
            f"BEGIN SELECT RAISE(ABORT, 'UNIQUE evidence: {name} has this row'); END"
        )
    return statements


def _pg_guards(table: Table, *, frozen: bool) -> list[str]:
    name = table.name
    events = "UPDATE OR DELETE" if frozen else "DELETE"
    return [
        (
            f"CREATE TRIGGER {name}_stays BEFORE {events} ON {name} FOR EACH ROW "
            f"EXECUTE FUNCTION labdesk_refuse('evidence: {name} rows never change')"
        ),
        (
            f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION labdesk_refuse('evidence: {name} rows stay')"
        ),
    ]


def guard_sql(table: Table, dialect: str, *, frozen: bool) -> list[str]:
    """Statements that make ``table`` refuse deletion, and change too when ``frozen``."""
    return _sqlite_guards(table, frozen=frozen) if dialect == "sqlite" else _pg_guards(table, frozen=frozen)


def all_trigger_sql(dialect: str, rules: tuple[RuleTrigger, ...]) -> list[str]:
    """Every trigger of the schema, in a fixed order."""
    statements = [PG_REFUSE] if dialect == "postgresql" else []
    for mapper in sorted(Base.registry.mappers, key=lambda found: found.class_.__tablename__):
        entity = mapper.class_
        if issubclass(entity, (Appended, Tracked, Frozen)) and isinstance(mapper.local_table, Table):
            statements += guard_sql(mapper.local_table, dialect, frozen=issubclass(entity, (Appended, Frozen)))
    for rule in rules:
        statements += rule_sql(rule, dialect)
    return statements


def installed_triggers(connection: Connection) -> list[str]:
    """Names of the triggers the database has, for comparing after a migration."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    else:
        query = (
            "SELECT DISTINCT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE NOT t.tgisinternal AND n.nspname = current_schema() ORDER BY 1"
        )
    return [row[0] for row in connection.execute(text(query))]


def trigger_names(statements: list[str]) -> set[str]:
    """Names of the triggers that ``statements`` create."""
    return {statement.split()[2] for statement in statements if statement.startswith("CREATE TRIGGER")}
