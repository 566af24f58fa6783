"""Steps on the measuring page: what a hand measures, then the evaluation."""

from __future__ import annotations

from PySide6.QtCore import Qt

from labdesk.app.demo.site import CONCRETE_NO, REBAR_NO
from labdesk.app.desktop.demo.counter import lots_of
from labdesk.app.desktop.demo.director import Director, StepFailedError
from labdesk.domain.codes import CodeKind
from labdesk.domain.evaluation import TestKind, Verdict
from labdesk.domain.specimens import Lot
from labdesk.domain.testing import StoredEvaluation
from labdesk.ui.testing.entry_table import ChoiceCell
from labdesk.ui.testing.lot_page import LotPage

LENGTHS_MM = ("505", "502", "508", "503", "507")
LU_MM = ("149.5", "150.25")
TOTAL_MASS_G = "9575"  # 2525 mm of 3.85 kg/m, 1.5 % light


def rebar_values(lot: Lot) -> dict[tuple[str, str], str]:
    """What is typed for the rebar lot, by label and name."""
    weighed = [piece.label for piece in lot.specimens if TestKind.WEIGHT in piece.tests]
    pulled = [piece.label for piece in lot.specimens if TestKind.TENSION in piece.tests]
    values = {("", "total_mass_g"): TOTAL_MASS_G}
    values |= {(label, "length_mm"): text for label, text in zip(weighed, LENGTHS_MM, strict=True)}
    values |= {(label, "l0_mm"): "125" for label in pulled}
    values |= {(label, "lu_mm"): text for label, text in zip(pulled, LU_MM, strict=True)}
    for piece in lot.specimens:
        if TestKind.BEND in piece.tests:
            values[(piece.label, "bend_result")] = "no-crack"
        if TestKind.REVERSE_BEND in piece.tests:
            values[(piece.label, "reverse_bend_result")] = "no-crack"
    return values


def open_lot(director: Director, lot: Lot) -> LotPage:
    """Go to the page, scan a label of the lot."""
    director.open_page("lots")
    page = director.desktop.shell.work.page
    if not isinstance(page, LotPage):
        raise StepFailedError("the measuring page is not in front")
    director.scan(CodeKind.SPECIMEN, lot.specimens[0].label)
    director.until(f"{lot.number} is open", lambda: page.view is not None and page.view.line.number == lot.number)
    director.settle()
    return page


def measure_rebar(director: Director) -> str:
    """Type every value of the rebar lot."""
    lot = lots_of(director, REBAR_NO)[0]
    page = open_lot(director, lot)
    values = rebar_values(lot)
    for key, text in values.items():
        cell = page.entries.cells[key]
        cell.setFocus()
        if isinstance(cell, ChoiceCell):
            director.key(Qt.Key.Key_1)
        else:
            director.paste(text)
        director.key(Qt.Key.Key_Return)
    director.until("every value is stored", lambda: _stored(director, lot.number) >= len(values))
    return f"{len(values)} values"


def _stored(director: Director, lot_no: str) -> int:
    return len({(entry.specimen_label, entry.name) for entry in director.rooms.bench.entries.history(lot_no)})


def evaluate(director: Director, number: str) -> StoredEvaluation:
    """F10: the evaluation appears with a clause for each value."""
    lot = lots_of(director, number)[0]
    open_lot(director, lot)
    director.key(Qt.Key.Key_F10)
    director.until(f"{lot.number} is evaluated", lambda: director.rooms.bench.evaluating.newest(lot.number) is not None)
    director.key(Qt.Key.Key_F7)
    newest = director.rooms.bench.evaluating.newest(lot.number)
    if newest is None:
        raise StepFailedError(f"{lot.number} has no evaluation")
    return newest


def _said(stored: StoredEvaluation, wanted: Verdict) -> str:
    found = stored.evaluation
    if found.verdict is not wanted:
        raise StepFailedError(f"{found.verdict.value} instead of {wanted.value}: {found.remarks}")
    shown = [f"{value.symbol} {value.rounded}" for value in found.values if value.rounded is not None]
    return f"{found.rules} {found.verdict.value}: {', '.join(shown)}"


def evaluate_all(director: Director) -> None:
    """Both lots: the rebar lot passes; a single group of cubes has a strength, not a verdict."""
    director.step("rebar-measured", lambda: measure_rebar(director))
    director.step("rebar-evaluated", lambda: _said(evaluate(director, REBAR_NO), Verdict.PASS))
    director.step("cubes-evaluated", lambda: _said(evaluate(director, CONCRETE_NO), Verdict.NOT_EVALUATED))
