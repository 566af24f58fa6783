"""The keyboard wedge in a real window: no character of a scan reaches a field, and typing arrives untouched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from labdesk.domain.codes import CodeKind, format_code
from labdesk.domain.scans import Scan, ScanSource
from labdesk.ui.scan_filter import ScanFilter
from tests.ui.fakes import NOON, StillClock
from tests.ui.keys import Keyboard

CODE = format_code(CodeKind.TAG, "YK210744081263")


class Bench(QWidget):
    """A window with a field, a default button and a shortcut of one letter."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.button = QLineEdit(), QPushButton("go")
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(self.button)
        self.clicks = 0
        self.letters = 0
        self.button.clicked.connect(self._on_click)
        QShortcut(QKeySequence("L"), self).activated.connect(self._on_letter)

    def _on_click(self) -> None:
        self.clicks += 1

    def _on_letter(self) -> None:
        self.letters += 1


class Caught:
    """What the filter told."""

    def __init__(self, scan_filter: ScanFilter) -> None:
        self.scans: list[Scan] = []
        self.cut: list[Scan] = []
        scan_filter.scanned.connect(self.scans.append)
        scan_filter.cut_short.connect(self.cut.append)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    made = Bench()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.field.setFocus()
    QApplication.processEvents()
    return made


@pytest.fixture
def scan_filter(qapp: QApplication) -> Iterator[ScanFilter]:
    made = ScanFilter(StillClock())
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)


@pytest.fixture
def caught(scan_filter: ScanFilter) -> Caught:
    return Caught(scan_filter)


@pytest.fixture
def keyboard(bench: Bench, caught: Caught) -> Keyboard:
    del caught
    return Keyboard(bench)


@pytest.mark.parametrize("end", ["\r", "\t"])
def test_a_scan_leaks_nothing_into_the_field_that_has_the_focus(
    bench: Bench, keyboard: Keyboard, caught: Caught, end: str
) -> None:
    bench.field.setText("before")
    keyboard.type(CODE + end)
    (scan,) = caught.scans
    assert (scan.raw, scan.text) == (CODE, CODE)
    assert (scan.source, scan.port, scan.at) == (ScanSource.WEDGE, "", NOON)
    assert scan.duration_ms == 5 * (len(CODE) - 1)
    assert bench.field.text() == "before"
    assert bench.field.hasFocus()


def test_a_scan_presses_no_button(bench: Bench, keyboard: Keyboard, caught: Caught) -> None:
    bench.button.setDefault(True)
    bench.button.setFocus()
    keyboard.type(CODE + "\r")
    assert len(caught.scans) == 1
    assert bench.clicks == 0


def test_typing_arrives_untouched_and_in_order(bench: Bench, keyboard: Keyboard, caught: Caught, qtbot: QtBot) -> None:
    keyboard.type("HRB400E 25", gaps_ms=(120, 90, 200, 95))
    with qtbot.waitSignal(bench.field.textChanged, check_params_cb=lambda text: text == "HRB400E 25"):
        pass
    assert not caught.scans
    assert not caught.cut


def test_a_fast_typist_is_no_scanner(bench: Bench, keyboard: Keyboard, caught: Caught) -> None:
    keyboard.type("shiyanshitongguo\r", gaps_ms=(75, 60, 70, 45, 80, 66))
    assert bench.field.text() == "shiyanshitongguo"
    assert not caught.scans
    assert not caught.cut


def test_rolled_over_keys_are_typing(bench: Bench, keyboard: Keyboard, caught: Caught) -> None:
    keyboard.type("the ", gaps_ms=(150, 20, 25, 110))
    keyboard.type("end\r", gaps_ms=(120, 15, 30, 90))
    assert bench.field.text() == "the end"
    assert not caught.scans


def test_a_held_down_key_repeats_as_ever(bench: Bench, keyboard: Keyboard, caught: Caught) -> None:
    for _ in range(12):
        keyboard.now_ms += 30
        keyboard.press(Qt.Key.Key_0, "0", repeat=True)
    assert bench.field.text() == "0" * 12
    assert not caught.cut


def test_enter_and_escape_alone_are_not_held_back(bench: Bench, keyboard: Keyboard) -> None:
    pressed: list[str] = []
    bench.field.returnPressed.connect(lambda: pressed.append("enter"))
    keyboard.press(Qt.Key.Key_Return, "\r")
    assert pressed == ["enter"]


