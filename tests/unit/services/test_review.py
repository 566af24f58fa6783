"""Signing through the service, and every way around the four eyes: through the service and straight at the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.outbox import MessageKind
from labdesk.domain.people import Person, Role
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Draft, RawRecord, Signature, Subject
from labdesk.domain.store import Actor
from labdesk.evidence.canonical import canonical_hash
from tests.helpers.reviewworld import (
    CHECKER,
    CONCRETE_ONLY,
    EXPIRED,
    LOT_NO,
    PIN,
    QUALITY,
    REVIEWER,
    SECOND,
    SIGNATORY,
    TESTER,
    ReviewWorld,
    make_world,
    newer_evaluation,
    session,
)
from tests.helpers.stores import opened_engine

RECORD, REPORT = Subject.RECORD, Subject.REPORT
TESTED, CHECKED = SignatureRole.TESTED, SignatureRole.CHECKED
REVIEWED, APPROVED = SignatureRole.REVIEWED, SignatureRole.APPROVED


@pytest.fixture
def engine(tmp_path) -> Iterator[Engine]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as opened:
        yield opened


@pytest.fixture
def made(engine: Engine) -> ReviewWorld:
    return make_world(engine)


def refused(key: str):
    return pytest.raises(OperatorError, match=key.replace(".", r"\."))


def messages(made: ReviewWorld, kind: MessageKind) -> list[bytes]:
    with made.store.read() as uow:
        return [message.body for message in uow.outbox.newest(50) if message.kind is kind]


def test_the_whole_way_from_evaluation_to_a_request_for_the_code(made: ReviewWorld) -> None:
    draft_id = made.approved()
    with made.store.read() as uow:
        draft = uow.review.draft(draft_id)
        record = uow.review.records_of_lot(LOT_NO)[0]
        request = uow.reporting.request(draft_id)
        signed = [
            event.detail["role"] for event in uow.custody.of_subjects([LOT_NO]) if event.kind is CustodyKind.SIGNED
        ]
        roles = [signature.role for signature in uow.review.signatures_of(draft_id)]
    assert draft is not None
    assert (record.number, draft.report_no, draft.issue_no, draft.round) == ("YS-2026-00001", "BG-2026-00001", 1, 1)
    assert record.content_sha256 == draft.content_sha256 == canonical_hash(made.stored)
    assert roles == [TESTED, REVIEWED, APPROVED]
    assert signed == ["tested", "checked", "tested", "reviewed", "approved"]
    assert request is not None
    assert [line.role for line in request.data.signatures] == [CHECKED, TESTED, REVIEWED, APPROVED]
    assert len(messages(made, MessageKind.SIGNATURE)) == 5
    assert len(messages(made, MessageKind.REPORT_REQUEST)) == 1


def test_a_signature_tells_the_platform_what_was_signed_and_by_which_authority(made: ReviewWorld) -> None:
    made.approved()
    newest = messages(made, MessageKind.SIGNATURE)[0].decode()
    assert f'"evaluation_sha256":"{canonical_hash(made.stored.evaluation)}"' in newest
    assert '"authorisation":"授字 2026-01"' in newest
    assert '"report_no":"BG-2026-00001"' in newest


def test_a_wrong_pin_signs_nothing(made: ReviewWorld) -> None:
    record = made.record()
    with refused("sign_in.wrong_pin"):
        made.review.sign(RECORD, record.id, TESTED, session(TESTER), "0000")
    with made.store.read() as uow:
        assert uow.review.signatures_of(record.id) == []


def test_who_may_not_sign_is_not_asked_for_a_pin(made: ReviewWorld) -> None:
    record = made.record()
    with refused("review.not_turn"):
        made.review.sign(RECORD, record.id, CHECKED, session(CHECKER), PIN)
    assert made.pins.asked == 0


def test_submit_and_sign_is_one_step_for_the_main_tester(made: ReviewWorld) -> None:
    with refused("sign_in.wrong_pin"):
        made.review.submit_and_sign(LOT_NO, session(TESTER), "1111")
    with made.store.read() as uow:
        assert uow.review.records_of_lot(LOT_NO) == []
    signature = made.review.submit_and_sign(LOT_NO, session(TESTER), PIN)
    assert (signature.role, signature.person_id) == (TESTED, TESTER.id)


@pytest.mark.parametrize(("who", "key"), [(CHECKER, "review.not_tester"), (REVIEWER, "review.role_missing")])
def test_only_who_tested_submits_a_raw_record(made: ReviewWorld, who: Person, key: str) -> None:
    with refused(key):
        made.review.submit_record(LOT_NO, session(who))


def test_a_second_raw_record_is_refused_while_the_first_is_under_way(made: ReviewWorld) -> None:
    made.record()
    with refused("review.record_exists"):
        made.record()
    newer_evaluation(made)
    with refused("review.record_exists"):
        made.record()


def test_without_an_evaluation_there_is_nothing_to_submit(made: ReviewWorld) -> None:
    with refused("review.not_evaluated"):
        made.review.submit_record("GJ-2026-00999", session(TESTER))


@pytest.mark.rule("O57")
def test_nobody_signs_two_levels(made: ReviewWorld) -> None:
    draft_id = made.checked()
    made.sign(REPORT, draft_id, TESTED, TESTER)
    made.sign(REPORT, draft_id, REVIEWED, SIGNATORY)
    with refused("review.same_person"):
        made.sign(REPORT, draft_id, APPROVED, SIGNATORY)


@pytest.mark.rule("O57")
def test_nobody_checks_what_they_tested_even_with_every_role(made: ReviewWorld) -> None:
    everything = replace(TESTER, roles=tuple(Role), signatory=SIGNATORY.signatory)
    with made.store.write(Actor("x", "x")) as uow:
        uow.people.change(everything)
        uow.commit()
    record = made.record()
    made.sign(RECORD, record.id, TESTED, TESTER)
    with refused("review.same_person"):
        made.sign(RECORD, record.id, CHECKED, TESTER)
    made.sign(RECORD, record.id, CHECKED, CHECKER)
    with made.store.read() as uow:
        draft_id = uow.review.drafts_of_lot(LOT_NO)[-1].id
    made.sign(REPORT, draft_id, TESTED, TESTER)
    with refused("review.same_person"):
        made.sign(REPORT, draft_id, REVIEWED, TESTER)


@pytest.mark.rule("O57")
def test_who_typed_a_measured_value_does_not_check_it(made: ReviewWorld) -> None:
    from labdesk.domain.testing import Entry

    with made.store.write(Actor("x", "x")) as uow:
        uow.testing.add_entry(Entry(made.ids.new_id(), LOT_NO, "K1-0720", "lu_mm", "118", SECOND.id, made.clock.now()))
        uow.commit()
    record = made.record()
    made.sign(RECORD, record.id, TESTED, TESTER)
    with refused("review.own_test"):
        made.sign(RECORD, record.id, CHECKED, SECOND)


@pytest.mark.rule("YK-7.1")
@pytest.mark.parametrize("who", [EXPIRED, CONCRETE_ONLY], ids=["expired", "other field"])
def test_only_an_authorised_signatory_of_the_field_approves(made: ReviewWorld, who: Person) -> None:
    draft_id = made.reviewed()
    with refused("review.not_signatory"):
        made.sign(REPORT, draft_id, APPROVED, who)


@pytest.mark.rule("YK-7.1")
def test_a_role_taken_away_since_the_sign_in_no_longer_signs(made: ReviewWorld) -> None:
    draft_id = made.reviewed()
    made.see_all(REPORT, draft_id, SIGNATORY)
    with made.store.write(Actor("x", "x")) as uow:
        uow.people.change(replace(SIGNATORY, active=False))
        uow.commit()
    with refused("review.not_active"):
        made.review.sign(REPORT, draft_id, APPROVED, session(SIGNATORY), PIN)


def test_the_order_is_held(made: ReviewWorld) -> None:
    draft_id = made.checked()
    with refused("review.not_turn"):
        made.sign(REPORT, draft_id, REVIEWED, REVIEWER)
    with refused("review.not_turn"):
        made.sign(REPORT, draft_id, APPROVED, SIGNATORY)
    made.sign(REPORT, draft_id, TESTED, TESTER)
    with refused("review.signed_already"):
        made.sign(REPORT, draft_id, TESTED, TESTER)


def test_nobody_signs_blind(made: ReviewWorld) -> None:
    draft_id = made.checked()
    made.sign(REPORT, draft_id, TESTED, TESTER)
    items = made.desk.details(REPORT, draft_id, REVIEWER).items
    assert len(items) == 4  # two curves, one photo, the custody
    for item in items[:-1]:
        made.review.view(REPORT, draft_id, item, session(REVIEWER))
        with refused("review.not_seen"):
            made.review.sign(REPORT, draft_id, REVIEWED, session(REVIEWER), PIN)
    made.review.view(REPORT, draft_id, "custody", session(SIGNATORY))
    with refused("review.not_seen"):  # somebody else's look does not count
        made.review.sign(REPORT, draft_id, REVIEWED, session(REVIEWER), PIN)
    made.review.view(REPORT, draft_id, items[-1], session(REVIEWER))
    made.review.sign(REPORT, draft_id, REVIEWED, session(REVIEWER), PIN)


def test_an_invented_page_is_not_counted_as_seen(made: ReviewWorld) -> None:
    record = made.record()
    made.review.view(RECORD, record.id, "curve:none", session(CHECKER))
    with made.store.read() as uow:
        assert uow.review.viewings_of(record.id, CHECKER.id) == set()


def test_a_newer_evaluation_stops_the_older_one(made: ReviewWorld) -> None:
    draft_id = made.checked()
    newer_evaluation(made)
    with refused("review.newer_evaluation"):
        made.sign(REPORT, draft_id, TESTED, TESTER)


def test_a_return_ends_the_round_and_the_next_one_keeps_number_and_history(made: ReviewWorld) -> None:
    draft_id = made.checked()
    made.sign(REPORT, draft_id, TESTED, TESTER)
    returned = made.review.give_back(REPORT, draft_id, "  曲线与读数不符  ", session(REVIEWER))
    assert returned.reason == "曲线与读数不符"
    with refused("review.returned"):
        made.sign(REPORT, draft_id, REVIEWED, REVIEWER)
    with refused("review.returned"):
        made.review.give_back(REPORT, draft_id, "再退", session(REVIEWER))
    second = made.checked()
    with made.store.read() as uow:
        drafts = uow.review.drafts_of_lot(LOT_NO)
        records = uow.review.records_of_lot(LOT_NO)
        kinds = [event.kind for event in uow.custody.of_subjects([LOT_NO])]
    assert [(item.report_no, item.issue_no, item.round) for item in drafts] == [
        ("BG-2026-00001", 1, 1),
        ("BG-2026-00001", 1, 2),
    ]
    assert drafts[1].id == second
    assert [item.number for item in records] == ["YS-2026-00001", "YS-2026-00002"]
    assert CustodyKind.RETURNED in kinds
    assert made.desk.queue(TESTER).mine[0].returned_reason == "曲线与读数不符"


def test_returning_needs_a_reason_and_the_turn(made: ReviewWorld) -> None:
    draft_id = made.checked()
    made.sign(REPORT, draft_id, TESTED, TESTER)
    with refused("review.no_reason"):
        made.review.give_back(REPORT, draft_id, "   ", session(REVIEWER))
    with refused("review.may_not_return"):
        made.review.give_back(REPORT, draft_id, "我要改", session(TESTER))
    assert made.review.give_back(REPORT, draft_id, "质量抽查", session(QUALITY)).person_id == QUALITY.id


def test_what_is_approved_is_not_returned(made: ReviewWorld) -> None:
    draft_id = made.approved()
    with refused("review.approved_already"):
        made.review.give_back(REPORT, draft_id, "改一下", session(QUALITY))


def test_the_queue_tells_whose_turn_it_is(made: ReviewWorld) -> None:
    mine = made.desk.queue(TESTER).mine
    assert [(item.number, item.subject_id, item.role) for item in mine] == [(LOT_NO, "", TESTED)]
    assert made.desk.queue(REVIEWER).mine == ()
    draft_id = made.checked()
    made.sign(REPORT, draft_id, TESTED, TESTER)
    item = made.desk.queue(REVIEWER).mine[0]
    assert (item.number, item.role, item.place, item.seen, item.total) == (
        "BG-2026-00001",
        REVIEWED,
        "滨海大厦 2#楼",
        0,
        4,
    )
    others = made.desk.queue(TESTER).others
    assert [(entry.number, entry.blocked and entry.blocked.key) for entry in others] == [
        ("BG-2026-00001", "review.role_missing")
    ]


def test_details_hold_what_a_reviewer_needs(made: ReviewWorld) -> None:
    draft_id = made.checked()
    details = made.desk.details(REPORT, draft_id, REVIEWER)
    keys = {notice.key for notice in details.notices}
    assert {"review.notice.corrected", "review.notice.curves_complete", "review.notice.witnessed"} <= keys
    assert [line.state for line in details.runs] == ["used", "used"]
    assert [event.kind for event in details.custody][:2] == [CustodyKind.SAMPLED, CustodyKind.WITNESSED]
    assert {value.symbol for value in details.values_of("K1-0720")} >= {"ReL", "Rm", "Agt"}
    assert details.role is TESTED
    assert [chain[-1].text for chain in details.entries] == ["6306"]


def test_a_curve_is_drawn_with_the_points_that_are_reported(made: ReviewWorld) -> None:
    from labdesk.domain.sentences import Language

    facts = made.desk.details(REPORT, made.checked(), REVIEWER).facts
    drawing = made.desk.curve(facts, "K1-0720", Language.EN)
    assert drawing is not None
    assert [mark.symbol.split()[0] for mark in drawing.marks] == ["ReH", "ReL", "Rm"]
    top = max(drawing.y)
    assert abs(drawing.marks[-1].y - top) < 0.02 * top
    assert made.desk.curve(facts, "K1-0722", Language.EN) is None
    assert [(line.caption, line.data is not None) for line in made.desk.photos(facts)] == [("取样", True)]


# ---- straight at the database -------------------------------------------------------------------------------------------


@pytest.fixture
def attacked(database_url: str) -> Iterator[tuple[Engine, ReviewWorld]]:
    with opened_engine(database_url) as opened:
        yield opened, make_world(opened)


INSERT = text(
    "INSERT INTO signatures (id, subject, subject_id, lot_no, field, role, person_id, person_name, at, content_sha256, "
    "reference) VALUES (:id, :subject, :subject_id, :lot_no, :field, :role, :person_id, :person_name, "
    ":at, :content_sha256, :reference)"
)


def forged(made: ReviewWorld, of: Subject, subject_id: str, role: str, who: Person, **other: str) -> dict[str, str]:
    values = {
        "id": made.ids.new_id(),
        "subject": of.value,
        "subject_id": subject_id,
        "lot_no": LOT_NO,
        "field": "steel",
        "role": role,
        "person_id": who.id,
        "person_name": who.name,
        "at": "2026-11-21T07:00:00.000000Z",
        "content_sha256": canonical_hash(made.stored),
        "reference": "x",
    }
    return {**values, **other}


def attack(engine: Engine, values: dict[str, str], key: str) -> None:
    with pytest.raises(DBAPIError, match=key), engine.begin() as connection:
        connection.execute(INSERT, values)


@pytest.mark.rule("O57")
def test_sql_cannot_break_the_four_eyes(attacked: tuple[Engine, ReviewWorld]) -> None:
    engine, made = attacked
    draft_id = made.checked()
    attack(engine, forged(made, REPORT, draft_id, "reviewed", REVIEWER), "review.order_db")
    attack(engine, forged(made, REPORT, draft_id, "tested", REVIEWER), "review.not_tester_db")
    made.sign(REPORT, draft_id, TESTED, TESTER)
    attack(engine, forged(made, REPORT, draft_id, "approved", SIGNATORY), "review.order_db")
    attack(engine, forged(made, REPORT, draft_id, "reviewed", TESTER), "review.(same_person|own_test)_db")
    attack(engine, forged(made, REPORT, draft_id, "reviewed", REVIEWER, content_sha256="0" * 64), "review.subject_db")
    attack(engine, forged(made, REPORT, draft_id, "checked", REVIEWER), "review.subject_db")
    attack(engine, forged(made, REPORT, draft_id, "reviewed", REVIEWER, subject="letter"), "review.subject_db")
    attack(engine, forged(made, REPORT, draft_id, "reviewed", REVIEWER, lot_no="GJ-2026-00001"), "review.subject_db")
    made.sign(REPORT, draft_id, REVIEWED, REVIEWER)
    attack(engine, forged(made, REPORT, draft_id, "approved", REVIEWER), "review.(same_person|not_signatory)_db")
    attack(engine, forged(made, REPORT, draft_id, "approved", TESTER), "review.(own_test|not_signatory)_db")


@pytest.mark.rule("YK-7.1")
def test_sql_cannot_approve_without_a_valid_authorisation(attacked: tuple[Engine, ReviewWorld]) -> None:
    engine, made = attacked
    draft_id = made.reviewed()
    for who in (EXPIRED, CONCRETE_ONLY, QUALITY):
        attack(engine, forged(made, REPORT, draft_id, "approved", who), "review.not_signatory_db")
    late = forged(made, REPORT, draft_id, "approved", SIGNATORY, at="2027-01-01T00:00:00.000000Z")
    attack(engine, late, "review.not_signatory_db")


@pytest.mark.rule("O57")
def test_sql_cannot_sign_after_a_return_nor_return_after_approval(attacked: tuple[Engine, ReviewWorld]) -> None:
    engine, made = attacked
    record = made.record()
    made.sign(RECORD, record.id, TESTED, TESTER)
    made.review.give_back(RECORD, record.id, "重填", session(CHECKER))
    attack(engine, forged(made, RECORD, record.id, "checked", CHECKER), "review.returned")
    draft_id = made.approved()
    insert = text(
        "INSERT INTO returns (id, subject_id, lot_no, reason, person_id, person_name, at) "
        "VALUES ('r', :subject, :lot, 'x', 'p', 'n', '2026-11-21T07:00:00.000000Z')"
    )
    with pytest.raises(DBAPIError, match=r"review\.approved_already"), engine.begin() as connection:
        connection.execute(insert, {"subject": draft_id, "lot": LOT_NO})


@pytest.mark.rule("O57")
def test_signatures_and_returns_are_never_changed_or_deleted(attacked: tuple[Engine, ReviewWorld]) -> None:
    engine, made = attacked
    made.checked()
    for statement in (
        "UPDATE signatures SET person_name = 'x'",
        "DELETE FROM signatures",
        "DELETE FROM raw_records",
        "UPDATE report_drafts SET round = 9",
    ):
        with pytest.raises(DBAPIError, match="evidence"), engine.begin() as connection:
            connection.execute(text(statement))


def test_the_database_refuses_a_draft_of_an_unsigned_or_other_record(attacked: tuple[Engine, ReviewWorld]) -> None:
    _, made = attacked
    record = made.record()
    made.sign(RECORD, record.id, TESTED, TESTER)

    def draft(**change: str) -> Draft:
        base = Draft(
            "d",
            "BG-2026-09999",
            1,
            1,
            LOT_NO,
            record.id,
            record.evaluation_id,
            record.content_sha256,
            record.created_at,
        )
        return replace(base, **change)

    with refused("review.record_unsigned"), made.store.write(Actor("x", "x")) as uow:
        uow.review.add_draft(draft())
        uow.commit()
    made.sign(RECORD, record.id, CHECKED, CHECKER)
    with refused("review.subject_db"), made.store.write(Actor("x", "x")) as uow:
        uow.review.add_draft(draft(content_sha256="0" * 64))
        uow.commit()


def test_the_database_refuses_a_raw_record_of_no_evaluation(attacked: tuple[Engine, ReviewWorld]) -> None:
    _, made = attacked
    with refused("review.subject_db"), made.store.write(Actor("x", "x")) as uow:
        uow.review.add_record(RawRecord("k", "YS-2026-9", LOT_NO, "none", "0" * 64, made.clock.now()))
        uow.commit()


def test_the_service_says_what_the_database_refuses_in_words(attacked: tuple[Engine, ReviewWorld]) -> None:
    _, made = attacked
    draft_id = made.checked()
    made.sign(REPORT, draft_id, TESTED, TESTER)
    signature = Signature(
        made.ids.new_id(), REPORT, draft_id, LOT_NO, made.desk.details(REPORT, draft_id, REVIEWER).facts.lot.field,
        REVIEWED, TESTER.id, TESTER.name, made.clock.now(), canonical_hash(made.stored),
    )  # fmt: skip
    with (
        pytest.raises(OperatorError, match=r"review\.(same_person|own_test)_db"),
        made.store.write(Actor("x", "x")) as uow,
    ):
        uow.review.add_signature(signature)
        uow.flush()
