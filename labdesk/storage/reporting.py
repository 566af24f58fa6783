"""Requested, coded and issued reports."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Integer, String, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.plain import from_plain
from labdesk.domain.ports.reporting import Copies, IssuedReport, RequestedReport
from labdesk.domain.reporting import IssuedCode, ReportData
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.base import Appended, Base, key_column
from labdesk.storage.triggers import RuleTrigger


class ReportRequestRow(Base, Appended):
    """Report data a code was asked for."""

    __tablename__ = "report_requests"
    draft_id: Mapped[str] = key_column(36)
    report_no: Mapped[str] = mapped_column(String(32), index=True)
    issue_no: Mapped[int] = mapped_column(Integer)
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    data: Mapped[bytes] = mapped_column()
    data_sha256: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column()


class ReportCodeRow(Base, Appended):
    """The platform's code for a report."""

    __tablename__ = "report_codes"
    draft_id: Mapped[str] = key_column(36)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    qr_text: Mapped[str] = mapped_column()
    grant: Mapped[bytes] = mapped_column("grant_bytes")
    key_certificate: Mapped[bytes] = mapped_column()
    at: Mapped[datetime] = mapped_column()


class IssuedReportRow(Base, Appended):
    """A finished, signed report."""

    __tablename__ = "issued_reports"
    draft_id: Mapped[str] = key_column(36)
    report_no: Mapped[str] = mapped_column(String(32), index=True)
    issue_no: Mapped[int] = mapped_column(Integer)
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    code: Mapped[str] = mapped_column(String(32))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column()


class ReportCopiesRow(Base, Appended):
    """Copies that left the program."""

    __tablename__ = "report_copies"
    id: Mapped[str] = key_column(36)
    draft_id: Mapped[str] = mapped_column(String(36), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    count: Mapped[int] = mapped_column("copies", Integer)
    coded: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[str] = mapped_column(String(36))
    person_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column()


RULES = (
    RuleTrigger(
        name="report_requests_approved",
        table="report_requests",
        refuse_when="NOT EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.draft_id AND s.role = 'approved')",
        key="reporting.not_approved",
    ),
    RuleTrigger(
        name="report_codes_requested",
        table="report_codes",
        refuse_when="NOT EXISTS (SELECT 1 FROM report_requests q WHERE q.draft_id = NEW.draft_id)",
        key="reporting.not_requested",
    ),
    RuleTrigger(
        name="issued_reports_coded",
        table="issued_reports",
        refuse_when="NOT EXISTS (SELECT 1 FROM report_codes c WHERE c.draft_id = NEW.draft_id AND c.code = NEW.code)",
        key="reporting.no_code",
    ),
    RuleTrigger(
        name="report_copies_issued",
        table="report_copies",
        refuse_when="NEW.copies < 1 OR (NEW.coded = 1 AND NOT EXISTS "
        "(SELECT 1 FROM issued_reports i WHERE i.draft_id = NEW.draft_id))",
        key="reporting.copies_without_issue",
    ),
)


class Reporting:
    """Repository of the stage."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_request(self, request: RequestedReport) -> None:
        """Keep the data a code is asked for."""
        self._session.add(
            ReportRequestRow(
                draft_id=request.draft_id,
                report_no=request.report_no,
                issue_no=request.issue_no,
                lot_no=request.lot_no,
                data=canonical_bytes(request.data),
                data_sha256=request.data_sha256,
                requested_at=request.requested_at,
            )
        )

    def request(self, draft_id: str) -> RequestedReport | None:
        """The data a code was asked for."""
        row = self._session.get(ReportRequestRow, draft_id)
        return None if row is None else _request(row)

    def request_of(self, report_no: str, issue_no: int) -> RequestedReport | None:
        """The newest request for one issue of a report."""
        mine = (ReportRequestRow.report_no == report_no, ReportRequestRow.issue_no == issue_no)
        query = select(ReportRequestRow).where(*mine).order_by(ReportRequestRow.draft_id.desc()).limit(1)
        row = self._session.scalar(query)
        return None if row is None else _request(row)

    def requested_not_coded(self) -> list[str]:
        """Drafts a code was asked for and has not come yet, oldest first."""
        coded = exists().where(ReportCodeRow.draft_id == ReportRequestRow.draft_id)
        query = select(ReportRequestRow.draft_id).where(~coded).order_by(ReportRequestRow.draft_id)
        return list(self._session.scalars(query))

    def add_code(self, draft_id: str, code: IssuedCode, at: datetime) -> None:
        """Keep the platform's code."""
        self._session.add(
            ReportCodeRow(
                draft_id=draft_id,
                code=code.code,
                qr_text=code.qr_text,
                grant=code.grant,
                key_certificate=code.key_certificate,
                at=at,
            )
        )

    def code(self, draft_id: str) -> IssuedCode | None:
        """The platform's code."""
        row = self._session.get(ReportCodeRow, draft_id)
        if row is None:
            return None
        return IssuedCode(row.code, row.qr_text, bytes(row.grant), bytes(row.key_certificate))

    def add_issued(self, report: IssuedReport) -> None:
        """Keep a finished report."""
        self._session.add(IssuedReportRow(**vars(report)))

    def issued(self, draft_id: str) -> IssuedReport | None:
        """The finished report of a draft."""
        row = self._session.get(IssuedReportRow, draft_id)
        return None if row is None else _issued(row)

    def newest_issued(self, limit: int) -> list[IssuedReport]:
        """Finished reports, newest first."""
        query = select(IssuedReportRow).order_by(IssuedReportRow.draft_id.desc()).limit(limit)
        return [_issued(row) for row in self._session.scalars(query)]

    def coded_not_issued(self) -> list[str]:
        """Drafts with a code and no finished report yet."""
        finished = exists().where(IssuedReportRow.draft_id == ReportCodeRow.draft_id)
        return list(self._session.scalars(select(ReportCodeRow.draft_id).where(~finished)))

    def add_copies(self, copies: Copies) -> None:
        """Keep that copies were made."""
        self._session.add(ReportCopiesRow(**{**vars(copies), "coded": int(copies.coded)}))

    def copies_of(self, draft_id: str) -> list[Copies]:
        """Copies made of a draft or report, oldest first."""
        query = select(ReportCopiesRow).where(ReportCopiesRow.draft_id == draft_id).order_by(ReportCopiesRow.id)
        return [
            Copies(row.id, row.draft_id, row.kind, row.count, bool(row.coded), row.person_id, row.person_name, row.at)
            for row in self._session.scalars(query)
        ]


def _request(row: ReportRequestRow) -> RequestedReport:
    return RequestedReport(
        draft_id=row.draft_id,
        report_no=row.report_no,
        issue_no=row.issue_no,
        lot_no=row.lot_no,
        data=from_plain(ReportData, json.loads(row.data)),
        data_sha256=row.data_sha256,
        requested_at=row.requested_at,
    )


def _issued(row: IssuedReportRow) -> IssuedReport:
    return IssuedReport(
        draft_id=row.draft_id,
        report_no=row.report_no,
        issue_no=row.issue_no,
        lot_no=row.lot_no,
        code=row.code,
        pdf_sha256=row.pdf_sha256,
        issued_at=row.issued_at,
    )
