"""Which pieces a lot has and what is done with each: one tag each, or one on the bag, bundle or sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from labdesk.domain.commission import LotOrder
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.services.piece_plans import PlannedPiece, piece_table, plan_pieces
from tests.helpers.receptionworld import bars, cubes

SETTINGS = {
    "concrete": {"side_mm": "150", "design_grade": "C30"},
    "mortar": {"design_grade": "M10"},
    "cement": {"grade": "42.5"},
    "brick": {"grade": "MU15"},
    "rebar": {"grade": "HRB400", "diameter_mm": "25", "weld_kind": "flash-butt"},
    "welded": {"grade": "CRB550", "diameter_mm": "8"},
    "straightened": {"grade": "HRB400", "diameter_mm": "10"},
}


def order(method: str, tags: int, required: int | None = None, **settings: str) -> LotOrder:
    made = bars([f"YK{number:010d}" for number in range(tags)], required=required or tags)
    return replace(made, method=method, settings={**SETTINGS[method.split("-")[0]], **settings})


def plan(method: str, tags: int, required: int | None = None, **settings: str) -> tuple[PlannedPiece, ...]:
    made = order(method, tags, required, **settings)
    return plan_pieces(made, tuple(sample.index for sample in made.samples))


def kinds(found: tuple[PlannedPiece, ...]) -> Counter[TestKind]:
    return Counter(kind for piece in found for kind in piece.tests)


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("method", sorted(piece_table()))
def test_a_tag_on_every_piece_makes_every_piece_one_and_what_is_beyond_a_spare(method: str) -> None:
    found = plan(method, 4, 3)
    whole = [piece for piece in found if not piece.half]
    assert [piece.sample for piece in whole] == [1, 2, 3, 4]
    assert [bool(piece.tests) for piece in whole] == [True, True, True, False]


@pytest.mark.parametrize(
    ("method", "counts"),
    [
        ("concrete-flexural", {TestKind.FLEXURE: 3}),
        ("concrete-splitting", {TestKind.SPLITTING: 3}),
        ("mortar-cube", {TestKind.COMPRESSION: 3}),
        ("brick-strength", {TestKind.COMPRESSION: 10}),
        ("rebar-splice", {TestKind.TENSION: 3}),
        ("rebar-weld", {TestKind.TENSION: 3, TestKind.BEND: 3}),
        ("welded-fabric", {TestKind.TENSION: 2, TestKind.BEND: 2, TestKind.SHEAR: 3}),
        ("straightened-bar", {TestKind.WEIGHT: 3, TestKind.TENSION: 3}),
        ("cement-strength", {TestKind.FLEXURE: 3, TestKind.COMPRESSION: 6}),
    ],
)
def test_one_tag_on_the_bundle_gives_as_many_as_the_standard_asks_for(method: str, counts: dict[TestKind, int]) -> None:
    found = plan(method, 1)
    assert kinds(found) == counts
    assert {piece.sample for piece in found} == {1}


def test_each_cement_prism_is_followed_by_its_halves() -> None:
    found = plan("cement-strength", 3)
    assert [(piece.sample, piece.half, piece.tests) for piece in found[:3]] == [
        (1, "", (TestKind.FLEXURE,)),
        (1, "A", (TestKind.COMPRESSION,)),
        (1, "B", (TestKind.COMPRESSION,)),
    ]
    assert [piece.sample for piece in found] == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_joints_below_200_a_retest_and_welds_without_bend() -> None:
    assert len(plan("rebar-splice", 1, joints="120")) == 2
    assert len(plan("rebar-splice", 1, stage="retest")) == 6
    assert len(plan("rebar-splice", 1, joints="120", stage="retest")) == 4
    assert kinds(plan("rebar-weld", 1, weld_kind="arc")) == {TestKind.TENSION: 3}
    assert kinds(plan("rebar-weld", 1, stage="retest", retest_item="bend")) == {TestKind.BEND: 6}
    assert kinds(plan("rebar-weld", 6, stage="retest", retest_item="tension")) == {TestKind.TENSION: 6}
    assert kinds(plan("welded-fabric", 1, stage="retest", retest_item="shear")) == {TestKind.SHEAR: 6}


def test_bars_and_cubes_are_planned_as_ever() -> None:
    found = plan_pieces(bars([f"YK{number:010d}" for number in range(6)]), (1, 2, 3, 4, 5, 6))
    assert [len(piece.tests) for piece in found] == [2, 2, 2, 2, 2, 0]
    assert [piece.tests for piece in plan_pieces(cubes(["a", "b", "c"]), (1, 2, 3))] == [(TestKind.COMPRESSION,)] * 3


def test_a_setting_that_decides_about_pieces_is_refused_in_words() -> None:
    with pytest.raises(OperatorError, match=r"products\.no_such_row"):
        plan("rebar-weld", 1, weld_kind="glue")
    with pytest.raises(OperatorError, match=r"evaluation\.bad_choice"):
        plan("rebar-weld", 2, weld_kind="arc", stage="retest", retest_item="bend")
    with pytest.raises(OperatorError, match=r"evaluation\.missing"):
        plan("rebar-weld", 3, weld_kind="")
