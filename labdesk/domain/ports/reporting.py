"""What the stage ``reporting`` keeps: its repository as services see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from labdesk.domain.reporting import IssuedCode, ReportData


@dataclass(frozen=True)
class RequestedReport:
    """Report data as they went to the platform for a code: frozen from then on."""

    draft_id: str
    report_no: str
    issue_no: int
    lot_no: str
    data: ReportData
    data_sha256: str
    requested_at: datetime


@dataclass(frozen=True)
class IssuedReport:
    """A finished, signed report."""

    draft_id: str
    report_no: str
    issue_no: int
    lot_no: str
    code: str
    pdf_sha256: str
    issued_at: datetime


class ReportingStore(Protocol):
    """Repository of requested, coded and issued reports."""

    def add_request(self, request: RequestedReport) -> None:
        """Keep the data a code was asked for; refused unless the draft is approved."""
        ...

    def request(self, draft_id: str) -> RequestedReport | None:
        """The data a code was asked for."""
        ...

    def add_code(self, draft_id: str, code: IssuedCode, at: datetime) -> None:
        """Keep the platform's code; one per draft."""
        ...

    def code(self, draft_id: str) -> IssuedCode | None:
        """The platform's code."""
        ...

    def add_issued(self, report: IssuedReport) -> None:
        """Keep the finished report; refused without a code."""
        ...

    def issued(self, draft_id: str) -> IssuedReport | None:
        """The finished report of a draft."""
        ...

    def newest_issued(self, limit: int) -> list[IssuedReport]:
        """Finished reports, newest first."""
        ...

    def coded_not_issued(self) -> list[str]:
        """Drafts that have a code and no finished report yet."""
        ...
