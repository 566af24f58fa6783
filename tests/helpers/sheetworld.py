"""A laboratory for lots with an entry sheet: a real counter, bench, review and report desk on one migrated database."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from labdesk.domain.commission import LotOrder, SampleOrder
from labdesk.domain.outbox import MessageKind
from labdesk.domain.people import Field, Person, Role, Scope, Secrets, Session
from labdesk.domain.plain import utc_text
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.specimens import Lot
from labdesk.domain.store import SYSTEM
from labdesk.domain.sync_ports import InboxKind
from labdesk.evidence.report_code import CodeGrant, sign_grant
from labdesk.reports.renderer import PdfRenderer
from labdesk.reports.signing import PadesSigner
from labdesk.services.entries import Entries
from labdesk.services.evaluating import Evaluating
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.lot_desk import LotDesk
from labdesk.services.reporting import ReportingService, ReportTools
from labdesk.services.review import ReviewService
from labdesk.services.review_desk import ReviewDesk
from labdesk.services.runs import RunDeps
from labdesk.standards.methods.schema import Example
from tests.helpers.receptionworld import (
    NOW,
    TOWER_CODE,
    ReceptionWorld,
    commission,
    make_counter,
    project,
    sampling,
)
from tests.helpers.reviewworld import PIN, Keys, Pins
from tests.helpers.trustworld import LAB_ID, LAB_NAME, PLATFORM, world

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
NUMBER = "WT-2026-02001"
CODE = "YK26-7F3K-9Q2M"
_FIELD = (Scope(Field.MATERIALS, *YEAR, "岗 2026-11"),)
TESTER = Person("p-sun", "孙晓", "M1001", (Role.TECHNICIAN,), _FIELD)
CHECKER = Person("p-qian", "钱进", "M1002", (Role.TECHNICIAN, Role.CHECKER), _FIELD)
REVIEWER = Person("p-chen", "陈立", "M1003", (Role.REVIEWER,))
SIGNATORY = Person("p-zheng", "郑远", "M1004", (Role.SIGNATORY,), (), (Scope(Field.MATERIALS, *YEAR, "授字 2026-11"),))


def sitting(who: Person) -> Session:
    """The person at the materials desk."""
    return Session(who, "材料室", NOW)


def order(
    method: str,
    tags: Sequence[str],
    settings: Mapping[str, str] | None = None,
    material: str = "天然砂",
    index: int = 1,
) -> LotOrder:
    """A lot of some material: a tag for a bag, or a tag for each piece."""
    return LotOrder(
        index, method, Field.MATERIALS, material, dict(settings or {}), "三层梁板混凝土用料", "400 m³", "CL-1107",
        "营口新港砂石有限公司", len(tags), tuple(SampleOrder(at, tag, "") for at, tag in enumerate(tags, start=1)), sampling(),
    )  # fmt: skip


def typed_values(example: Example, labels: Sequence[str]) -> dict[tuple[str, str], str]:
    """An example's inputs by label of the determination and name; empty texts of an example are not typed."""
    found = {}
    for name, value in example.inputs.items():
        texts = {"": value} if isinstance(value, str) else dict(zip(labels, value, strict=False))
        found |= {(label, name): text for label, text in texts.items() if text}
    return found


