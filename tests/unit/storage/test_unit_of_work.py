"""Rows, leaves and messages are one transaction, on both databases."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from labdesk.domain.errors import OperatorError
from labdesk.domain.outbox import MessageKind, OutboxMessage
from labdesk.evidence import merkle
from labdesk.evidence.canonical import sha256_hex
from labdesk.storage.schema import RULES
from labdesk.storage.triggers import all_trigger_sql, installed_triggers, trigger_names
from labdesk.storage.unit_of_work import SqlStore
from tests.helpers.stores import TESTER, CountingIds, SetClock, opened_engine


@pytest.fixture
def engine(database_url: str):
    with opened_engine(database_url) as opened:
        yield opened


@pytest.fixture
def store(engine: Engine) -> SqlStore:
    return SqlStore(engine, SetClock())


def message(number: int, stream: str = "WT-1") -> OutboxMessage:
    body = f'{{"n":{number}}}'.encode()
    return OutboxMessage(
        id=CountingIds(number).new_id(),
        kind=MessageKind.RUN,
        natural_key=f"run:{number}",
        stream=stream,
        body=body,
        sha256=sha256_hex(body),
        attachments=("a" * 64,),
        created_at=SetClock().now(),
    )


def test_commit_writes_row_leaf_and_message_together(store: SqlStore) -> None:
    with store.write(TESTER) as uow:
        uow.facts.put("kind", "real")
        uow.outbox.put(message(1))
        uow.commit()
    with store.read() as uow:
        assert uow.facts.get("kind") == "real"
        assert uow.outbox.by_key(MessageKind.RUN, "run:1") == message(1)
        entries = list(uow.log.entries())
        told = {(entry.table_name, entry.row_key, entry.actor) for entry in entries}
    assert told == {("facts", "kind", TESTER.person_id), ("outbox", message(1).id, TESTER.person_id)}


def test_leaving_without_commit_leaves_nothing(store: SqlStore) -> None:
    with store.write(TESTER) as uow:
        uow.facts.put("kind", "real")
        uow.numbers.take("GJ", 2026, "x", SetClock().now())
    with store.read() as uow:
        assert uow.facts.get("kind") is None
        assert uow.log.size() == 0
        assert uow.numbers.series("GJ", 2026) == []


def test_every_version_of_a_tracked_row_leaves_a_leaf(store: SqlStore) -> None:
    for value in ("one", "two", "two", "three"):
        with store.write(TESTER) as uow:
            uow.facts.put("note", value)
            uow.commit()
    with store.read() as uow:
        assert [entry.operation for entry in uow.log.entries()] == ["insert", "update", "update"]


def test_root_is_the_rfc6962_root_of_the_leaves(store: SqlStore) -> None:
    for number in range(7):
        with store.write(TESTER) as uow:
            uow.facts.put(f"fact-{number}", "x")
            uow.commit()
    with store.read() as uow:
        leaves = [entry.leaf for entry in uow.log.entries()]
        root = uow.log.root()
    while len(leaves) > 1:  # the definition, without any stored node
        split = 1 << ((len(leaves) - 1).bit_length() - 1)
        leaves = [_mth(leaves[:split]), _mth(leaves[split:])]
        leaves = [merkle.node_hash(leaves[0], leaves[1])]
    assert root == leaves[0]


def _mth(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return merkle.node_hash(_mth(leaves[:split]), _mth(leaves[split:]))


@pytest.mark.rule("O57")
def test_numbers_are_continuous_under_eight_writers(store: SqlStore) -> None:
    def take() -> None:
        for _ in range(5):
            with store.write(TESTER) as uow:
                uow.numbers.take("BG", 2026, "x", SetClock().now())
                uow.commit()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as uow:
        assert uow.numbers.series("BG", 2026) == [f"BG-2026-{value:05d}" for value in range(1, 41)]


def test_due_gives_the_oldest_open_message_of_each_stream(store: SqlStore) -> None:
    with store.write(TESTER) as uow:
        for number, stream in ((1, "A"), (2, "A"), (3, "B")):
            uow.outbox.put(message(number, stream))
        uow.commit()
    with store.read() as uow:
        assert [found.natural_key for found in uow.outbox.due(10, SetClock().now())] == ["run:1", "run:3"]


ATTACKS = {
    "update": "UPDATE numbers SET subject = 'other'",
    "delete": "DELETE FROM numbers",
    "delete tracked": "DELETE FROM facts",
    "log entry": "UPDATE log_entries SET actor = 'other'",
    "log node": "DELETE FROM log_nodes",
    "outbox body": "UPDATE outbox SET body = stream",
    "outbox row": "DELETE FROM outbox",
}


@pytest.mark.rule("YK-7.5")
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_itself_refuses(engine: Engine, store: SqlStore, attack: str) -> None:
    with store.write(TESTER) as uow:
        uow.facts.put("kind", "real")
        uow.numbers.take("GJ", 2026, "x", SetClock().now())
        uow.outbox.put(message(1))
        uow.commit()
    statement = attack if engine.dialect.name == "sqlite" else attack.replace("body = stream", "body = 'x'::bytea")
    with engine.connect() as connection, pytest.raises(DBAPIError, match=r"evidence|refused"):
        connection.execute(text(statement))


def test_replace_and_truncate_are_refused(engine: Engine, store: SqlStore) -> None:
    with store.write(TESTER) as uow:
        uow.numbers.take("GJ", 2026, "x", SetClock().now())
        uow.commit()
    attack = (
        "INSERT OR REPLACE INTO numbers SELECT text, prefix, year, value, 'other', at FROM numbers"
        if engine.dialect.name == "sqlite"
        else "TRUNCATE numbers"
    )
    with engine.connect() as connection, pytest.raises(DBAPIError, match="evidence"):
        connection.execute(text(attack))


def test_a_message_key_twice_is_a_sentence(store: SqlStore) -> None:
    with pytest.raises(OperatorError) as refused, store.write(TESTER) as uow:
        uow.outbox.put(message(1))
        uow.flush()
        uow.outbox.put(OutboxMessage(**{**vars(message(2)), "natural_key": "run:1"}))
        uow.commit()
    assert refused.value.key == "storage.conflict"


def test_every_trigger_is_installed(engine: Engine) -> None:
    wanted = trigger_names(all_trigger_sql(engine.dialect.name, RULES))
    with engine.connect() as connection:
        assert set(installed_triggers(connection)) == wanted
