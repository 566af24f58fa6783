"""Groups that look exchanged: told to the reviewer with the numbers, only where changing them about explains both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from labdesk.domain.sentences import Language, say
from labdesk.services.acceptance_choice import Asked, judged
from labdesk.services.acceptance_selection import GroupKind, GroupState, SampleGroup, SampleKind
from labdesk.services.exchanged_groups import exchanged, exchanged_in_store
from labdesk.services.review_desk import ReviewDesk
from tests.helpers.acceptanceworld import AUTHOR, CAST, TOWER_CODE, AcceptanceWorld, Cast
from tests.helpers.reviewworld import MemoryBlobs
from tests.helpers.stores import opened_engine

C30 = SampleKind("C30", GroupKind.STANDARD, 28)
C50 = SampleKind("C50", GroupKind.STANDARD, 28)


def group(number: str, value: str, sample: SampleKind, day: float = 0, **changed: Any) -> SampleGroup:
    made = SampleGroup(number, "柱", sample, CAST + timedelta(days=day), D(value), GroupState.COUNTS)
    return replace(made, **changed)


WEAK, STRONG = group("H-1", "36.2", C50), group("H-2", "54.8", C30, 1)


@pytest.mark.rule("YK-4.2", "L17")
def test_two_groups_that_fit_when_changed_about_are_told_with_their_numbers() -> None:
    (found,) = exchanged((WEAK, STRONG, group("H-3", "36.0", C30)), {"H-1"})
    assert found.params == {
        "weak": "H-1", "weak_grade": "C50", "weak_mpa": "36.2", "weak_percent": "72",
        "strong": "H-2", "strong_grade": "C30", "strong_mpa": "54.8", "strong_percent": "183",
        "weak_then": "110", "strong_then": "121", "usual": "95-145",
    }  # fmt: skip
    for language in Language:
        told = say(found.key, language, **found.params)
        assert "H-1" in told
        assert "183" in told
        assert not any(word in told for word in ("作弊", "造假", "调换者", "cheat", "fraud", "swapped"))


def test_the_same_pair_is_told_from_either_side_and_of_nobody_else() -> None:
    assert exchanged((WEAK, STRONG), {"H-1"}) == exchanged((STRONG, WEAK), {"H-2"})
    assert exchanged((WEAK, STRONG), {"H-3"}) == ()


@pytest.mark.parametrize(
    "other",
    [
        group("H-2", "54.8", C30, 9),
        group("H-2", "54.8", C30, cast_at=None),
        group("H-2", "54.8", C30, state=GroupState.OFF_AGE),
        group("H-2", "54.8", SampleKind("C30", GroupKind.SAME_CONDITION, 28)),
        group("H-2", "54.8", SampleKind("C30", GroupKind.STANDARD, 60)),
        group("H-2", "54.8", SampleKind("C3?", GroupKind.STANDARD, 28)),
        group("H-2", "38.0", C30),
        group("H-2", "90.0", C30),
        group("H-2", "54.8", C50),
    ],
    ids=lambda other: f"{other.sample.grade} {other.value_mpa} {other.state.value}",
)
def test_what_is_far_apart_or_explains_nothing_is_not_told(other: SampleGroup) -> None:
    assert exchanged((WEAK, other), {"H-1"}) == ()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AcceptanceWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield AcceptanceWorld(engine)


def test_it_is_found_among_the_lots_of_the_project_and_shown_beside_an_assessment(world: AcceptanceWorld) -> None:
    world.values(*["36.0"] * 90, grade="C30")
    world.put(Cast("HNT-2026-00090", "36.2", 40, "C50"), Cast("HNT-2026-00091", "54.8", 41, "C30"))
    with world.store.read() as uow:
        (found,) = exchanged_in_store(uow, TOWER_CODE, "HNT-2026-00091")
        assert exchanged_in_store(uow, TOWER_CODE, "HNT-2026-00005") == ()
        around = uow.projects.acceptance.around(TOWER_CODE, "HNT-2026-00040", 3)
        assert [record.lot_no[-2:] for record in around] == ["37", "38", "39", "40", "41", "42", "43"]
    assert found.params["weak"] == "HNT-2026-00090"
    shown = judged(world.desk.groups(TOWER_CODE), {"HNT-2026-00091"}, Asked())
    assert shown.doubts == (found,)
    assert found not in shown.evaluation.remarks, "the evaluation knows its own lot only, so that anyone can repeat it"


@pytest.mark.rule("YK-4.2")
def test_the_reviewer_of_either_group_is_told(world: AcceptanceWorld) -> None:
    world.put(Cast("HNT-2026-00090", "36.2", 40, "C50"), Cast("HNT-2026-00091", "54.8", 41, "C30"))
    world.put(Cast("HNT-2026-00092", "36.0", 42, "C30"))
    desk = ReviewDesk(world.store, MemoryBlobs(), world.clock)

    def told(lot_no: str) -> list[str]:
        notices = desk.details_of_lot(lot_no, AUTHOR).notices
        return [item.params["weak"] for item in notices if item.key == "acceptance.exchanged"]

    assert told("HNT-2026-00090") == told("HNT-2026-00091") == ["HNT-2026-00090"]
    assert told("HNT-2026-00092") == []
