"""Pictures of acceptance over a project: nothing, few groups, a lot that fails, long names, an error, ten thousand groups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from labdesk.services.acceptance_choice import Method
from labdesk.ui.ops import Ops
from labdesk.ui.shell.header import HeaderLine
from tests.helpers.acceptanceworld import AcceptanceWorld, Cast
from tests.ui.acceptance_stage import LONG, Stage, new_stage
from tests.ui.screens_reception import temporary_engine


def _screen(act: Callable[[Stage], object], *, many: int = 0, filled: bool = True) -> Callable[[], QWidget]:
    def build() -> QWidget:
        world, ops = AcceptanceWorld(temporary_engine()), Ops()
        if filled:
            _fill(world)
        stage = new_stage(world, ops, Path(), many=many)
        stage.open()
        act(stage)
        stage.settle()
        ops.close()
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        header = HeaderLine()
        header.show_header("项目", stage.room.header)
        layout.addWidget(header)
        layout.addWidget(stage.room, 1)
        return whole

    return build


def _fill(world: AcceptanceWorld) -> None:
    world.values("31.2", "38.5", "29.8", "36.1", "33.0", "40.2", "28.9", "35.5", "32.6", "37.4", "34.8", "33.9")
    world.put(
        Cast("HNT-2026-00101", "invalid", 12),
        Cast("HNT-2026-00102", "33.0", 13, age="31 d"),
        Cast("HNT-2026-00103", "", 14),
        Cast("HNT-2026-00104", "short", 15),
        Cast("HNT-2026-00105", "35.0", 16, part=LONG),
        Cast("HNT-2026-00106", "35.0", 17, stage="retest"),
        Cast("HNT-2026-00107", "24.0", 18),
        Cast("HNT-2026-00201", "44.0", 3, "C40"),
        Cast("CL-2026-00001", "11.5", 4, "M10", "mortar-cube"),
    )
    world.evaluate_again(Cast("HNT-2026-00002", "30.1", 2))


def _pass(stage: Stage) -> None:
    for at in range(11):
        stage.page.table.select(at)
        stage.page.table.tick()
    stage.settle()
    stage.key("F8")
    stage.page.statements.note.given.emit("主体结构 1～11 组")
    stage.page.statements.note.close_sheet()


def _fail(stage: Stage) -> None:
    stage.page.table.tick_all()
    stage.page.table.select(14)


def _error(stage: Stage) -> None:
    stage.page.table.tick_all()
    stage.page.method.setCurrentIndex(list(Method).index(Method.KNOWN))


def _ask(stage: Stage) -> None:
    stage.page.table.tick_all()
    stage.settle()
    stage.room.resize(1278, 640)
    stage.key("F8")


SCREENS: dict[str, Callable[[], QWidget]] = {
    "acceptance-none": _screen(lambda stage: None),
    "acceptance-pass": _screen(_pass),
    "acceptance-fail": _screen(_fail),
    "acceptance-error": _screen(_error),
    "acceptance-keep": _screen(_ask),
    "acceptance-empty": _screen(lambda stage: None, filled=False),
    "acceptance-10000": _screen(lambda stage: stage.page.table.tick_all(), many=10_000),
    "acceptance-known-10000": _screen(
        lambda stage: (
            stage.page.table.tick_all(),
            stage.page.sigma.setText("3.0"),
            stage.page.method.setCurrentIndex(list(Method).index(Method.KNOWN)),
        ),
        many=10_000,
    ),
}
