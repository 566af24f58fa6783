"""The adapter for LabDesk's own platform: envelopes, receipts and inbox items verified to the last hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.outbox import OutboxMessage
from labdesk.domain.profile import RegionProfile
from labdesk.domain.sync_ports import Acknowledgement, InboxItem, LogHeadSource, MessageSigner, Refusal, TrustUpdate
from labdesk.evidence.canonical import canonical_bytes, loads, sha256_hex
from labdesk.evidence.documents import sign_document
from labdesk.evidence.keys import KeyUse
from labdesk.evidence.trust import Trust
from labdesk.sync.port import Accepted, BadItem, BlobsMissing, Outcome, Refused, Stuck, UploadPoint
from labdesk.sync.transport import HttpCall, HttpReply, Transport
from labdesk.sync.trust import TrustKeeper
from labdesk.wire.codec import read_as
from labdesk.wire.envelope import (
    ITEM_DOCUMENT,
    MESSAGE_DOCUMENT,
    PROFILE_DOCUMENT,
    RECEIPT_DOCUMENT,
    VERSION,
    Envelope,
    Post,
    Problem,
    Receipt,
    ReceiptOutcome,
)
from labdesk.wire.inbox import Ack, Inbox, ItemStatement, Offer, ProfileContent, read_content, read_statement
from labdesk.wire.reconcile import DayList

T = TypeVar("T")

_API = "/api/v1"
_SIGNED_STATUSES = frozenset({200, 409, 422})
#: Refusals that are about our keys or the way, not about what happened in the laboratory: nobody's data are wrong.
_STUCK = ("evidence.", "platform.hash_wrong", "wire.version")


@dataclass(frozen=True)
class LabIdentity:
    """Who sends: id at the platform, the key for messages, and where the log's newest head comes from."""

    lab_id: str
    signer: MessageSigner
    heads: LogHeadSource


