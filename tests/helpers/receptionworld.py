"""A counter with a commission on it: six bars and three cubes under one project, as the platform sent them; the facts are made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from labdesk.domain.codes import CodeKind, format_code, normalise_scan
from labdesk.domain.commission import (
    Commission,
    LotOrder,
    Photo,
    SampleOrder,
    Sampling,
    TagRecord,
    TagState,
    TestType,
)
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.people import Field, Laboratory, Person, Role, Session
from labdesk.domain.projects import Authorisation, Party, PartyRole, Project, SitePerson, SiteRole, Unit
from labdesk.domain.reception import Finding, Look, ReceptionView
from labdesk.domain.reporting import LabelData, ReceiptData, SlipData
from labdesk.domain.scans import Scan, ScanSource
from labdesk.domain.store import SYSTEM
from labdesk.evidence.canonical import canonical_bytes
from labdesk.services.commissions import Commissions
from labdesk.services.receiving import Receiving
from labdesk.services.reception import ReceptionDeps, ReceptionDesk
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.reviewworld import MemoryBlobs
from tests.helpers.stores import CountingIds, SetClock

NOW = datetime(2026, 11, 21, 6, 2, tzinfo=UTC)
"""Two in the afternoon, Chinese time, on the day of sampling."""

NUMBER, OTHER_NUMBER = "WT-2026-01877", "WT-2026-01869"
CODE, OTHER_CODE = "LN-2108-0031-7752", "LN-2108-0030-1204"
RECEIVER = Person("p-li", "李雯", "A1001", (Role.RECEPTION,))
TECHNICIAN = Person("p-zhang", "张建国", "A1002", (Role.TECHNICIAN,))
STATION = "收样台 1"
PAPERS = frozenset({"commission_form"})

CLIENT = Party(PartyRole.CLIENT, "营口滨海置业有限公司", "91210800000000001X")
CONTRACTOR = Party(PartyRole.CONTRACTOR, "辽宁三建集团有限公司", "91210800000000002Y")
SUPERVISOR = Party(PartyRole.SUPERVISOR, "营口正衡工程监理有限公司", "91210800000000003Z")
AUTHORITY = Party(PartyRole.AUTHORITY, "营口市建设工程质量监督站")
SAMPLER = SitePerson("王海涛", "QY-0331", CONTRACTOR.name)
WITNESS = SitePerson("赵敏", "JZ-0107", SUPERVISOR.name)
LETTERS = (
    Authorisation(SAMPLER, SiteRole.SAMPLER, date(2026, 3, 1), date(2027, 2, 28), "授 2026-031"),
    Authorisation(WITNESS, SiteRole.WITNESS, date(2026, 3, 1), date(2027, 2, 28), "授 2026-032"),
)
PROJECT = Project(
    CODE,
    "滨海大厦 2#楼",
    "营口市西市区滨海路 18 号",
    (CLIENT, CONTRACTOR, SUPERVISOR, AUTHORITY),
    (Unit("01", "2#楼主体"), Unit("02", "地下车库")),
    LETTERS,
)
OTHER_PROJECT = Project(
    OTHER_CODE, "渤海路小学 综合楼", "营口市站前区渤海路 5 号", (CLIENT,), (Unit("01", "综合楼"),), ()
)
LABORATORY = Laboratory("LAB-YK-07", "营口示例工程检测有限公司", "营口市老边区示例街 7 号", "辽建检字第 0007 号")


def sampling(**changes: Any) -> Sampling:
    """Taken at 09:12 and witnessed at 09:26, Chinese time, 86 m from the site."""
    taken = datetime(2026, 11, 21, 1, 12, tzinfo=UTC)
    made = Sampling(
        SAMPLER, WITNESS, taken, taken + timedelta(minutes=14), Decimal("40.66"), Decimal("122.23"), Decimal(86)
    )
    return replace(made, **changes)


def tag(lot: int, piece: int) -> str:
    """Body of a tag: ``YK2107-4408-1263`` is the third bar, ``YK2107-4408-1272`` the second cube."""
    return f"YK2107-4408-1{25 + lot}{piece}"


def rebar_order(**changes: Any) -> LotOrder:
    """Five bars and one spare."""
    pieces = tuple(
        SampleOrder(i, tag(1, i), "重量偏差、拉伸、弯曲" if i < 6 else "备用", spare=i == 6) for i in range(1, 7)
    )
    settings = {"grade": "HRB400E", "diameter_mm": "25"}
    made = LotOrder(
        1, "rebar-lot", Field.STEEL, "热轧带肋钢筋", settings, "三层柱 ③–⑥/Ⓐ–Ⓓ", "58.6 t", "2611A0731",
        "示例钢铁集团有限公司", 5, pieces, sampling(),
    )  # fmt: skip
    return replace(made, **changes)


def cube_order(**changes: Any) -> LotOrder:
    """Three cubes, 28 days from a day without an hour."""
    pieces = tuple(SampleOrder(i, tag(2, i), "标准养护") for i in range(1, 4))
    made = LotOrder(
        2, "concrete-cube", Field.CONCRETE, "混凝土立方体试块", {"side_mm": "150", "design_grade": "C35"},
        "三层梁板 ①–⑧/Ⓐ–Ⓓ", "96 m³", "C35-1103", "示例混凝土有限公司", 3, pieces, sampling(),
        cast_at=datetime(2026, 11, 2, 16, 0, tzinfo=UTC), age_days=28,
    )  # fmt: skip
    return replace(made, **changes)


def commission(*lots: LotOrder, **changes: Any) -> Commission:
    """The commission; with no lots given, bars and cubes."""
    made = Commission(
        NUMBER, CODE, PROJECT.name, "2#楼主体", TestType.WITNESSED, CLIENT, CLIENT, CONTRACTOR, SUPERVISOR,
        lots or (rebar_order(), cube_order()), NOW - timedelta(hours=3),
    )  # fmt: skip
    return replace(made, **changes)


def other_commission() -> Commission:
    """Somebody else's bars."""
    pieces = tuple(SampleOrder(i, f"YK2107-3391-088{i}", "") for i in range(1, 6))
    return commission(
        rebar_order(samples=pieces), number=OTHER_NUMBER, project_code=OTHER_CODE, project_name=OTHER_PROJECT.name
    )


