"""Pictures of the computers in the room: found and paired, nobody there with an error, long names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.sentences import Language
from labdesk.services.equipment import EquipmentDesk
from labdesk.ui.equipment.equipment_page import EquipmentDeps, EquipmentPage
from labdesk.ui.i18n import language
from labdesk.ui.ops import Ops
from tests.ui.bench_stage import Stage, new_stage
from tests.ui.review_stage import below_header
from tests.ui.test_connecting import QUALITY
from tests.ui.test_room import PRESS, FakeRoom, WideFinder


def _page(room: FakeRoom, act: Callable[[EquipmentPage, Stage], object]) -> QWidget:
    stage = new_stage(Ops())
    stage.person = QUALITY
    world = stage.world
    desk = EquipmentDesk(world.store, world.clock, world.ids)
    deps = EquipmentDeps(world.bench, world.capture, world.clock, desk, WideFinder(), room)
    page = EquipmentPage(stage.context(), deps)
    whole = below_header(page, lambda: "设备" if language() is Language.ZH else "Equipment")
    whole.setProperty("stage", stage)
    page.on_shown()
    stage.settle()
    act(page, stage)
    stage.settle()
    return whole


def _open(page: EquipmentPage, stage: Stage) -> None:
    assert page.room is not None
    page.room.ask()
    stage.settle()


def _refused(page: EquipmentPage, stage: Stage) -> None:
    _open(page, stage)
    assert page.room is not None
    page.room.line.setText("labdesk-capture://192.168.1.20:47116?name=press-pc&fp=ab…")
    page.room.pair()


_LONG = replace(PRESS, name="Druckpruefmaschine-Halle-2-links-hinten1", address="[fe80::1ff:fe23:4567:890a]:47116")
_TROUBLE = EnvironmentFault("elsewhere.wrong_certificate", name="press-pc")

SCREENS: dict[str, Callable[[], QWidget]] = {
    "room": lambda: _page(FakeRoom([replace(PRESS, paired=True), _LONG]), _open),
    "room-empty": lambda: _page(FakeRoom([]), _open),
    "room-refused": lambda: _page(FakeRoom([PRESS], _TROUBLE), _refused),
    "connect-room": lambda: _page(FakeRoom(), lambda page, stage: page.registering.connecting.ask()),
}
