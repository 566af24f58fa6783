"""A run with samples missing near its largest force: it does not count until a quality supervisor gives a reason, or is replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.outbox import MessageKind
from labdesk.domain.people import Person, Role
from labdesk.domain.sealed_run import Gap, GapKind, RunMark, decode_run
from labdesk.domain.sentences import Language, catalogue
from labdesk.domain.store import SYSTEM
from labdesk.domain.testing import Run
from labdesk.services.lot_desk import RunStanding
from labdesk.services.review_facts import load_unsubmitted
from labdesk.services.review_gaps import RunGaps, gap_places
from labdesk.services.review_notices import NoticeWeight, notices
from tests.helpers.benchworld import REBAR_LOT, TECHNICIAN, BenchWorld, make_bench, rebar_entries, session
from tests.helpers.gapworld import LEFT_QUALITY, QUALITY, REASON, at_desk, load_with_gap, with_quality
from tests.helpers.stores import opened_engine

ONE, TWO, SPARE = "G26-00417-1", "G26-00417-2", "G26-00417-6"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BenchWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_bench(engine)


@pytest.fixture
def gaps(world: BenchWorld) -> RunGaps:
    return with_quality(world)


@pytest.fixture
def run(world: BenchWorld, gaps: RunGaps) -> Run:
    """The first bar of a measured lot, loaded with a gap; the second one without."""
    found = load_with_gap(world, ONE)
    world.load(TWO)
    world.type_in(REBAR_LOT, rebar_entries())
    return found


def standings(world: BenchWorld) -> dict[str, RunStanding]:
    return {line.run.specimen_label: line.standing for line in world.desk.view(REBAR_LOT).runs}


@pytest.mark.rule("YK-7.2a")
def test_it_does_not_count_until_somebody_with_the_right_gives_a_reason(
    world: BenchWorld, gaps: RunGaps, run: Run
) -> None:
    assert gaps.waiting() == gaps.of_lot(REBAR_LOT) == (run,)
    assert standings(world) == {ONE: RunStanding.GAP, TWO: RunStanding.COUNTS}
    assert [item.key for item in world.evaluating.missing(REBAR_LOT)] == ["gaps.open"]
    with pytest.raises(OperatorError, match=r"testing\.incomplete"):
        world.evaluating.evaluate(REBAR_LOT, session())
    given = gaps.take_on(run.id, f" {REASON} ", at_desk())
    assert (given.reason, given.person_name, given.lot_no) == (REASON, QUALITY.name, REBAR_LOT)
    assert gaps.waiting() == ()
    assert standings(world)[ONE] is RunStanding.COUNTS
    pieces = {piece.label: piece.run_hash for piece in world.evaluating.evaluate(REBAR_LOT, session()).lot.specimens}
    assert pieces[ONE] == run.sealed_sha256


def test_the_platform_and_the_way_of_the_sample_are_told(world: BenchWorld, gaps: RunGaps, run: Run) -> None:
    gaps.take_on(run.id, REASON, at_desk())
    with world.store.read() as uow:
        told = [message for message in uow.outbox.newest(5) if message.kind is MessageKind.GAP_REASON]
        event = uow.custody.of_subjects([ONE])[-1]
    body = json.loads(told[0].body)
    assert (body["run_id"], body["run_hash"], body["reason"]) == (run.id, run.sealed_sha256, REASON)
    assert body["given_by"] == {"id": QUALITY.id, "name": QUALITY.name}
    assert (event.kind, event.person, event.detail["reason"]) == (CustodyKind.GAP_REASON, QUALITY.name, REASON)


def test_or_it_is_declared_invalid_and_a_spare_takes_its_place(world: BenchWorld, gaps: RunGaps, run: Run) -> None:
    assert gaps.case(run.id, QUALITY, Language.ZH).spares
    world.lost.invalidate(run.id, "采集线脱落", SPARE, session())
    assert gaps.waiting() == ()
    assert standings(world)[ONE] is RunStanding.INVALID
    with pytest.raises(OperatorError, match=r"gaps\.decided"):
        gaps.take_on(run.id, REASON, at_desk())


@pytest.mark.parametrize(
    ("who", "reason", "key"),
    [
        (TECHNICIAN, REASON, "gaps.role"),
        (LEFT_QUALITY, REASON, "gaps.role"),
        (QUALITY, " 好", "gaps.reason"),
    ],
)
def test_who_or_what_is_not_enough(
    world: BenchWorld, gaps: RunGaps, run: Run, who: Person, reason: str, key: str
) -> None:
    with pytest.raises(OperatorError, match=key.replace(".", r"\.")):
        gaps.take_on(run.id, reason, at_desk(who))
    with world.store.read() as uow:
        assert uow.review.gap_reasons.of_lot(REBAR_LOT) == []


def test_who_tested_the_lot_may_not_and_is_told_before(world: BenchWorld, gaps: RunGaps, run: Run) -> None:
    both = replace(TECHNICIAN, roles=(*TECHNICIAN.roles, Role.QUALITY))
    with world.store.write(SYSTEM) as uow:
        uow.people.change(both)
        uow.commit()
    refusal = gaps.case(run.id, both, Language.ZH).refusal
    assert refusal is not None
    assert refusal.key == "gaps.own_test"
    with pytest.raises(OperatorError, match=r"gaps\.own_test"):
        gaps.take_on(run.id, REASON, at_desk(both))


def test_a_second_reason_is_refused(gaps: RunGaps, run: Run) -> None:
    gaps.take_on(run.id, REASON, at_desk())
    with pytest.raises(OperatorError, match=r"gaps\.decided"):
        gaps.take_on(run.id, REASON, at_desk())


def test_where_it_lies_on_the_curve(world: BenchWorld, gaps: RunGaps, run: Run) -> None:
    case = gaps.case(run.id, QUALITY, Language.EN)
    (place,) = case.places
    assert case.refusal is None
    assert place.critical
    assert Decimal(1) <= place.lost_s <= Decimal("1.2")
    assert place.to_s - place.from_s == place.lost_s
    assert place.share_percent >= 98
    ((before, after),) = case.drawing.gaps
    assert (before + 1, len(case.drawing.x)) == (after, len(case.drawing.y))
    assert case.drawing.x[before] <= float(place.from_s) + 1e-6
    assert case.drawing.x[after] >= float(place.to_s) - 1e-6


def test_places_of_a_run_are_sorted_and_restarts_without_loss_are_left_out(world: BenchWorld, run: Run) -> None:
    sealed = decode_run(world.blobs.get(run.sealed_sha256))
    early = Gap(sealed.times_ns[5], sealed.times_ns[8], GapKind.MISSING_FRAMES)
    kept = Gap(sealed.times_ns[20], sealed.times_ns[22], GapKind.CAPTURE_RESTARTED)
    several = replace(sealed, header=replace(sealed.header, gaps=(early, kept, *sealed.header.gaps)))
    assert [(place.kind, place.critical) for place in gap_places(several)] == [
        (GapKind.SILENCE, True),
        (GapKind.MISSING_FRAMES, False),
    ]


def test_each_mark_has_a_sentence_and_a_decided_gap_names_who_and_why(
    world: BenchWorld, gaps: RunGaps, run: Run
) -> None:
    assert {f"review.notice.mark.{mark.value}" for mark in RunMark} <= set(catalogue())
    gaps.take_on(run.id, REASON, at_desk())
    stored = world.evaluating.evaluate(REBAR_LOT, session())
    with world.store.read() as uow:
        facts = load_unsubmitted(uow, stored)
    said = {notice.key: notice for notice in notices(facts)}
    assert said["gaps.accepted"].params["person"] == QUALITY.name
    assert said["gaps.accepted"].params["reason"] == REASON
    assert said["gaps.accepted"].weight is NoticeWeight.WARN
    assert "review.notice.mark.gap" not in said
