"""A regional platform as the engine sees it. LabDesk's own platform is one adapter; another region's is another.

An adapter answers only with what it has verified: whatever is no proof of receipt is raised as an EnvironmentFault, and the
engine tries again later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from labdesk.domain.errors import LabDeskError
from labdesk.domain.outbox import OutboxMessage
from labdesk.domain.sync_ports import Acknowledgement, InboxItem, Refusal


@dataclass(frozen=True)
class Accepted:
    """The platform has it; the receipt is for exactly this message."""

    acknowledgement: Acknowledgement


@dataclass(frozen=True)
class Refused:
    """The platform will not have it, for a reason about the message."""

    refusal: Refusal


@dataclass(frozen=True)
class Stuck:
    """Sending again cannot help: another version stands there, or the platform does not know our key."""

    reason: str


@dataclass(frozen=True)
class BlobsMissing:
    """Attachments must be sent first."""

    hashes: tuple[str, ...]


Outcome = Accepted | Refused | Stuck | BlobsMissing


@dataclass(frozen=True)
class UploadPoint:
    """How far a blob has come at the platform."""

    offset: int
    complete: bool


@dataclass(frozen=True)
class BadItem:
    """An inbox item that could not be verified; it is not applied and not acknowledged."""

    id: str
    error: LabDeskError


class UnreachableError(Exception):
    """The platform cannot be reached at all, so nothing else needs to be tried now; ``fault`` has the sentence."""

    def __init__(self, fault: LabDeskError) -> None:
        super().__init__(str(fault))
        self.fault = fault


class PlatformPort(Protocol):
    """What the engine asks of a platform. Every method may raise UnreachableError, or EnvironmentFault to try again later."""

    def deliver(self, message: OutboxMessage) -> Outcome:
        """Send the frozen bytes of a message."""
        ...

    def ask(self, message: OutboxMessage) -> Outcome | None:
        """What became of a message that may have arrived; ``None`` if the platform does not have it."""
        ...

    def upload_point(self, sha256: str) -> UploadPoint:
        """How far a blob has come."""
        ...

    def upload(self, sha256: str, point: UploadPoint, data: bytes, total: int) -> UploadPoint:
        """Send a chunk; the point returned is where to go on, also when the platform disagreed about the offset."""
        ...

    def inbox(self) -> tuple[Sequence[InboxItem | BadItem], bool]:
        """Verified items waiting, oldest first, and whether more wait behind them."""
        ...

    def acknowledge_items(self, ids: Sequence[str]) -> None:
        """Say that items were applied."""
        ...

    def fetch(self, sha256: str) -> bytes:
        """A blob that an item names, compared with its hash."""
        ...

    def day_list(self, day: str) -> Mapping[str, str]:
        """Id -> SHA-256 of this laboratory's messages made on a day (UTC)."""
        ...
