"""Pictures of reports and sync: lists with every state, a refused request, verification, an empty page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from PySide6.QtWidgets import QWidget

from labdesk.domain.outbox import MessageKind, OutboxState, SyncStatus
from labdesk.domain.store import SYSTEM
from labdesk.domain.sync_ports import SyncReport
from labdesk.domain.verification import Finding, KeyValue, Outcome, Severity, VerificationResult
from labdesk.services.report_desk import ReportDesk
from labdesk.services.sync_desk import SyncDesk
from labdesk.ui.i18n import language
from labdesk.ui.reporting.page import ReportServices, ReportsPage
from labdesk.ui.sync.page import SyncPage
from tests.helpers.reviewworld import QUALITY, ReviewWorld, session
from tests.ui.review_stage import Stage, below_header, stage, temporary_engine
from tests.unit.services.test_reporting import answer, receipt, request_message

GENUINE = VerificationResult(
    Outcome.GENUINE,
    "report",
    (
        Finding(Severity.PROVES, "verification.code_agrees", {"code": "YK26-7F3K-9Q2M"}),
        Finding(Severity.PROVES, "verification.sheet_agrees"),
        Finding(Severity.PROVES, "verification.recomputed", {"count": "21"}),
        Finding(Severity.NOTE, "verification.platform_unreachable"),
    ),
    "YK26-7F3K-9Q2M",
    "BG-2026-00001",
    1,
    "2108002611200001",
    "LN-YK-0042",
    (KeyValue("Rm", "K1-0720", "602", "MPa", "PASS"),),
)
FORGED = replace(
    GENUINE,
    outcome=Outcome.NOT_GENUINE,
    findings=(
        Finding(Severity.PROVES, "verification.code_signature", {"lab_id": "LN-YK-0042", "at": "2026-11-21"}),
        Finding(Severity.DISPROVES, "verification.sheet_differs", {"missing": "602、1.38"}),
    ),
)


@dataclass
class Verifier:
    """Always finds the same."""

    result: VerificationResult = GENUINE

    def verify_pdf(self, pdf: bytes) -> VerificationResult:
        """A PDF."""
        del pdf
        return self.result

    def verify_image(self, image: bytes) -> VerificationResult:
        """A picture."""
        del image
        return self.result

    def verify_text(self, text: str) -> VerificationResult:
        """A code."""
        del text
        return self.result


@dataclass
class Control:
    """A sync engine that stands still."""

    now: SyncStatus
    woken: int = 0
    tried: int = 0

    def wake(self) -> None:
        """Counted."""
        self.woken += 1

    def status(self) -> SyncStatus:
        """As given."""
        return self.now

    def sync_now(self) -> SyncReport:
        """Counted."""
        self.tried += 1
        return SyncReport(acknowledged=("a",))


def refuse_request(made: ReviewWorld) -> None:
    """The platform refuses the request for the code."""
    message = request_message(made)
    said = receipt(
        "refused",
        reason="platform.report_incomplete",
        params={"missing": "run:K1-0720, evaluation"},
        missing=["run:K1-0720", "evaluation"],
    )
    with made.store.write(SYSTEM) as uow:
        uow.outbox.keep_refusal(made.ids.new_id(), message.id, said, made.clock.now())
        uow.outbox.update(replace(message, state=OutboxState.REFUSED, last_error="platform.report_incomplete"))
        uow.commit()


def issue(made: ReviewWorld) -> str:
    """An issued report, three copies printed."""
    draft_id = made.approved()
    made.reporting.on_result(request_message(made), answer(made, draft_id))
    made.reporting.count_copies(draft_id, "print", 3, session(QUALITY))
    return draft_id


def some_arrived(made: ReviewWorld) -> None:
    """Some messages arrived, one was refused, one needs a person, the rest waits."""
    made.approved()
    with made.store.write(SYSTEM) as uow:
        signatures = [item for item in uow.outbox.newest(50) if item.kind is MessageKind.SIGNATURE]
        kept = receipt("accepted", result={})
        for item in signatures[2:]:
            uow.outbox.update(replace(item, state=OutboxState.ACKNOWLEDGED, receipt=kept))
        uow.outbox.update(replace(signatures[0], state=OutboxState.NEEDS_PERSON, last_error="platform.conflict"))
        uow.commit()
    refuse_request(made)


def reports_page(found: Stage, verifier: Verifier | None = None) -> tuple[ReportsPage, list[tuple[str, bytes]]]:
    """The reports page, and what it opened."""
    opened: list[tuple[str, bytes]] = []
    services = ReportServices(
        found.made.reporting,
        ReportDesk(found.made.store),
        verifier or Verifier(),
        lambda name, data: opened.append((name, data)),
    )
    return ReportsPage(found.context, services), opened


def sync_page(found: Stage, *, online: bool = True) -> tuple[SyncPage, Control]:
    """The sync page, and its engine."""
    now = found.made.clock.now()
    with found.made.store.read() as uow:
        counts = uow.outbox.counts()
        oldest = uow.outbox.oldest_open()
    stuck = counts.get(OutboxState.NEEDS_PERSON, 0)
    waiting = counts.get(OutboxState.QUEUED, 0) + counts.get(OutboxState.SENT, 0)
    control = Control(SyncStatus(online, waiting, oldest, now - timedelta(minutes=28), stuck))
    return SyncPage(found.context, SyncDesk(found.made.store, found.made.clock, found.made.ids, control)), control


def _reports(prepare: Callable[[ReviewWorld], object], result: VerificationResult | None = None) -> QWidget:
    found = stage(temporary_engine(), QUALITY)
    prepare(found.made)
    page, _ = reports_page(found, Verifier(result or GENUINE))
    whole = below_header(page, lambda: "报告" if language().value == "zh" else "Reports")
    whole.setProperty("stage", found)
    page.on_shown()
    found.settle()
    if result is not None:
        page._verify(lambda: result)
        found.settle()
    return whole


def _sync(prepare: Callable[[ReviewWorld], object], *, online: bool = True) -> QWidget:
    found = stage(temporary_engine(), QUALITY)
    prepare(found.made)
    found.made.clock.forward(hours=2)
    page, _ = sync_page(found, online=online)
    whole = below_header(page, lambda: "同步" if language().value == "zh" else "Sync")
    whole.setProperty("stage", found)
    page.on_shown()
    found.settle()
    return whole


def _refused(made: ReviewWorld) -> None:
    made.approved()
    refuse_request(made)


def _nothing(made: ReviewWorld) -> None:
    """A laboratory that has signed nothing yet."""


SCREENS: dict[str, Callable[[], QWidget]] = {
    "reports": lambda: _reports(issue),
    "reports-refused": lambda: _reports(_refused),
    "reports-verified": lambda: _reports(issue, GENUINE),
    "reports-forged": lambda: _reports(issue, FORGED),
    "reports-empty": lambda: _reports(_nothing),
    "sync": lambda: _sync(some_arrived),
    "sync-offline": lambda: _sync(lambda made: made.checked(), online=False),
    "sync-empty": lambda: _sync(_nothing),
}