class LabDeskPlatform:
    """The platform's ``/api/v1`` as a :class:`labdesk.sync.port.PlatformPort`."""

    def __init__(self, transport: Transport, identity: LabIdentity, trust: Trust) -> None:
        self._transport = transport
        self._identity = identity
        self._keeper = TrustKeeper(trust, self._trust_list)

    @property
    def trust(self) -> Trust:
        """The newest trust known."""
        return self._keeper.trust

    def deliver(self, message: OutboxMessage) -> Outcome:
        """Send the frozen bytes; only a signed answer for exactly this message counts."""
        post = Post(self.envelope(message), self._identity.heads.newest())
        reply = self._call("POST", "/messages", canonical_bytes(post), {"Content-Type": "application/json"})
        if reply.status == 424:
            return self._missing(reply, message)
        return self._answer(reply, message)

    def ask(self, message: OutboxMessage) -> Outcome | None:
        """The stored receipt of a message that may have arrived."""
        reply = self._call("GET", f"/messages/{quote(message.id, safe='')}")
        if reply.status == 404:
            self._problem(reply)
            return None
        return self._answer(reply, message)

    def envelope(self, message: OutboxMessage) -> Envelope:
        """The message in its signed envelope; the same message gives the same bytes."""
        signer = self._identity.signer
        envelope = Envelope(
            version=VERSION,
            id=message.id,
            kind=message.kind,
            natural_key=message.natural_key,
            stream=message.stream,
            lab_id=self._identity.lab_id,
            created_at=message.created_at,
            sha256=message.sha256,
            attachments=message.attachments,
            body=message.body.decode("utf-8"),
            key_id=signer.key_id,
        )
        signed = sign_document(envelope.signed_part(), MESSAGE_DOCUMENT, signer)
        return replace(envelope, signature=signed.signature)

    def upload_point(self, sha256: str) -> UploadPoint:
        """How far a blob has come."""
        reply = self._call("HEAD", f"/blobs/{sha256}")
        if reply.status != 200:
            raise EnvironmentFault("sync.not_a_receipt", status=reply.status)
        return _point(reply)

    def upload(self, sha256: str, point: UploadPoint, data: bytes, total: int) -> UploadPoint:
        """Send a chunk."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Upload-Offset": str(point.offset),
            "Upload-Length": str(total),
        }
        reply = self._call("PUT", f"/blobs/{sha256}", data, headers)
        if reply.status == 204:
            return _point(reply)
        problem = self._problem(reply)
        if reply.status == 409 and problem.offset is not None:
            return UploadPoint(problem.offset, complete=False)
        raise EnvironmentFault("sync.platform_problem", reason=problem.zh)

    def inbox(self) -> tuple[Sequence[InboxItem | BadItem], bool]:
        """Items waiting, each verified by itself: one bad item does not hold up the others."""
        found = self._read(self._call("GET", "/inbox"), Inbox)
        return [self._item(offer) for offer in found.items], found.more

    def acknowledge_items(self, ids: Sequence[str]) -> None:
        """Say that items were applied."""
        body = canonical_bytes(Ack(tuple(ids)))
        self._read(self._call("POST", "/inbox/ack", body, {"Content-Type": "application/json"}), Ack)

    def fetch(self, sha256: str) -> bytes:
        """A blob, compared with its hash."""
        reply = self._call("GET", f"/blobs/{sha256}")
        if reply.status != 200 or sha256_hex(reply.content) != sha256:
            raise EnvironmentFault("sync.blob_refused", sha256=sha256[:12])
        return reply.content

    def day_list(self, day: str) -> Mapping[str, str]:
        """The platform's hash list of a day."""
        found = self._read(self._call("GET", f"/reconcile/{day}"), DayList)
        if found.lab_id != self._identity.lab_id or found.day != day:
            raise EnvironmentFault("sync.item_wrong", field="day")
        return found.messages

    def _answer(self, reply: HttpReply, message: OutboxMessage) -> Outcome:
        """The outcome that a signed receipt for exactly this message states; anything else is no answer."""
        if reply.status not in _SIGNED_STATUSES:
            raise EnvironmentFault("sync.platform_problem", reason=self._problem(reply).zh)
        try:
            plain = self._keeper.open(reply.content, RECEIPT_DOCUMENT, KeyUse.RECEIPT, _received_at)
            receipt = read_as(Receipt, plain)
        except OperatorError as error:
            raise EnvironmentFault("sync.not_a_receipt", status=reply.status) from error
        wanted = (VERSION, message.id, self._identity.lab_id, message.sha256)
        told = (receipt.version, receipt.message_id, receipt.lab_id, receipt.sha256)
        for name, said, expected in zip(("version", "message_id", "lab_id", "sha256"), told, wanted, strict=True):
            if said != expected:
                raise EnvironmentFault("sync.receipt_wrong", field=name)
        return _outcome(receipt, reply.content)

    def _missing(self, reply: HttpReply, message: OutboxMessage) -> BlobsMissing:
        """Hashes the platform lacks; only those that the message names."""
        lacking = set(self._problem(reply).missing) & set(message.attachments)
        if not lacking:
            raise EnvironmentFault("sync.not_a_receipt", status=reply.status)
        return BlobsMissing(tuple(sha256 for sha256 in message.attachments if sha256 in lacking))

    def _item(self, offer: Offer) -> InboxItem | BadItem:
        try:
            return self._verified(offer)
        except LabDeskError as error:
            return BadItem(offer.id, error)

    def _verified(self, offer: Offer) -> InboxItem:
        document = offer.document.encode("utf-8")
        statement = read_statement(self._keeper.open(document, ITEM_DOCUMENT, KeyUse.DOCUMENT, _issued_at))
        if statement.id != offer.id or statement.lab_id != self._identity.lab_id:
            raise EnvironmentFault("sync.item_wrong", field="id")
        content = read_content(statement)
        if isinstance(content, ProfileContent):
            return self._profile(statement, content)
        item = InboxItem(
            id=statement.id,
            kind=statement.kind,
            natural_key=statement.natural_key,
            issued_at=statement.issued_at,
            content=content,
            document=document,
            attachments=statement.attachments,
        )
        if isinstance(content, TrustUpdate):
            self._keeper.update(content.trust_list)
        return item

    def _profile(self, statement: ItemStatement, content: ProfileContent) -> InboxItem:
        """A region profile is a signed file of its own: its own signature is checked too, and it is what is kept."""
        document = content.document.encode("utf-8")
        plain = self._keeper.open(document, PROFILE_DOCUMENT, KeyUse.DOCUMENT, lambda _: statement.issued_at)
        profile = read_as(RegionProfile, plain)
        return InboxItem(statement.id, statement.kind, statement.natural_key, statement.issued_at, profile, document)

    def _trust_list(self) -> bytes:
        return self._call("GET", "/trust").content

    def _problem(self, reply: HttpReply) -> Problem:
        """The unsigned answer of a platform; raises EnvironmentFault ``sync.not_a_receipt`` for anything else."""
        return self._read(reply, Problem)

    def _read(self, reply: HttpReply, kind: type[T]) -> T:
        try:
            return read_as(kind, loads(reply.content))
        except OperatorError as error:
            raise EnvironmentFault("sync.not_a_receipt", status=reply.status) from error

    def _call(
        self, method: str, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpReply:
        return self._transport.call(HttpCall(method, _API + path, content, headers or {}))


def _outcome(receipt: Receipt, content: bytes) -> Outcome:
    if receipt.outcome is ReceiptOutcome.ACCEPTED:
        result = dict(receipt.result)
        if receipt.head:
            result["log_head"] = receipt.head
        return Accepted(Acknowledgement(content, result, receipt.received_at))
    if receipt.outcome is ReceiptOutcome.CONFLICT or receipt.reason.startswith(_STUCK):
        return Stuck(receipt.reason)
    return Refused(Refusal(receipt.reason, receipt.params, content, receipt.missing))


def _point(reply: HttpReply) -> UploadPoint:
    try:
        offset = int(reply.headers["upload-offset"])
        complete = reply.headers["upload-complete"] == "?1"
    except (KeyError, ValueError) as error:
        raise EnvironmentFault("sync.not_a_receipt", status=reply.status) from error
    return UploadPoint(offset, complete)


def _received_at(plain: Any) -> datetime:
    return read_as(Receipt, plain).received_at


def _issued_at(plain: Any) -> datetime:
    return read_statement(plain).issued_at
