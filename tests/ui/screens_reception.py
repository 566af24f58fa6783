"""Pictures of reception and projects: every verdict a person meets, with short and with very long names."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QWidget
from sqlalchemy import Engine

from labdesk.domain.codes import CodeKind, format_code, parse_code
from labdesk.domain.commission import Commission, Photo
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.people import Person
from labdesk.domain.projects import Party, PartyRole
from labdesk.domain.reception import Look
from labdesk.domain.sync_ports import InboxKind
from labdesk.storage.database import ensure_schema, open_engine
from labdesk.ui.errors import ErrorDesk, Notice
from labdesk.ui.i18n import language
from labdesk.ui.ops import Ops
from labdesk.ui.page import PageContext
from labdesk.ui.projects.page import ProjectsPage
from labdesk.ui.reception import actions, decisions
from labdesk.ui.reception.page import ReceptionPage, ReceptionPageDeps
from labdesk.ui.sounds import Sounds
from tests.helpers.receptionworld import (
    BARS,
    CONCRETE,
    CUBES,
    LATE_CUBES,
    NOW,
    REBAR,
    RECEPTIONIST,
    SCHOOL_BARS,
    SECOND,
    SECOND_BARS,
    TOWER_CODE,
    ReceptionWorld,
    bars,
    code_scan,
    commission,
    letters,
    make_counter,
    project,
    sampling,
    session,
    tag_scan,
)
from tests.ui.fakes import settle
from tests.ui.review_stage import below_header, picture


@dataclass
class Counter:
    """A reception page on a real database; ``told`` are its notices, ``opened`` the papers it wanted to print."""

    made: ReceptionWorld
    context: PageContext
    ops: Ops
    told: list[Notice]
    opened: list[tuple[str, str]]
    who: Person
    page: ReceptionPage

    def settle(self) -> None:
        """Waits until nothing is read, written or delivered any more."""
        settle(self.ops)

    def open(self, number: str) -> None:
        """The commission's code is scanned."""
        self._scan(format_code(CodeKind.COMMISSION, number))

    def scan(self, tag: str, look: Look | None = Look.SOUND) -> None:
        """Look and scan."""
        if look is not None:
            self.page.flow.declare(look)
        self._scan(tag_scan(tag).raw)

    def _scan(self, raw: str) -> None:
        self.made.clock.forward(seconds=3)
        self.page.on_scan(parse_code(raw), code_scan(raw))
        self.settle()


def context_for(ops: Ops, who: Person, told: list[Notice]) -> PageContext:
    """What the shell would lend."""
    errors = ErrorDesk(language)
    errors.noticed.connect(told.append)
    return PageContext(ops, errors, Sounds(enabled=False), lambda: session(who), language, lambda page_id: None)


def counter(engine: Engine, ops: Ops | None = None, *, filled: bool = True, who: Person = RECEPTIONIST) -> Counter:
    """The page on a counter; ``filled`` = commissions have arrived."""
    made = make_counter(engine, filled=filled)
    ops = ops or Ops()
    told: list[Notice] = []
    opened: list[tuple[str, str]] = []
    context = context_for(ops, who, told)

    def load_photo(sha256: str) -> bytes | None:
        try:
            return made.blobs.get(sha256)
        except EnvironmentFault:
            return None

    def open_document(sha256: str, name: str) -> None:
        made.blobs.get(sha256)
        opened.append((sha256, name))

    deps = ReceptionPageDeps(made.desk, made.receiving, load_photo, open_document)
    return Counter(made, context, ops, told, opened, who, ReceptionPage(context, deps))


