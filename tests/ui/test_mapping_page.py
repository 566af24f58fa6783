"""The mapping assistant on screen: read, check, say units, preview, register; and a notice reviewed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from labdesk.app.desktop.pages import page_specs
from labdesk.app.desktop.rooms import LazyRooms
from labdesk.app.foundation import open_foundation
from labdesk.app.paths import Home
from labdesk.domain.people import Person, Role
from labdesk.domain.sentences import Language
from labdesk.domain.watching import RecordEvent, SourceKind
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.i18n import Languages, language
from labdesk.ui.ops import Ops
from labdesk.ui.page import PageContext
from labdesk.ui.sounds import Sounds
from labdesk.ui.tokens import Size
from labdesk.ui.watching.both import CHANGE_KEY, BothPages
from labdesk.ui.watching.mapping_page import MappingPage, WatchDeps
from labdesk.ui.watching.words import event_name, field_name, kind_name
from tests.helpers.benchworld import TECHNICIAN, UTM, session
from tests.helpers.stores import opened_engine
from tests.helpers.watchworld import QUALITY, TABLES, WatchWorld, maker_database, maker_writes

ONE = "G26-00417-1"


class Stage:
    """The page on a laboratory, with somebody before it."""

    def __init__(self, world: WatchWorld, ops: Ops, qtbot: QtBot) -> None:
        self.world, self.ops, self._qtbot = world, ops, qtbot
        self.person: Person = QUALITY
        self.errors = ErrorDesk(language)
        self.told: list[str] = []
        self.errors.noticed.connect(lambda notice: self.told.append(notice.text))
        ops.failed.connect(self.errors.report)
        context = PageContext(
            ops, self.errors, Sounds(enabled=False), lambda: session(self.person), language, lambda page: None
        )
        self.page = MappingPage(context, WatchDeps(world.watcher, self.machines, ("rebar-lot", "concrete-cube")))
        qtbot.addWidget(self.page)
        self.page.on_shown()
        self.settle()

    def machines(self) -> list:  # type: ignore[type-arg]
        with self.world.bench.store.read() as uow:
            return uow.equipment.all()

    def settle(self) -> None:
        self._qtbot.waitUntil(lambda: self.ops.idle, timeout=30_000)

    def press(self, key: str) -> None:
        actions = self.page.keys()
        action = next(action for action in actions if action.key == key)
        assert action.enabled(), key
        action.act()
        self.settle()

    def possible(self) -> list[str]:
        actions = self.page.keys()
        return [action.key for action in actions if action.enabled()]


@pytest.fixture
def stage(dressed: Languages, ops: Ops, qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield Stage(WatchWorld(engine), ops, qtbot)


def test_from_a_database_to_a_watched_source(stage: Stage, tmp_path: Path) -> None:
    maker = tmp_path / "maker.db"
    maker_database(maker)
    maker_writes(maker, 17, ONE)
    maker_writes(maker, 18, "G26-00417-2")
    page = stage.page
    page.place.name.setText("UTM 2")
    page.place.location.setText(str(maker))
    page.place.machine.setCurrentIndex(page.place.machine.findData(UTM.id))
    stage.press("F5")
    assert page.fields.mapping() == {name: text for name, text in TABLES.items() if not name.startswith("set.")}
    assert set(page.fields.missing_units()) == {"curve.time", "curve.force", "curve.displacement"}
    assert "F8" not in stage.possible()  # the units are not said
    for name, unit in (("curve.time", "s"), ("curve.force", "N"), ("curve.displacement", "mm")):
        page.fields.units[name].setCurrentText(unit)
    stage.press("F6")
    model = page.previews.rows_model
    assert [model.index(0, column).data() for column in range(4)] == ["17", ONE, "39.986", "75"]
    stage.press("F8")
    (source,) = stage.world.watcher.sources()
    assert (source.name, source.machine_id, source.mapping["set.force_unit"]) == ("UTM 2", UTM.id, "N")
    assert stage.world.settled(source, source.settle_s).new[0].problem == ""


def test_a_folder_needs_no_columns(stage: Stage, tmp_path: Path) -> None:
    page = stage.page
    page.place.kind.setCurrentIndex(page.place.kind.findData(SourceKind.FOLDER))
    page.place.name.setText("out")
    page.place.location.setText(str(tmp_path))
    assert not page.fields.isEnabled()
    stage.press("F5")
    stage.press("F8")
    assert stage.world.watcher.sources()[0].kind is SourceKind.FOLDER


def test_a_notice_is_reviewed_in_words(stage: Stage, tmp_path: Path) -> None:
    maker = tmp_path / "maker.db"
    maker_database(maker)
    maker_writes(maker, 17, ONE)
    source = stage.world.watch(SourceKind.SQLITE, maker, TABLES)
    stage.world.settled(source)
    with closing(sqlite3.connect(maker)) as database, database:
        database.execute("DELETE FROM TestRecord")
    stage.world.settled(source)
    stage.page.on_shown()
    stage.settle()
    model = stage.page.notices.table.rows_model
    assert [model.index(0, column).data() for column in (0, 1, 2)] == ["17", event_name(RecordEvent.DELETED), ONE]
    assert model.index(0, 3).data() == f"{source.name} · {UTM.number} {UTM.name}"
    assert stage.page.sources.text().splitlines()[1].startswith(f"{source.name}：{UTM.number} {UTM.name}")
    assert source.responsible_name in stage.page.sources.text()
    assert UTM.id not in stage.page.sources.text()
    stage.press("F7")
    stage.page.notices.reason.given.emit("mit dem Bediener geklärt")
    stage.settle()
    assert stage.world.watcher.notices() == []
    assert model.rowCount() == 0


def test_a_record_of_nobody_is_assigned(stage: Stage, tmp_path: Path) -> None:
    maker = tmp_path / "maker.db"
    maker_database(maker)
    maker_writes(maker, 17, "typo")
    stage.world.settled(stage.world.watch(SourceKind.SQLITE, maker, TABLES))
    stage.page.on_shown()
    stage.settle()
    stage.press("F9")
    stage.page.notices.label_sheet.given.emit(ONE)
    stage.settle()
    assert stage.world.watcher.notices() == []
    with stage.world.bench.store.read() as uow:
        assert len(uow.testing.runs_of_specimen(ONE)) == 1


def test_a_technician_may_look_only(stage: Stage) -> None:
    stage.person = TECHNICIAN
    assert stage.possible() == []
    stage.person = replace(QUALITY, roles=(Role.ADMINISTRATOR,))
    assert "F5" in stage.possible()


@pytest.mark.allow_log(r"labdesk\.ui\.errors:WARNING:environment fault: watching\.unreadable")
def test_an_unreadable_place_is_said(stage: Stage, tmp_path: Path) -> None:
    stage.page.place.location.setText(str(tmp_path / "missing.db"))
    stage.press("F5")
    assert any("missing.db" in text for text in stage.told)


@pytest.mark.parametrize("spoken", list(Language))
def test_every_word_is_there_in_both_languages(stage: Stage, languages: Languages, spoken: Language) -> None:
    languages.use(spoken)
    stage.page.retranslate()
    words = [kind_name(kind) for kind in SourceKind] + [event_name(event) for event in RecordEvent]
    words += [field_name(name) for name in stage.page.fields.columns]
    assert len(set(words)) == len(words)


def test_the_desktop_builds_the_page_from_the_opened_laboratory(stage: Stage, tmp_path: Path) -> None:
    base = open_foundation(Home(tmp_path / "home"))
    try:
        rooms = SimpleNamespace(
            base=base, bench=SimpleNamespace(bench=stage.world.bench.bench), capture=stage.world.bench.capture
        )
        lazy = LazyRooms(lambda: rooms)  # type: ignore[arg-type,return-value]
        spec = next(spec for spec in page_specs(lazy) if spec.id == "equipment")
        both = spec.factory(stage.page.context)
        assert isinstance(both, BothPages)
        page = both.pages[1]
        assert isinstance(page, MappingPage)
        both.on_shown()
        stage.settle()
        stage.person = TECHNICIAN
        assert not both.keys()[-1].enabled()
        stage.person = QUALITY
        both.keys()[-1].act()
        stage.settle()
        assert both.front is page
        actions = both.keys()
        assert [action.key for action in actions] == ["F5", "F6", "F8", "F7", "F9", CHANGE_KEY]
        both.handle_key(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F10, Qt.KeyboardModifier.NoModifier))
        assert both.front is both.pages[0]
        methods = [page.place.method.itemText(at) for at in range(page.place.method.count())]
        assert {"rebar-lot", "concrete-cube"} <= set(methods)
        assert "sand-mud" not in methods
        both.on_left()
        both.deleteLater()
    finally:
        base.close()


def test_the_page_fits_the_smallest_window(stage: Stage) -> None:
    hint = stage.page.minimumSizeHint()
    assert hint.width() <= Size.WINDOW_MIN_WIDTH - Size.RAIL
    assert hint.height() <= Size.WINDOW_MIN_HEIGHT - Size.HEADER - Size.STATUS_BAR
