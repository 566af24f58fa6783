"""Lost in mid-test: unbroken, peak on the display with two people and a photo, or lost; and runs declared invalid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.capture import EndReason
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.outbox import MessageKind
from labdesk.domain.testing import Disposition, Run
from labdesk.services.lost_runs import Found
from tests.helpers.benchworld import (
    BAR,
    LARGE,
    PHOTO,
    REBAR_LOT,
    SECOND,
    TECHNICIAN,
    UTM,
    BenchWorld,
    make_bench,
    session,
)
from tests.helpers.reviewworld import PIN
from tests.helpers.stores import opened_engine

ONE, TWO, SPARE, SPARE_2 = "G26-00417-1", "G26-00417-2", "G26-00417-6", "G26-00417-7"
READING = Found(Disposition.PEAK_ON_DISPLAY, "采集线脱落", SECOND.badge, PIN, "190.2", PHOTO)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BenchWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_bench(engine)


@pytest.fixture
def lost(world: BenchWorld) -> Run:
    return world.load(ONE, replace(BAR, share=0.4, end=EndReason.LOST_LINK))


def test_a_reading_keeps_photo_two_people_and_tells_the_platform(world: BenchWorld, lost: Run) -> None:
    assert world.lost.open_run(REBAR_LOT) == lost
    finding = world.lost.record(lost.id, READING, session())
    assert (finding.peak_kn, finding.reader_id, finding.second_id) == (Decimal("190.2"), TECHNICIAN.id, SECOND.id)
    assert world.blobs.get(finding.photo_sha256) == PHOTO
    assert world.lost.open_run(REBAR_LOT) is None
    with world.store.read() as uow:
        kinds = [message.kind for message in uow.outbox.newest(10)]
        newest = uow.outbox.newest(1)[0]
        events = [event.kind for event in uow.custody.of_subjects([ONE])]
    assert sorted(kinds) == sorted([MessageKind.MANUAL_READING, MessageKind.RUN])
    assert newest.attachments == (finding.photo_sha256,)
    assert events == [CustodyKind.BENCH, CustodyKind.RUN, CustodyKind.INVALIDATED]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"second_badge": TECHNICIAN.badge}, "testing.two_people"),
        ({"second_badge": ""}, "sign_in.unknown_badge"),
        ({"second_badge": "B9999"}, "sign_in.unknown_badge"),
        ({"second_pin": "0000"}, "sign_in.wrong_pin"),
        ({"photo": b""}, "testing.reading_needs_photo"),
        ({"photo": bytes(20 * 1024 * 1024 + 1)}, "testing.reading_needs_photo"),
        ({"peak_text": "ca. 190"}, "testing.bad_peak"),
        ({"peak_text": "-190"}, "testing.bad_peak"),
        ({"peak_text": "NaN"}, "testing.bad_peak"),
        ({"peak_text": ""}, "testing.bad_peak"),
        ({"reason": "  "}, "testing.reason_needed"),
    ],
)
def test_an_incomplete_reading_keeps_nothing(
    world: BenchWorld, lost: Run, changes: dict[str, object], key: str
) -> None:
    with pytest.raises(OperatorError) as caught:
        world.lost.record(lost.id, replace(READING, **changes), session())  # type: ignore[arg-type]
    assert caught.value.key == key
    assert world.lost.open_run(REBAR_LOT) == lost


def test_what_was_found_is_said_once(world: BenchWorld, lost: Run) -> None:
    world.lost.record(lost.id, Found(Disposition.LOST, "断电", SECOND.badge, PIN), session())
    with pytest.raises(OperatorError):
        world.lost.record(lost.id, READING, session())


def test_a_run_that_broke_takes_no_finding(world: BenchWorld) -> None:
    run = world.load(ONE)
    with pytest.raises(OperatorError, match=r"testing\.run_not_lost"):
        world.lost.record(run.id, READING, session())


def test_an_invalid_run_gives_its_test_to_a_spare(world: BenchWorld) -> None:
    run = world.load(ONE)
    world.lost.invalidate(run.id, "断于夹具", SPARE, session())
    fields = {(item.label, item.name) for item in world.entries.fields(REBAR_LOT)}
    assert (SPARE, "lu_mm") in fields
    assert (ONE, "lu_mm") not in fields
    assert (ONE, "length_mm") in fields
    with world.store.read() as uow:
        assert [event.kind for event in uow.custody.of_subjects([SPARE])] == [CustodyKind.REPLACED]


@pytest.mark.parametrize(
    ("reason", "spare", "key"),
    [
        ("", SPARE, "testing.reason_needed"),
        ("断于夹具", TWO, "testing.not_a_spare"),
        ("断于夹具", "H26-00188-1", "testing.not_a_spare"),
        ("断于夹具", ONE, "testing.not_a_spare"),
    ],
)
def test_only_a_spare_replaces_and_only_with_a_reason(world: BenchWorld, reason: str, spare: str, key: str) -> None:
    run = world.load(ONE)
    with pytest.raises(OperatorError) as caught:
        world.lost.invalidate(run.id, reason, spare, session())
    assert caught.value.key == key


def test_a_spare_replaces_one_piece_only(world: BenchWorld) -> None:
    one, two = world.load(ONE), world.load(TWO)
    world.lost.invalidate(one.id, "断于夹具", SPARE, session())
    with pytest.raises(OperatorError):
        world.lost.invalidate(two.id, "断于夹具", SPARE, session())
    replaced = world.load(SPARE)
    assert replaced.specimen_label == SPARE
    with pytest.raises(OperatorError, match=r"testing\.replacement_used"):
        world.lost.invalidate(two.id, "断于夹具", SPARE, session())
    world.lost.invalidate(two.id, "断于夹具", SPARE_2, session())
    world.lost.invalidate(replaced.id, "设备故障", "", session())
    fields = {(item.label, item.name) for item in world.entries.fields(REBAR_LOT)}
    assert (SPARE, "lu_mm") not in fields
    assert (SPARE_2, "lu_mm") in fields


def test_a_run_of_another_laboratory_is_not_found(world: BenchWorld) -> None:
    with pytest.raises(OperatorError, match=r"testing\.no_such_run"):
        world.lost.invalidate("no-such-run", "断于夹具", "", session())


def test_a_lost_run_waits_for_words_at_its_own_machine_only(world: BenchWorld, lost: Run) -> None:
    assert world.lost.waiting(UTM.id) == lost
    assert world.lost.waiting(LARGE.id) is None
    world.lost.record(lost.id, Found(Disposition.UNBROKEN, "停电", SECOND.badge, PIN), session())
    assert world.lost.waiting(UTM.id) is None
