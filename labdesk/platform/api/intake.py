"""Taking in one message: the same message twice gives the same receipt, and nothing is accepted that cannot be shown.

Order: known already → attachments → hash, signature, shape → what the kind asks for → kept with its receipt, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from labdesk.domain.errors import OperatorError
from labdesk.evidence.canonical import canonical_bytes, parse_canonical, sha256_hex
from labdesk.platform.api.context import RECEIPT_TYPE, Answer, Context, ProblemError
from labdesk.platform.api.heads import countersign
from labdesk.platform.api.kinds import ReportIncompleteError, apply_kind, check_run
from labdesk.platform.rules.authority import check_envelope_signature
from labdesk.platform.storage.messages import Arrival, StoredMessage
from labdesk.platform.storage.store import Desk
from labdesk.wire.bodies import Body, named_hashes, natural_key, read_body
from labdesk.wire.envelope import VERSION, Envelope, Post, Receipt, ReceiptOutcome

_STATUS = {ReceiptOutcome.ACCEPTED: 200, ReceiptOutcome.REFUSED: 422, ReceiptOutcome.CONFLICT: 409}


class Intake:
    """The counter for messages."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def accept(self, lab_id: str, post: Post) -> Answer:
        """Take in a message of the laboratory whose token was shown.

        Raises:
            ProblemError: 403 for another laboratory's message, 424 with the hashes of attachments that have not arrived.
            EnvironmentFault: the platform's disk or database failed; nothing was decided.
        """
        envelope = post.envelope
        if envelope.lab_id != lab_id:
            raise ProblemError(403, OperatorError("platform.other_lab", lab=envelope.lab_id))
        known = self._context.store.read(lambda desk: self._known(desk, envelope))
        if known is not None:
            return known
        try:
            body = self._checked(envelope)
            return self._context.store.write(lambda desk: self._take(desk, post, body))
        except OperatorError as error:
            return self._refuse(envelope, error)

    def receipt(self, lab_id: str, message_id: str) -> Answer:
        """The stored receipt of a message; raises ProblemError 404."""
        found = self._context.store.read(lambda desk: desk.messages.get(lab_id, message_id))
        if found is None:
            raise ProblemError(404, OperatorError("platform.unknown_message", id=message_id))
        return Answer(200, RECEIPT_TYPE, found.receipt)

    def _known(self, desk: Desk, envelope: Envelope) -> Answer | None:
        """The answer for a message that is here already, by its id or by its natural key."""
        same_id = desk.messages.get(envelope.lab_id, envelope.id)
        if same_id is not None:
            if same_id.sha256 == envelope.sha256:
                return Answer(200, RECEIPT_TYPE, same_id.receipt)
            return self._conflict(envelope, same_id)
        same_key = desk.messages.by_key(envelope.lab_id, envelope.kind, envelope.natural_key)
        return None if same_key is None else self._conflict(envelope, same_key)

    def _conflict(self, envelope: Envelope, stored: StoredMessage) -> Answer:
        params = {"about": envelope.natural_key, "known": stored.id, "sha256": stored.sha256}
        return self._answer(envelope, ReceiptOutcome.CONFLICT, OperatorError("platform.conflict", **params))

    def _checked(self, envelope: Envelope) -> Body:
        """The body, once the attachments are here and hash, signature and shape hold."""
        context, now = self._context, self._context.clock.now()
        keys = context.store.read(lambda desk: desk.labs.keys(envelope.lab_id))
        check_envelope_signature(envelope, keys, now)
        text = envelope.body.encode("utf-8", "surrogatepass")
        if sha256_hex(text) != envelope.sha256:
            raise OperatorError("platform.hash_wrong", sha256=envelope.sha256[:12])
        lacking = context.store.read(lambda desk: desk.messages.missing_blobs(envelope.lab_id, envelope.attachments))
        if lacking:
            raise ProblemError(424, OperatorError("platform.attachments_missing", count=len(lacking)), missing=lacking)
        body = read_body(envelope.kind, parse_canonical(text))
        if natural_key(body) != envelope.natural_key:
            raise OperatorError("wire.shape", expected=natural_key(body), found=envelope.natural_key)
        unnamed = set(named_hashes(body)) - set(envelope.attachments)
        if unnamed:
            raise OperatorError("wire.shape", expected="attachments", found=", ".join(sorted(unnamed))[:200])
        check_run(context, body)
        return body

    def _take(self, desk: Desk, post: Post, body: Body) -> Answer:
        envelope = post.envelope
        desk.messages.one_at_a_time(envelope.lab_id)
        known = self._known(desk, envelope)
        if known is not None:
            return known
        context, now = self._context, self._context.clock.now()
        result = dict(apply_kind(context, desk, envelope, body))
        head = result.pop("head", "") or self._head(desk, post, result)
        receipt = context.authority.receipt(
            Receipt(
                version=VERSION,
                message_id=envelope.id,
                lab_id=envelope.lab_id,
                sha256=envelope.sha256,
                outcome=ReceiptOutcome.ACCEPTED,
                received_at=now,
                result=result,
                head=head,
            )
        )
        bare = canonical_bytes(replace(envelope, body="")).decode("utf-8")
        desk.messages.add(Arrival(envelope, bare, body, now, receipt))
        return Answer(200, RECEIPT_TYPE, receipt)

    def _head(self, desk: Desk, post: Post, result: dict[str, str]) -> str:
        """The countersigned head that came along; a head that cannot be countersigned never holds up a message, but is told."""
        if not post.head:
            return ""
        try:
            return countersign(self._context, desk, post.envelope.lab_id, post.head)
        except OperatorError as error:
            result["head_refused"] = error.key
            return ""

    def _refuse(self, envelope: Envelope, error: OperatorError) -> Answer:
        return self._answer(envelope, ReceiptOutcome.REFUSED, error)

    def _answer(self, envelope: Envelope, outcome: ReceiptOutcome, error: OperatorError) -> Answer:
        now = self._context.clock.now()
        receipt = self._context.authority.receipt(
            Receipt(
                version=VERSION,
                message_id=envelope.id,
                lab_id=envelope.lab_id,
                sha256=envelope.sha256,
                outcome=outcome,
                received_at=now,
                reason=error.key,
                params=_text_params(error.params),
                missing=error.missing if isinstance(error, ReportIncompleteError) else (),
            )
        )
        if outcome is ReceiptOutcome.REFUSED:
            self._context.store.write(lambda desk: desk.messages.add_refusal(envelope, error.key, receipt, now))
        return Answer(_STATUS[outcome], RECEIPT_TYPE, receipt)


