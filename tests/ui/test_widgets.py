"""The widgets in real windows: what they say, how keys work in them, and that data are never taken for markup."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from labdesk.ui import theme
from labdesk.ui.i18n import Languages
from labdesk.ui.page import KeyAction
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Scheme, Size
from labdesk.ui.widgets.banner import BannerAction, Compared, Count, Verdict, VerdictBanner, VerdictState
from labdesk.ui.widgets.chips import Chip, ChipState, StatusChip
from labdesk.ui.widgets.facts import Fact, FactList
from labdesk.ui.widgets.figures import Band, BigFigure, RateBar
from labdesk.ui.widgets.key_hints import KeyHints
from labdesk.ui.widgets.photos import Photo, PhotoStrip
from labdesk.ui.widgets.pin import PinSheet
from labdesk.ui.widgets.sheets import Placement, ReasonSheet
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column
from labdesk.ui.widgets.timeline import Moment, Timeline

pytestmark = pytest.mark.usefixtures("dressed")


def texts(widget: QWidget) -> list[str]:
    """All visible label texts, in order."""
    return [made.text() for made in widget.findChildren(QLabel) if made.isVisibleTo(widget) and made.text()]


@pytest.mark.parametrize("state", list(VerdictState))
def test_the_banner_is_told_by_colour_and_icon_and_word(qtbot: QtBot, state: VerdictState) -> None:
    banner = VerdictBanner()
    qtbot.addWidget(banner)
    banner.resize(1200, Size.BANNER)
    banner.show_verdict(Verdict(state, "判定", "原因"))
    picture = banner.grab().toImage()
    fills = {
        VerdictState.MATCH: theme.colours().ok_fill,
        VerdictState.MISMATCH: theme.colours().bad_fill,
        VerdictState.HOLD: theme.colours().warn_fill,
        VerdictState.INFO: theme.colours().info_fill,
    }
    assert picture.pixelColor(900, 20).name() == fills[state]
    white = sum(
        picture.pixelColor(x, y).lightness() > 240 for x in range(30, 100, 2) for y in range(20, Size.BANNER - 20, 2)
    )
    assert white > 50, "the icon is missing"
    assert texts(banner) == ["判定", "原因"]


def test_a_mismatch_shows_both_values_and_its_actions(qtbot: QtBot) -> None:
    banner, pressed = VerdictBanner(), []
    qtbot.addWidget(banner)
    banner.show_verdict(
        Verdict(
            VerdictState.MISMATCH,
            "不一致",
            compared=(Compared("本单", "WT-1", "甲"), Compared("扫得", "<b>WT-2</b>")),
            actions=(
                BannerAction("拒收", "F8", lambda: pressed.append("F8")),
                BannerAction("重扫", "Esc", lambda: None),
            ),
        )
    )
    assert texts(banner) == ["不一致", "本单", "WT-1", "(甲)", "扫得", "<b>WT-2</b>"]
    captions = [button.text() for button in banner.findChildren(QPushButton)]
    assert captions == ["拒收   F8", "重扫   Esc"]
    banner.findChildren(QPushButton)[0].click()
    assert pressed == ["F8"]


def test_the_counter_and_its_disappearance(qtbot: QtBot) -> None:
    banner = VerdictBanner()
    qtbot.addWidget(banner)
    banner.show_verdict(Verdict(VerdictState.MATCH, "一致", count=Count(3, 6, "已核验")))
    assert texts(banner)[1:] == ["3", "/ 6", "已核验"]
    banner.clear()
    assert banner.isHidden()
    assert banner.verdict is None


def test_key_hints_show_only_what_is_possible(qtbot: QtBot) -> None:
    hints = KeyHints()
    qtbot.addWidget(hints)
    hints.show_actions(
        (
            KeyAction("Space", lambda: "外观完好", lambda: None),
            KeyAction("F9", lambda: "暂存", lambda: None, enabled=lambda: False),
        )
    )
    assert texts(hints) == ["空格", "外观完好"]


def test_chips_carry_their_word(qtbot: QtBot) -> None:
    chip = StatusChip(Chip(ChipState.OK, "一致"))
    qtbot.addWidget(chip)
    narrow = chip.sizeHint().width()
    chip.show_chip(Chip(ChipState.BAD, "标识属于 WT-2026-01869"))
    assert chip.sizeHint().width() > narrow
    assert chip.accessibleName() == "标识属于 WT-2026-01869"


def test_facts_are_left_alone_when_nothing_changed(qtbot: QtBot) -> None:
    facts = FactList()
    qtbot.addWidget(facts)
    facts.show_facts((Fact("项目", "<i>滨海</i>", Chip(ChipState.OK, "委托方")),))
    before = facts.findChildren(QLabel)
    facts.show_facts((Fact("项目", "<i>滨海</i>", Chip(ChipState.OK, "委托方")),))
    assert facts.findChildren(QLabel) == before
    assert texts(facts) == ["项目", "<i>滨海</i>"]


@pytest.mark.parametrize(
    ("rate", "state"), [(0.0, "ok"), (0.008, "ok"), (0.0085, "warn"), (0.009, "warn"), (0.0091, "bad"), (-0.002, "bad")]
)
def test_a_rate_is_judged_against_its_band(rate: float, state: str) -> None:
    assert Band(0.01, 0.0, 0.008, 0.001).state(rate) == state


def test_the_rate_bar_shows_the_needle_where_the_rate_is(qtbot: QtBot) -> None:
    bar = RateBar()
    qtbot.addWidget(bar)
    bar.resize(400, bar.height())
    bar.set_band(Band(100.0, 20.0, 60.0, 10.0))
    tokens = theme.colours()
    bar.show_rate(50.0)
    picture = bar.grab().toImage()
    row = Size.RATE_BAR // 2 + 4
    seen = [picture.pixelColor(x, row).name() for x in (10, 60, 120, 260, 390, 199)]
    assert seen == [tokens.bad, tokens.warn, tokens.ok, tokens.warn, tokens.bad, tokens.ink]
    bar.show_rate(1e9)
    assert bar.grab().toImage().pixelColor(398, row).name() == tokens.ink


def test_digits_do_not_jump(qtbot: QtBot) -> None:
    figure = BigFigure()
    qtbot.addWidget(figure)
    figure.resize(330, figure.sizeHint().height())
    figure.set_caption("力", "kN")
    figure.show_figure("111.1")
    first = figure.grab().toImage()
    figure.show_figure("888.8")
    second = figure.grab().toImage()
    unit = first.width() * 6 // 10
    same = all(
        first.pixel(x, y) == second.pixel(x, y) for x in range(unit, first.width()) for y in range(0, first.height(), 2)
    )
    assert same, "the unit moved"
    assert figure.accessibleName() == "力 888.8 kN"


class Counted(Sequence[int]):
    """A million rows that are made when asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def __len__(self) -> int:
        return 1_000_000

    def __getitem__(self, index: int) -> int:  # type: ignore[override]
        self.asked += 1
        return index


