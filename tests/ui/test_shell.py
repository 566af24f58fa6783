"""The window: signing in, pages by role, keys, scans by content, language and dress while running, and an end with all threads."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labdesk.domain.codes import CodeKind, format_code, normalise_scan
from labdesk.domain.outbox import SyncStatus
from labdesk.domain.people import Person, Session
from labdesk.domain.scans import Scan, ScanSource
from labdesk.domain.sentences import Language
from labdesk.ui import theme
from labdesk.ui.errors import Notice, NoticeState
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.page import Header
from labdesk.ui.scan_filter import ScanFilter
from labdesk.ui.scan_router import RouterParts, ScanRouter
from labdesk.ui.shell.status_bar import Light, Machines
from labdesk.ui.shell.window import Look, Shell, ShellParts
from labdesk.ui.sounds import Tone
from labdesk.ui.tokens import Scheme
from tests.ui.fakes import ADMIN, CHEN_LI, LI_WEN, NOON, NotePage, StillClock, parts, settle
from tests.ui.keys import Keyboard


@pytest.fixture
def made_of(ops: Ops, dressed: Languages) -> ShellParts:
    return parts(ops, dressed)


@pytest.fixture
def shell(qtbot: QtBot, made_of: ShellParts) -> Shell:
    made = Shell(made_of)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.begin()
    settle(made_of.ops)
    return made


@pytest.fixture
def kept() -> list[Scan]:
    return []


@pytest.fixture
def router(shell: Shell, made_of: ShellParts, kept: list[Scan]) -> ScanRouter:
    return ScanRouter(shell, RouterParts(made_of.errors, made_of.sounds, kept.append))


def enter(shell: Shell, person: Person = LI_WEN) -> None:
    """Signs a person in, as the sign-in page would."""
    shell.sign_in.signed_in.emit(Session(person, "收样台 1", NOON))


def scan(kind: CodeKind, body: str) -> Scan:
    """A scan of one of our codes."""
    raw = f"https://platform.example/r/{body}" if kind is CodeKind.REPORT else format_code(kind, body)
    return Scan(raw, normalise_scan(raw), ScanSource.WEDGE, "", 40, NOON)


def note_page(shell: Shell) -> NotePage:
    """The page in front."""
    page = shell.work.page
    assert isinstance(page, NotePage)
    return page


def test_pages_follow_roles(shell: Shell) -> None:
    enter(shell, LI_WEN)
    assert [spec.id for spec in shell.work.allowed] == [
        "reception",
        "testing",
        "reporting",
        "projects",
        "equipment",
        "sync",
    ]
    enter(shell, CHEN_LI)
    assert [spec.id for spec in shell.work.allowed] == ["review", "reporting", "projects", "equipment", "sync"]
    assert shell.work.current_id == "review"
    enter(shell, ADMIN)
    assert len(shell.work.allowed) == 7
    assert shell.work.current_id == "review"


def test_pages_are_made_when_first_opened_and_told_when_shown_and_left(shell: Shell) -> None:
    enter(shell)
    first = note_page(shell)
    assert first.notes == ["shown"]
    assert shell.work.open("testing")
    assert first.notes == ["shown", "left"]
    assert not shell.work.open("review")
    assert shell.work.open("reception")
    assert note_page(shell) is first


def test_control_and_a_digit_open_the_pages(shell: Shell) -> None:
    enter(shell)
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert shell.work.current_id == "testing"
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert shell.work.current_id == "testing"
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    assert shell.work.current_id == "help"
    assert shell.work.header.title.text() == "帮助"


def test_no_page_opens_by_key_while_nobody_is_signed_in(shell: Shell) -> None:
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert shell.work.current_id == ""


def test_keys_of_a_page_act_unless_somebody_types(shell: Shell) -> None:
    enter(shell)
    page = note_page(shell)
    keyboard = Keyboard(shell)
    keyboard.press(Qt.Key.Key_J, "j")
    keyboard.press(Qt.Key.Key_F8)
    keyboard.press(Qt.Key.Key_Space, " ")
    keyboard.press(Qt.Key.Key_F9)
    assert page.notes == ["shown", "J", "F8", "Space"]
    page.field.setFocus()
    keyboard.press(Qt.Key.Key_J, "j")
    keyboard.press(Qt.Key.Key_F8)
    assert page.notes[4:] == ["F8"]
    assert page.field.text() == "j"


def test_keys_act_when_the_focus_is_lost_and_on_the_number_block(shell: Shell) -> None:
    enter(shell)
    page = note_page(shell)
    page.field.setFocus()
    page.field.deleteLater()
    QCoreApplication.sendPostedEvents(page.field, QEvent.Type.DeferredDelete)
    page.clearFocus()
    keyboard = Keyboard(shell)
    keyboard.press(Qt.Key.Key_J, "j")
    keyboard.press(Qt.Key.Key_F8, modifiers=Qt.KeyboardModifier.KeypadModifier)
    assert page.notes == ["shown", "J", "F8"]


def test_a_held_down_key_acts_once(shell: Shell) -> None:
    enter(shell)
    keyboard = Keyboard(shell)
    keyboard.press(Qt.Key.Key_F8)
    for _ in range(5):
        keyboard.press(Qt.Key.Key_F8, repeat=True)
    assert note_page(shell).notes.count("F8") == 1


@pytest.mark.parametrize(
    ("kind", "home"), [(CodeKind.TAG, "reception"), (CodeKind.SPECIMEN, "testing"), (CodeKind.COMMISSION, "reception")]
)
def test_a_code_finds_its_page_from_any_page(
    shell: Shell, router: ScanRouter, kept: list[Scan], kind: CodeKind, home: str
) -> None:
    enter(shell)
    shell.work.open("projects")
    projects = note_page(shell)
    projects.takes = False
    router.route(scan(kind, "YK-1"))
    assert shell.work.current_id == home
    assert note_page(shell).notes[-2:] == ["shown", f"scan {kind.value}:YK-1"]
    asked_first = f"scan {kind.value}:YK-1" in projects.notes
    assert asked_first is (kind is not CodeKind.COMMISSION)
    assert len(kept) == 1


def test_the_page_in_front_has_the_first_word_on_tags(shell: Shell, router: ScanRouter) -> None:
    enter(shell)
    shell.work.open("testing")
    router.route(scan(CodeKind.TAG, "YK-1"))
    assert shell.work.current_id == "testing"
    assert note_page(shell).notes[-1] == "scan T:YK-1"


def test_a_code_nobody_here_can_use_says_so(shell: Shell, router: ScanRouter, made_of: ShellParts) -> None:
    enter(shell, CHEN_LI)
    note_page(shell).takes = False
    router.route(scan(CodeKind.SPECIMEN, "G26-1"))
    assert "G26-1" in shell.work.notices.texts[0]
    assert made_of.sounds.last is Tone.BAD
    assert shell.work.current_id == "review"


def test_before_signing_in_only_badges_count(shell: Shell, router: ScanRouter, made_of: ShellParts) -> None:
    seen: list[Notice] = []
    made_of.errors.noticed.connect(seen.append)
    router.route(scan(CodeKind.TAG, "YK-1"))
    assert "登录" in seen[0].text
    router.route(scan(CodeKind.BADGE, "A1001"))
    for digit in "2580":
        shell.sign_in.pad.type_digit(digit)
    QTest.keyClick(shell.sign_in.pad, Qt.Key.Key_Return)
    settle(made_of.ops)
    assert shell.session().person is LI_WEN


def test_a_badge_switches_persons_and_keeps_the_page(shell: Shell, router: ScanRouter, made_of: ShellParts) -> None:
    enter(shell, ADMIN)
    shell.work.open("projects")
    page = note_page(shell)
    router.route(scan(CodeKind.BADGE, "A1001"))
    assert not shell.signed_in()
    shell.sign_in.pad.entered.emit("2580")
    settle(made_of.ops)
    assert shell.session().person is LI_WEN
    assert note_page(shell) is page
    assert "李雯" in shell.status.person.text()


def test_a_badge_scanned_by_mistake_is_undone_with_escape(shell: Shell, router: ScanRouter) -> None:
    enter(shell, ADMIN)
    router.route(scan(CodeKind.BADGE, "A1001"))
    QTest.keyClick(shell.sign_in, Qt.Key.Key_Escape)
    QTest.keyClick(shell.sign_in, Qt.Key.Key_Escape)
    assert shell.signed_in()
    assert shell.session().person is ADMIN


@pytest.mark.parametrize("raw", ["LDT:YK2107440812", "LDT:YK210744081263:00", "6901234567892"])
def test_mangled_and_foreign_codes_are_refused_aloud(
    shell: Shell, router: ScanRouter, made_of: ShellParts, raw: str
) -> None:
    enter(shell)
    router.route(Scan(raw, normalise_scan(raw), ScanSource.SERIAL, "COM5", 12, NOON))
    assert raw in shell.work.notices.texts[0]
    assert made_of.sounds.last is Tone.BAD
    assert note_page(shell).notes == ["shown"]


def test_a_scanner_thread_may_submit(shell: Shell, router: ScanRouter) -> None:
    enter(shell)
    sender = threading.Thread(target=lambda: router.submit(scan(CodeKind.TAG, "YK-9")))
    sender.start()
    sender.join()
    assert note_page(shell).notes == ["shown"]
    QApplication.processEvents()
    assert note_page(shell).notes[-1] == "scan T:YK-9"


def test_a_wedge_scan_reaches_the_page_while_a_field_has_the_focus(
    shell: Shell, router: ScanRouter, qapp: QApplication
) -> None:
    wedge = ScanFilter(StillClock())
    wedge.scanned.connect(router.route)
    qapp.installEventFilter(wedge)
    enter(shell)
    page = note_page(shell)
    page.field.setFocus()
    Keyboard(shell).type(format_code(CodeKind.TAG, "YK-77") + "\r")
    qapp.removeEventFilter(wedge)
    assert page.notes[-1] == "scan T:YK-77"
    assert page.field.text() == ""


def test_language_and_dress_change_while_running(qtbot: QtBot, made_of: ShellParts) -> None:
    remembered: list[Look] = []
    shell = Shell(replace(made_of, remember=remembered.append))
    qtbot.addWidget(shell)
    shell.show()
    enter(shell)
    assert shell.work.header.title.text() == "收样"
    light = shell.grab().toImage().pixelColor(700, 300).lightness()
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert shell.work.header.title.text() == "Reception"
    assert "Reception" in shell.status.person.text()
    assert shell.grab().toImage().pixelColor(700, 300).lightness() < light / 4
    assert remembered[-1] == Look(Language.EN, Scheme.DARK)
    assert theme.scheme() is Scheme.DARK


def test_the_status_bar_says_it_in_words(shell: Shell) -> None:
    enter(shell)
    status = shell.status
    status.show_scanner(Light.BAD)
    status.show_machines(Machines(2, 3))
    status.show_sync(SyncStatus(False, 7, NOON - timedelta(days=2), NOON, 1))
    assert status.person.text() == "李雯 · 收样员"
    assert status.scanner.word.text() == "扫码枪 断开"
    assert status.machines.word.text() == "设备 2 / 3"
    words = status.platform.word.text()
    assert words.startswith("平台 离线 · 7 条待传 · 1 条需处理 · 最早 11-19")
    assert words.endswith("（照常工作）")
    assert status.platform.dot.light is Light.WARN
    status.show_sync(SyncStatus(True, 0, None, NOON, 0))
    assert status.platform.dot.light is Light.OK
    assert "同步" in status.platform.word.text()


def test_headers_belong_to_the_page_in_front(shell: Shell) -> None:
    enter(shell)
    reception = note_page(shell)
    reception.set_header(Header("WT-1"))
    assert shell.work.header.subtitle.text() == "WT-1"
    shell.work.open("testing")
    reception.set_header(Header("WT-2"))
    assert shell.work.header.subtitle.text() == ""
    shell.work.open("reception")
    assert shell.work.header.subtitle.text() == "WT-2"


def test_notices_do_not_take_the_keyboard_and_are_three_at_most(shell: Shell) -> None:
    enter(shell)
    page = note_page(shell)
    page.field.setFocus()
    for number in range(5):
        shell.work.notices.show_notice(Notice(NoticeState.INFO, f"n{number}", sticky=True))
    shell.work.notices.show_notice(Notice(NoticeState.INFO, "n4", sticky=True))
    assert shell.work.notices.texts == ("n2", "n3", "n4")
    assert page.field.hasFocus()


def test_signing_out_forgets_the_pages(shell: Shell) -> None:
    enter(shell)
    page = note_page(shell)
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(page)
    assert not shell.signed_in()
    assert shell.work.page is None


@pytest.fixture
def threads_before() -> set[threading.Thread]:
    return set(threading.enumerate())


def test_start_and_quit_joins_every_thread(
    qtbot: QtBot, dressed: Languages, threads_before: set[threading.Thread]
) -> None:
    ops, ended = Ops(), []
    shell = Shell(replace(parts(ops, dressed), ended=lambda: ended.append(True)))
    qtbot.addWidget(shell)
    shell.show()
    shell.begin()
    settle(ops)
    enter(shell)
    assert set(threading.enumerate()) - threads_before
    shell.close()
    shell.close()
    assert ended == [True]
    assert set(threading.enumerate()) - threads_before == set()
