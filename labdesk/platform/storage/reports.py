"""Issued report codes and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from labdesk.domain.plain import from_plain
from labdesk.domain.reporting import IssueState, ReportData
from labdesk.evidence.canonical import canonical_bytes, loads
from labdesk.platform.storage.tables import ReportEventRow, ReportRow


@dataclass(frozen=True)
class IssuedReport:
    """A report under its code; ``lot_index`` within its commission."""

    code: str
    lab_id: str
    message_id: str
    lot_index: int
    data: ReportData
    data_hash: str
    grant: bytes
    issued_at: datetime


@dataclass(frozen=True)
class Standing:
    """What a report is worth now: its state, since when, why, and the code that took its place."""

    state: IssueState
    since: datetime | None = None
    reason: str = ""
    replaced_by: str = ""


class Reports:
    """Repository of report codes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, report: IssuedReport) -> None:
        """Keep an issued code; the database refuses a second code for an issue, and a code given before."""
        data = report.data
        self._session.add(
            ReportRow(
                code=report.code,
                lab_id=report.lab_id,
                message_id=report.message_id,
                report_no=data.report_no,
                issue_no=data.issue_no,
                project_code=data.project.code,
                commission_no=data.commission.number,
                lot_index=report.lot_index,
                data_hash=report.data_hash,
                data=canonical_bytes(data).decode("utf-8"),
                grant=report.grant,
                issued_at=report.issued_at,
            )
        )
        self._session.flush()

    def exists(self, code: str) -> bool:
        """Whether a code was ever given."""
        return self._session.get(ReportRow, code) is not None

    def get(self, code: str) -> IssuedReport | None:
        """The report under a code."""
        row = self._session.get(ReportRow, code)
        return None if row is None else _report(row)

    def issues(self, lab_id: str, report_no: str) -> tuple[IssuedReport, ...]:
        """All issues of a report, in order."""
        query = select(ReportRow).where(ReportRow.lab_id == lab_id, ReportRow.report_no == report_no)
        return tuple(_report(row) for row in self._session.scalars(query.order_by(ReportRow.issue_no)))

    def of_project(self, project_code: str) -> tuple[IssuedReport, ...]:
        """Reports of a project, newest first."""
        query = select(ReportRow).where(ReportRow.project_code == project_code)
        return tuple(_report(row) for row in self._session.scalars(query.order_by(ReportRow.issued_at.desc())))

    def replace(self, code: str, by_code: str, reason: str, at: datetime) -> None:
        """A new issue has taken the place of ``code``; happens once, held by the database."""
        self._event(code, IssueState.REPLACED, by_code, reason, at)

    def withdraw(self, code: str, reason: str, at: datetime) -> None:
        """``code`` is withdrawn; happens once, held by the database."""
        self._event(code, IssueState.WITHDRAWN, "", reason, at)

    def standing(self, code: str) -> Standing:
        """What a code is worth now; UNKNOWN if it was never given."""
        if not self.exists(code):
            return Standing(IssueState.UNKNOWN)
        query = select(ReportEventRow).where(ReportEventRow.code == code)
        events = {row.kind: row for row in self._session.scalars(query)}
        replaced = events.get(IssueState.REPLACED.value)
        by_code = "" if replaced is None else replaced.by_code
        for state in (IssueState.WITHDRAWN, IssueState.REPLACED):
            event = events.get(state.value)
            if event is not None:
                return Standing(state, event.at, event.reason, by_code)
        return Standing(IssueState.VALID)

    def _event(self, code: str, state: IssueState, by_code: str, reason: str, at: datetime) -> None:
        self._session.add(ReportEventRow(code=code, kind=state.value, by_code=by_code, reason=reason, at=at))
        self._session.flush()


def _report(row: ReportRow) -> IssuedReport:
    return IssuedReport(
        code=row.code,
        lab_id=row.lab_id,
        message_id=row.message_id,
        lot_index=row.lot_index,
        data=from_plain(ReportData, loads(row.data.encode("utf-8"))),
        data_hash=row.data_hash,
        grant=row.grant,
        issued_at=row.issued_at,
    )
