"""Entry sheets in a real window: typed with keys alone, wrong values told at their line, the result beside, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from labdesk.domain.evaluation import Verdict
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.sentences import Language
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.testing.lot_page import LotPage
from tests.helpers.sheetworld import CHECKER, TESTER, order, sitting
from tests.ui.sheet_stage import SheetStage, new_sheets

ONE, TWO = "C26-00001-1/1", "C26-00001-1/2"
MUD = order("sand-mud", ["YK210744090101"], {"concrete": "C30-C55"})
FLEXIBLE = order("membrane-flexibility", ["YK210744090102"], {}, "SBS 改性沥青防水卷材", 2)
TILES = order("tile-strength", [f"YK2107440903{at:02d}" for at in range(1, 7)], {}, "陶瓷砖", 3)
FLOW = order("admixture-paste-flow", ["YK210744090104"], {}, "减水剂", 4)


@pytest.fixture
def open_sheet(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Callable[[int], tuple[SheetStage, LotPage]]]:
    del dressed
    made: list[SheetStage] = []

    def start(index: int) -> tuple[SheetStage, LotPage]:
        wanted = (MUD, FLEXIBLE, TILES, FLOW)[index]
        stage = new_sheets(ops, [wanted], tmp_path)
        made.append(stage)
        page = stage.page(stage.lots[0].number)
        page.resize(1278, 680)
        page.show()
        page.activateWindow()
        stage.settle()
        return stage, page

    yield start
    for stage in made:
        stage.close()


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def keys(stage: SheetStage, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    """Into whatever has the keyboard; what a keyboard lacks comes from an input method."""
    if text.isascii():
        QTest.keyClicks(focused(), text)
    else:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(focused(), event)
    QTest.keyClick(focused(), end)
    stage.settle()


def press(page: LotPage, stage: SheetStage, name: str) -> None:
    actions = page.keys()
    next(action for action in actions if action.key == name and action.enabled()).act()
    stage.settle()


def stored(stage: SheetStage) -> list[tuple[str, str, str]]:
    return [(item.specimen_label, item.name, item.text) for item in stage.world.entries.history(stage.lots[0].number)]


@pytest.mark.rule("YK-7.2a")
def test_a_sheet_is_typed_with_the_keyboard_alone_and_evaluated(
    open_sheet: Callable[[int], tuple[SheetStage, LotPage]],
) -> None:
    stage, page = open_sheet(0)
    assert focused() is page.entries.cells[(ONE, "m0_g")]
    assert not page.entries.cells[("", "concrete")].isEnabled()
    keys(stage, "400.0")
    assert focused() is page.entries.cells[(TWO, "m0_g")]
    keys(stage, "400,0")
    assert page.entries.cells[(TWO, "m0_g")].typed() == "400.0"
    assert page.live.texts == ()
    keys(stage, "３８９。２")
    QTest.keyClicks(focused(), "388.4")
    stage.settle()
    assert page.live.texts == ("wc 2.8 ≤ 3.0",)
    assert page.live.verdict.chip.word == "合格"
    assert len(stored(stage)) == 3
    press(page, stage, "F10")
    assert stored(stage) == [
        (ONE, "m0_g", "400.0"), (TWO, "m0_g", "400.0"), (ONE, "m1_g", "389.2"), (TWO, "m1_g", "388.4"),
    ]  # fmt: skip
    newest = stage.world.evaluating.newest(stage.lots[0].number)
    assert newest is not None
    assert (newest.evaluation.verdict, newest.evaluation.rules) == (Verdict.PASS, "JGJ52-2006")
    assert page.stack.currentIndex() == 2
    assert page.result.banner.isVisible()


def test_nothing_is_evaluated_until_it_is_asked_for(
    open_sheet: Callable[[int], tuple[SheetStage, LotPage]],
) -> None:
    stage, page = open_sheet(0)
    for text in ("400.0", "400.0", "389.2", "388.4"):
        keys(stage, text)
    assert page.live.texts == ("wc 2.8 ≤ 3.0",)
    assert stage.world.evaluating.newest(stage.lots[0].number) is None
    assert page.live.state.text() == "尚未保存。"


def test_wrong_values_are_told_below_their_line_and_stay(
    open_sheet: Callable[[int], tuple[SheetStage, LotPage]], languages: Languages
) -> None:
    stage, page = open_sheet(0)
    keys(stage, "40")
    keys(stage, "4OO")
    keys(stage, "1,234")
    told = page.entries.refusals
    assert "100 到 5000" in told.shown((ONE, "m0_g"))
    assert "4OO" in told.shown((TWO, "m0_g"))
    assert told.shown((ONE, "m0_g")).count("\n") == 1
    assert "1234 还是 1.234" in told.shown((ONE, "m1_g"))
    assert [page.entries.cells[key].typed() for key in ((ONE, "m0_g"), (TWO, "m0_g"))] == ["40", "4OO"]
    assert stored(stage) == []
    languages.use(Language.EN)
    page.retranslate()
    cell = page.entries.cells[(ONE, "m0_g")]
    cell.setFocus()
    cell.selectAll()  # type: ignore[union-attr]
    keys(stage, "50")
    assert "dry mass before washing" in told.of((ONE, "m0_g"))
    cell.setFocus()
    cell.selectAll()  # type: ignore[union-attr]
    keys(stage, "500")
    assert told.of((ONE, "m0_g")) == ""
    assert stored(stage) == [(ONE, "m0_g", "500")]


def test_arrows_go_to_the_neighbours_and_tab_goes_on(
    open_sheet: Callable[[int], tuple[SheetStage, LotPage]],
) -> None:
    _, page = open_sheet(0)
    cells = page.entries.cells
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert focused() is cells[(TWO, "m0_g")]
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    assert focused() is cells[(TWO, "m1_g")]
    QTest.keyClick(focused(), Qt.Key.Key_Left)
    QTest.keyClick(focused(), Qt.Key.Key_Up)
    assert focused() is cells[(ONE, "m0_g")]
    QTest.keyClick(focused(), Qt.Key.Key_Up)
    assert focused() is cells[(ONE, "m0_g")]
    QTest.keyClicks(focused(), "40")
    QTest.keyClick(focused(), Qt.Key.Key_Left)
    assert focused() is cells[(ONE, "m0_g")]
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is not cells[(ONE, "m0_g")]


def test_choices_are_chosen_by_digit_and_by_arrow_and_stored_when_left(
    open_sheet: Callable[[int], tuple[SheetStage, LotPage]],
) -> None:
    stage, page = open_sheet(1)
    keys(stage, "-20")
    upper = page.entries.cells[("C26-00001-1/1", "upper")]
    assert focused() is upper
    QTest.keyClick(upper, Qt.Key.Key_Down)
    QTest.keyClick(upper, Qt.Key.Key_Down)
    stage.settle()
    assert stored(stage) == [("", "temperature_c", "-20")]
    keys(stage, "1")
    assert stored(stage)[-1] == ("C26-00001-1/1", "upper", "no-crack")
    assert focused() is page.entries.cells[("C26-00001-1/2", "upper")]


def test_a_row_comes_when_the_ones_before_are_begun_and_the_keyboard_stays(
    open_sheet: Callable[[int], tuple[SheetStage, LotPage]],
) -> None:
    stage, page = open_sheet(3)
    first = [name for label, name in page.entries.cells if label == ONE]
    assert {label for label, _ in page.entries.cells if label} == {ONE}
    QTest.keyClicks(focused(), "180")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "1")  # half a value, while the first is stored and the row comes
    stage.settle()
    assert {label for label, _ in page.entries.cells if label} == {ONE, TWO}
    assert focused() is page.entries.cells[(ONE, first[1])]
    assert stored(stage) == [(ONE, first[0], "180")]
    keys(stage, "84")
    assert stored(stage)[-1] == (ONE, first[1], "184")
    assert page.live.texts != ()
    needed = {(item.label, item.name): item.needed for item in stage.world.entries.fields(stage.lots[0].number)}
    assert not any(needed[(TWO, name)] for name in first)
    page.entries.cells[(TWO, first[0])].setFocus()
    keys(stage, "182")
    needed = {(item.label, item.name): item.needed for item in stage.world.entries.fields(stage.lots[0].number)}
    assert needed[(TWO, first[1])]


def test_tagged_pieces_are_the_rows_and_what_is_optional_may_stay_empty(
    open_sheet: Callable[[int], tuple[SheetStage, LotPage]],
) -> None:
    stage, page = open_sheet(2)
    labels = list(dict.fromkeys(label for label, _ in page.entries.cells if label))
    assert labels == [piece.label for piece in stage.lots[0].specimens]
    values = {("", "span_mm"): "280"}
    for label in labels[:5]:
        values |= {(label, "force_n"): "2450", (label, "width_mm"): "300", (label, "h_mm"): "9.6"}
    of_lot = [name for label, name in page.entries.cells if not label]
    assert of_lot == ["span_mm", "group", "room_temperature_c", "room_humidity_percent"]
    stage.world.type_in(stage.lots[0].number, values)
    page.open(stage.lots[0].number)
    stage.settle()
    assert page.view is not None
    assert page.view.missing == ()
    assert page.live.texts != ()


def test_leaving_keeps_what_is_typed_and_not_stored(
    open_sheet: Callable[[int], tuple[SheetStage, LotPage]],
) -> None:
    stage, page = open_sheet(0)
    keys(stage, "40")
    press(page, stage, "Esc")
    page.open(stage.lots[0].number)
    stage.settle()
    assert page.entries.cells[(ONE, "m0_g")].typed() == "40"
    assert stored(stage) == []


@pytest.mark.rule("YK-7.2a")
def test_a_checker_signs_only_after_the_entries_were_in_front(
    open_sheet: Callable[[int], tuple[SheetStage, LotPage]],
) -> None:
    stage, _ = open_sheet(0)
    world, lot = stage.world, stage.lots[0].number
    values = {(ONE, "m0_g"): "400.0", (TWO, "m0_g"): "400.0", (ONE, "m1_g"): "389.2", (TWO, "m1_g"): "388.4"}
    world.type_in(lot, values)
    world.evaluating.evaluate(lot, sitting(TESTER))
    record = world.review.submit_record(lot, sitting(TESTER))
    world.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
    page = stage.review()
    page.queue.step(1)
    stage.settle()

    def why_not() -> str:
        refusal = world.review_desk.details(Subject.RECORD, record.id, CHECKER).refusal
        return refusal.key if refusal is not None else ""

    assert why_not() == "review.not_seen"
    assert page.card.values.model().index(0, 0).data() == "wc 含泥量"
    page.card.tabs.setCurrentIndex(2)
    stage.settle()
    assert why_not() == ""
    assert page.card.entries.model().index(0, 0).data() == "试验前烘干质量, g"
    page.close()
    page.deleteLater()
