"""What people see of the outbox and decide about it; the database holds the reason and the person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.domain.outbox import OutboxMessage, OutboxState, SyncStatus
from labdesk.domain.store import SYSTEM
from labdesk.domain.sync_ports import SyncReport
from labdesk.services.receipts import missing_piece, read_receipt
from labdesk.services.sync_desk import SyncDesk
from tests.helpers.reviewworld import LOT_NO, QUALITY, REVIEWER, ReviewWorld, make_world, session
from tests.helpers.stores import opened_engine
from tests.unit.services.test_reporting import receipt


class Control:
    """A sync engine that only counts."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1

    def status(self) -> SyncStatus:
        return SyncStatus(True, 2, None, None, 0)

    def sync_now(self) -> SyncReport:
        return SyncReport()


@pytest.fixture
def attacked(database_url: str) -> Iterator[tuple[Engine, ReviewWorld]]:
    with opened_engine(database_url) as opened:
        yield opened, make_world(opened)


@pytest.fixture
def made(tmp_path) -> Iterator[ReviewWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as opened:
        yield make_world(opened)


def desk_of(made: ReviewWorld, control: Control | None = None) -> SyncDesk:
    return SyncDesk(made.store, made.clock, made.ids, control or Control())  # type: ignore[arg-type]


def stuck(
    made: ReviewWorld, state: OutboxState = OutboxState.NEEDS_PERSON, said: str = "platform.conflict"
) -> OutboxMessage:
    made.checked()
    with made.store.write(SYSTEM) as uow:
        message = replace(uow.outbox.newest(1)[0], state=state, last_error=said)
        uow.outbox.update(message)
        uow.commit()
    return message


def refused(key: str):
    return pytest.raises(OperatorError, match=key.replace(".", r"\."))


def test_messages_are_found_by_what_they_are_about(made: ReviewWorld) -> None:
    made.approved()
    desk = desk_of(made)
    assert {row.about for row in desk.messages("BG-2026-00001")} == {"BG-2026-00001"}
    assert desk.messages("GJ-none") == ()
    assert len(desk.messages("", frozenset({OutboxState.QUEUED}))) == 6
    assert LOT_NO not in {row.about for row in desk.messages()}


def test_a_receipt_is_shown_with_the_key_that_signed_it(made: ReviewWorld) -> None:
    message = stuck(made, OutboxState.QUEUED, "")
    with made.store.write(SYSTEM) as uow:
        kept = receipt("accepted", result={"a": "b"})
        uow.outbox.update(replace(message, state=OutboxState.ACKNOWLEDGED, receipt=kept, last_error=""))
        uow.commit()
    row = desk_of(made).messages()[0]
    assert row.receipt is not None
    assert (row.receipt.outcome, dict(row.receipt.result), len(row.receipt.key_id)) == ("accepted", {"a": "b"}, 16)
    assert row.reason is None


def test_a_reason_without_a_sentence_is_shown_as_noted(made: ReviewWorld) -> None:
    stuck(made, OutboxState.SENT, "connection reset by peer")
    assert desk_of(made).messages()[0].reason == Remark("sync_desk.noted", {"reason": "connection reset by peer"})


def test_what_waits_too_long_is_late_by_the_regions_own_number(made: ReviewWorld) -> None:
    desk = desk_of(made)
    overview = replace(desk.overview(), status=SyncStatus(True, 1, made.clock.now(), None, 0))
    assert overview.upload_alarm_min == 30
    made.clock.forward(minutes=30)
    assert not replace(overview, now=made.clock.now()).late
    made.clock.forward(minutes=1)
    assert replace(overview, now=made.clock.now()).late


def test_sending_again_queues_the_same_bytes_and_wakes_the_engine(made: ReviewWorld) -> None:
    message, control = stuck(made), Control()
    desk_of(made, control).send_again(message.id, session(REVIEWER))
    with made.store.read() as uow:
        again = uow.outbox.get(message.id)
    assert again is not None
    assert (again.state, again.body, control.woken) == (OutboxState.QUEUED, message.body, 1)
    with refused("sync_desk.not_stuck"):
        desk_of(made).send_again(message.id, session(REVIEWER))


def test_closing_needs_a_supervisor_a_reason_and_a_stuck_message(made: ReviewWorld) -> None:
    message, desk = stuck(made), desk_of(made)
    with refused("sync_desk.may_not_close"):
        desk.close(message.id, "已另报", session(REVIEWER))
    with refused("sync_desk.no_reason"):
        desk.close(message.id, "  ", session(QUALITY))
    closure = desk.close(message.id, " 已另报 ", session(QUALITY))
    row = desk.messages("", frozenset({OutboxState.CLOSED}))[0]
    assert (row.closure, closure.reason) == (closure, "已另报")
    with refused("sync_desk.not_stuck"):
        desk.close(message.id, "再关", session(QUALITY))


def test_a_closed_message_holds_nothing_back(made: ReviewWorld) -> None:
    draft_id = made.checked()
    with made.store.write(SYSTEM) as uow:
        first = uow.outbox.newest(50)[-1]
        uow.outbox.update(replace(first, state=OutboxState.NEEDS_PERSON))
        uow.commit()
    assert draft_id
    with made.store.read() as uow:
        assert uow.outbox.due(10, made.clock.now()) == []
    desk_of(made).close(first.id, "平台确认", session(QUALITY))
    with made.store.read() as uow:
        assert len(uow.outbox.due(10, made.clock.now())) == 1


def test_sql_cannot_close_without_a_reason_nor_reopen(attacked: tuple[Engine, ReviewWorld]) -> None:
    engine, made = attacked
    message = stuck(made)

    def attack(statement: str, key: str, **values: str) -> None:
        with pytest.raises(DBAPIError, match=key), engine.begin() as connection:
            connection.execute(text(statement), {"id": message.id, **values})

    attack("UPDATE outbox SET state = 'closed' WHERE id = :id", "sync_desk.no_reason")
    insert = (
        "INSERT INTO message_closures (id, message_id, reason, person_id, person_name, at) "
        "VALUES ('c', :target, :reason, 'p', 'n', '2026-11-21T07:00:00.000000Z')"
    )
    attack(insert, "sync_desk.not_stuck", target=message.id, reason="")
    attack(insert, "sync_desk.not_stuck", target="none", reason="x")
    desk_of(made).close(message.id, "平台确认", session(QUALITY))
    attack("UPDATE outbox SET state = 'queued' WHERE id = :id", "sync_desk.closed_already")
    attack("DELETE FROM message_closures", "evidence")
    attack("DELETE FROM outbox WHERE id = :id", "evidence")


@pytest.mark.parametrize(
    "data", [b"", b"not json", b"{}", b'{"kind":"receipt","body":"[]","key_id":"a","signature":"b"}']
)
def test_a_foreign_receipt_is_not_read(data: bytes) -> None:
    assert read_receipt(data) is None


def test_unknown_missing_pieces_are_shown_as_they_came() -> None:
    assert missing_piece("run:K1-0720") == Remark("reporting.missing.run", {"detail": "K1-0720"})
    assert missing_piece("moon") == Remark("reporting.missing.other", {"detail": "moon"})
