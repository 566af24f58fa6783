"""The line above the bench: which piece, which machine, who puts it in; while it loads, the keys that matter then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from labdesk.ui.page import Header
from labdesk.ui.testing.bench_keys import EXTENSOMETER_KEY, bench_keys
from labdesk.ui.testing.words import kind_word

if TYPE_CHECKING:
    from labdesk.ui.testing.bench_page import BenchPage

translate = QCoreApplication.translate


def bench_header(page: BenchPage) -> Header:
    """The header of this moment."""
    keys = tuple(action for action in bench_keys(page) if action.key == EXTENSOMETER_KEY and action.enabled())
    return Header(_piece(page), _machine(page), keys)


def _piece(page: BenchPage) -> str:
    case = page.gate.case
    if case is None:
        return translate("Bench", "Scan a label to begin")
    settings = case.lot.settings
    grade = settings.get("grade") or settings.get("design_grade") or ""
    size = settings.get("diameter_mm") or settings.get("side_mm") or ""
    kind = kind_word(case.gate.test.value) if case.gate.test is not None else ""
    what = " ".join(part for part in (grade, f"{size} mm" if size else "") if part)
    return " · ".join(part for part in (case.specimen.label, kind, what, case.lot.material) if part)


def _machine(page: BenchPage) -> str:
    machine, loader = page.machine, page.loader.person
    parts = [translate("Bench", "{0} loads").format(loader.name)] if loader is not None else []
    if machine is not None:
        until = translate("Bench", "calibrated until {0}").format(machine.certificate_valid_to)
        parts += [machine.number, machine.name, until]
    return " · ".join(parts)
