"""Words of the reports page: states, verification outcomes, requests."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from labdesk.domain.outbox import OutboxState
from labdesk.domain.reporting import IssueState, ReportState
from labdesk.domain.verification import Outcome, Severity, VerificationResult
from labdesk.services.report_desk import ReportRow
from labdesk.ui.widgets.banner import Verdict, VerdictState
from labdesk.ui.widgets.chips import Chip, ChipState

translate = QCoreApplication.translate
SEVERITIES = {
    Severity.PROVES: ChipState.OK,
    Severity.DISPROVES: ChipState.BAD,
    Severity.LEAVES_OPEN: ChipState.WARN,
    Severity.NOTE: ChipState.INFO,
}


def state_word(state: ReportState) -> str:
    """Where a report stands, in a word."""
    return {
        ReportState.DRAFT: translate("Reports", "to be signed"),
        ReportState.TESTED: translate("Reports", "to be reviewed"),
        ReportState.REVIEWED: translate("Reports", "to be approved"),
        ReportState.APPROVED: translate("Reports", "waits for code"),
        ReportState.CODED: translate("Reports", "coded, no paper"),
        ReportState.ISSUED: translate("Reports", "issued"),
        ReportState.RETURNED: translate("Reports", "returned"),
        ReportState.REPLACED: translate("Reports", "replaced"),
        ReportState.WITHDRAWN: translate("Reports", "withdrawn"),
        ReportState.VOID: translate("Reports", "void"),
    }[state]


def state_chip(row: ReportRow) -> Chip:
    """Where a report stands, as a chip; a refused request is told apart."""
    if row.state is ReportState.APPROVED and row.request_state is OutboxState.REFUSED:
        return Chip(ChipState.BAD, translate("Reports", "code refused"))
    looks = {
        ReportState.ISSUED: ChipState.OK,
        ReportState.RETURNED: ChipState.WARN,
        ReportState.CODED: ChipState.WARN,
        ReportState.REPLACED: ChipState.QUIET,
        ReportState.WITHDRAWN: ChipState.BAD,
        ReportState.VOID: ChipState.BAD,
    }
    return Chip(looks.get(row.state, ChipState.INFO), state_word(row.state))


def request_text(row: ReportRow) -> str:
    """What becomes of the request for the code."""
    if row.state is not ReportState.APPROVED or row.request_state is None:
        return ""
    return {
        OutboxState.QUEUED: translate("Reports", "The request for the code waits for the line."),
        OutboxState.SENT: translate("Reports", "The request for the code was sent; the answer is awaited."),
        OutboxState.ACKNOWLEDGED: translate("Reports", "The code has come; the paper is being made."),
        OutboxState.REFUSED: translate("Reports", "The platform gave no code:"),
        OutboxState.NEEDS_PERSON: translate("Reports", "The request needs a person; see the sync page."),
        OutboxState.CLOSED: translate("Reports", "The request was closed; see the sync page."),
    }[row.request_state]


def verification_verdict(result: VerificationResult, reason: str) -> Verdict:
    """The outcome as the banner shows it; a genuine paper that was replaced is not green."""
    if result.outcome is Outcome.NOT_GENUINE:
        return Verdict(VerdictState.MISMATCH, translate("Reports", "Not genuine"), reason)
    if result.outcome is Outcome.CANNOT_TELL:
        return Verdict(VerdictState.HOLD, translate("Reports", "Cannot tell"), reason)
    if result.state is IssueState.REPLACED:
        return Verdict(VerdictState.HOLD, translate("Reports", "Genuine, but replaced"), reason)
    if result.state is IssueState.WITHDRAWN:
        return Verdict(VerdictState.MISMATCH, translate("Reports", "Genuine, but withdrawn"), reason)
    if result.scope == "code":
        return Verdict(VerdictState.MATCH, translate("Reports", "The code is genuine"), reason)
    return Verdict(VerdictState.MATCH, translate("Reports", "Genuine"), reason)
