"""The sync page: how things stand in one line, messages with receipts, and what a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from labdesk.domain.outbox import OutboxState
from labdesk.storage.database import ensure_schema, open_engine
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.sync.page import FILTERS
from labdesk.ui.widgets.banner import VerdictState
from tests.helpers.reviewworld import QUALITY, REVIEWER
from tests.ui.review_stage import Stage, below_header, stage
from tests.ui.screens_reports import some_arrived, sync_page


@pytest.fixture
def found(tmp_path: Path, ops: Ops, dressed: Languages) -> Iterator[Stage]:
    del dressed
    engine = open_engine(f"sqlite:///{tmp_path / 'labdesk.db'}")
    ensure_schema(engine)
    yield stage(engine, QUALITY, ops)
    ops.close()
    engine.dispose()


def opened(found: Stage, qtbot: QtBot, *, online: bool = True):
    found.made.clock.forward(hours=2)
    page, control = sync_page(found, online=online)
    found.kept.append(below_header(page, lambda: "Sync"))
    qtbot.addWidget(found.kept[-1])
    page.on_shown()
    found.settle()
    return page, control


def test_everything_arrived_reads_green(found: Stage, qtbot: QtBot) -> None:
    page, _ = opened(found, qtbot)
    assert page.banner.verdict.state is VerdictState.MATCH
    assert page.stack.currentWidget() is page.empty


def test_offline_says_that_work_goes_on_with_count_age_and_contact(found: Stage, qtbot: QtBot) -> None:
    found.made.checked()
    page, _ = opened(found, qtbot, online=False)
    verdict = page.banner.verdict
    assert (verdict.state, verdict.word) == (VerdictState.HOLD, "连不上平台，工作照常")
    assert verdict.reason.startswith("2 条待传，最早 2 小时前，最近联系 ")


def test_a_stuck_message_is_sent_again_or_closed_with_a_reason(found: Stage, qtbot: QtBot) -> None:
    some_arrived(found.made)
    page, control = opened(found, qtbot)
    assert page.banner.verdict.state is VerdictState.MISMATCH
    page._filter(FILTERS[2])
    found.settle()
    assert page.table.rows_model.rowCount() == 2
    page._send_again()
    found.settle()
    assert control.woken == 1
    assert page.table.rows_model.rowCount() == 1
    page._close("平台确认已另行处理")
    found.settle()
    page._filter(FILTERS[4])
    found.settle()
    row = page.table.current_row()
    assert (row.message.state, row.closure.person_id) == (OutboxState.CLOSED, QUALITY.id)


def test_only_a_supervisor_may_close(found: Stage, qtbot: QtBot) -> None:
    some_arrived(found.made)
    found.who = REVIEWER
    page, _ = opened(found, qtbot)
    page._filter(FILTERS[2])
    found.settle()
    actions = page.keys()
    assert "F8" not in {action.key for action in actions if action.enabled()}
    assert not page.card.close_it.isEnabled()


def test_try_now_says_what_arrived(found: Stage, qtbot: QtBot) -> None:
    page, control = opened(found, qtbot)
    page._try_now()
    found.settle()
    assert control.tried == 1
    assert found.told[-1].text == "刚刚送达 1 条。"
