"""A counter for tests: a tower with a rebar and a concrete commission, a school next door, and everything that can be wrong."""

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
    Paper,
    Photo,
    SampleOrder,
    Sampling,
    TagRecord,
    TagState,
    TestType,
)
from labdesk.domain.people import Field, Laboratory, Person, Role, Secrets, Session
from labdesk.domain.projects import Authorisation, Party, PartyRole, Project, SitePerson, SiteRole, Unit
from labdesk.domain.reception import Finding, Look, ReceptionView
from labdesk.domain.scans import Scan, ScanSource
from labdesk.domain.store import SYSTEM
from labdesk.domain.sync_ports import InboxItem, InboxKind, TagList
from labdesk.evidence.canonical import canonical_bytes
from labdesk.services.commissions import Commissions
from labdesk.services.projects import Projects
from labdesk.services.receiving import Receiving
from labdesk.services.reception import ReceptionDeps, ReceptionDesk
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.reviewworld import MemoryBlobs
from tests.helpers.stores import CountingIds, SetClock
from tests.helpers.trustworld import LAB_ID, LAB_NAME

NOW = datetime(2026, 11, 21, 6, 2, tzinfo=UTC)
STATION = "收样台 1"
RECEPTIONIST = Person("p-liwen", "李雯", "A1001", (Role.RECEPTION,))
TECHNICIAN = Person("p-zhang", "张建国", "A1002", (Role.TECHNICIAN,))
ALL_PAPERS = frozenset({"commission_form"})

CLIENT = Party(PartyRole.CLIENT, "营口滨海置业有限公司", "91210800MA0X4LT17K")
CONTRACTOR = Party(PartyRole.CONTRACTOR, "辽宁三建集团有限公司", "91210000117594523D")
SUPERVISOR = Party(PartyRole.SUPERVISOR, "营口正衡工程监理有限公司", "91210811MA0Y2B7C3R")
SAMPLER = SitePerson("王海涛", "QY-2108-3317", CONTRACTOR.name)
WITNESS = SitePerson("赵敏", "JZ-2108-1152", SUPERVISOR.name)
TOWER_CODE, SCHOOL_CODE = "LN-2108-0031-7752", "LN-2108-0029-4406"
REBAR, CONCRETE, SCHOOL, SECOND = "WT-2026-01877", "WT-2026-01878", "WT-2026-01869", "WT-2026-01880"
BARS = tuple(f"YK21074408126{number}" for number in range(1, 8))
CUBES = tuple(f"YK21074408210{number}" for number in range(1, 5))
LATE_CUBES = tuple(f"YK21074408211{number}" for number in range(1, 4))
SCHOOL_BARS = tuple(f"YK21074408091{number}" for number in range(1, 6))
SECOND_BARS = tuple(f"YK21074408301{number}" for number in range(1, 6))
YEAR = (date(2026, 3, 1), date(2027, 2, 28))


def session(who: Person = RECEPTIONIST) -> Session:
    """The person at the counter."""
    return Session(who, STATION, NOW)


def letters(valid: tuple[date, date] = YEAR) -> tuple[Authorisation, ...]:
    """Letters of sampler and witness."""
    return (
        Authorisation(SAMPLER, SiteRole.SAMPLER, *valid, "SQ-2026-0113"),
        Authorisation(WITNESS, SiteRole.WITNESS, *valid, "SQ-2026-0114"),
    )


def project(code: str = TOWER_CODE, name: str = "滨海大厦") -> Project:
    """A project with everybody authorised."""
    parties = (CLIENT, CONTRACTOR, SUPERVISOR)
    return Project(code, name, "营口市西市区滨海路", parties, (Unit("001", "1#楼"), Unit("002", "2#楼")), letters())


def sampling(delay_min: float = 14, ago: timedelta = timedelta(hours=5), photos: Sequence[Photo] = ()) -> Sampling:
    """Sampled ``ago``, witnessed ``delay_min`` minutes later."""
    taken = NOW - ago
    return Sampling(
        SAMPLER, WITNESS, taken, taken + timedelta(minutes=delay_min), Decimal("40.668120"), Decimal("122.224310"),
        Decimal(86), tuple(photos),
    )  # fmt: skip


