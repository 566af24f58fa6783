"""What a report, a receipt, a label and a rejection slip say, and the ports through which services have them made.

The fields of :class:`ReportData` are the union of Order 57, article 21, the CMA rules and what platforms exchange. Its canonical
bytes are hashed into the report's QR and attached to the PDF, so a report can be checked from its own contents. The report code
is not part of it: the platform issues the code for the hash of these data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from labdesk.domain.commission import TestType
from labdesk.domain.evaluation import Evaluation, LotInput, TestKind
from labdesk.domain.projects import Party, PartyRole, SitePerson


class ReportState(StrEnum):
    """Life of one issue of a report inside the laboratory."""

    DRAFT = "draft"
    TESTED = "tested"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    CODED = "coded"
    ISSUED = "issued"
    RETURNED = "returned"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class IssueState(StrEnum):
    """State of one issue as the platform and a verifier know it."""

    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class SignatureRole(StrEnum):
    """Who signs what: raw record (main tester, checker), then the report's three levels."""

    TESTED = "tested"
    CHECKED = "checked"
    REVIEWED = "reviewed"
    APPROVED = "approved"


@dataclass(frozen=True)
class Laboratory:
    """The laboratory as printed; ``lab_id`` is the id under which the platform certified its keys."""

    lab_id: str
    name: str
    address: str = ""
    phone: str = ""
    cma_number: str = ""
    qualification_number: str = ""
    test_place: str = ""


@dataclass(frozen=True)
class ProjectLine:
    """Project, unit and part; ``code`` is the provincial project code."""

    code: str
    name: str
    unit: str = ""
    part: str = ""
    permit_no: str = ""
    parties: tuple[Party, ...] = ()


@dataclass(frozen=True)
class CommissionLine:
    """The commission that asked for the test.

    Attributes:
        number: commission number.
        client, client_role: who commissions. ``client_role`` other than CLIENT makes the report no acceptance document
            (Order 57, art. 21; YK-4.1) unless the test type is supervision sampling.
        received_on: day the samples were taken in.
    """

    number: str
    client: str
    client_role: PartyRole
    test_type: TestType
    received_on: date
    sampler: SitePerson
    witness: SitePerson
    deliverer: str = ""

    @property
    def is_acceptance_evidence(self) -> bool:
        """Whether a report for it may serve as acceptance evidence (YK-4.1)."""
        return self.client_role is PartyRole.CLIENT or self.test_type is TestType.SUPERVISION


@dataclass(frozen=True)
class SampleLine:
    """The sample that a report is about; quantities are text with unit (``58.6 t``)."""

    number: str
    name: str
    grade: str
    size: str
    maker: str = ""
    batch: str = ""
    represented_quantity: str = ""
    tags: tuple[str, ...] = ()
    specimen_labels: tuple[str, ...] = ()
    made_on: date | None = None
    curing: str = ""
    condition: str = ""


@dataclass(frozen=True)
class StandardLine:
    """A standard applied: ``purpose`` is ``method`` or ``judgement``."""

    purpose: str
    number: str
    title: str = ""


@dataclass(frozen=True)
class EquipmentLine:
    """Equipment used, with the certificate valid on the day."""

    number: str
    name: str
    model: str = ""
    range_text: str = ""
    certificate_no: str = ""
    valid_to: date | None = None


@dataclass(frozen=True)
class Environment:
    """Conditions of the test room; ``None`` where not recorded."""

    temperature_c: Decimal | None = None
    humidity_percent: Decimal | None = None


@dataclass(frozen=True)
class RunLine:
    """A sealed run that the report's values come from.

    Attributes:
        label: the specimen's label.
        run_hash: SHA-256 (hex) of the sealed run's bytes, which are attached to the PDF.
        peak_kn: largest force of the sealed run, exact; ``None`` without one.
        manual: "no curve": the peak was read from the display by two people, for ``manual_reason``.
        stated_peak_kn: peak force the machine itself reported, where it does; a difference to the curve is shown.
    """

    label: str
    run_number: str
    run_hash: str | None
    equipment_no: str
    started_at: datetime
    peak_kn: Decimal | None = None
    manual: bool = False
    manual_reason: str = ""
    stated_peak_kn: Decimal | None = None


