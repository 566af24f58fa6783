"""What waits for the platform: messages written in the same transaction as the change they tell of, and their receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MessageKind(StrEnum):
    """What a message tells the platform. Order of arrival within one stream matters; streams are independent."""

    RECEPTION = "reception"
    REJECTION = "rejection"
    RUN = "run"
    MANUAL_READING = "manual-reading"
    GAP_REASON = "gap-reason"
    EVALUATION = "evaluation"
    SIGNATURE = "signature"
    REPORT_REQUEST = "report-request"
    REPORT_ISSUED = "report-issued"
    FAILING_RESULT = "failing-result"
    CHECKPOINT = "checkpoint"


class OutboxState(StrEnum):
    """Where a message is; nothing leaves by deletion."""

    QUEUED = "queued"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    NEEDS_PERSON = "needs-person"
    CLOSED = "closed"
    """A supervisor closed it with a reason; it stays on record and holds nothing back."""


@dataclass(frozen=True)
class OutboxMessage:
    """A message to the platform.

    Attributes:
        id: UUIDv7, made with the change; the same on every retry.
        kind: what it tells.
        natural_key: what it is about, unique per kind (``run:<run id>``); with the hash it decides what is new.
        stream: messages of one stream go in order (the commission's number).
        body: canonical JSON bytes, frozen at creation.
        sha256: of the body.
        attachments: hashes of blobs that must arrive first.
        created_at: when the change was made.
        state, attempts, last_error: where it stands.
        next_try_at: earliest next attempt; ``None`` = at once.
        receipt: the platform's signed receipt, verbatim.
    """

    id: str
    kind: MessageKind
    natural_key: str
    stream: str
    body: bytes
    sha256: str
    attachments: tuple[str, ...]
    created_at: datetime
    state: OutboxState = OutboxState.QUEUED
    attempts: int = 0
    last_error: str = ""
    next_try_at: datetime | None = None
    receipt: bytes | None = None


@dataclass(frozen=True)
class SyncStatus:
    """What the status bar says: how many wait, since when, and when the platform was last heard."""

    online: bool
    waiting: int
    oldest: datetime | None
    last_contact: datetime | None
    needs_person: int
