"""Reporting's repository on both databases: requests, codes, reports and copies come back as they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labdesk.domain.ports.reporting import Copies
from labdesk.domain.store import SYSTEM
from labdesk.evidence.canonical import canonical_hash
from tests.helpers.reviewworld import REVIEWER, ReviewWorld, make_world
from tests.helpers.stores import opened_engine
from tests.unit.services.test_reporting import CODE, answer


@pytest.fixture
def made(database_url: str) -> Iterator[ReviewWorld]:
    with opened_engine(database_url) as opened:
        yield make_world(opened)


def test_a_report_on_its_way(made: ReviewWorld) -> None:
    draft_id = made.approved()
    with made.store.read() as uow:
        request = uow.reporting.request(draft_id)
        assert request is not None
        assert canonical_hash(request.data) == request.data_sha256
        assert uow.reporting.request_of(request.report_no, 1) == request
        assert uow.reporting.request_of(request.report_no, 2) is None
        assert uow.reporting.requested_not_coded() == [draft_id]
    code = made.reporting.on_acknowledged(draft_id, answer(made, draft_id))
    with made.store.read() as uow:
        assert uow.reporting.code(draft_id) == code
        assert code.code == CODE
        assert uow.reporting.requested_not_coded() == []
        assert uow.reporting.coded_not_issued() == [draft_id]
    report = made.reporting.issue(draft_id)
    with made.store.read() as uow:
        assert uow.reporting.issued(draft_id) == report
        assert uow.reporting.newest_issued(5) == [report]
        assert uow.reporting.coded_not_issued() == []


def test_copies_come_back_in_order(made: ReviewWorld) -> None:
    draft_id = made.checked()
    copies = [
        Copies(made.ids.new_id(), draft_id, kind, count, False, REVIEWER.id, REVIEWER.name, made.clock.now())
        for kind, count in (("print", 2), ("export", 1))
    ]
    with made.store.write(SYSTEM) as uow:
        for item in copies:
            uow.reporting.add_copies(item)
        uow.commit()
    with made.store.read() as uow:
        assert uow.reporting.copies_of(draft_id) == copies