def records(of: Commission) -> tuple[TagRecord, ...]:
    """The tags of a commission as the platform registered them."""
    return tuple(TagRecord(sample.tag, of.project_code, of.number) for lot in of.lots for sample in lot.samples)


def photo(caption: str, sha256: str, at: datetime = NOW - timedelta(hours=5)) -> Photo:
    """A photo of the sampling."""
    return Photo(sha256, caption, at)


@dataclass
class PlainPapers:
    """Prints papers as their canonical data, so that tests can read them."""

    fail: bool = False
    slips: list[SlipData] = field(default_factory=list)
    receipts: list[ReceiptData] = field(default_factory=list)
    label_sheets: list[list[LabelData]] = field(default_factory=list)

    def slip(self, slip: SlipData, images: Mapping[str, bytes]) -> bytes:
        """A slip."""
        self._may_fail()
        self.slips.append(slip)
        return b"%PDF-slip " + canonical_bytes(slip) + b"".join(sorted(images.values()))

    def receipt(self, receipt: ReceiptData) -> bytes:
        """A receipt."""
        self._may_fail()
        self.receipts.append(receipt)
        return b"%PDF-receipt " + canonical_bytes(receipt)

    def labels(self, labels: Sequence[LabelData]) -> bytes:
        """Labels."""
        self._may_fail()
        self.label_sheets.append(list(labels))
        return b"%PDF-labels " + b"".join(canonical_bytes(each) for each in labels)

    def report(self, document: Any) -> bytes:
        """Not at the counter."""
        raise NotImplementedError

    def _may_fail(self) -> None:
        if self.fail:
            raise EnvironmentFault("storage.blob_not_written", reason="disk full")


@dataclass
class CounterWorld:
    """Everything a test of reception needs."""

    engine: Engine
    store: SqlStore
    blobs: MemoryBlobs
    clock: SetClock
    papers: PlainPapers
    inbox: Commissions
    desk: ReceptionDesk
    receiving: Receiving
    session: Session

    def arrive(self, *sent: Commission) -> None:
        """The platform sent commissions and their tags."""
        with self.store.write(SYSTEM) as uow:
            for each in sent:
                uow.reception.put_commission(each, self.clock.now())
                for record in records(each):
                    uow.reception.put_tag(record)
            uow.commit()

    def register(self, *known: TagRecord) -> None:
        """The platform says something else of tags."""
        with self.store.write(SYSTEM) as uow:
            for record in known:
                uow.reception.put_tag(record)
            uow.commit()

    def void(self, body: str, reason: str = "重复发放") -> None:
        """The platform voids a tag."""
        self.register(TagRecord(body, CODE, NUMBER, TagState.VOID, reason))

    def authorise(self, *letters: Authorisation) -> None:
        """The project has these letters, and no others."""
        with self.store.write(SYSTEM) as uow:
            uow.projects.put(replace(PROJECT, authorisations=letters), self.clock.now())
            uow.commit()

    def scan(
        self, body: str, look: Look | None = Look.SOUND, number: str = NUMBER, source: ScanSource = ScanSource.WEDGE
    ) -> tuple[Finding, ReceptionView]:
        """A tag is scanned after a look."""
        return self.desk.scan(number, scan_of(body, source=source), look, self.session)

    def scan_lot(self, lot: LotOrder, number: str = NUMBER) -> None:
        """Every piece of a lot is looked at and scanned."""
        for sample in lot.samples:
            self.scan(sample.tag, number=number)


def scan_of(body: str, kind: CodeKind = CodeKind.TAG, source: ScanSource = ScanSource.WEDGE) -> Scan:
    """A code as a scanner sends it."""
    raw = format_code(kind, body)
    return Scan(raw, normalise_scan(raw), source, "", 41, NOW)


def make_counter(engine: Engine, *sent: Commission, ids: Any = None) -> CounterWorld:
    """A counter on a migrated database; with nothing given, the commission and its neighbour have arrived."""
    clock, blobs, papers = SetClock(NOW), MemoryBlobs(), PlainPapers()
    store = SqlStore(engine, clock)
    deps = ReceptionDeps(store, blobs, clock, ids or CountingIds(), papers)
    desk = ReceptionDesk(deps)
    with store.write(SYSTEM) as uow:
        uow.facts.put("laboratory", canonical_bytes(LABORATORY).decode())
        for project in (PROJECT, OTHER_PROJECT):
            uow.projects.put(project, NOW)
        uow.commit()
    made = CounterWorld(
        engine, store, blobs, clock, papers, Commissions(store, clock), desk, Receiving(deps, desk),
        Session(RECEIVER, STATION, NOW),
    )  # fmt: skip
    made.arrive(*(sent or (commission(), other_commission())))
    return made
