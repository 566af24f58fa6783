"""No evaluation, signature or report goes past a run with samples missing where they matter, and nobody without the right gives
the reason: attacked through the repository and by SQL behind the program's back, in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from labdesk.domain.errors import OperatorError
from labdesk.domain.plain import utc_text
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.run_gaps import GapReason
from labdesk.domain.sealed_run import RunMark
from labdesk.domain.testing import Invalidation
from tests.helpers.reviewworld import LOT_NO, NOW, QUALITY, REVIEWER, SIGNATORY, TESTER, ReviewWorld, make_world, run
from tests.helpers.stores import TESTER as DESK
from tests.helpers.stores import opened_engine

GAP_RUN = replace(
    run("r-gap", 9, "K1-0729", "ee" * 32), marked=True, marks=(RunMark.GAP, RunMark.GAP_CRITICAL, RunMark.BAD_FRAMES)
)
REASON = GapReason("g-1", GAP_RUN.id, LOT_NO, "峰值寄存一致", QUALITY.id, QUALITY.name, NOW)
HELD = ("evaluations", "raw_records", "report_drafts", "report_requests", "issued_reports")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened_engine(database_url) as opened:
        yield opened


@pytest.fixture
def made(engine: Engine) -> ReviewWorld:
    """A lot with everything signed but the approval, and then a run with a gap that comes home late."""
    world = make_world(engine)
    world.reviewed()
    with world.store.write(DESK) as uow:
        uow.testing.add_run(GAP_RUN)
        uow.commit()
    return world


def keep(made: ReviewWorld, fact: GapReason | Invalidation) -> None:
    with made.store.write(DESK) as uow:
        if isinstance(fact, GapReason):
            uow.review.gap_reasons.add(fact)
        else:
            uow.testing.add_invalidation(fact)
        uow.commit()


def sql_row(reason: GapReason) -> dict[str, Any]:
    return {name: utc_text(value) if isinstance(value, datetime) else value for name, value in asdict(reason).items()}


def insert(engine: Engine, table: str, values: dict[str, Any]) -> None:
    """A row without the program."""
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({marks})"), values)


def approve_by_sql(engine: Engine, draft_id: str) -> None:
    """The last signature, without the request that the program would make."""
    with engine.connect() as connection:
        row = dict(connection.execute(text("SELECT * FROM signatures WHERE role = 'reviewed'")).mappings().one())
    name = SIGNATORY.name
    insert(
        engine, "signatures", row | {"id": "x-8", "role": "approved", "person_id": SIGNATORY.id, "person_name": name}
    )
    assert row["subject_id"] == draft_id


def next_rows(engine: Engine, draft_id: str) -> dict[str, dict[str, Any]]:
    """For each table a row that nothing but an open gap stands against."""
    found: dict[str, dict[str, Any]] = {}
    with engine.connect() as connection:
        for table, changes in (
            ("evaluations", {}),
            ("raw_records", {"number": "YS-9"}),
            ("report_drafts", {"round": 99}),
        ):
            row = connection.execute(text(f"SELECT * FROM {table} WHERE lot_no = :lot"), {"lot": LOT_NO}).mappings()
            found[table] = {**row.one(), "id": "x-9", **changes}
    report = {"draft_id": draft_id, "report_no": "BG-9", "issue_no": 1, "lot_no": LOT_NO}
    request = {"data": b"{}", "data_sha256": "ab", "requested_at": utc_text(NOW)}
    issued = {"code": "YK26-7F3K-92QD", "pdf_sha256": "ab", "issued_at": utc_text(NOW)}
    return found | {"report_requests": report | request, "issued_reports": report | issued}


@pytest.mark.rule("YK-7.2a")
@pytest.mark.parametrize("table", HELD)
def test_nothing_is_evaluated_recorded_or_reported_past_an_open_gap(engine: Engine, table: str) -> None:
    world = make_world(engine)
    draft_id = world.reviewed()
    approve_by_sql(engine, draft_id)
    rows = next_rows(engine, draft_id)
    if table == "issued_reports":
        insert(engine, "report_requests", rows["report_requests"])
        code = {"draft_id": draft_id, "code": rows[table]["code"], "qr_text": "x", "grant_bytes": b"x"}
        insert(engine, "report_codes", code | {"key_certificate": b"x", "at": utc_text(NOW)})
    with world.store.write(DESK) as uow:
        uow.testing.add_run(GAP_RUN)
        uow.commit()
    with pytest.raises(SQLAlchemyError, match=r"gaps\.open_db"):
        insert(engine, table, rows[table])
    keep(world, REASON)
    insert(engine, table, rows[table])


@pytest.mark.rule("YK-7.2a")
def test_the_database_says_why_a_signature_is_refused(made: ReviewWorld, engine: Engine) -> None:
    with engine.connect() as connection:
        row = dict(connection.execute(text("SELECT * FROM signatures WHERE role = 'reviewed'")).mappings().one())
    mine = row | {"id": "x-9", "role": "approved", "person_id": "p-郑远", "person_name": "郑远"}
    with pytest.raises(SQLAlchemyError, match=r"gaps\.open_db"):
        insert(engine, "signatures", mine)
    keep(made, REASON)
    insert(engine, "signatures", mine)


def test_with_a_reason_or_declared_invalid_the_lot_goes_on(made: ReviewWorld) -> None:
    with pytest.raises(OperatorError, match=r"gaps\.open_db"), made.store.write(DESK) as uow:
        uow.testing.add_evaluation(replace(made.stored, id=made.ids.new_id()))
        uow.commit()
    keep(made, Invalidation("i-1", GAP_RUN.id, "采集线脱落", "", TESTER.id, NOW))
    with made.store.write(DESK) as uow:
        uow.testing.add_evaluation(replace(made.stored, id=made.ids.new_id()))
        uow.commit()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"person_id": REVIEWER.id, "person_name": REVIEWER.name}, "gaps.role_db"),
        ({"person_id": "p-nobody"}, "gaps.role_db"),
        ({"person_name": "somebody else"}, "gaps.role_db"),
        ({"reason": ""}, "gaps.reason"),
        ({"reason": "  "}, "gaps.reason"),
        ({"lot_no": "GJ-2026-09999"}, "gaps.not_critical_db"),
        ({"run_id": "r-other"}, "gaps.not_critical_db"),
    ],
)
def test_a_reason_without_right_words_or_run_is_refused(
    made: ReviewWorld, engine: Engine, changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(OperatorError, match=key.replace(".", r"\.")):
        keep(made, replace(REASON, **changes))
    with pytest.raises(SQLAlchemyError, match=key.replace(".", r"\.")):
        insert(engine, "gap_reasons", sql_row(replace(REASON, **changes)))
    with made.store.read() as uow:
        assert uow.review.gap_reasons.of_lot(LOT_NO) == []


def test_a_role_hidden_in_another_text_is_no_role(made: ReviewWorld) -> None:
    trick = replace(REVIEWER, id="p-x", name='"quality"', badge="quality", left_because="quality")
    with made.store.write(DESK) as uow:
        uow.people.add(trick, uow.people.secrets(REVIEWER.id), [])
        uow.commit()
    with pytest.raises(OperatorError, match=r"gaps\.role_db"):
        keep(made, replace(REASON, person_id="p-x", person_name='"quality"'))


def test_who_left_or_tested_gives_no_reason(made: ReviewWorld) -> None:
    with made.store.write(DESK) as uow:
        uow.people.change(replace(QUALITY, active=False))
        uow.commit()
    with pytest.raises(OperatorError, match=r"gaps\.role_db"):
        keep(made, REASON)
    with made.store.write(DESK) as uow:
        uow.people.change(replace(TESTER, roles=(*TESTER.roles, *QUALITY.roles)))
        uow.commit()
    with pytest.raises(OperatorError, match=r"gaps\.own_test_db"):
        keep(made, replace(REASON, person_id=TESTER.id, person_name=TESTER.name))


def test_a_reason_is_given_once_and_never_changed(made: ReviewWorld, engine: Engine) -> None:
    keep(made, REASON)
    with made.store.read() as uow:
        assert uow.review.gap_reasons.of_run(GAP_RUN.id) == REASON
        assert uow.review.gap_reasons.of_lot(LOT_NO) == [REASON]
        assert uow.review.gap_reasons.lots_with_gaps() == []
        kept = uow.testing.run(GAP_RUN.id)
    assert kept is not None
    assert kept.marks == GAP_RUN.marks
    with pytest.raises(OperatorError):
        keep(made, replace(REASON, id="g-2", reason="其他理由"))
    for attack in (
        "UPDATE gap_reasons SET reason = 'x'",
        "DELETE FROM gap_reasons",
        "UPDATE runs SET marks = '' WHERE id = 'r-gap'",
    ):
        with pytest.raises(SQLAlchemyError, match="evidence"), engine.begin() as connection:
            connection.execute(text(attack))


def test_an_invalid_run_takes_no_reason(made: ReviewWorld) -> None:
    keep(made, Invalidation("i-1", GAP_RUN.id, "采集线脱落", "", TESTER.id, NOW))
    with pytest.raises(OperatorError, match=r"gaps\.not_critical_db"):
        keep(made, REASON)


def test_signing_by_program_says_which_run_stands_in_the_way(made: ReviewWorld) -> None:
    with made.store.read() as uow:
        draft = uow.review.drafts_of_lot(LOT_NO)[-1]

    with pytest.raises(OperatorError, match=r"gaps\.open") as caught:
        made.sign(Subject.REPORT, draft.id, SignatureRole.APPROVED, SIGNATORY)
    assert caught.value.params["number"] == GAP_RUN.number
