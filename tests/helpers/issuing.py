"""Issues whole reports with the test world's keys, the way the laboratory and the platform do together."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from labdesk.domain.reporting import IssuedCode, ReportDocument
from labdesk.evidence.canonical import canonical_hash
from labdesk.evidence.keys import Ed25519Key, P256Key
from labdesk.evidence.report_code import CodeGrant, sign_grant
from labdesk.reports.renderer import PdfRenderer
from labdesk.reports.signing import PadesSigner
from labdesk.services.verification import report_qr_text
from tests.helpers.reportworld import cubes, rebar
from tests.helpers.trustworld import LAB_ID, LAB_NAME, NOW, PLATFORM, world

CODE = "YK26-7F3K-9Q2M"
MOMENT = NOW.replace(microsecond=0)


def coded(document: ReportDocument, code: str = CODE, lab_key: Ed25519Key | None = None) -> ReportDocument:
    """The document with a platform code, granted and signed."""
    w = world()
    data = document.data
    digest = canonical_hash(data)
    grant = sign_grant(CodeGrant(PLATFORM, code, LAB_ID, data.report_no, data.issue_no, digest, MOMENT), w.grant_key)
    qr_text = report_qr_text(data, digest, code, MOMENT, lab_key or w.lab_key, PLATFORM)
    return replace(document, code=IssuedCode(code, qr_text, grant, w.certificate(w.lab_key)))


def signed(document: ReportDocument, key: P256Key | None = None, certificate: bytes = b"") -> bytes:
    """The rendered document, signed by the laboratory (or another key)."""
    w = world()
    signer = PadesSigner(key or w.pdf_key, certificate or w.pdf_certificate, w.authority, LAB_NAME)
    return signer.sign(PdfRenderer().report(document), MOMENT, "检测报告签发")


@cache
def issued_cubes() -> bytes:
    """A genuine report on cubes."""
    return signed(coded(cubes()))


@cache
def issued_rebar() -> bytes:
    """A genuine report on a rebar lot."""
    return signed(coded(rebar(), "YK26-7F3K-9Q2N"))
