"""A laboratory with one evaluated rebar lot, and the people who sign it: real database, real evaluation, real sealed runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any

from sqlalchemy import Engine

from labdesk.domain.capture import EndReason, RunClass
from labdesk.domain.commission import Commission, LotOrder, Photo, SampleOrder, Sampling, TestType
from labdesk.domain.custody import CustodyEvent, CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.people import Field, Laboratory, Person, Role, Scope, Secrets, Session
from labdesk.domain.projects import Party, PartyRole, SitePerson
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import RawRecord, Signature, Subject
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.store import SYSTEM, Actor
from labdesk.domain.testing import Entry, Run, StoredEvaluation
from labdesk.evidence.canonical import canonical_bytes, sha256_hex
from labdesk.evidence.keys import Ed25519Key
from labdesk.services.reporting import ReportingService, ReportTools
from labdesk.services.review import ReviewService
from labdesk.services.review_desk import ReviewDesk
from labdesk.storage.unit_of_work import SqlStore, SqlUnitOfWork
from tests.helpers.reportworld import rebar
from tests.helpers.stores import CountingIds, SetClock
from tests.helpers.trustworld import LAB_ID, LAB_NAME, world

PIN = "2468"
LOT_NO = "GJ-2026-00417"
COMMISSION_NO = "WT-2026-01877"
PHOTO = b"\x89PNG not really a picture"
NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def person(name: str, *roles: Role, signatory: tuple[Scope, ...] = ()) -> Person:
    """Somebody with these roles; the id is the name in lower case."""
    return Person(f"p-{name}", name, name.upper(), roles, (), signatory)


TESTER = person("张建国", Role.TECHNICIAN)
SECOND = person("孙敏", Role.TECHNICIAN, Role.CHECKER)
CHECKER = person("李雯", Role.CHECKER, Role.TECHNICIAN)
REVIEWER = person("陈立", Role.REVIEWER, Role.CHECKER)
SIGNATORY = person("郑远", Role.SIGNATORY, Role.REVIEWER, signatory=(Scope(Field.STEEL, *YEAR, "授字 2026-01"),))
CONCRETE_ONLY = person("周凡", Role.SIGNATORY, Role.REVIEWER, signatory=(Scope(Field.CONCRETE, *YEAR, "授字 2026-02"),))
EXPIRED = person(
    "吴敏", Role.SIGNATORY, signatory=(Scope(Field.STEEL, date(2025, 1, 1), date(2025, 12, 31), "授字 2025-03"),)
)
QUALITY = person("何静", Role.QUALITY)
EVERYBODY = (TESTER, SECOND, CHECKER, REVIEWER, SIGNATORY, CONCRETE_ONLY, EXPIRED, QUALITY)


def session(who: Person) -> Session:
    """The person at the quality desk."""
    return Session(who, "质量部", NOW)


@dataclass
class MemoryBlobs:
    """A content store in memory."""

    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, data: bytes) -> str:
        """Keep bytes."""
        self.files[sha256_hex(data)] = data
        return sha256_hex(data)

    def get(self, sha256: str) -> bytes:
        """The bytes, or the fault a real store raises."""
        if sha256 not in self.files:
            raise EnvironmentFault("storage.blob_missing", sha256=sha256[:12])
        return self.files[sha256]


@dataclass
class Reception:
    """What reception has taken in."""

    commissions: dict[str, Commission]
    lots: dict[str, Lot]

    def commission(self, number: str) -> Commission | None:
        """A commission."""
        return self.commissions.get(number)

    def lot(self, number: str) -> Lot | None:
        """A lot."""
        return self.lots.get(number)

    def recent_lots(self, limit: int) -> list[Lot]:
        """The lots."""
        return list(self.lots.values())[:limit]


class _Unit(SqlUnitOfWork):
    """A unit of work whose reception is given."""

    def __enter__(self) -> _Unit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)


class ReceivedStore(SqlStore):
    """A real store with a given reception."""

    def __init__(self, engine: Engine, clock: SetClock, reception: Reception) -> None:
        super().__init__(engine, clock)
        self.reception = reception

    def write(self, actor: Actor) -> SqlUnitOfWork:
        """A writing unit of work."""
        return self._with_reception(super().write(actor))

    def read(self) -> SqlUnitOfWork:
        """A reading unit of work."""
        return self._with_reception(super().read())

    def _with_reception(self, uow: Any) -> Any:
        uow.reception = self.reception
        return uow


class Pins:
    """Everybody's PIN is the same here; how often it was asked is counted."""

    def __init__(self) -> None:
        self.asked = 0

    def check_pin(self, who: Person, pin: str) -> None:
        """As the sign-in service does."""
        self.asked += 1
        if pin != PIN:
            raise OperatorError("sign_in.wrong_pin", left=4)


