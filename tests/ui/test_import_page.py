"""A finished test imported by keys: file, questions, specimen by scan, machine, stored and read back; in a real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from labdesk.app.desktop.pages import page_specs
from labdesk.app.desktop.rooms import LazyRooms
from labdesk.app.foundation import open_foundation
from labdesk.app.paths import Home
from labdesk.domain.capture import RunClass
from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.people import Person, Role
from labdesk.domain.scans import Scan, ScanSource
from labdesk.domain.sealed_run import RunMark
from labdesk.domain.sentences import Language
from labdesk.domain.testing import Run
from labdesk.services.imported_runs import ImportDesk
from labdesk.services.importing import Importing
from labdesk.services.runs import RunDeps
from labdesk.ui.errors import NoticeState
from labdesk.ui.i18n import Languages
from labdesk.ui.importing.page import ImportPage, with_importing
from labdesk.ui.ops import Ops
from labdesk.ui.page import Page
from labdesk.ui.watching.both import CHANGE_KEY, BothPages
from tests.helpers import exports
from tests.helpers.benchworld import NOW, REBAR_LOT, STATION, TECHNICIAN, UTM
from tests.helpers.exports import lines
from tests.ui.bench_stage import Stage, new_stage
from tests.unit.services.test_imported_runs import ABORTED, EMPTY, UNITLESS, Memory

ONE, TWO = "G26-00417-1", "G26-00417-2"


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    yield made
    made.close()


@pytest.fixture
def page(stage: Stage) -> ImportPage:
    return opened(stage)


def opened(stage: Stage) -> ImportPage:
    world = stage.world
    deps = RunDeps(world.store, world.blobs, world.clock, world.ids, STATION)
    page = ImportPage(stage.context(), ImportDesk(deps, Importing(Memory())))
    stage.pages.append(page)
    page.resize(1278, 680)
    page.show()
    page.on_shown()
    stage.settle()
    page.machine.setCurrentIndex(page.machine.findData(UTM.id))
    return page


def read(stage: Stage, page: ImportPage, folder: Path, data: bytes, name: str = "test.csv") -> None:
    """A file's path typed, and Enter."""
    (folder / name).write_bytes(data)
    page.path.setText(str(folder / name))
    QTest.keyClick(page.path, Qt.Key.Key_Return)
    stage.settle()


def scanned(stage: Stage, page: ImportPage, label: str) -> None:
    assert page.on_scan(Code(CodeKind.SPECIMEN, label), Scan(label, label, ScanSource.WEDGE, "", 40, NOW))
    stage.settle()


