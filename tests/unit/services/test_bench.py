"""At the machine: scan, gate, arm; the gate is asked again at the moment of arming."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.capture import EndReason, RunClass, RunPhase
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.testing import Disposition
from labdesk.services.bench import DueStanding
from labdesk.services.lost_runs import Found
from tests.helpers.benchworld import (
    BAR,
    LARGE,
    PRESS,
    SECOND,
    TRAINEE,
    UTM,
    BenchWorld,
    cube_lot,
    make_bench,
    session,
)
from tests.helpers.reviewworld import PIN
from tests.helpers.stores import opened_engine

ONE, SPARE, CUBE = "G26-00417-1", "G26-00417-6", "H26-00188-1"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BenchWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_bench(engine)


def refuses(world: BenchWorld, label: str, key: str, machine_id: str = UTM.id) -> None:
    """The gate refuses with this finding, and arming refuses too."""
    case = world.bench.open(label, machine_id, session())
    assert key in [finding.key for finding in case.gate.findings]
    with pytest.raises(OperatorError) as caught:
        world.bench.arm(case, session())
    assert caught.value.key == key
    assert world.capture.armed == []


@pytest.mark.rule("YK-7.4")
def test_label_then_tag_then_armed(world: BenchWorld) -> None:
    case = world.bench.open(ONE, UTM.id, session())
    assert case.gate.needs_tag
    with pytest.raises(OperatorError, match=r"bench\.tag_first"):
        world.bench.arm(case, session())
    case = world.bench.scan_tag(case, "YK2107-4408-1261", session())
    assert case.gate.may_load()
    request = world.bench.arm(case, session())
    assert (request.specimen_label, request.machine_id, request.run_class) == (ONE, UTM.id, RunClass.TEST)
    assert request.calibration == UTM.calibration()
    assert request.area_mm2 == Decimal("314.2")
    assert 0 < request.preload_kn < request.arming_kn < case.plan.expected_kn
    assert world.capture.armed == [request]


@pytest.mark.rule("YK-7.4")
def test_a_foreign_tag_never_arms(world: BenchWorld) -> None:
    case = world.bench.open(ONE, UTM.id, session())
    case = world.bench.scan_tag(case, "YK2107-4408-1262", session())
    assert not case.gate.may_load()
    with pytest.raises(OperatorError, match=r"bench\.other_tag"):
        world.bench.arm(case, session())
    again = world.bench.scan_tag(case, "YK2107-4408-1261", session())
    assert again.gate.may_load()


def presented(world: BenchWorld, label: str) -> list[dict[str, str]]:
    """What custody knows of a piece at a machine."""
    with world.store.read() as uow:
        events = uow.custody.of_subjects([label])
    return [dict(event.detail) for event in events if event.kind is CustodyKind.BENCH]


@pytest.mark.rule("YK-4.2")
def test_the_tag_scanned_at_the_machine_stays_in_custody(world: BenchWorld) -> None:
    request = world.bench.arm(world.case(ONE), session())
    assert presented(world, ONE) == [{"machine": UTM.number, "run_id": request.run_id, "tag": "YK2107-4408-1261"}]


@pytest.mark.rule("YK-4.2")
def test_a_foreign_piece_at_the_machine_stays_in_custody_too(world: BenchWorld) -> None:
    case = world.bench.open(ONE, UTM.id, session())
    world.bench.scan_tag(case, "YK2107-4408-1262", session())
    assert presented(world, ONE) == [{"machine": UTM.number, "tag": "YK2107-4408-1262 ≠ YK2107-4408-1261"}]


def test_the_real_age_stays_in_custody(world: BenchWorld) -> None:
    world.reception.put(cube_lot(timedelta(days=29, hours=3)))
    world.bench.arm(world.case(CUBE, PRESS.id), session())
    (kept,) = presented(world, CUBE)
    assert kept["age"] == "29 d 3 h"


@pytest.mark.rule("YK-7.2a")
def test_an_under_age_cube_is_refused(world: BenchWorld) -> None:
    world.reception.put(cube_lot(timedelta(days=26)))
    refuses(world, CUBE, "bench.under_age", PRESS.id)


@pytest.mark.rule("YK-7.2a")
def test_an_over_age_cube_is_tested_and_the_gate_says_so(world: BenchWorld) -> None:
    world.reception.put(cube_lot(timedelta(days=31)))
    case = world.case(CUBE, PRESS.id)
    assert (case.gate.may_load(), case.gate.over_age) == (True, True)
    world.bench.arm(case, session())


@pytest.mark.rule("YK-7.1")
def test_a_certificate_that_ends_between_scan_and_arming_is_noticed(world: BenchWorld) -> None:
    case = world.case(ONE)
    assert case.gate.may_load()
    world.change_machine(replace(UTM, certificate_valid_to=date(2026, 11, 20)))
    with pytest.raises(OperatorError, match=r"bench\.out_of_calibration"):
        world.bench.arm(case, session())


@pytest.mark.rule("YK-7.1")
def test_an_incompetent_person_does_not_arm(world: BenchWorld) -> None:
    case = world.bench.open(ONE, UTM.id, session(TRAINEE))
    with pytest.raises(OperatorError, match=r"bench\.not_competent"):
        world.bench.arm(case, session(TRAINEE))


def test_a_large_machine_proposes_the_fitting_one(world: BenchWorld) -> None:
    world.change_machine(replace(LARGE, capacity_kn=Decimal(2000)))
    case = world.bench.open(ONE, LARGE.id, session())
    assert [finding.key for finding in case.gate.findings] == ["bench.load_out_of_range"]
    assert case.gate.findings[0].params["other"] == UTM.number


@pytest.mark.rule("YK-7.2a")
def test_a_tested_piece_is_refused_also_behind_an_old_case(world: BenchWorld) -> None:
    old = world.case(ONE)
    world.load(ONE)
    refuses_after = world.capture.armed.copy()
    with pytest.raises(OperatorError, match=r"bench\.loaded_before"):
        world.bench.arm(old, session())
    assert world.capture.armed == refuses_after


def test_a_spare_takes_over_after_an_invalid_run(world: BenchWorld) -> None:
    refuses(world, SPARE, "bench.spare")
    run = world.load(ONE)
    world.lost.invalidate(run.id, "断于夹具", SPARE, session())
    case = world.case(SPARE)
    assert (case.gate.test, case.gate.may_load()) == (TestKind.TENSION, True)
    replacing = world.load(SPARE)
    assert (replacing.test, replacing.specimen_label) == (TestKind.TENSION, SPARE)


def test_an_unbroken_piece_goes_to_another_machine(world: BenchWorld) -> None:
    run = world.load(ONE, replace(BAR, share=0.3, end=EndReason.LOST_LINK))
    assert not world.case(ONE, LARGE.id).gate.may_load()
    world.lost.record(run.id, Found(Disposition.UNBROKEN, "断线", SECOND.badge, PIN), session())
    assert world.case(ONE, LARGE.id).gate.may_load()
    again = world.load(ONE, machine_id=LARGE.id)
    assert (again.machine_id, again.end_reason) == (LARGE.id, EndReason.BREAK)


def test_a_piece_armed_elsewhere_is_refused_with_that_machines_number(world: BenchWorld) -> None:
    world.bench.arm(world.case(ONE), session())
    case = world.bench.open(ONE, LARGE.id, session())
    assert [finding.key for finding in case.gate.findings] == ["bench.open_elsewhere"]
    assert case.gate.findings[0].params["station"] == UTM.number


@pytest.mark.parametrize(
    ("label", "machine_id", "key"),
    [("G26-99999-1", UTM.id, "bench.unknown_label"), (ONE, "m-77", "bench.unknown_machine")],
)
def test_the_unknown_is_refused_in_words(world: BenchWorld, label: str, machine_id: str, key: str) -> None:
    with pytest.raises(OperatorError) as caught:
        world.bench.open(label, machine_id, session())
    assert caught.value.key == key


@pytest.mark.parametrize("run_class", [item for item in RunClass if item is not RunClass.TEST])
def test_warm_ups_and_checks_are_declared_without_a_specimen(world: BenchWorld, run_class: RunClass) -> None:
    request = world.bench.arm_without_specimen(UTM.id, run_class, session())
    assert (request.specimen_label, request.run_class) == ("", run_class)


def test_a_test_without_a_specimen_is_refused(world: BenchWorld) -> None:
    with pytest.raises(OperatorError, match=r"bench\.class_needs_specimen"):
        world.bench.arm_without_specimen(UTM.id, RunClass.TEST, session())


def test_ending_a_run_needs_a_reason(world: BenchWorld) -> None:
    with pytest.raises(OperatorError, match=r"bench\.reason_needed"):
        world.bench.abort(UTM.id, "  ")
    assert world.capture.aborted == []
    world.bench.abort(UTM.id, " 夹具打滑 ")
    assert world.capture.aborted == [(UTM.id, "夹具打滑")]


def test_the_due_list_is_blind_and_knows_what_was_loaded(world: BenchWorld) -> None:
    world.load(ONE)
    lines = world.bench.due()
    assert [line.label for line in lines][-1] == ONE
    assert {line.test for line in lines} == {TestKind.TENSION, TestKind.COMPRESSION}
    assert len(lines) == 5
    text = " ".join(str(line) for line in lines)
    for secret in ("2108002611200001", "示例钢铁集团", "三层柱", "2611A0731"):
        assert secret not in text


def standings(world: BenchWorld) -> dict[str, DueStanding]:
    """What the list says of each piece."""
    return {line.label: line.standing for line in world.bench.due()}


@pytest.mark.parametrize(
    ("age", "standing"),
    [
        (timedelta(days=29), DueStanding.OVERDUE),
        (timedelta(days=28, hours=0), DueStanding.TODAY),
        (timedelta(days=26), DueStanding.LATER),
    ],
)
def test_cubes_are_due_on_their_day(world: BenchWorld, age: timedelta, standing: DueStanding) -> None:
    world.reception.put(cube_lot(age))
    assert standings(world)[CUBE] is standing
    assert standings(world)[ONE] is DueStanding.ANY_TIME


def test_what_is_late_comes_first_also_across_new_year(world: BenchWorld) -> None:
    world.reception.put(cube_lot(timedelta(days=30)))
    later = replace(cube_lot(timedelta(days=-20)), number="HNT-2026-00200")
    pieces = tuple(replace(piece, label=f"later-{piece.piece}") for piece in later.specimens)
    world.reception.put(replace(later, specimens=pieces))
    assert later.due_at is not None
    assert later.due_at.year == 2027
    order = [line.label for line in world.bench.due()]
    assert order[0] == CUBE
    assert order[-3:] == ["later-1", "later-2", "later-3"]


def test_an_unbroken_piece_waits_again_and_a_spare_waits_for_the_invalid_one(world: BenchWorld) -> None:
    lost = world.load(ONE, replace(BAR, share=0.5, end=EndReason.LOST_LINK))
    assert standings(world)[ONE] is DueStanding.LOADED
    world.lost.record(lost.id, Found(Disposition.UNBROKEN, "停电", SECOND.badge, PIN), session())
    assert standings(world)[ONE] is DueStanding.ANY_TIME
    broken = world.load("G26-00417-2")
    assert SPARE not in standings(world)
    world.lost.invalidate(broken.id, "夹具处断裂", SPARE, session())
    found = standings(world)
    assert (found[SPARE], found.get("G26-00417-2")) == (DueStanding.ANY_TIME, None)


def test_arming_shows_in_the_live_state(world: BenchWorld) -> None:
    world.bench.arm(world.case(ONE), session())
    assert world.capture.newest[UTM.id].phase is RunPhase.ARMED