@dataclass(frozen=True)
class SignatureLine:
    """One signature on the report: role, name, the person's id, certificate and the moment."""

    role: SignatureRole
    name: str
    person_id: str
    at: datetime
    certificate_no: str = ""


@dataclass(frozen=True)
class EntryLine:
    """One input of an entry sheet as printed: its name, unit, and what was typed by determination (empty label: the lot's)."""

    name: str
    unit: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class EntrySheet:
    """What was measured by hand, as printed.

    Attributes:
        lines: inputs in the order of the method.
        results: names of the results by symbol.
    """

    lines: tuple[EntryLine, ...]
    results: Mapping[str, str]


@dataclass(frozen=True)
class ReportData:
    """Everything a report says. Its canonical JSON is what the QR's hash stands for.

    Attributes:
        title: printed title, e.g. ``钢筋力学性能检测报告``.
        report_no, issue_no: number of the report, and of this issue of it from 1.
        replaces_issue, replace_reason: the issue this one replaces (0 = none) and why (ISO/IEC 17025, 7.8.8).
        tested_from, tested_to: days of the test.
        issued_on: day of issue (that of the approving signature).
        lot, evaluation: what was computed from what; enough to repeat it from the attached runs.
        conclusion: the printed conclusion in words.
        remarks, statements: printed text; statements default to the laboratory's standing ones.
        copies: number of wet-stamped copies.
        sheet: what was measured by hand, for methods with an entry sheet.
    """

    title: str
    report_no: str
    issue_no: int
    laboratory: Laboratory
    commission: CommissionLine
    project: ProjectLine
    sample: SampleLine
    tested_from: date
    tested_to: date
    issued_on: date
    lot: LotInput
    evaluation: Evaluation
    standards: tuple[StandardLine, ...]
    equipment: tuple[EquipmentLine, ...]
    environment: Environment
    runs: tuple[RunLine, ...]
    signatures: tuple[SignatureLine, ...]
    conclusion: str
    replaces_issue: int = 0
    replace_reason: str = ""
    remarks: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    copies: int = 0
    sheet: EntrySheet | None = None


@dataclass(frozen=True)
class IssuedCode:
    """A report code from the platform and what is printed for it.

    Attributes:
        code: the report code, e.g. ``YK26-7F3K-9Q2M``.
        qr_text: ``https://<platform>/r/<code>#<signed payload>``.
        grant: the platform's signed grant of the code for the hash of the report data (COSE), attached to the PDF.
        key_certificate: the laboratory key's certificate from the platform's root (COSE), attached to the PDF.
    """

    code: str
    qr_text: str
    grant: bytes = b""
    key_certificate: bytes = b""


@dataclass(frozen=True)
class CurveMark:
    """A point drawn on a curve with its symbol (``ReH``, ``Fm`` ...)."""

    symbol: str
    x: float
    y: float