def press(stage: Stage, page: Page, key: Qt.Key) -> bool:
    taken = page.handle_key(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
    stage.settle()
    return taken


def runs(stage: Stage) -> list[Run]:
    with stage.world.store.read() as uow:
        return uow.testing.runs_of_lot(REBAR_LOT)


def pick(page: ImportPage, name: str, unit: str, place: int | None = None) -> None:
    """Chooses a unit (and a column) as a hand does."""
    if place is not None:
        box = page.columns.columns[name]
        box.setCurrentIndex(box.findData(place))
    found = page.columns.units[name]
    found.setCurrentIndex(found.findText(unit))
    found.activated.emit(found.currentIndex())


@pytest.mark.rule("YK-7.2a")
def test_a_file_is_read_shown_and_stored_by_keys(stage: Stage, page: ImportPage, tmp_path: Path) -> None:
    read(stage, page, tmp_path, exports.bluehill(), "A-1.csv")
    assert "Instron Bluehill" in page.file_words.text()
    assert "utf-8" in page.file_words.text()
    assert page.test.curve.drawn_points > 10
    assert page.columns.units["force"].currentText() == "N"
    assert not press(stage, page, Qt.Key.Key_F8)  # no piece yet: the key is not there
    scanned(stage, page, ONE)
    assert press(stage, page, Qt.Key.Key_F8)
    (run,) = runs(stage)
    assert (run.specimen_label, run.run_class, run.marks) == (ONE, RunClass.TEST, (RunMark.IMPORTED,))
    assert stage.notices[-1].state is NoticeState.OK
    assert run.number in stage.notices[-1].text
    assert page.piece_label.text() == ""


def test_a_unit_is_asked_chosen_and_remembered(stage: Stage, page: ImportPage, tmp_path: Path) -> None:
    read(stage, page, tmp_path, UNITLESS)
    assert "不猜测" in page.columns.sentence.text()
    scanned(stage, page, ONE)
    assert not press(stage, page, Qt.Key.Key_F8)
    assert page.columns.columns["force"].currentData() == 2  # its title says so; only the unit is missing
    pick(page, "time", "s", 1)
    stage.settle()
    pick(page, "force", "kN", 2)
    stage.settle()
    assert not page.columns.sentence.isVisible()
    assert press(stage, page, Qt.Key.Key_F7)
    assert stage.notices[-1].state is NoticeState.OK
    read(stage, page, tmp_path, UNITLESS, "again.csv")
    assert not page.columns.sentence.isVisible()
    assert press(stage, page, Qt.Key.Key_F8)
    assert len(runs(stage)) == 1


def test_columns_without_titles_are_chosen_by_their_examples(stage: Stage, page: ImportPage, tmp_path: Path) -> None:
    read(stage, page, tmp_path, lines(lambda row: (row[0], row[1])).encode())
    assert "没有列标题" in page.columns.sentence.text()
    pick(page, "time", "s", 1)
    stage.settle()
    pick(page, "force", "kN", 2)
    stage.settle()
    assert page.test.curve.isVisible()


def test_titles_that_name_no_force_are_shown_and_chosen(stage: Stage, page: ImportPage, tmp_path: Path) -> None:
    read(stage, page, tmp_path, ("Uhr,Signal 7\n" + lines(lambda row: (row[0], row[1]))).encode())
    assert "--set" not in page.columns.sentence.text()
    assert page.columns.sentence.isVisible()
    assert "Signal 7" in [page.columns.columns["force"].itemText(at) for at in range(3)]
    pick(page, "time", "s", 1)
    stage.settle()
    pick(page, "force", "kN", 2)
    stage.settle()
    assert page.test.curve.isVisible()


def test_an_aborted_test_says_so_and_an_empty_one_cannot_be_stored(
    stage: Stage, page: ImportPage, tmp_path: Path
) -> None:
    read(stage, page, tmp_path, ABORTED)
    assert page.test.state.accessibleName() == "中止：未破坏"
    read(stage, page, tmp_path, EMPTY, "empty.csv")
    assert page.test.state.accessibleName() == "空试验"
    scanned(stage, page, ONE)
    assert not press(stage, page, Qt.Key.Key_F8)
    assert runs(stage) == []


def test_two_tests_of_one_file_one_after_the_other(stage: Stage, page: ImportPage, tmp_path: Path) -> None:
    read(stage, page, tmp_path, exports.shimadzu_two())
    for label in (ONE, TWO):
        scanned(stage, page, label)
        assert press(stage, page, Qt.Key.Key_F8)
    assert [run.specimen_label for run in runs(stage)] == [ONE, TWO]
    assert press(stage, page, Qt.Key.Key_F6)


def test_stored_twice_is_refused_in_words(stage: Stage, page: ImportPage, tmp_path: Path) -> None:
    read(stage, page, tmp_path, exports.bluehill())
    scanned(stage, page, ONE)
    press(stage, page, Qt.Key.Key_F8)
    scanned(stage, page, TWO)
    press(stage, page, Qt.Key.Key_F8)
    assert "已经导入过" in stage.notices[-1].text
    assert len(runs(stage)) == 1


def test_a_dropped_file_is_read_and_what_is_no_file_is_not(stage: Stage, page: ImportPage, tmp_path: Path) -> None:
    (tmp_path / "walter.txt").write_bytes(exports.walter_bai())
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.invalid/x"), QUrl.fromLocalFile(str(tmp_path / "walter.txt"))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.dropEvent(drop)
    stage.settle()
    assert "walter+bai" in page.file_words.text()


@pytest.mark.parametrize(("data", "word"), [(b"", "空"), (b"hello, this is a letter", "表")])
def test_what_is_no_test_says_why(stage: Stage, page: ImportPage, tmp_path: Path, data: bytes, word: str) -> None:
    read(stage, page, tmp_path, data)
    assert page.columns.sentence.text()
    assert not page.test.curve.isVisible()
    assert not press(stage, page, Qt.Key.Key_F8)
    del word


@pytest.mark.allow_log(r"labdesk\.ui\.errors:WARNING:environment fault: curve_file\.unreadable.*")
def test_a_missing_file_and_an_unknown_label_are_told(stage: Stage, page: ImportPage, tmp_path: Path) -> None:
    page.path.setText(str(tmp_path / "nothing.csv"))
    QTest.keyClick(page.path, Qt.Key.Key_Return)
    stage.settle()
    told = len(stage.notices) + len(stage.boxes)
    assert told == 1
    scanned(stage, page, "G26-09999-1")
    assert len(stage.notices) + len(stage.boxes) == 2
    assert not page.complete()


def test_it_speaks_the_other_language(stage: Stage, page: ImportPage, tmp_path: Path, languages: Languages) -> None:
    read(stage, page, tmp_path, UNITLESS)
    languages.use(Language.EN)
    page.retranslate()
    assert "does not guess" in page.columns.sentence.text()
    assert page.columns._captions["force"].text() == "Force"


def test_it_lies_behind_a_key_of_the_curves_for_who_may(stage: Stage, page: ImportPage) -> None:
    class Front(Page):
        pass

    both = with_importing(stage.context(), Front(stage.context()), page)
    stage.pages.append(both)
    assert isinstance(both, QWidget)
    actions = both.keys()
    change = next(action for action in actions if action.key == CHANGE_KEY)
    assert change.enabled()
    stage.person = Person("p-x", "门卫", "B9", (Role.RECEPTION,))
    assert not change.enabled()
    stage.person = TECHNICIAN
    change.act()
    stage.settle()
    assert both.front is page


def test_the_desktop_puts_it_behind_the_page_of_curves(stage: Stage, tmp_path: Path) -> None:
    base = open_foundation(Home(tmp_path / "home"))
    try:
        world = stage.world
        deps = RunDeps(world.store, world.blobs, world.clock, world.ids, STATION)
        rooms = SimpleNamespace(base=base, bench=SimpleNamespace(deps=deps))
        specs = page_specs(LazyRooms(lambda: rooms))  # type: ignore[arg-type,return-value]
        both = next(spec for spec in specs if spec.id == "curves").factory(stage.context())
        stage.pages.append(both)
        assert isinstance(both, BothPages)
        assert isinstance(both.pages[1], ImportPage)
        both.on_shown()
        stage.settle()
    finally:
        base.close()
