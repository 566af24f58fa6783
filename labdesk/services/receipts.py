"""What the platform's signed answers say, for people. Their signatures were checked by sync before they were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from labdesk.domain.errors import LabDeskError
from labdesk.domain.evaluation import Remark
from labdesk.domain.plain import parse_moment
from labdesk.domain.sentences import catalogue
from labdesk.evidence.canonical import loads
from labdesk.evidence.documents import read_document


@dataclass(frozen=True)
class ReceiptFacts:
    """A receipt or refusal, read.

    Attributes:
        outcome: ``accepted``, ``refused`` or ``conflict``.
        received_at: the platform's time of first receipt.
        result: what it gave back (``report_code`` ...).
        reason: the sentence of a refusal, ``None`` for an acceptance.
        missing: what a report still lacks, as sentences.
        key_id: which of the platform's keys signed it.
    """

    outcome: str
    received_at: datetime | None
    result: Mapping[str, str] = field(default_factory=dict)
    reason: Remark | None = None
    missing: tuple[Remark, ...] = ()
    key_id: str = ""


def read_receipt(data: bytes) -> ReceiptFacts | None:
    """The facts of a receipt as kept; ``None`` where it is in another platform's format."""
    try:
        document = read_document(data)
        plain = loads(document.body.encode())
    except LabDeskError:
        return None
    if not isinstance(plain, dict) or not isinstance(plain.get("outcome"), str):
        return None
    reason = str(plain.get("reason", ""))
    missing = plain.get("missing", [])
    return ReceiptFacts(
        outcome=plain["outcome"],
        received_at=parse_moment(plain["received_at"]) if isinstance(plain.get("received_at"), str) else None,
        result=_texts(plain.get("result")),
        reason=Remark(reason, _texts(plain.get("params"))) if reason else None,
        missing=tuple(missing_piece(str(item)) for item in missing) if isinstance(missing, list) else (),
        key_id=document.key_id,
    )


def missing_piece(text: str) -> Remark:
    """``run:G26-00417-2`` as a sentence; what is unknown here is shown as it came."""
    what, _, detail = text.partition(":")
    key = f"reporting.missing.{what}"
    if key not in catalogue():
        return Remark("reporting.missing.other", {"detail": text})
    return Remark(key, {"detail": detail})


def _texts(value: object) -> dict[str, str]:
    return {str(name): str(item) for name, item in value.items()} if isinstance(value, dict) else {}
