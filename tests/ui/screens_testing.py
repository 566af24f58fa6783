"""Pictures of the bench, the measuring page and the equipment page: empty, live, refused, lost, long names, evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from labdesk.domain.capture import EndReason, LinkTrouble, MachineState
from labdesk.domain.codes import CodeKind
from labdesk.domain.people import Person, Role
from labdesk.domain.testing import Disposition
from labdesk.services.lost_runs import Found
from labdesk.ui.equipment.equipment_page import EquipmentPage
from labdesk.ui.ops import Ops
from labdesk.ui.page import Page
from labdesk.ui.shell.header import HeaderLine
from labdesk.ui.testing.bench_page import BenchPage
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size
from tests.helpers.benchworld import (
    BAR,
    CUBE,
    CUBE_LOT,
    PHOTO,
    PRESS,
    REBAR_LOT,
    SECOND,
    SMALL,
    TECHNICIAN,
    UTM,
    Loading,
    rebar_entries,
    rebar_lot,
    session,
)
from tests.helpers.reviewworld import PIN
from tests.ui.bench_stage import Stage, load, new_stage, renamed, scan

ONE, TWO = "G26-00417-1", "G26-00417-2"
QUALITY = Person("p-he", "何静", "B1009", (Role.QUALITY,))


def framed(page: Page) -> QWidget:
    """A page below its header, as in the shell."""
    frame = QWidget()
    mark(frame, kind="page")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(Size.RAIL, 0, 0, Size.STATUS_BAR)
    layout.setSpacing(0)
    header = HeaderLine()
    header.show_header(page.context.language().value, page.header)
    layout.addWidget(header)
    layout.addWidget(page, 1)
    frame.resize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
    frame.show()
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()
    return frame


def stage() -> Stage:
    return new_stage(Ops())


def bench(change: Callable[[Stage, BenchPage], object] = lambda made, page: None) -> QWidget:
    made = stage()
    page = made.bench()
    frame = framed(page)
    change(made, page)
    made.settle()
    if page.live.plot.isVisible():
        page.live.plot.draw_frame()
    return framed_again(frame, page)


def framed_again(frame: QWidget, page: Page) -> QWidget:
    """The header is what the page says last."""
    header = frame.findChild(HeaderLine)
    assert header is not None
    header.show_header(page.context.language().value, page.header)
    return frame


def arm(made: Stage, page: BenchPage) -> None:
    scan(page, CodeKind.SPECIMEN, ONE)
    made.settle()
    scan(page, CodeKind.TAG, "YK2107-4408-1261")
    made.settle()
    wait(made, page)


def wait(made: Stage, page: BenchPage) -> None:
    """The feed's pause is over: the newest state is on screen."""
    page.feed._deliver()
    made.settle()


def live(share: float, *, interrupted: bool = False) -> Callable[[Stage, BenchPage], None]:
    def change(made: Stage, page: BenchPage) -> None:
        arm(made, page)
        load(made, share, interrupted=interrupted)
        wait(made, page)

    return change


def cube_live(made: Stage, page: BenchPage) -> None:
    page.choose(PRESS.id)
    scan(page, CodeKind.SPECIMEN, "H26-00188-1")
    made.settle()
    scan(page, CodeKind.TAG, "YK2107-5511-901")
    made.settle()
    load(made, 0.6, PRESS.id)
    wait(made, page)


def stored(made: Stage, page: BenchPage) -> None:
    live(0.9)(made, page)
    made.world.finish(made.world.capture.armed[-1], BAR)
    wait(made, page)


def lost(made: Stage, page: BenchPage) -> None:
    live(0.35)(made, page)
    made.world.finish(made.world.capture.armed[-1], replace(BAR, share=0.4, end=EndReason.LOST_LINK))
    wait(made, page)


def reading(made: Stage, page: BenchPage) -> None:
    lost(made, page)
    page.lost.question.answered.emit(Disposition.PEAK_ON_DISPLAY)
    page.lost.question.close_sheet()
    page.lost.form.peak.setText("190.2")
    page.lost.form.reason.setText("采集线脱落")
    page.lost.form.refuse("无法读取照片 display.jpg（没有那个文件）。请重新选择文件，已填内容保留。")


def trouble(made: Stage, page: BenchPage) -> None:
    made.world.capture.advance(
        UTM.id, state=MachineState.LOST, trouble=LinkTrouble.PORT_TAKEN, detail="[Errno 16] Device or resource busy"
    )
    wait(made, page)
    made.world.change_machine(replace(UTM, certificate_valid_to=date(2026, 11, 20)))
    scan(page, CodeKind.SPECIMEN, ONE)


def wrong_tag(made: Stage, page: BenchPage) -> None:
    scan(page, CodeKind.SPECIMEN, ONE)
    made.settle()
    scan(page, CodeKind.TAG, "YK2107-4408-1262")


def long_names() -> QWidget:
    made = stage()
    renamed(made, "微机控制电液伺服万能材料试验机（钢筋力学性能检测室二号位）")
    lot = rebar_lot()
    made.world.reception.put(replace(lot, material="热轧带肋高强抗震钢筋（直条，含机械连接接头母材，见委托附表）"))
    page = made.bench()
    frame = framed(page)
    live(0.5)(made, page)
    page.live.plot.draw_frame()
    return framed_again(frame, page)


