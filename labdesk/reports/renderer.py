"""The renderer services know as ``DocumentRenderer``: story to pages, pages to PDF/A-3b with what belongs inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from labdesk.domain.errors import BugError
from labdesk.domain.reporting import LabelData, ReceiptData, ReportDocument, SignatureRole, SlipData
from labdesk.domain.sentences import Language
from labdesk.evidence.canonical import canonical_bytes, sha256_hex
from labdesk.reports.papers import draw_labels, draw_receipt, draw_slip
from labdesk.reports.pdfa import Attachment, PdfFacts, to_pdfa
from labdesk.reports.report import draw_report
from labdesk.reports.words import Words

DATA_NAME = "report-data.json"
GRANT_NAME = "code-grant.cose"
CERTIFICATE_NAME = "lab-key.cose"
RUN_PREFIX = "run-"
TABLE_PREFIX = "table-"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class PdfRenderer:
    """Makes reports, receipts, labels and slips as PDF/A-3b in one language."""

    def __init__(self, language: Language = Language.ZH) -> None:
        self._words = Words(language)

    def report(self, document: ReportDocument) -> bytes:
        """The report, unsigned; with its data and sealed runs attached when it has a code, else a watermarked draft.

        Raises:
            BugError: ``bug.report_run`` when an attached run is not the one its hash names.
        """
        data = document.data
        attachments = [_data(document), *_runs(document), *_tables(document)] if document.code else []
        if document.code and document.code.grant:
            attachments.append(_statement(GRANT_NAME, document.code.grant, "platform's grant of the report code"))
        if document.code and document.code.key_certificate:
            attachments.append(_statement(CERTIFICATE_NAME, document.code.key_certificate, "certificate of the key"))
        signed = [item.at for item in data.signatures if item.role is SignatureRole.APPROVED]
        facts = PdfFacts(
            f"{data.title} {data.report_no}", data.laboratory.name, data.report_no, max(signed, default=_EPOCH)
        )
        return to_pdfa(draw_report(document, self._words), facts, attachments)

    def receipt(self, receipt: ReceiptData) -> bytes:
        """The reception receipt."""
        facts = PdfFacts(
            f"{self._words('receipt.title')} {receipt.receipt_no}",
            receipt.laboratory.name,
            receipt.receipt_no,
            receipt.received_at,
        )
        return to_pdfa(draw_receipt(receipt, self._words), facts)

    def labels(self, labels: Sequence[LabelData]) -> bytes:
        """Specimen labels, one a page. The file names nobody either (blind samples)."""
        return to_pdfa(draw_labels(labels, self._words), PdfFacts("labels", "LabDesk", "", _EPOCH))

    def slip(self, slip: SlipData, images: Mapping[str, bytes]) -> bytes:
        """The rejection slip; ``images`` are photos by SHA-256, and a photo that is not its hash is left out."""
        genuine = {name: image for name, image in images.items() if sha256_hex(image) == name}
        facts = PdfFacts(
            f"{self._words('slip.title')} {slip.slip_no}", slip.laboratory.name, slip.slip_no, slip.refused_at
        )
        return to_pdfa(draw_slip(slip, genuine, self._words), facts)


def _data(document: ReportDocument) -> Attachment:
    return Attachment(DATA_NAME, canonical_bytes(document.data), "application/json", "Data", "canonical report data")


def _statement(name: str, content: bytes, description: str) -> Attachment:
    return Attachment(name, content, "application/cose", "Supplement", description)


def _tables(document: ReportDocument) -> list[Attachment]:
    """The laboratory's own tables, named by their hash."""
    found = []
    for table in document.tables:
        if sha256_hex(table.content) != table.sha256:
            raise BugError("bug.report_run", label=table.sha256[:16])
        name = f"{TABLE_PREFIX}{table.sha256}.toml"
        found.append(Attachment(name, table.content, "application/toml", "Source", "the laboratory's own table"))
    return sorted(found, key=lambda item: item.name)


def _runs(document: ReportDocument) -> list[Attachment]:
    """Attached runs, named by their hash so that no two collide and no name needs trust."""
    wanted = {line.run_hash for line in document.data.runs if line.run_hash}
    attached = {}
    for run in document.runs:
        if sha256_hex(run.content) != run.run_hash:
            raise BugError("bug.report_run", label=run.label)
        attached[run.run_hash] = Attachment(
            f"{RUN_PREFIX}{run.run_hash}.ldrun", run.content, run.media_type, "Source", f"sealed run of {run.label}"
        )
    missing = wanted - set(attached)
    if missing:
        raise BugError("bug.report_run", label=sorted(missing)[0][:16])
    return [attached[name] for name in sorted(attached)]
