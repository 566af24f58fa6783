"""Machines as they are: line, calibration, range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from labdesk.domain.capture import LinkTrouble, MachineState
from labdesk.domain.evaluation import TestKind
from labdesk.domain.people import Person, Role
from labdesk.domain.sentences import Language
from labdesk.ui.equipment.equipment_page import EquipmentPage, range_text
from labdesk.ui.equipment.forms import EquipmentForm
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.widgets.chips import ChipState
from tests.helpers.benchworld import LARGE, PRESS, UTM
from tests.ui.bench_stage import Stage, new_stage

QUALITY = Person("p-he", "何静", "B1009", (Role.QUALITY,))


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    yield made
    made.close()


def cells(page: EquipmentPage, row: int) -> list[str]:
    model = page.table.rows_model
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


@pytest.mark.rule("YK-7.1")
@pytest.mark.parametrize(
    ("until", "state"),
    [
        (date(2026, 12, 31), ChipState.OK),
        (date(2026, 12, 21), ChipState.WARN),
        (date(2026, 11, 21), ChipState.WARN),
        (date(2026, 11, 20), ChipState.BAD),
    ],
)
def test_a_certificate_is_green_amber_or_red(stage: Stage, until: date, state: ChipState) -> None:
    page = stage.equipment()
    assert page.calibration_chip(replace(UTM, certificate_valid_to=until)).state is state


def test_machines_with_capacity_range_and_line(stage: Stage) -> None:
    page = stage.equipment()
    page._feed._deliver()
    assert cells(page, 0) == ["JC-07", "万能机 2", "600", "120–480", "至 2026-12-31", "就绪"]
    stage.world.capture.advance(UTM.id, state=MachineState.LOST, trouble=LinkTrouble.SILENT, detail="no byte for 5 s")
    page._feed._deliver()
    assert cells(page, 0)[-1] == "线路中断"
    shown = {fact.label: fact.value for fact in page.facts.facts}
    assert (shown["端口"], shown["驱动"]) == ("socket://127.0.0.1:1", "labdesk_utm")
    page.table.select(2)
    assert page.table.current_row() == PRESS


def key(page: EquipmentPage, name: str) -> None:
    """The page's own key, which must be possible now."""
    actions = page.keys()
    next(action for action in actions if action.key == name and action.enabled()).act()


def fill(form: EquipmentForm, **values: str) -> None:
    """Types into fields."""
    for name, text in values.items():
        field = form.fields[name]
        if isinstance(field, QLineEdit):
            field.setText(text)
        else:
            field.setCurrentIndex(field.findData(text))


@pytest.mark.rule("YK-7.1")
def test_a_new_certificate_by_keyboard(stage: Stage) -> None:
    stage.person = QUALITY
    page = stage.equipment()
    page.show()
    key(page, "F2")
    form = page.registering.paper
    assert form.isVisible()
    fill(form, certificate="LX2027-031", valid_from="2026-12-20", valid_to="2027-12-19")
    QTest.keyClick(form.fields["valid_to"], Qt.Key.Key_Return)
    stage.settle()
    assert not form.isVisible()
    assert cells(page, 0)[4] == "2026-12-20 起有效"
    with stage.world.store.read() as uow:
        kept = uow.equipment.get(UTM.id)
    assert kept is not None
    assert (kept.certificate_no, kept.certificate_valid_to) == ("LX2027-031", date(2027, 12, 19))
    assert "JC-07" in stage.notices[-1].text


def test_a_refused_certificate_stays_typed(stage: Stage) -> None:
    stage.person = QUALITY
    page = stage.equipment()
    page.show()
    key(page, "F2")
    form = page.registering.paper
    fill(form, certificate="LX2027-031", valid_from="2026-12-20", valid_to="20.12.2027")
    form.given.emit()
    stage.settle()
    assert form.isVisible()
    assert "20.12.2027" in form.refusal.text()
    assert form.certificate().number == "LX2027-031"
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    with stage.world.store.read() as uow:
        assert uow.equipment.get(UTM.id) == UTM


def test_a_new_machine_is_registered_and_handed_to_capture(stage: Stage) -> None:
    stage.person = QUALITY
    page = stage.equipment()
    page.show()
    key(page, "F8")
    form = page.registering.form
    fill(
        form, number="JC-21", name="压力机 2", driver_id="yaohua_xk3190a9", port_url="COM7", capacity_kn="3000",
        certificate="LX2026-201", accuracy_class="1", valid_from="2026-06-01", valid_to="2027-05-31",
    )  # fmt: skip
    form.tests[TestKind.COMPRESSION].setFocus()
    QTest.keyClick(form.tests[TestKind.COMPRESSION], Qt.Key.Key_Space)
    QTest.keyClick(form.tests[TestKind.FLEXURE], Qt.Key.Key_Return)
    stage.settle()
    assert not form.isVisible(), form.refusal.text()
    made = next(each for each in stage.world.capture.machines.values() if each.number == "JC-21")
    assert (made.driver_id, made.tests, made.capacity_kn) == ("yaohua_xk3190a9", ("compression",), Decimal(3000))
    assert [cells(page, row)[0] for row in range(4)] == ["JC-07", "JC-09", "JC-12", "JC-21"]


def test_a_change_begins_with_what_is_registered(stage: Stage) -> None:
    stage.person = QUALITY
    page = stage.equipment()
    page.show()
    key(page, "F4")
    form = page.registering.form
    fill(form, port_url="COM9")
    form.given.emit()
    stage.settle()
    with stage.world.store.read() as uow:
        assert uow.equipment.get(UTM.id) == replace(UTM, port_url="COM9")
    assert page.table.current_row() == replace(UTM, port_url="COM9")


def test_a_technician_is_offered_nothing_to_change(stage: Stage) -> None:
    page = stage.equipment()
    actions = page.keys()
    assert not [action for action in actions if action.enabled()]


def test_the_open_form_changes_its_language_and_keeps_what_was_typed(stage: Stage, languages: Languages) -> None:
    stage.person = QUALITY
    page = stage.equipment()
    page.show()
    key(page, "F2")
    fill(page.registering.paper, certificate="LX2027-031")
    languages.use(Language.EN)
    page.retranslate()
    assert page.registering.paper.fields["certificate"].accessibleName() == "Certificate number"
    assert page.registering.paper.certificate().number == "LX2027-031"


def test_range_of_a_machine() -> None:
    assert range_text(LARGE) == "180–720"


def test_without_machines_the_page_says_who_registers_them(stage: Stage) -> None:
    page = stage.equipment()
    page._show_machines([])
    assert page.empty.isVisibleTo(page)
