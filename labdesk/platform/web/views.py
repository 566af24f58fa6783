"""What the pages show, gathered from the repositories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from labdesk.domain.commission import Commission
from labdesk.domain.projects import Project
from labdesk.domain.sealed_run import FORCE, SealedRun
from labdesk.platform.rules.codes import looks_right
from labdesk.platform.storage.messages import StoredMessage
from labdesk.platform.storage.reports import IssuedReport, Standing
from labdesk.platform.storage.store import Desk
from labdesk.wire.bodies import (
    FailingResultBody,
    GapReasonBody,
    ManualReadingBody,
    ReceptionBody,
    RejectionBody,
    ReportIssuedBody,
    RunBody,
)

MOST_POINTS = 2000


@dataclass(frozen=True)
class ReportView:
    """The public page of a report; ``fragment`` is the signed part of the QR on record, empty before the PDF arrived."""

    code: str
    report: IssuedReport | None
    standing: Standing | None
    fragment: str

    @property
    def state(self) -> str:
        """``valid``, ``replaced``, ``withdrawn`` or ``unknown``."""
        return "unknown" if self.standing is None else self.standing.state.value


@dataclass(frozen=True)
class CommissionView:
    """A commission with what of it was received."""

    commission: Commission
    lab_name: str
    ordered: int
    received: int
    limit_min: Decimal


@dataclass(frozen=True)
class ReportItem:
    """A report in a list."""

    report: IssuedReport
    state: str


@dataclass(frozen=True)
class ProjectView:
    """Everything about one project."""

    project: Project
    commissions: tuple[CommissionView, ...]
    rejections: tuple[RejectionBody, ...]
    runs: tuple[RunBody, ...]
    readings: tuple[ManualReadingBody, ...]
    gap_reasons: Mapping[str, GapReasonBody]
    failing: tuple[FailingResultBody, ...]
    reports: tuple[ReportItem, ...]


def report_view(desk: Desk, code: str) -> ReportView:
    """The public page of ``code``, whatever was typed."""
    report = desk.reports.get(code) if looks_right(code) else None
    if report is None:
        return ReportView(code[:40], None, None, "")
    issued = [
        message.body
        for message in desk.messages.of_commission(report.lab_id, report.data.commission.number)
        if isinstance(message.body, ReportIssuedBody) and message.body.report_code == code
    ]
    fragment = issued[-1].qr_text.partition("#")[2] if issued else ""
    return ReportView(code, report, desk.reports.standing(code), fragment)


def project_view(desk: Desk, code: str) -> ProjectView | None:
    """Everything about a project, newest first; ``None`` for an unknown code."""
    project = desk.records.project(code)
    if project is None:
        return None
    messages = desk.messages.of_project(code)
    return ProjectView(
        project=project,
        commissions=tuple(
            _commission(desk, commission, lab_id, messages) for commission, lab_id in desk.records.commissions_of(code)
        ),
        rejections=tuple(item.body for item in messages if isinstance(item.body, RejectionBody)),
        runs=tuple(item.body for item in messages if isinstance(item.body, RunBody)),
        readings=tuple(item.body for item in messages if isinstance(item.body, ManualReadingBody)),
        gap_reasons={item.body.run_id: item.body for item in messages if isinstance(item.body, GapReasonBody)},
        failing=tuple(item.body for item in messages if isinstance(item.body, FailingResultBody)),
        reports=tuple(
            ReportItem(report, desk.reports.standing(report.code).state.value)
            for report in desk.reports.of_project(code)
        ),
    )


def run_of(desk: Desk, project_code: str, run_hash: str) -> RunBody | None:
    """A run of a project by the hash of its sealed bytes."""
    found = (item.body for item in desk.messages.of_project(project_code))
    return next((body for body in found if isinstance(body, RunBody) and body.run_hash == run_hash), None)


def curve_points(run: SealedRun) -> dict[str, Any]:
    """Force over time for the eye: smallest and largest of every stretch, nothing smoothed."""
    forces = run.values(FORCE)
    points = [(time / 1e9, float(force)) for time, force in zip(run.times_ns, forces, strict=True) if force is not None]
    thinned = _extremes(points)
    return {
        "x": [round(x, 6) for x, _ in thinned],
        "y": [y for _, y in thinned],
        "x_caption": "t / s",
        "y_caption": "F / kN",
    }


def _extremes(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(points) <= MOST_POINTS:
        return list(points)
    stretch = -(-len(points) * 2 // MOST_POINTS)
    found: list[tuple[float, float]] = []
    for start in range(0, len(points), stretch):
        part = points[start : start + stretch]
        extremes = {min(part, key=lambda item: item[1]), max(part, key=lambda item: item[1])}
        found += sorted(extremes)
    return found


def _commission(desk: Desk, commission: Commission, lab_id: str, messages: Sequence[StoredMessage]) -> CommissionView:
    received = {
        sample.tag
        for item in messages
        if isinstance(item.body, ReceptionBody) and item.commission_no == commission.number
        for sample in item.body.samples
    }
    lab = desk.labs.get(lab_id)
    profile = desk.records.profile_on(commission.issued_at.date())
    return CommissionView(
        commission=commission,
        lab_name=lab_id if lab is None else lab.name,
        ordered=sum(len(lot.samples) for lot in commission.lots),
        received=len(received),
        limit_min=Decimal(0) if profile is None else profile.number("witness_delay_min"),
    )
