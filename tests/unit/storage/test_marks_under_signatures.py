"""Nothing moves under a signature: a mark on a curve is refused by the database itself until what was signed is given back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from labdesk.domain.errors import OperatorError
from labdesk.domain.plain import utc_text
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.testing import Entry
from tests.helpers.reviewworld import CHECKER, LOT_NO, NOW, REVIEWER, TESTER, ReviewWorld, make_world, session
from tests.helpers.stores import TESTER as DESK
from tests.helpers.stores import opened_engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened_engine(database_url) as opened:
        yield opened


@pytest.fixture
def made(engine: Engine) -> ReviewWorld:
    return make_world(engine)


def mark(made: ReviewWorld, name: str = "mark_reh_s", lot_no: str = LOT_NO) -> None:
    entry = Entry(made.ids.new_id(), lot_no, "K1-0720", name, "12.5", TESTER.id, NOW, "夹具打滑")
    with made.store.write(DESK) as uow:
        uow.testing.add_entry(entry)
        uow.commit()


def by_sql(engine: Engine, name: str) -> None:
    values = {
        "id": "e-9", "lot_no": LOT_NO, "specimen_label": "K1-0720", "name": name, "text": "12.5", "person_id": TESTER.id,
        "at": utc_text(NOW), "reason": "x",
    }  # fmt: skip
    columns, marks = ", ".join(values), ", ".join(f":{key}" for key in values)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO entries ({columns}) VALUES ({marks})"), values)


@pytest.mark.rule("O57")
@pytest.mark.parametrize("name", ["mark_reh_s", "mark_fm_s", "mark_reason"])
def test_no_mark_moves_under_a_signature_in_either_way(made: ReviewWorld, engine: Engine, name: str) -> None:
    record = made.record()
    mark(made)  # nothing is signed yet
    made.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
    with pytest.raises(OperatorError, match=r"marks\.signed_db"):
        mark(made, name)
    with pytest.raises(SQLAlchemyError, match=r"marks\.signed_db"):
        by_sql(engine, name)


def test_other_entries_and_other_lots_are_not_held_up(made: ReviewWorld) -> None:
    record = made.record()
    made.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
    mark(made, "lu_mm")
    mark(made, lot_no="GJ-2026-00999")


def test_what_was_given_back_may_be_moved_again(made: ReviewWorld) -> None:
    record = made.record()
    made.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
    made.review.give_back(Subject.RECORD, record.id, "重填", session(CHECKER))
    mark(made)


def test_a_report_given_back_ends_the_round_of_its_record_too(made: ReviewWorld) -> None:
    draft_id = made.checked()
    with pytest.raises(OperatorError, match=r"marks\.signed_db"):
        mark(made)
    made.sign(Subject.REPORT, draft_id, SignatureRole.TESTED, TESTER)
    made.review.give_back(Subject.REPORT, draft_id, "曲线与读数不符", session(REVIEWER))
    mark(made)