def test_a_scan_cut_short_is_loud_and_leaks_nothing(
    bench: Bench, keyboard: Keyboard, caught: Caught, scan_filter: ScanFilter, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(scan_filter.cut_short, timeout=30_000):
        keyboard.type(CODE[:12])
    (scan,) = caught.cut
    assert scan.raw == CODE[:12]
    assert bench.field.text() == ""


def test_the_rest_of_a_cut_scan_is_kept_away_too(
    bench: Bench, keyboard: Keyboard, caught: Caught, scan_filter: ScanFilter, qtbot: QtBot
) -> None:
    entered: list[str] = []
    bench.field.returnPressed.connect(lambda: entered.append("enter"))
    with qtbot.waitSignal(scan_filter.cut_short, timeout=30_000):
        keyboard.type(CODE[:14])
    keyboard.now_ms += 300
    keyboard.type(CODE[14:18] + "\r")
    assert len(caught.cut) == 2
    keyboard.now_ms += 300
    keyboard.press(Qt.Key.Key_Return, "\r")
    assert (bench.field.text(), entered) == ("", [])


def test_a_code_shorter_than_a_scan_but_ours_is_loud(bench: Bench, keyboard: Keyboard, caught: Caught) -> None:
    keyboard.type("LDT:Y\r")
    assert [scan.raw for scan in caught.cut] == ["LDT:Y"]
    assert bench.field.text() == ""


def test_full_width_commits_of_an_input_method_are_folded(bench: Bench, keyboard: Keyboard, caught: Caught) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in CODE)
    keyboard.commit(wide)
    keyboard.now_ms += 1
    QTest.keyClick(bench.windowHandle(), Qt.Key.Key_Return)
    (scan,) = caught.scans
    assert (scan.raw, scan.text) == (wide, CODE)
    assert bench.field.text() == ""


def test_chinese_typed_through_an_input_method_goes_straight_in(
    bench: Bench, keyboard: Keyboard, caught: Caught
) -> None:
    keyboard.commit("钢筋混凝土抗压强度试验")
    assert bench.field.text() == "钢筋混凝土抗压强度试验"
    assert not caught.cut


def test_a_single_latin_commit_is_replayed(bench: Bench, keyboard: Keyboard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.field.textChanged, timeout=30_000):
        keyboard.commit("a")
    assert bench.field.text() == "a"


def test_letters_of_a_scan_fire_no_shortcut(bench: Bench, caught: Caught) -> None:
    bench.button.setFocus()
    for character in CODE:
        QTest.keyClick(bench.windowHandle(), character, Qt.KeyboardModifier.NoModifier, 0)
    QTest.keyClick(bench.windowHandle(), Qt.Key.Key_Return)
    assert bench.letters == 0
    assert [scan.text for scan in caught.scans] == [CODE]


def test_keys_with_control_pass_at_once(bench: Bench, keyboard: Keyboard) -> None:
    bench.field.setText("all")
    bench.field.setFocus()
    keyboard.press(Qt.Key.Key_A, "\x01", Qt.KeyboardModifier.ControlModifier)
    assert bench.field.selectedText() == "all"


def test_two_scans_at_once_are_two(bench: Bench, keyboard: Keyboard, caught: Caught) -> None:
    del bench
    keyboard.type(CODE + "\r" + CODE + "\r")
    assert [scan.text for scan in caught.scans] == [CODE, CODE]


def test_a_foreign_code_with_spaces_does_not_leak(bench: Bench, keyboard: Keyboard, caught: Caught) -> None:
    keyboard.type("Hello World 2026 from elsewhere\r")
    assert len(caught.scans) == 1
    assert bench.field.text() == ""


def test_space_alone_reaches_the_button_at_once(bench: Bench, keyboard: Keyboard) -> None:
    bench.button.setFocus()
    keyboard.press(Qt.Key.Key_Space, " ")
    assert bench.clicks == 1


def test_a_click_ends_the_waiting(bench: Bench, keyboard: Keyboard) -> None:
    keyboard.type("ab", gaps_ms=(70,))
    place = bench.button.mapTo(bench, bench.button.rect().center())
    QTest.mouseClick(bench.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert bench.clicks == 1
    assert bench.field.text() == "ab"
