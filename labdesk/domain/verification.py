"""What checking a report yields, and the ports the checking goes through.

Anyone may check a report: the laboratory, a judge, a phone on the building site. A check ends in one of three outcomes, each
with its reasons; "cannot tell" is an honest outcome and never silently counted as either of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from labdesk.domain.evaluation import Evaluation, LotInput
from labdesk.domain.reporting import IssueState, ReportData


class Outcome(StrEnum):
    """What a verification found."""

    GENUINE = "genuine"
    NOT_GENUINE = "not-genuine"
    CANNOT_TELL = "cannot-tell"


class Severity(StrEnum):
    """What one finding means for the outcome."""

    PROVES = "proves"
    DISPROVES = "disproves"
    LEAVES_OPEN = "leaves-open"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing checked, as the key of a sentence with its parameters."""

    severity: Severity
    key: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KeyValue:
    """A key value carried inside the QR: compared by eye with the sheet, by program with the data."""

    symbol: str
    subject: str
    value: str
    unit: str
    verdict: str


@dataclass(frozen=True)
class IssueRecord:
    """What the platform knows about a report code today."""

    code: str
    report_no: str
    issue_no: int
    state: IssueState
    data_hash: str
    as_of: datetime
    replaced_by: str = ""


@dataclass(frozen=True)
class VerificationResult:
    """The outcome, the reasons in order, what was recognised, and the state of the issue as far as known.

    Attributes:
        scope: ``report`` (whole PDF) or ``code`` (only the signed code; the sheet must be compared by eye).
        state, state_as_of: newest issue state known, and when; UNKNOWN and ``None`` without the platform.
    """

    outcome: Outcome
    scope: str
    findings: tuple[Finding, ...]
    code: str = ""
    report_no: str = ""
    issue_no: int = 0
    project_code: str = ""
    lab_id: str = ""
    values: tuple[KeyValue, ...] = ()
    state: IssueState = IssueState.UNKNOWN
    state_as_of: datetime | None = None
    replaced_by: str = ""


@dataclass(frozen=True)
class InspectedReport:
    """What was found inside a PDF, each statement already checked as far as the PDF itself allows.

    Attributes:
        findings: results of the PDF's own checks.
        data_json: attached canonical report data; data: the same, decoded, if sound.
        qr_texts: every report QR that can be read from the rendered pages.
        page_text: text of all pages, spaces removed.
        runs: attached sealed runs by their SHA-256.
        tables: attached files of the laboratory's own tables by their SHA-256.
        grant, key_certificate: attached signed statements, empty if missing.
        signed_at: moment stated in the PDF signature.
    """

    findings: tuple[Finding, ...]
    data: ReportData | None = None
    data_json: bytes = b""
    qr_texts: tuple[str, ...] = ()
    page_text: str = ""
    runs: Mapping[str, bytes] = field(default_factory=dict)
    grant: bytes = b""
    key_certificate: bytes = b""
    signed_at: datetime | None = None
    tables: Mapping[str, bytes] = field(default_factory=dict)


class PdfInspector(Protocol):
    """Opens a PDF for verification."""

    def inspect(self, pdf: bytes) -> InspectedReport:
        """Everything the PDF proves or disproves about itself; never raises for a bad PDF."""
        ...


@dataclass(frozen=True)
class ReadCode:
    """A code read from a picture and the share of the picture it fills (0-1)."""

    text: str
    share: float


class CodeImageReader(Protocol):
    """Reads codes from a picture."""

    def read(self, image: bytes) -> tuple[ReadCode, ...]:
        """All QR codes found; empty if it is no picture or has none."""
        ...


class IssueLookup(Protocol):
    """Asks the platform about a report code."""

    def newest(self, code: str) -> IssueRecord | None:
        """The record, ``None`` if the platform never issued the code; raises EnvironmentFault if out of reach."""
        ...


class EvaluateFromRuns(Protocol):
    """Repeats an evaluation from sealed runs and own tables (``services/repeating``)."""

    def __call__(
        self, lot: LotInput, before: Evaluation, runs: Mapping[str, bytes], tables: Mapping[str, bytes]
    ) -> Evaluation:
        """``lot`` once more under the rules of ``before``; runs and tables by hash; raises OperatorError if impossible."""
        ...


class ReportVerifier(Protocol):
    """Tells whether a report, a picture of one or a code is genuine."""

    def verify_pdf(self, pdf: bytes) -> VerificationResult:
        """Check a report PDF."""
        ...

    def verify_image(self, image: bytes) -> VerificationResult:
        """Check the code on a picture."""
        ...

    def verify_text(self, text: str) -> VerificationResult:
        """Check the text of a report QR."""
        ...
