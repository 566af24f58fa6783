"""Bodies of messages on the wire: the dataclasses of :mod:`labdesk.domain.messages`, read strictly."""

from __future__ import annotations

from typing import Any

from labdesk.domain.messages import (
    BODIES,
    Actor,
    Body,
    CheckpointBody,
    EvaluationBody,
    FailingResultBody,
    GapReasonBody,
    ManualReadingBody,
    ReceivedLot,
    ReceivedSample,
    ReceptionBody,
    RejectionBody,
    ReportIssuedBody,
    ReportRequestBody,
    RunBody,
    SignatureBody,
    named_hashes,
    natural_key,
)
from labdesk.domain.outbox import MessageKind
from labdesk.wire.codec import read_as, require_hash

__all__ = [
    "BODIES",
    "Actor",
    "Body",
    "CheckpointBody",
    "EvaluationBody",
    "FailingResultBody",
    "GapReasonBody",
    "ManualReadingBody",
    "ReceivedLot",
    "ReceivedSample",
    "ReceptionBody",
    "RejectionBody",
    "ReportIssuedBody",
    "ReportRequestBody",
    "RunBody",
    "SignatureBody",
    "named_hashes",
    "natural_key",
    "read_body",
]


def read_body(kind: MessageKind, value: Any) -> Body:
    """The body of a message of ``kind`` from plain values; raises OperatorError ``wire.shape``."""
    body: Body = read_as(BODIES[kind], value)
    for name in named_hashes(body):
        require_hash(name, kind.value)
    return body
