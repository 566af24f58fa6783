"""Acceptance over a project in a real window: found, ticked by keyboard and mouse, judged at once, kept, printed, checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from labdesk.domain.evaluation import Verdict
from labdesk.domain.sentences import Language
from labdesk.services.acceptance_choice import Method
from labdesk.ui.errors import NoticeState
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.projects.acceptance_page import AcceptancePage
from labdesk.ui.watching.both import CHANGE_KEY
from tests.helpers.acceptanceworld import READER, TOWER_CODE, AcceptanceWorld, Cast
from tests.helpers.stores import opened_engine
from tests.ui.acceptance_stage import LONG, Stage, new_stage, shown

VALUES = ("40.0", "38.0", "28.0", "36.0")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AcceptanceWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield AcceptanceWorld(engine)


@pytest.fixture
def stage(world: AcceptanceWorld, dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(world, ops, tmp_path / "exports")
    shown(made)
    yield made
    made.close()


@pytest.fixture
def filled(stage: Stage) -> Stage:
    stage.world.values(*VALUES)
    stage.world.put(
        Cast("HNT-2026-00010", "invalid", 10),
        Cast("HNT-2026-00011", "", 11),
        Cast("HNT-2026-00012", "36.0", 12, part=LONG),
    )
    stage.world.put(Cast("HNT-2026-00020", "44.0", 3, "C40"))
    stage.open()
    return stage


def rows(page: AcceptancePage) -> list[str]:
    return [group.lot_no[-2:] for group in page.table.rows_model.rows]


def ticked(page: AcceptancePage) -> list[str]:
    return sorted(number[-2:] for number in page.table.ticks)


def test_an_empty_project_says_what_comes_here(stage: Stage, dressed: Languages) -> None:
    stage.open()
    assert stage.page.stack.currentWidget() is stage.page.empty
    assert not stage.action("F5").enabled()
    chinese = stage.page.words.placeholderText()
    dressed.use(Language.EN)
    stage.page.retranslate()
    assert stage.page.words.placeholderText() != chinese


def test_without_a_project_there_is_no_way_in(stage: Stage) -> None:
    assert not stage.action(CHANGE_KEY).enabled()


def test_groups_of_one_kind_are_found_by_words_and_days(filled: Stage) -> None:
    page = filled.page
    assert rows(page) == ["00", "01", "02", "03", "10", "11", "12"]
    assert page.kind.currentText().startswith("C30")
    for words, found in (
        ("核心筒", ["12"]),
        ("00002", ["02"]),
        ("2026-03-02..2026-03-03", ["01", "02"]),
        ("..2026-03-01", ["00"]),
        ("2026-03-11.. invalid", ["10"]),
        ("2027", []),
    ):
        page.words.setText(words)
        assert rows(page) == found, words
    assert page.detail.text()
    page.words.clear()
    page.kind.setCurrentIndex(1)
    filled.settle()
    assert rows(page) == ["20"]


@pytest.mark.rule("YK-7.2a")
def test_what_is_ticked_is_judged_at_once(filled: Stage) -> None:
    page = filled.page
    assert page.assessment is None
    for at in (0, 1):
        page.table.select(at)
        filled.key("Space")
    assert page.assessment is not None
    assert page.assessment.evaluation.verdict is Verdict.PASS
    page.table.select(2)
    filled.key("Space")
    assert page.assessment.evaluation.verdict is Verdict.FAIL
    assert list(page.assessment.marks) == ["HNT-2026-00002"]
    told = "\n".join(page.outcome.texts)
    for part in ("不合格", "非统计方法", "1 组", "HNT-2026-00002", "35.3", "≥ 34.5", "≥ 28.5", "GB/T 50107-2010"):
        assert part in told
    assert "28.5" in page.detail.text()
    filled.key("Space")
    assert page.assessment.evaluation.verdict is Verdict.PASS
    filled.key("F6")
    assert page.assessment is None


def test_ticks_by_mouse_by_span_all_and_none(filled: Stage) -> None:
    page = filled.page
    table = page.table

    def click(at: int, column: int = 0, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        where = table.visualRect(table.rows_model.index(at, column)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, where)
        filled.settle()

    click(0)
    assert ticked(page) == ["00"]
    click(2, column=2)
    assert ticked(page) == ["00"], "only the place of the tick takes a click"
    table.select(3)
    filled.key("Shift+Space")
    assert ticked(page) == ["00", "01", "02", "03"]
    click(3)
    assert ticked(page) == ["00", "01", "02"]
    filled.key("F5")
    assert ticked(page) == ["00", "01", "02", "03", "10", "12"], "a group without a value cannot be ticked"
    page.words.setText("核心筒")
    filled.key("F6")
    assert ticked(page) == [], "none is none, also of those out of sight"


def test_a_group_without_a_value_says_why_it_cannot_be_ticked(filled: Stage) -> None:
    page = filled.page
    page.table.select(5)
    filled.key("Space")
    assert ticked(page) == []
    assert (filled.told[-1].state, "HNT-2026-00011" in filled.told[-1].text) == (NoticeState.WARN, True)
    page.table.select(4)
    assert "15" in page.detail.text(), "the invalid group says by which rule"


def test_another_kind_drops_the_ticks(filled: Stage) -> None:
    filled.key("F5")
    filled.page.kind.setCurrentIndex(1)
    filled.settle()
    assert ticked(filled.page) == []
    assert filled.page.assessment is None


def test_the_method_is_changed_by_key_and_a_refusal_is_a_sentence(filled: Stage) -> None:
    page = filled.page
    filled.key("F5")
    assert not page.sigma.isVisible()
    while page.method.currentData() != Method.KNOWN:
        filled.key("F7")
    assert page.sigma.isVisible()
    assert page.assessment is None
    assert "σ0" in page.outcome.texts[0]
    page.sigma.setText("3.2")
    page.sigma.textEdited.emit("3.2")
    filled.settle()
    assert "3" in page.outcome.texts[0], "five groups are no batches of three"
    page.table.select(1)
    filled.key("Space")
    page.table.select(6)
    filled.key("Space")
    assert page.assessment is not None
    assert page.assessment.lot.settings["sigma0_mpa"] == "3.2"


def keep(stage: Stage, note: str = "") -> None:
    stage.key("F8")
    assert stage.page.statements.note.isVisible()
    stage.page.statements.note.text.setPlainText(note)
    QTest.keyClick(stage.page.statements.note.text, Qt.Key.Key_Return)
    stage.settle()


@pytest.mark.rule("O57")
def test_a_statement_is_kept_printed_written_and_checked(filled: Stage, tmp_path: Path) -> None:
    page = filled.page
    for name in ("F8", "F9", "Ctrl+E", "Ctrl+K"):
        assert not filled.action(name).enabled()
    filled.key("F5")
    keep(filled, "主体")
    kept = filled.world.desk.statements(TOWER_CODE)
    assert [(made.number, made.note, made.person_name) for made in kept] == [("PD-2026-00001", "主体", "陈立")]
    assert page.statements.chosen() == kept[0]
    assert "PD-2026-00001" in filled.told[-1].text
    filled.key("F9")
    assert filled.papers == ["PD-2026-00001"]
    filled.key("Ctrl+E")
    assert (tmp_path / "exports" / "PD-2026-00001.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert filled.folders == [tmp_path / "exports"]
    filled.key("Ctrl+K")
    assert filled.told[-1].state is NoticeState.OK


def test_a_group_evaluated_meanwhile_is_told_and_nothing_is_kept(filled: Stage) -> None:
    filled.key("F5")
    filled.world.evaluate_again(Cast("HNT-2026-00000", "20.0"))
    failed: list[Exception] = []
    filled.ops.failed.connect(failed.append)
    keep(filled)
    assert [str(error) for error in failed] == ["acceptance.group_changed(lot=HNT-2026-00000)"]
    assert filled.world.desk.statements(TOWER_CODE) == []


def test_who_may_not_make_statements_is_told(
    world: AcceptanceWorld, dressed: Languages, ops: Ops, tmp_path: Path
) -> None:
    del dressed
    world.values(*VALUES)
    stage = new_stage(world, ops, tmp_path, READER)
    shown(stage)
    stage.open()
    failed: list[Exception] = []
    ops.failed.connect(failed.append)
    stage.key("F5")
    keep(stage)
    assert [str(error)[:15] for error in failed] == ["acceptance.role"]
    stage.close()


def test_ten_thousand_groups_are_listed_filtered_and_judged(
    world: AcceptanceWorld, dressed: Languages, ops: Ops, tmp_path: Path
) -> None:
    del dressed
    stage = new_stage(world, ops, tmp_path, many=10_000)
    shown(stage)
    told: list[tuple[int, int]] = []
    stage.page.progressed.connect(lambda code, done, total: told.append((done, total)))
    stage.open()
    page = stage.page
    assert (len(rows(page)), told[-1]) == (10_000, (9000, 10_000))
    page.words.setText("33层")
    assert len(rows(page)) == 303
    page.words.clear()
    for _ in range(5):
        page.table.tick_all()
    stage.settle()
    assert page.assessment is not None
    assert (page.assessment.counted, len(page.table.ticks)) == (9900, 10_000)
    assert len(page.findChildren(type(page.detail))) < 100, "ten thousand groups are no more widgets than ten"
    stage.close()


def test_a_mean_that_is_too_low_says_by_how_much(filled: Stage) -> None:
    filled.world.values("30.0", "31.0", "32.0", first_day=60)
    filled.page.read()
    filled.settle()
    filled.page.words.setText("2026-04-30..")
    filled.key("F5")
    told = "\n".join(filled.page.outcome.texts)
    assert "3.5 MPa" in told
    assert "3 组低于 34.5 MPa" in told
