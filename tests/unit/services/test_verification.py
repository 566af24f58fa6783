"""Verification as a whole: genuine reports pass, forged ones fail for the right reason, and doubt is called doubt."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest

from labdesk.cli.verify import VerifyDeps, run_verify
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import Verdict
from labdesk.domain.plain import from_plain, to_plain
from labdesk.domain.reporting import IssueState, ReportData, ReportDocument
from labdesk.domain.verification import IssueLookup, IssueRecord, Outcome, VerificationResult
from labdesk.evidence.canonical import canonical_bytes, canonical_hash
from labdesk.evidence.certificates import Holder, issue_certificate, make_authority
from labdesk.evidence.report_code import CodeGrant, sign_grant
from labdesk.evidence.trust import Revocation, Trust
from labdesk.reports.pdfa import Attachment, PdfFacts, to_pdfa
from labdesk.reports.qr import ZxingImageReader, qr_matrix
from labdesk.reports.renderer import PdfRenderer
from labdesk.reports.report import draw_report
from labdesk.reports.verify_pdf import ReportPdfInspector
from labdesk.reports.words import Words
from labdesk.services.repeating import evaluate_again
from labdesk.services.verification import Verification, VerificationDeps, key_values, still_holds
from tests.helpers.issuing import CODE, MOMENT, coded, issued_cubes, issued_rebar, signed
from tests.helpers.reportworld import cubes, rebar
from tests.helpers.trustworld import END, LAB_ID, LAB_NAME, NOW, PLATFORM, START, ed25519, p256, world

TrustSource = Callable[[], Trust]


class Noon:
    def now(self) -> datetime:
        return NOW


class Register:
    """A platform that knows one code, none, or cannot be reached."""

    def __init__(self, record: IssueRecord | None = None, fault: EnvironmentFault | None = None) -> None:
        self._record, self._fault = record, fault

    def newest(self, code: str) -> IssueRecord | None:
        if self._fault:
            raise self._fault
        return self._record if self._record and self._record.code == code else None


def verifier(trust: TrustSource | None = None, lookup: IssueLookup | None = None) -> Verification:
    source = trust or world().trust
    deps = VerificationDeps(ReportPdfInspector(source), ZxingImageReader(), source, Noon(), evaluate_again, lookup)
    return Verification(deps)


def entry(document: ReportDocument, state: IssueState = IssueState.VALID, **changes: object) -> IssueRecord:
    data = document.data
    record = IssueRecord(CODE, data.report_no, data.issue_no, state, canonical_hash(data), NOW)
    return replace(record, **changes)  # type: ignore[arg-type]


def reasons(result: VerificationResult) -> set[str]:
    """Keys of what speaks against or leaves open."""
    return {item.key for item in result.findings if item.severity.value in ("disproves", "leaves-open")}


def picture(pdf: bytes, dpi: int = 200) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    out = io.BytesIO()
    document[0].render(scale=dpi / 72).to_pil().save(out, "PNG")
    document.close()
    return out.getvalue()


def assembled(pages: ReportDocument, data: ReportData, code: ReportDocument, keep: slice = slice(None)) -> bytes:
    """A signed PDF put together from the pages of one, the data of another and the statements of a third report."""
    assert code.code is not None
    files = [
        Attachment("report-data.json", canonical_bytes(data), "application/json", "Data", "data"),
        Attachment("code-grant.cose", code.code.grant, "application/cose", "Supplement", "grant"),
        Attachment("lab-key.cose", code.code.key_certificate, "application/cose", "Supplement", "key"),
    ]
    for run in code.runs[keep]:
        files.append(Attachment(f"run-{run.run_hash}.ldrun", run.content, "application/octet-stream", "Source", "run"))
    drawn = draw_report(replace(pages, code=code.code), Words())
    return signed_bytes(to_pdfa(drawn, PdfFacts("t", "a", "s", NOW), files))


def signed_bytes(pdf: bytes) -> bytes:
    from labdesk.reports.signing import PadesSigner

    w = world()
    return PadesSigner(w.pdf_key, w.pdf_certificate, w.authority, LAB_NAME).sign(pdf, MOMENT, "r")


@pytest.mark.parametrize(("issue", "make"), [(issued_cubes, cubes), (issued_rebar, rebar)])
def test_a_genuine_report_is_genuine_offline(issue: Callable[[], bytes], make: Callable[[], ReportDocument]) -> None:
    document = make()
    result = verifier().verify_pdf(issue())
    assert result.outcome is Outcome.GENUINE, reasons(result)
    assert (result.report_no, result.lab_id, result.scope) == (document.data.report_no, LAB_ID, "report")
    assert result.values == key_values(document.data.evaluation)
    assert result.state is IssueState.UNKNOWN
    assert "verification.recomputed" in {item.key for item in result.findings}


def test_the_pinned_root_and_the_statements_inside_are_enough_but_for_the_grant() -> None:
    """Without any trust list the platform's daily keys are unknown: said, not guessed."""
    result = verifier(world().bare).verify_pdf(issued_cubes())
    assert result.outcome is Outcome.CANNOT_TELL
    assert reasons(result) == {"verification.key_unlisted"}
    online = verifier(world().bare, Register(entry(cubes()))).verify_pdf(issued_cubes())
    assert online.outcome is Outcome.GENUINE


