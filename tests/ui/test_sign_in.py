"""Signing in by badge and PIN or by name and password, refusals in words, and the first start by keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from labdesk.domain import sentences
from labdesk.domain.codes import CodeKind, format_code
from labdesk.domain.errors import OperatorError
from labdesk.domain.people_ports import LabSetup
from labdesk.domain.sentences import Language
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.people.first_start import FirstStart
from labdesk.ui.people.sign_in import SignInPage, Step
from tests.ui.fakes import LI_WEN, FakeSetup, FakeSignIn, settle
from tests.ui.keys import Keyboard


@pytest.fixture(autouse=True)
def _sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {
        "test.wrong_pin": {"zh": "PIN 不正确，还可以再试 {left} 次。", "en": "Wrong PIN, {left} tries left."},
        "test.locked": {"zh": "已锁定，请在 {seconds} 秒后再试。", "en": "Locked for {seconds} s."},
        "test.exists": {"zh": "已经建立过。", "en": "It exists already."},
    }
    monkeypatch.setattr(sentences, "catalogue", lambda: words)


@pytest.fixture
def service() -> FakeSignIn:
    return FakeSignIn()


@pytest.fixture
def page(qtbot: QtBot, dressed: Languages, ops: Ops, service: FakeSignIn) -> SignInPage:
    del dressed
    made = SignInPage(service, ops, ErrorDesk(lambda: Language.ZH))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.ask_badge()
    return made


def test_a_badge_and_a_pin_typed_on_the_keyboard(page: SignInPage, ops: Ops, qtbot: QtBot, service: FakeSignIn) -> None:
    page.take_badge("A1001")
    with qtbot.waitSignal(page.signed_in) as entered:
        Keyboard(page).type("2580\r", gaps_ms=(180,))
    assert entered.args[0].person is LI_WEN
    assert service.attempts == [("A1001", "2580")]
    settle(ops)
    assert page.step is Step.BADGE


def test_a_wrong_pin_is_said_and_forgotten(page: SignInPage, ops: Ops) -> None:
    page.take_badge("A1001")
    page.pad.entered.emit("1111")
    settle(ops)
    assert page.message.text() == "PIN 不正确，还可以再试 3 次。"
    assert page.message.isVisible()
    assert page.pad.length == 0
    assert page.pad.hasFocus()


def test_a_lock_counts_down_and_takes_no_attempts(
    page: SignInPage, ops: Ops, service: FakeSignIn, qtbot: QtBot
) -> None:
    service.locked_s = 2
    page._countdown.setInterval(3_600_000)  # the seconds are counted here by hand
    page.take_badge("A1001")
    page.pad.entered.emit("2580")
    settle(ops)
    assert "2 秒" in page.message.text()
    page.pad.entered.emit("2580")
    settle(ops)
    assert len(service.attempts) == 1
    service.locked_s = 0
    page._tick()
    assert "1 秒" in page.message.text()
    page._tick()
    assert not page.message.isVisible()
    with qtbot.waitSignal(page.signed_in):
        page.pad.entered.emit("2580")


def test_the_pin_pad_wants_four_to_eight_digits(page: SignInPage, service: FakeSignIn) -> None:
    page.take_badge("A1001")
    keyboard = Keyboard(page)
    keyboard.type("258\r", gaps_ms=(200,))
    assert service.attempts == []
    keyboard.type("0123456789", gaps_ms=(200,))
    assert page.pad.length == 8
    keyboard.press(Qt.Key.Key_Backspace, "\x08")
    assert page.pad.length == 7


def test_name_and_password_by_keyboard(page: SignInPage, qtbot: QtBot, service: FakeSignIn) -> None:
    QTest.keyClick(page, Qt.Key.Key_F2)
    assert page.name.hasFocus()
    page.name.setText("李雯")
    QTest.keyClick(page.name, Qt.Key.Key_Return)
    assert page.password.hasFocus()
    assert page.password.echoMode() is QLineEdit.EchoMode.Password
    page.password.setText("laboratory-1")
    with qtbot.waitSignal(page.signed_in):
        QTest.keyClick(page.password, Qt.Key.Key_Return)
    assert service.attempts == [("李雯", "laboratory-1")]
    assert page.password.text() == ""


def test_people_who_were_here_last_are_one_click_away(page: SignInPage, ops: Ops) -> None:
    page.load_recent()
    settle(ops)
    person = next(button for button in page.findChildren(QPushButton) if button.text() == "李雯")
    QTest.mouseClick(person, Qt.MouseButton.LeftButton)
    assert (page.step, page.name.text()) == (Step.PASSWORD, "李雯")
    QTest.keyClick(page.password, Qt.Key.Key_Escape)
    assert page.step is Step.BADGE


ANSWERS = (
    ("营口市建科检测有限公司", "LN-0801", "辽建检字第 2108 号", "", "营口市站前区 1 号", "0417-1234567"),
    ("周工", "A1003"),
    ("2580", "2580", "laboratory-1", "laboratory-1"),
)


@pytest.fixture
def setup() -> FakeSetup:
    return FakeSetup(wanted=True)


@pytest.fixture
def wizard(qtbot: QtBot, dressed: Languages, ops: Ops, setup: FakeSetup) -> FirstStart:
    del dressed
    made = FirstStart(setup, ops, ErrorDesk(lambda: Language.ZH))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.fields["lab_name"].setFocus()
    return made


def answer(wizard: FirstStart, answers: tuple[str, ...]) -> None:
    """Fills a step: text, Enter, text, Enter ... wherever the focus goes by itself. (QTest cannot type Chinese.)"""
    for text in answers:
        field = wizard.focusWidget()
        assert isinstance(field, QLineEdit)
        field.setText(text)
        QTest.keyClick(field, Qt.Key.Key_Return)


def test_three_steps_by_keyboard_alone(wizard: FirstStart, setup: FakeSetup, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wizard.created):
        for answers in ANSWERS:
            answer(wizard, answers)
    (made,) = setup.created
    assert isinstance(made, LabSetup)
    assert (made.laboratory.name, made.laboratory.id, made.laboratory.cma_no) == (
        "营口市建科检测有限公司",
        "LN-0801",
        "",
    )
    assert (made.administrator, made.badge, made.pin, made.password) == ("周工", "A1003", "2580", "laboratory-1")
    assert wizard.value("pin") == wizard.value("password") == ""


def test_an_empty_field_is_named_and_gets_the_keyboard(wizard: FirstStart) -> None:
    answer(wizard, ("", "", "", "", "", ""))
    assert wizard.step == 0
    assert "检测机构名称" in wizard.message.text()
    assert wizard.fields["lab_name"].hasFocus()


@pytest.mark.parametrize(
    ("secrets", "word"),
    [
        (("258", "258", "laboratory-1", "laboratory-1"), "4 至 8 位"),
        (("25a0", "25a0", "laboratory-1", "laboratory-1"), "4 至 8 位"),
        (("2580", "2581", "laboratory-1", "laboratory-1"), "PIN 不一致"),
        (("2580", "2580", "short", "short"), "10 个字符"),
        (("2580", "2580", "laboratory-1", "laboratory-2"), "密码不一致"),
    ],
)
def test_bad_secrets_are_refused(wizard: FirstStart, setup: FakeSetup, secrets: tuple[str, ...], word: str) -> None:
    answer(wizard, ANSWERS[0])
    answer(wizard, ANSWERS[1])
    answer(wizard, secrets)
    assert word in wizard.message.text()
    assert setup.created == []


def test_escape_goes_back_and_nothing_typed_is_lost(wizard: FirstStart) -> None:
    answer(wizard, ANSWERS[0])
    QTest.keyClick(wizard.focusWidget(), Qt.Key.Key_Escape)
    assert wizard.step == 0
    assert wizard.fields["lab_name"].text() == ANSWERS[0][0]


def test_a_badge_typed_as_its_whole_code_is_understood(wizard: FirstStart, setup: FakeSetup, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wizard.created):
        answer(wizard, ANSWERS[0])
        answer(wizard, ("周工", format_code(CodeKind.BADGE, "B77")))
        answer(wizard, ANSWERS[2])
    assert setup.created[0].badge == "B77"


def test_a_refusal_of_the_service_is_said(
    wizard: FirstStart, setup: FakeSetup, ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(wanted: LabSetup) -> None:
        raise OperatorError("test.exists")

    monkeypatch.setattr(setup, "create", refuse)
    for answers in ANSWERS:
        answer(wizard, answers)
    settle(ops)
    assert wizard.message.text() == "已经建立过。"
    assert wizard.isVisible()
