"""The methods page in a real window: found by words, read as a sheet, refused files told, everything as one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from labdesk.domain.sentences import Language
from labdesk.services.method_catalogue import DataMethods
from labdesk.services.method_desk import MethodDesk
from labdesk.ui.i18n import Languages
from labdesk.ui.methods.page import MethodsPage
from labdesk.ui.ops import Ops
from tests.helpers.receptionworld import RECEPTIONIST
from tests.helpers.source import ROOT
from tests.ui.fakes import settle
from tests.ui.screens_reception import context_for

MUD = (ROOT / "resources" / "methods" / "sand-mud.toml").read_text(encoding="utf-8")
OWN = 'author = "Li Hua"\nreason = "print"\n' + MUD


@pytest.fixture
def opened() -> list[tuple[str, bytes]]:
    return []


@pytest.fixture
def page(
    qtbot: QtBot, ops: Ops, dressed: Languages, tmp_path: Path, opened: list[tuple[str, bytes]]
) -> Iterator[MethodsPage]:
    desk = MethodDesk(DataMethods(lambda: tmp_path))
    shown = MethodsPage(context_for(ops, RECEPTIONIST, []), desk, lambda name, data: opened.append((name, data)))
    qtbot.addWidget(shown)
    shown.resize(1200, 700)
    shown.show()
    yield shown
    settle(ops)


def search(page: MethodsPage, words: str) -> list[str]:
    """Ids of the methods found by these words."""
    page.search.setText(words)
    page.on_shown()
    for _ in range(3):
        settle(page.context.ops)
    return [line.id for line in page.list.rows_model.rows]


def test_a_method_is_found_by_words_of_either_language(page: MethodsPage) -> None:
    assert len(search(page, "")) > 100
    assert search(page, "含泥量 砂") == ["sand-mud"]
    assert search(page, "SAND mud") == ["sand-mud"]
    assert set(search(page, "GB/T 4100")) == {"tile-strength", "tile-water-absorption"}
    assert search(page, "没有这个") == []
    assert page.stack.currentWidget() is page.empty


def test_the_chosen_method_is_read_as_a_sheet(page: MethodsPage) -> None:
    search(page, "tile")
    first = page.sheet.toPlainText()
    assert "GB/T 3810" in first
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    settle(page.context.ops)
    assert page.sheet.toPlainText() != first
    assert "未核对" in page.sheet.toPlainText()


def test_own_and_refused_files_are_seen_from_the_next_visit(page: MethodsPage, tmp_path: Path) -> None:
    search(page, "sand-mud")
    assert not page.faults.isVisible()
    (tmp_path / "mud.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "bad.toml").write_text("id = 3\n", encoding="utf-8")
    search(page, "sand-mud")
    assert page.list.rows_model.rows[0].own
    assert "Li Hua" in page.sheet.toPlainText()
    assert page.faults.isVisible()
    assert "bad.toml:1" in page.faults.text()


def test_everything_opens_as_one_page(page: MethodsPage, opened: list[tuple[str, bytes]]) -> None:
    page.on_shown()
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier)
    assert page.handle_key(key)
    settle(page.context.ops)
    assert opened[-1][1].startswith(b"<!DOCTYPE html>")


def test_the_page_follows_the_language(page: MethodsPage, dressed: Languages) -> None:
    search(page, "sand-mud")
    dressed.use(Language.EN)
    for _ in range(3):
        settle(page.context.ops)
    assert page.search.placeholderText() == "Material, test or standard"
