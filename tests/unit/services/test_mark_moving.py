"""Marks moved by hand in a lot: evidence is only added, never without a reason, never under a signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from labdesk.domain.capture import EndReason
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person, Role
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.sentences import Language, say
from labdesk.domain.testing import Disposition, StoredEvaluation
from labdesk.services.entries import Entries
from labdesk.services.evaluating import Evaluating, Missing
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.lost_runs import Found
from labdesk.services.mark_moving import CurveMark, MarkMoving
from labdesk.services.review import ReviewService
from labdesk.services.review_facts import load_unsubmitted
from labdesk.services.review_notices import notices
from labdesk.services.runs import RunDeps
from tests.helpers.benchworld import (
    BAR,
    CUBE_LOT,
    PHOTO,
    REBAR_LOT,
    SECOND,
    STATION,
    BenchWorld,
    make_bench,
    rebar_entries,
    session,
)
from tests.helpers.reviewworld import LOT_NO, PIN, QUALITY, make_world
from tests.helpers.reviewworld import session as office_session
from tests.helpers.stores import opened_engine

ONE, TWO = "G26-00417-1", "G26-00417-2"
REL = "mark_rel_s"


@pytest.fixture
def world(database_url: str) -> Iterator[BenchWorld]:
    with opened_engine(database_url) as engine:
        made = make_bench(engine)
        for label in (ONE, TWO):
            made.load(label)
        made.type_in(REBAR_LOT, rebar_entries())
        made.evaluating.evaluate(REBAR_LOT, session())
        made.clock.forward(minutes=1)
        yield made


def moving(world: BenchWorld) -> MarkMoving:
    world.clock.forward(minutes=1)
    return MarkMoving(RunDeps(world.store, world.blobs, world.clock, world.ids, STATION), world.evaluating)


def mark(world: BenchWorld, setting: str = REL) -> CurveMark:
    return next(item for item in moving(world).pieces(REBAR_LOT)[0].marks if item.setting == setting)


def moment(world: BenchWorld, by: int = 10, setting: str = REL) -> str:
    automatic = mark(world, setting).automatic
    assert automatic is not None
    return moving(world).pieces(REBAR_LOT)[0].moments[automatic + by]


def kept(world: BenchWorld) -> list[StoredEvaluation]:
    with world.store.read() as uow:
        return uow.testing.evaluations_of_lot(REBAR_LOT)


def raw(stored: StoredEvaluation, symbol: str = "ReL") -> Decimal | None:
    return next(item.raw for item in stored.evaluation.values if (item.symbol, item.subject) == (symbol, ONE))


def refusal(world: BenchWorld, moments: dict[str, str], reason: str = "slip", label: str = ONE) -> str:
    """Key of the refusal; nothing was kept."""
    before, entries = kept(world), world.entries.history(REBAR_LOT)
    with pytest.raises(OperatorError) as caught:
        moving(world).move(REBAR_LOT, label, moments, session(), reason)
    assert (kept(world), world.entries.history(REBAR_LOT)) == (before, entries)
    return caught.value.key


def test_the_screen_gets_curve_marks_and_what_each_sample_would_give(world: BenchWorld) -> None:
    first, second = moving(world).pieces(REBAR_LOT)
    assert (first.label, second.label) == (ONE, TWO)
    assert first.times[first.first] > 0
    shown = mark(world)
    assert shown.automatic is not None
    automatic = raw(kept(world)[0])
    assert automatic is not None
    assert shown.values[shown.automatic] == pytest.approx(float(automatic))
    strain = mark(world, "mark_agt_s")
    assert strain.automatic is not None
    agt = raw(kept(world)[0], "Agt")
    assert agt is not None
    assert strain.values[strain.automatic] == pytest.approx(float(agt), rel=1e-3)


def test_a_moved_mark_is_a_new_evaluation_beside_the_old(world: BenchWorld) -> None:
    before = kept(world)[0]
    at, expected = moment(world), mark(world)
    assert expected.automatic is not None
    stored = moving(world).move(REBAR_LOT, ONE, {REL: at}, session(SECOND), " second valley ")
    assert kept(world) == [before, stored]
    assert (stored.person_id, stored.reason) == (SECOND.id, "second valley")
    value = raw(stored)
    assert value is not None
    assert float(value) == pytest.approx(expected.values[expected.automatic + 10])
    (told,) = [item for item in stored.evaluation.remarks if item.key == "evaluation.mark_moved"]
    assert told.params["name"] == "ReL, MPa"
    assert float(told.params["automatic"]) == pytest.approx(float(raw(before) or 0), rel=1e-5)
    added = [(item.name, item.text, item.reason, item.person_id) for item in world.entries.history(REBAR_LOT)[-2:]]
    assert added == [
        (REL, at, "second valley", SECOND.id),
        ("mark_reason", "second valley", "second valley", SECOND.id),
    ]
    assert mark(world).by_hand == expected.automatic + 10
    assert mark(world).automatic == expected.automatic
    assert world.evaluating.preview(REBAR_LOT) == stored.evaluation


def test_taking_a_mark_back_is_one_more_evaluation(world: BenchWorld) -> None:
    first = kept(world)[0]
    moving(world).move(REBAR_LOT, ONE, {REL: moment(world)}, session(), "slip of the grips")
    moving(world).move(REBAR_LOT, ONE, {"mark_fm_s": moment(world, -3, "mark_fm_s")}, session(), "spike")
    assert moving(world).pieces(REBAR_LOT)[0].reason == "slip of the grips; spike"
    assert refusal(world, {REL: ""}, " x ") == "marks.reason"
    back = moving(world).move(REBAR_LOT, ONE, {REL: "", "mark_fm_s": ""}, session(), "the rules were right")
    assert len(kept(world)) == 4
    assert back.evaluation == first.evaluation
    assert back.reason == "the rules were right"
    piece = moving(world).pieces(REBAR_LOT)[0]
    assert (piece.reason, [item.by_hand for item in piece.marks]) == ("", [None] * 6)


@pytest.mark.parametrize("reason", ["", "   ", "x"])
def test_without_a_reason_nothing_moves(world: BenchWorld, reason: str) -> None:
    assert refusal(world, {REL: moment(world)}, reason) == "marks.reason"


def test_what_cannot_be_a_mark_is_refused(world: BenchWorld) -> None:
    assert refusal(world, {REL: "99999"}) == "evaluation.mark_outside"
    assert refusal(world, {REL: "-1"}) == "evaluation.not_positive"
    assert refusal(world, {REL: "soon"}) == "evaluation.not_a_number"
    assert refusal(world, {"mark_reh_s": moving(world).pieces(REBAR_LOT)[0].moments[3]}) == "evaluation.mark_order"
    assert refusal(world, {"lu_mm": "130"}) == "marks.unknown"
    assert refusal(world, {}) == "marks.nothing"
    assert refusal(world, {REL: ""}) == "marks.nothing"
    assert refusal(world, {REL: "5"}, label="G26-00417-3") == "marks.no_curve"
    assert refusal(world, {REL: "5"}, label="X-1") == "marks.no_curve"


def test_only_technician_and_checker_may(world: BenchWorld) -> None:
    office = Person("p-he", "何静", "B1009", (Role.QUALITY,))
    with pytest.raises(OperatorError, match=r"marks\.role"):
        moving(world).move(REBAR_LOT, ONE, {REL: moment(world)}, session(office), "slip")
    assert len(kept(world)) == 1


def test_lots_without_evaluation_and_lots_of_cubes_have_no_marks(database_url: str) -> None:
    with opened_engine(database_url) as engine:
        fresh = make_bench(engine)
        for lot_no, key in ((REBAR_LOT, "marks.not_evaluated"), (CUBE_LOT, "marks.not_bars"), ("X", "no_such_lot")):
            with pytest.raises(OperatorError, match=key):
                moving(fresh).pieces(lot_no)


def test_a_run_without_a_curve_has_no_marks(database_url: str) -> None:
    with opened_engine(database_url) as engine:
        made = make_bench(engine)
        made.load(ONE)
        lost = made.load(TWO, replace(BAR, share=0.6, end=EndReason.LOST_LINK))
        found = Found(Disposition.PEAK_ON_DISPLAY, "采集线脱落", SECOND.badge, PIN, "190.2", PHOTO)
        made.lost.record(lost.id, found, session())
        made.type_in(REBAR_LOT, rebar_entries())
        made.evaluating.evaluate(REBAR_LOT, session())
        assert [piece.label for piece in moving(made).pieces(REBAR_LOT)] == [ONE]
        assert refusal(made, {REL: "5"}, label=TWO) == "marks.no_curve"


def test_under_a_signature_nothing_moves_until_it_is_given_back(world: BenchWorld) -> None:
    at = moment(world)
    review = ReviewService(world.store, world.clock, world.ids, world.pins, None)  # type: ignore[arg-type]
    record = review.submit_record(REBAR_LOT, session())
    review.sign(Subject.RECORD, record.id, SignatureRole.TESTED, session(), PIN)
    assert refusal(world, {REL: at}) == "marks.signed"
    with pytest.raises(OperatorError, match=r"marks\.signed"):
        moving(world).pieces(REBAR_LOT)
    review.give_back(Subject.RECORD, record.id, "标记有误", session(SECOND))
    moving(world).move(REBAR_LOT, ONE, {REL: at}, session(), "slip of the grips")
    assert len(kept(world)) == 2


def test_a_signature_that_comes_between_wins(world: BenchWorld) -> None:
    """The lot is signed after the marks were looked at and before they are written: the writing transaction looks again."""
    review = ReviewService(world.store, world.clock, world.ids, world.pins, None)  # type: ignore[arg-type]
    at, looked = moment(world), world.evaluating.missing

    def signs_first(lot_no: str) -> list[Missing]:
        review.submit_and_sign(lot_no, session(), PIN)
        return looked(lot_no)

    world.evaluating.missing = signs_first  # type: ignore[method-assign]
    assert refusal(world, {REL: at}) == "marks.signed"


@pytest.mark.parametrize("stage", ["checked", "approved"])
def test_a_lot_in_review_and_an_approved_report_are_closed(database_url: str, stage: str) -> None:
    with opened_engine(database_url) as engine:
        office = make_world(engine)
        getattr(office, stage)()
        deps = RunDeps(office.store, office.blobs, office.clock, office.ids, STATION)
        service = MarkMoving(deps, Evaluating(deps, Entries(deps), evaluate_from_runs))
        for attempt in (
            lambda: service.pieces(LOT_NO),
            lambda: service.move(LOT_NO, "K1-0720", {REL: "5"}, session(), "slip"),
        ):
            with pytest.raises(OperatorError, match=r"marks\.signed"):
                attempt()


def test_a_draft_that_was_given_back_opens_its_lot_again(database_url: str) -> None:
    with opened_engine(database_url) as engine:
        office = make_world(engine)
        draft = office.checked()
        office.review.give_back(Subject.REPORT, draft, "曲线标记有误，请核对", office_session(QUALITY))
        deps = RunDeps(office.store, office.blobs, office.clock, office.ids, STATION)
        service = MarkMoving(deps, Evaluating(deps, Entries(deps), evaluate_from_runs))
        with pytest.raises(OperatorError, match=r"marks\.no_curve"):
            service.move(LOT_NO, "no such piece", {REL: "5"}, session(), "slip")


def test_the_reviewer_sees_it(world: BenchWorld) -> None:
    stored = moving(world).move(REBAR_LOT, ONE, {REL: moment(world)}, session(), "slip of the grips")
    moving(world).move(REBAR_LOT, ONE, {REL: ""}, session(), "no slip")
    again = moving(world).move(REBAR_LOT, ONE, {REL: moment(world)}, session(), "slip of the grips")
    assert again.evaluation == stored.evaluation
    with world.store.read() as uow:
        found = notices(load_unsubmitted(uow, again))
    (moved,) = [item for item in found if item.key == "evaluation.mark_moved"]
    assert moved.word == "review.chip.by_hand"
    assert "ReL, MPa was moved by hand: automatic" in say(moved.key, Language.EN, **moved.params)
    corrected = [item for item in found if item.key == "review.notice.corrected" and item.params["old"] == "-"]
    assert {item.params["name"] for item in corrected} == {f"@review.entry.{REL}", "@review.entry.mark_reason"}
