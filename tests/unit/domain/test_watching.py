"""What a change means, and when a record is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from labdesk.domain.watching import RecordEvent, Settling, WatchedRecord, noticed

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def record(event: RecordEvent = RecordEvent.FIRST, digest: str = "aa", problem: str = "") -> WatchedRecord:
    return WatchedRecord("r", "s", "k", 1, event, digest, "run", "G26-00417-1", problem, "", NOW)


@pytest.mark.parametrize(
    ("known", "present", "event"),
    [
        (None, "aa", RecordEvent.FIRST),
        (None, "", None),
        (record(), "aa", None),
        (record(), "bb", RecordEvent.EDITED),
        (record(), "", RecordEvent.DELETED),
        (record(RecordEvent.DELETED), "", None),
        (record(RecordEvent.DELETED), "aa", RecordEvent.RETURNED),
        (record(RecordEvent.RETURNED), "bb", RecordEvent.EDITED),
        (record(RecordEvent.ASSIGNED), "aa", None),
    ],
)
def test_what_a_look_means(known: WatchedRecord | None, present: str, event: RecordEvent | None) -> None:
    assert noticed(known, present) is event


def test_a_record_counts_when_it_stayed_the_same() -> None:
    settling = Settling()
    assert not settling.settled("k", "aa", NOW, 5)
    assert not settling.settled("k", "aa", NOW + timedelta(seconds=4), 5)
    assert settling.settled("k", "aa", NOW + timedelta(seconds=5), 5)


def test_every_change_begins_the_wait_anew() -> None:
    settling = Settling()
    settling.settled("k", "aa", NOW, 5)
    assert not settling.settled("k", "bb", NOW + timedelta(seconds=9), 5)
    assert not settling.settled("k", "bb", NOW + timedelta(seconds=13), 5)
    settling.forget("k")
    assert not settling.settled("k", "bb", NOW + timedelta(seconds=30), 5)


def test_a_single_look_is_never_enough() -> None:
    assert not Settling().settled("k", "aa", NOW, 0)


def test_who_must_look() -> None:
    assert not record().needs_review
    assert not record(RecordEvent.ASSIGNED).needs_review
    assert record(problem="watching.no_specimen").needs_review
    assert record(RecordEvent.EDITED).needs_review
    assert record(RecordEvent.DELETED).needs_review
