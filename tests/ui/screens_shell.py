"""Pictures of the shell: sign-in in its steps, first start, work with an empty page, help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtWidgets import QApplication, QWidget

from labdesk.domain.outbox import SyncStatus
from labdesk.domain.people import Session
from labdesk.ui.errors import Notice, NoticeState
from labdesk.ui.i18n import Languages, language
from labdesk.ui.ops import Ops
from labdesk.ui.page import Header
from labdesk.ui.shell.status_bar import Light, Machines
from labdesk.ui.shell.window import Shell
from tests.ui.fakes import ADMIN, NOON, FakeSetup, parts, settle


def _shell(setup: FakeSetup | None = None) -> Shell:
    app = QApplication.instance()
    assert app is not None
    languages = Languages(app)
    ops = Ops()
    shell = Shell(parts(ops, languages, setup=setup))
    shell.begin()
    settle(ops)
    return shell


def _at_work(change: Callable[[Shell], object]) -> QWidget:
    shell = _shell()
    shell.sign_in.signed_in.emit(Session(ADMIN, "收样台 1", NOON))
    shell.status.show_scanner(Light.OK)
    shell.status.show_machines(Machines(3, 3))
    shell.status.show_sync(SyncStatus(False, 7, NOON - timedelta(hours=2), NOON, 1))
    change(shell)
    return shell


def _empty(shell: Shell) -> None:
    page = shell.work.page
    assert page is not None
    page.set_header(Header("委托单 WT-2026-01877", "扫描任何二维码即可继续 · 无需点击"))


def _notices(shell: Shell) -> None:
    page = shell.work.page
    assert page is not None
    page.set_header(Header("12 份待审 · 已阅 4", keys=page.keys()))
    chinese = language().value == "zh"
    for state, text in (
        (NoticeState.OK, "收样完成，编号 2026-GJ-00418。" if chinese else "Received under 2026-GJ-00418."),
        (NoticeState.WARN, "扫码不完整或被输入法改动：LDT:YK2107。请切换到英文输入法后重扫，什么都没有记录。"),
        (NoticeState.BAD, "无法写入数据文件夹：磁盘已满。已确认的数据都在；请清理磁盘后重试。"),
    ):
        shell.work.notices.show_notice(Notice(state, text, sticky=True))


def _pin() -> QWidget:
    shell = _shell()
    shell.take_badge("A1001")
    shell.sign_in.pad.type_digit("1")
    shell.sign_in.pad.type_digit("2")
    return shell


def _password() -> QWidget:
    shell = _shell()
    shell.sign_in._ask_password("李雯")
    return shell


def _first_start(step: int) -> QWidget:
    shell = _shell(FakeSetup(wanted=True))
    wizard = shell.first_start
    assert wizard is not None
    wizard.fields["lab_name"].setText("营口市建科检测有限公司")
    wizard._show(step)
    if step == 2:
        wizard.forward()
    return shell


SCREENS: dict[str, Callable[[], QWidget]] = {
    "shell-sign-in": _shell,
    "shell-pin": _pin,
    "shell-password": _password,
    "shell-first-start-1": lambda: _first_start(0),
    "shell-first-start-2": lambda: _first_start(1),
    "shell-first-start-3": lambda: _first_start(2),
    "shell-empty": lambda: _at_work(_empty),
    "shell-notices": lambda: _at_work(_notices),
    "shell-help": lambda: _at_work(lambda shell: shell.work.open("help")),
}
