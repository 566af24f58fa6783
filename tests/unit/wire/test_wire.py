"""What comes from the other side is fitted or refused, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.errors import OperatorError
from labdesk.domain.messages import BODIES, CheckpointBody, named_hashes, natural_key
from labdesk.domain.outbox import MessageKind, OutboxMessage, OutboxState
from labdesk.domain.plain import to_plain
from labdesk.domain.sync_ports import LONGEST_PAUSE, InboxKind, is_due
from labdesk.evidence.canonical import canonical_bytes, loads
from labdesk.wire.bodies import read_body
from labdesk.wire.codec import read_as
from labdesk.wire.envelope import MAX_ATTACHMENTS, VERSION, Envelope, Post, Receipt, ReceiptOutcome, read_post
from labdesk.wire.inbox import ItemStatement, read_content, read_statement
from labdesk.wire.reconcile import compare, require_day
from tests.unit.platform.world import PROJECT, commission, story

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ENVELOPE = Envelope(
    version=VERSION,
    id="019aa000-0000-7000-8000-000000000001",
    kind=MessageKind.RUN,
    natural_key="run:1",
    stream="WT-1",
    lab_id="YK-LAB-1",
    created_at=NOON,
    sha256="a" * 64,
    attachments=("b" * 64,),
    body="{}",
    key_id="0123456789abcdef",
    signature="00",
)


def test_every_kind_of_message_has_a_body_and_every_body_of_a_story_comes_back() -> None:
    assert set(BODIES) == set(MessageKind)
    told = story(commission())
    for body in (*told.before_request(), told.request, CheckpointBody("log", 5, "note")):
        kind = next(kind for kind, body_type in BODIES.items() if isinstance(body, body_type))
        assert read_body(kind, loads(canonical_bytes(body))) == body
        assert natural_key(body).startswith(f"{kind.value}:")


def test_bodies_name_their_blobs() -> None:
    told = story(commission())
    assert named_hashes(told.run_bodies[0]) == (told.run_bodies[0].run_hash,)
    assert named_hashes(told.reception) == ()
    with pytest.raises(OperatorError, match=r"wire\.shape"):
        read_body(MessageKind.RUN, to_plain(replace(told.run_bodies[0], run_hash="../../etc")))


def test_posts_come_back() -> None:
    post = Post(ENVELOPE, "head\n")
    assert read_post(loads(canonical_bytes(post))) == post


def test_the_signature_covers_everything_but_itself_and_the_body_through_its_hash() -> None:
    part = ENVELOPE.signed_part()
    assert set(to_plain(ENVELOPE)) - set(part) == {"body", "key_id", "signature"}
    assert part["sha256"] == ENVELOPE.sha256


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "A" * 64},
        {"id": ""},
        {"id": "a\nb"},
        {"natural_key": " x"},
        {"natural_key": "x" * 201},
        {"lab_id": "营口"},
        {"stream": "\x00"},
        {"attachments": ("c" * 64, "c" * 64)},
        {"attachments": ("c" * 63,)},
        {"attachments": tuple(f"{index:064x}" for index in range(MAX_ATTACHMENTS + 1))},
    ],
)
def test_fields_that_cannot_be_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(OperatorError, match=r"wire\.shape"):
        read_post(to_plain(Post(replace(ENVELOPE, **change))))  # type: ignore[arg-type]


def test_other_versions_are_refused_by_name() -> None:
    with pytest.raises(OperatorError, match=r"wire\.version"):
        read_post(to_plain(Post(replace(ENVELOPE, version=2))))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from([Post, Receipt, ItemStatement]),
)
def test_nothing_foreign_raises_anything_else(value: object, kind: type) -> None:
    with pytest.raises(OperatorError, match=r"wire\."):
        if kind is Post:
            read_post(value)
        else:
            read_as(kind, value)


def test_inbox_content_is_what_its_kind_says() -> None:
    item = ItemStatement("i-1", InboxKind.PROJECT, "project:x", "YK-LAB-1", NOON, to_plain(PROJECT))
    assert read_content(read_statement(to_plain(item))) == PROJECT
    with pytest.raises(OperatorError, match=r"wire\.shape"):
        read_content(replace(item, kind=InboxKind.COMMISSION))
    with pytest.raises(OperatorError, match=r"wire\.shape"):
        read_content(replace(item, kind=InboxKind.TRUST, content={"trust_list": "no hex"}))
    with pytest.raises(OperatorError, match=r"wire\.shape"):
        read_statement(to_plain(replace(item, attachments=("x",))))


def test_receipts_come_back() -> None:
    receipt = Receipt(VERSION, "m", "l", "a" * 64, ReceiptOutcome.REFUSED, NOON, {}, "r", {"a": "b"}, ("run:1",))
    assert read_as(Receipt, loads(canonical_bytes(receipt))) == receipt


def test_comparing_days_names_each_difference() -> None:
    found = compare("2026-11-21", {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9", "d": "4"})
    assert (found.matching, found.different, found.missing_there, found.unknown_here) == (1, ("b",), ("c",), ("d",))
    assert not found.clean
    assert compare("2026-11-21", {"a": "1"}, {"a": "1"}).clean


@pytest.mark.parametrize("day", ["", "today", "2026-1-1", "2026-11-21\n", "2026-11-21T00"])
def test_days_look_like_days(day: str) -> None:
    with pytest.raises(OperatorError):
        require_day(day)


def message(state: OutboxState, wait: timedelta | None) -> OutboxMessage:
    """A message that may be tried after ``wait``."""
    next_try = None if wait is None else NOON + wait
    return OutboxMessage("m", MessageKind.RUN, "run:1", "s", b"{}", "a" * 64, (), NOON, state, next_try_at=next_try)


@pytest.mark.parametrize(
    ("state", "wait", "due"),
    [
        (OutboxState.QUEUED, None, True),
        (OutboxState.SENT, None, True),
        (OutboxState.SENT, timedelta(seconds=-1), True),
        (OutboxState.QUEUED, timedelta(seconds=1), False),
        (OutboxState.QUEUED, LONGEST_PAUSE, False),
        (OutboxState.QUEUED, LONGEST_PAUSE + timedelta(seconds=1), True),
        (OutboxState.ACKNOWLEDGED, None, False),
        (OutboxState.REFUSED, None, False),
        (OutboxState.NEEDS_PERSON, None, False),
    ],
)
def test_when_a_message_is_due(state: OutboxState, wait: timedelta | None, due: bool) -> None:
    assert is_due(message(state, wait), NOON) is due
