"""``/api/v1``: the contract of the platform (``docs/platform-api.md``; the OpenAPI document is at ``/api/v1/openapi.json``)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import TypeAdapter

from labdesk.domain.errors import OperatorError
from labdesk.domain.reporting import IssueState
from labdesk.domain.verification import IssueRecord
from labdesk.evidence.canonical import canonical_bytes, loads
from labdesk.platform.api.context import Answer, Context, ProblemError
from labdesk.platform.api.intake import Intake, Uploads, UploadState
from labdesk.platform.rules.codes import looks_right
from labdesk.wire.codec import read_as, require_hash
from labdesk.wire.envelope import MAX_MESSAGE_BYTES, Post, read_post
from labdesk.wire.inbox import MAX_ITEMS, Ack, Inbox, Offer
from labdesk.wire.reconcile import DayList, require_day

MAX_CHUNK = 4 * 1024 * 1024
_ENVELOPE_ROOM = 64 * 1024
_OCTETS = "application/octet-stream"


def token_hash(token: str) -> str:
    """How bearer tokens are kept; they are 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def limited_body(request: Request, limit: int) -> bytes:
    """The request's body, read no further than ``limit`` bytes; raises ProblemError 413."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > limit:
            raise ProblemError(413, OperatorError("platform.too_large", limit=limit))
    return bytes(found)


async def message_body(request: Request) -> bytes:
    """Body of a posted message; JSON may spell each character of the text with several bytes."""
    return await limited_body(request, 2 * MAX_MESSAGE_BYTES + _ENVELOPE_ROOM)


async def chunk_body(request: Request) -> bytes:
    """Body of an uploaded chunk."""
    return await limited_body(request, MAX_CHUNK)


async def small_body(request: Request) -> bytes:
    """Body of a short request."""
    return await limited_body(request, _ENVELOPE_ROOM)


# In each route the token comes before the body: nothing is read from strangers.
_MESSAGE, _CHUNK, _SMALL = Depends(message_body), Depends(chunk_body), Depends(small_body)


def as_response(answer: Answer) -> Response:
    """The answer as a response."""
    return Response(answer.content, answer.status, media_type=answer.media_type)


def plain_response(value: Any) -> Response:
    """A dataclass as canonical JSON."""
    return Response(canonical_bytes(value), media_type="application/json")


def build_api(context: Context) -> APIRouter:
    """All routes of the interface."""
    router = APIRouter(prefix="/api/v1", default_response_class=Response)

    def lab_of(authorization: Annotated[str, Header()] = "") -> str:
        scheme, _, token = authorization.partition(" ")
        digest = token_hash(token)
        lab_id = context.store.read(lambda desk: desk.labs.holder_of(digest)) if scheme.lower() == "bearer" else None
        if lab_id is None:
            raise ProblemError(401, OperatorError("platform.token"))
        return lab_id

    _message_routes(router, Intake(context), lab_of)
    _blob_routes(router, context, lab_of)
    _inbox_routes(router, context, lab_of)
    _public_routes(router, context)
    return router


def _message_routes(router: APIRouter, intake: Intake, lab_of: Any) -> None:
    lab_id = Depends(lab_of)

    @router.post("/messages", summary="Hand in one message", openapi_extra=_inline_schema(Post))
    def post_message(lab: str = lab_id, body: bytes = _MESSAGE) -> Response:
        """200 signed receipt · 409 signed: another version stands under the natural key · 422 signed refusal ·
        424 attachments have not arrived, listed by hash. The same message again gets the same receipt."""
        return as_response(intake.accept(lab, read_post(loads(body))))

    @router.get("/messages/{message_id}", summary="Ask for the receipt of a message")
    def get_receipt(message_id: str, lab: str = lab_id) -> Response:
        """200 with the stored receipt; 404 if the message has not arrived. To be asked before sending again."""
        return as_response(intake.receipt(lab, message_id))


def _upload_headers(state: UploadState) -> dict[str, str]:
    return {"Upload-Offset": str(state.offset), "Upload-Complete": "?1" if state.complete else "?0"}


def _blob_routes(router: APIRouter, context: Context, lab_of: Any) -> None:
    lab_id, uploads = Depends(lab_of), Uploads(context)

    @router.head("/blobs/{sha256}", summary="How much of a blob has arrived")
    def blob_state(sha256: str, lab: str = lab_id) -> Response:
        """``Upload-Offset`` and ``Upload-Complete``; an unknown blob has offset 0."""
        require_hash(sha256, "sha256")
        return Response(headers=_upload_headers(uploads.state(lab, sha256)))

    @router.put("/blobs/{sha256}", summary="Send a chunk of a blob", openapi_extra=_octets())
    def put_chunk(
        sha256: str,
        upload_offset: Annotated[int, Header(ge=0)],
        upload_length: Annotated[int, Header(ge=0)],
        lab: str = lab_id,
        body: bytes = _CHUNK,
    ) -> Response:
        """204 with the new offset · 409 with the offset to go on at · 422 the whole did not have this hash, begin again."""
        require_hash(sha256, "sha256")
        try:
            state = uploads.put(lab, sha256, upload_offset, upload_length, body)
        except OperatorError as error:
            raise _upload_problem(error, uploads.state(lab, sha256)) from error
        return Response(status_code=204, headers=_upload_headers(state))

    @router.get("/blobs/{sha256}", summary="Fetch a blob that an inbox item names")
    def get_blob(sha256: str, lab: str = lab_id) -> Response:
        """The bytes; 404 unless an item for this laboratory names them."""
        require_hash(sha256, "sha256")
        if not context.store.read(lambda desk: desk.inbox.may_fetch(lab, sha256)) or context.blobs.size(sha256) is None:
            raise ProblemError(404, OperatorError("platform.unknown_blob", sha256=sha256[:12]))
        return Response(context.blobs.read(sha256), media_type=_OCTETS)


def _upload_problem(error: OperatorError, state: UploadState) -> ProblemError:
    status = {"platform.blob_offset": 409, "platform.blob_size": 413}.get(error.key, 422)
    return ProblemError(status, error, offset=state.offset)


def _inbox_routes(router: APIRouter, context: Context, lab_of: Any) -> None:
    lab_id = Depends(lab_of)

    @router.get("/inbox", summary="What waits for the laboratory")
    def inbox(lab: str = lab_id) -> Response:
        """Everything not acknowledged, oldest first; no cursor, so nothing is passed over."""
        found = context.store.read(lambda desk: desk.inbox.pending(lab, MAX_ITEMS + 1))
        offers = tuple(Offer(item.id, item.document.decode("utf-8")) for item in found[:MAX_ITEMS])
        return plain_response(Inbox(offers, more=len(found) > MAX_ITEMS))

    @router.post("/inbox/ack", summary="Say that items were applied", openapi_extra=_inline_schema(Ack))
    def acknowledge(lab: str = lab_id, body: bytes = _SMALL) -> Response:
        """The ids that were known; acknowledging twice changes nothing."""
        ack, now = read_as(Ack, loads(body)), context.clock.now()
        known = context.store.write(lambda desk: desk.inbox.acknowledge(lab, ack.ids[: 2 * MAX_ITEMS], now))
        return plain_response(Ack(known))

    @router.get("/reconcile/{day}", summary="Hash list of a day")
    def reconcile(day: str, lab: str = lab_id) -> Response:
        """Id and SHA-256 of the laboratory's messages made on that day (UTC)."""
        require_day(day)
        return plain_response(DayList(day, lab, context.store.read(lambda desk: desk.messages.day_list(lab, day))))


