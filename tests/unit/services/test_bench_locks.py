"""Two stations, one laboratory: a piece that one of them tests is refused at the other, in words, until its run is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from labdesk.domain.capture import EndReason, LinkTrouble, LiveState, MachineState
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.people import Session
from labdesk.services.bench import Bench, BenchCase
from tests.helpers.benchworld import (
    BAR,
    LARGE,
    NOW,
    SECOND,
    STATION,
    UTM,
    BenchWorld,
    FakeCapture,
    Loading,
    make_bench,
    session,
)
from tests.helpers.stores import opened_engine

ONE, TAG = "G26-00417-1", "YK2107-4408-1261"
ELSEWHERE = Session(SECOND, "力学室 5", NOW)


@pytest.fixture
def world(database_url: str) -> Iterator[BenchWorld]:
    with opened_engine(database_url) as engine:
        yield make_bench(engine)


@pytest.fixture
def other(world: BenchWorld) -> Bench:
    """A second station with a capture process of its own, on the same database."""
    capture = FakeCapture(world.clock)
    capture.configure((LARGE,))
    return Bench(world.store, capture, world.clock, world.ids)


def keys(case: BenchCase) -> list[str]:
    return [finding.key for finding in case.gate.findings]


def at_other(other: Bench) -> BenchCase:
    """The piece is scanned at the second station, label and tag."""
    case = other.open(ONE, LARGE.id, ELSEWHERE)
    return other.scan_tag(case, TAG, ELSEWHERE)


@pytest.mark.rule("YK-7.2a")
def test_a_piece_under_test_is_refused_at_another_station_until_its_run_is_stored(
    world: BenchWorld, other: Bench
) -> None:
    ready = at_other(other)
    request = world.bench.arm(world.case(ONE), session())
    case = at_other(other)
    assert keys(case) == ["bench.open_elsewhere"]
    assert case.gate.findings[0].params["station"] == f"{STATION} · {UTM.number}"
    with pytest.raises(OperatorError, match=r"bench\.open_elsewhere"):
        other.arm(ready, ELSEWHERE)
    world.finish(request, Loading("rebar", share=0.02, end=EndReason.UNLOADED, loaded=False))
    assert keys(at_other(other)) == ["bench.open_elsewhere"]
    world.runs.collect()
    assert at_other(other).gate.may_load()
    other.arm(ready, ELSEWHERE)


def test_a_machine_that_does_not_take_the_run_leaves_the_piece_free(world: BenchWorld, other: Bench) -> None:
    world.capture.refuse = OperatorError("capture.not_zero", machine="JC-07", force_kn="3", preload_kn="1")
    with pytest.raises(OperatorError, match=r"capture\.not_zero"):
        world.bench.arm(world.case(ONE), session())
    assert at_other(other).gate.may_load()
    world.capture.refuse = None
    assert world.bench.arm(world.case(ONE), session())


def test_an_unreachable_capture_process_may_have_taken_the_run(world: BenchWorld, other: Bench) -> None:
    world.capture.refuse = EnvironmentFault("capture.unreachable")
    with pytest.raises(EnvironmentFault):
        world.bench.arm(world.case(ONE), session())
    assert keys(at_other(other)) == ["bench.open_elsewhere"]
    assert keys(world.bench.open(ONE, UTM.id, session())) == ["bench.armed_here"]
    world.bench.beat(STATION)
    assert keys(at_other(other)) == ["bench.open_elsewhere"]
    world.clock.forward(seconds=40)
    world.bench.beat(STATION)
    assert at_other(other).gate.may_load()


def test_a_run_that_goes_on_for_long_keeps_its_piece(world: BenchWorld, other: Bench) -> None:
    request = world.bench.arm(world.case(ONE), session())
    for _ in range(10):
        world.clock.forward(minutes=1)
        world.bench.beat(STATION)
    assert keys(at_other(other)) == ["bench.open_elsewhere"]
    world.finish(request, BAR)
    world.clock.forward(minutes=1)
    world.bench.beat(STATION)
    assert keys(at_other(other)) == ["bench.open_elsewhere"]


def test_a_silent_station_is_taken_over_with_a_reason_and_only_then(world: BenchWorld, other: Bench) -> None:
    world.bench.arm(world.case(ONE), session())
    with pytest.raises(OperatorError, match=r"bench\.lock_alive"):
        other.take_over(at_other(other), "停电", ELSEWHERE)
    world.clock.forward(minutes=3)
    case = at_other(other)
    assert keys(case) == ["bench.silent_elsewhere"]
    assert case.gate.findings[0].params["time"] == "11-21 09:00"
    with pytest.raises(OperatorError, match=r"bench\.reason_needed"):
        other.take_over(case, " ", ELSEWHERE)
    assert other.take_over(case, "该工位停电，试件未加载", ELSEWHERE).gate.may_load()
    with world.store.read() as uow:
        told = [event.detail for event in uow.custody.of_subjects([ONE]) if event.kind is CustodyKind.BENCH]
    assert told[-1] == {"taken_over": f"{STATION} · {UTM.number}", "reason": "该工位停电，试件未加载"}
    other.arm(at_other(other), ELSEWHERE)
    assert keys(world.bench.open(ONE, UTM.id, session())) == ["bench.open_elsewhere"]


def test_the_station_whose_capture_does_not_answer_says_nothing(world: BenchWorld, other: Bench) -> None:
    world.bench.arm(world.case(ONE), session())
    world.clock.forward(minutes=3)
    world.capture.lost = True
    world.bench.beat(STATION)
    assert keys(at_other(other)) == ["bench.silent_elsewhere"]
    world.capture.lost = False
    world.bench.beat(STATION)
    assert keys(at_other(other)) == ["bench.open_elsewhere"]


def test_a_run_is_not_gone_while_a_computer_at_a_machine_could_not_be_asked(world: BenchWorld, other: Bench) -> None:
    """Its run is not known, so nothing may be concluded from its absence; once it answers without the run, the piece is free."""
    world.bench.arm(world.case(ONE), session())
    known = dict(world.capture.newest)
    silent = LiveState(UTM.id, 9, MachineState.LOST, LinkTrouble.NO_CAPTURE)
    world.capture.newest = {UTM.id: silent}
    for _ in range(3):
        world.clock.forward(minutes=3)
        world.bench.beat(STATION)
    assert keys(at_other(other)) == ["bench.silent_elsewhere"]
    assert known[UTM.id].run_id
    world.capture.newest = {UTM.id: replace(silent, state=MachineState.READY, trouble=LinkTrouble.NONE)}
    for _ in range(3):
        world.clock.forward(minutes=3)
        world.bench.beat(STATION)
    assert keys(at_other(other)) == []
