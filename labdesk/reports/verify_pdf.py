"""Opens a report PDF for verification: signature first, and only what the laboratory signed is then read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pikepdf
import pypdfium2

from labdesk.domain.errors import BugError, OperatorError
from labdesk.domain.plain import from_plain
from labdesk.domain.reporting import ReportData
from labdesk.domain.verification import Finding, InspectedReport, Severity
from labdesk.evidence.canonical import parse_canonical, sha256_hex
from labdesk.evidence.certificates import CheckedCertificate, check_certificate
from labdesk.evidence.keys import KeyUse
from labdesk.evidence.trust import Standing, Trust
from labdesk.reports.byte_range import SignedBytes, check_signed_bytes
from labdesk.reports.qr import read_codes
from labdesk.reports.renderer import CERTIFICATE_NAME, DATA_NAME, GRANT_NAME, RUN_PREFIX, TABLE_PREFIX
from labdesk.reports.signing import FIELD

MAX_PDF = 256 * 1024 * 1024
_MAX_PAGES = 200
_MAX_ATTACHMENT = 128 * 1024 * 1024
_QR_DPI = 220
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|([+-])(\d\d)'(\d\d)'?)")
_BROKEN = (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, KeyError, TypeError, AttributeError, RuntimeError)


class ReportPdfInspector:
    """Checks what a PDF proves about itself (port ``PdfInspector``).

    Args:
        trust: gives what is trusted now.
    """

    def __init__(self, trust: Callable[[], Trust]) -> None:
        self._trust = trust

    def inspect(self, pdf: bytes) -> InspectedReport:
        """Everything the PDF proves or disproves about itself; never raises for a bad PDF."""
        if len(pdf) > MAX_PDF:
            return InspectedReport((Finding(Severity.LEAVES_OPEN, "verification.too_large"),))
        try:
            signed = check_signed_bytes(pdf)
        except OperatorError as error:
            return InspectedReport((_disproved(error),))
        try:
            with pikepdf.open(io.BytesIO(pdf)) as opened:
                return self._read(pdf, opened, signed)
        except OperatorError as error:
            return InspectedReport((_disproved(error),))
        except _BROKEN as error:
            return InspectedReport(
                (Finding(Severity.DISPROVES, "verification.unreadable", {"reason": type(error).__name__}),)
            )

    def _read(self, pdf: bytes, opened: pikepdf.Pdf, signed: SignedBytes) -> InspectedReport:
        signed_at = _signing_moment(opened, signed)
        trust = self._trust()
        holder = check_certificate(signed.parts.certificate, trust.pdf_authorities, signed_at)
        if holder.authority != signed.parts.authority:
            raise OperatorError("evidence.certificate_refused", reason="issuer")
        files = _attachments(opened)
        data_json = files.get(DATA_NAME, b"")
        data = _report_data(data_json)
        findings = [
            Finding(Severity.PROVES, "verification.pdf_signature", {"name": holder.name, "at": signed_at.isoformat()}),
            _key_finding(trust, holder, signed_at),
        ]
        if holder.lab_id != data.laboratory.lab_id:
            findings.append(Finding(Severity.DISPROVES, "verification.other_laboratory", {"lab_id": holder.lab_id}))
        runs, mistaken = _by_hash(files, RUN_PREFIX, ".ldrun")
        tables, wrong_tables = _by_hash(files, TABLE_PREFIX, ".toml")
        findings += [*mistaken, *wrong_tables]
        view = _view(pdf)
        return InspectedReport(
            findings=tuple(findings),
            data=data,
            data_json=data_json,
            qr_texts=view.qr_texts,
            page_text=view.text,
            runs=runs,
            tables=tables,
            grant=files.get(GRANT_NAME, b""),
            key_certificate=files.get(CERTIFICATE_NAME, b""),
            signed_at=signed_at,
        )


def _disproved(error: OperatorError) -> Finding:
    return Finding(Severity.DISPROVES, error.key, {name: str(value) for name, value in error.params.items()})


def _key_finding(trust: Trust, holder: CheckedCertificate, signed_at: datetime) -> Finding:
    """The certificate proves the key was issued; the trust list says whether it was taken back."""
    standing = trust.standing(holder.public_key, KeyUse.PDF, signed_at)
    if standing in (Standing.TRUSTED, Standing.UNKNOWN):
        return Finding(Severity.PROVES, "verification.pdf_key", {"name": holder.name})
    severity = Severity.LEAVES_OPEN if standing is Standing.DOUBTFUL else Severity.DISPROVES
    return Finding(severity, f"verification.key_{standing.value}", {"name": holder.name})


def _signing_moment(opened: pikepdf.Pdf, signed: SignedBytes) -> datetime:
    """The moment in the only signature field, which must be the signature that was checked."""
    fields = list(opened.Root.AcroForm.Fields)
    if len(fields) != 1 or str(fields[0].T) != FIELD:
        raise OperatorError("verification.not_whole")
    value = fields[0].V
    if tuple(int(item) for item in value.ByteRange) != signed.byte_range or value.SubFilter != "/ETSI.CAdES.detached":
        raise OperatorError("verification.not_whole")
    match = _DATE.fullmatch(str(value.M))
    if match is None:
        raise OperatorError("verification.not_whole")
    year, month, day, hour, minute, second = (int(item) for item in match.groups()[:6])
    offset = timedelta(hours=int(match.group(8) or 0), minutes=int(match.group(9) or 0))
    zone = timezone(-offset if match.group(7) == "-" else offset)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def _attachments(opened: pikepdf.Pdf) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    names = list(opened.Root.Names.EmbeddedFiles.Names) if "/Names" in opened.Root else []
    total = 0
    for name, spec in zip(names[::2], names[1::2], strict=True):
        content = bytes(spec.EF.F.read_bytes())
        total += len(content)
        if str(name) in found or str(spec.UF) != str(name) or total > _MAX_ATTACHMENT:
            raise OperatorError("verification.attachments")
        found[str(name)] = content
    return found


def _report_data(data_json: bytes) -> ReportData:
    if not data_json:
        raise OperatorError("verification.no_data")
    try:
        return from_plain(ReportData, parse_canonical(data_json))
    except BugError as error:
        raise OperatorError("evidence.json_refused", reason=str(error)[:120]) from error


def _by_hash(files: Mapping[str, bytes], prefix: str, suffix: str) -> tuple[dict[str, bytes], list[Finding]]:
    """Attached runs or tables by hash, and what is wrong with those that are not what their name says."""
    runs: dict[str, bytes] = {}
    wrong: list[Finding] = []
    for name, content in files.items():
        if name.startswith(prefix):
            found = sha256_hex(content)
            if name == f"{prefix}{found}{suffix}":
                runs[found] = content
            else:
                wrong.append(Finding(Severity.DISPROVES, "verification.run_differs", {"name": name}))
    return runs, wrong


@dataclass(frozen=True)
class _View:
    text: str
    qr_texts: tuple[str, ...]


def _view(pdf: bytes) -> _View:
    """What a reader sees: the text of all pages without spaces, and the codes on them."""
    texts: list[str] = []
    codes: dict[str, None] = {}
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(min(len(document), _MAX_PAGES)):
            page = document[number]
            texts.append(page.get_textpage().get_text_range())
            picture = page.render(scale=_QR_DPI / 72, grayscale=True).to_pil()
            codes.update(dict.fromkeys(code.text for code in read_codes(picture)))
    finally:
        document.close()
    return _View(" ".join("\n".join(texts).split()), tuple(codes))