@dataclass
class PlainRenderer:
    """Prints the document as its canonical data, so that tests can read it."""

    fail: bool = False

    def report(self, document: Any) -> bytes:
        """The document's data, and its code."""
        if self.fail:
            raise EnvironmentFault("storage.blob_not_written", reason="disk full")
        code = document.code.code if document.code else "DRAFT"
        return b"%PDF-" + code.encode() + b" " + canonical_bytes(document.data)


class PlainSigner:
    """Appends what a signature would say."""

    def sign(self, pdf: bytes, signed_at: datetime, reason: str) -> bytes:
        """The "signed" bytes."""
        return pdf + b" signed " + signed_at.isoformat().encode() + reason.encode()


@dataclass
class Keys:
    """The laboratory's report-code key of the test world."""

    @property
    def signer(self) -> Ed25519Key:
        """The key."""
        return world().lab_key

    @property
    def certificate(self) -> bytes:
        """Its certificate."""
        return world().certificate(world().lab_key)


def commission(photo: str) -> Commission:
    """The commission of the one lot."""
    order = LotOrder(
        1, "rebar-lot", Field.STEEL, "热轧带肋钢筋", {"grade": "HRB400E", "diameter_mm": "20"}, "三层柱 ③–⑥/Ⓐ–Ⓓ",
        "58.6 t", "2611A0731", "示例钢铁集团有限公司", 5,
        tuple(SampleOrder(i + 1, f"YK2107-4408-126{i}", "") for i in range(5)),
        Sampling(
            SitePerson("王海涛", "QY-0331", "辽宁示例建设工程有限公司"),
            SitePerson("赵敏", "JZ-0107", "营口示例工程监理有限公司"),
            NOW - timedelta(hours=5, minutes=18),
            NOW - timedelta(hours=5, minutes=4),
            Decimal("40.66"), Decimal("122.23"), Decimal(86), (Photo(photo, "取样", NOW),),
        ),
    )  # fmt: skip
    client = Party(PartyRole.CLIENT, "营口滨海置业有限公司")
    return Commission(
        COMMISSION_NO, "2108002611200001", "滨海大厦", "2#楼", TestType.WITNESSED, client, client,
        Party(PartyRole.CONTRACTOR, "辽宁示例建设工程有限公司"), Party(PartyRole.SUPERVISOR, "营口示例工程监理有限公司"),
        (order,), NOW - timedelta(days=1),
    )  # fmt: skip


def received_lot() -> Lot:
    """The lot as received."""
    pieces = tuple(
        Specimen(f"s-{i}", f"K1-072{i}", f"YK2107-4408-126{i}", LOT_NO, i + 1, (TestKind.WEIGHT,)) for i in range(5)
    )
    order = commission("").lots[0]
    return Lot(
        LOT_NO, COMMISSION_NO, 1, "2108002611200001", order.method, order.field, order.material, order.settings,
        order.part, order.quantity, order.batch, order.maker, NOW - timedelta(hours=1), "刘洋", None, None, None,
        True, "2026-01-01", pieces,
    )  # fmt: skip


@dataclass
class ReviewWorld:
    """Everything a test of review and reporting needs."""

    store: ReceivedStore
    blobs: MemoryBlobs
    clock: SetClock
    ids: CountingIds
    pins: Pins
    renderer: PlainRenderer
    review: ReviewService
    desk: ReviewDesk
    reporting: ReportingService
    stored: StoredEvaluation

    def see_all(self, subject: Subject, subject_id: str, who: Person) -> None:
        """The person opens every page."""
        for item in self.desk.details(subject, subject_id, who).items:
            self.review.view(subject, subject_id, item, session(who))

    def sign(self, subject: Subject, subject_id: str, role: SignatureRole, who: Person) -> Signature:
        """The person looks at everything and signs."""
        if role is not SignatureRole.TESTED:
            self.see_all(subject, subject_id, who)
        self.clock.forward(minutes=1)
        return self.review.sign(subject, subject_id, role, session(who), PIN)

    def record(self) -> RawRecord:
        """A raw record, submitted by the main tester."""
        return self.review.submit_record(LOT_NO, session(TESTER))

    def checked(self) -> str:
        """Key of the draft that main tester's and checker's signatures make."""
        record = self.record()
        self.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
        self.sign(Subject.RECORD, record.id, SignatureRole.CHECKED, CHECKER)
        with self.store.read() as uow:
            return uow.review.drafts_of_lot(LOT_NO)[-1].id

    def reviewed(self) -> str:
        """Key of a draft that waits for its approval."""
        draft_id = self.checked()
        self.sign(Subject.REPORT, draft_id, SignatureRole.TESTED, TESTER)
        self.sign(Subject.REPORT, draft_id, SignatureRole.REVIEWED, REVIEWER)
        return draft_id

    def approved(self) -> str:
        """Key of an approved draft whose code was asked for."""
        draft_id = self.reviewed()
        self.sign(Subject.REPORT, draft_id, SignatureRole.APPROVED, SIGNATORY)
        return draft_id


