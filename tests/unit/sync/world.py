"""A laboratory's side in memory, and a line to a platform in the same process that can be cut, bent and hijacked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.messages import Body
from labdesk.domain.outbox import OutboxMessage, OutboxState
from labdesk.domain.sync_ports import (
    OPEN_STATES,
    Acknowledgement,
    Backlog,
    InboxItem,
    Refusal,
    is_due,
)
from labdesk.platform.server.app import create_app
from labdesk.sync.client import LabDeskPlatform
from labdesk.sync.engine import Pace, SyncEngine, SyncParts
from labdesk.sync.port import UnreachableError
from labdesk.sync.transport import HttpCall, HttpReply
from tests.unit.platform.calling import call_app
from tests.unit.platform.world import FixedClock, LabSide, Region

Bend = Callable[[HttpCall, Callable[[HttpCall], HttpReply]], HttpReply]


class MemoryOutbox:
    """An outbox as the store keeps it, in a dict; ``history`` notes every outcome."""

    def __init__(self) -> None:
        self.rows: dict[str, OutboxMessage] = {}
        self.results: dict[str, Mapping[str, str]] = {}
        self.refusals: dict[str, Refusal] = {}
        self.history: list[tuple[str, str]] = []

    def put(self, message: OutboxMessage) -> OutboxMessage:
        """Queue a message."""
        self.rows[message.id] = message
        return message

    def state(self, message: OutboxMessage) -> OutboxState:
        """Where a message is."""
        return self.rows[message.id].state

    def due(self, limit: int, now: datetime) -> Sequence[OutboxMessage]:
        """The first open one of each stream, if due."""
        heads: dict[str, OutboxMessage] = {}
        for message in sorted(self.rows.values(), key=lambda item: item.id):
            if message.state in OPEN_STATES:
                heads.setdefault(message.stream, message)
        return [message for message in heads.values() if is_due(message, now)][:limit]

    def mark_sent(self, message_id: str, at: datetime) -> None:
        """Unknown from now on."""
        self._change(message_id, "sent", state=OutboxState.SENT)

    def acknowledge(self, message_id: str, acknowledgement: Acknowledgement) -> None:
        """Receipt kept."""
        self._change(message_id, "acknowledged", state=OutboxState.ACKNOWLEDGED, receipt=acknowledgement.receipt)
        self.results[message_id] = acknowledgement.result

    def refuse(self, message_id: str, refusal: Refusal) -> None:
        """Refusal kept."""
        self._change(message_id, "refused", state=OutboxState.REFUSED, last_error=refusal.reason)
        self.refusals[message_id] = refusal

    def needs_person(self, message_id: str, reason: str) -> None:
        """Waits for a person."""
        self._change(message_id, "needs-person", state=OutboxState.NEEDS_PERSON, last_error=reason)

    def retry_later(self, message_id: str, error: str, next_try_at: datetime) -> None:
        """One attempt more."""
        attempts = self.rows[message_id].attempts + 1
        self._change(message_id, "later", attempts=attempts, last_error=error, next_try_at=next_try_at)

    def backlog(self) -> Backlog:
        """Counts."""
        states = [message.state for message in self.rows.values()]
        waiting = [m for m in self.rows.values() if m.state in (OutboxState.QUEUED, OutboxState.SENT)]
        oldest = min((message.created_at for message in waiting), default=None)
        return Backlog(len(waiting), oldest, states.count(OutboxState.NEEDS_PERSON))

    def sent_on(self, day: str) -> Mapping[str, str]:
        """Acknowledged on a day."""
        done = (item for item in self.rows.values() if item.state is OutboxState.ACKNOWLEDGED)
        return {item.id: item.sha256 for item in done if item.created_at.strftime("%Y-%m-%d") == day}

    def _change(self, message_id: str, what: str, **fields: object) -> None:
        self.rows[message_id] = replace(self.rows[message_id], **fields)  # type: ignore[arg-type]
        self.history.append((message_id, what))


class MemoryBlobs:
    """Content-addressed bytes."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}

    def get(self, sha256: str) -> bytes:
        """The blob."""
        try:
            return self.data[sha256]
        except KeyError as error:
            raise EnvironmentFault("storage.blob_missing", sha256=sha256[:12]) from error

    def put(self, data: bytes) -> str:
        """Keep it."""
        digest = hashlib.sha256(data).hexdigest()
        self.data[digest] = data
        return digest


@dataclass
class MemoryInbox:
    """Takes items; refuses kinds in ``refuses``."""

    items: list[InboxItem] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)

    def take(self, item: InboxItem) -> None:
        """Keep it."""
        if item.kind.value in self.refuses:
            raise OperatorError("profile.missing_number", name="x", edition="y")
        self.items.append(item)


class AppTransport:
    """The platform's application called in this process.

    Attributes:
        bend: stands in the line and may do anything to a call.
        calls: method and path of everything that passed.
    """

    def __init__(self, region: Region, token: str) -> None:
        self._app = create_app(region.context)
        self._token = token
        self.bend: Bend | None = None
        self.calls: list[tuple[str, str]] = []

    def call(self, call: HttpCall) -> HttpReply:
        """Through the bend, if any."""
        return self.bend(call, self._send) if self.bend else self._send(call)

    def close(self) -> None:
        """Nothing to close."""

    def count(self, method: str, part: str) -> int:
        """Calls of a method whose path contains ``part``."""
        return sum(found == method and part in path for found, path in self.calls)

    def _send(self, call: HttpCall) -> HttpReply:
        self.calls.append((call.method, call.path))
        headers = {**call.headers, "Authorization": f"Bearer {self._token}"}
        reply = call_app(self._app, call.method, call.path, call.content, headers)
        return HttpReply(reply.status_code, {k.lower(): v for k, v in reply.headers.items()}, reply.content)


def cut(call: HttpCall, send: Callable[[HttpCall], HttpReply]) -> HttpReply:
    """No line at all."""
    raise UnreachableError(EnvironmentFault("sync.unreachable", reason="cut"))


@dataclass
class Bench:
    """Everything of one laboratory, with its engine."""

    region: Region
    lab: LabSide
    outbox: MemoryOutbox
    blobs: MemoryBlobs
    inbox: MemoryInbox
    line: AppTransport
    platform: LabDeskPlatform
    engine: SyncEngine

    @property
    def clock(self) -> FixedClock:
        """The one clock of the test."""
        return self.region.clock

    def queue(self, *bodies: Body) -> list[OutboxMessage]:
        """Put bodies into the outbox."""
        return [self.outbox.put(self.region.message(body)) for body in bodies]


def bench(region: Region, lab: LabSide, pace: Pace | None = None, head: str = "") -> Bench:
    """A laboratory connected to the region's platform."""
    outbox, blobs, inbox = MemoryOutbox(), MemoryBlobs(), MemoryInbox()
    line = AppTransport(region, lab.registration.token)
    platform = LabDeskPlatform(line, lab.identity(head), lab.trust())
    parts = SyncParts(platform, outbox, blobs, inbox, region.clock)
    return Bench(region, lab, outbox, blobs, inbox, line, platform, SyncEngine(parts, pace))
