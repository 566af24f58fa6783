"""A lot stands where its stored facts put it: from the first loading to the issued report, and back after a return."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.specimens import LotState
from labdesk.services.lot_states import lot_state
from tests.helpers import benchworld, reviewworld
from tests.helpers.benchworld import CUBE_LOT, REBAR_LOT, BenchWorld, make_bench
from tests.helpers.reviewworld import CHECKER, LOT_NO, QUALITY, TESTER, ReviewWorld, make_world, newer_evaluation
from tests.helpers.stores import opened_engine


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[BenchWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_bench(engine)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ReviewWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_world(engine)


def of_bench(world: BenchWorld, lot_no: str = REBAR_LOT) -> LotState:
    """State of a lot at the bench."""
    with world.store.read() as uow:
        return lot_state(uow, lot_no)


def of_office(world: ReviewWorld) -> LotState:
    """State of the lot under review."""
    with world.store.read() as uow:
        return lot_state(uow, LOT_NO)


def test_a_lot_is_in_testing_until_its_last_piece_is_loaded(bench: BenchWorld) -> None:
    seen = [of_bench(bench)]
    for piece in ("1", "2"):
        bench.load(f"G26-00417-{piece}")
        seen.append(of_bench(bench))
    assert seen == [LotState.TESTING, LotState.TESTING, LotState.TO_MEASURE]
    assert of_bench(bench, CUBE_LOT) is LotState.TESTING


def test_an_invalid_run_takes_the_lot_back_to_testing(bench: BenchWorld) -> None:
    first = bench.load("G26-00417-1")
    bench.load("G26-00417-2")
    bench.lost.invalidate(first.id, "夹具处断裂", "G26-00417-6", benchworld.session())
    assert of_bench(bench) is LotState.TESTING
    bench.load("G26-00417-6")
    assert of_bench(bench) is LotState.TO_MEASURE


def test_an_evaluated_lot_says_so(bench: BenchWorld) -> None:
    for piece in ("1", "2", "3"):
        bench.load(f"H26-00188-{piece}")
    assert of_bench(bench, CUBE_LOT) is LotState.TO_MEASURE
    bench.evaluating.evaluate(CUBE_LOT, benchworld.session())
    assert of_bench(bench, CUBE_LOT) is LotState.EVALUATED


def test_signatures_carry_it_on(office: ReviewWorld) -> None:
    seen = [of_office(office)]
    record = office.record()
    office.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)
    seen.append(of_office(office))
    office.sign(Subject.RECORD, record.id, SignatureRole.CHECKED, CHECKER)
    seen.append(of_office(office))
    assert seen == [LotState.EVALUATED, LotState.EVALUATED, LotState.IN_REVIEW]


def test_an_approved_report_is_not_an_issued_one(office: ReviewWorld) -> None:
    office.approved()
    assert of_office(office) is LotState.APPROVED


def test_a_return_and_a_newer_evaluation_begin_again(office: ReviewWorld) -> None:
    draft_id = office.checked()
    office.review.give_back(Subject.REPORT, draft_id, "曲线与读数不符，请核对后重新提交", reviewworld.session(QUALITY))
    after_return = of_office(office)
    newer_evaluation(office)
    assert (after_return, of_office(office)) == (LotState.RECORD_SIGNED, LotState.EVALUATED)


def test_an_unknown_lot_has_no_state(bench: BenchWorld) -> None:
    with pytest.raises(OperatorError, match=r"testing\.no_such_lot"):
        of_bench(bench, "GJ-2026-99999")
