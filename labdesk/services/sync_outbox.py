"""The outbox as the sync engine uses it: every outcome is one committed transaction; results go to whoever waits for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.errors import BugError
from labdesk.domain.outbox import OutboxMessage, OutboxState
from labdesk.domain.store import SYSTEM, Store
from labdesk.domain.sync_ports import Acknowledgement, Backlog, Refusal

ResultListener = Callable[[OutboxMessage, Mapping[str, str]], None]


class StoredOutbox:
    """Fulfils ``domain.sync_ports.SyncOutbox`` on the store.

    Args:
        store, clock, ids: as everywhere.
        on_result: told of every acknowledged message and the platform's result, after the receipt is stored; when it fails,
            the receipt stays stored and the program asks again at its next start (coded reports are found by their state).
    """

    def __init__(self, store: Store, clock: Clock, ids: IdSource, on_result: ResultListener) -> None:
        self._store = store
        self._ids = ids
        self._clock = clock
        self._on_result = on_result

    def due(self, limit: int, now: datetime) -> Sequence[OutboxMessage]:
        """The first open message of each stream whose time has come."""
        with self._store.read() as uow:
            return uow.outbox.due(limit, now)

    def mark_sent(self, message_id: str, at: datetime) -> None:
        """The bytes are about to leave."""
        self._change(message_id, lambda message: replace(message, state=OutboxState.SENT))

    def acknowledge(self, message_id: str, acknowledgement: Acknowledgement) -> None:
        """A verified receipt came."""
        message = self._change(
            message_id,
            lambda found: replace(
                found, state=OutboxState.ACKNOWLEDGED, receipt=acknowledgement.receipt, last_error="", next_try_at=None
            ),
        )
        self._on_result(message, acknowledgement.result)

    def refuse(self, message_id: str, refusal: Refusal) -> None:
        """The platform refused for a reason about the message itself; its signed words are kept beside the message."""
        said = ", ".join((refusal.reason, *refusal.missing))
        with self._store.write(SYSTEM) as uow:
            uow.outbox.keep_refusal(self._ids.new_id(), message_id, refusal.receipt, self._clock.now())
            uow.commit()
        self._change(message_id, lambda found: replace(found, state=OutboxState.REFUSED, last_error=said))

    def needs_person(self, message_id: str, reason: str) -> None:
        """Sending again cannot help."""
        self._change(message_id, lambda found: replace(found, state=OutboxState.NEEDS_PERSON, last_error=reason))

    def retry_later(self, message_id: str, error: str, next_try_at: datetime) -> None:
        """The attempt failed for reasons outside the message."""
        self._change(
            message_id,
            lambda found: replace(found, attempts=found.attempts + 1, last_error=error, next_try_at=next_try_at),
        )

    def backlog(self) -> Backlog:
        """What waits."""
        with self._store.read() as uow:
            counts = uow.outbox.counts()
            oldest = uow.outbox.oldest_open()
        waiting = counts.get(OutboxState.QUEUED, 0) + counts.get(OutboxState.SENT, 0)
        return Backlog(waiting, oldest, counts.get(OutboxState.NEEDS_PERSON, 0))

    def sent_on(self, day: str) -> Mapping[str, str]:
        """Acknowledged messages of a UTC day."""
        start = datetime.fromisoformat(day).replace(tzinfo=UTC)
        with self._store.read() as uow:
            found = uow.outbox.created_between(start, start + timedelta(days=1))
        return {message.id: message.sha256 for message in found if message.state is OutboxState.ACKNOWLEDGED}

    def _change(self, message_id: str, step: Callable[[OutboxMessage], OutboxMessage]) -> OutboxMessage:
        with self._store.write(SYSTEM) as uow:
            message = uow.outbox.get(message_id)
            if message is None:
                raise BugError("bug.plain_shape", where="outbox", found=message_id)
            message = step(message)
            uow.outbox.update(message)
            uow.commit()
        return message