def table(columns: Sequence[Column[int]], qtbot: QtBot) -> DataTable[int]:
    """A shown table."""
    made: DataTable[int] = DataTable(columns)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


NUMBERED: tuple[Column[int], ...] = (
    Column(lambda: "No", str, style=CellStyle.NUMBER, width=80),
    chip_column(lambda: "State", lambda row: Chip(ChipState.OK, "ok") if row % 2 else None),
)


def test_a_million_rows_cost_only_what_is_seen(qtbot: QtBot) -> None:
    rows = Counted()
    made = table(NUMBERED, qtbot)
    made.show_rows(rows)
    made.grab()
    assert made.rows_model.rowCount() == 1_000_000
    assert 0 < rows.asked < 500


def test_rows_are_chosen_and_opened_by_key(qtbot: QtBot) -> None:
    made = table(NUMBERED, qtbot)
    made.show_rows([10, 11, 12])
    chosen: list[int] = []
    opened: list[int] = []
    made.chosen.connect(chosen.append)
    made.opened.connect(opened.append)
    made.step(1)
    made.step(1)
    QTest.keyClick(made, Qt.Key.Key_Down)
    QTest.keyClick(made, Qt.Key.Key_Return)
    made.select(99)
    assert chosen == [10, 11, 12]
    assert opened == [12]
    assert made.current_row() == 12


def test_refreshing_rows_keeps_the_selection(qtbot: QtBot) -> None:
    made = table(NUMBERED, qtbot)
    made.show_rows([1, 2, 3])
    made.select(1)
    made.show_rows([1, 22, 3])
    assert made.current_row() == 22


def test_letters_in_a_table_are_left_to_the_page(qtbot: QtBot) -> None:
    seen: list[str] = []

    class Outer(QWidget):
        def keyPressEvent(self, event: object) -> None:
            seen.append(event.text())  # type: ignore[attr-defined]

    outer = Outer()
    qtbot.addWidget(outer)
    made: DataTable[int] = DataTable(NUMBERED, outer)
    made.show_rows([1, 2])
    outer.show()
    made.setFocus()
    QTest.keyClick(made, Qt.Key.Key_J)
    QTest.keyClick(made, Qt.Key.Key_Space)
    assert seen == ["j", " "]


