"""Words of the import page, looked up when they are shown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from labdesk.domain.errors import LabDeskError
from labdesk.domain.imported import Comparison, ImportedFile, TestState
from labdesk.domain.sentences import say_known
from labdesk.ui.i18n import language
from labdesk.ui.widgets.chips import Chip, ChipState

translate = QCoreApplication.translate

#: Questions of the readers whose sentences speak of the command line, and what the page says instead.
_QUESTIONS = {
    f"import.{name}": f"import_page.{name}"
    for name in ("ask_unit", "ask_decimal", "ask_time", "ask_columns", "ask_titles", "ask_gain")
}


def quantity_word(name: str) -> str:
    """What LabDesk needs of a table."""
    return {
        "time": translate("Importing", "Time"),
        "force": translate("Importing", "Force"),
        "extension": translate("Importing", "Extension"),
        "displacement": translate("Importing", "Crosshead"),
        "strain": translate("Importing", "Strain"),
    }[name]


def state_chip(state: TestState) -> Chip:
    """Whether the test was carried through."""
    return {
        TestState.COMPLETE: Chip(ChipState.OK, translate("Importing", "complete")),
        TestState.ABORTED: Chip(ChipState.WARN, translate("Importing", "aborted: no break")),
        TestState.EMPTY: Chip(ChipState.BAD, translate("Importing", "empty test")),
        TestState.RESULTS_ONLY: Chip(ChipState.WARN, translate("Importing", "results, no curve")),
    }[state]


def program_word(vendor: str) -> str:
    """The program that wrote the file, as people call it."""
    words = {
        "zwick-testxpert": "ZwickRoell testXpert",
        "instron-bluehill": "Instron Bluehill",
        "mts-793": "MTS 793",
        "mts-testsuite": "MTS TestSuite",
        "walter-bai": "walter+bai",
        "shimadzu-trapezium": "Shimadzu Trapezium",
        "platform-curve": translate("Importing", "curve encoding of a platform"),
        "labdesk": "LabDesk",
        "generic": translate("Importing", "another program"),
    }
    return words.get(vendor, vendor)


def file_words(file: ImportedFile) -> str:
    """Program, container, encoding, decimal mark."""
    parts = [program_word(file.vendor), file.container, file.encoding]
    if file.layout not in ("table", "results"):
        parts.append(translate("Importing", "layout {0}").format(file.layout))
    elif file.container == "text":
        mark = translate("Importing", "decimal comma") if file.decimal_mark == "," else ""
        parts.append(mark or translate("Importing", "decimal point"))
    return " · ".join(part for part in parts if part)


def question_sentence(question: LabDeskError) -> str:
    """What must be answered, or why the file cannot be read."""
    key = _QUESTIONS.get(question.key, question.key)
    return say_known(key, language(), {name: str(value) for name, value in question.params.items()})


def agrees_chip(item: Comparison) -> Chip:
    """Whether ours is the stated value."""
    if item.agrees is None:
        return Chip(ChipState.QUIET, translate("Importing", "not computed"))
    if item.agrees:
        return Chip(ChipState.OK, translate("Importing", "agrees"))
    return Chip(ChipState.WARN, translate("Importing", "differs"))


def dimension_word(name: str) -> str:
    """A dimension's symbol with its unit."""
    symbols = {
        "s0_mm2": "S0, mm²",
        "l0_mm": "L0, mm",
        "le_mm": "Le, mm",
        "lc_mm": "Lc, mm",
        "lu_mm": "Lu, mm",
        "diameter_mm": "d, mm",
        "width_mm": "b, mm",
        "thickness_mm": "a, mm",
        "side_mm": "a, mm",
        "height_mm": "h, mm",
        "length_mm": "L, mm",
        "mass_g": "m, g",
    }
    return symbols.get(name, name)