def bars(tags: Sequence[str], index: int = 1, required: int = 5, taken: Sampling | None = None) -> LotOrder:
    """A lot of bars HRB400E of 25 mm; what is beyond ``required`` is spare."""
    part = "三层柱 ③–⑥/Ⓐ–Ⓓ"
    return LotOrder(
        index, "rebar-lot", Field.STEEL, "热轧带肋钢筋",
        {"grade": "HRB400E", "diameter_mm": "25", "product_standard": "GB1499.2-2024"},
        part, "58.6 t", "炉批 26-11843", "北方特钢有限公司", required,
        tuple(SampleOrder(place, tag, part, spare=place > required) for place, tag in enumerate(tags, start=1)),
        taken or sampling(),
    )  # fmt: skip


def cubes(tags: Sequence[str], index: int = 1, taken: Sampling | None = None) -> LotOrder:
    """A group of C30 cubes of 150 mm, cast 28 days ago."""
    cast = NOW - timedelta(days=28)
    part = "三层梁板 ①–⑨/Ⓐ–Ⓕ"
    return LotOrder(
        index, "concrete-cube", Field.CONCRETE, "混凝土", {"design_grade": "C30", "side_mm": "150", "curing": "标准养护"},
        part, "96 m³", f"配合比 C30-0{index}17", "营口新港混凝土有限公司", 3,
        tuple(SampleOrder(place, tag, part, spare=place > 3) for place, tag in enumerate(tags, start=1)),
        taken or sampling(11, timedelta(days=28)), cast, 28,
    )  # fmt: skip


def commission(
    number: str, *lots: LotOrder, code: str = TOWER_CODE, name: str = "滨海大厦", **change: Any
) -> Commission:
    """A witnessed commission of the client."""
    made = Commission(
        number, code, name, "2#楼", TestType.WITNESSED, CLIENT, CLIENT, CONTRACTOR, SUPERVISOR, lots,
        NOW - timedelta(hours=2), (Paper.COMMISSION_FORM,),
    )  # fmt: skip
    return replace(made, **change)


def rebar_commission() -> Commission:
    """Five bars and a spare."""
    return commission(REBAR, bars(BARS[:6]))


def concrete_commission() -> Commission:
    """A good group with a spare cube, and one that was witnessed 34 minutes after sampling."""
    late = cubes(LATE_CUBES, 2, sampling(34, timedelta(days=28)))
    return commission(CONCRETE, cubes(CUBES), late)


def school_commission() -> Commission:
    """Bars of another project."""
    return commission(SCHOOL, bars(SCHOOL_BARS), code=SCHOOL_CODE, name="渤海路小学 综合楼")


def second_commission() -> Commission:
    """More bars of the tower."""
    return commission(SECOND, bars(SECOND_BARS))


@dataclass
class PlainPapers:
    """Prints papers as their canonical data, so that tests can read them; ``fail`` is raised instead."""

    fail: Exception | None = None
    printed: list[str] = field(default_factory=list)

    def report(self, document: Any) -> bytes:
        """Not at the counter."""
        raise NotImplementedError

    def receipt(self, receipt: Any) -> bytes:
        """The receipt's data."""
        return self._print("receipt", receipt)

    def labels(self, labels: Any) -> bytes:
        """The labels' data."""
        return self._print("labels", list(labels))

    def slip(self, slip: Any, images: Mapping[str, bytes]) -> bytes:
        """The slip's data."""
        del images
        return self._print("slip", slip)

    def _print(self, kind: str, data: Any) -> bytes:
        if self.fail is not None:
            raise self.fail
        self.printed.append(kind)
        return b"%PDF-" + canonical_bytes(data)


def tag_scan(tag: str, source: ScanSource = ScanSource.WEDGE) -> Scan:
    """The scan of a tag as a scanner sends it."""
    return code_scan(format_code(CodeKind.TAG, tag), source)


