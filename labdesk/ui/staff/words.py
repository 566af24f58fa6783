"""Words of the people page in the current language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from labdesk.domain.people import Field
from labdesk.services.staff import StaffLine
from labdesk.ui.widgets.chips import Chip, ChipState

translate = QCoreApplication.translate


def field_word(field: Field) -> str:
    """A field of testing."""
    return {
        Field.STEEL: translate("Staff", "Steel"),
        Field.CONCRETE: translate("Staff", "Concrete"),
        Field.MATERIALS: translate("Staff", "Materials"),
    }[field]


def caption(name: str) -> str:
    """What a field of a form is called."""
    return {
        "name": translate("Staff", "Real name"),
        "badge": translate("Staff", "Badge number (scan it)"),
        "tests": translate("Staff", "May test"),
        "signs": translate("Staff", "May approve reports"),
        "valid_from": translate("Staff", "Valid from"),
        "valid_to": translate("Staff", "Valid until"),
        "reference": translate("Staff", "Number of the letter"),
        "pin": translate("Staff", "PIN, 4 to 8 digits"),
        "pin_again": translate("Staff", "PIN again"),
        "password": translate("Staff", "Password, at least 10 characters"),
        "password_again": translate("Staff", "Password again"),
    }[name]


def state_chip(line: StaffLine) -> Chip:
    """Whether the person works here, and whether an authorisation is to be renewed."""
    if not line.person.active:
        return Chip(ChipState.QUIET, translate("Staff", "left"))
    if line.ended:
        return Chip(ChipState.BAD, translate("Staff", "ended {0}").format(line.valid_to))
    if line.ends_soon:
        return Chip(ChipState.WARN, translate("Staff", "until {0}").format(line.valid_to))
    if line.valid_to is None:
        return Chip(ChipState.OK, translate("Staff", "works here"))
    return Chip(ChipState.OK, translate("Staff", "until {0}").format(line.valid_to))


def fields_text(line: StaffLine) -> str:
    """Fields the person is authorised for."""
    person = line.person
    given = {scope.field for scope in (*person.competences, *person.signatory)}
    return " · ".join(field_word(each) for each in Field if each in given) or "—"
