"""What people see of the sync: how much waits and since when, what became of each message, and what only a person can decide."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.domain.outbox import MessageKind, OutboxMessage, OutboxState, SyncStatus
from labdesk.domain.people import Role, Session
from labdesk.domain.ports.sync_desk import Closure
from labdesk.domain.sentences import catalogue
from labdesk.domain.store import Actor, Store, UnitOfWork
from labdesk.domain.sync_ports import SyncControl, SyncReport
from labdesk.services.receipts import ReceiptFacts, missing_piece, read_receipt

NEWEST = 500
_STUCK = (OutboxState.REFUSED, OutboxState.NEEDS_PERSON)
#: Facts of a body that tell people which thing a message is about, in order of preference.
_ABOUT = ("report_no", "receipt_no", "slip_no", "run_number", "specimen_label", "lot_no")


@dataclass(frozen=True)
class SyncOverview:
    """The page's first line.

    Attributes:
        status: what the status bar says.
        counts: messages per state.
        upload_alarm_min: from this age on, what waits is marked late (region profile).
    """

    status: SyncStatus
    counts: Mapping[OutboxState, int]
    upload_alarm_min: int
    now: datetime

    @property
    def late(self) -> bool:
        """Whether the oldest message has waited longer than the region allows without an alarm."""
        oldest = self.status.oldest
        return oldest is not None and (self.now - oldest).total_seconds() > self.upload_alarm_min * 60


@dataclass(frozen=True)
class SyncRow:
    """One message.

    Attributes:
        about: number of what it tells of.
        commission_no: stream it belongs to.
        reason, missing: why it is stuck, in sentences.
        receipt: what the platform acknowledged.
        closure: who closed it and why.
    """

    message: OutboxMessage
    about: str
    commission_no: str
    reason: Remark | None = None
    missing: tuple[Remark, ...] = ()
    receipt: ReceiptFacts | None = None
    closure: Closure | None = None
    kind: MessageKind = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", self.message.kind)

    @property
    def stuck(self) -> bool:
        """Whether a person has to decide."""
        return self.message.state in _STUCK

    def speaks_of(self, words: str) -> bool:
        """Whether every word occurs in its numbers."""
        text = f"{self.about} {self.commission_no} {self.message.natural_key}".casefold()
        return all(word in text for word in words.casefold().split())


class SyncDesk:
    """Reads the outbox for people, and keeps what they decide."""

    def __init__(self, store: Store, clock: Clock, ids: IdSource, control: SyncControl) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._control = control

    def overview(self) -> SyncOverview:
        """Where things stand."""
        now = self._clock.now()
        with self._store.read() as uow:
            counts = uow.outbox.counts()
            alarm = int(uow.profiles.current(now).number("upload_alarm_min"))
        return SyncOverview(self._control.status(), counts, alarm, now)

    def messages(self, words: str = "", states: frozenset[OutboxState] = frozenset()) -> tuple[SyncRow, ...]:
        """The newest messages, newest first; without states those of every state."""
        with self._store.read() as uow:
            found = [item for item in uow.outbox.newest(NEWEST) if not states or item.state in states]
            closures = uow.sync_desk.closures_of([item.id for item in found if item.state is OutboxState.CLOSED])
            rows = [_row(uow, item, closures.get(item.id)) for item in found]
        return tuple(row for row in rows if row.speaks_of(words))

    def try_now(self) -> SyncReport:
        """One pass now; waits for one that is running."""
        return self._control.sync_now()

    def send_again(self, message_id: str, session: Session) -> None:
        """Send a stuck message again, the same bytes; raises OperatorError ``sync_desk.not_stuck``."""
        with self._store.write(Actor(session.person.id, session.station)) as uow:
            message = _stuck(uow, message_id)
            uow.outbox.update(replace(message, state=OutboxState.QUEUED, next_try_at=None))
            uow.commit()
        self._control.wake()

    def close(self, message_id: str, reason: str, session: Session) -> Closure:
        """Close a stuck message with a reason: it stays on record, is not sent again and holds nothing back.

        Raises:
            OperatorError: ``sync_desk.may_not_close``, ``sync_desk.no_reason``, ``sync_desk.not_stuck``.
        """
        person = session.person
        if not (person.may(Role.QUALITY) or person.may(Role.ADMINISTRATOR)):
            raise OperatorError("sync_desk.may_not_close", name=person.name)
        if not reason.strip():
            raise OperatorError("sync_desk.no_reason")
        closure = Closure(self._ids.new_id(), message_id, reason.strip(), person.id, person.name, self._clock.now())
        with self._store.write(Actor(person.id, session.station)) as uow:
            message = _stuck(uow, message_id)
            uow.sync_desk.add_closure(closure)
            uow.flush()
            uow.outbox.update(replace(message, state=OutboxState.CLOSED))
            uow.commit()
        with self._store.read() as uow:
            if uow.sync_desk.closures_of([message_id]).get(message_id) != closure:
                raise EnvironmentFault("sync_desk.not_kept")
        self._control.wake()
        return closure


def _stuck(uow: UnitOfWork, message_id: str) -> OutboxMessage:
    message = uow.outbox.get(message_id)
    if message is None or message.state not in _STUCK:
        raise OperatorError("sync_desk.not_stuck")
    return message


def _row(uow: UnitOfWork, message: OutboxMessage, closure: Closure | None) -> SyncRow:
    receipt = read_receipt(message.receipt) if message.receipt is not None else None
    reason, missing = _reason(uow, message)
    return SyncRow(
        message=message,
        about=_about(message),
        commission_no=message.stream,
        reason=reason,
        missing=missing,
        receipt=receipt,
        closure=closure,
    )


def _reason(uow: UnitOfWork, message: OutboxMessage) -> tuple[Remark | None, tuple[Remark, ...]]:
    """Why a message is where it is: the platform's signed words first, else what was noted at the last attempt."""
    if message.state is OutboxState.REFUSED:
        refusal = uow.outbox.newest_refusal(message.id)
        facts = read_receipt(refusal) if refusal is not None else None
        if facts is not None and facts.reason is not None:
            return facts.reason, facts.missing
    if not message.last_error or message.state is OutboxState.ACKNOWLEDGED:
        return None, ()
    key, *pieces = message.last_error.split(", ")
    if key in catalogue():
        return Remark(key), tuple(missing_piece(piece) for piece in pieces)
    return Remark("sync_desk.noted", {"reason": message.last_error}), ()


def _about(message: OutboxMessage) -> str:
    """The number people know it by, from the body."""
    try:
        body = json.loads(message.body)
    except ValueError:
        return message.natural_key
    if not isinstance(body, dict):
        return message.natural_key
    inner = body.get("data")
    for facts in (body, inner if isinstance(inner, dict) else {}):
        for name in _ABOUT:
            if isinstance(facts.get(name), str) and facts[name]:
                return str(facts[name])
    return str(body.get("commission_no") or message.natural_key)
