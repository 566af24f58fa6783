"""Review's repository: what goes in comes out, what is open is listed, and a viewing counts once. Guards: services' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject, Viewing
from labdesk.domain.store import Actor
from tests.helpers.reviewworld import CHECKER, LOT_NO, REVIEWER, SIGNATORY, TESTER, ReviewWorld, make_world, session
from tests.helpers.stores import opened_engine


@pytest.fixture
def made(database_url: str) -> Iterator[ReviewWorld]:
    with opened_engine(database_url) as opened:
        yield make_world(opened)


def test_records_drafts_signatures_and_returns_come_back_as_they_were(made: ReviewWorld) -> None:
    record = made.record()
    signed = made.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
    with made.store.read() as uow:
        assert uow.review.record(record.id) == record
        assert uow.review.records_of_lot(LOT_NO) == [record]
        assert uow.review.signatures_of(record.id) == [signed]
        assert uow.review.open_records() == [record]
    returned = made.review.give_back(Subject.RECORD, record.id, "重填", session(CHECKER))
    with made.store.read() as uow:
        assert uow.review.return_of(record.id) == returned
        assert uow.review.open_records() == []
        assert uow.review.return_of("none") is None
        assert uow.review.draft("none") is None


def test_open_drafts_leave_the_list_when_approved(made: ReviewWorld) -> None:
    draft_id = made.reviewed()
    with made.store.read() as uow:
        assert [draft.id for draft in uow.review.open_drafts()] == [draft_id]
    made.sign(Subject.REPORT, draft_id, SignatureRole.APPROVED, SIGNATORY)
    with made.store.read() as uow:
        assert uow.review.open_drafts() == []
        assert uow.review.newest_drafts(5)[0].id == draft_id


def test_a_page_opened_twice_counts_once(made: ReviewWorld) -> None:
    record = made.record()
    for _ in range(2):
        with made.store.write(Actor(REVIEWER.id, "x")) as uow:
            uow.review.add_viewing(Viewing(made.ids.new_id(), record.id, REVIEWER.id, "custody", made.clock.now()))
            uow.commit()
    with made.store.read() as uow:
        assert uow.review.viewings_of(record.id, REVIEWER.id) == {"custody"}