def temporary_engine() -> Engine:
    """A database for a picture; gone when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix="labdesk-screens-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = open_engine(f"sqlite:///{folder / 'labdesk.db'}")
    ensure_schema(engine)
    return engine


def long_commission(photos: tuple[Photo, ...] = ()) -> Commission:
    """Names as they really are, and not commissioned by the client."""
    taken = sampling(19, photos=photos)
    lot = replace(
        bars(SECOND_BARS, taken=taken),
        part="地下二层至地上三层核心筒剪力墙及框架柱（含转换层）③–⑥/Ⓐ–Ⓓ 轴 −8.400～+13.200 m 标高",
        material="热轧带肋钢筋（抗震、细晶粒）",
    )
    client = Party(PartyRole.CLIENT, "营口经济技术开发区滨海新城综合开发建设投资集团有限责任公司")
    return commission(
        SECOND,
        lot,
        name="营口经济技术开发区滨海新城国际会展中心暨配套商业综合体一期建设工程（A 区）",
        client=client,
        commissioned_by=CONTRACTOR_LONG,
        contractor=CONTRACTOR_LONG,
    )


CONTRACTOR_LONG = Party(PartyRole.CONTRACTOR, "中国建筑东北设计研究院辽宁第三建筑工程总承包股份有限公司营口分公司")


def _photos(made: ReceptionWorld) -> tuple[Photo, ...]:
    digest = made.blobs.put(picture())
    return tuple(Photo(digest if at < 2 else "0" * 64, name, NOW) for at, name in enumerate(("取样", "挂牌", "见证")))


def _counter_page(act: Callable[[Counter], object], *, filled: bool = True) -> QWidget:
    found = counter(temporary_engine(), filled=filled)
    whole = below_header(found.page, lambda: "收样" if language().value == "zh" else "Reception")
    whole.setProperty("counter", found)
    found.page.on_shown()
    found.settle()
    act(found)
    found.settle()
    return whole


def _with_photos(found: Counter) -> None:
    taken = sampling(14, photos=_photos(found.made))
    found.made.arrive(commission(SECOND, bars(SECOND_BARS, taken=taken)))
    found.open(SECOND)
    for tag in SECOND_BARS[:3]:
        found.scan(tag)


def _mismatch(found: Counter) -> None:
    found.open(REBAR)
    for tag in BARS[:2]:
        found.scan(tag)
    found.scan(SCHOOL_BARS[0])


def _refused(found: Counter) -> None:
    _mismatch(found)
    pending = found.page.flow.pending
    assert pending is not None
    found.page.flow.reject(pending)


def _late(found: Counter) -> None:
    found.open(CONCRETE)
    for tag in (*CUBES[:2], LATE_CUBES[0]):
        found.scan(tag)


def _held(found: Counter) -> None:
    found.open(REBAR)
    found.scan(BARS[0])
    decisions.hold(found.page.flow, frozenset({"commission_form"}))


def _ask(found: Counter) -> None:
    found.open(REBAR)
    for tag in BARS[:6]:
        found.scan(tag)
    actions._finish(found.page)


def _done(found: Counter) -> None:
    found.open(CONCRETE)
    for tag in (*CUBES, LATE_CUBES[0]):
        found.scan(tag)
    decisions.finish(found.page.flow, frozenset({"commission_form"}))


def _damaged(found: Counter) -> None:
    found.open(REBAR)
    found.scan(BARS[0])
    found.scan(BARS[1], Look.TAG_DAMAGED)
    found.page.flow.dismiss()
    found.page.flow.declare(Look.PIECE_DAMAGED)


def _long(found: Counter) -> None:
    found.made.arrive(long_commission(_photos(found.made)))
    found.open(SECOND)
    for tag in SECOND_BARS[:2]:
        found.scan(tag)


def _long_wrong(found: Counter) -> None:
    _long(found)
    found.scan(SCHOOL_BARS[0])


def _error(found: Counter) -> None:
    _held(found)
    found.scan(BARS[1])


def _projects_page(act: Callable[[ProjectsPage, ReceptionWorld], object], *, filled: bool = True) -> QWidget:
    made = make_counter(temporary_engine(), filled=filled)
    ops = Ops()
    page = ProjectsPage(context_for(ops, RECEPTIONIST, []), made.projects)
    whole = below_header(page, lambda: "项目" if language().value == "zh" else "Projects")
    whole.setProperty("ops", ops)
    act(page, made)
    page.on_shown()
    for _ in range(3):
        settle(ops)
    page.list.step(1)
    settle(ops)
    return whole


def _some_records(page: ProjectsPage, made: ReceptionWorld) -> None:
    del page
    old = letters((date(2025, 1, 1), date(2025, 12, 31)))
    changed = replace(project(), authorisations=(*letters(), *old), parties=(*project().parties, CONTRACTOR_LONG))
    made.clock.forward(seconds=1)
    made.send(changed, InboxKind.PROJECT, f"project:{TOWER_CODE}")
    made.scan_all(REBAR, BARS[:6])
    made.finish()


SCREENS: dict[str, Callable[[], QWidget]] = {
    "reception-list": lambda: _counter_page(lambda found: None),
    "reception-empty": lambda: _counter_page(lambda found: None, filled=False),
    "reception-open": lambda: _counter_page(lambda found: found.open(REBAR)),
    "reception-match": lambda: _counter_page(_with_photos),
    "reception-mismatch": lambda: _counter_page(_mismatch),
    "reception-refused": lambda: _counter_page(_refused),
    "reception-late": lambda: _counter_page(_late),
    "reception-damaged": lambda: _counter_page(_damaged),
    "reception-hold": lambda: _counter_page(_held),
    "reception-error": lambda: _counter_page(_error),
    "reception-papers": lambda: _counter_page(_ask),
    "reception-done": lambda: _counter_page(_done),
    "reception-long": lambda: _counter_page(_long),
    "reception-long-wrong": lambda: _counter_page(_long_wrong),
    "projects": lambda: _projects_page(_some_records),
    "projects-empty": lambda: _projects_page(lambda page, made: None, filled=False),
}
