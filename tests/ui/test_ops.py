"""Queries beside each other, commands one after the other, results on the main thread, all threads joined at the end."""

from __future__ import annotations

import threading

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from labdesk.domain.errors import BugError, EnvironmentFault, OperatorError
from labdesk.domain.sentences import Language
from labdesk.ui.errors import ErrorDesk, Notice, NoticeState
from labdesk.ui.ops import Command, Ops, Query
from tests.ui.fakes import settle


def test_work_runs_elsewhere_and_comes_back_here(ops: Ops) -> None:
    places: list[threading.Thread] = []
    owner = QObject()

    def work() -> int:
        places.append(threading.current_thread())
        return 42

    results: list[int] = []
    Query(ops, owner, work).then(
        lambda value: (results.append(value), places.append(threading.current_thread()))
    ).start()
    settle(ops)
    assert results == [42]
    assert places[0].name.startswith("labdesk-query")
    assert places[1] is threading.main_thread()


def test_commands_run_on_one_thread_in_the_order_given(ops: Ops) -> None:
    owner = QObject()
    order: list[tuple[int, str]] = []
    for number in range(50):
        Command(ops, owner, lambda number=number: order.append((number, threading.current_thread().name))).start()
    settle(ops)
    assert [number for number, _ in order] == list(range(50))
    assert len({name for _, name in order}) == 1


def test_a_slow_query_does_not_hold_up_a_command(ops: Ops, qtbot: QtBot) -> None:
    owner, gate = QObject(), threading.Event()
    done: list[str] = []
    Query(ops, owner, lambda: gate.wait(10)).then(lambda _: done.append("query")).start()
    with qtbot.waitSignal(ops.busy_changed, check_params_cb=lambda busy: not busy):
        Command(ops, owner, lambda: None).then(lambda _: done.append("command")).start()
    assert done == ["command"]
    gate.set()
    settle(ops)
    assert done == ["command", "query"]


def test_a_failure_goes_to_its_handler_or_to_the_common_desk(ops: Ops) -> None:
    owner = QObject()
    own: list[Exception] = []
    common: list[Exception] = []
    ops.failed.connect(common.append)

    def refuse() -> None:
        raise OperatorError("scan.unknown", text="x")

    Query(ops, owner, refuse).otherwise(own.append).start()
    Command(ops, owner, refuse).start()
    settle(ops)
    assert [type(error) for error in own + common] == [OperatorError, OperatorError]


def test_results_for_a_widget_that_is_gone_are_dropped(ops: Ops) -> None:
    owner = QWidget()
    gate = threading.Event()
    results: list[bool] = []
    Query(ops, owner, lambda: gate.wait(10)).then(results.append).start()
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(owner)
    gate.set()
    settle(ops)
    assert results == []


def test_closing_finishes_commands_and_joins_every_thread(qapp: QApplication) -> None:
    del qapp
    ops, owner = Ops(), QObject()
    written: list[int] = []
    for number in range(20):
        Command(ops, owner, lambda number=number: written.append(number)).start()
    ops.close()
    assert written == list(range(20))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("labdesk-")]
    Command(ops, owner, lambda: written.append(99)).start()
    assert ops.closed
    assert 99 not in written


@pytest.mark.allow_log(r"labdesk\.ui\.errors:WARNING:environment fault: .*")
@pytest.mark.parametrize(
    ("error", "state", "sticky"),
    [
        (OperatorError("scan.unknown", text="X1"), NoticeState.WARN, False),
        (EnvironmentFault("shell.font_missing", file="a.ttf"), NoticeState.BAD, True),
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_errors_become_sentences(
    qapp: QApplication, error: Exception, state: NoticeState, sticky: bool, language: Language
) -> None:
    del qapp
    desk, seen = ErrorDesk(lambda: language), []
    desk.noticed.connect(seen.append)
    desk.report(error)
    (notice,) = seen
    assert isinstance(notice, Notice)
    assert (notice.state, notice.sticky) == (state, sticky)
    assert ("。" in notice.text) is (language is Language.ZH)


@pytest.mark.allow_log(r"labdesk\.ui\.errors:ERROR:bug [0-9A-F]{8}")
@pytest.mark.parametrize("bug", [BugError("shell.no_session"), ZeroDivisionError("x")])
def test_a_bug_is_logged_with_its_traceback_and_shown_with_its_reference(
    qapp: QApplication, bug: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    del qapp
    desk, boxes = ErrorDesk(lambda: Language.EN), []
    desk.show_box = boxes.append
    try:
        raise bug
    except Exception as caught:
        desk.report(caught)
    (record,) = caplog.records
    assert record.exc_info is not None
    reference = record.getMessage().split()[-1]
    assert reference in boxes[0]