def no_machines() -> QWidget:
    made = stage()
    made.world.reception.lots.clear()
    made.machine = ""
    return framed(made.bench())


def lots(lot_no: str, change: Callable[[Stage], object], part: int = 1) -> QWidget:
    made = stage()
    change(made)
    made.choice.number = lot_no
    page = made.lots(made.submitted.append)
    frame = framed(page)
    if lot_no:
        page.show_part(part)
    made.settle()
    return framed_again(frame, page)


def measured(made: Stage) -> None:
    for label in (ONE, TWO):
        made.world.load(label)
    made.world.type_in(REBAR_LOT, rebar_entries())


def passed(made: Stage) -> None:
    measured(made)
    made.world.evaluating.evaluate(REBAR_LOT, session())


def failed(made: Stage) -> None:
    for label in (ONE, TWO):
        made.world.load(label, Loading("rebar", {"grade": "HRB400E", "strength_factor": 0.85}))
    made.world.type_in(REBAR_LOT, rebar_entries(factor=Decimal("0.9")))
    made.world.evaluating.evaluate(REBAR_LOT, session())


def half(made: Stage) -> None:
    run = made.world.load(ONE)
    made.world.lost.invalidate(run.id, "断于夹具", "G26-00417-6", session())
    made.world.load(TWO, replace(BAR, share=0.4, end=EndReason.LOST_LINK))
    made.world.type_in(REBAR_LOT, {("G26-00417-1", "length_mm"): "502"})


def cubes(made: Stage) -> None:
    world = made.world
    run = world.load("H26-00188-1", replace(CUBE, share=0.5, end=EndReason.LOST_LINK))
    found = Found(Disposition.PEAK_ON_DISPLAY, "采集线脱落", SECOND.badge, PIN, "921.4", PHOTO)
    world.lost.record(run.id, found, session())
    for label in ("H26-00188-2", "H26-00188-3"):
        world.load(label)
    world.evaluating.evaluate(CUBE_LOT, session())


def refused_entry() -> QWidget:
    made = stage()
    measured(made)
    made.choice.number = REBAR_LOT
    page = made.lots()
    frame = framed(page)
    cell = page.entries.cells[(ONE, "lu_mm")]
    cell.put("12,45")
    cell.left.emit()
    made.settle()
    return framed_again(frame, page)


def moved_marks() -> QWidget:
    made = stage()
    passed(made)
    made.choice.number = REBAR_LOT
    page = made.lots()
    frame = framed(page)
    page.marks.ask(REBAR_LOT)
    made.settle()
    for key in (Qt.Key.Key_2, *(Qt.Key.Key_Right,) * 30):
        QTest.keyClick(page.marks.sheet, key)
    return framed_again(frame, page)


def equipment(act: Callable[[EquipmentPage], object] = lambda page: None, who: Person = QUALITY) -> QWidget:
    made = stage()
    made.person = who
    made.world.change_machine(replace(SMALL, certificate_valid_to=date(2026, 12, 5)))
    made.world.change_machine(replace(PRESS, certificate_valid_to=date(2026, 11, 1)))
    made.world.bench.connect()
    made.world.capture.advance(UTM.id, state=MachineState.LOST, trouble=LinkTrouble.SILENT, detail="no byte for 5 s")
    page: EquipmentPage = made.equipment()
    page._feed._deliver()
    frame = framed(page)
    act(page)
    made.settle()
    return framed_again(frame, page)


def refused_paper(page: EquipmentPage) -> None:
    page.registering.ask_certificate(UTM)
    page.registering.paper.fields["certificate"].setText("LX2027-031")
    page.registering.paper.given.emit()


SCREENS: dict[str, Callable[[], QWidget]] = {
    "bench-idle": bench,
    "bench-empty": no_machines,
    "bench-tag": lambda: bench(lambda made, page: scan(page, CodeKind.SPECIMEN, ONE)),
    "bench-wrong-tag": lambda: bench(wrong_tag),
    "bench-armed": lambda: bench(arm),
    "bench-live-elastic": lambda: bench(live(0.24)),
    "bench-live": lambda: bench(live(0.8)),
    "bench-live-worry": lambda: bench(live(0.5, interrupted=True)),
    "bench-live-cube": lambda: bench(cube_live),
    "bench-stored": lambda: bench(stored),
    "bench-lost": lambda: bench(lost),
    "bench-reading": lambda: bench(reading),
    "bench-trouble": lambda: bench(trouble),
    "bench-long": long_names,
    "lots-list": lambda: lots("", measured),
    "lots-measure": lambda: lots(REBAR_LOT, half),
    "lots-missing": lambda: lots(REBAR_LOT, half, 2),
    "lots-pass": lambda: lots(REBAR_LOT, passed, 2),
    "lots-fail": lambda: lots(REBAR_LOT, failed, 2),
    "lots-cubes": lambda: lots(CUBE_LOT, cubes, 2),
    "lots-cubes-measure": lambda: lots(CUBE_LOT, cubes),
    "lots-refused": refused_entry,
    "lots-marks": moved_marks,
    "equipment": equipment,
    "equipment-technician": lambda: equipment(who=TECHNICIAN),
    "equipment-new": lambda: equipment(lambda page: page.registering.ask_change(UTM)),
    "equipment-paper": lambda: equipment(refused_paper),
}
