"""Pictures of entry sheets: empty, half typed, live result, refused, long names, many pieces, evaluated, in review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from labdesk.domain.commission import LotOrder
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.standards.methods.catalogue import shipped_methods
from labdesk.ui.ops import Ops
from labdesk.ui.testing.lot_page import LotPage
from tests.helpers.receptionworld import commission
from tests.helpers.sheetworld import TESTER, order, sitting, typed_values
from tests.ui.review_stage import below_header
from tests.ui.screens_reception import Counter, _counter_page
from tests.ui.sheet_stage import SheetStage, new_sheets

SAMPLES = partial(QCoreApplication.translate, "Stages", "Samples")
REVIEW = partial(QCoreApplication.translate, "Stages", "Review")
BAG = ("YK210744090101",)
LONG = "天然砂（中砂，营口新港砂石有限公司盖州双台子料场，2026 年第 47 批，海运到港，用于三层梁板）"


def sheet(
    made: LotOrder, change: Callable[[SheetStage, LotPage], object] = lambda stage, page: None, part: int = 1
) -> QWidget:
    """One lot's sheet."""
    stage = new_sheets(Ops(), [made])
    page = stage.page(stage.lots[0].number)
    frame = below_header(page, SAMPLES)
    change(stage, page)
    stage.settle()
    page.show_part(part)
    stage.settle()
    return frame


def example(number: int = 0) -> Callable[[SheetStage, LotPage], None]:
    """The method's own example is typed."""

    def change(stage: SheetStage, page: LotPage) -> None:
        lot = stage.lots[0]
        method = shipped_methods().propose(lot.method, stage.world.counter.clock.now().date())
        labels = list(dict.fromkeys(label for label, _ in page.entries.cells if label))
        wanted = max(
            (len(item) for item in method.examples[number].inputs.values() if isinstance(item, tuple)), default=0
        )
        if "/" in (labels[0] if labels else ""):
            labels = [f"{lot.specimens[0].label}/{at}" for at in range(1, wanted + 1)]
        stage.world.type_in(lot.number, typed_values(method.examples[number], labels))
        page.open(lot.number)

    return change


def typing(values: Mapping[tuple[int, str], str]) -> Callable[[SheetStage, LotPage], None]:
    """Typed into the cells by number of the determination (0 = the lot) and name, without leaving the last field."""

    def change(stage: SheetStage, page: LotPage) -> None:
        labels = ["", *dict.fromkeys(label for label, _ in page.entries.cells if label)]
        for (at, name), text in values.items():
            cell = page.entries.cells[(labels[at], name)]
            cell.setFocus()
            cell.put(text)
            cell.left.emit()
            stage.settle()

    return change


def evaluated(number: int = 0) -> Callable[[SheetStage, LotPage], None]:
    """The example is typed and evaluated."""

    def change(stage: SheetStage, page: LotPage) -> None:
        example(number)(stage, page)
        stage.world.evaluating.evaluate(stage.lots[0].number, sitting(TESTER))
        page.open(stage.lots[0].number)

    return change


MUD = {"concrete": "C30-C55"}
WRONG = {(1, "m0_g"): "400.0", (2, "m0_g"): "40", (1, "m1_g"): "1,234"}
HALF = {(1, "m0_g"): "400.0", (2, "m0_g"): "400,0", (1, "m1_g"): "389.2"}


def tags(count: int) -> Sequence[str]:
    """Tags of so many pieces."""
    return [f"YK2107440903{at:02d}" for at in range(1, count + 1)]


def reviewed(made: LotOrder, number: int = 0, corrected: str = "") -> QWidget:
    """The raw record of an evaluated lot before its checker; one value may have been corrected."""
    stage = new_sheets(Ops(), [made])
    page = stage.page(stage.lots[0].number)
    example(number)(stage, page)
    lot = stage.lots[0].number
    if corrected:
        first = next(item for item in stage.world.entries.fields(lot) if item.label)
        stage.world.entries.enter(lot, first, corrected, sitting(TESTER), "读错天平")
    stage.world.evaluating.evaluate(lot, sitting(TESTER))
    record = stage.world.review.submit_record(lot, sitting(TESTER))
    stage.world.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
    review = stage.review()
    frame = below_header(review, REVIEW)
    review.queue.step(1)
    stage.settle()
    return frame


def at_the_counter() -> QWidget:
    """Sand, cement and tiles are being received."""

    def act(found: Counter) -> None:
        lots = (
            order("sand-mud", ["YK210744090101"], MUD),
            order("cement-fineness", ["YK210744090102"], {}, "普通硅酸盐水泥", 2),
            order("tile-strength", tags(5), {}, "陶瓷砖", 3),
        )
        found.made.arrive(commission("WT-2026-02001", *lots))
        found.open("WT-2026-02001")
        for tag in ("YK210744090101", *tags(2)):
            found.scan(tag)

    return _counter_page(act)


def listed(*orders: LotOrder) -> QWidget:
    """The list of lots."""
    stage = new_sheets(Ops(), orders)
    page = stage.page()
    frame = below_header(page, SAMPLES)
    stage.settle()
    return frame


SCREENS: dict[str, Callable[[], QWidget]] = {
    "sheet-list": lambda: listed(
        order("sand-mud", ["YK1"], MUD), order("cement-fineness", ["YK2"], {}, "普通硅酸盐水泥", 2),
        order("membrane-heat", tags(3), {}, "SBS 改性沥青防水卷材", 3),
    ),
    "sheet-list-empty": listed,
    "sheet-empty": lambda: sheet(order("sand-mud", BAG, MUD)),
    "sheet-half": lambda: sheet(order("sand-mud", BAG, MUD), typing(HALF)),
    "sheet-wrong": lambda: sheet(order("sand-mud", BAG, {"concrete": "C30"}), typing(WRONG)),
    "sheet-live": lambda: sheet(order("sand-mud", BAG, MUD), example()),
    "sheet-fail": lambda: sheet(order("cement-fineness", BAG, {}, "普通硅酸盐水泥"), example(1)),
    "sheet-sieve": lambda: sheet(order("sand-sieve", BAG), example()),
    "sheet-tiles": lambda: sheet(order("tile-strength", tags(7), {}, "陶瓷砖"), example()),
    "sheet-membrane": lambda: sheet(order("membrane-flexibility", BAG, {}, "SBS 改性沥青防水卷材"), example()),
    "sheet-long": lambda: sheet(order("admixture-bleeding", BAG, {}, LONG), example()),
    "sheet-evaluated": lambda: sheet(order("sand-mud", BAG, MUD), evaluated(), 2),
    "sheet-invalid": lambda: sheet(order("sand-mud", BAG, MUD), evaluated(2), 2),
    "sheet-review": lambda: reviewed(order("sand-mud", BAG, MUD), corrected="400.5"),
    "sheet-review-sieve": lambda: reviewed(order("sand-sieve", BAG)),
    "sheet-reception": at_the_counter,
    "sheet-edition": lambda: sheet(order("xps-compressive", BAG, {}, "挤塑聚苯板")),
}  # fmt: skip
