"""The sync engine: one thread, one lock, one pass after another.

A pass takes in what the platform sent, then delivers what is due: attachments first, by hash and in chunks; then the frozen
bytes; done only when a verified receipt for exactly these bytes is here. A message that may have arrived is asked for before it
is sent again. What fails holds up its own stream only; when the platform cannot be reached, the pass ends and nothing is counted
as an attempt. The wall clock is only noted, pauses are measured on a clock that cannot be set.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from labdesk.domain.clock import Clock
from labdesk.domain.errors import EnvironmentFault, LabDeskError
from labdesk.domain.outbox import OutboxMessage, OutboxState, SyncStatus
from labdesk.domain.sync_ports import (
    LONGEST_PAUSE,
    Backlog,
    BlobFiles,
    InboxHandler,
    Reconciliation,
    StatusListener,
    SyncOutbox,
    SyncReport,
)
from labdesk.sync.port import Accepted, BadItem, BlobsMissing, Outcome, PlatformPort, Refused, Stuck, UnreachableError
from labdesk.wire.reconcile import compare

_LOG = logging.getLogger(__name__)
_BATCH = 50
# Somebody else answers in the platform's place (a network's login page): after a few such answers the pass ends.
_STRANGER, _STRANGERS = "sync.not_a_receipt", 3


@dataclass(frozen=True)
class Pace:
    """How often things are tried.

    Attributes:
        poll_s: pause between passes while all is well, seconds.
        first_pause_s: first pause after a failure; doubles up to ``poll_offline_s`` for the platform and
            ``LONGEST_PAUSE`` for one message.
        poll_offline_s: longest pause while the platform is out of reach.
        chunk_bytes: size of an uploaded chunk.
    """

    poll_s: float = 30.0
    first_pause_s: float = 5.0
    poll_offline_s: float = 60.0
    chunk_bytes: int = 512 * 1024


@dataclass(frozen=True)
class SyncParts:
    """What the engine works with."""

    platform: PlatformPort
    outbox: SyncOutbox
    blobs: BlobFiles
    inbox: InboxHandler
    clock: Clock


@dataclass
class _Pass:
    """Notes of one pass."""

    attempted: set[str] = field(default_factory=set)
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)
    needs_person: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    strangers: int = 0

    def report(self) -> SyncReport:
        return SyncReport(
            tuple(self.acknowledged),
            tuple(self.refused),
            tuple(self.retried),
            tuple(self.needs_person),
            tuple(self.taken),
            tuple(self.problems),
        )


class SyncEngine:
    """Keeps laboratory and platform the same; implements :class:`labdesk.domain.sync_ports.SyncControl`."""

    def __init__(self, parts: SyncParts, pace: Pace | None = None, listener: StatusListener | None = None) -> None:
        self._parts = parts
        self._pace = pace or Pace()
        self._listener = listener
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._online = False
        self._last_contact: datetime | None = None
        self._failures = 0

    def start(self) -> None:
        """Start the one thread; a second call changes nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float = 30.0) -> bool:
        """End after the step in hand and join the thread; ``False`` if it did not end in time. Nothing is lost either way."""
        self._stopping.set()
        self._wake.set()
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def wake(self) -> None:
        """Something was queued: look now."""
        self._wake.set()

    def status(self) -> SyncStatus:
        """Where things stand; reads the outbox."""
        return self._status(self._parts.outbox.backlog())

    def sync_now(self) -> SyncReport:
        """One pass in the calling thread; waits for a pass that is running."""
        with self._lock:
            notes = _Pass()
            try:
                self._take_in(notes)
                self._deliver_due(notes)
            except UnreachableError as error:
                self._lost()
                notes.problems.append(error.fault.key)
            report = notes.report()
        self._tell()
        return report

    def reconcile(self, day: str) -> Reconciliation:
        """Compare one day (UTC) with the platform; raises EnvironmentFault when it is out of reach."""
        with self._lock:
            try:
                there = self._parts.platform.day_list(day)
            except UnreachableError as error:
                raise error.fault from error
            return compare(day, self._parts.outbox.sent_on(day), there)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self.sync_now()
            except Exception as error:  # noqa: BLE001 - the thread outlives whatever a pass meets; messages stay queued
                self._failures += 1
                _LOG.exception("sync pass failed: %s", type(error).__name__)
            self._wake.wait(self._pause_s())

    def _pause_s(self) -> float:
        if self._failures == 0:
            return self._pace.poll_s
        return float(min(self._pace.poll_offline_s, self._pace.first_pause_s * 2 ** min(self._failures - 1, 10)))

    def _reached(self) -> None:
        self._online = True
        self._failures = 0
        self._last_contact = self._parts.clock.now()

    def _lost(self) -> None:
        self._online = False
        self._failures += 1

    def _tell(self) -> None:
        if self._listener is not None:
            self._listener(self.status())

    def _status(self, backlog: Backlog) -> SyncStatus:
        return SyncStatus(self._online, backlog.waiting, backlog.oldest, self._last_contact, backlog.needs_person)

    def _take_in(self, notes: _Pass) -> None:
        """Apply what the platform sent; an item counts as taken when services have stored it."""
        seen: set[str] = set()
        while not self._stopping.is_set():
            try:
                items, more = self._parts.platform.inbox()
            except LabDeskError as error:
                notes.problems.append(error.key)
                self._lost()
                return
            self._reached()
            applied = []
            for item in items:
                if item.id not in seen and self._apply(item, notes):
                    applied.append(item.id)
                seen.add(item.id)
            if applied:
                self._parts.platform.acknowledge_items(applied)
                notes.taken += applied
            if not (more and applied):
                return

    def _apply(self, item: object, notes: _Pass) -> bool:
        if isinstance(item, BadItem):
            notes.problems.append(item.error.key)
            _LOG.warning("inbox item %s: %s", item.id, item.error)
            return False
        try:
            for sha256 in item.attachments:  # type: ignore[attr-defined]
                self._parts.blobs.put(self._parts.platform.fetch(sha256))
            self._parts.inbox.take(item)  # type: ignore[arg-type]
        except LabDeskError as error:
            notes.problems.append(error.key)
            _LOG.warning("inbox item was not applied: %s", error)
            return False
        return True

    def _deliver_due(self, notes: _Pass) -> None:
        while not self._stopping.is_set():
            due = self._parts.outbox.due(_BATCH, self._parts.clock.now())
            fresh = [message for message in due if message.id not in notes.attempted]
            if not fresh:
                return
            for message in fresh:
                if self._stopping.is_set():
                    return
                notes.attempted.add(message.id)
                self._deliver(message, notes)
                if notes.strangers >= _STRANGERS:
                    return

    def _deliver(self, message: OutboxMessage, notes: _Pass) -> None:
        try:
            outcome = self._outcome(message)
        except LabDeskError as error:
            self._later(message, error.key, notes)
            notes.strangers = notes.strangers + 1 if error.key == _STRANGER else 0
            return
        self._reached()
        notes.strangers = 0
        outbox = self._parts.outbox
        if isinstance(outcome, Accepted):
            outbox.acknowledge(message.id, outcome.acknowledgement)
            notes.acknowledged.append(message.id)
        elif isinstance(outcome, Refused):
            outbox.refuse(message.id, outcome.refusal)
            notes.refused.append(message.id)
        elif isinstance(outcome, Stuck):
            outbox.needs_person(message.id, outcome.reason)
            notes.needs_person.append(message.id)
        else:
            self._later(message, "platform.attachments_missing", notes)

    def _outcome(self, message: OutboxMessage) -> Outcome:
        """Ask first where it may have arrived; else attachments, then the message, then once more what was still lacking."""
        platform = self._parts.platform
        if message.state is OutboxState.SENT:
            known = platform.ask(message)
            if known is not None:
                return known
        self._upload(message.attachments)
        self._parts.outbox.mark_sent(message.id, self._parts.clock.now())
        outcome = platform.deliver(message)
        if isinstance(outcome, BlobsMissing):
            self._upload(outcome.hashes)
            outcome = platform.deliver(message)
        return outcome

    def _upload(self, hashes: tuple[str, ...]) -> None:
        for sha256 in hashes:
            point = self._parts.platform.upload_point(sha256)
            if point.complete:
                continue
            data = self._parts.blobs.get(sha256)
            # Each round gets on by a chunk or goes back once to where the platform stands; more rounds than that is a fault.
            for _ in range(2 * (len(data) // self._pace.chunk_bytes + 2)):
                if self._stopping.is_set() or point.complete:
                    break
                chunk = data[point.offset : point.offset + self._pace.chunk_bytes]
                point = self._parts.platform.upload(sha256, point, chunk, len(data))
            if not point.complete:
                raise EnvironmentFault("sync.upload_unfinished", sha256=sha256[:12])

    def _later(self, message: OutboxMessage, error: str, notes: _Pass) -> None:
        """Try again after a pause that doubles with every attempt of this message."""
        longest = LONGEST_PAUSE.total_seconds()
        pause = min(longest, self._pace.first_pause_s * 2 ** min(message.attempts, 12))
        next_try = self._parts.clock.now() + timedelta(seconds=pause)
        self._parts.outbox.retry_later(message.id, error, next_try)
        notes.retried.append(message.id)
        notes.problems.append(error)
