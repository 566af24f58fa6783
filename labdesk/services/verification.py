"""Verification: is this report, picture or code genuine, and does it still hold? Reasons in words, in the order they were found.

Offline, everything rests on one pinned root key. The platform, where it can be reached, adds the newest state of the issue and can settle
what a compromised or unlisted key leaves open. Nothing here needs the laboratory.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from labdesk.domain.clock import Clock
from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.evaluation import Evaluation, Value
from labdesk.domain.reporting import IssueState, ReportData
from labdesk.domain.sealed_run import decode_run
from labdesk.domain.verification import (
    CodeImageReader,
    EvaluateFromRuns,
    Finding,
    InspectedReport,
    IssueLookup,
    IssueRecord,
    KeyValue,
    Outcome,
    PdfInspector,
    Severity,
    VerificationResult,
)
from labdesk.evidence.canonical import sha256_hex
from labdesk.evidence.keys import Signer
from labdesk.evidence.report_code import (
    ReportClaims,
    VerifiedClaims,
    is_report_code,
    make_qr_text,
    verify_grant,
    verify_qr_text,
)
from labdesk.evidence.trust import Standing, Trust
from labdesk.services.own_tables import hashes_of

KEY_VALUES = 8
# From this share of the picture on, a code is a picture of the code; below it, the picture shows a sheet nobody compared.
_CODE_SHARE = 0.25
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# What the platform's own record of the same data settles.
_SETTLED = frozenset({"verification.key_doubtful", "verification.key_unlisted", "verification.no_grant"})


@dataclass(frozen=True)
class VerificationDeps:
    """What verification leans on; ``lookup`` and ``evaluate`` may be missing, and then say less."""

    inspector: PdfInspector
    images: CodeImageReader
    trust: Callable[[], Trust]
    clock: Clock
    evaluate: EvaluateFromRuns | None = None
    lookup: IssueLookup | None = None


def key_values(evaluation: Evaluation) -> tuple[KeyValue, ...]:
    """The few values that go into the QR: those of the whole lot first, then those against a limit, then the rest."""
    shown = [value for value in evaluation.values if value.rounded is not None]
    ranked = sorted(shown, key=lambda value: (bool(value.subject), not value.limit))
    return tuple(_key_value(value) for value in ranked[:KEY_VALUES])


def _key_value(value: Value) -> KeyValue:
    text = "" if value.rounded is None else format(value.rounded, "f")
    return KeyValue(value.symbol, value.subject, text, value.unit, value.verdict.value)


def report_qr_text(
    data: ReportData, data_hash: str, code: str, issued_at: datetime, signer: Signer, platform: str
) -> str:
    """The QR text for a report under its platform code, signed with the laboratory's report-code key."""
    claims = ReportClaims(
        platform=platform,
        lab_id=data.laboratory.lab_id,
        code=code,
        report_no=data.report_no,
        issue_no=data.issue_no,
        replaces=data.replaces_issue,
        project_code=data.project.code,
        data_hash=data_hash,
        values=key_values(data.evaluation),
        verdict=data.evaluation.verdict.value,
        issued_at=issued_at,
    )
    return make_qr_text(claims, signer)


