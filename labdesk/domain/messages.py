"""What LabDesk tells a regional platform: bodies of messages, one dataclass per kind, written by services and read by wire.

Decimals and moments are text on the wire; nothing here is a float. Every body knows the commission it belongs to
(``commission_no``, empty only where a rejected tag has none) and is indexed by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from labdesk.domain.evaluation import Evaluation, LotInput, Remark, Value, Verdict
from labdesk.domain.outbox import MessageKind
from labdesk.domain.reporting import ReportData, SignatureRole


@dataclass(frozen=True)
class Actor:
    """A person of the laboratory: id there, and the real name as printed."""

    id: str
    name: str


@dataclass(frozen=True)
class ReceivedSample:
    """One piece that was looked at and scanned (YK-7.4).

    Attributes:
        lot_index, sample_index: place in the commission.
        tag: body of its tag.
        verdict: key of the verdict (``match``).
        label: blind number given to it.
        scanned_at: moment of the scan.
        looked_sound: tag and piece were confirmed sound before the scan.
        spare: a replacement piece.
    """

    lot_index: int
    sample_index: int
    tag: str
    verdict: str
    label: str
    scanned_at: datetime
    looked_sound: bool
    spare: bool = False


@dataclass(frozen=True)
class ReceivedLot:
    """A lot with the laboratory's number for it (``GJ-2026-00031``)."""

    lot_index: int
    lot_no: str