def code_scan(raw: str, source: ScanSource = ScanSource.WEDGE) -> Scan:
    """A scan of any text."""
    return Scan(raw, normalise_scan(raw), source, "", 40, NOW)


@dataclass
class ReceptionWorld:
    """Everything a test of reception needs."""

    engine: Engine
    store: SqlStore
    blobs: MemoryBlobs
    clock: SetClock
    ids: CountingIds
    papers: PlainPapers
    desk: ReceptionDesk
    receiving: Receiving
    inbox: Commissions
    projects: Projects

    def send(
        self, content: Any, kind: InboxKind, key: str, issued_at: datetime | None = None, item_id: str = ""
    ) -> None:
        """The platform sends something."""
        item_id = item_id or self.ids.new_id()
        self.inbox.take(InboxItem(item_id, kind, key, issued_at or self.clock.now(), content, canonical_bytes(content)))

    def arrive(self, *commissions: Commission) -> None:
        """Commissions arrive with their tags."""
        for each in commissions:
            records = tuple(
                TagRecord(sample.tag, each.project_code, each.number) for lot in each.lots for sample in lot.samples
            )
            self.send(TagList(records), InboxKind.TAGS, f"tags:{each.number}")
            self.send(each, InboxKind.COMMISSION, f"commission:{each.number}")

    def void(self, tag: str, number: str = REBAR, code: str = TOWER_CODE, reason: str = "重复编码") -> None:
        """The platform declares a tag void."""
        record = TagRecord(tag, code, number, TagState.VOID, reason)
        self.send(TagList((record,)), InboxKind.VOID_TAG, f"tag:{tag}")

    def open(self, number: str = REBAR) -> ReceptionView:
        """The commission's code is scanned."""
        return self.desk.open(number, session())

    def scan(self, tag: str, number: str = REBAR, look: Look | None = Look.SOUND) -> tuple[Finding, ReceptionView]:
        """Look, then scan."""
        self.clock.forward(seconds=2)
        return self.desk.scan(number, tag_scan(tag), look, session())

    def scan_all(self, number: str, tags: Sequence[str]) -> None:
        """Every piece is looked at and scanned."""
        self.open(number)
        for tag in tags:
            self.scan(tag, number)

    def finish(self, number: str = REBAR) -> Any:
        """All papers are there; done."""
        return self.receiving.finish(number, ALL_PAPERS, session())


def make_counter(engine: Engine, *, filled: bool = True, renderer: Any = None) -> ReceptionWorld:
    """The counter on a migrated database; ``filled`` = two projects and three commissions have arrived."""
    clock, ids, blobs, papers = SetClock(NOW), CountingIds(), MemoryBlobs(), PlainPapers()
    store = SqlStore(engine, clock)
    deps = ReceptionDeps(store, blobs, clock, ids, renderer or papers)
    desk = ReceptionDesk(deps)
    laboratory = Laboratory(
        LAB_ID, LAB_NAME, "辽宁省营口市站前区示例路 18 号", "辽建检字第 0042 号", "CMA 2106", "0417-0"
    )
    with store.write(SYSTEM) as uow:
        uow.facts.put("laboratory", canonical_bytes(laboratory).decode())
        for who in (RECEPTIONIST, TECHNICIAN):
            uow.people.add(who, Secrets("x", "x"), [])
        uow.commit()
    made = ReceptionWorld(
        engine, store, blobs, clock, ids, papers, desk, Receiving(deps, desk), Commissions(store, clock),
        Projects(store, clock),
    )  # fmt: skip
    if filled:
        made.send(project(), InboxKind.PROJECT, f"project:{TOWER_CODE}")
        made.send(project(SCHOOL_CODE, "渤海路小学 综合楼"), InboxKind.PROJECT, f"project:{SCHOOL_CODE}")
        for each in (school_commission(), concrete_commission(), rebar_commission()):
            made.clock.forward(seconds=1)
            made.arrive(each)
    return made
