"""The reports page: find, open, print and count, ask again, verify."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.outbox import OutboxState
from labdesk.domain.scans import Scan, ScanSource
from labdesk.storage.database import ensure_schema, open_engine
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.reporting.page import FILTERS
from labdesk.ui.widgets.banner import VerdictState
from tests.helpers.reviewworld import REVIEWER
from tests.ui.review_stage import Stage, below_header, stage
from tests.ui.screens_reports import FORGED, Verifier, issue, refuse_request, reports_page
from tests.unit.services.test_reporting import answer, request_message


@pytest.fixture
def found(tmp_path: Path, ops: Ops, dressed: Languages) -> Iterator[Stage]:
    del dressed
    engine = open_engine(f"sqlite:///{tmp_path / 'labdesk.db'}")
    ensure_schema(engine)
    yield stage(engine, REVIEWER, ops)
    ops.close()
    engine.dispose()


def opened(found: Stage, qtbot: QtBot, verifier: Verifier | None = None):
    page, papers = reports_page(found, verifier)
    found.kept.append(below_header(page, lambda: "Reports"))
    qtbot.addWidget(found.kept[-1])
    page.on_shown()
    found.settle()
    return page, papers


def enabled(page) -> set[str]:
    actions = page.keys()
    return {action.key for action in actions if action.enabled()}


@pytest.mark.rule("YK-7.2b")
def test_an_issued_report_opens_and_its_copies_are_counted(found: Stage, qtbot: QtBot) -> None:
    draft_id = issue(found.made)
    page, papers = opened(found, qtbot)
    page.doing.open(page.table.current_row())
    found.settle()
    assert papers == [("BG-2026-00001-1.pdf", found.made.reporting.report_pdf(draft_id))]
    page.doing.ask_copies(page.table.current_row())
    page.doing.copies.number.setValue(2)
    page.doing.copies._give()
    found.settle()
    assert page.table.current_row().printed == 5
    assert len(papers) == 2


@pytest.mark.rule("YK-7.2b")
def test_before_the_code_only_the_draft_opens(found: Stage, qtbot: QtBot) -> None:
    found.made.approved()
    page, papers = opened(found, qtbot)
    page.doing.open(page.table.current_row())
    found.settle()
    name, data = papers[0]
    assert name == "BG-2026-00001-1-draft.pdf"
    assert data.startswith(b"%PDF-DRAFT")


def test_a_refused_request_shows_what_is_missing_and_is_asked_again(found: Stage, qtbot: QtBot) -> None:
    found.made.approved()
    refuse_request(found.made)
    page, _ = opened(found, qtbot)
    assert "F6" in enabled(page)
    texts = [page.card._reasons.itemAt(index).widget().text() for index in range(page.card._reasons.count())]
    assert any("K1-0720" in text and text.startswith("·") for text in texts)
    page.doing.ask_again(page.table.current_row())
    found.settle()
    assert request_message(found.made).state is OutboxState.QUEUED
    assert "F6" not in enabled(page)


@pytest.mark.allow_log(r"labdesk\.services\.reporting:WARNING:report .* is not finished")
def test_a_coded_report_is_finished_by_hand(found: Stage, qtbot: QtBot) -> None:
    found.made.renderer.fail = True
    draft_id = found.made.approved()
    found.made.reporting.on_result(request_message(found.made), answer(found.made, draft_id))
    found.made.renderer.fail = False
    page, _ = opened(found, qtbot)
    assert "F7" in enabled(page)
    page.doing.finish(page.table.current_row())
    found.settle()
    assert page.table.current_row().code
    assert "F7" not in enabled(page)


def test_search_and_filters(found: Stage, qtbot: QtBot) -> None:
    issue(found.made)
    page, _ = opened(found, qtbot)
    page.words.setText("渤海路小学")
    found.settle()
    assert page.stack.currentWidget() is page.empty
    page.words.setText("滨海大厦")
    found.settle()
    assert page.table.rows_model.rowCount() == 1
    page._filter(FILTERS[1])
    found.settle()
    assert page.table.rows_model.rowCount() == 0


def test_a_scanned_or_dropped_report_is_verified(found: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    page, _ = opened(found, qtbot, Verifier(FORGED))
    scan = Scan(
        "x", "https://jianguan.example.cn/r/YK26#abc", ScanSource.WEDGE, "", 5, datetime(2026, 11, 21, tzinfo=UTC)
    )
    assert not page.on_scan(Code(CodeKind.TAG, "x"), scan)
    assert page.on_scan(Code(CodeKind.REPORT, "YK26"), scan)
    found.settle()
    verdict = page.verify.banner.verdict
    assert verdict is not None
    assert (verdict.state, verdict.word) == (VerdictState.MISMATCH, "不是真实报告")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 x")
    page.verify.banner.clear()
    page.verify_file(tmp_path / "a.pdf")
    found.settle()
    assert page.verify.banner.verdict is not None
