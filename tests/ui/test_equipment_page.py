"""Machines as they are: line, calibration, range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from labdesk.domain.capture import LinkTrouble, MachineState
from labdesk.ui.equipment.equipment_page import EquipmentPage, range_text
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.widgets.chips import ChipState
from tests.helpers.benchworld import LARGE, PRESS, UTM
from tests.ui.bench_stage import Stage, new_stage


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


def test_range_of_a_machine() -> None:
    assert range_text(LARGE) == "180–720"


def test_without_machines_the_page_says_who_registers_them(stage: Stage) -> None:
    page = stage.equipment()
    page._show_machines([])
    assert page.empty.isVisibleTo(page)