@pytest.mark.rule("YK-7.2b")
def test_a_qr_of_another_report_is_caught() -> None:
    other = coded(cubes(2))
    transplanted = replace(coded(cubes()), code=other.code)
    result = verifier().verify_pdf(signed(transplanted))
    assert result.outcome is Outcome.NOT_GENUINE
    assert "verification.code_of_other_report" in reasons(result)


def test_pages_of_another_report_around_genuine_data_and_code_are_caught() -> None:
    """Everything but the printed text belongs together: only reading the pages tells."""
    genuine = coded(cubes())
    result = verifier().verify_pdf(assembled(cubes(2, (902.4, 911.9, 890.6)), genuine.data, genuine))
    assert result.outcome is Outcome.NOT_GENUINE
    assert reasons(result) == {"verification.sheet_differs"}


def test_a_printed_value_that_is_not_the_data_s_is_caught() -> None:
    genuine = coded(cubes())
    values = list(genuine.data.evaluation.values)
    values[-1] = replace(values[-1], rounded=Decimal("99.9"))
    prettier = replace(
        genuine, data=replace(genuine.data, evaluation=replace(genuine.data.evaluation, values=tuple(values)))
    )
    result = verifier().verify_pdf(assembled(prettier, genuine.data, genuine))
    assert reasons(result) == {"verification.sheet_differs"}


def test_a_value_that_the_curve_does_not_give_is_caught() -> None:
    """The laboratory itself improves a value, and signs everything consistently: the curve speaks."""
    document = cubes()
    values = tuple(
        replace(value, rounded=value.rounded + 2) if value.symbol == "fcu,m" and value.rounded else value
        for value in document.data.evaluation.values
    )
    better = replace(document, data=replace(document.data, evaluation=replace(document.data.evaluation, values=values)))
    result = verifier().verify_pdf(signed(coded(better)))
    assert result.outcome is Outcome.NOT_GENUINE
    assert reasons(result) == {"verification.value_differs"}


def test_a_better_verdict_is_caught() -> None:
    document = rebar()
    evaluation = replace(document.data.evaluation, verdict=Verdict.FAIL)
    worse = replace(document, data=replace(document.data, evaluation=evaluation))
    assert reasons(verifier().verify_pdf(signed(coded(worse)))) == {"verification.value_differs"}


def test_a_peak_that_is_not_the_run_s_is_caught() -> None:
    document = cubes()
    first = replace(document.data.runs[0], peak_kn=Decimal("900.00"))
    changed = replace(document, data=replace(document.data, runs=(first, *document.data.runs[1:])))
    assert reasons(verifier().verify_pdf(signed(coded(changed)))) == {"verification.value_differs"}


def test_a_run_left_out_is_caught() -> None:
    genuine = coded(cubes())
    result = verifier().verify_pdf(assembled(cubes(), genuine.data, genuine, slice(1, None)))
    assert result.outcome is Outcome.NOT_GENUINE
    assert "verification.run_missing" in reasons(result)


def test_rules_this_program_does_not_know_leave_it_open() -> None:
    def cannot(*_: object) -> None:
        raise OperatorError("standards.unknown_rules", rules="future", known="")

    source = world().trust
    deps = VerificationDeps(ReportPdfInspector(source), ZxingImageReader(), source, Noon(), cannot)  # type: ignore[arg-type]
    result = Verification(deps).verify_pdf(issued_cubes())
    assert result.outcome is Outcome.CANNOT_TELL
    assert reasons(result) == {"verification.not_recomputed"}


def test_a_code_signed_with_another_key_is_a_forgery() -> None:
    result = verifier().verify_pdf(signed(coded(cubes(), lab_key=ed25519(66))))
    assert result.outcome is Outcome.NOT_GENUINE
    assert "evidence.key_unknown" in reasons(result)


