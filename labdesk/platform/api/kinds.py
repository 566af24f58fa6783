"""What is checked, and done, for each kind of message beyond its shape and signature."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from labdesk.domain.commission import Commission, LotOrder, TagState
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.plain import utc_text
from labdesk.domain.profile import RegionProfile
from labdesk.domain.reporting import IssueState
from labdesk.domain.sealed_run import decode_run
from labdesk.evidence.canonical import canonical_hash
from labdesk.evidence.report_code import CodeGrant, verify_qr_text
from labdesk.evidence.trust import Standing
from labdesk.platform.api.context import Context, platform_trust
from labdesk.platform.api.heads import Extension, countersign
from labdesk.platform.rules.codes import new_code
from labdesk.platform.rules.completeness import Arrived, missing, taken_in
from labdesk.platform.storage.reports import IssuedReport
from labdesk.platform.storage.store import Desk
from labdesk.wire.bodies import (
    Body,
    CheckpointBody,
    ReceptionBody,
    RejectionBody,
    ReportIssuedBody,
    ReportRequestBody,
    RunBody,
)
from labdesk.wire.envelope import Envelope


class ReportIncompleteError(OperatorError):
    """A report code was asked for while something has not arrived; ``missing`` names it."""

    def __init__(self, missing_items: tuple[str, ...]) -> None:
        super().__init__("platform.report_incomplete", missing=", ".join(missing_items))
        self.missing = missing_items


def check_run(context: Context, body: Body) -> None:
    """The sealed run must say of itself what the message says of it; raises OperatorError ``platform.run_differs``."""
    if not isinstance(body, RunBody):
        return
    try:
        run = decode_run(context.blobs.read(body.run_hash))
    except EnvironmentFault as error:
        raise OperatorError("platform.run_differs", field=error.key) from error
    request = run.header.request
    facts = (
        ("run_id", body.run_id, request.run_id),
        ("specimen_label", body.specimen_label, request.specimen_label),
        ("run_class", body.run_class, request.run_class.value),
        ("machine_id", body.machine_id, request.machine_id),
        ("operator", body.operator.id, request.operator_id),
        ("loader", body.loader.id if body.loader is not None else "", request.loader_id),
        ("marks", body.marks, tuple(mark.value for mark in run.header.marks)),
        ("started_at", body.started_at, run.header.started_at),
        ("end_reason", body.end_reason, run.header.end_reason.value),
        ("samples", body.samples, len(run.times_ns)),
        ("peak_kn", body.peak_kn, run.peak_kn),
    )
    for name, said, sealed in facts:
        if said != sealed:
            raise OperatorError("platform.run_differs", field=name)


def apply_kind(context: Context, desk: Desk, envelope: Envelope, body: Body) -> Mapping[str, str]:
    """Check the message against what the platform knows, do what it asks for, and say what the receipt carries back.

    Raises:
        OperatorError: the reason for refusing it.
    """
    commission = _commission(desk, envelope, body)
    if isinstance(body, ReceptionBody) and commission is not None:
        _check_reception(desk, body, commission, envelope.lab_id)
    elif isinstance(body, ReportRequestBody) and commission is not None:
        return _issue(context, desk, envelope, body, commission)
    elif isinstance(body, ReportIssuedBody):
        _check_issued(context, desk, envelope, body)
    elif isinstance(body, CheckpointBody):
        extension = Extension(body.previous_size, body.proof)
        return {"head": countersign(context, desk, envelope.lab_id, body.note, extension)}
    return {}


def _commission(desk: Desk, envelope: Envelope, body: Body) -> Commission | None:
    """The commission a message is about; only what never had one may come without."""
    without = isinstance(body, (CheckpointBody, RunBody, RejectionBody))
    if not body.commission_no and without:
        return None
    found = desk.records.commission(body.commission_no)
    if found is None or found[1] != envelope.lab_id:
        raise OperatorError("platform.unknown_commission", commission=body.commission_no)
    if found[0].project_code != body.project_code:
        raise OperatorError("platform.other_project", commission=body.commission_no, project=body.project_code)
    return found[0]


def _check_reception(desk: Desk, body: ReceptionBody, commission: Commission, lab_id: str) -> None:
    """What is said to be received was registered for this commission, is not void, and was not received before (YK-7.4)."""
    before = {
        sample.tag
        for message in desk.messages.of_commission(lab_id, commission.number)
        if isinstance(message.body, ReceptionBody)
        for sample in message.body.samples
    }
    labels: set[tuple[str, str]] = set()
    for sample in body.samples:
        ordered = commission.find(sample.tag)
        if ordered is None or (ordered[0].index, ordered[1].index) != (sample.lot_index, sample.sample_index):
            raise OperatorError("platform.tag_differs", tag=sample.tag)
        record = desk.records.tag(sample.tag)
        if record is None or record.state is TagState.VOID:
            raise OperatorError("platform.tag_void", tag=sample.tag)
        # Several pieces may be made from one tagged sample (a bag of cement), each under its own label.
        if sample.tag in before or (sample.tag, sample.label) in labels:
            raise OperatorError("platform.tag_received", tag=sample.tag)
        if not taken_in(sample.verdict, _profile_of(desk, ordered[0])):
            raise OperatorError("platform.not_receivable", tag=sample.tag, verdict=sample.verdict)
        labels.add((sample.tag, sample.label))


def _profile_of(desk: Desk, lot: LotOrder) -> RegionProfile:
    """The region profile in force when the lot was sampled; raises OperatorError ``platform.no_profile``."""
    profile = desk.records.profile_on(lot.sampling.sampled_at.date())
    if profile is None:
        raise OperatorError("platform.no_profile")
    return profile


def _issue(
    context: Context, desk: Desk, envelope: Envelope, body: ReportRequestBody, commission: Commission
) -> Mapping[str, str]:
    """Give the report code, or name what is missing (YK-7.2b)."""
    data, now = body.data, context.clock.now()
    lot = next((lot for lot in commission.lots if lot.index == body.lot_index), commission.lots[0])
    profile = _profile_of(desk, lot)
    issues = desk.reports.issues(envelope.lab_id, data.report_no)
    valid = {
        issue.data.issue_no: issue.code
        for issue in issues
        if desk.reports.standing(issue.code).state is IssueState.VALID
    }
    bodies = tuple(message.body for message in desk.messages.of_commission(envelope.lab_id, commission.number))
    lacking = missing(body, Arrived(envelope.lab_id, commission, bodies, profile, valid))
    if lacking:
        raise ReportIncompleteError(lacking)
    identity = context.authority.identity
    code = new_code(identity.code_prefix, now.year, desk.reports.exists)
    digest = canonical_hash(data)
    whole_second = now.replace(microsecond=0)
    grant = context.authority.grant(
        CodeGrant(identity.host, code, envelope.lab_id, data.report_no, data.issue_no, digest, whole_second)
    )
    desk.reports.add(
        IssuedReport(code, envelope.lab_id, envelope.id, body.lot_index, data, digest, grant, whole_second)
    )
    if data.replaces_issue:
        desk.reports.replace(valid[data.replaces_issue], code, data.replace_reason, now)
    return {
        "report_code": code,
        "platform": identity.host,
        "granted_at": utc_text(whole_second),
        "data_sha256": digest,
        "grant": base64.b64encode(grant).decode("ascii"),
    }


def _check_issued(context: Context, desk: Desk, envelope: Envelope, body: ReportIssuedBody) -> None:
    """The finished report must be the one the code was given for, and its QR must say so."""
    report = desk.reports.get(body.report_code)
    if report is None or report.lab_id != envelope.lab_id:
        raise OperatorError("platform.unknown_code", code=body.report_code)
    if (body.report_no, body.issue_no) != (report.data.report_no, report.data.issue_no):
        raise OperatorError("platform.code_differs", code=body.report_code, field="report_no")
    verified = verify_qr_text(body.qr_text, platform_trust(context, desk))
    claims = verified.claims
    facts = (
        ("code", claims.code, report.code),
        ("lab_id", claims.lab_id, report.lab_id),
        ("report_no", claims.report_no, report.data.report_no),
        ("issue_no", claims.issue_no, report.data.issue_no),
        ("project_code", claims.project_code, report.data.project.code),
        ("data_hash", claims.data_hash, report.data_hash),
    )
    for name, printed, granted in facts:
        if printed != granted:
            raise OperatorError("platform.code_differs", code=body.report_code, field=name)
    if verified.standing is not Standing.TRUSTED:
        raise OperatorError("platform.code_differs", code=body.report_code, field=verified.standing.value)
