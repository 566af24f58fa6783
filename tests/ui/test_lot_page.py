"""Measuring: typed text stays, corrections ask why, invalid runs get a spare, and the evaluation stands there with its clauses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from labdesk.domain.codes import CodeKind
from labdesk.domain.sentences import Language
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.testing.entry_table import ChoiceCell
from labdesk.ui.testing.lot_page import LotPage
from labdesk.ui.widgets.banner import VerdictState
from tests.helpers.benchworld import CUBE_LOT, REBAR_LOT, rebar_entries, session
from tests.ui.bench_stage import Stage, new_stage, scan

ONE, TWO, SPARE = "G26-00417-1", "G26-00417-2", "G26-00417-6"


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    yield made
    made.close()


@pytest.fixture
def page(stage: Stage) -> LotPage:
    stage.choice.number = REBAR_LOT
    made = stage.lots(stage.submitted.append)
    made.resize(1278, 680)
    made.show()
    made.activateWindow()
    QApplication.processEvents()
    return made


def key(page: LotPage, name: str) -> None:
    actions = page.keys()
    next(action for action in actions if action.key == name and action.enabled()).act()


def possible(page: LotPage) -> set[str]:
    actions = page.keys()
    return {action.key for action in actions if action.enabled()}


def type_in(stage: Stage, page: LotPage, label: str, name: str, text: str) -> None:
    """Types over a cell and presses Enter."""
    cell = page.entries.cells[(label, name)]
    cell.setFocus()
    cell.selectAll() if not isinstance(cell, ChoiceCell) else None
    QTest.keyClicks(cell, text)
    QTest.keyClick(cell, Qt.Key.Key_Return)
    stage.settle()


def texts(stage: Stage, label: str, name: str) -> list[tuple[str, str]]:
    history = stage.world.entries.history(REBAR_LOT)
    return [(item.text, item.reason) for item in history if (item.specimen_label, item.name) == (label, name)]


def test_enter_stores_the_text_as_typed_and_moves_on(stage: Stage, page: LotPage) -> None:
    type_in(stage, page, ONE, "lu_mm", "124.50")
    assert texts(stage, ONE, "lu_mm") == [("124.50", "")]
    assert page.entries.cells[(ONE, "lu_mm")].typed() == "124.50"
    assert QApplication.focusWidget() is page.entries.cells[(TWO, "lu_mm")]


def test_a_refused_value_stays_typed_framed_and_explained(stage: Stage, page: LotPage) -> None:
    type_in(stage, page, ONE, "lu_mm", "12,45")
    cell = page.entries.cells[(ONE, "lu_mm")]
    assert (cell.typed(), cell.property("state")) == ("12,45", "bad")
    told = page.entries.refusals.of((ONE, "lu_mm"))
    assert "断后 Lu" in told
    assert "12,45" in told
    assert page.entries.refusals.shown((ONE, "lu_mm")) == told
    assert texts(stage, ONE, "lu_mm") == []
    type_in(stage, page, ONE, "lu_mm", "124.5")
    assert (cell.property("state"), page.entries.refusals.of((ONE, "lu_mm"))) == ("", "")
    assert page.entries.refusals.shown((ONE, "lu_mm")) == ""


def test_a_correction_asks_why_and_can_be_given_up(stage: Stage, page: LotPage) -> None:
    type_in(stage, page, ONE, "lu_mm", "142.5")
    type_in(stage, page, ONE, "lu_mm", "124.5")
    assert page.flow.reason.isVisible()
    assert texts(stage, ONE, "lu_mm") == [("142.5", "")]
    QTest.keyClick(page.flow.reason, Qt.Key.Key_Escape)
    stage.settle()
    assert page.entries.cells[(ONE, "lu_mm")].typed() == "142.5"
    type_in(stage, page, ONE, "lu_mm", "124.5")
    QTest.keyClicks(page.flow.reason.text, "2")
    QTest.keyClick(page.flow.reason.text, Qt.Key.Key_Return)
    stage.settle()
    assert texts(stage, ONE, "lu_mm") == [("142.5", ""), ("124.5", "录错")]


def test_bends_are_chosen_by_digit(stage: Stage, page: LotPage) -> None:
    type_in(stage, page, "G26-00417-3", "bend_result", "1")
    type_in(stage, page, "G26-00417-4", "bend_result", "2")
    assert texts(stage, "G26-00417-3", "bend_result") == [("no-crack", "")]
    assert texts(stage, "G26-00417-4", "bend_result") == [("crack", "")]


def test_leaving_loses_nothing(stage: Stage, page: LotPage) -> None:
    type_in(stage, page, ONE, "lu_mm", "9999")
    page.entries.cells[(TWO, "lu_mm")].setFocus()
    QTest.keyClicks(page.entries.cells[(TWO, "lu_mm")], "123.0")
    page.on_left()
    stage.settle()
    assert texts(stage, TWO, "lu_mm") == [("123.0", "")]
    page.open(CUBE_LOT)
    stage.settle()
    assert page.view is not None
    assert page.view.line.number == CUBE_LOT
    page.open(REBAR_LOT)
    stage.settle()
    cell = page.entries.cells[(ONE, "lu_mm")]
    assert (cell.typed(), cell.property("state")) == ("9999", "bad")
    key(page, "Esc")
    stage.settle()
    page.open(REBAR_LOT)
    stage.settle()
    assert page.entries.cells[(ONE, "lu_mm")].typed() == "9999"


def test_an_invalid_run_gets_a_spare_and_a_reason(stage: Stage, page: LotPage) -> None:
    stage.world.load(ONE)
    page.on_shown()
    stage.settle()
    key(page, "F8")
    assert page.invalidate.spare.isVisible()
    QTest.keyClicks(page.invalidate.spare.text, "1")
    QTest.keyClick(page.invalidate.spare.text, Qt.Key.Key_Return)
    assert page.invalidate.reason.isVisible()
    QTest.keyClicks(page.invalidate.reason.text, "1")
    QTest.keyClick(page.invalidate.reason.text, Qt.Key.Key_Return)
    stage.settle()
    with stage.world.store.read() as uow:
        (invalid,) = uow.testing.invalidations_of_lot(REBAR_LOT)
    assert (invalid.replacement_label, invalid.reason) == (SPARE, "断于夹具")
    assert (SPARE, "lu_mm") in page.entries.cells
    assert (ONE, "lu_mm") not in page.entries.cells
    assert "F8" not in possible(page)


def test_what_is_missing_is_listed_in_words(stage: Stage, page: LotPage) -> None:
    key(page, "F10")
    stage.settle()
    assert page.stack.currentIndex() == 2
    verdict = page.result.banner.verdict
    assert verdict is not None
    assert (verdict.state, verdict.word) == (VerdictState.HOLD, "还缺 15 项")
    lines = page.result.missing.texts
    assert f"{ONE}：尚未进行 拉伸 试验" in lines
    assert "整批：缺少 总质量 g" in lines
    assert stage.world.evaluating.newest(REBAR_LOT) is None


def complete(stage: Stage) -> None:
    for label in (ONE, TWO):
        stage.world.load(label)
    stage.world.type_in(REBAR_LOT, rebar_entries())


def test_evaluating_shows_values_verdict_and_remarks(stage: Stage, page: LotPage) -> None:
    complete(stage)
    page.on_shown()
    stage.settle()
    key(page, "F10")
    stage.settle()
    verdict = page.result.banner.verdict
    assert verdict is not None
    assert (verdict.state, verdict.word) == (VerdictState.MATCH, "合格")
    model = page.result.values.rows_model
    table = [[str(model.index(r, c).data()) for c in range(model.columnCount())] for r in range(model.rowCount())]
    rm = next(line for line in table if line[:2] == [ONE, "Rm, MPa"])
    assert rm[3:6] == ["615", "≥ 540", "合格"]
    assert rm[6].startswith("GB 1499.2-2024")
    assert page.result.remarks.texts
    assert "F12" in possible(page)
    key(page, "F12")
    assert stage.submitted == [REBAR_LOT]


def test_another_evaluation_asks_why_and_stands_beside(stage: Stage, page: LotPage) -> None:
    complete(stage)
    stage.world.evaluating.evaluate(REBAR_LOT, session())
    page.on_shown()
    stage.settle()
    type_in(stage, page, ONE, "lu_mm", "123.0")
    QTest.keyClicks(page.flow.reason.text, "3")
    QTest.keyClick(page.flow.reason.text, Qt.Key.Key_Return)
    stage.settle()
    stage.world.clock.forward(minutes=1)
    key(page, "F10")
    stage.settle()
    assert page.verdicts.reason.isVisible()
    QTest.keyClicks(page.verdicts.reason.text, "1")
    QTest.keyClick(page.verdicts.reason.text, Qt.Key.Key_Return)
    stage.settle()
    with stage.world.store.read() as uow:
        kept = uow.testing.evaluations_of_lot(REBAR_LOT)
    assert [item.reason for item in kept] == ["", "更正了数值"]


def test_without_a_desk_for_records_there_is_no_key_to_submit(stage: Stage) -> None:
    complete(stage)
    stage.world.evaluating.evaluate(REBAR_LOT, session())
    stage.choice.number = REBAR_LOT
    page = stage.lots()
    assert "F12" not in possible(page)


def test_a_label_opens_its_lot_and_the_search_finds_it(stage: Stage) -> None:
    page = stage.lots()
    assert page.view is None
    assert page.lots.rows_model.rowCount() == 2
    assert scan(page, CodeKind.SPECIMEN, "H26-00188-2")
    stage.settle()
    assert page.view is not None
    assert page.view.line.number == CUBE_LOT
    key(page, "Esc")
    stage.settle()
    page.search.setText("hrb400e")
    page.search.returnPressed.emit()
    stage.settle()
    assert page.view is not None
    assert page.view.line.number == REBAR_LOT


def test_an_empty_list_says_how_to_begin_and_an_unknown_label_is_told(stage: Stage) -> None:
    stage.world.reception.lots.clear()
    page = stage.lots()
    assert page.list.currentWidget() is page.empty
    scan(page, CodeKind.SPECIMEN, "X-1")
    stage.settle()
    assert "X-1" in stage.notices[-1].text


def test_the_page_speaks_the_other_language(stage: Stage, page: LotPage, languages: Languages) -> None:
    key(page, "F10")
    stage.settle()
    languages.use(Language.EN)
    page.retranslate()
    verdict = page.result.banner.verdict
    assert verdict is not None
    assert verdict.word == "15 things are missing"
    assert "whole lot: Total mass, g is missing" in page.result.missing.texts