def test_a_pdf_signed_with_another_certificate_is_a_forgery() -> None:
    twin_key, forger = p256(99), p256(98)
    holder = Holder(LAB_NAME, LAB_ID, START, END)
    twin = make_authority(twin_key, Holder("示例监管平台 PDF 签名根", PLATFORM, START, END))
    certificate = issue_certificate(twin_key, twin, forger.public_key, holder)
    result = verifier().verify_pdf(signed(coded(cubes()), forger, certificate))
    assert result.outcome is Outcome.NOT_GENUINE
    assert reasons(result) == {"evidence.certificate_refused"}


def test_a_certificate_of_another_laboratory_is_caught() -> None:
    w = world()
    other = issue_certificate(
        w.authority_key, w.authority, p256(97).public_key, Holder("他家", "LN-YK-0001", START, END)
    )
    result = verifier().verify_pdf(signed(coded(cubes()), p256(97), other))
    assert "verification.other_laboratory" in reasons(result)


@pytest.mark.parametrize("which", ["lab_key", "pdf_key", "grant_key"])
def test_keys_revoked_before_signing_sign_nothing(which: str) -> None:
    w = world()
    revoked = w.revoked(getattr(w, which), NOW - timedelta(days=2), Revocation.RETIRED)
    result = verifier(lambda: revoked).verify_pdf(issued_cubes())
    assert result.outcome is Outcome.NOT_GENUINE
    assert reasons(result) == {"verification.key_revoked"}


@pytest.mark.parametrize("which", ["lab_key", "pdf_key", "grant_key"])
def test_retired_keys_keep_what_they_signed_and_stolen_ones_leave_it_to_the_platform(which: str) -> None:
    w = world()
    retired = w.revoked(getattr(w, which), NOW + timedelta(days=2), Revocation.RETIRED)
    stolen = w.revoked(getattr(w, which), NOW + timedelta(days=2), Revocation.COMPROMISED)
    assert verifier(lambda: retired).verify_pdf(issued_cubes()).outcome is Outcome.GENUINE
    doubtful = verifier(lambda: stolen).verify_pdf(issued_cubes())
    assert (doubtful.outcome, reasons(doubtful)) == (Outcome.CANNOT_TELL, {"verification.key_doubtful"})
    settled = verifier(lambda: stolen, Register(entry(cubes()))).verify_pdf(issued_cubes())
    assert settled.outcome is Outcome.GENUINE


def test_a_report_without_the_platform_s_grant_is_left_open_and_settled_online() -> None:
    document = coded(cubes())
    assert document.code is not None
    without = signed(replace(document, code=replace(document.code, grant=b"")))
    result = verifier().verify_pdf(without)
    assert (result.outcome, reasons(result)) == (Outcome.CANNOT_TELL, {"verification.no_grant"})
    assert verifier(lookup=Register(entry(cubes()))).verify_pdf(without).outcome is Outcome.GENUINE


def test_a_grant_for_other_data_is_caught() -> None:
    document = coded(cubes())
    assert document.code is not None
    grant = sign_grant(CodeGrant(PLATFORM, CODE, LAB_ID, "HNT-2026-00099", 1, "cd" * 32, MOMENT), world().grant_key)
    result = verifier().verify_pdf(signed(replace(document, code=replace(document.code, grant=grant))))
    assert reasons(result) == {"verification.grant_of_other_report"}


def test_the_platform_s_newest_state_is_told() -> None:
    asked = verifier(lookup=Register(entry(cubes()))).verify_pdf(issued_cubes())
    assert (asked.outcome, asked.state, asked.state_as_of) == (Outcome.GENUINE, IssueState.VALID, NOW)
    replaced = verifier(lookup=Register(entry(cubes(), IssueState.REPLACED, replaced_by="YK26-NEW"))).verify_pdf(
        issued_cubes()
    )
    assert (replaced.outcome, replaced.replaced_by, still_holds(replaced)) == (Outcome.GENUINE, "YK26-NEW", False)
    unknown = verifier(lookup=Register()).verify_pdf(issued_cubes())
    assert (unknown.outcome, reasons(unknown)) == (Outcome.NOT_GENUINE, {"verification.code_not_issued"})
    other = verifier(lookup=Register(entry(cubes(), data_hash="00" * 32))).verify_pdf(issued_cubes())
    assert reasons(other) == {"verification.platform_differs"}
    away = verifier(lookup=Register(fault=EnvironmentFault("sync.unreachable"))).verify_pdf(issued_cubes())
    assert (away.outcome, away.state) == (Outcome.GENUINE, IssueState.UNKNOWN)