def _text_params(params: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value).encode("utf-8", "replace").decode("utf-8") for name, value in params.items()}


@dataclass(frozen=True)
class UploadState:
    """How far a blob has come."""

    offset: int
    complete: bool


class Uploads:
    """The counter for blobs."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def state(self, lab_id: str, sha256: str) -> UploadState:
        """Where the laboratory should go on; a blob that another one delivered must be delivered all the same."""
        missing = self._context.store.read(lambda desk: desk.messages.missing_blobs(lab_id, (sha256,)))
        if not missing:
            return UploadState(self._context.blobs.size(sha256) or 0, complete=True)
        return UploadState(self._context.blobs.offset(lab_id, sha256), complete=False)

    def put(self, lab_id: str, sha256: str, offset: int, total: int, data: bytes) -> UploadState:
        """Take a chunk of a blob of ``total`` bytes.

        Raises:
            OperatorError: ``platform.blob_offset``, ``platform.blob_hash``, ``platform.blob_size``.
        """
        before = self.state(lab_id, sha256)
        if before.complete:
            return before
        if offset + len(data) > total:
            raise OperatorError("platform.blob_size", size=offset + len(data), limit=total)
        length = self._context.blobs.append(lab_id, sha256, offset, data)
        if length < total:
            return UploadState(length, complete=False)
        size = self._context.blobs.finish(lab_id, sha256)
        now = self._context.clock.now()
        self._context.store.write(lambda desk: desk.messages.add_blob(lab_id, sha256, size, now))
        return UploadState(size, complete=True)