def test_the_way_of_a_sample(qtbot: QtBot) -> None:
    way = Timeline()
    qtbot.addWidget(way)
    way.show_moments((Moment("09:12", "取样"), Moment("09:26", "见证", "ok")))
    assert texts(way) == ["09:12", "取样", "09:26", "见证"]
    way.show_moments((Moment("10:00", "收样"),))
    assert texts(way) == ["10:00", "收样"]


def test_a_photo_opens_and_a_missing_one_is_shown_as_missing(qtbot: QtBot) -> None:
    strip = PhotoStrip()
    qtbot.addWidget(strip)
    strip.show_photos((Photo("样品", None), Photo("坏文件", b"not a picture")))
    strip.resize(300, 70)
    strip.show()
    with qtbot.waitSignal(strip.opened) as opened:
        QTest.mouseClick(strip.findChildren(QWidget)[1], Qt.MouseButton.LeftButton)
    assert opened.args == [1]
    assert not strip.grab().isNull()


@pytest.fixture
def ground(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def test_a_reason_is_picked_by_digit_and_confirmed_by_enter(ground: QWidget, qtbot: QtBot) -> None:
    sheet = ReasonSheet(ground)
    sheet.ask("中止", choices=("夹具打滑", "设备异常"))
    QTest.keyClick(sheet.text, Qt.Key.Key_2)
    assert sheet.text.toPlainText() == "设备异常"
    with qtbot.waitSignal(sheet.given) as given:
        QTest.keyClick(sheet.text, Qt.Key.Key_Return)
    assert given.args == ["设备异常"]
    assert sheet.isHidden()


def test_no_reason_no_answer(ground: QWidget) -> None:
    sheet = ReasonSheet(ground)
    given: list[str] = []
    cancelled: list[bool] = []
    sheet.given.connect(given.append)
    sheet.cancelled.connect(lambda: cancelled.append(True))
    sheet.ask("中止")
    sheet.text.setPlainText(" x ")
    QTest.keyClick(sheet.text, Qt.Key.Key_Return)
    assert given == []
    QTest.keyClick(sheet.text, Qt.Key.Key_Escape)
    assert cancelled == [True]


def test_a_sheet_in_the_corner_leaves_the_page_usable_and_is_no_window(ground: QWidget) -> None:
    sheet = ReasonSheet(ground, Placement.CORNER)
    sheet.ask("中止")
    assert not sheet.isWindow()
    assert not sheet.isModal()
    assert sheet.geometry().left() > ground.width() // 3
    ground.resize(1200, 800)
    assert sheet.geometry().right() < 1200
    assert sheet.geometry().bottom() > 700


def test_the_pin_sheet_stays_until_it_gets_its_answer(ground: QWidget, qtbot: QtBot) -> None:
    sheet = PinSheet(ground)
    sheet.ask("签署报告", "BG-1")
    with qtbot.waitSignal(sheet.entered) as entered:
        QTest.keyClicks(sheet.pad, "2580")
        QTest.keyClick(sheet.pad, Qt.Key.Key_Return)
    assert entered.args == ["2580"]
    assert sheet.isVisible()
    sheet.refuse("PIN 不正确")
    assert "PIN 不正确" in texts(sheet)
    QTest.keyClick(sheet.pad, Qt.Key.Key_Escape)
    assert sheet.isHidden()


def test_every_widget_takes_both_dresses(qtbot: QtBot, dressed: Languages) -> None:
    from PySide6.QtWidgets import QApplication

    from tests.ui.screens_widgets import SCREENS

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for name, build in SCREENS.items():
        lights = []
        for scheme in Scheme:
            theme.apply(app, scheme)
            made = build()
            qtbot.addWidget(made)
            made.resize(1366, 768)
            made.show()
            lights.append(made.grab().toImage().pixelColor(8, 760).lightness())
        assert lights[0] > 120 + lights[1] or "pin" in name
    theme.apply(app, Scheme.LIGHT)


def test_the_main_button_of_a_verdict_is_readable_whatever_came_before(dressed: Languages) -> None:
    """Its ink is the ground of the banner: it must change when the ground does."""
    del dressed
    banner = VerdictBanner()
    refuse = BannerAction("拒收", "F8", lambda: None)
    banner.show_verdict(Verdict(VerdictState.MATCH, "一致"))
    inks = []
    for state in (VerdictState.MISMATCH, VerdictState.HOLD, VerdictState.MATCH):
        banner.show_verdict(Verdict(state, "一句话", actions=(refuse,)))
        button = banner.findChildren(QPushButton)[0]
        inks.append(button.palette().color(QPalette.ColorRole.ButtonText).name())
    assert inks == [colours().bad_fill, colours().warn_fill, colours().ok_fill]
