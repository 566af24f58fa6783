"""Marks moved on the curve with keys and mouse: both values in sight, a reason asked, a new evaluation beside the old."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from labdesk.domain.sentences import Language
from labdesk.domain.testing import StoredEvaluation
from labdesk.services.review import ReviewService
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.testing.lot_page import LotPage
from labdesk.ui.testing.mark_sheet import MarkSheet
from tests.helpers.benchworld import CUBE_LOT, REBAR_LOT, rebar_entries, session
from tests.helpers.reviewworld import PIN
from tests.ui.bench_stage import Stage, new_stage

ONE, TWO = "G26-00417-1", "G26-00417-2"
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    for label in (ONE, TWO):
        made.world.load(label)
    made.world.type_in(REBAR_LOT, rebar_entries())
    made.world.evaluating.evaluate(REBAR_LOT, session())
    made.world.clock.forward(minutes=1)
    yield made
    made.close()


@pytest.fixture
def page(stage: Stage) -> LotPage:
    stage.choice.number = REBAR_LOT
    made = stage.lots()
    made.resize(1278, 680)
    made.show()
    made.activateWindow()
    QApplication.processEvents()
    return made


def press(page: LotPage, name: str) -> None:
    actions = page.keys()
    next(action for action in actions if action.key == name and action.enabled()).act()


def possible(page: LotPage) -> set[str]:
    actions = page.keys()
    return {action.key for action in actions if action.enabled()}


@pytest.fixture
def sheet(stage: Stage, page: LotPage) -> MarkSheet:
    press(page, "F9")
    stage.settle()
    assert page.marks.sheet.isVisible()
    assert QApplication.focusWidget() is page.marks.sheet
    return page.marks.sheet


def hit(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key goes where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def kept(stage: Stage) -> list[StoredEvaluation]:
    with stage.world.store.read() as uow:
        return uow.testing.evaluations_of_lot(REBAR_LOT)


def cells(sheet: MarkSheet) -> list[list[str]]:
    model = sheet.table.rows_model
    return [[str(model.index(r, c).data()) for c in range(model.columnCount())] for r in range(model.rowCount())]


def give(stage: Stage, page: LotPage, reason: str) -> None:
    assert page.marks.reason.isVisible()
    QTest.keyClicks(page.marks.reason.text, reason)
    hit(Qt.Key.Key_Return)
    stage.settle()


def test_keys_move_a_mark_and_both_values_are_in_sight(sheet: MarkSheet) -> None:
    hit(Qt.Key.Key_2)
    automatic = sheet.mark.automatic
    assert (sheet.mark.symbol, sheet.moved()) == ("ReL", {})
    assert automatic is not None
    hit(Qt.Key.Key_Right)
    hit(Qt.Key.Key_Right, SHIFT)
    hit(Qt.Key.Key_Left)
    assert sheet.moved() == {"mark_rel_s": sheet.piece.moments[automatic + 10]}
    both = [f"{sheet.mark.values[index]:.1f}" for index in (automatic, automatic + 10)]
    assert both[0] != both[1]
    assert cells(sheet)[1] == ["2   ReL, MPa", *both]
    assert sheet.told.text() == f"ReL：自动 {both[0]}，人工 {both[1]} MPa，位于 {sheet.piece.moments[automatic + 10]} s"
    hit(Qt.Key.Key_Delete)
    assert (sheet.moved(), cells(sheet)[1][2]) == ({}, "–")


def test_a_mark_stays_on_the_curve(sheet: MarkSheet) -> None:
    hit(Qt.Key.Key_1)
    for _ in range(len(sheet.piece.times) // 10 + 2):
        hit(Qt.Key.Key_Left, SHIFT)
    assert sheet.now["mark_reh_s"] == sheet.piece.first
    sheet._put(10**9)
    assert sheet.now["mark_reh_s"] == len(sheet.piece.times) - 1


def test_a_click_on_the_curve_puts_the_mark_there(sheet: MarkSheet) -> None:
    hit(Qt.Key.Key_4)
    box = sheet.plot.getPlotItem().getViewBox()
    at = sheet.piece.times[len(sheet.piece.times) // 2]
    spot = sheet.plot.mapFromScene(box.mapViewToScene(QPointF(float(at), 1.0)))
    QTest.mouseClick(sheet.plot.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    index = sheet.now["mark_fm_s"]
    assert index is not None
    assert sheet.piece.times[index] == pytest.approx(at, abs=sheet.piece.times[-1] / 100)
    hit(Qt.Key.Key_Right)
    assert sheet.now["mark_fm_s"] == index + 1


def test_enter_asks_why_and_stores_a_new_evaluation(stage: Stage, page: LotPage, sheet: MarkSheet) -> None:
    hit(Qt.Key.Key_2)
    hit(Qt.Key.Key_Right, SHIFT)
    at = sheet.moved()["mark_rel_s"]
    hit(Qt.Key.Key_Return)
    QTest.keyClicks(page.marks.reason.text, "x")
    hit(Qt.Key.Key_Return)
    stage.settle()
    assert page.marks.reason.isVisible()
    assert len(kept(stage)) == 1
    hit(Qt.Key.Key_Escape)
    assert (page.marks.reason.isVisible(), sheet.isVisible()) == (False, True)
    assert sheet.moved() == {"mark_rel_s": at}
    hit(Qt.Key.Key_Return)
    give(stage, page, "1")
    assert not sheet.isVisible()
    assert page.stack.currentIndex() == 2
    first, second = kept(stage)
    assert (first.reason, second.reason) == ("", "夹具打滑")
    assert second.lot.specimens[0].entries["mark_rel_s"] == at
    assert any("人工移动：自动值" in line and "夹具打滑" in line for line in page.result.remarks.texts)


def test_taking_it_back_needs_a_reason_too(stage: Stage, page: LotPage, sheet: MarkSheet) -> None:
    hit(Qt.Key.Key_2)
    hit(Qt.Key.Key_Right, SHIFT)
    hit(Qt.Key.Key_Return)
    give(stage, page, "slip of the grips")
    stage.world.clock.forward(minutes=1)
    press(page, "F9")
    stage.settle()
    assert "slip of the grips" in sheet.before.text()
    hit(Qt.Key.Key_2)
    assert cells(sheet)[1][2] != "–"
    hit(Qt.Key.Key_Backspace)
    assert sheet.moved() == {"mark_rel_s": ""}
    hit(Qt.Key.Key_Return)
    give(stage, page, "no slip")
    assert [item.reason for item in kept(stage)] == ["", "slip of the grips", "no slip"]
    assert kept(stage)[2].evaluation == kept(stage)[0].evaluation


def test_esc_leaves_without_change_and_the_lot_stays_open(stage: Stage, page: LotPage, sheet: MarkSheet) -> None:
    hit(Qt.Key.Key_Right, SHIFT)
    hit(Qt.Key.Key_Escape)
    stage.settle()
    assert not sheet.isVisible()
    assert page.view is not None
    assert (len(kept(stage)), page.view.line.number) == (1, REBAR_LOT)
    press(page, "F9")
    stage.settle()
    assert sheet.moved() == {}


def test_what_was_not_stored_holds_the_bar(stage: Stage, page: LotPage, sheet: MarkSheet) -> None:
    hit(Qt.Key.Key_Return)
    assert (page.marks.reason.isVisible(), sheet.refusal.text()) == (False, "没有移动任何标记。")
    hit(Qt.Key.Key_PageDown)
    assert TWO in sheet.title.text()
    hit(Qt.Key.Key_Right)
    hit(Qt.Key.Key_PageDown)
    assert TWO in sheet.title.text()
    assert "Esc" in sheet.refusal.text()
    hit(Qt.Key.Key_Delete)
    hit(Qt.Key.Key_PageUp)
    assert ONE in sheet.title.text()


def test_what_the_rules_refuse_is_said_on_the_sheet(stage: Stage, page: LotPage, sheet: MarkSheet) -> None:
    hit(Qt.Key.Key_1)
    sheet._put(sheet.piece.first)
    moved = sheet.moved()
    hit(Qt.Key.Key_Return)
    give(stage, page, "try")
    assert sheet.isVisible()
    assert "ReH" in sheet.refusal.text()
    assert (sheet.moved(), len(kept(stage))) == (moved, 1)
    assert QApplication.focusWidget() is sheet


def test_a_signed_lot_says_why_not(stage: Stage, page: LotPage) -> None:
    world = stage.world
    review = ReviewService(world.store, world.clock, world.ids, world.pins, None)  # type: ignore[arg-type]
    review.submit_and_sign(REBAR_LOT, session(), PIN)
    press(page, "F9")
    stage.settle()
    assert not page.marks.sheet.isVisible()
    assert "签字" in stage.notices[-1].text


def test_cubes_have_no_key_and_another_lot_closes_the_sheet(stage: Stage, page: LotPage, sheet: MarkSheet) -> None:
    hit(Qt.Key.Key_Right)
    page.open(CUBE_LOT)
    stage.settle()
    assert not sheet.isVisible()
    assert "F9" not in possible(page)
    assert len(kept(stage)) == 1


def test_the_sheet_speaks_the_other_language(page: LotPage, sheet: MarkSheet, languages: Languages) -> None:
    hit(Qt.Key.Key_Right)
    languages.use(Language.EN)
    page.retranslate()
    assert sheet.told.text().startswith("ReH: automatic ")
    assert ", by hand " in sheet.told.text()
