"""The envelope around every message, and the signed answers to it.

A message's body is frozen as canonical JSON when the change is made; the envelope carries it as text, so that the bytes that were
hashed are the bytes that travel. The laboratory's Ed25519 key signs :meth:`Envelope.signed_part`; Ed25519 is deterministic, so a
retry is the same to the last byte. The identity of a message is its id; what it is about is its natural key; together with the
hash they decide what is new. Times are facts for people and never decide anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from labdesk.domain.errors import OperatorError
from labdesk.domain.outbox import MessageKind
from labdesk.domain.plain import to_plain
from labdesk.wire.codec import read_as, require_hash, require_line, require_token

VERSION = 1
#: Kinds of signed documents (``labdesk.evidence.documents``) on this wire.
MESSAGE_DOCUMENT = "labdesk-message"
RECEIPT_DOCUMENT = "labdesk-receipt"
ITEM_DOCUMENT = "labdesk-inbox-item"
PROFILE_DOCUMENT = "region-profile"
MAX_MESSAGE_BYTES = 4 * 1024 * 1024
MAX_ATTACHMENTS = 500
MAX_HEAD_CHARACTERS = 16 * 1024


@dataclass(frozen=True)
class Envelope:
    """One message as it travels.

    Attributes:
        version: of this format.
        id: UUIDv7, made with the change.
        kind, natural_key, stream: what it is, what it is about, and what it must stay in order with.
        lab_id: the laboratory as registered at the platform.
        created_at: when the change was made, by the laboratory's clock.
        sha256: of the body's UTF-8 bytes.
        attachments: SHA-256 of blobs that must have arrived before.
        body: canonical JSON text.
        key_id, signature: the laboratory's key and its Ed25519 signature (hex) over :meth:`signed_part`.
    """

    version: int
    id: str
    kind: MessageKind
    natural_key: str
    stream: str
    lab_id: str
    created_at: datetime
    sha256: str
    attachments: tuple[str, ...]
    body: str
    key_id: str
    signature: str = ""

    def signed_part(self) -> dict[str, Any]:
        """What the signature covers: everything but key and signature, the body through its hash."""
        part: dict[str, Any] = to_plain(self)
        del part["body"], part["key_id"], part["signature"]
        return part


@dataclass(frozen=True)
class Post:
    """What is posted.

    Attributes:
        envelope: frozen, the same on every retry.
        head: newest head of the laboratory's append-only log as a signed note (C2SP checkpoint), empty without one; the
            platform countersigns it, so that the laboratory itself cannot rewrite history. May differ between retries.
    """

    envelope: Envelope
    head: str = ""


class ReceiptOutcome(StrEnum):
    """What became of a message at the platform."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Receipt:
    """The platform's answer to one message, signed with its signing key.

    Attributes:
        version: of this format.
        message_id, lab_id, sha256: exactly which message it answers.
        outcome: accepted and stored; refused for a reason; or another version already stands under the natural key.
        received_at: when this very message first arrived.
        result: what the platform gives back (``report_code``, ``qr_text``, ``grant``), empty for most kinds.
        reason, params: key of a sentence with parameters when not accepted.
        missing: what a report still lacks, as natural keys.
        head: the note that came along with the platform's signature added, empty without one.
    """

    version: int
    message_id: str
    lab_id: str
    sha256: str
    outcome: ReceiptOutcome
    received_at: datetime
    result: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    head: str = ""


@dataclass(frozen=True)
class Problem:
    """An unsigned answer for what is not about a stored message: missing blobs, unknown token, too large.

    Attributes:
        reason, params: key of a sentence with parameters.
        zh, en: the sentence, for people who look at the line.
        missing: hashes of attachments that have not arrived (status 424).
        offset: bytes of a blob that have arrived (status 409 on an upload).
    """

    reason: str
    zh: str
    en: str
    params: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    offset: int | None = None


def read_post(value: Any) -> Post:
    """A post from plain values; raises OperatorError ``wire.shape`` or ``wire.version``."""
    found = value.get("envelope", {}).get("version") if isinstance(value, dict) and _nested(value) else None
    if isinstance(found, int) and found != VERSION:
        raise OperatorError("wire.version", found=found, known=VERSION)
    post = read_as(Post, value)
    check_envelope(post.envelope)
    if len(post.head) > MAX_HEAD_CHARACTERS:
        raise OperatorError("wire.shape", expected=f"head of <= {MAX_HEAD_CHARACTERS} characters", found=len(post.head))
    return post


def check_envelope(envelope: Envelope) -> None:
    """Raises OperatorError ``wire.shape`` where a field cannot be what it should be."""
    for name in ("id", "natural_key", "stream"):
        require_line(getattr(envelope, name), name)
    for name in ("lab_id", "key_id"):
        require_token(getattr(envelope, name), name)
    require_hash(envelope.sha256, "sha256")
    if len(envelope.attachments) > MAX_ATTACHMENTS:
        raise OperatorError("wire.shape", expected=f"<= {MAX_ATTACHMENTS} attachments", found=len(envelope.attachments))
    if len(set(envelope.attachments)) != len(envelope.attachments):
        raise OperatorError("wire.shape", expected="each attachment once", found="attachments")
    for item in envelope.attachments:
        require_hash(item, "attachments")


def _nested(value: dict[str, Any]) -> bool:
    return isinstance(value.get("envelope"), dict)
