"""The outbox: rows written in the transaction of the change they tell of; body and hash are frozen by the database."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import ClassVar

from sqlalchemy import Integer, String, UniqueConstraint, exists, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from labdesk.domain.outbox import MessageKind, OutboxMessage, OutboxState
from labdesk.domain.sync_ports import is_due
from labdesk.storage.base import Appended, Base, Tracked, Volatile, key_column
from labdesk.storage.triggers import RuleTrigger


class OutboxRow(Base, Tracked, Volatile):
    """A message to the platform. State, attempts and receipt move on; what was said never does."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("kind", "natural_key"),)
    __volatile__: ClassVar[frozenset[str]] = frozenset({"attempts", "last_error", "next_try_at"})
    id: Mapped[str] = key_column(36)
    kind: Mapped[str] = mapped_column(String(24))
    natural_key: Mapped[str] = mapped_column(String(120))
    stream: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[bytes] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    attachments: Mapped[str] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    state: Mapped[str] = mapped_column(String(16), index=True)
    attempts: Mapped[int] = mapped_column(Integer)
    last_error: Mapped[str] = mapped_column()
    next_try_at: Mapped[datetime | None] = mapped_column()
    receipt: Mapped[bytes | None] = mapped_column()


class RefusalRow(Base, Appended):
    """The platform's signed no to a message; a message may be refused, mended around and asked again."""

    __tablename__ = "platform_refusals"
    id: Mapped[str] = key_column(36)
    message_id: Mapped[str] = mapped_column(String(36), index=True)
    receipt: Mapped[bytes] = mapped_column()
    at: Mapped[datetime] = mapped_column()


RULES = (
    RuleTrigger(
        name="outbox_frozen",
        table="outbox",
        refuse_when="NEW.body <> OLD.body OR NEW.sha256 <> OLD.sha256 OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind "
        "OR NEW.natural_key <> OLD.natural_key OR NEW.stream <> OLD.stream OR NEW.attachments <> OLD.attachments "
        "OR (OLD.receipt IS NOT NULL AND NEW.receipt <> OLD.receipt)",
        key="storage.outbox_frozen",
        event="UPDATE",
    ),
)

_WAITING = (OutboxState.QUEUED.value, OutboxState.SENT.value)
# What needs a person holds back only the messages of its own stream; what was refused for its content holds back nothing.
_BLOCKING = (*_WAITING, OutboxState.NEEDS_PERSON.value)


class Outbox:
    """Repository of the outbox."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, message: OutboxMessage) -> None:
        """Queue a message; the same kind and natural key twice is refused by the database."""
        self._session.add(
            OutboxRow(
                id=message.id,
                kind=message.kind.value,
                natural_key=message.natural_key,
                stream=message.stream,
                body=message.body,
                sha256=message.sha256,
                attachments=json.dumps(list(message.attachments)),
                created_at=message.created_at,
                state=message.state.value,
                attempts=message.attempts,
                last_error=message.last_error,
                next_try_at=message.next_try_at,
                receipt=message.receipt,
            )
        )

    def due(self, limit: int, now: datetime) -> list[OutboxMessage]:
        """The oldest open message of each stream whose time has come, oldest first."""
        earlier = aliased(OutboxRow)
        first = ~exists().where(
            earlier.stream == OutboxRow.stream, earlier.id < OutboxRow.id, earlier.state.in_(_BLOCKING)
        )
        query = select(OutboxRow).where(OutboxRow.state.in_(_WAITING), first).order_by(OutboxRow.id)
        due = (message for row in self._session.scalars(query) if is_due(message := _message(row), now))
        return list(islice(due, limit))

    def update(self, message: OutboxMessage) -> None:
        """Write state, attempts, error, next try and receipt of a message."""
        row = self._session.get_one(OutboxRow, message.id)
        row.state = message.state.value
        row.attempts = message.attempts
        row.last_error = message.last_error
        row.next_try_at = message.next_try_at
        if message.receipt is not None:
            row.receipt = message.receipt

    def get(self, message_id: str) -> OutboxMessage | None:
        """One message."""
        row = self._session.get(OutboxRow, message_id)
        return None if row is None else _message(row)

    def by_key(self, kind: MessageKind, natural_key: str) -> OutboxMessage | None:
        """The message of a kind about something."""
        query = select(OutboxRow).where(OutboxRow.kind == kind.value, OutboxRow.natural_key == natural_key)
        row = self._session.scalar(query)
        return None if row is None else _message(row)

    def keep_refusal(self, key: str, message_id: str, receipt: bytes, at: datetime) -> None:
        """Keep the platform's signed no."""
        self._session.add(RefusalRow(id=key, message_id=message_id, receipt=receipt, at=at))

    def newest_refusal(self, message_id: str) -> bytes | None:
        """The newest signed no to a message."""
        query = select(RefusalRow.receipt).where(RefusalRow.message_id == message_id).order_by(RefusalRow.id.desc())
        found = self._session.scalar(query.limit(1))
        return None if found is None else bytes(found)

    def created_between(self, start: datetime, end: datetime) -> list[OutboxMessage]:
        """Messages of every state created from ``start`` until before ``end``."""
        query = select(OutboxRow).where(OutboxRow.created_at >= start, OutboxRow.created_at < end)
        return [_message(row) for row in self._session.scalars(query.order_by(OutboxRow.id))]

    def newest(self, limit: int) -> list[OutboxMessage]:
        """The newest messages of every state, for the sync page."""
        query = select(OutboxRow).order_by(OutboxRow.id.desc()).limit(limit)
        return [_message(row) for row in self._session.scalars(query)]

    def counts(self) -> dict[OutboxState, int]:
        """How many messages are in each state."""
        rows = self._session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))
        return {OutboxState(state): count for state, count in rows}

    def oldest_open(self) -> datetime | None:
        """Since when the oldest open message waits."""
        return self._session.scalar(select(func.min(OutboxRow.created_at)).where(OutboxRow.state.in_(_WAITING)))


def _message(row: OutboxRow) -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        kind=MessageKind(row.kind),
        natural_key=row.natural_key,
        stream=row.stream,
        body=bytes(row.body),
        sha256=row.sha256,
        attachments=tuple(json.loads(row.attachments)),
        created_at=row.created_at,
        state=OutboxState(row.state),
        attempts=row.attempts,
        last_error=row.last_error,
        next_try_at=row.next_try_at,
        receipt=None if row.receipt is None else bytes(row.receipt),
    )