@dataclass(frozen=True)
class ReceptionBody:
    """A commission, or the part of it that stood at the counter, was taken in."""

    commission_no: str
    project_code: str
    receipt_no: str
    received_at: datetime
    received_by: Actor
    station: str
    deliverer: str
    lots: tuple[ReceivedLot, ...]
    samples: tuple[ReceivedSample, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class RejectionBody:
    """A piece was refused: the slip with the differing field and both values (YK-7.4)."""

    commission_no: str
    project_code: str
    slip_no: str
    tag: str
    reason: str
    rule_id: str
    refused_at: datetime
    refused_by: Actor
    station: str
    field: str = ""
    expected: str = ""
    found: str = ""
    deliverer: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunBody:
    """A loading, finished and sealed, kept or not: every started test is told (standards 10.5).

    Attributes:
        run_hash: SHA-256 of the sealed run, which is an attachment; the platform compares it with the facts here.
        lot_index, specimen_label: what was loaded; 0 and empty for warm-ups and checks.
        run_class: ``test``, ``warm-up`` ...
        peak_kn: largest force of the curve.
        samples: number of samples.
        replaces_label, replace_reason: the invalid piece this one stands in for.
        loader: who put the piece in, where that was declared to be somebody else than the operator.
    """

    commission_no: str
    project_code: str
    lot_index: int
    specimen_label: str
    run_id: str
    run_number: str
    run_hash: str
    run_class: str
    method: str
    machine_id: str
    operator: Actor
    started_at: datetime
    sealed_at: datetime
    end_reason: str
    samples: int
    peak_kn: Decimal | None = None
    marks: tuple[str, ...] = ()
    replaces_label: str = ""
    replace_reason: str = ""
    loader: Actor | None = None


@dataclass(frozen=True)
class ManualReadingBody:
    """A peak read from the display by two people because the line was lost: no curve, with a photo (YK-7.2a exception)."""

    commission_no: str
    project_code: str
    lot_index: int
    specimen_label: str
    reading_id: str
    peak_kn: Decimal
    reason: str
    read_by: Actor
    witnessed_by: Actor
    read_at: datetime
    photos: tuple[str, ...]
    run_id: str = ""


@dataclass(frozen=True)
class GapReasonBody:
    """A run with a gap near the largest force or the yield counts, because a quality supervisor gave a reason (YK-7.2a)."""

    commission_no: str
    project_code: str
    lot_index: int
    specimen_label: str
    run_id: str
    run_hash: str
    reason: str
    given_by: Actor
    given_at: datetime


@dataclass(frozen=True)
class EvaluationBody:
    """One evaluation of one lot, complete enough to be repeated at the platform."""

    commission_no: str
    project_code: str
    lot_index: int
    lot_no: str
    input: LotInput
    evaluation: Evaluation
    evaluated_at: datetime
    evaluated_by: Actor


@dataclass(frozen=True)
class SignatureBody:
    """One signature on the raw record (tested = main tester, checked) or on the report (tested, reviewed, approved).

    Attributes:
        signature_id: id of this signature; a role signs again after a return, beside the earlier one.
        subject: ``record`` or ``report``.
        evaluation_sha256: canonical hash of the :class:`Evaluation` that was signed; a later evaluation needs new signatures.
        report_no, issue_no: of the report; empty and 0 on the raw record.
        authorisation: reference of the signatory's authorisation, for ``approved``.
    """

    commission_no: str
    project_code: str
    lot_index: int
    signature_id: str
    subject: str
    role: SignatureRole
    signer: Actor
    signed_at: datetime
    evaluation_sha256: str
    report_no: str = ""
    issue_no: int = 0
    authorisation: str = ""


@dataclass(frozen=True)
class ReportRequestBody:
    """Asks for a report code; ``data`` is everything the report will say, ``data_sha256`` its canonical hash."""

    commission_no: str
    project_code: str
    lot_index: int
    data: ReportData
    data_sha256: str


@dataclass(frozen=True)
class ReportIssuedBody:
    """The finished, signed PDF under its code; the PDF is an attachment, ``qr_text`` the whole text of its QR."""

    commission_no: str
    project_code: str
    report_code: str
    report_no: str
    issue_no: int
    pdf_sha256: str
    qr_text: str
    issued_at: datetime


@dataclass(frozen=True)
class FailingResultBody:
    """A failing value, told when it was evaluated and not when a report is written (O57)."""

    commission_no: str
    project_code: str
    lot_index: int
    lot_no: str
    verdict: Verdict
    values: tuple[Value, ...]
    evaluation_sha256: str
    found_at: datetime


@dataclass(frozen=True)
class CheckpointBody:
    """A signed head of the laboratory's log with the proof that it extends the previous one.

    Attributes:
        origin, size: of the head.
        note: the head as a signed note (C2SP checkpoint).
        previous_size: size of the head before, as the platform countersigned it; 0 at the beginning.
        proof: RFC 6962 consistency proof from the previous head, hex.
    """

    origin: str
    size: int
    note: str
    previous_size: int = 0
    proof: tuple[str, ...] = ()
    commission_no: str = ""
    project_code: str = ""


Body = (
    ReceptionBody
    | RejectionBody
    | RunBody
    | ManualReadingBody
    | GapReasonBody
    | EvaluationBody
    | SignatureBody
    | ReportRequestBody
    | ReportIssuedBody
    | FailingResultBody
    | CheckpointBody
)

BODIES: Mapping[MessageKind, type[Body]] = {
    MessageKind.RECEPTION: ReceptionBody,
    MessageKind.REJECTION: RejectionBody,
    MessageKind.RUN: RunBody,
    MessageKind.MANUAL_READING: ManualReadingBody,
    MessageKind.GAP_REASON: GapReasonBody,
    MessageKind.EVALUATION: EvaluationBody,
    MessageKind.SIGNATURE: SignatureBody,
    MessageKind.REPORT_REQUEST: ReportRequestBody,
    MessageKind.REPORT_ISSUED: ReportIssuedBody,
    MessageKind.FAILING_RESULT: FailingResultBody,
    MessageKind.CHECKPOINT: CheckpointBody,
}


def named_hashes(body: Body) -> tuple[str, ...]:
    """Blobs that a body speaks of; each must be among the message's attachments."""
    match body:
        case RunBody():
            return (body.run_hash,)
        case RejectionBody() | ManualReadingBody():
            return body.photos
        case ReportIssuedBody():
            return (body.pdf_sha256,)
        case _:
            return ()


def natural_key(body: Body) -> str:
    """The natural key that a body must travel under: one per thing that happened, unique within its kind and laboratory."""
    match body:
        case ReceptionBody():
            return f"reception:{body.receipt_no}"
        case RejectionBody():
            return f"rejection:{body.slip_no}"
        case RunBody():
            return f"run:{body.run_id}"
        case ManualReadingBody():
            return f"manual-reading:{body.reading_id}"
        case GapReasonBody():
            return f"gap-reason:{body.run_id}"
        case EvaluationBody():
            return f"evaluation:{body.commission_no}:{body.lot_index}:{body.evaluated_at:%Y%m%dT%H%M%S%f}"
        case SignatureBody():
            return f"signature:{body.signature_id}"
        case ReportRequestBody():
            return f"report-request:{body.data.report_no}:{body.data.issue_no}"
        case ReportIssuedBody():
            return f"report-issued:{body.report_code}"
        case FailingResultBody():
            return f"failing-result:{body.commission_no}:{body.lot_index}:{body.evaluation_sha256}"
        case CheckpointBody():
            return f"checkpoint:{body.origin}:{body.size}"