@pytest.mark.rule("YK-7.2b")
def test_drafts_and_other_pdfs_are_not_reports() -> None:
    draft = PdfRenderer().report(cubes())
    assert reasons(verifier().verify_pdf(draft)) == {"verification.not_signed"}
    assert reasons(verifier().verify_pdf(signed_bytes(draft))) == {"verification.no_data"}


def test_the_code_alone_proves_itself_and_asks_for_the_eye() -> None:
    document = coded(rebar())
    assert document.code is not None
    result = verifier().verify_text(document.code.qr_text)
    assert (result.outcome, result.scope) == (Outcome.GENUINE, "code")
    assert result.values[0].symbol == "dW"
    text = document.code.qr_text
    assert verifier().verify_text(text[:-1] + ("B" if text.endswith("A") else "A")).outcome is Outcome.NOT_GENUINE
    assert verifier().verify_text("https://example.com/r/ABCD").outcome is Outcome.NOT_GENUINE


def test_an_unknown_key_under_a_stale_list_cannot_be_told() -> None:
    text = coded(cubes(), lab_key=ed25519(66)).code
    assert text is not None
    stale = replace(world().trust().trust_list, next_update=NOW - timedelta(days=1))  # type: ignore[type-var]
    trust = replace(world().trust(), trust_list=stale)
    assert verifier(lambda: trust).verify_text(text.qr_text).outcome is Outcome.CANNOT_TELL
    assert verifier().verify_text(text.qr_text).outcome is Outcome.NOT_GENUINE


def test_a_picture_of_a_sheet_is_not_called_genuine_but_one_of_the_code_is() -> None:
    sheet = verifier().verify_image(picture(issued_cubes()))
    assert (sheet.outcome, reasons(sheet)) == (Outcome.CANNOT_TELL, {"verification.compare_sheet"})
    assert sheet.values
    code = coded(cubes()).code
    assert code is not None
    assert verifier().verify_image(qr_picture(code.qr_text)).outcome is Outcome.GENUINE
    assert verifier().verify_image(b"no picture").outcome is Outcome.CANNOT_TELL


def qr_picture(text: str) -> bytes:
    from PIL import Image

    matrix = qr_matrix(text)
    size = len(matrix)
    image = Image.new("L", (size + 8, size + 8), 255)
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            image.putpixel((column + 4, row + 4), 0 if dark else 255)
    out = io.BytesIO()
    image.resize(((size + 8) * 4, (size + 8) * 4), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def test_report_data_survive_their_plain_form() -> None:
    for document in (cubes(), rebar()):
        assert from_plain(ReportData, to_plain(document.data)) == document.data


@pytest.fixture
def deps() -> VerifyDeps:
    lookup = Register(entry(cubes(), IssueState.WITHDRAWN))
    return VerifyDeps(verifier(lookup=lookup), verifier())


def test_the_command_says_genuine_not_or_cannot_tell(
    tmp_path: Path, deps: VerifyDeps, capsys: pytest.CaptureFixture[str]
) -> None:
    genuine, bent, draft = tmp_path / "a.pdf", tmp_path / "b.pdf", tmp_path / "c.png"
    genuine.write_bytes(issued_cubes())
    bent.write_bytes(issued_cubes()[:-40] + b"x" + issued_cubes()[-39:])
    draft.write_bytes(b"no picture")
    assert run_verify([str(genuine), "--offline", "--json"], deps) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["outcome"], told["holds"], told["report_no"]) == ("genuine", True, "HNT-2026-00017")
    assert told["values"][0]["symbol"] == "fcu,m"
    assert all(item["sentence"] != item["key"] for item in told["findings"])
    assert len(err.splitlines()) == 1
    assert run_verify([str(bent), "--offline"], deps) == 1
    assert "不是真实有效的报告" in capsys.readouterr().out
    assert run_verify([str(draft), "--offline"], deps) == 2
    assert run_verify([str(tmp_path / "missing.pdf")], deps) == 2


def test_the_command_does_not_pass_a_withdrawn_report(tmp_path: Path, deps: VerifyDeps) -> None:
    genuine = tmp_path / "a.pdf"
    genuine.write_bytes(issued_cubes())
    assert run_verify([str(genuine)], deps) == 1
    code = coded(cubes()).code
    assert code is not None
    assert run_verify([code.qr_text, "--offline"], deps) == 0
