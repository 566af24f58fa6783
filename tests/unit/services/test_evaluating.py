"""Whole lots from gate to evaluation with runs of the simulators' generator; what is missing is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.capture import EndReason
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import Evaluation, Value, Verdict
from labdesk.domain.outbox import MessageKind
from labdesk.domain.sentences import Language, say
from labdesk.domain.testing import Disposition
from labdesk.services.lost_runs import Found
from labdesk.services.lot_desk import RunStanding
from tests.helpers.benchworld import (
    BAR,
    CUBE,
    CUBE_LOT,
    PHOTO,
    REBAR_LOT,
    SECOND,
    BenchWorld,
    Loading,
    cube_lot,
    make_bench,
    rebar_entries,
    session,
)
from tests.helpers.reviewworld import PIN
from tests.helpers.stores import opened_engine

ONE, TWO, SPARE = "G26-00417-1", "G26-00417-2", "G26-00417-6"
CUBES = ("H26-00188-1", "H26-00188-2", "H26-00188-3")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BenchWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_bench(engine)


def value(evaluation: Evaluation, symbol: str, subject: str = "") -> Value:
    return next(item for item in evaluation.values if (item.symbol, item.subject) == (symbol, subject))


def kinds(world: BenchWorld) -> list[MessageKind]:
    with world.store.read() as uow:
        return [message.kind for message in uow.outbox.newest(50)]


def remarks(evaluation: Evaluation) -> set[str]:
    return {remark.key for remark in evaluation.remarks}


@pytest.mark.rule("YK-7.2a")
def test_a_whole_rebar_lot(world: BenchWorld) -> None:
    for label in (ONE, TWO):
        world.load(label)
    world.type_in(REBAR_LOT, rebar_entries())
    assert world.evaluating.missing(REBAR_LOT) == []
    stored = world.evaluating.evaluate(REBAR_LOT, session())
    found = stored.evaluation
    assert (found.verdict, found.rules) == (Verdict.PASS, "GB1499.2-2024")
    rm = value(found, "Rm", ONE)
    assert rm.raw is not None
    assert 590 < rm.raw < 630
    assert value(found, "ReL", TWO).verdict is Verdict.PASS
    assert value(found, "Agt", ONE).note == "standards.agt_from_curve"
    assert [piece.label for piece in stored.lot.specimens] == [f"G26-00417-{i}" for i in range(1, 6)]
    assert kinds(world).count(MessageKind.EVALUATION) == 1
    assert MessageKind.FAILING_RESULT not in kinds(world)
    assert world.evaluating.newest(REBAR_LOT) == stored
    with world.store.read() as uow:
        assert CustodyKind.EVALUATED in [event.kind for event in uow.custody.of_subjects([REBAR_LOT])]


def test_a_whole_group_of_cubes(world: BenchWorld) -> None:
    for label, strength in zip(CUBES, (41.0, 39.5, 42.5), strict=True):
        world.load(label, Loading("cube", {"strength_mpa": strength}))
    stored = world.evaluating.evaluate(CUBE_LOT, session())
    found = stored.evaluation
    assert found.verdict is Verdict.NOT_EVALUATED
    group = value(found, "fcu,m")
    assert group.rounded is not None
    assert 40 < group.rounded < 42
    assert value(found, "fcu,m/fcu,k").verdict is Verdict.NOT_EVALUATED
    assert [piece.age_text for piece in stored.lot.specimens] == ["28 d 3 h"] * 3
    assert MessageKind.FAILING_RESULT not in kinds(world)


def test_an_over_age_group_says_so(world: BenchWorld) -> None:
    world.reception.put(cube_lot(timedelta(days=31, hours=2)))
    for label in CUBES:
        world.load(label)
    stored = world.evaluating.evaluate(CUBE_LOT, session())
    assert "evaluation.over_age" in remarks(stored.evaluation)
    assert stored.lot.specimens[0].age_text == "31 d 2 h"


def test_cubes_that_differ_by_more_than_15_percent(world: BenchWorld) -> None:
    for label, strength in zip(CUBES, (30.0, 41.0, 52.0), strict=True):
        world.load(label, Loading("cube", {"strength_mpa": strength}))
    assert world.evaluating.evaluate(CUBE_LOT, session()).evaluation.verdict is Verdict.INVALID


@pytest.mark.rule("O57")
def test_a_failing_result_is_reported_when_it_is_evaluated(world: BenchWorld) -> None:
    for label in (ONE, TWO):
        world.load(label)
    world.type_in(REBAR_LOT, rebar_entries(factor=Decimal("0.90")))
    found = world.evaluating.evaluate(REBAR_LOT, session()).evaluation
    assert found.verdict is Verdict.FAIL
    assert kinds(world).count(MessageKind.FAILING_RESULT) == 1
    with world.store.read() as uow:
        body = next(m.body for m in uow.outbox.newest(50) if m.kind is MessageKind.FAILING_RESULT).decode()
    assert '"symbol":"dW"' in body
    assert '"symbol":"Rm"' not in body


def test_what_is_missing_is_named_piece_by_piece(world: BenchWorld) -> None:
    world.load(ONE, replace(BAR, share=0.4, end=EndReason.LOST_LINK))
    missing = world.evaluating.missing(REBAR_LOT)
    said = [say(item.key, Language.EN, **item.params) for item in missing]
    assert said[0] == f"{ONE}: run SY-2026-00001 was lost in mid-test and nobody has said what was found"
    assert f"{TWO}: the tension test has not been run" in said
    assert f"{TWO}: lu_mm is missing" in said
    assert "-: total_mass_g is missing" in said
    with pytest.raises(OperatorError) as caught:
        world.evaluating.evaluate(REBAR_LOT, session())
    assert caught.value.key == "testing.incomplete"
    assert caught.value.params["count"] == len(missing)


def test_a_manual_reading_has_no_curve_and_says_so(world: BenchWorld) -> None:
    lost = world.load(CUBES[0], replace(CUBE, share=0.5, end=EndReason.LOST_LINK))
    for label in CUBES[1:]:
        world.load(label)
    found = Found(Disposition.PEAK_ON_DISPLAY, "采集线脱落", SECOND.badge, PIN, "921.4", PHOTO)
    world.lost.record(lost.id, found, session())
    stored = world.evaluating.evaluate(CUBE_LOT, session())
    piece = stored.lot.specimens[0]
    assert (piece.run_hash, piece.manual_peak_kn) == (None, Decimal("921.4"))
    strength = value(stored.evaluation, "fcu", CUBES[0])
    assert (strength.rounded, strength.note) == (Decimal("41.0"), "standards.no_curve")
    assert "evaluation.no_curve" in remarks(stored.evaluation)
    assert world.desk.view(CUBE_LOT).runs[0].standing is RunStanding.READING


def test_a_lost_piece_leaves_the_group_incomplete(world: BenchWorld) -> None:
    lost = world.load(CUBES[0], replace(CUBE, share=0.5, end=EndReason.LOST_LINK))
    for label in CUBES[1:]:
        world.load(label)
    world.lost.record(lost.id, Found(Disposition.LOST, "断电", SECOND.badge, PIN), session())
    found = world.evaluating.evaluate(CUBE_LOT, session()).evaluation
    assert found.verdict is Verdict.NOT_EVALUATED
    assert "evaluation.group_incomplete" in remarks(found)


def test_a_replaced_piece_is_not_missed_and_its_run_does_not_count(world: BenchWorld) -> None:
    gripped = world.load(ONE, Loading("rebar", {"grade": "HRB400E", "strength_factor": 0.7}))
    world.lost.invalidate(gripped.id, "断于夹具", SPARE, session())
    world.load(SPARE)
    world.load(TWO)
    entries = rebar_entries()
    for name in ("l0_mm", "lu_mm"):
        entries[(SPARE, name)] = entries.pop((ONE, name))
    world.type_in(REBAR_LOT, entries)
    stored = world.evaluating.evaluate(REBAR_LOT, session())
    assert stored.evaluation.verdict is Verdict.PASS
    assert {item.subject for item in stored.evaluation.values if item.symbol == "Rm"} == {SPARE, TWO}
    lines = {line.run.specimen_label: line for line in world.desk.view(REBAR_LOT).runs}
    assert (lines[ONE].standing, lines[ONE].replacement) == (RunStanding.INVALID, SPARE)


def test_the_same_again_adds_nothing_and_a_change_needs_a_reason(world: BenchWorld) -> None:
    for label in (ONE, TWO):
        world.load(label)
    world.type_in(REBAR_LOT, rebar_entries())
    first = world.evaluating.evaluate(REBAR_LOT, session())
    assert world.evaluating.evaluate(REBAR_LOT, session()) == first
    lu = next(item for item in world.entries.fields(REBAR_LOT) if (item.label, item.name) == (ONE, "lu_mm"))
    world.entries.enter(REBAR_LOT, lu, "123.0", session(), "重新对接测量")
    with pytest.raises(OperatorError, match=r"testing\.reason_needed"):
        world.evaluating.evaluate(REBAR_LOT, session())
    world.clock.forward(minutes=1)
    second = world.evaluating.evaluate(REBAR_LOT, session(), "断后标距更正")
    assert (second.reason, second.id != first.id) == ("断后标距更正", True)
    with world.store.read() as uow:
        assert uow.testing.evaluations_of_lot(REBAR_LOT) == [first, second]


def test_a_run_whose_bytes_are_gone_stops_the_evaluation(world: BenchWorld) -> None:
    for label in CUBES:
        run = world.load(label)
    del world.blobs.files[run.sealed_sha256]
    with pytest.raises(EnvironmentFault):
        world.evaluating.evaluate(CUBE_LOT, session())


def test_the_desk_finds_lots_and_shows_nothing_that_betrays_them(world: BenchWorld) -> None:
    assert [line.number for line in world.desk.lots()] == [REBAR_LOT, CUBE_LOT]
    assert [line.number for line in world.desk.lots("c35")] == [CUBE_LOT]
    assert [line.number for line in world.desk.lots("00417-3")] == [REBAR_LOT]
    assert world.desk.lots("nothing") == []
    assert world.desk.lot_of_label(SPARE) == REBAR_LOT
    with pytest.raises(OperatorError, match=r"bench\.unknown_label"):
        world.desk.lot_of_label("X-1")
    world.load(ONE)
    view = world.desk.view(REBAR_LOT)
    assert (view.line.loaded, view.line.to_load, view.spares) == (1, 2, (SPARE, "G26-00417-7"))
    for secret in ("2108002611200001", "示例钢铁集团", "三层柱", "2611A0731"):
        assert secret not in str(view)