@dataclass(frozen=True)
class CurveDrawing:
    """A captured curve to draw, every sample as captured; the renderer thins it by minima and maxima, never smooths.

    Attributes:
        label: the specimen's label.
        x_caption, y_caption: axis captions with unit.
        x, y: equally long; drawing copies only, the evidence is the sealed run.
        marks: points found by the evaluation.
        gaps: index ranges ``(first missing after i, next at j)`` where the line was dead; drawn as gaps.
        stated_peak: peak the machine reported in the unit of ``y``, if any.
    """

    label: str
    x_caption: str
    y_caption: str
    x: Sequence[float]
    y: Sequence[float]
    marks: tuple[CurveMark, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    stated_peak: float | None = None


@dataclass(frozen=True)
class SealedRunFile:
    """A sealed run as stored: attached to the PDF unchanged. ``run_hash`` is the SHA-256 (hex) of ``content``."""

    label: str
    run_hash: str
    content: bytes
    file_name: str
    media_type: str = "application/octet-stream"


@dataclass(frozen=True)
class OwnTableFile:
    """A file of the laboratory's own tables that the evaluation rests on: attached unchanged; ``sha256`` of ``content``."""

    sha256: str
    content: bytes


@dataclass(frozen=True)
class ReportDocument:
    """What the renderer needs for one report. Without ``code`` only a watermarked draft is made (YK-7.2b)."""

    data: ReportData
    curves: tuple[CurveDrawing, ...] = ()
    runs: tuple[SealedRunFile, ...] = ()
    code: IssuedCode | None = None
    tables: tuple[OwnTableFile, ...] = ()


@dataclass(frozen=True)
class ReceiptItem:
    """One sample on a reception receipt."""

    sample_number: str
    name: str
    description: str
    quantity: int
    tags: tuple[str, ...]
    labels: tuple[str, ...]
    tests: tuple[TestKind, ...]
    due_on: date | None = None


@dataclass(frozen=True)
class ReceiptData:
    """The receipt handed over the counter after reception; it stands for custody changing hands."""

    receipt_no: str
    laboratory: Laboratory
    commission: CommissionLine
    project: ProjectLine
    received_at: datetime
    received_by: str
    station: str
    items: tuple[ReceiptItem, ...]
    qr_text: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelData:
    """A specimen label. Nothing on it betrays project, maker or client (blind sample).

    Attributes:
        blind_number: short number one can say aloud, e.g. ``K4-0721``.
        qr_text: specimen code (``LDS:..:..``).
        material: ``钢筋``, ``混凝土`` ...; size: ``d20``, ``150`` mm; piece: ``2/3``.
    """

    blind_number: str
    qr_text: str
    material: str
    size: str
    piece: str
    tests: tuple[TestKind, ...] = ()
    due_on: date | None = None


@dataclass(frozen=True)
class PhotoRef:
    """A photo by its hash (SHA-256 hex) with a caption."""

    sha256: str
    caption: str = ""


@dataclass(frozen=True)
class SlipData:
    """A rejection slip: what was refused, why, both values side by side (YK-7.4).

    Attributes:
        reason: sentence in the language of the slip.
        field: caption of the differing field; empty where the piece or tag was damaged.
        expected, found: value on the commission, value on tag or piece.
        rule_id, clause: e.g. ``YK-7.4`` and the clause in words.
    """

    slip_no: str
    laboratory: Laboratory
    commission_no: str
    project: ProjectLine
    tag: str
    sample_name: str
    refused_at: datetime
    refused_by: str
    station: str
    reason: str
    rule_id: str
    clause: str
    qr_text: str
    deliverer: str = ""
    field: str = ""
    expected: str = ""
    found: str = ""
    photos: tuple[PhotoRef, ...] = ()


_SPOKEN = dict(zip("0123456789-", "零幺二三四五六七八九杠", strict=True))


def say_aloud(number: str) -> str:
    """A blind number as one says it over the noise of a machine: ``K4-07`` is ``K 四 杠 零 七`` (幺 for 1, as 一 and 七 rhyme)."""
    return " ".join(_SPOKEN.get(character, character) for character in number)


class DocumentRenderer(Protocol):
    """Makes the printed matter. Same input, same bytes."""

    def report(self, document: ReportDocument) -> bytes:
        """The report as PDF/A-3b, unsigned; a watermarked draft where the document has no code."""
        ...

    def receipt(self, receipt: ReceiptData) -> bytes:
        """The reception receipt as PDF."""
        ...

    def labels(self, labels: Sequence[LabelData]) -> bytes:
        """Specimen labels as PDF, one label a page."""
        ...

    def slip(self, slip: SlipData, images: Mapping[str, bytes]) -> bytes:
        """The rejection slip as PDF; ``images`` holds photos by SHA-256 (missing ones are named by hash)."""
        ...


class PdfSigner(Protocol):
    """Signs a PDF as a whole; a CA token can stand behind it as well as a key file."""

    def sign(self, pdf: bytes, signed_at: datetime, reason: str) -> bytes:
        """The signed PDF (PAdES B-B); raises EnvironmentFault when the key cannot be used."""
        ...
