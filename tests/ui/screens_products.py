"""Pictures of the bench and the samples page with products: what waits, a beam under load, a prism, welds to be measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from labdesk.domain.codes import CodeKind
from labdesk.ui.testing.bench_page import BenchPage
from tests.helpers.productworld import BEAMS, PRISMS
from tests.ui.bench_stage import Stage, scan
from tests.ui.product_stage import BEAM_LOT, SPLICE_LOT, WELD_LOT, beams, cement, furnish, rise
from tests.ui.screens_testing import framed, framed_again, stage, wait


def bench(change: Callable[[Stage, BenchPage], object] = lambda made, page: None) -> QWidget:
    made = stage()
    furnish(made)
    page = made.bench()
    frame = framed(page)
    change(made, page)
    made.settle()
    if page.live.plot.isVisible():
        page.live.plot.draw_frame()
    return framed_again(frame, page)


def beam_live(made: Stage, page: BenchPage) -> None:
    lot = beams()
    page.choose(BEAMS.id)
    scan(page, CodeKind.SPECIMEN, lot.specimens[0].label)
    made.settle()
    scan(page, CodeKind.TAG, lot.specimens[0].tag)
    made.settle()
    rise(made, lot, BEAMS.id, 0.7)
    wait(made, page)


def prism_live(made: Stage, page: BenchPage) -> None:
    page.choose(PRISMS.id)
    scan(page, CodeKind.SPECIMEN, "C26-00033-1")
    made.settle()
    rise(made, cement(), PRISMS.id, 0.6)
    wait(made, page)


def prism_wrong_machine(made: Stage, page: BenchPage) -> None:
    page.choose(PRISMS.id)
    scan(page, CodeKind.SPECIMEN, "C26-00033-1A")


def long_names() -> QWidget:
    made = stage()
    furnish(made)
    made.world.change_machine(replace(BEAMS, name="微机控制电液伺服混凝土抗折抗压一体试验机（混凝土室三号位）"))
    made.world.reception.put(replace(beams(), material="道路面层纤维增强混凝土抗折试块（标准养护，见委托附表三）"))
    page = made.bench()
    frame = framed(page)
    beam_live(made, page)
    page.live.plot.draw_frame()
    return framed_again(frame, page)


def sheet(lot_no: str, typed: dict[tuple[str, str], str]) -> QWidget:
    made = stage()
    furnish(made)
    made.world.type_in(lot_no, typed)
    made.choice.number = lot_no
    page = made.lots()
    frame = framed(page)
    page.show_part(1)
    made.settle()
    return framed_again(frame, page)


SCREENS: dict[str, Callable[[], QWidget]] = {
    "products-idle": bench,
    "products-beam": lambda: bench(beam_live),
    "products-prism": lambda: bench(prism_live),
    "products-wrong-machine": lambda: bench(prism_wrong_machine),
    "products-long": long_names,
    "products-welds": lambda: sheet(WELD_LOT, {("G26-00422-1", "fracture"): "B", ("G26-00422-4", "crack_mm"): "0.2"}),
    "products-splices": lambda: sheet(SPLICE_LOT, {("G26-00421-1", "fracture"): "bar"}),
    "products-beams": lambda: sheet(BEAM_LOT, {("H26-00191-1", "outside"): "no"}),
}
