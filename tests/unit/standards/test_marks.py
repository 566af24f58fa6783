"""Marks moved by hand: exact at the chosen sample, with a reason, the automatic value beside."""

from __future__ import annotations

from decimal import Decimal

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.standards.marks import Mark, move_marks
from tests.helpers.true_curves import Machine, Recipe, record

RECIPE = Recipe(machine=Machine(hz=50.0))
CURVE, TRUTH = record(RECIPE)


def moment(share: float) -> Decimal:
    return CURVE.time_s.exact(int(len(CURVE) * share))


def test_a_moved_mark_gives_the_sample_and_keeps_the_automatic_value() -> None:
    moved = move_marks(CURVE, RECIPE.geometry, [Mark("ReL", moment(0.1), "second valley taken")])
    index = int(len(CURVE) * 0.1)
    by_hand, automatic = moved.by_hand.r_el_mpa, moved.automatic.r_el_mpa
    assert by_hand.index == index
    assert abs((by_hand.value or 0) - CURVE.force_kn.exact(index) * 1000 / Decimal("314.2")) < Decimal("1E-20")
    assert by_hand.note == "standards.mark_by_hand"
    assert float(automatic.value or 0) == pytest.approx(TRUTH.lower or 0.0, rel=0.001)
    assert [name for name, _, _ in moved.changed()] == ["r_el_mpa"]


def test_the_maximum_moves_force_and_stress_and_the_strain_both_elongations() -> None:
    moved = move_marks(
        CURVE, RECIPE.geometry, [Mark("Fm", moment(0.6), "peak of a shock"), Mark("Agt", moment(0.6), "same")]
    )
    assert {name for name, _, _ in moved.changed()} == {"fm_kn", "rm_mpa", "a_g_percent", "a_gt_percent"}
    assert (moved.by_hand.a_gt_percent.value or 0) > (moved.by_hand.a_g_percent.value or 0)


def test_without_marks_nothing_changes() -> None:
    assert move_marks(CURVE, RECIPE.geometry, []).changed() == ()


@pytest.mark.parametrize(
    ("mark", "key"),
    [
        (Mark("ReH", moment(0.1), "  "), "evaluation.mark_reason"),
        (Mark("Rx", moment(0.1), "why"), "evaluation.mark_unknown"),
        (Mark("ReH", Decimal(100000), "why"), "evaluation.mark_outside"),
        (Mark("ReH", moment(0.001), "why"), "evaluation.mark_order"),
    ],
)
def test_a_mark_that_cannot_be_is_refused(mark: Mark, key: str) -> None:
    with pytest.raises(OperatorError) as caught:
        move_marks(CURVE, RECIPE.geometry, [mark])
    assert caught.value.key == key


def test_no_strain_mark_without_extensometer() -> None:
    curve, _ = record(Recipe(machine=Machine(channels="displacement")))
    with pytest.raises(OperatorError, match=r"evaluation\.mark_no_strain"):
        move_marks(curve, RECIPE.geometry, [Mark("Agt", curve.time_s.exact(500), "why")])