def _public_routes(router: APIRouter, context: Context) -> None:
    @router.get("/reports/{code}/state", summary="State of a report code")
    def report_state(code: str) -> Response:
        """Valid, replaced or withdrawn, as of now; 404 if the platform never gave this code. No token needed."""
        record = issue_record(context, code)
        if record is None:
            raise ProblemError(404, OperatorError("platform.unknown_code", code=code[:40]))
        return plain_response(record)

    @router.get("/trust", summary="The newest trust list")
    def trust() -> Response:
        """All key records, signed by the root (COSE)."""
        return Response(
            context.store.read(lambda desk: desk.labs.newest_trust_list()[1]), media_type="application/cose"
        )

    @router.get("/health", summary="Whether the platform works")
    def health() -> Response:
        """Name and time; reads the database."""
        number = context.store.read(lambda desk: desk.labs.newest_trust_list()[0])
        identity = context.authority.identity
        return plain_response({**asdict(identity), "trust_list": number, "now": context.clock.now()})


def issue_record(context: Context, code: str) -> IssueRecord | None:
    """What the platform knows about a report code today."""
    if not looks_right(code):
        return None
    report = context.store.read(lambda desk: desk.reports.get(code))
    if report is None:
        return None
    standing = context.store.read(lambda desk: desk.reports.standing(code))
    return IssueRecord(
        code=code,
        report_no=report.data.report_no,
        issue_no=report.data.issue_no,
        state=IssueState(standing.state),
        data_hash=report.data_hash,
        as_of=context.clock.now(),
        replaced_by=standing.replaced_by,
    )


def _octets() -> dict[str, Any]:
    return {"requestBody": {"content": {_OCTETS: {"schema": {"type": "string", "format": "binary"}}}}}


def _inline_schema(kind: Any) -> dict[str, Any]:
    """The JSON schema of a wire dataclass for the OpenAPI document, with its definitions beside it."""
    schema = TypeAdapter(kind).json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
