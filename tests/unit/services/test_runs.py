"""Sealed runs come home once, whatever crashes between commit and acknowledgement; damaged bytes stay out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from labdesk.domain.capture import EndReason, RunClass
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.outbox import MessageKind
from labdesk.domain.sealed_run import RunMark, encode_run
from labdesk.domain.testing import Run
from tests.helpers.benchworld import BAR, TECHNICIAN, UTM, BenchWorld, make_bench, rebar_lot, sealed, session
from tests.helpers.stores import opened_engine

ONE, TWO = "G26-00417-1", "G26-00417-2"


@pytest.fixture
def world(database_url: str) -> Iterator[BenchWorld]:
    with opened_engine(database_url) as engine:
        yield make_bench(engine)


def messages(world: BenchWorld) -> list[MessageKind]:
    with world.store.read() as uow:
        return [message.kind for message in uow.outbox.newest(50)]


def armed_and_sealed(world: BenchWorld, label: str) -> None:
    request = world.bench.arm(world.case(label), session())
    world.finish(request, BAR)


@pytest.mark.rule("YK-7.2a")
def test_a_run_comes_home_with_number_curve_custody_and_message(world: BenchWorld) -> None:
    run = world.load(ONE)
    assert run.number.startswith("SY-2026-")
    assert (run.specimen_label, run.lot_no, run.end_reason) == (ONE, rebar_lot().number, EndReason.BREAK)
    assert run.peak_kn is not None
    assert 180 < run.peak_kn < 200
    assert messages(world) == [MessageKind.RUN]
    with world.store.read() as uow:
        events = uow.custody.of_subjects([ONE])
        message = uow.outbox.newest(1)[0]
    assert [event.kind for event in events] == [CustodyKind.BENCH, CustodyKind.RUN]
    assert message.attachments == (run.sealed_sha256,)
    details = world.runs.details(run)
    assert details.marks == ()
    assert details.stress_mpa is not None
    assert 590 < details.stress_mpa < 630


def test_nothing_to_fetch_is_nothing_stored(world: BenchWorld) -> None:
    assert world.runs.collect() == []


def test_a_crash_between_commit_and_acknowledgement_stores_once(
    world: BenchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    armed_and_sealed(world, ONE)
    honest = world.capture.acknowledge

    def crash(run_id: str) -> None:
        raise EnvironmentFault("capture.unreachable", detail="killed")

    monkeypatch.setattr(world.capture, "acknowledge", crash)
    with pytest.raises(EnvironmentFault, match="unreachable"):
        world.runs.collect()
    monkeypatch.setattr(world.capture, "acknowledge", honest)
    assert world.runs.collect() == []
    assert world.capture.waiting == {}
    with world.store.read() as uow:
        assert len(uow.testing.runs_of_specimen(ONE)) == 1
        events = [event.kind for event in uow.custody.of_subjects([ONE])]
    assert events == [CustodyKind.BENCH, CustodyKind.RUN]
    assert messages(world) == [MessageKind.RUN]


def test_a_crash_before_the_commit_loses_nothing(world: BenchWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    armed_and_sealed(world, ONE)
    honest = world.blobs.put

    def full(data: bytes) -> str:
        raise EnvironmentFault("storage.blob_not_written", reason="disk full")

    monkeypatch.setattr(world.blobs, "put", full)
    with pytest.raises(EnvironmentFault, match="blob_not_written"):
        world.runs.collect()
    assert world.capture.acknowledged == []
    monkeypatch.setattr(world.blobs, "put", honest)
    assert [run.specimen_label for run in world.runs.collect()] == [ONE]


def test_damaged_bytes_are_refused_and_stay_with_capture(world: BenchWorld) -> None:
    armed_and_sealed(world, ONE)
    ((run_id, (outcome, data)),) = world.capture.waiting.items()
    flipped = bytes([*data[:200], data[200] ^ 1, *data[201:]])
    world.capture.waiting[run_id] = (outcome, flipped)
    with pytest.raises(EnvironmentFault, match=r"testing\.run_damaged"):
        world.runs.collect()
    with world.store.read() as uow:
        assert uow.testing.run(run_id) is None
    assert world.capture.acknowledged == []


def test_one_bad_run_does_not_hold_back_the_others(world: BenchWorld) -> None:
    armed_and_sealed(world, ONE)
    ((run_id, (outcome, data)),) = world.capture.waiting.items()
    world.capture.waiting[run_id] = (outcome, data[:-1])
    armed_and_sealed(world, TWO)
    assert [run.specimen_label for run in world.runs.collect()] == [TWO]
    with pytest.raises(EnvironmentFault):
        world.runs.collect()
    assert list(world.capture.waiting) == [run_id]


@pytest.mark.rule("YK-7.2a")
def test_a_second_loading_that_got_past_the_gate_is_refused_at_home(world: BenchWorld) -> None:
    request = world.bench.arm(world.case(ONE), session())
    world.finish(request, BAR)
    world.runs.collect()
    again = replace(request, run_id="01900000-0000-7000-8000-00000000ffff")
    run = sealed(again, UTM, BAR, world.clock.now())
    world.capture.seal(encode_run(run), again, run)
    with pytest.raises(OperatorError, match=r"testing\.second_loading"):
        world.runs.collect()
    assert list(world.capture.waiting) == [again.run_id]


def test_a_test_run_of_an_unknown_specimen_waits(world: BenchWorld) -> None:
    request = replace(world.bench.arm(world.case(ONE), session()), specimen_label="G26-99999-1")
    world.finish(request, BAR)
    with pytest.raises(OperatorError, match=r"testing\.run_without_specimen"):
        world.runs.collect()
    assert world.capture.acknowledged == []


def test_a_warm_up_is_kept_but_told_to_nobody(world: BenchWorld) -> None:
    request = world.bench.arm_without_specimen(UTM.id, RunClass.WARM_UP, session())
    world.finish(request, replace(BAR, end=EndReason.UNLOADED))
    (run,) = world.runs.collect()
    assert (run.run_class, run.specimen_label, run.lot_no, run.test) == (RunClass.WARM_UP, "", "", None)
    assert messages(world) == []


def test_numbers_are_continuous(world: BenchWorld) -> None:
    runs: list[Run] = [world.load(label) for label in (ONE, TWO, "H26-00188-1")]
    assert [run.number for run in runs] == ["SY-2026-00001", "SY-2026-00002", "SY-2026-00003"]


def test_the_year_of_a_number_is_the_one_on_the_wall(world: BenchWorld) -> None:
    world.clock.moment = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight on New Year's Day in China
    changed = replace(UTM, certificate_valid_to=date(2027, 12, 31))
    world.change_machine(changed)
    scopes = tuple(replace(scope, valid_to=date(2027, 12, 31)) for scope in TECHNICIAN.competences)
    case = world.case(ONE, who=replace(TECHNICIAN, competences=scopes))
    request = world.bench.arm(case, session(replace(TECHNICIAN, competences=scopes)))
    world.finish(request, BAR)
    assert world.runs.collect()[0].number == "SY-2027-00001"


def test_a_lost_run_says_why_a_person_must_look(world: BenchWorld) -> None:
    run = world.load(ONE, replace(BAR, share=0.4, end=EndReason.LOST_LINK))
    assert (run.marked, run.loaded, run.end_reason) == (True, True, EndReason.LOST_LINK)
    assert world.runs.details(run).marks == (RunMark.NO_BREAK, RunMark.GAP)
