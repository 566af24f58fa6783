"""Connecting a machine: found or chosen, seen as bytes and values, compared with its display, then registered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from labdesk.capture.finder import PortFinder
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.evaluation import TestKind
from labdesk.domain.finding import DriverChoice, Found, LineChoice, Listened, PortSeen, Progress, Proposal, Shown
from labdesk.domain.people import Person, Role
from labdesk.domain.sentences import Language
from labdesk.domain.taps import TapWires
from labdesk.ui.equipment.connecting import ConnectSheet
from labdesk.ui.equipment.equipment_page import EquipmentPage
from labdesk.ui.equipment.line_view import hex_lines, text_lines
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from tests.ui.bench_stage import Stage, new_stage

QUALITY = Person("p-he", "何静", "B1009", (Role.QUALITY,))
A9 = "yaohua_xk3190a9"
FRAME = b"\x02+0012342\x30\x37\x03"


@dataclass
class FakeListening:
    """A line that says what the test wants."""

    said: Listened
    closed: bool = False

    def heard(self) -> Listened:
        return self.said

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeFinder:
    """Ports and answers of the test; drivers are the real ones."""

    found: Found = field(default_factory=Found)
    said: Listened = field(default_factory=Listened)
    listened: list[LineChoice] = field(default_factory=list)
    lines: list[FakeListening] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    gate: threading.Event | None = None

    def drivers(self) -> tuple[DriverChoice, ...]:
        return PortFinder().drivers()

    def ports(self) -> tuple[PortSeen, ...]:
        return (PortSeen("/dev/serial/by-id/usb-FTDI-A9", "FT232R USB UART", "0403:6001 A9XK"),)

    def listen(self, line: LineChoice) -> FakeListening:
        self.listened.append(line)
        self.lines.append(FakeListening(self.said))
        return self.lines[-1]

    def find(self, url: str, told: Callable[[Progress], bool], named: str = "") -> Found:
        self.named.append(named)
        step = 0
        while self.gate is not None and told(Progress(step, 40, "9600 8N1")):
            step += 1
            if self.gate.wait(0.01):
                break
        return self.found if self.gate is None or self.gate.is_set() else Found(cancelled=True)


def heard(value: str) -> Listened:
    return Listened(1200, FRAME * 8, (Shown("force", Decimal(value), "kN"),), 100, 0, 3)


PROPOSED = Found((Proposal(A9, {"baud": "4800", "parity": "N"}, 12, True, heard("12.34").values),), 600)


@pytest.fixture
def finder() -> FakeFinder:
    return FakeFinder(PROPOSED, heard("12.34"))


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path, finder: FakeFinder) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    made.person, made.finder = QUALITY, finder
    yield made
    made.close()


@pytest.fixture
def page(stage: Stage) -> EquipmentPage:
    made = stage.equipment()
    made.resize(1230, 650)
    made.show()
    actions = made.keys()
    next(action for action in actions if action.key == "F9" and action.enabled()).act()
    return made


def hear(sheet: ConnectSheet) -> None:
    sheet._hear()


@pytest.mark.rule("YK-7.1")
def test_found_listened_compared_and_registered(stage: Stage, page: EquipmentPage, finder: FakeFinder) -> None:
    sheet = page.registering.connecting
    assert sheet.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_F5)
    stage.settle()
    hear(sheet)
    assert finder.listened == [
        LineChoice("/dev/serial/by-id/usb-FTDI-A9", A9, {"unit": "kN", "baud": "4800", "parity": "N"})
    ]
    assert sheet.view.values.text() == "12.34 kN"
    assert "02 2B 30 30 31 32" in sheet.view.hex.text()
    assert "12" in sheet.said.text()
    sheet.display.setText("12.3")
    QTest.keyClick(sheet.display, Qt.Key.Key_Return)
    stage.settle()
    assert not sheet.isVisible()
    assert finder.lines[-1].closed
    form = page.registering.form
    assert form.isVisible()
    typed = form.machine(page.registering._settings)
    assert (typed.driver_id, typed.port_url) == (A9, "/dev/serial/by-id/usb-FTDI-A9")
    assert typed.tests == (TestKind.COMPRESSION.value,)
    assert typed.settings["baud"] == "4800"
    assert typed.settings["unit_checked"] == "line 12.34, display 12.3"


@pytest.mark.parametrize(
    ("line", "display", "words"),
    [
        ("0", "0", "零"),
        ("12340", "12.34", "N"),
        ("12.34", "99", "不一致"),
        ("12.34", "abc", "abc"),
    ],
)
def test_a_display_that_does_not_agree_goes_no_further(
    stage: Stage, page: EquipmentPage, finder: FakeFinder, line: str, display: str, words: str
) -> None:
    finder.said = heard(line)
    sheet = page.registering.connecting
    sheet.driver.choose(A9)
    sheet.listen()
    hear(sheet)
    sheet.display.setText(display)
    sheet.use()
    assert sheet.isVisible()
    assert words in sheet.said.text()
    assert sheet.display.text() == display


def test_unchecked_goes_on_and_says_so(stage: Stage, page: EquipmentPage) -> None:
    sheet = page.registering.connecting
    sheet.driver.choose(A9)
    sheet.listen()
    hear(sheet)
    sheet.use()
    assert page.registering._settings["unit_checked"] == "no"


def test_nothing_heard_goes_no_further(stage: Stage, page: EquipmentPage, finder: FakeFinder) -> None:
    finder.said = Listened()
    sheet = page.registering.connecting
    sheet.driver.choose(A9)
    sheet.listen()
    hear(sheet)
    sheet.use()
    assert sheet.isVisible()
    assert not sheet.use_button.isEnabled()


def test_an_unknown_device_is_not_asked_a_named_one_is(stage: Stage, page: EquipmentPage, finder: FakeFinder) -> None:
    finder.found = Found()
    sheet = page.registering.connecting
    sheet.search()
    stage.settle()
    assert "名称" in sheet.said.text()
    sheet.listen()
    assert "驱动" in sheet.said.text()
    assert not finder.listened
    sheet.driver.choose("mark10_gauge")
    sheet.search()
    stage.settle()
    assert finder.named == ["", "mark10_gauge"]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Found(), "没有数据"),
        (Found(received=900), "900"),
        (Found(trouble=LinkTrouble.PORT_TAKEN.value, detail="busy"), "占用"),
    ],
)
def test_why_nothing_was_found(stage: Stage, page: EquipmentPage, finder: FakeFinder, found: Found, words: str) -> None:
    finder.found = found
    sheet = page.registering.connecting
    sheet.driver.choose(A9)
    sheet.search()
    stage.settle()
    assert words in sheet.said.text()
    assert not finder.listened


def test_a_search_shows_its_progress_and_is_stopped_by_the_same_key(
    stage: Stage, page: EquipmentPage, finder: FakeFinder, qtbot: QtBot
) -> None:
    finder.gate = threading.Event()
    sheet = page.registering.connecting
    sheet.search()
    qtbot.waitUntil(lambda: "40" in sheet.said.text(), timeout=30_000)
    sheet.search()
    stage.settle()
    assert sheet.said.text() == "已停止。"
    assert not finder.listened


def test_leaving_stops_everything(stage: Stage, page: EquipmentPage, finder: FakeFinder) -> None:
    finder.gate = threading.Event()
    sheet = page.registering.connecting
    sheet.driver.choose(A9)
    sheet.listen()
    sheet.search()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    stage.settle()
    assert not sheet.isVisible()
    assert all(line.closed for line in finder.lines)


def test_another_language_while_open(stage: Stage, page: EquipmentPage, languages: Languages) -> None:
    sheet = page.registering.connecting
    sheet.driver.choose(A9)
    languages.use(Language.EN)
    page.retranslate()
    assert sheet.driver.chosen() == A9
    assert sheet.find_button.text().startswith("Find it for me")


def test_bytes_are_shown_as_hexadecimal_and_text() -> None:
    assert hex_lines(b"\x02AB") == "02 41 42"
    assert text_lines(b"\x02AB\r\n") == "·AB··"
    assert len(hex_lines(bytes(500)).splitlines()) == 4


def test_a_line_of_another_program_is_listened_to_and_registered_as_a_tap(
    stage: Stage, page: EquipmentPage, finder: FakeFinder
) -> None:
    sheet = page.registering.connecting
    sheet.driver.choose(A9)
    sheet.tap.choose(TapWires.ANSWERS)
    assert "RX" in sheet._hint.text()
    assert not sheet.tap.host.isVisible()
    sheet.listen()
    assert finder.listened[-1].url == "tap:/dev/serial/by-id/usb-FTDI-A9"
    sheet.tap.choose(TapWires.BOTH)
    stage.settle()
    assert finder.lines[-1].closed, "a port opened the other way is let go"
    sheet.listen()
    assert "端口" in sheet.said.text(), "the second port is missing"
    sheet.tap.host.setText("COM7")
    sheet.listen()
    assert finder.listened[-1].url == "tap:/dev/serial/by-id/usb-FTDI-A9,host=COM7"
    hear(sheet)
    sheet.use()
    typed = page.registering.form.machine(page.registering._settings)
    assert typed.port_url == "tap:/dev/serial/by-id/usb-FTDI-A9,host=COM7"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (LinkTrouble.TAP_SILENT, "什么都没听到"),
        (LinkTrouble.TAP_QUESTIONS, "2、3 脚"),
        (LinkTrouble.TAP_ANSWERS, "RS-485"),
    ],
)
def test_a_wrong_tap_is_told_what_to_do(
    stage: Stage, page: EquipmentPage, finder: FakeFinder, trouble: LinkTrouble, words: str
) -> None:
    sheet = page.registering.connecting
    sheet.driver.choose(A9)
    sheet.tap.choose(TapWires.SHARED)
    finder.found, finder.said = Found(received=9, trouble=trouble.value), Listened(received=9, trouble=trouble.value)
    sheet.search()
    stage.settle()
    assert words in sheet.said.text()
    sheet.listen()
    hear(sheet)
    assert words in sheet.view.counters.text()
    assert finder.listened[-1].url.endswith(",shared")
