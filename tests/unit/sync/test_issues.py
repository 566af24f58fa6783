"""Asking about a report code: known, unknown, somebody else's answer, no answer."""

from __future__ import annotations

import pytest

from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.reporting import IssueState
from labdesk.domain.verification import IssueLookup
from labdesk.evidence.canonical import canonical_hash
from labdesk.platform.server import admin
from labdesk.sync.issues import PlatformIssues
from labdesk.sync.transport import HttpReply
from tests.unit.platform.world import commission, story
from tests.unit.sync.world import Bench, cut


@pytest.mark.rule("YK-7.2b")
def test_the_state_of_a_code_is_what_the_platform_says_now(desk: Bench) -> None:
    told = story(commission())
    desk.blobs.data.update(told.runs)
    messages = desk.queue(*told.before_request(), told.request)
    desk.engine.sync_now()
    code = desk.outbox.results[messages[-1].id]["report_code"]
    lookup: IssueLookup = PlatformIssues(desk.line)
    record = lookup.newest(code)
    assert record is not None
    assert (record.state, record.report_no) == (IssueState.VALID, "GJ-2026-00031")
    assert record.data_hash == canonical_hash(told.request.data)
    admin.withdraw_report(desk.region.context, code, "样品调换")
    again = lookup.newest(code)
    assert again is not None
    assert again.state is IssueState.WITHDRAWN
    assert lookup.newest("YK26-7F3K-92QD") is None
    assert lookup.newest("../../trust") is None


@pytest.mark.parametrize("status", [200, 404])
def test_somebody_elses_answer_says_nothing(desk: Bench, status: int) -> None:
    desk.line.bend = lambda call, send: HttpReply(status, {}, b"<html>sign in</html>")
    with pytest.raises(EnvironmentFault, match=r"sync\.not_a_receipt"):
        PlatformIssues(desk.line).newest("YK26-7F3K-92QD")
    desk.line.bend = cut
    with pytest.raises(EnvironmentFault, match=r"sync\.unreachable"):
        PlatformIssues(desk.line).newest("YK26-7F3K-92QD")
