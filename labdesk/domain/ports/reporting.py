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


@dataclass(frozen=True)
class Copies:
    """Copies of a paper that left the program: for the wet stamps, or as a file. Every one is counted.

    Attributes:
        kind: ``print`` or ``export``.
        count: how many, at least 1.
        coded: True for the issued report, False for the watermarked draft.
    """

    id: str
    draft_id: str
    kind: str
    count: int
    coded: bool
    person_id: str
    person_name: str
    at: datetime


class ReportingStore(Protocol):
    """Repository of requested, coded and issued reports, and of their copies."""

    def add_request(self, request: RequestedReport) -> None:
        """Keep the data a code was asked for; refused unless the draft is approved."""
        ...

    def request(self, draft_id: str) -> RequestedReport | None:
        """The data a code was asked for."""
        ...

    def request_of(self, report_no: str, issue_no: int) -> RequestedReport | None:
        """The newest request for one issue of a report: what the platform's answer is about."""
        ...

    def requested_not_coded(self) -> list[str]:
        """Drafts a code was asked for and has not come yet, oldest first."""
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

    def add_copies(self, copies: Copies) -> None:
        """Keep that copies were made; issued ones only of an issued report."""
        ...

    def copies_of(self, draft_id: str) -> list[Copies]:
        """Copies made of a draft or report, oldest first."""
        ...