class Verification:
    """Tells whether a report, a picture of one or a code is genuine (port ``ReportVerifier``)."""

    def __init__(self, deps: VerificationDeps) -> None:
        self._deps = deps

    def verify_pdf(self, pdf: bytes) -> VerificationResult:
        """Check a report PDF: signature, code, data, text, runs, recomputed values, state."""
        inspected = self._deps.inspector.inspect(pdf)
        findings = list(inspected.findings)
        if inspected.data is None:
            return _result(findings, "report")
        trust, unproved = self._trust_for(inspected)
        findings += unproved
        verified, about_code = self._code_on_pages(inspected, trust)
        findings += about_code
        if verified is not None:
            findings += _agreement(inspected.data, inspected.data_json, verified.claims)
            findings += _grant_findings(inspected, verified.claims, trust)
        findings += _sheet(inspected, verified.claims if verified else None)
        findings += _run_findings(inspected)
        findings += self._recomputed(inspected)
        result = _result(findings, "report", verified.claims if verified else None)
        return self._with_state(result, sha256_hex(inspected.data_json))

    def verify_image(self, image: bytes) -> VerificationResult:
        """Check the report QR on a picture. The sheet around it is left to the eye: its values are in the result."""
        codes = [code for code in self._deps.images.read(image) if is_report_code(code.text)]
        if not codes:
            return _result([Finding(Severity.LEAVES_OPEN, "verification.no_code_on_picture")], "code")
        if len({code.text for code in codes}) > 1:
            return _result([Finding(Severity.LEAVES_OPEN, "verification.several_codes")], "code")
        result = self.verify_text(codes[0].text)
        if result.outcome is Outcome.GENUINE and codes[0].share < _CODE_SHARE:
            sheet = Finding(Severity.LEAVES_OPEN, "verification.compare_sheet", {"report_no": result.report_no})
            return replace(result, outcome=Outcome.CANNOT_TELL, findings=(*result.findings, sheet))
        return result

    def verify_text(self, text: str) -> VerificationResult:
        """Check the text of a report QR: the code itself, not the paper it was printed on."""
        verified, findings = self._code(text.strip(), self._deps.trust())
        if verified is None:
            return _result(findings, "code")
        findings.append(Finding(Severity.NOTE, "verification.compare_values"))
        return self._with_state(_result(findings, "code", verified.claims), verified.claims.data_hash)

    def _trust_for(self, inspected: InspectedReport) -> tuple[Trust, list[Finding]]:
        """Trust, extended by the key certificate inside the PDF if the root signed it."""
        trust = self._deps.trust()
        if not inspected.key_certificate:
            return trust, []
        try:
            return trust.with_certificate(inspected.key_certificate), []
        except OperatorError as error:
            return trust, [_disproved(error)]

    def _code_on_pages(self, inspected: InspectedReport, trust: Trust) -> tuple[VerifiedClaims | None, list[Finding]]:
        texts = [text for text in inspected.qr_texts if is_report_code(text)]
        if len(texts) != 1:
            key = "verification.several_codes" if texts else "verification.no_code_on_page"
            return None, [Finding(Severity.DISPROVES, key)]
        return self._code(texts[0], trust)

    def _code(self, text: str, trust: Trust) -> tuple[VerifiedClaims | None, list[Finding]]:
        """The claims of a code and what its signature and key say."""
        try:
            verified = verify_qr_text(text, trust)
        except OperatorError as error:
            stale = error.key == "evidence.key_unknown" and trust.is_stale(self._deps.clock.now())
            foreign = error.key == "evidence.code_platform"
            finding = _disproved(error)
            return None, [replace(finding, severity=Severity.LEAVES_OPEN) if stale or foreign else finding]
        params = {"lab_id": verified.claims.lab_id, "at": verified.claims.issued_at.isoformat()}
        if verified.standing is Standing.TRUSTED:
            return verified, [Finding(Severity.PROVES, "verification.code_signature", params)]
        severity = Severity.LEAVES_OPEN if verified.standing is Standing.DOUBTFUL else Severity.DISPROVES
        return verified, [Finding(severity, f"verification.key_{verified.standing.value}", {"name": params["lab_id"]})]

    def _recomputed(self, inspected: InspectedReport) -> list[Finding]:
        """Repeat the evaluation from the attached runs and compare every value, limit and verdict."""
        data = inspected.data
        if data is None or self._deps.evaluate is None:
            return [Finding(Severity.NOTE, "verification.not_recomputed", {"reason": "-"})]
        own = _own_tables(data.evaluation)
        try:
            again = self._deps.evaluate(data.lot, data.evaluation, inspected.runs, inspected.tables)
        except LabDeskError as error:
            why = Finding(Severity.NOTE, error.key, {name: str(value) for name, value in error.params.items()})
            return [Finding(Severity.LEAVES_OPEN, "verification.not_recomputed", {"reason": error.key}), why]
        if again.verdict is not data.evaluation.verdict:
            return [_value_differs("", data.evaluation.verdict.value, again.verdict.value)]
        differing = [
            _value_differs(f"{ours[0]} {ours[1]}".strip(), ours[2] or "—", theirs[2] or "—")
            for ours, theirs in zip(_comparable(data.evaluation), _comparable(again), strict=False)
            if ours != theirs
        ]
        if len(again.values) != len(data.evaluation.values):
            differing.append(_value_differs("", str(len(data.evaluation.values)), str(len(again.values))))
        count = {"count": str(len(again.values))}
        return [*(differing or [Finding(Severity.PROVES, "verification.recomputed", count)]), *own]

    def _with_state(self, result: VerificationResult, data_hash: str) -> VerificationResult:
        """The result with what the platform knows of the issue now, if it can be asked."""
        if self._deps.lookup is None or not result.code:
            return result
        try:
            record = self._deps.lookup.newest(result.code)
        except EnvironmentFault:
            note = Finding(Severity.NOTE, "verification.platform_unreachable")
            return replace(result, findings=(*result.findings, note))
        if record is None:
            return _again(result, [*result.findings, Finding(Severity.DISPROVES, "verification.code_not_issued")])
        return _with_record(result, record, data_hash)


