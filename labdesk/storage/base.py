"""The declarative base: naming, column types, and the two kinds of evidence tables.

``Appended`` rows are written once. ``Tracked`` rows may change, but every version leaves its hash in the log. Both are
covered by the log of the database, leaf by row, so that an audit can name a changed or missing one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import Dialect, LargeBinary, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from labdesk.domain.errors import BugError
from labdesk.domain.plain import parse_moment, to_plain, utc_text
from labdesk.evidence.canonical import canonical_bytes, sha256_hex

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware moment stored as ISO 8601 text in UTC: the same text in both databases, sortable, readable in thirty years."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Text for the database."""
        return None if value is None else utc_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Moment from the database."""
        return None if value is None else parse_moment(value).astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, bytes: LargeBinary, str: String}


class Appended:
    """Mark of evidence tables whose rows are inserted once and never changed."""


class Tracked:
    """Mark of tables whose rows may change, each version logged; rows are never deleted."""


class Frozen:
    """Mark of tables that never change but are not in the log themselves: the log's own."""


class Volatile:
    """Columns that work with the row but prove nothing (retry counters): named here, they stay outside its hash."""

    __volatile__: ClassVar[frozenset[str]] = frozenset()


Key = Mapped[str]


def key_column(length: int = 64) -> Mapped[str]:
    """A text primary key (UUIDv7, a number or a hash)."""
    return mapped_column(String(length), primary_key=True)


def primary_key_text(table: Table, values: dict[str, Any]) -> str:
    """The row's primary key as one text; several columns are joined with ``|``."""
    return "|".join(str(values[column.name]) for column in table.primary_key.columns)


def row_hash(table: Table, values: dict[str, Any], volatile: frozenset[str] = frozenset()) -> str:
    """SHA-256 over the canonical form of a row: table, columns in order of name, bytes by their hash.

    Args:
        table: the table the row belongs to.
        values: column name to Python value.
        volatile: columns left out.
    """
    plain: dict[str, Any] = {}
    for column in table.columns:
        if column.name in volatile:
            continue
        value = values[column.name]
        plain[column.name] = (
            {"sha256": sha256_hex(bytes(value))} if isinstance(value, (bytes, memoryview)) else to_plain(value)
        )
    return sha256_hex(canonical_bytes({"table": table.name, "row": plain}))


def volatile_columns(entity: type[Any]) -> frozenset[str]:
    """Columns of ``entity`` that stay outside its row hash."""
    return frozenset(getattr(entity, "__volatile__", frozenset()))


def entity_of(table: Table) -> type[Any]:
    """The mapped class of a table; raises BugError when there is none."""
    for mapper in Base.registry.mappers:
        if mapper.local_table is table:
            return mapper.class_
    raise BugError("bug.plain_shape", where=table.name, found="no entity")


def evidence_tables() -> list[Table]:
    """All tables whose rows are covered by the log, by name."""
    found = [
        mapper.local_table
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, (Appended, Tracked)) and isinstance(mapper.local_table, Table)
    ]
    return sorted(found, key=lambda table: table.name)
