"""The page of acceptance on a real store, and with ten thousand groups that no store had to take in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from labdesk.domain.people import Person
from labdesk.services.acceptance_desk import AcceptanceDesk
from labdesk.services.acceptance_selection import GroupKind, GroupState, SampleGroup, SampleKind
from labdesk.services.projects import Projects
from labdesk.ui.errors import ErrorDesk, Notice
from labdesk.ui.i18n import language
from labdesk.ui.ops import Ops
from labdesk.ui.page import KeyAction, PageContext
from labdesk.ui.projects.acceptance_page import AcceptancePage
from labdesk.ui.projects.page import ProjectsPage
from labdesk.ui.projects.room import ProjectRoomDeps, project_room
from labdesk.ui.sounds import Sounds
from labdesk.ui.watching.both import CHANGE_KEY, BothPages
from tests.helpers.acceptanceworld import AUTHOR, CAST, AcceptanceWorld
from tests.ui.fakes import settle

LONG = "地下二层至地上三层核心筒剪力墙及框架柱（含转换层）③–⑥/Ⓐ–Ⓓ 轴 −8.400～+13.200 m 标高"


@dataclass
class Stage:
    """Both pages, papers that were opened, notices that were told."""

    world: AcceptanceWorld
    ops: Ops
    room: BothPages
    told: list[Notice] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    @property
    def projects(self) -> ProjectsPage:
        """The first page."""
        page = self.room.pages[0]
        assert isinstance(page, ProjectsPage)
        return page

    @property
    def page(self) -> AcceptancePage:
        """The second page."""
        page = self.room.pages[1]
        assert isinstance(page, AcceptancePage)
        return page

    def settle(self) -> None:
        """Until nothing is under way."""
        for _ in range(3):
            settle(self.ops)

    def close(self) -> None:
        """The pages are gone: by Qt, in its own order, and not some time later by a collection in the midst of another test."""
        self.settle()
        self.room.hide()
        self.room.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def key(self, name: str) -> None:
        """A key of the page in front."""
        action = self.action(name)
        assert action.enabled(), f"{name} is not possible now"
        action.act()
        self.settle()

    def action(self, name: str) -> KeyAction:
        """What a key would do."""
        possible = self.room.keys()
        return next(action for action in possible if action.key == name)

    def open(self) -> None:
        """The tower is chosen, its groups are read."""
        self.room.on_shown()
        self.settle()
        self.projects.search.setText("滨海")
        self.settle()
        self.key(CHANGE_KEY)


class Thousands(AcceptanceDesk):
    """A desk whose project has very many groups."""

    many: list[SampleGroup]

    def groups(self, project_code: str, progress: Callable[[int, int], None] | None = None) -> list[SampleGroup]:
        """Said in steps, as the store does."""
        del project_code
        for done in range(0, len(self.many), 1000):
            if progress is not None:
                progress(done, len(self.many))
        return list(self.many)


def thousands(count: int = 10_000) -> list[SampleGroup]:
    """C30 groups, four a day; each hundredth is invalid."""
    kind = SampleKind("C30", GroupKind.STANDARD, 28)
    return [
        SampleGroup(
            f"HNT-2026-{at:05d}", f"{at % 33 + 1}层 梁板 ①–⑨/Ⓐ–Ⓕ", kind, CAST + timedelta(hours=6 * at),
            None if at % 100 == 99 else Decimal(345 + (at * 37) % 60) / 10,
            GroupState.INVALID if at % 100 == 99 else GroupState.COUNTS,
            evaluation_id=f"e-{at}", evaluation_sha256=f"{at:064x}",
        )
        for at in range(count)
    ]  # fmt: skip


def new_stage(world: AcceptanceWorld, ops: Ops, exports: Path, who: Person = AUTHOR, many: int = 0) -> Stage:
    """The pages over a world."""
    errors = ErrorDesk(language)
    context = PageContext(
        ops, errors, Sounds(enabled=False), lambda: world.session(who), language, lambda page_id: None
    )
    desk = world.desk
    if many:
        desk = Thousands(desk._deps)
        desk.many = thousands(many)
    papers: list[str] = []
    folders: list[Path] = []
    deps = ProjectRoomDeps(
        Projects(world.store, world.clock), desk, exports, lambda name, pdf: papers.append(name), folders.append
    )
    made = Stage(world, ops, project_room(context, deps), papers=papers, folders=folders)
    errors.noticed.connect(made.told.append)
    return made


def shown(stage: Stage, size: tuple[int, int] = (1278, 672)) -> QWidget:
    """The room on screen."""
    stage.room.resize(*size)
    stage.room.show()
    return stage.room