def _own_tables(evaluation: Evaluation) -> list[Finding]:
    """That the laboratory judged by a table of its own: repeating it proves the arithmetic, not the table."""
    return [
        Finding(Severity.NOTE, "verification.own_table", {"rules": evaluation.rules, "sha256": digest})
        for digest in hashes_of(evaluation)
    ]


def _with_record(result: VerificationResult, record: IssueRecord, data_hash: str) -> VerificationResult:
    same = (record.data_hash, record.report_no, record.issue_no) == (data_hash, result.report_no, result.issue_no)
    if not same:
        return _again(result, [*result.findings, Finding(Severity.DISPROVES, "verification.platform_differs")])
    findings = [
        replace(item, severity=Severity.NOTE)
        if item.severity is Severity.LEAVES_OPEN and item.key in _SETTLED
        else item
        for item in result.findings
    ]
    params = {"as_of": record.as_of.isoformat(), "replaced_by": record.replaced_by or "—"}
    findings.append(Finding(Severity.NOTE, f"verification.state_{record.state.value}", params))
    known = replace(result, state=record.state, state_as_of=record.as_of, replaced_by=record.replaced_by)
    return _again(known, findings)


def _result(findings: list[Finding], scope: str, claims: ReportClaims | None = None) -> VerificationResult:
    result = VerificationResult(_outcome(findings), scope, tuple(findings))
    if claims is None:
        return result
    return replace(
        result,
        code=claims.code,
        report_no=claims.report_no,
        issue_no=claims.issue_no,
        project_code=claims.project_code,
        lab_id=claims.lab_id,
        values=claims.values,
    )


def _again(result: VerificationResult, findings: list[Finding]) -> VerificationResult:
    return replace(result, outcome=_outcome(findings), findings=tuple(findings))


def _outcome(findings: list[Finding]) -> Outcome:
    """One disproof decides; without it one open question does; without any proof nothing is genuine."""
    severities = {finding.severity for finding in findings}
    if Severity.DISPROVES in severities:
        return Outcome.NOT_GENUINE
    if Severity.LEAVES_OPEN in severities or Severity.PROVES not in severities:
        settled = Severity.LEAVES_OPEN not in severities and any(item.key in _SETTLED for item in findings)
        return Outcome.GENUINE if settled else Outcome.CANNOT_TELL
    return Outcome.GENUINE


def _agreement(data: ReportData, data_json: bytes, claims: ReportClaims) -> list[Finding]:
    """Whether the code speaks of exactly these data."""
    facts = {
        "data": (claims.data_hash, sha256_hex(data_json)),
        "report_no": (claims.report_no, data.report_no),
        "issue_no": (str(claims.issue_no), str(data.issue_no)),
        "replaces": (str(claims.replaces), str(data.replaces_issue)),
        "project_code": (claims.project_code, data.project.code),
        "lab_id": (claims.lab_id, data.laboratory.lab_id),
        "verdict": (claims.verdict, data.evaluation.verdict.value),
    }
    wrong = [
        Finding(Severity.DISPROVES, "verification.code_of_other_report", {"field": name, "code": said, "report": is_})
        for name, (said, is_) in facts.items()
        if said != is_
    ]
    known = {_key_value(value) for value in data.evaluation.values}
    wrong += [
        Finding(
            Severity.DISPROVES,
            "verification.code_of_other_report",
            {"field": f"{item.symbol} {item.subject}".strip(), "code": item.value, "report": "—"},
        )
        for item in claims.values
        if item not in known
    ]
    return wrong or [Finding(Severity.PROVES, "verification.code_agrees", {"code": claims.code})]


