"""The demonstration's small window: a click scans, and the keyboard stays with LabDesk."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from labdesk.app.demo.people import EVERYBODY
from labdesk.app.desktop.demo.pocket import Pocket, scannable
from labdesk.domain.codes import CodeKind, format_code
from labdesk.domain.commission import Commission
from labdesk.domain.store import Store
from tests.helpers.receptionworld import rebar_commission


class Machine:
    """Remembers what it was loaded with."""

    def __init__(self) -> None:
        self.loads: list[tuple[str, dict[str, object]]] = []

    def load(self, scenario: str, **settings: object) -> None:
        self.loads.append((scenario, settings))


class Hands:
    """World and window around the pocket."""

    def __init__(self, commission: Commission) -> None:
        self.scans: list[str] = []
        self.utm, self.press, self.calls = Machine(), Machine(), list[str]()
        self.world = cast(
            "Any",
            SimpleNamespace(
                scanner=SimpleNamespace(scan=self.scans.append),
                utm=self.utm,
                press=self.press,
                platform=SimpleNamespace(
                    unplug=lambda: self.calls.append("unplug"), start=lambda: self.calls.append("start")
                ),
                site=SimpleNamespace(commissions=(commission,)),
            ),
        )
        self.window = QWidget()
        self.window.resize(800, 600)
        self.pocket = Pocket(self.world, cast("Store", EmptyStore()), self.window)

    def press_button(self, words: str) -> None:
        """The button whose caption has these words."""
        button = next(each for each in self.pocket.findChildren(QPushButton) if words in each.text())
        button.click()


class EmptyStore:
    """A laboratory that has received nothing yet."""

    def read(self) -> EmptyStore:
        return self

    def __enter__(self) -> Any:
        return SimpleNamespace(reception=SimpleNamespace(recent_lots=lambda limit: []))

    def __exit__(self, *error: object) -> None:
        return None


@pytest.fixture
def hands(qapp: object) -> Hands:
    del qapp
    return Hands(rebar_commission())


def test_everything_that_can_be_scanned_is_there(hands: Hands) -> None:
    codes = [code for _, code in scannable(hands.world, cast("Store", EmptyStore()))]
    tags = [sample.tag for lot in rebar_commission().lots for sample in lot.samples]
    assert {format_code(CodeKind.TAG, tag) for tag in tags} < set(codes)
    assert {format_code(CodeKind.BADGE, person.badge) for person in EVERYBODY} < set(codes)


def test_a_click_scans_and_gives_the_keyboard_back(hands: Hands) -> None:
    activated: list[str] = []
    hands.window.activateWindow = lambda: activated.append("window")  # type: ignore[method-assign]
    first = hands.pocket._codes.item(0)
    hands.pocket._codes.itemClicked.emit(first)
    assert hands.scans == [format_code(CodeKind.BADGE, EVERYBODY[0].badge)]
    assert activated == ["window"]


def test_machines_and_platform_hang_on_its_buttons(hands: Hands) -> None:
    hands.press_button("Pull a bar")
    hands.press_button("the line dies")
    hands.press_button("Unplug")
    hands.press_button("Plug the platform in")
    assert hands.utm.loads[0][0] == "rebar"
    assert hands.press.loads[0][1]["fault"] == "unplug@70:3"
    assert hands.calls == ["unplug", "start"]