@dataclass
class SheetWorld:
    """Everything a test of entry sheets needs."""

    counter: ReceptionWorld
    entries: Entries
    evaluating: Evaluating
    desk: LotDesk
    review: ReviewService
    review_desk: ReviewDesk
    reporting: ReportingService

    def receive(self, *orders: LotOrder, number: str = NUMBER) -> tuple[Lot, ...]:
        """The commission arrives, every tag is looked at and scanned, and the lots are taken in."""
        self.counter.arrive(commission(number, *orders))
        self.counter.scan_all(number, [sample.tag for lot in orders for sample in lot.samples])
        return tuple(self.counter.finish(number).lots)

    def type_in(
        self, lot_no: str, values: Mapping[tuple[str, str], str], who: Person = TESTER, reason: str = ""
    ) -> None:
        """Types values in the order of the sheet; rows that appear by typing are filled as they appear."""
        left = dict(values)
        while left:
            fields = {(item.label, item.name): item for item in self.entries.fields(lot_no)}
            ready = [key for key in fields if key in left]
            assert ready, f"no field for {left}"
            for key in ready:
                self.entries.enter(lot_no, fields[key], left.pop(key), sitting(who), reason)

    def sign(self, subject: Subject, subject_id: str, role: SignatureRole, who: Person) -> None:
        """The person opens everything and signs."""
        if role is not SignatureRole.TESTED:
            for item in self.review_desk.details(subject, subject_id, who).items:
                self.review.view(subject, subject_id, item, sitting(who))
        self.counter.clock.forward(minutes=1)
        self.review.sign(subject, subject_id, role, sitting(who), PIN)

    def approve(self, lot_no: str) -> str:
        """All signatures of record and report; the key of the approved draft."""
        record = self.review.submit_record(lot_no, sitting(TESTER))
        self.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
        self.sign(Subject.RECORD, record.id, SignatureRole.CHECKED, CHECKER)
        with self.counter.store.read() as uow:
            draft = uow.review.drafts_of_lot(lot_no)[-1].id
        self.sign(Subject.REPORT, draft, SignatureRole.TESTED, TESTER)
        self.sign(Subject.REPORT, draft, SignatureRole.REVIEWED, REVIEWER)
        self.sign(Subject.REPORT, draft, SignatureRole.APPROVED, SIGNATORY)
        return draft

    def issue(self, draft_id: str, code: str = CODE) -> bytes:
        """The platform grants a code; the finished report."""
        with self.counter.store.read() as uow:
            asked = uow.reporting.request(draft_id)
            requests = [item for item in uow.outbox.newest(99) if item.kind is MessageKind.REPORT_REQUEST]
        assert asked is not None
        message = next(item for item in requests if asked.report_no in item.natural_key)
        moment = self.counter.clock.now().replace(microsecond=0)
        grant = CodeGrant(PLATFORM, code, LAB_ID, asked.report_no, asked.issue_no, asked.data_sha256, moment)
        answer = {
            "report_code": code,
            "platform": PLATFORM,
            "granted_at": utc_text(moment),
            "data_sha256": asked.data_sha256,
            "grant": base64.b64encode(sign_grant(grant, world().grant_key)).decode(),
        }
        self.reporting.on_result(message, answer)
        return self.reporting.report_pdf(draft_id)


def make_sheets(engine: Engine, papers: PdfRenderer | None = None) -> SheetWorld:
    """The laboratory on a migrated database, with a tower among its projects; ``papers`` prints at the counter."""
    counter = make_counter(engine, filled=False, renderer=papers)
    counter.send(project(), InboxKind.PROJECT, f"project:{TOWER_CODE}")
    store, blobs, clock, ids = counter.store, counter.blobs, counter.clock, counter.ids
    with store.write(SYSTEM) as uow:
        for who in (TESTER, CHECKER, REVIEWER, SIGNATORY):
            uow.people.add(who, Secrets("x", "x"), [ids.new_id() for _ in who.signatory])
        uow.commit()
    deps = RunDeps(store, blobs, clock, ids, "材料室")
    entries = Entries(deps)
    evaluating = Evaluating(deps, entries, evaluate_from_runs)
    keys = world()
    signer = PadesSigner(keys.pdf_key, keys.pdf_certificate, keys.authority, LAB_NAME)
    reporting = ReportingService(store, blobs, clock, ids, ReportTools(PdfRenderer(), signer, Keys()))
    review = ReviewService(store, clock, ids, Pins(), reporting)
    desk = LotDesk(deps, entries, evaluating)
    return SheetWorld(counter, entries, evaluating, desk, review, ReviewDesk(store, blobs, clock), reporting)