def _grant_findings(inspected: InspectedReport, claims: ReportClaims, trust: Trust) -> list[Finding]:
    """The platform's grant of the code for these data (YK-7.2b)."""
    if not inspected.grant:
        return [Finding(Severity.LEAVES_OPEN, "verification.no_grant")]
    try:
        grant, standing = verify_grant(inspected.grant, trust)
    except OperatorError as error:
        open_ = error.key == "evidence.key_unknown"
        finding = _disproved(error)
        return [replace(finding, severity=Severity.LEAVES_OPEN, key="verification.key_unlisted") if open_ else finding]
    said = (grant.code, grant.lab_id, grant.report_no, grant.issue_no, grant.data_hash)
    if said != (claims.code, claims.lab_id, claims.report_no, claims.issue_no, claims.data_hash):
        return [Finding(Severity.DISPROVES, "verification.grant_of_other_report", {"code": grant.code})]
    if standing is Standing.TRUSTED:
        return [Finding(Severity.PROVES, "verification.grant", {"at": grant.granted_at.isoformat()})]
    severity = Severity.LEAVES_OPEN if standing is Standing.DOUBTFUL else Severity.DISPROVES
    return [Finding(severity, f"verification.key_{standing.value}", {"name": grant.platform})]


def _sheet(inspected: InspectedReport, claims: ReportClaims | None) -> list[Finding]:
    """Whether the pages say what the data say: numbers, code, and every reported value as often as it must appear."""
    data = inspected.data
    if data is None:
        return []
    text = "".join(inspected.page_text.split())
    wanted = [data.report_no, data.project.code, data.commission.number, data.sample.number]
    wanted += [claims.code] if claims else []
    missing = [item for item in wanted if "".join(item.split()) not in text]
    printed = Counter(_NUMBER.findall(inspected.page_text))
    reported = Counter(format(value.rounded, "f") for value in data.evaluation.values if value.rounded is not None)
    missing += sorted((reported - printed).elements())
    if missing:
        return [Finding(Severity.DISPROVES, "verification.sheet_differs", {"missing": "、".join(missing[:6])})]
    return [Finding(Severity.PROVES, "verification.sheet_agrees")]


def _run_findings(inspected: InspectedReport) -> list[Finding]:
    """Whether every run the report names is attached, and its peak is the one the report prints."""
    data = inspected.data
    named = [line for line in data.runs if line.run_hash] if data else []
    needed = {item.run_hash for item in data.lot.specimens if item.run_hash} if data else set()
    for missing in sorted((needed | {line.run_hash for line in named if line.run_hash}) - set(inspected.runs)):
        return [Finding(Severity.DISPROVES, "verification.run_missing", {"name": missing[:16]})]
    for line in named:
        try:
            peak = decode_run(inspected.runs[line.run_hash or ""]).peak_kn
        except LabDeskError:
            return [Finding(Severity.DISPROVES, "verification.run_differs", {"name": line.label})]
        if line.peak_kn is not None and line.peak_kn != peak:
            return [_value_differs(f"F {line.label}", str(line.peak_kn), str(peak))]
    return [Finding(Severity.PROVES, "verification.runs", {"count": str(len(needed))})] if needed else []


def _comparable(evaluation: Evaluation) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            value.symbol,
            value.subject,
            "" if value.rounded is None else format(value.rounded, "f"),
            value.limit,
            value.verdict.value,
        )
        for value in evaluation.values
    ]


def _value_differs(what: str, report: str, curve: str) -> Finding:
    return Finding(
        Severity.DISPROVES, "verification.value_differs", {"what": what or "—", "report": report, "curve": curve}
    )


def _disproved(error: OperatorError) -> Finding:
    return Finding(Severity.DISPROVES, error.key, {name: str(value) for name, value in error.params.items()})


def still_holds(result: VerificationResult) -> bool:
    """Whether a genuine report may be relied on: it was neither replaced nor withdrawn, as far as is known."""
    return result.outcome is Outcome.GENUINE and result.state not in (IssueState.REPLACED, IssueState.WITHDRAWN)
