"""Looking up a project: how its letters stand today on the wall, and what of it was received."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from labdesk.domain.sync_ports import InboxKind
from labdesk.services.projects import LetterState
from tests.helpers.receptionworld import (
    BARS,
    CONCRETE,
    REBAR,
    SCHOOL_CODE,
    TOWER_CODE,
    ReceptionWorld,
    letters,
    make_counter,
    project,
)
from tests.helpers.stores import opened_engine


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[ReceptionWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_counter(engine)


def test_an_unknown_code_is_none_and_words_find_part_of_code_or_name(counter: ReceptionWorld) -> None:
    assert counter.projects.record("LN-0000-0000-0000") is None
    assert [found.code for found in counter.projects.search(" 小学 ")] == [SCHOOL_CODE]
    assert [found.code for found in counter.projects.search("0031")] == [TOWER_CODE]


def test_only_what_was_received_counts_as_received(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:6])
    counter.finish()
    record = counter.projects.record(TOWER_CODE)
    assert record is not None
    assert {found.number for found in record.commissions} == {REBAR, CONCRETE}
    assert record.received == {REBAR}
    assert [lot.number for lot in record.lots] == ["GJ-2026-00001"]


@pytest.mark.rule("YK-4.3", "YK-5.1")
@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2026, 11, 30, 15, 59, tzinfo=UTC), LetterState.NOT_YET),
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), LetterState.VALID),
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), LetterState.VALID),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), LetterState.EXPIRED),
    ],
    ids=["the evening before", "from midnight here", "the last minute", "a minute later"],
)
def test_a_letter_is_valid_from_its_first_to_its_last_day_on_the_wall(
    counter: ReceptionWorld, moment: datetime, state: LetterState
) -> None:
    counter.clock.forward(seconds=1)
    changed = replace(project(), authorisations=letters((date(2026, 12, 1), date(2026, 12, 31))))
    counter.send(changed, InboxKind.PROJECT, f"project:{TOWER_CODE}")
    counter.clock.moment = moment
    record = counter.projects.record(TOWER_CODE)
    assert record is not None
    assert {letter.state for letter in record.letters} == {state}
