"""The wiring of a laboratory: which service gets which room. Built off the screen's first thread, after the sign-in page shows."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from argon2 import PasswordHasher

from labdesk.app.foundation import Foundation
from labdesk.app.lab_keys import LabKeys, LabPdfSigner
from labdesk.app.log_heads import LogHeads
from labdesk.app.membership import Membership, read_membership
from labdesk.app.system import SystemClock
from labdesk.domain.capture import CapturePort
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.outbox import SyncStatus
from labdesk.domain.sync_ports import Reconciliation, StatusListener, SyncControl, SyncReport
from labdesk.domain.verification import IssueLookup
from labdesk.evidence.trust import Trust
from labdesk.reports.qr import ZxingImageReader
from labdesk.reports.renderer import PdfRenderer
from labdesk.reports.verify_pdf import ReportPdfInspector
from labdesk.services.bench import Bench
from labdesk.services.commissions import TRUST_LIST, Commissions
from labdesk.services.entries import Entries
from labdesk.services.evaluating import Evaluating
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.lost_runs import LostRuns
from labdesk.services.lot_desk import LotDesk
from labdesk.services.receiving import Receiving
from labdesk.services.reception import ReceptionDeps, ReceptionDesk
from labdesk.services.repeating import evaluate_again
from labdesk.services.report_desk import ReportDesk
from labdesk.services.reporting import ReportingService, ReportTools
from labdesk.services.review import ReviewService
from labdesk.services.review_desk import ReviewDesk
from labdesk.services.review_gaps import RunGaps
from labdesk.services.runs import RunCollector, RunDeps
from labdesk.services.setup import SetupService
from labdesk.services.sign_in import SignInService
from labdesk.services.staff import Staff
from labdesk.services.sync_desk import SyncDesk
from labdesk.services.sync_outbox import StoredOutbox
from labdesk.services.verification import Verification, VerificationDeps
from labdesk.sync.client import LabDeskPlatform, LabIdentity
from labdesk.sync.engine import Pace, SyncEngine, SyncParts
from labdesk.sync.issues import PlatformIssues
from labdesk.sync.transport import HttpTransport


@dataclass(frozen=True)
class People:
    """Letting people in, and registering them."""

    sign_in: SignInService
    setup: SetupService
    staff: Staff


@dataclass(frozen=True)
class Counter:
    """Reception."""

    desk: ReceptionDesk
    receiving: Receiving
    commissions: Commissions


@dataclass(frozen=True)
class BenchRoom:
    """Machines, runs and values."""

    deps: RunDeps
    bench: Bench
    runs: RunCollector
    lost: LostRuns
    entries: Entries
    evaluating: Evaluating
    lot_desk: LotDesk


@dataclass(frozen=True)
class Office:
    """Review, reports, verification."""

    review: ReviewService
    review_desk: ReviewDesk
    gaps: RunGaps
    reporting: ReportingService
    report_desk: ReportDesk
    verification: Verification
    offline_verification: Verification


@dataclass(frozen=True)
class Line:
    """The line to the platform; ``engine`` is ``None`` before the laboratory joined one."""

    control: SyncControl
    desk: SyncDesk
    engine: SyncEngine | None


class NoPlatform:
    """Stands in for the sync engine until the laboratory joins a platform: everything waits, nothing is lost."""

    def __init__(self, outbox: StoredOutbox) -> None:
        self._outbox = outbox

    def wake(self) -> None:
        """Nothing to wake."""

    def status(self) -> SyncStatus:
        """What waits."""
        backlog = self._outbox.backlog()
        return SyncStatus(False, backlog.waiting, backlog.oldest, None, backlog.needs_person)

    def sync_now(self) -> SyncReport:
        """Says that there is no platform yet."""
        return SyncReport(problems=("app.no_platform_yet",))

    def reconcile(self, day: str) -> Reconciliation:
        """Raises EnvironmentFault ``app.no_platform_yet``."""
        raise EnvironmentFault("app.no_platform_yet")


def build_people(base: Foundation) -> People:
    """Sign-in, first start and the people who come after it."""
    hasher = PasswordHasher()
    sign_in = SignInService(base.store, base.clock, base.ids, base.config.station, hasher)
    staff = Staff(base.store, base.clock, base.ids, hasher)
    return People(sign_in, SetupService(base.store, base.ids, hasher), staff)


def build_counter(base: Foundation) -> Counter:
    """Reception and what the platform sends."""
    deps = ReceptionDeps(base.store, base.blobs, base.clock, base.ids, PdfRenderer())
    desk = ReceptionDesk(deps)
    return Counter(desk, Receiving(deps, desk), Commissions(base.store, base.clock))


def build_bench(base: Foundation, capture: CapturePort, people: People) -> BenchRoom:
    """Machines, runs, entries, evaluation."""
    deps = RunDeps(base.store, base.blobs, base.clock, base.ids, base.config.station)
    entries = Entries(deps)
    evaluating = Evaluating(deps, entries, evaluate_from_runs)
    return BenchRoom(
        deps=deps,
        bench=Bench(base.store, capture, base.clock, base.ids, people.sign_in),
        runs=RunCollector(deps, capture),
        lost=LostRuns(deps, people.sign_in),
        entries=entries,
        evaluating=evaluating,
        lot_desk=LotDesk(deps, entries, evaluating),
    )


def build_office(base: Foundation, people: People) -> Office:
    """Review, reports and their verification."""
    keys = LabKeys(base.home)
    signer = LabPdfSigner(keys, lambda: people.setup.laboratory().name)
    reporting = ReportingService(base.store, base.blobs, base.clock, base.ids, ReportTools(PdfRenderer(), signer, keys))
    online, offline = build_verification(base)
    return Office(
        review=ReviewService(base.store, base.clock, base.ids, people.sign_in, reporting),
        review_desk=ReviewDesk(base.store, base.blobs, base.clock),
        gaps=RunGaps(base.store, base.blobs, base.clock, base.ids),
        reporting=reporting,
        report_desk=ReportDesk(base.store),
        verification=online,
        offline_verification=offline,
    )


def newest_trust(base: Foundation) -> Trust:
    """What this laboratory trusts now: the pinned root, the list of its registration and the newest one received."""
    membership = read_membership(base.home)
    if membership is None:
        raise EnvironmentFault("app.no_platform_yet")
    trust = membership.trust()
    with base.store.read() as uow:
        stored = uow.facts.get(TRUST_LIST)
    return trust.updated(base64.b64decode(stored)) if stored else trust


def build_verification(base: Foundation) -> tuple[Verification, Verification]:
    """Two verifiers: one that asks the platform, one that never does."""
    membership = read_membership(base.home)
    lookup = PlatformIssues(_transport(base, membership)) if membership else None
    return verification_of(lambda: newest_trust(base), lookup)


def verification_of(trust: Callable[[], Trust], lookup: IssueLookup | None) -> tuple[Verification, Verification]:
    """The same with any trust: also at the desk of somebody who has no laboratory, only the platform's pinned keys."""
    parts = (ReportPdfInspector(trust), ZxingImageReader(), trust, SystemClock(), evaluate_again)
    return Verification(VerificationDeps(*parts, lookup)), Verification(VerificationDeps(*parts, None))


def _transport(base: Foundation, membership: Membership) -> HttpTransport:
    """A way to the platform; its connections end with the foundation."""
    transport = HttpTransport(membership.url, membership.token)
    base.ends.callback(transport.close)
    return transport


def build_line(
    base: Foundation, inbox: Commissions, reporting: ReportingService, listener: StatusListener | None = None
) -> Line:
    """The line to the platform. The engine is not started here."""
    membership = read_membership(base.home)
    outbox = StoredOutbox(base.store, base.clock, base.ids, reporting.on_result)
    if membership is None:
        waiting = NoPlatform(outbox)
        return Line(waiting, SyncDesk(base.store, base.clock, base.ids, waiting), None)
    keys = LabKeys(base.home)
    identity = LabIdentity(membership.lab_id, keys.messages, LogHeads(base, keys))
    platform = LabDeskPlatform(_transport(base, membership), identity, newest_trust(base))
    engine = SyncEngine(SyncParts(platform, outbox, base.blobs, inbox, base.clock), Pace(), listener)
    return Line(engine, SyncDesk(base.store, base.clock, base.ids, engine), engine)
