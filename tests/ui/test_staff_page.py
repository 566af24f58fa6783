"""People are registered, changed, ended and given new secrets by keyboard and badge; what was typed survives a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from labdesk.domain.codes import Code, CodeKind, format_code
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Field, Role
from labdesk.domain.scans import Scan, ScanSource
from labdesk.domain.sentences import Language
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.staff.forms import StaffSheet
from labdesk.ui.staff.page import StaffPage
from labdesk.ui.tokens import Size
from labdesk.ui.widgets.chips import ChipState
from tests.helpers.stores import START, opened_engine
from tests.ui.screens_staff import PASSWORD, PIN, Office, office

ENTER = Qt.Key.Key_Return


@pytest.fixture
def made(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Office]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield office(engine, ops)


@pytest.fixture
def page(made: Office) -> Iterator[StaffPage]:
    shown = made.page()
    shown.resize(Size.WINDOW_MIN_WIDTH - Size.RAIL, Size.WINDOW_MIN_HEIGHT - Size.HEADER - Size.STATUS_BAR)
    shown.show()
    QTest.qWaitForWindowExposed(shown)
    yield shown
    made.settle()
    assert shiboken6.isValid(shown)
    shown.close()
    shown.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(page: StaffPage, name: str) -> None:
    """The page's own key, which must be possible now."""
    actions = page.keys()
    next(action for action in actions if action.key == name and action.enabled()).act()
    QApplication.processEvents()


def possible(page: StaffPage) -> set[str]:
    """What can be done now."""
    actions = page.keys()
    return {action.key for action in actions if action.enabled()} - {"Ctrl+F"}


def scan_badge(page: StaffPage, number: str) -> bool:
    """A badge under the handheld scanner; True = the page takes it."""
    text = format_code(CodeKind.BADGE, number)
    scan = Scan(text, text, ScanSource.WEDGE, "", 40, START)
    return page.on_scan(Code(CodeKind.BADGE, number), scan)


def choose(page: StaffPage, made: Office, name: str) -> None:
    """Selects somebody."""
    page.table.select([line.person.name for line in made.staff.people()].index(name))


def type_on(sheet: StaffSheet, *texts: str) -> None:
    """Types into the focused field and goes on with Enter; a single space chooses a button."""
    for text in texts:
        focused = focus_of(sheet)
        if text == " ":
            QTest.keyClick(focused, Qt.Key.Key_Space)
        else:
            QTest.keyClicks(focused, text)
        QTest.keyClick(focused, ENTER)


def focus_of(sheet: StaffSheet) -> QWidget:
    """The field with the keyboard; it must be one of the sheet's."""
    focused = sheet.window().focusWidget()
    assert focused is not None
    assert sheet.isAncestorOf(focused)
    return focused


@pytest.mark.rule("YK-7.1")
def test_a_person_is_registered_by_keyboard_and_badge_alone(page: StaffPage, made: Office) -> None:
    press(page, "F2")
    form = page.changing.form
    type_on(form, "Ma Chao")
    assert scan_badge(page, "B1010")
    type_on(form, "", "", " ")  # badge as scanned, not reception, technician
    type_on(form, *[""] * 5)  # no other role
    type_on(form, " ", "2026-06-01", "2027-05-31", "2026-11")  # tests steel
    type_on(form, *[""] * 5)  # neither concrete nor materials, approves nothing
    type_on(form, PIN, PIN, PASSWORD, PASSWORD)
    made.settle()
    assert not form.isVisible(), form.refusal.text()
    known = made.sign_in.by_badge("B1010", PIN).person
    assert (known.name, known.roles, len(known.competences)) == ("Ma Chao", (Role.TECHNICIAN,), 1)
    line = page.table.current_row()
    assert line is not None
    assert line.person == known, "the new one is selected"
    assert "Ma Chao" in made.notices[-1].text
    assert not any(form.fields[name].text() for name in ("pin", "password")), "secrets do not stay behind"


def test_what_was_typed_stays_when_it_is_refused(page: StaffPage, made: Office) -> None:
    press(page, "F2")
    form = page.changing.form
    form.fields["name"].setText("孙强")
    form.fields["badge"].setText("B1010")
    form.roles[Role.RECEPTION].setChecked(True)
    form.fields["pin"].setText(PIN)
    form.given.emit()
    assert "PIN" in form.refusal.text(), "the two PINs differ"
    for name, text in (("pin_again", PIN), ("password", PASSWORD), ("password_again", PASSWORD)):
        form.fields[name].setText(text)
    form.given.emit()
    made.settle()
    assert form.isVisible()
    assert "孙强" in form.refusal.text()
    assert (form.typed().badge, form.fields["password"].text()) == ("B1010", PASSWORD)
    assert form.card.geometry().bottom() <= page.height(), "also in the smallest window"
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert not form.fields["password"].text()
    assert len(made.staff.people()) == 8


