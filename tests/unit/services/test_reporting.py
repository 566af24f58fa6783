"""From the approval to the report: the code first, then the paper; every step survives a crash after it (YK-7.2b)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.domain.outbox import MessageKind, OutboxMessage, OutboxState
from labdesk.domain.plain import utc_text
from labdesk.domain.reporting import ReportState, SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.store import SYSTEM
from labdesk.evidence.canonical import canonical_hash, sha256_hex
from labdesk.evidence.documents import sign_document
from labdesk.evidence.report_code import CodeGrant, sign_grant, verify_qr_text
from labdesk.services.report_desk import ReportDesk
from tests.helpers.reviewworld import LOT_NO, REVIEWER, TESTER, ReviewWorld, make_world, newer_evaluation, session
from tests.helpers.stores import opened_engine
from tests.helpers.trustworld import LAB_ID, PLATFORM, world

CODE = "YK26-7F3K-9Q2M"


@pytest.fixture
def engine(tmp_path) -> Iterator[Engine]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as opened:
        yield opened


@pytest.fixture
def made(engine: Engine) -> ReviewWorld:
    return make_world(engine)


def answer(made: ReviewWorld, draft_id: str, code: str = CODE) -> dict[str, str]:
    """What the platform gives back for a report request."""
    with made.store.read() as uow:
        request = uow.reporting.request(draft_id)
    assert request is not None
    moment = made.clock.now().replace(microsecond=0)
    grant = CodeGrant(PLATFORM, code, LAB_ID, request.report_no, request.issue_no, request.data_sha256, moment)
    return {
        "report_code": code,
        "platform": PLATFORM,
        "granted_at": utc_text(moment),
        "data_sha256": request.data_sha256,
        "grant": base64.b64encode(sign_grant(grant, world().grant_key)).decode(),
    }


def request_message(made: ReviewWorld) -> OutboxMessage:
    with made.store.read() as uow:
        found = [item for item in uow.outbox.newest(50) if item.kind is MessageKind.REPORT_REQUEST]
    return found[0]


def move(made: ReviewWorld, message: OutboxMessage, **change: object) -> None:
    with made.store.write(SYSTEM) as uow:
        uow.outbox.update(replace(message, **change))  # type: ignore[arg-type]
        uow.commit()


def receipt(outcome: str, **facts: object) -> bytes:
    """A receipt as the platform signs it."""
    plain: Mapping[str, object] = {"outcome": outcome, "received_at": "2026-11-21T07:00:00.000000Z", **facts}
    return sign_document(plain, "receipt", world().grant_key).to_bytes()


@pytest.mark.rule("YK-7.2b")
def test_the_answer_becomes_code_report_custody_and_message(made: ReviewWorld) -> None:
    draft_id = made.approved()
    made.reporting.on_result(request_message(made), answer(made, draft_id))
    with made.store.read() as uow:
        code, issued = uow.reporting.code(draft_id), uow.reporting.issued(draft_id)
        request = uow.reporting.request(draft_id)
        told = [item for item in uow.outbox.newest(50) if item.kind is MessageKind.REPORT_ISSUED]
        kinds = [event.kind for event in uow.custody.of_subjects([LOT_NO])]
    assert code is not None
    assert issued is not None
    assert request is not None
    claims = verify_qr_text(code.qr_text, world().trust()).claims
    assert (claims.code, claims.data_hash, claims.report_no) == (CODE, request.data_sha256, "BG-2026-00001")
    pdf = made.reporting.report_pdf(draft_id)
    assert pdf.startswith(b"%PDF-" + CODE.encode())
    assert sha256_hex(pdf) == issued.pdf_sha256
    assert told[0].attachments == (issued.pdf_sha256,)
    assert json.loads(told[0].body)["qr_text"] == code.qr_text
    assert kinds[-1] is CustodyKind.ISSUED


@pytest.mark.rule("YK-7.2b")
def test_without_a_code_only_a_draft_is_printed(made: ReviewWorld) -> None:
    draft_id = made.approved()
    with pytest.raises(OperatorError, match=r"reporting\.no_code"):
        made.reporting.issue(draft_id)
    with pytest.raises(OperatorError, match=r"reporting\.not_issued"):
        made.reporting.report_pdf(draft_id)
    assert made.reporting.draft_pdf(draft_id).startswith(b"%PDF-DRAFT")


def test_a_draft_can_be_printed_before_anybody_signed(made: ReviewWorld) -> None:
    assert b"BG-2026-00001" in made.reporting.draft_pdf(made.checked())


def test_telling_twice_makes_one_report(made: ReviewWorld) -> None:
    draft_id = made.approved()
    said = answer(made, draft_id)
    for _ in range(2):
        made.reporting.on_result(request_message(made), said)
    assert made.reporting.issue(draft_id) == made.reporting.issue(draft_id)
    with made.store.read() as uow:
        assert len(uow.reporting.newest_issued(10)) == 1


def test_another_code_for_the_same_report_is_not_used(made: ReviewWorld) -> None:
    draft_id = made.approved()
    made.reporting.on_acknowledged(draft_id, answer(made, draft_id))
    with pytest.raises(OperatorError, match=r"reporting\.other_code"):
        made.reporting.on_acknowledged(draft_id, answer(made, draft_id, "YK26-0000-0000"))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"data_sha256": "0" * 64}, "reporting.code_for_other_data"),
        ({"grant": "not base64!"}, "reporting.bad_answer"),
        ({"grant": ""}, "reporting.bad_answer"),
        ({"report_code": ""}, "reporting.bad_answer"),
        ({"granted_at": "yesterday"}, "reporting.bad_answer"),
    ],
)
def test_an_answer_that_does_not_fit_is_not_used(made: ReviewWorld, change: dict[str, str], key: str) -> None:
    draft_id = made.approved()
    with pytest.raises((OperatorError, EnvironmentFault), match=key):
        made.reporting.on_acknowledged(draft_id, {**answer(made, draft_id), **change})
    with made.store.read() as uow:
        assert uow.reporting.code(draft_id) is None


@pytest.mark.allow_log(r"labdesk\.services\.reporting:WARNING:report .* is not finished")
def test_a_failure_between_code_and_report_is_taken_up_at_the_next_start(made: ReviewWorld) -> None:
    draft_id = made.approved()
    made.renderer.fail = True
    made.reporting.on_result(request_message(made), answer(made, draft_id))
    assert ReportDesk(made.store).search()[0].state is ReportState.CODED
    failed = made.reporting.take_up()
    assert [error.key for error in failed] == ["storage.blob_not_written"]
    made.renderer.fail = False
    assert made.reporting.take_up() == ()
    assert ReportDesk(made.store).search()[0].state is ReportState.ISSUED


def test_a_crash_between_receipt_and_code_is_taken_up_from_the_receipt(made: ReviewWorld) -> None:
    draft_id = made.approved()
    kept = receipt("accepted", result=answer(made, draft_id))
    move(made, request_message(made), state=OutboxState.ACKNOWLEDGED, receipt=kept)
    assert made.reporting.take_up() == ()
    with made.store.read() as uow:
        assert uow.reporting.issued(draft_id) is not None


def test_a_refused_request_says_what_is_missing_and_is_asked_again_with_the_same_bytes(made: ReviewWorld) -> None:
    draft_id = made.approved()
    message = request_message(made)
    with made.store.write(SYSTEM) as uow:
        said = receipt(
            "refused",
            reason="platform.report_incomplete",
            params={"missing": "run:K1-0720"},
            missing=["run:K1-0720", "evaluation", "weather:wet"],
        )
        uow.outbox.keep_refusal(made.ids.new_id(), message.id, said, made.clock.now())
        uow.outbox.update(replace(message, state=OutboxState.REFUSED, last_error="platform.report_incomplete"))
        uow.commit()
    row = ReportDesk(made.store).search()[0]
    assert row.refusal == Remark("platform.report_incomplete", {"missing": "run:K1-0720"})
    assert [piece.key for piece in row.missing] == [
        "reporting.missing.run",
        "reporting.missing.evaluation",
        "reporting.missing.other",
    ]
    made.reporting.ask_again(draft_id, session(REVIEWER))
    again = request_message(made)
    assert (again.id, again.body, again.state) == (message.id, message.body, OutboxState.QUEUED)
    with pytest.raises(OperatorError, match=r"reporting\.nothing_to_ask"):
        made.reporting.ask_again(draft_id, session(REVIEWER))


def test_copies_are_counted(made: ReviewWorld) -> None:
    draft_id = made.approved()
    made.reporting.count_copies(draft_id, "print", 1, session(REVIEWER))
    made.reporting.on_result(request_message(made), answer(made, draft_id))
    made.reporting.count_copies(draft_id, "print", 3, session(REVIEWER))
    row = ReportDesk(made.store).search()[0]
    assert (row.printed, [item.coded for item in row.copies]) == (3, [False, True])
    with pytest.raises(OperatorError, match=r"reporting\.copies_number"):
        made.reporting.count_copies(draft_id, "print", 0, session(REVIEWER))


def test_the_list_finds_by_number_project_lot_and_code(made: ReviewWorld) -> None:
    draft_id = made.approved()
    made.reporting.on_result(request_message(made), answer(made, draft_id))
    desk = ReportDesk(made.store)
    for words in ("BG-2026-00001", "滨海大厦 2#楼", LOT_NO, "7f3k", ""):
        assert [row.draft_id for row in desk.search(words)] == [draft_id], words
    assert desk.search("渤海路小学") == ()
    assert desk.search("", frozenset({ReportState.DRAFT})) == ()
    assert desk.draft_of_code(CODE) == draft_id


def test_a_further_issue_replaces_the_first_and_says_why(made: ReviewWorld) -> None:
    first = made.approved()
    made.reporting.on_result(request_message(made), answer(made, first))
    with pytest.raises(OperatorError, match=r"review\.record_exists"):
        made.record()
    made.stored = newer_evaluation(made, "工程部位更正")
    second = made.approved()
    with made.store.read() as uow:
        request = uow.reporting.request(second)
    assert request is not None
    assert (request.report_no, request.issue_no) == ("BG-2026-00001", 2)
    assert (request.data.replaces_issue, request.data.replace_reason) == (1, "工程部位更正")
    made.reporting.on_acknowledged(second, answer(made, second, "YK26-AAAA-BBBB"))
    made.reporting.issue(second)
    states = [row.state for row in ReportDesk(made.store).search()]
    assert states == [ReportState.ISSUED, ReportState.REPLACED]


# ---- straight at the database -------------------------------------------------------------------------------------------


@pytest.fixture
def attacked(database_url: str) -> Iterator[tuple[Engine, ReviewWorld]]:
    with opened_engine(database_url) as opened:
        yield opened, make_world(opened)


def refused(engine: Engine, statement: str, key: str, **values: object) -> None:
    with pytest.raises(DBAPIError, match=key), engine.begin() as connection:
        connection.execute(text(statement), values)


ISSUE = (
    "INSERT INTO issued_reports (draft_id, report_no, issue_no, lot_no, code, pdf_sha256, issued_at) "
    "VALUES (:draft, 'BG-2026-00001', 1, 'x', :code, :sha, '2026-11-21T07:00:00.000000Z')"
)


@pytest.mark.rule("YK-7.2b")
def test_sql_cannot_issue_without_the_platforms_code(attacked: tuple[Engine, ReviewWorld]) -> None:
    engine, made = attacked
    draft_id = made.approved()
    refused(engine, ISSUE, "reporting.no_code", draft=draft_id, code=CODE, sha="0" * 64)
    made.reporting.on_acknowledged(draft_id, answer(made, draft_id))
    refused(engine, ISSUE, "reporting.no_code", draft=draft_id, code="YK26-OTHER", sha="0" * 64)
    copies = (
        "INSERT INTO report_copies (id, draft_id, kind, copies, coded, person_id, person_name, at) "
        "VALUES ('c', :draft, 'print', :count, 1, 'p', 'n', '2026-11-21T07:00:00.000000Z')"
    )
    refused(engine, copies, "reporting.copies_without_issue", draft=draft_id, count=1)
    made.reporting.issue(draft_id)
    refused(engine, copies, "reporting.copies_without_issue", draft=draft_id, count=0)
    refused(engine, "UPDATE report_codes SET code = 'x'", "evidence")
    refused(engine, "DELETE FROM issued_reports", "evidence")


@pytest.mark.rule("YK-7.2b")
def test_sql_cannot_ask_for_a_code_before_the_approval(attacked: tuple[Engine, ReviewWorld]) -> None:
    engine, made = attacked
    draft_id = made.reviewed()
    ask = (
        "INSERT INTO report_requests (draft_id, report_no, issue_no, lot_no, data, data_sha256, requested_at) "
        "VALUES (:draft, 'BG-2026-00001', 1, 'x', :data, 'x', '2026-11-21T07:00:00.000000Z')"
    )
    refused(engine, ask, "reporting.not_approved", draft=draft_id, data=b"{}")
    code = (
        "INSERT INTO report_codes (draft_id, code, qr_text, grant_bytes, key_certificate, at) "
        "VALUES (:draft, 'x', 'x', :data, :data, '2026-11-21T07:00:00.000000Z')"
    )
    refused(engine, code, "reporting.not_requested", draft=draft_id, data=b"x")


def test_the_request_holds_exactly_what_was_signed(made: ReviewWorld) -> None:
    draft_id = made.approved()
    with made.store.read() as uow:
        request = uow.reporting.request(draft_id)
        signed = uow.review.signatures_of(draft_id)
    assert request is not None
    assert request.data_sha256 == canonical_hash(request.data)
    assert request.data.lot == made.stored.lot
    assert request.data.evaluation == made.stored.evaluation
    said = {line.role: line.person_id for line in request.data.signatures if line.role is not SignatureRole.CHECKED}
    assert said == {item.role: item.person_id for item in signed}
    assert made.desk.details(Subject.REPORT, draft_id, TESTER).role is None
