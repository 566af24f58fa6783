"""Groups of a project from what the store knows of them, and any selection of them assessed by GB/T 50107 and GB 50203."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.acceptance import GroupRecord
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Verdict
from labdesk.evidence.canonical import canonical_bytes, canonical_hash
from labdesk.services.acceptance_selection import (
    GroupKind,
    GroupState,
    SampleGroup,
    SampleKind,
    assess,
    groups_of,
    selection_input,
)
from tests.helpers.acceptanceworld import CAST, Cast, evaluated

C30 = SampleKind("C30", GroupKind.STANDARD, 28)
SAME = SampleKind("C30", GroupKind.SAME_CONDITION, 28)


def record(cast: Cast) -> GroupRecord:
    settings = {"design_grade": cast.grade} | ({"stage": cast.stage} if cast.stage else {})
    made = GroupRecord(cast.number, cast.method, cast.part, settings, CAST + timedelta(days=cast.day), cast.age_days)
    if not cast.value:
        return made
    return replace(made, evaluation_id=f"e-{cast.number}", evaluation=canonical_bytes(evaluated(cast)), evaluations=1)


def test_each_group_says_whether_it_takes_part_and_why_not() -> None:
    found = groups_of(
        map(
            record,
            (
                Cast("H-1", "invalid"),
                Cast("H-2", age="31 d"),
                Cast("H-3"),
                Cast("H-4", ""),
                Cast("H-5", "short"),
                Cast("H-6", method="concrete-same-condition"),
                Cast("H-7", stage="retest"),
                Cast("H-8", age="7 d", age_days=7),
                Cast("M-1", "11.5", grade="M10", method="mortar-cube"),
            ),
        )
    )
    assert [(group.lot_no, group.state, group.value_mpa, group.why.key if group.why else "") for group in found] == [
        ("H-1", GroupState.INVALID, None, "evaluation.group_invalid"),
        ("H-2", GroupState.OFF_AGE, D("36.5"), "evaluation.over_age"),
        ("H-3", GroupState.COUNTS, D("36.5"), ""),
        ("H-4", GroupState.NOT_EVALUATED, None, "acceptance.not_evaluated"),
        ("H-5", GroupState.INCOMPLETE, None, "evaluation.group_incomplete"),
        ("H-6", GroupState.COUNTS, D("36.5"), ""),
        ("H-7", GroupState.RETEST, D("36.5"), "acceptance.retest"),
        ("H-8", GroupState.OFF_AGE, D("36.5"), "evaluation.under_age"),
        ("M-1", GroupState.COUNTS, D("11.5"), ""),
    ]
    assert found[2].evaluation_sha256 == canonical_hash(evaluated(Cast("H-3")))
    assert found[3].evaluation_sha256 == ""
    assert found[8].sample == SampleKind("M10", GroupKind.MORTAR, 28)
    assert groups_of([record(Cast("G-1", "", method="rebar-lot"))]) == []


def group(number: int, value: str, **changed: Any) -> SampleGroup:
    made = SampleGroup(f"H-{number:02}", "柱", C30, CAST + timedelta(days=number), D(value), GroupState.COUNTS)
    return replace(made, **changed)


def test_any_selection_has_one_verdict() -> None:
    three = [group(n, value) for n, value in enumerate(("34.2", "35.8", "33.9"))]
    assert assess(three, {}).verdict is Verdict.PASS
    assert assess(three[:1], {}).verdict is Verdict.FAIL
    known = assess(three, {"acceptance": "statistical-known", "sigma0_mpa": "3.0"})
    assert known.verdict is Verdict.PASS


def test_invalid_and_off_age_groups_are_named_and_left_out() -> None:
    found = assess(
        [
            group(1, "36.0"),
            group(2, "20.0", state=GroupState.OFF_AGE),
            group(3, "1.0", state=GroupState.INVALID, value_mpa=None),
            group(4, "1.0", state=GroupState.RETEST),
        ],
        {},
    )
    assert found.verdict is Verdict.PASS
    assert {(one.key, one.params["label"]) for one in found.remarks if "label" in one.params} == {
        ("products.group_off_age", "H-02"),
        ("products.group_left_out", "H-03"),
        ("products.group_retest", "H-04"),
    }


def test_same_condition_groups_are_assessed_by_their_own_rule() -> None:
    found = assess([group(n, "31.0", sample=SAME) for n in range(3)], {})
    assert (found.verdict, str(found.values[0].rounded)) == (Verdict.PASS, "35.2")


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        ([], "no_groups"),
        ([group(1, "36"), group(2, "36", sample=replace(C30, grade="C35"))], "groups_differ"),
        ([group(1, "36"), group(2, "36", sample=SAME)], "groups_differ"),
        ([group(1, "36"), group(2, "36", sample=replace(C30, age_days=60))], "groups_differ"),
        ([group(1, "36"), group(1, "36")], "group_twice"),
        ([group(1, "36"), group(2, "36", state=GroupState.NOT_EVALUATED)], "group_open"),
        ([group(1, "36", state=GroupState.INCOMPLETE)], "group_open"),
        ([group(1, "36", state=GroupState.INVALID)], "no_groups"),
    ],
)
def test_what_cannot_be_assessed_together_is_refused(selection: list[SampleGroup], reason: str) -> None:
    with pytest.raises(OperatorError, match=reason):
        assess(selection, {})


@given(st.permutations([group(n, value) for n, value in enumerate(("33.1", "32.4", "31.9", "33.1", "35.4", "26.9"))]))
def test_the_order_of_selecting_does_not_matter(selection: list[SampleGroup]) -> None:
    settings = {"acceptance": "statistical-known", "sigma0_mpa": "3.20"}
    found = assess(selection, settings)
    assert [str(value.rounded) for value in found.values if value.symbol == "mfcu"] == ["32.5", "31.8"]
    assert len(selection_input(selection, settings).specimens) == 6
