"""A laboratory for whole lots of products: counter, bench, entries, evaluation, signatures and report on one real database."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from labdesk.domain.capture import EndReason, RunRequest
from labdesk.domain.commission import LotOrder
from labdesk.domain.evaluation import TestKind
from labdesk.domain.machines import Machine
from labdesk.domain.outbox import MessageKind
from labdesk.domain.people import Field, Person, Role, Scope, Secrets, Session
from labdesk.domain.plain import utc_text
from labdesk.domain.reporting import ReportData, SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.sealed_run import (
    Channel,
    Counters,
    DriverStamp,
    RunHeader,
    SealedRun,
    TimeBase,
    encode_run,
)
from labdesk.domain.specimens import Lot
from labdesk.domain.store import SYSTEM
from labdesk.domain.testing import Run, StoredEvaluation
from labdesk.evidence.report_code import CodeGrant, sign_grant
from labdesk.reports.renderer import PdfRenderer
from labdesk.services.bench import Bench, BenchCase
from labdesk.services.entries import Entries
from labdesk.services.evaluating import Evaluating
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.lost_runs import LostRuns
from labdesk.services.lot_desk import LotDesk
from labdesk.services.reporting import ReportingService, ReportTools
from labdesk.services.review import ReviewService
from labdesk.services.review_desk import ReviewDesk
from labdesk.services.runs import RunCollector, RunDeps
from tests.helpers.benchworld import FakeCapture
from tests.helpers.receptionworld import NOW, ReceptionWorld, bars, commission, make_counter
from tests.helpers.reviewworld import PIN, Keys, Pins, PlainRenderer, PlainSigner
from tests.helpers.trustworld import LAB_ID, PLATFORM, world

COMMISSION = "WT-2026-02001"
STATION = "力学室 1"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
ALL = tuple(Scope(field, *YEAR, f"岗 2026-{place}") for place, field in enumerate(Field, start=1))
TESTER = Person("p-sun", "孙工", "C1001", (Role.TECHNICIAN,), ALL)
CHECKER = Person("p-qian", "钱工", "C1002", (Role.CHECKER, Role.TECHNICIAN), ALL)
REVIEWER = Person("p-chen", "陈立", "C1003", (Role.REVIEWER, Role.CHECKER), ALL)
SIGNATORY = Person("p-zheng", "郑远", "C1004", (Role.SIGNATORY, Role.REVIEWER), ALL, ALL)
HELPER = Person("p-wang", "王工", "C1005", (Role.TECHNICIAN,), ALL)
PEOPLE = (TESTER, HELPER, CHECKER, REVIEWER, SIGNATORY)
CODE = "YK26-7F3K-9Q2M"


def machine(number: int, capacity: str, *kinds: TestKind) -> Machine:
    """A calibrated machine for these tests."""
    return Machine(
        id=f"m-{number:02d}", number=f"JC-{number:02d}", name=f"{capacity} kN 试验机", driver_id="labdesk_utm",
        port_url="socket://127.0.0.1:1", capacity_kn=Decimal(capacity), accuracy_class=Decimal("0.5"),
        certificate_no="LX2026-118", certificate_valid_from=YEAR[0], certificate_valid_to=YEAR[1],
        tests=tuple(kind.value for kind in kinds), settings={},
    )  # fmt: skip


UTM = machine(7, "600", TestKind.TENSION)
PRESS = machine(12, "600", TestKind.COMPRESSION)
SMALL_PRESS = machine(13, "150", TestKind.COMPRESSION)
BEAMS = machine(14, "100", TestKind.FLEXURE)
PRISMS = machine(15, "10", TestKind.FLEXURE)
MACHINES = (UTM, PRESS, SMALL_PRESS, BEAMS, PRISMS)


def session(who: Person = TESTER) -> Session:
    """The person at the bench."""
    return Session(who, STATION, NOW)


def order(method: str, field: Field, settings: Mapping[str, str], tags: Sequence[str]) -> LotOrder:
    """A lot of a product, every sample tagged."""
    return replace(bars(tags, required=len(tags)), method=method, field=field, material="样品", settings=dict(settings))


def composed(
    request: RunRequest, of: Machine, peak_kn: Decimal, at: Any, end: EndReason = EndReason.BREAK, hz: int = 6
) -> SealedRun:
    """A run that rises within the band of its request to exactly ``peak_kn``, and ends."""
    quantum = Decimal("0.001") if peak_kn < 20 else Decimal("0.01")
    band, area = request.rate_band, request.area_mm2
    assert band is not None
    assert area is not None
    rate_kn_s = (band.low_mpa_s + band.high_mpa_s) / 2 * area / 1000
    rising = max(30, int(peak_kn / rate_kn_s * hz))
    top = int(peak_kn / quantum)
    assert top * quantum == peak_kn
    force = tuple(top * step // rising for step in range(rising + 1)) + (top // 4,) * 10
    times = tuple(step * 10**9 // hz for step in range(len(force)))
    header = RunHeader(
        request=request, machine=of, driver=DriverStamp("labdesk_utm", "1.0", "documented", 1),
        time_base=TimeBase.DEVICE, armed_at=at, started_at=at, sealed_at=at + timedelta(seconds=len(force) / hz),
        loaded=True, peak_index=rising, end_index=len(force) - 1, end_reason=end, end_detail="",
        counters=Counters(good=len(force)), achieved_hz=Decimal(hz), largest_gap_ns=10**9 // hz, gaps=(), marks=(),
        journal_sha256="ab" * 32, journal_bytes=len(force) * 16, software="0.1.0",
    )  # fmt: skip
    return SealedRun(header, (Channel("force", "kN", quantum),), times, (force,))


@dataclass
class ProductWorld:
    """Everything from the counter to the report."""

    counter: ReceptionWorld
    capture: FakeCapture
    bench: Bench
    runs: RunCollector
    lost: LostRuns
    entries: Entries
    evaluating: Evaluating
    desk: LotDesk
    review: ReviewService
    reviews: ReviewDesk
    reporting: ReportingService

    def receive(self, made: LotOrder) -> Lot:
        """The commission arrives, every tag is scanned, the lot is taken in."""
        self.counter.arrive(commission(COMMISSION, made))
        self.counter.scan_all(COMMISSION, tuple(sample.tag for sample in made.samples))
        (lot,) = self.counter.finish(COMMISSION).lots
        return lot

    def change(self, changed: Machine) -> None:
        """Registers a machine and connects it."""
        with self.counter.store.write(SYSTEM) as uow:
            uow.equipment.put(changed)
            uow.commit()
        self.bench.connect()

    def case(self, label: str, of: Machine) -> BenchCase:
        """Label and, where the piece carries one, its own tag scanned."""
        case = self.bench.open(label, of.id, session())
        return self.bench.scan_tag(case, case.specimen.tag, session()) if case.gate.needs_tag else case

    def load(self, label: str, of: Machine, peak_kn: str, end: EndReason = EndReason.BREAK) -> Run:
        """Through the gate, armed, loaded to exactly this force, home."""
        request = self.bench.arm(self.case(label, of), session())
        run = composed(request, of, Decimal(peak_kn), self.counter.clock.now(), end)
        self.capture.seal(encode_run(run), request, run)
        self.counter.clock.forward(minutes=4)
        return self.runs.collect()[-1]

    def load_all(self, lot: Lot, of: Machine, kind: TestKind, peaks_kn: Sequence[str]) -> None:
        """Every piece with this test, in the order of the labels."""
        pieces = [piece for piece in lot.specimens if kind in piece.tests]
        for piece, peak in zip(pieces, peaks_kn, strict=True):
            self.load(piece.label, of, peak)

    def enter(self, lot: Lot, name: str, *texts: str) -> None:
        """One text per piece that asks for the field, in order; one text for all."""
        fields = [field for field in self.entries.fields(lot.number) if field.name == name]
        for field, text in zip(fields, texts if len(texts) > 1 else texts * len(fields), strict=True):
            self.entries.enter(lot.number, field, text, session())

    def evaluate(self, lot: Lot) -> StoredEvaluation:
        """Nothing is missing; evaluated and kept."""
        assert self.evaluating.missing(lot.number) == []
        return self.evaluating.evaluate(lot.number, session())

    def sign(self, subject: Subject, subject_id: str, role: SignatureRole, who: Person) -> None:
        """The person opens every page and signs."""
        if role is not SignatureRole.TESTED:
            for item in self.reviews.details(subject, subject_id, who).items:
                self.review.view(subject, subject_id, item, session(who))
        self.counter.clock.forward(minutes=1)
        self.review.sign(subject, subject_id, role, session(who), PIN)

    def report(self, lot: Lot) -> ReportData:
        """Five signatures, the platform's code, the issued report; its data."""
        record = self.review.submit_record(lot.number, session())
        self.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
        self.sign(Subject.RECORD, record.id, SignatureRole.CHECKED, CHECKER)
        with self.counter.store.read() as uow:
            draft_id = uow.review.drafts_of_lot(lot.number)[-1].id
        self.sign(Subject.REPORT, draft_id, SignatureRole.TESTED, TESTER)
        self.sign(Subject.REPORT, draft_id, SignatureRole.REVIEWED, REVIEWER)
        self.sign(Subject.REPORT, draft_id, SignatureRole.APPROVED, SIGNATORY)
        with self.counter.store.read() as uow:
            (message,) = [item for item in uow.outbox.newest(200) if item.kind is MessageKind.REPORT_REQUEST]
            request = uow.reporting.request(draft_id)
        assert request is not None
        moment = self.counter.clock.now().replace(microsecond=0)
        grant = CodeGrant(PLATFORM, CODE, LAB_ID, request.report_no, request.issue_no, request.data_sha256, moment)
        said = {
            "report_code": CODE, "platform": PLATFORM, "granted_at": utc_text(moment),
            "data_sha256": request.data_sha256,
            "grant": base64.b64encode(sign_grant(grant, world().grant_key)).decode(),
        }  # fmt: skip
        self.reporting.on_result(message, said)
        assert self.reporting.report_pdf(draft_id).startswith(b"%PDF-")
        with self.counter.store.read() as uow:
            return self.reporting.data(uow, draft_id)


