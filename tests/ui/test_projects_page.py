"""The projects page in a real window: found by words, with letters that say whether they are valid today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from labdesk.domain.sentences import Language
from labdesk.domain.sync_ports import InboxKind
from labdesk.services.projects import LetterState
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.projects.page import ProjectsPage
from labdesk.ui.widgets.chips import ChipState
from tests.helpers.receptionworld import (
    BARS,
    CLIENT,
    REBAR,
    RECEPTIONIST,
    SCHOOL_CODE,
    TOWER_CODE,
    ReceptionWorld,
    letters,
    make_counter,
    project,
)
from tests.helpers.stores import opened_engine
from tests.ui.fakes import settle
from tests.ui.screens_reception import context_for


@pytest.fixture
def made(tmp_path: Path) -> Iterator[ReceptionWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_counter(engine)


@pytest.fixture
def page(qtbot: QtBot, ops: Ops, dressed: Languages, made: ReceptionWorld) -> Iterator[ProjectsPage]:
    shown = ProjectsPage(context_for(ops, RECEPTIONIST, []), made.projects)
    qtbot.addWidget(shown)
    shown.resize(1200, 700)
    shown.show()
    yield shown
    settle(ops)


def show(page: ProjectsPage) -> None:
    """The page comes to the front and has read everything."""
    page.on_shown()
    for _ in range(3):
        settle(page.context.ops)


def search(page: ProjectsPage, words: str) -> list[str]:
    """Codes of the projects found by these words."""
    page.search.setText(words)
    for _ in range(3):
        settle(page.context.ops)
    return [found.code for found in page.list.rows_model.rows]


def test_a_project_is_found_by_part_of_name_or_code(page: ProjectsPage) -> None:
    show(page)
    assert {found.code for found in page.list.rows_model.rows} == {TOWER_CODE, SCHOOL_CODE}
    assert search(page, "小学") == [SCHOOL_CODE]
    assert page.header.subtitle == SCHOOL_CODE
    assert search(page, "7752") == [TOWER_CODE]
    assert search(page, "没有这个") == []
    assert page.stack.currentWidget() is page.empty
    assert len(search(page, "")) == 2
    assert page.stack.currentWidget() is not page.empty


@pytest.mark.rule("YK-4.3", "YK-5.1")
def test_letters_say_whether_they_are_valid_today(page: ProjectsPage, made: ReceptionWorld) -> None:
    made.clock.forward(seconds=1)
    expired, later = (date(2025, 1, 1), date(2026, 11, 20)), (date(2026, 11, 22), date(2027, 1, 1))
    today = (date(2026, 11, 21), date(2026, 11, 21))
    every = tuple(letters(days)[0] for days in (expired, later, today))
    made.send(replace(project(), authorisations=every), InboxKind.PROJECT, f"project:{TOWER_CODE}")
    show(page)
    search(page, "滨海")
    rows = page.letters.rows_model.rows
    assert [row.state for row in rows] == [LetterState.VALID, LetterState.NOT_YET, LetterState.EXPIRED]
    chip = page.letters.rows_model.columns[-1].chip
    assert chip is not None
    assert [chip(row).state for row in rows] == [ChipState.OK, ChipState.WARN, ChipState.BAD]


@pytest.mark.rule("LN-3.1")
def test_everything_under_the_code_is_there_and_what_was_received_says_so(
    page: ProjectsPage, made: ReceptionWorld
) -> None:
    made.scan_all(REBAR, BARS[:6])
    made.finish()
    show(page)
    search(page, "滨海")
    shown = {found.number: page.is_received(found) for found in page.commissions.rows_model.rows}
    assert shown[REBAR]
    assert list(shown.values()).count(True) == 1
    assert [lot.number for lot in page.lots.rows_model.rows] == ["GJ-2026-00001"]
    assert CLIENT.name in [fact.value for fact in page.facts.facts]
    search(page, "小学")
    assert not page.cards[3].isVisible(), "nothing of the school was received"


def test_arrows_in_the_search_field_walk_the_list(page: ProjectsPage) -> None:
    show(page)
    first = page.list.current_row()
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    for _ in range(2):
        settle(page.context.ops)
    second = page.list.current_row()
    assert first is not None
    assert second is not None
    assert first.code != second.code
    assert page.header.subtitle == second.code


def test_an_empty_page_says_how_to_begin_in_both_languages(
    qtbot: QtBot, ops: Ops, dressed: Languages, tmp_path: Path
) -> None:
    with opened_engine(f"sqlite:///{tmp_path / 'empty.db'}") as engine:
        shown = ProjectsPage(context_for(ops, RECEPTIONIST, []), make_counter(engine, filled=False).projects)
        qtbot.addWidget(shown)
        shown.show()
        show(shown)
        assert shown.stack.currentWidget() is shown.empty
        chinese = shown.search.placeholderText()
        dressed.use(Language.EN)
        shown.retranslate()
        assert shown.search.placeholderText() == "Project code or name" != chinese