def test_a_change_begins_with_what_is_registered(page: StaffPage, made: Office) -> None:
    choose(page, made, "孙强")
    QTest.keyClick(page.table, ENTER)
    form = page.changing.form
    assert form.isVisible()
    assert form.typed().competences[Field.STEEL].reference == "岗 2025-19"
    assert not form.fields["name"].isEnabled()
    form.roles[Role.CHECKER].setChecked(True)
    form.given.emit()
    made.settle()
    assert made.named("孙强").roles == (Role.TECHNICIAN, Role.CHECKER)
    assert made.named("孙强").competences[0].reference == "岗 2025-19"


def test_whoever_leaves_needs_a_reason_and_may_come_back(page: StaffPage, made: Office) -> None:
    choose(page, made, "孙强")
    press(page, "F8")
    reason = page.changing.reason
    QTest.keyClick(reason.text, Qt.Key.Key_1)
    QTest.keyClick(reason.text, ENTER)
    made.settle()
    left = made.named("孙强")
    assert (left.active, left.left_because) == (False, "离职")
    with pytest.raises(OperatorError):
        made.sign_in.by_badge("B1003", PIN)
    assert possible(page) == {"F2", "F8"}, "whoever left can only be taken back"
    press(page, "F8")
    made.settle()
    assert made.sign_in.by_badge("B1003", PIN).person.active


def test_a_new_pin_by_keyboard(page: StaffPage, made: Office) -> None:
    choose(page, made, "孙强")
    press(page, "F6")
    type_on(page.changing.secrets, "9753", "9753", "", "")
    made.settle()
    assert not page.changing.secrets.isVisible(), page.changing.secrets.refusal.text()
    assert made.sign_in.by_badge("B1003", "9753").person == made.named("孙强")
    assert made.sign_in.by_name("孙强", PASSWORD).person == made.named("孙强")


def test_a_refusal_of_the_last_administrator_is_told(page: StaffPage, made: Office) -> None:
    choose(page, made, "周工")
    QTest.keyClick(page.table, ENTER)
    form = page.changing.form
    form.roles[Role.ADMINISTRATOR].setChecked(False)
    form.roles[Role.RECEPTION].setChecked(True)
    form.given.emit()
    made.settle()
    assert form.isVisible()
    assert "周工" in form.refusal.text()
    assert made.named("周工").may(Role.ADMINISTRATOR)


def test_others_are_offered_nothing_to_change(page: StaffPage, made: Office) -> None:
    assert possible(page) == {"F2", "Return", "F6", "F8"}
    made.who = made.named("孙强")
    assert possible(page) == set()
    QTest.keyClick(page.table, ENTER)
    assert not page.changing.form.isVisible()


def test_a_badge_without_an_open_form_is_not_taken(page: StaffPage) -> None:
    assert not scan_badge(page, "B1010"), "it signs in"


def test_search_calendar_and_nobody(page: StaffPage, made: Office) -> None:
    chip = page.table.rows_model.columns[-1].chip
    assert chip is not None
    states = {line.person.name: chip(line) for line in page.table.rows_model.rows}
    found = {name: said.state for name, said in states.items() if said is not None}
    assert found["孙强"] is ChipState.WARN
    assert found["赵敏"] is ChipState.BAD
    assert found["张建国"] is ChipState.OK
    assert found["刘洋"] is ChipState.QUIET
    page.search.setText("b1003")
    made.settle()
    assert [line.person.name for line in page.table.rows_model.rows] == ["孙强"]
    page.search.setText("无此人")
    made.settle()
    assert page.empty.isVisible()
    assert possible(page) == {"F2"}


def test_the_open_form_changes_its_language_and_keeps_what_was_typed(page: StaffPage, dressed: Languages) -> None:
    press(page, "F2")
    form = page.changing.form
    form.fields["name"].setText("马超")
    dressed.use(Language.EN)
    page.retranslate()
    assert form.fields["name"].accessibleName() == "Real name"
    assert form.typed().name == "马超"
