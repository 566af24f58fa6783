"""Curves after the test: found, laid over each other, replayed, exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from labdesk.domain.capture import EndReason
from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.scans import Scan, ScanSource
from labdesk.domain.sentences import Language
from labdesk.services.run_archive import RunArchive
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.page import KeyAction
from labdesk.ui.testing.curves_page import CurvesDeps, CurvesPage
from labdesk.ui.widgets.compare import MOST
from tests.helpers.benchworld import BAR, NOW
from tests.ui.bench_stage import Stage, new_stage

ONE, TWO, CUBE = "G26-00417-1", "G26-00417-2", "H26-00133-1"


class NoJournals:
    """Another computer captured them."""

    def fetch_journal(self, run_id: str, device: int = 0) -> bytes:
        raise OperatorError("capture.no_such_run", run_id=run_id)


def no_decoding(journal: bytes, driver_id: str, settings: object) -> bytes:
    raise AssertionError("nothing is decoded here")


@dataclass
class Shown:
    """The page, and folders it opened."""

    stage: Stage
    page: CurvesPage
    folders: list[Path] = field(default_factory=list)

    def actions(self) -> tuple[KeyAction, ...]:
        return self.page.keys()

    def key(self, name: str) -> None:
        action = next(each for each in self.actions() if each.key == name)
        assert action.enabled()
        action.act()
        self.stage.settle()


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    yield made
    made.close()


def shown(stage: Stage, tmp_path: Path) -> Shown:
    world = stage.world
    archive = RunArchive(world.store, world.blobs, NoJournals(), no_decoding)
    folders: list[Path] = []
    page = CurvesPage(stage.context(), CurvesDeps(archive, tmp_path / "exports", folders.append))
    stage.pages.append(page)
    page.resize(1278, 672)
    page.show()
    page.on_shown()
    stage.settle()
    return Shown(stage, page, folders)


@pytest.fixture
def three(stage: Stage, tmp_path: Path) -> Shown:
    stage.world.load(ONE)
    stage.world.load(TWO, replace(BAR, share=0.5, end=EndReason.LOST_LINK))
    cube = next(
        each.label for lot in stage.world.reception.lots.values() for each in lot.specimens if "H" in each.label
    )
    stage.world.load(cube)
    return shown(stage, tmp_path)


def numbers(page: CurvesPage) -> list[str]:
    return [run.number for run in page.table.rows_model.rows]


def test_an_empty_laboratory_says_how_curves_come(stage: Stage, tmp_path: Path) -> None:
    made = shown(stage, tmp_path)
    assert made.page.empty.isVisible()
    assert not [action for action in made.actions() if action.key == "F5" and action.enabled()]


def test_runs_newest_first_and_the_newest_drawn(three: Shown) -> None:
    page = three.page
    assert numbers(page) == sorted(numbers(page), reverse=True)
    assert len(numbers(page)) == 3
    assert [drawn.run.number for drawn in page.compared.values()] == numbers(page)[:1]
    assert page.plot.points_of(0) > 50


def test_search_by_words_and_by_scan(three: Shown) -> None:
    page = three.page
    page.search.setText(f"JC-07 {ONE}")
    page.load()
    three.stage.settle()
    assert [run.specimen_label for run in page.table.rows_model.rows] == [ONE]
    assert page.on_scan(Code(CodeKind.SPECIMEN, TWO), Scan("", "", ScanSource.WEDGE, "", 60, NOW))
    three.stage.settle()
    assert [run.specimen_label for run in page.table.rows_model.rows] == [TWO]
    page.search.setText("%")
    page.load()
    three.stage.settle()
    assert page.empty.isVisible()


def test_curves_are_laid_over_each_other_and_taken_away(three: Shown) -> None:
    page = three.page
    page.table.select(2)
    three.key("Space")
    page.table.select(1)
    three.key("Space")
    assert len(page.compared) == 3
    assert page.legend.texts[2].startswith("3   SY")
    assert any("线路" in text for text in page.legend.texts)
    three.key("Space")
    assert len(page.compared) == 2
    assert page.plot.points_of(1) > 50


def test_an_axis_that_one_curve_lacks_is_not_offered(three: Shown) -> None:
    page = three.page
    page.toggle(page.table.rows_model.rows[0])
    page.toggle(page.table.rows_model.rows[2])
    three.stage.settle()
    seen = set()
    for _ in range(3):
        three.key("F7")
        seen.add(page.axis)
    assert seen == {"time", "extension", "displacement"}
    page.toggle(page.table.rows_model.rows[0])
    three.stage.settle()
    able = {page.axis}
    for _ in range(3):
        three.key("F7")
        able.add(page.axis)
    assert able == {name for name in seen if all(name in each.axes for each in page.compared.values())}


def test_not_more_than_can_be_told_apart(three: Shown) -> None:
    page = three.page
    drawn = next(iter(page.compared.values()))
    for place in range(MOST):
        page.compared[f"more-{place}"] = drawn
    page.toggle(page.table.rows_model.rows[1])
    three.stage.settle()
    assert str(MOST) in three.stage.notices[-1].text


def test_a_replay_grows_and_ends_whole(three: Shown) -> None:
    page = three.page
    whole = page.plot.points_of(0)
    three.key("F5")
    assert page.replay.running
    assert page.plot.points_of(0) < whole
    page.plot.show_until(page.plot.duration_s / 2)
    assert 0 < page.plot.points_of(0) < whole
    three.key("F6")
    assert page.replay.speed == 16
    assert page.replay.running
    page.replay._started -= 10_000
    page.replay.draw_frame()
    assert not page.replay.running
    assert page.plot.points_of(0) == whole


def test_leaving_stops_the_replay(three: Shown) -> None:
    three.key("F5")
    three.page.on_left()
    assert not three.page.replay.running


def test_exported_files_are_named_and_shown(three: Shown) -> None:
    three.key("F9")
    run = three.page.table.current_row()
    assert run is not None
    folder = three.folders[0]
    assert {path.suffix for path in folder.iterdir()} == {".run", ".csv", ".json"}
    told = three.stage.notices[-1].text
    assert run.number in told
    assert str(folder) in told


def test_keys_and_words_in_both_languages(three: Shown, languages: Languages) -> None:
    page = three.page
    languages.use(Language.EN)
    page.retranslate()
    assert page.axes.text() == "Force, kN / Time, s"
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    three.stage.settle()
    assert not page.compared
