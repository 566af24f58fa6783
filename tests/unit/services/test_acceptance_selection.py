"""Groups of a project from the store, and any selection of them assessed by GB/T 50107."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Verdict
from labdesk.domain.store import Store
from labdesk.services.acceptance_selection import ConcreteGroup, ConcreteGroups, GroupState, assess, selection_input
from tests.helpers.products import run

CAST = datetime(2026, 3, 1, 8, tzinfo=UTC)
PEAKS = {"good": "786.7,826.5,853.6", "spread": "600,826.5,1100", "short": "786.7,826.5"}


@dataclass
class Shelf:
    """A store of one project: (lot number, method, peaks, days after the first casting, age)."""

    lots: Sequence[tuple[str, str, str, int, str]]

    @contextmanager
    def read(self) -> Iterator[Any]:
        lots = [
            SimpleNamespace(
                number=number,
                method=method,
                part="柱",
                settings={"design_grade": "C30"},
                cast_at=CAST + timedelta(days=day),
            )
            for number, method, _, day, _ in self.lots
        ]
        stored = {number: self._stored(method, peaks, age) for number, method, peaks, _, age in self.lots}
        yield SimpleNamespace(
            reception=SimpleNamespace(
                commissions_of=lambda code: [SimpleNamespace(number="W-1")] if code == "P-1" else [],
                lots_of=lambda number: lots,
            ),
            testing=SimpleNamespace(evaluations_of_lot=lambda number: stored[number]),
        )

    def _stored(self, method: str, peaks: str, age: str) -> list[Any]:
        if not peaks:
            return []
        rows = [{"peak_kn": peak, "real_age": age} for peak in PEAKS[peaks].split(",")]
        found = run(
            method if method in ("concrete-cube", "concrete-same-condition") else "concrete-cube", rows, side_mm="150"
        )
        return [SimpleNamespace(evaluation=None), SimpleNamespace(evaluation=found)]


def groups_of(*lots: tuple[str, str, str, int, str]) -> list[ConcreteGroup]:
    return ConcreteGroups(cast(Store, Shelf(lots))).of_project("P-1")


def test_groups_come_in_the_order_of_casting_with_their_state() -> None:
    found = groups_of(
        ("H-3", "concrete-cube", "good", 3, "28 d"),
        ("H-1", "concrete-cube", "spread", 1, "28 d"),
        ("H-2", "concrete-cube", "good", 2, "31 d"),
        ("H-5", "concrete-cube", "short", 5, "28 d"),
        ("H-4", "concrete-cube", "", 4, ""),
        ("G-1", "rebar-lot", "", 0, ""),
        ("H-6", "concrete-same-condition", "good", 6, ""),
    )
    assert [(group.lot_no, group.state, group.value_mpa) for group in found] == [
        ("H-1", GroupState.INVALID, None),
        ("H-2", GroupState.OFF_AGE, D("36.5")),
        ("H-3", GroupState.COUNTS, D("36.5")),
        ("H-4", GroupState.NOT_EVALUATED, None),
        ("H-5", GroupState.INCOMPLETE, None),
        ("H-6", GroupState.COUNTS, D("36.5")),
    ]
    assert [group.same_condition for group in found] == [False] * 5 + [True]
    assert ConcreteGroups(cast(Store, Shelf(()))).of_project("P-2") == []


def group(number: int, value: str, **changed: Any) -> ConcreteGroup:
    made = ConcreteGroup(
        f"H-{number:02}", "柱", "C30", False, CAST + timedelta(days=number), D(value), GroupState.COUNTS
    )
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
        ],
        {},
    )
    assert found.verdict is Verdict.PASS
    assert {(one.key, one.params["label"]) for one in found.remarks if "label" in one.params} == {
        ("products.group_off_age", "H-02"),
        ("products.group_left_out", "H-03"),
    }


def test_same_condition_groups_are_assessed_by_their_own_rule() -> None:
    found = assess([group(n, "31.0", same_condition=True) for n in range(3)], {})
    assert (found.verdict, str(found.values[0].rounded)) == (Verdict.PASS, "35.2")


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        ([], "no_groups"),
        ([group(1, "36"), group(2, "36", design_grade="C35")], "groups_differ"),
        ([group(1, "36"), group(2, "36", same_condition=True)], "groups_differ"),
        ([group(1, "36"), group(1, "36")], "group_twice"),
        ([group(1, "36"), group(2, "36", state=GroupState.NOT_EVALUATED)], "group_open"),
        ([group(1, "36", state=GroupState.INCOMPLETE)], "group_open"),
        ([group(1, "36", state=GroupState.INVALID)], "no_groups"),
    ],
)
def test_what_cannot_be_assessed_together_is_refused(selection: list[ConcreteGroup], reason: str) -> None:
    with pytest.raises(OperatorError, match=reason):
        assess(selection, {})


@given(st.permutations([group(n, value) for n, value in enumerate(("33.1", "32.4", "31.9", "33.1", "35.4", "26.9"))]))
def test_the_order_of_selecting_does_not_matter(selection: list[ConcreteGroup]) -> None:
    settings = {"acceptance": "statistical-known", "sigma0_mpa": "3.20"}
    found = assess(selection, settings)
    assert [str(value.rounded) for value in found.values if value.symbol == "mfcu"] == ["32.5", "31.8"]
    assert len(selection_input(selection, settings).specimens) == 6