def make_products(engine: Engine, machines: tuple[Machine, ...] = MACHINES, *, printed: bool = False) -> ProductWorld:
    """The laboratory on a migrated database; ``printed``: reports by the real renderer."""
    counter = make_counter(engine)
    capture = FakeCapture(counter.clock)
    deps = RunDeps(counter.store, counter.blobs, counter.clock, counter.ids, STATION)
    with counter.store.write(SYSTEM) as uow:
        for who in PEOPLE:
            uow.people.add(who, Secrets("x", "x"), [counter.ids.new_id() for _ in who.signatory])
        for each in machines:
            uow.equipment.put(each)
        uow.commit()
    bench = Bench(counter.store, capture, counter.clock, counter.ids)
    bench.connect()
    entries = Entries(deps)
    evaluating = Evaluating(deps, entries, evaluate_from_runs)
    renderer: Any = PdfRenderer() if printed else PlainRenderer()
    tools = ReportTools(renderer, PlainSigner(), Keys())  # type: ignore[arg-type]
    reporting = ReportingService(counter.store, counter.blobs, counter.clock, counter.ids, tools)
    return ProductWorld(
        counter, capture, bench, RunCollector(deps, capture), LostRuns(deps, Pins()), entries, evaluating,
        LotDesk(deps, entries, evaluating), ReviewService(counter.store, counter.clock, counter.ids, Pins(), reporting),
        ReviewDesk(counter.store, counter.blobs, counter.clock), reporting,
    )  # fmt: skip
