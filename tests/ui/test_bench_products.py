"""The bench with products: small forces, rates in kN/s, splits and prisms; what the technician reads is the standard's own unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labdesk.domain.codes import CodeKind
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.testing.bench_page import BenchPage
from labdesk.ui.widgets.banner import VerdictState
from tests.helpers.productworld import BEAMS, PRISMS, SMALL_PRESS
from tests.ui.bench_stage import Stage, new_stage, scan
from tests.ui.product_stage import WELD_LOT, beams, cement, furnish, rise


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    furnish(made)
    yield made
    made.close()


def opened(stage: Stage, machine_id: str) -> BenchPage:
    page = stage.bench()
    page.resize(1278, 680)
    page.show()
    page.choose(machine_id)
    return page


def settle(stage: Stage, page: BenchPage) -> None:
    stage.settle()
    page.feed._deliver()
    stage.settle()


@pytest.mark.rule("YK-7.2a")
def test_a_beam_is_followed_in_the_rate_of_its_grade(stage: Stage) -> None:
    page = opened(stage, BEAMS.id)
    lot = beams()
    scan(page, CodeKind.SPECIMEN, lot.specimens[0].label)
    settle(stage, page)
    scan(page, CodeKind.TAG, lot.specimens[0].tag)
    settle(stage, page)
    assert len(stage.world.capture.armed) == 1
    rise(stage, lot, BEAMS.id, 0.5)
    settle(stage, page)
    assert "0.05–0.08 MPa/s" in page.live.rate.accessibleName()
    assert (page.live.force.figure, page.live.rate.figure) == ("15.3", "0.065")
    assert "2.04 MPa" in page.live.readings.values()


def test_a_cement_prism_needs_no_tag_and_is_read_in_newtons_and_kilonewtons_a_second(stage: Stage) -> None:
    page = opened(stage, PRISMS.id)
    scan(page, CodeKind.SPECIMEN, "C26-00033-1")
    settle(stage, page)
    assert page.banner.verdict is not None
    assert page.banner.verdict.state is VerdictState.MATCH
    rise(stage, cement(), PRISMS.id, 0.6)
    settle(stage, page)
    assert "0.04–0.06 kN/s" in page.live.rate.accessibleName()
    assert (page.live.force.figure, page.live.rate.figure) == ("2.084", "0.050")


def test_a_half_goes_to_the_press_and_not_to_the_flexure_machine(stage: Stage) -> None:
    page = opened(stage, PRISMS.id)
    scan(page, CodeKind.SPECIMEN, "C26-00033-1A")
    settle(stage, page)
    assert page.banner.verdict is not None
    assert page.banner.verdict.state is VerdictState.MISMATCH
    assert "抗压" in page.banner.verdict.reason
    page.choose(SMALL_PRESS.id)
    scan(page, CodeKind.SPECIMEN, "C26-00033-1A")
    settle(stage, page)
    assert [request.specimen_label for request in stage.world.capture.armed] == ["C26-00033-1A"]
    rise(stage, cement(), SMALL_PRESS.id, 0.5)
    settle(stage, page)
    assert "2.2–2.6 kN/s" in page.live.rate.accessibleName()


def test_pulled_and_bent_welds_have_their_own_captions_on_one_sheet(stage: Stage) -> None:
    stage.choice.number = WELD_LOT
    page = stage.lots()
    page.show()
    stage.settle()
    captions = [name.text() for name, _, _ in page.entries._captions]
    assert any("断裂位置" in text for text in captions)
    assert any("裂缝宽" in text for text in captions)
    assert len(captions) == 2
