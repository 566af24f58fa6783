"""A run with samples missing, decided by keys: on the samples page and on the review page, and who may not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from labdesk.domain.people import Person
from labdesk.domain.sentences import Language
from labdesk.domain.testing import Run
from labdesk.services.lot_desk import RunStanding
from labdesk.services.review import ReviewService
from labdesk.services.review_desk import ReviewDesk
from labdesk.services.review_gaps import RunGaps
from labdesk.ui.gaps.gap_flow import GapFlow
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.review.page import ReviewPage, ReviewServices
from labdesk.ui.testing.lot_page import LotPage
from tests.helpers.benchworld import REBAR_LOT, TECHNICIAN
from tests.helpers.gapworld import QUALITY, load_with_gap, with_quality
from tests.ui.bench_stage import Stage, new_stage

ONE, TWO = "G26-00417-1", "G26-00417-2"
REASON = "peak register 183.2 kN agrees"


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    made.gaps = with_quality(made.world)  # type: ignore[attr-defined]
    yield made
    made.close()


def service(stage: Stage) -> RunGaps:
    found: RunGaps = stage.gaps  # type: ignore[attr-defined]
    return found


@pytest.fixture
def run(stage: Stage) -> Run:
    return load_with_gap(stage.world, ONE)


def lots(stage: Stage, who: Person) -> LotPage:
    stage.person, stage.choice.number = who, REBAR_LOT
    page = stage.lots()
    page.resize(1278, 680)
    page.show()
    page.activateWindow()
    stage.settle()
    return page


def review(stage: Stage, who: Person) -> ReviewPage:
    stage.person = who
    world = stage.world
    signing = ReviewService(world.store, world.clock, world.ids, world.pins, None)  # type: ignore[arg-type]
    desk = ReviewDesk(world.store, world.blobs, world.clock)
    page = ReviewPage(stage.context(), ReviewServices(signing, desk, world.clock, service(stage)))
    stage.pages.append(page)
    page.resize(1278, 680)
    page.show()
    page.activateWindow()
    page.on_shown()
    stage.settle()
    return page


def press(page: LotPage | ReviewPage, key: Qt.Key) -> bool:
    """A key that no field wanted reaches the page, as the shell hands it on."""
    return page.handle_key(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


def hit(stage: Stage, key: Qt.Key) -> None:
    """A key goes where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget(), key)
    stage.settle()


def give(stage: Stage, flow: GapFlow, reason: str = REASON) -> None:
    hit(stage, Qt.Key.Key_Return)
    assert flow.reason.isVisible()
    QTest.keyClicks(flow.reason.text, reason)
    hit(stage, Qt.Key.Key_Return)


@pytest.mark.rule("YK-7.2a")
def test_on_the_samples_page_a_quality_supervisor_decides_by_keys(stage: Stage, run: Run) -> None:
    page = lots(stage, QUALITY)
    assert press(page, Qt.Key.Key_F11)
    stage.settle()
    sheet = page.gaps.sheet
    assert sheet.isVisible()
    assert run.number in sheet.title.text()
    assert sheet.plot.drawn_points > 100
    assert sheet.confirm.isEnabled()
    give(stage, page.gaps)
    assert not sheet.isVisible()
    assert page.view is not None
    assert [line.standing for line in page.view.runs] == [RunStanding.COUNTS]
    assert page.view.runs[0].reason == REASON
    with stage.world.store.read() as uow:
        kept = uow.review.gap_reasons.of_run(run.id)
    assert kept is not None
    assert kept.person_id == QUALITY.id
    assert not press(page, Qt.Key.Key_F11)  # nothing left to decide: the key is gone


def test_a_technician_sees_it_and_is_told_who_may(stage: Stage, run: Run) -> None:
    page = lots(stage, TECHNICIAN)
    press(page, Qt.Key.Key_F11)
    stage.settle()
    sheet = page.gaps.sheet
    assert "质量监督" in sheet.refusal.text()
    assert not sheet.confirm.isEnabled()
    hit(stage, Qt.Key.Key_Return)
    assert not page.gaps.reason.isVisible()
    hit(stage, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert service(stage).waiting() == (run,)


def test_on_the_review_page_all_lots_wait_behind_one_key(stage: Stage, run: Run) -> None:
    other = load_with_gap(stage.world, TWO)
    page = review(stage, QUALITY)
    assert page.gap_note.count == 2
    assert page.stack.currentWidget() is page.empty  # nothing to sign, and yet something to decide
    assert press(page, Qt.Key.Key_G)
    stage.settle()
    sheet = page.gaps.sheet
    assert run.number in sheet.title.text()
    hit(stage, Qt.Key.Key_PageDown)
    assert other.number in sheet.title.text()
    give(stage, page.gaps)
    assert run.number in sheet.title.text()  # the next one is shown at once
    hit(stage, Qt.Key.Key_Escape)
    assert page.gap_note.count == 1
    assert service(stage).waiting() == (run,)


def test_a_reason_given_up_leaves_the_sheet_and_nothing_else(stage: Stage, run: Run) -> None:
    page = review(stage, QUALITY)
    press(page, Qt.Key.Key_G)
    stage.settle()
    hit(stage, Qt.Key.Key_Return)
    hit(stage, Qt.Key.Key_Escape)
    assert page.gaps.sheet.isVisible()
    assert QApplication.focusWidget() is page.gaps.sheet
    assert service(stage).waiting() == (run,)


def test_decided_elsewhere_meanwhile_says_so(stage: Stage, run: Run) -> None:
    page = review(stage, QUALITY)
    press(page, Qt.Key.Key_G)
    stage.settle()
    stage.world.lost.invalidate(run.id, "采集线脱落", "", stage.context().session())
    give(stage, page.gaps)
    assert "已经处理" in page.gaps.sheet.refusal.text()


def test_it_speaks_the_other_language(stage: Stage, run: Run, languages: Languages) -> None:
    page = review(stage, QUALITY)
    press(page, Qt.Key.Key_G)
    stage.settle()
    languages.use(Language.EN)
    page.retranslate()
    assert "samples are missing" in page.gaps.sheet.title.text()
    assert page.gap_note.text().startswith("1 run with a gap")
