"""What the platform sends down: items with a signed content, offered until acknowledged.

There is no cursor: the platform offers what has not been acknowledged, so nothing is passed over when two transactions overlap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labdesk.domain.commission import Commission
from labdesk.domain.errors import OperatorError
from labdesk.domain.projects import Project
from labdesk.domain.sync_ports import InboxContent, InboxKind, TagList, TrustUpdate
from labdesk.wire.codec import read_as, require_hash, require_line

MAX_ITEMS = 100


@dataclass(frozen=True)
class ItemStatement:
    """What the platform signs for one item.

    Attributes:
        id: the platform's id of the item.
        kind, natural_key: what it is and what it is about.
        lab_id: for whom.
        issued_at: when it was issued.
        content: plain form of the content (:class:`TrustContent` and :class:`ProfileContent` for signed papers).
        attachments: hashes of blobs that belong to it and may be fetched.
    """

    id: str
    kind: InboxKind
    natural_key: str
    lab_id: str
    issued_at: datetime
    content: Any
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """One item as it travels: ``document`` is the signed statement, base64."""

    id: str
    document: str


@dataclass(frozen=True)
class Inbox:
    """Everything not acknowledged yet, oldest first, at most ``MAX_ITEMS``; ``more`` says that others wait behind."""

    items: tuple[Offer, ...]
    more: bool


@dataclass(frozen=True)
class Ack:
    """Items that were applied and stored."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class TrustContent:
    """Content of a ``trust`` item: the signed trust list, hex."""

    trust_list: str


@dataclass(frozen=True)
class ProfileContent:
    """Content of a ``profile`` item: the region profile as a signed document of its own, which can also travel as a file."""

    document: str


_CONTENT: Mapping[InboxKind, type[Any]] = {
    InboxKind.PROJECT: Project,
    InboxKind.TAGS: TagList,
    InboxKind.VOID_TAG: TagList,
    InboxKind.COMMISSION: Commission,
    InboxKind.PROFILE: ProfileContent,
    InboxKind.TRUST: TrustContent,
}


def read_statement(value: Any) -> ItemStatement:
    """A statement from plain values; raises OperatorError ``wire.shape``."""
    statement = read_as(ItemStatement, value)
    require_line(statement.id, "id")
    require_line(statement.natural_key, "natural_key")
    for item in statement.attachments:
        require_hash(item, "attachments")
    return statement


def read_content(statement: ItemStatement) -> InboxContent | ProfileContent:
    """The content of a statement; of a profile, the signed document to be verified first. Raises OperatorError ``wire.shape``."""
    content = read_as(_CONTENT[statement.kind], statement.content)
    if not isinstance(content, TrustContent):
        found: InboxContent | ProfileContent = content
        return found
    try:
        return TrustUpdate(bytes.fromhex(content.trust_list))
    except ValueError as error:
        raise OperatorError("wire.shape", expected="hex", found="trust_list") from error
