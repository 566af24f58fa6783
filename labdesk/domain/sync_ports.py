"""What the sync engine needs from the rooms beside it, and what services see of it; ``labdesk.app`` wires them together.

The engine never looks into the laboratory's tables: it takes due messages, sends their frozen bytes, and reports what became of
them. The store writes every outcome in a transaction of its own and keeps everything; nothing leaves the outbox by deletion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from labdesk.domain.commission import Commission, TagRecord
from labdesk.domain.outbox import OutboxMessage, OutboxState, SyncStatus
from labdesk.domain.profile import RegionProfile
from labdesk.domain.projects import Project

#: The longest pause between two attempts. A ``next_try_at`` farther ahead than this means that the PC's clock was set back.
LONGEST_PAUSE = timedelta(hours=1)


class InboxKind(StrEnum):
    """What the platform sends to a laboratory."""

    PROJECT = "project"
    TAGS = "tags"
    COMMISSION = "commission"
    PROFILE = "profile"
    TRUST = "trust"
    VOID_TAG = "void-tag"


@dataclass(frozen=True)
class TagList:
    """Tags as the platform registered them, with the state they have now."""

    tags: tuple[TagRecord, ...]


@dataclass(frozen=True)
class TrustUpdate:
    """A newer list of the platform's and laboratories' keys, as issued; already verified against the pinned root."""

    trust_list: bytes


InboxContent = Project | TagList | Commission | RegionProfile | TrustUpdate


@dataclass(frozen=True)
class InboxItem:
    """Something the platform sent, its signature already verified.

    Attributes:
        id: the platform's id of the item; the same on every delivery, so a second ``take`` must change nothing.
        kind: what it is; ``VOID_TAG`` carries a :class:`TagList` too.
        natural_key: what it is about (``commission:WT-2026-01877``).
        issued_at: when the platform issued it.
        content: the decoded content.
        document: the signed document verbatim, to be kept with what it changes.
        attachments: hashes of blobs that belong to it (photos of sampling), already fetched into the blob store.
    """

    id: str
    kind: InboxKind
    natural_key: str
    issued_at: datetime
    content: InboxContent
    document: bytes
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Backlog:
    """What waits, for the status bar."""

    waiting: int
    oldest: datetime | None
    needs_person: int


@dataclass(frozen=True)
class Acknowledgement:
    """The platform's verified answer to one message.

    Attributes:
        receipt: the signed receipt verbatim.
        result: what the platform gave back (``report_code``, ``qr_text`` ...), empty for most kinds.
        received_at: the platform's time of first receipt.
    """

    receipt: bytes
    result: Mapping[str, str]
    received_at: datetime


@dataclass(frozen=True)
class Refusal:
    """The platform's verified no.

    Attributes:
        reason: key of a sentence (``platform.report_incomplete``).
        params: its parameters.
        receipt: the signed refusal verbatim.
    """

    reason: str
    params: Mapping[str, str]
    receipt: bytes
    missing: tuple[str, ...] = ()


class SyncOutbox(Protocol):
    """The outbox as the sync engine uses it. Every method is one committed transaction and may be called from the sync thread only."""

    def due(self, limit: int, now: datetime) -> Sequence[OutboxMessage]:
        """At most ``limit`` messages to send: of every stream only its first open one, and that only if :func:`is_due`.

        Open are QUEUED, SENT and NEEDS_PERSON; a stream whose first open message needs a person therefore waits, alone.
        """
        ...

    def mark_sent(self, message_id: str, at: datetime) -> None:
        """The bytes are about to leave: from now on it is unknown whether they arrived."""
        ...

    def acknowledge(self, message_id: str, acknowledgement: Acknowledgement) -> None:
        """A verified receipt for exactly this message came; it is kept, and the result handed to whoever waits for it."""
        ...

    def refuse(self, message_id: str, refusal: Refusal) -> None:
        """The platform refused for a reason about the message itself; the stream goes on, somebody looks at it."""
        ...

    def needs_person(self, message_id: str, reason: str) -> None:
        """Sending again cannot help (the platform has another version under this key); the stream waits for a person."""
        ...

    def retry_later(self, message_id: str, error: str, next_try_at: datetime) -> None:
        """The attempt failed for reasons outside the message; attempts grow by one."""
        ...

    def backlog(self) -> Backlog:
        """Counts for the status."""
        ...

    def sent_on(self, day: str) -> Mapping[str, str]:
        """Message id -> SHA-256 of everything acknowledged whose ``created_at`` falls on ``day`` (UTC, ``2026-11-21``)."""
        ...


class BlobFiles(Protocol):
    """The laboratory's content-addressed files."""

    def get(self, sha256: str) -> bytes:
        """The blob with that hash, checked; raises EnvironmentFault if it is missing or has changed."""
        ...

    def put(self, data: bytes) -> str:
        """Store bytes under their hash, which is returned; storing twice is harmless."""
        ...