def make_world(engine: Engine) -> ReviewWorld:
    """The laboratory on a migrated database."""
    clock, ids, blobs, pins, renderer = SetClock(NOW), CountingIds(), MemoryBlobs(), Pins(), PlainRenderer()
    photo = blobs.put(PHOTO)
    reception = Reception({COMMISSION_NO: commission(photo)}, {LOT_NO: received_lot()})
    store = ReceivedStore(engine, clock, reception)
    reporting = ReportingService(
        store,
        blobs,
        clock,
        ids,
        ReportTools(renderer, PlainSigner(), Keys()),  # type: ignore[arg-type]
    )
    review = ReviewService(store, clock, ids, pins, reporting)
    stored = fill(store, blobs, ids)
    return ReviewWorld(
        store, blobs, clock, ids, pins, renderer, review, ReviewDesk(store, blobs, clock), reporting, stored
    )


def fill(store: ReceivedStore, blobs: MemoryBlobs, ids: CountingIds) -> StoredEvaluation:
    """People, laboratory, machine, runs, entries, custody and the evaluation."""
    document = rebar()
    stored = StoredEvaluation(
        ids.new_id(), LOT_NO, document.data.lot, document.data.evaluation, TESTER.id, NOW - timedelta(minutes=6)
    )
    laboratory = Laboratory(
        LAB_ID, LAB_NAME, "辽宁省营口市站前区示例路 18 号", "辽建检字第 0042 号", "CMA 2106", "0417-0"
    )
    with store.write(SYSTEM) as uow:
        uow.facts.put("laboratory", canonical_bytes(laboratory).decode())
        for who in EVERYBODY:
            uow.people.add(who, Secrets("x", "x"), [ids.new_id() for _ in who.signatory])
        for number, file in enumerate(document.runs, start=1):
            blobs.put(file.content)
            uow.testing.add_run(run(ids.new_id(), number, file.label, file.run_hash))
        uow.testing.add_entry(
            Entry(ids.new_id(), LOT_NO, "", "total_mass_g", "6300", TESTER.id, NOW - timedelta(minutes=20))
        )
        uow.testing.add_entry(
            Entry(ids.new_id(), LOT_NO, "", "total_mass_g", "6306", TESTER.id, NOW - timedelta(minutes=19), "读数抄错")
        )
        uow.testing.add_evaluation(stored)
        for kind, who_name, minutes, detail in (
            (CustodyKind.SAMPLED, "王海涛", 318, {"distance_m": "86"}),
            (CustodyKind.WITNESSED, "赵敏", 304, {"minutes": "14"}),
            (CustodyKind.RECEIVED, "刘洋", 60, {"count": "5 / 5", "deliverer": "孙志"}),
            (CustodyKind.RUN, TESTER.name, 9, {"run": "SY-2026-00001"}),
            (CustodyKind.EVALUATED, TESTER.name, 6, {"rules": "GB1499.2-2024"}),
        ):
            at = NOW - timedelta(minutes=minutes)
            event = CustodyEvent(ids.new_id(), kind, COMMISSION_NO, LOT_NO, who_name, "工位 2", at, detail)
            uow.custody.add(event)
        uow.commit()
    return stored


def run(key: str, number: int, label: str, sealed: str, who: Person = TESTER) -> Run:
    """A finished loading."""
    started = NOW - timedelta(minutes=12 - number)
    return Run(
        key, f"SY-2026-{number:05d}", label, LOT_NO, TestKind.TENSION, RunClass.TEST, "m-1", "万能机 2", who.id, who.name,
        started, started + timedelta(minutes=1), sealed, EndReason.BREAK, None, True, False,
    )  # fmt: skip


def newer_evaluation(made: ReviewWorld, reason: str = "复核规则") -> StoredEvaluation:
    """A further evaluation beside the first."""
    newer = replace(made.stored, id=made.ids.new_id(), at=made.clock.now(), reason=reason)
    with made.store.write(SYSTEM) as uow:
        uow.testing.add_evaluation(newer)
        uow.commit()
    return newer
