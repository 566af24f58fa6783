"""Computers at machines, by keys: found, paired by their line, forgotten; their ports offered where a machine is connected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.finding import PortSeen, PortsElsewhere, RoomComputer
from labdesk.domain.people import Person
from labdesk.domain.sentences import Language
from labdesk.services.equipment import EquipmentDesk
from labdesk.ui.equipment.equipment_page import EquipmentDeps, EquipmentPage
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.room.room_sheet import RoomSheet
from tests.helpers.benchworld import TECHNICIAN
from tests.ui.bench_stage import Stage, new_stage
from tests.ui.test_connecting import QUALITY, FakeFinder

PRESS = RoomComputer("press-pc", "192.168.1.20:47116", "ab" * 32, paired=False, heard=True)


@dataclass
class FakeRoom:
    """One computer that answers; pairing succeeds with the line ``good``, or raises what the test wants."""

    found: list[RoomComputer] = field(default_factory=lambda: [PRESS])
    trouble: Exception | None = None

    def computers(self) -> tuple[RoomComputer, ...]:
        return tuple(self.found)

    def pair(self, line: str) -> RoomComputer:
        if self.trouble is not None:
            raise self.trouble
        if line != "good":
            raise OperatorError("elsewhere.pairing_line")
        self.found = [replace(PRESS, paired=True)]
        return self.found[0]

    def forget(self, name: str) -> None:
        assert name == "press-pc"
        self.found = [PRESS]


class WideFinder(FakeFinder):
    """A finder with a computer that tells a port, and one that does not answer."""

    def elsewhere(self) -> tuple[PortsElsewhere, ...]:
        fault = EnvironmentFault("elsewhere.wrong_certificate", name="old-pc")
        return (
            PortsElsewhere("press-pc", (PortSeen("press-pc@COM3", "USB serial", "0403:6001"),)),
            PortsElsewhere("old-pc", (), fault),
        )


@pytest.fixture
def room() -> FakeRoom:
    return FakeRoom()


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    yield made
    made.close()


def opened(stage: Stage, room: FakeRoom | None, who: Person = QUALITY) -> EquipmentPage:
    stage.person = who
    world = stage.world
    desk = EquipmentDesk(world.store, world.clock, world.ids)
    page = EquipmentPage(
        stage.context(), EquipmentDeps(world.bench, world.capture, world.clock, desk, WideFinder(), room)
    )
    stage.pages.append(page)
    page.resize(1278, 680)
    page.show()
    page.on_shown()
    stage.settle()
    return page


def possible(page: EquipmentPage) -> list[str]:
    actions = page.keys()
    return [action.key for action in actions if action.enabled()]


@pytest.fixture
def sheet(stage: Stage, room: FakeRoom) -> RoomSheet:
    page = opened(stage, room)
    actions = page.keys()
    next(action for action in actions if action.key == "F6" and action.enabled()).act()
    stage.settle()
    assert page.room is not None
    assert page.room.isVisible()
    return page.room


def names(sheet: RoomSheet) -> list[str]:
    model = sheet.table.rows_model
    return [str(model.index(at, 0).data()) for at in range(model.rowCount())]


def test_a_computer_is_paired_by_its_line_and_forgotten(stage: Stage, room: FakeRoom, sheet: RoomSheet) -> None:
    told: list[None] = []
    sheet.changed.connect(lambda: told.append(None))
    assert names(sheet) == ["press-pc"]
    assert not sheet.forget_button.isEnabled()
    QTest.keyClicks(sheet.line, "good")
    QTest.keyClick(sheet.line, Qt.Key.Key_Return)
    stage.settle()
    assert room.found[0].paired
    assert "press-pc@" in sheet.said.text()
    assert sheet.line.text() == ""
    assert told == [None]
    QTest.keyClick(sheet, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert not room.found[0].paired
    assert len(told) == 2


@pytest.mark.parametrize(
    ("line", "trouble", "word"),
    [
        ("", None, "配对行"),
        ("1234", None, "配对信息"),
        ("good", EnvironmentFault("elsewhere.no_answer", address="1.2.3.4:5", detail="timed out"), "没有应答"),
        ("good", EnvironmentFault("elsewhere.wrong_secret", name="press-pc"), "密钥"),
        ("good", EnvironmentFault("elsewhere.wrong_certificate", name="press-pc"), "证书"),
    ],
)
@pytest.mark.allow_log(r"labdesk\.ui\..*")
def test_what_stands_in_the_way_is_one_sentence_and_the_line_stays(
    stage: Stage, room: FakeRoom, sheet: RoomSheet, line: str, trouble: Exception | None, word: str
) -> None:
    room.trouble = trouble
    QTest.keyClicks(sheet.line, line)
    QTest.keyClick(sheet.line, Qt.Key.Key_Return)
    stage.settle()
    assert word in sheet.said.text()
    assert sheet.line.text() == line
    assert not room.found[0].paired


def test_nobody_there_and_the_other_language(
    stage: Stage, room: FakeRoom, sheet: RoomSheet, languages: Languages
) -> None:
    room.found = []
    QTest.keyClick(sheet, Qt.Key.Key_F5)
    stage.settle()
    assert "没有接试验机的电脑应答" in sheet.said.text()
    languages.use(Language.EN)
    sheet.retranslate()
    assert sheet.title.text() == "Computers at machines"


def test_only_who_may_register_machines_may_pair(stage: Stage, room: FakeRoom) -> None:
    assert "F6" not in possible(opened(stage, room, TECHNICIAN))
    assert "F6" not in possible(opened(stage, None))


def test_ports_of_paired_computers_stand_beside_the_own_ones(stage: Stage, room: FakeRoom) -> None:
    page = opened(stage, room)
    connecting = page.registering.connecting
    connecting.ask()
    stage.settle()
    urls = [connecting.port.itemData(at) for at in range(connecting.port.count())]
    assert urls == ["/dev/serial/by-id/usb-FTDI-A9", "press-pc@COM3"]
    assert "old-pc" in connecting.said.text()
    connecting.port.setCurrentIndex(1)
    assert connecting.url() == "press-pc@COM3"