class LogHeadSource(Protocol):
    """Where the newest signed head of the laboratory's log comes from."""

    def newest(self) -> str:
        """The head as a signed note (C2SP checkpoint, signed under the laboratory's id), empty if there is none yet."""
        ...


class InboxHandler(Protocol):
    """What services do with what the platform sends."""

    def take(self, item: InboxItem) -> None:
        """Apply one item in one transaction; taking the same item twice changes nothing.

        Raises:
            LabDeskError: the item cannot be applied; it stays at the platform and is offered again.
        """
        ...


class MessageSigner(Protocol):
    """The laboratory's signing key."""

    @property
    def key_id(self) -> str:
        """Id under which the platform knows the public key."""
        ...

    @property
    def public_key(self) -> bytes:
        """Raw public key, 32 bytes."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Ed25519 signature; raises EnvironmentFault when the key cannot be used."""
        ...


class MonotonicTime(Protocol):
    """Seconds that only grow, whatever happens to the wall clock."""

    def __call__(self) -> float:
        """Seconds from an arbitrary start."""
        ...


StatusListener = Callable[[SyncStatus], None]


@dataclass(frozen=True)
class SyncReport:
    """What one pass of the engine did.

    Attributes:
        acknowledged, refused, retried, needs_person: message ids by outcome.
        taken: inbox items applied and acknowledged.
        problems: sentences' keys (or texts) of what failed, in order.
    """

    acknowledged: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    retried: tuple[str, ...] = ()
    needs_person: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reconciliation:
    """Comparison of one day's hash lists (integrity-and-sync C2, 7).

    Attributes:
        day: the UTC day compared.
        matching: messages both sides hold with the same hash.
        missing_there: acknowledged here, unknown to the platform.
        unknown_here: the platform has them, this database does not (another database of the laboratory, a restored backup).
        different: both have the id, with different hashes.
    """

    day: str
    matching: int
    missing_there: tuple[str, ...] = ()
    unknown_here: tuple[str, ...] = ()
    different: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Nothing differs."""
        return not (self.missing_there or self.unknown_here or self.different)


class SyncControl(Protocol):
    """What services and the shell see of the running engine."""

    def wake(self) -> None:
        """Something was queued: look now."""
        ...

    def status(self) -> SyncStatus:
        """Where things stand."""
        ...

    def sync_now(self) -> SyncReport:
        """One pass in the calling thread, also without the engine's own thread; waits for a pass that is running."""
        ...

    def reconcile(self, day: str) -> Reconciliation:
        """Compare one day with the platform; raises EnvironmentFault when it is out of reach."""
        ...


#: States in which a message still has to go, or holds its stream.
OPEN_STATES = frozenset({OutboxState.QUEUED, OutboxState.SENT, OutboxState.NEEDS_PERSON})
_SENDABLE = frozenset({OutboxState.QUEUED, OutboxState.SENT})


def is_due(message: OutboxMessage, now: datetime) -> bool:
    """Whether ``message`` may be tried at ``now``; a clock that was set back does not hold it longer than it should."""
    if message.state not in _SENDABLE:
        return False
    wait_until = message.next_try_at
    return wait_until is None or wait_until <= now or wait_until - now > LONGEST_PAUSE


@dataclass(frozen=True)
class PlatformAddress:
    """How a laboratory reaches its platform, from the registration file the operator hands over.

    Attributes:
        url: base address, ``https://...`` (plain ``http`` only on the loopback).
        lab_id: the laboratory's id there.
        token: bearer token; a secret.
        root_key: the platform's root public key (Ed25519, raw 32 bytes, hex), pinned.
        options: room for adapters of other regions.
    """

    url: str
    lab_id: str
    token: str = field(repr=False)
    root_key: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
