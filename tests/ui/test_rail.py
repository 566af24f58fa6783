"""The rail: entries as tall as they should be, and never taller than the smallest window."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from labdesk.ui.i18n import Languages
from labdesk.ui.icons import Icon
from labdesk.ui.page import PageSpec
from labdesk.ui.shell.rail import Rail
from labdesk.ui.tokens import Size
from tests.ui.fakes import NotePage

#: What is left of 768 below the window's own title and above its status bar.
ROOM = 768 - 32 - Size.STATUS_BAR


def rail_with(qtbot: QtBot, number: int) -> Rail:
    specs = [PageSpec(f"page{n}", lambda: "检测", Icon.TESTING, NotePage) for n in range(number)]
    rail = Rail()
    qtbot.addWidget(rail)
    rail.show_pages(specs)
    rail.resize(Size.RAIL, ROOM)
    rail.show()
    return rail


def heights(rail: Rail) -> set[int]:
    """Heights of the entries of pages."""
    return {entry.button.height() for entry in rail._pages.values()}


def test_eleven_pages_fit_the_smallest_window(qtbot: QtBot, dressed: Languages) -> None:
    rail = rail_with(qtbot, 11)
    assert rail.minimumSizeHint().height() <= ROOM
    assert rail.height() <= ROOM
    assert min(heights(rail)) >= Size.RAIL_ITEM_LEAST


def test_a_few_pages_are_as_tall_as_ever(qtbot: QtBot, dressed: Languages) -> None:
    assert heights(rail_with(qtbot, 7)) == {Size.RAIL_ITEM}
