"""What a hand enters beside the runs: by test and method, as data that fits the methods' own inputs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from labdesk.domain.evaluation import TestKind
from labdesk.domain.specimens import Lot
from labdesk.services.entries import EntryField, fields_of
from labdesk.services.loaded_products import entry_table, hand_inputs, is_loaded_product
from labdesk.services.piece_plans import piece_table
from labdesk.services.product_methods import PRODUCTS
from tests.helpers.benchworld import cube_lot


def lot(method: str, **settings: str) -> Lot:
    return replace(cube_lot(), method=method, settings=settings)


def fields(of: Lot, tests: dict[str, tuple[TestKind, ...]]) -> list[EntryField]:
    return fields_of(of, tests, {})


def test_every_row_is_an_input_of_its_methods_and_asked_in_a_test_that_they_have() -> None:
    for row in entry_table():
        for method in row["methods"]:
            known = {item.name: item for item in PRODUCTS[method].inputs}
            assert row["name"] in known, (method, row["name"])
            plan = piece_table()[method]
            kinds = {"", *plan.get("each", ()), plan.get("halves", ""), *(kind for kind, _ in plan.get("items", ()))}
            assert row["test"] in kinds, (method, row["test"])
            if row.get("choices"):
                assert set(row["choices"]) <= set(known[row["name"]].choices), row["name"]


def test_where_a_splice_and_a_weld_failed_is_chosen_from_the_standards_own_words() -> None:
    splice = hand_inputs(lot("rebar-splice", grade="HRB400", diameter_mm="25"), TestKind.TENSION)
    assert [item.name for item in splice if item.needed] == ["fracture"]
    assert {"bar", "connector", "pull-out"} <= set(splice[0].choices)
    weld = hand_inputs(lot("rebar-weld", weld_kind="arc"), TestKind.TENSION)
    assert weld[0].choices == ("B", "W", "HAZ-ductile", "HAZ-brittle")
    assert hand_inputs(lot("rebar-weld", weld_kind="insert"), TestKind.TENSION) == ()


def test_the_process_test_cannot_do_without_the_residual_deformation() -> None:
    needed = {item.name for item in hand_inputs(lot("rebar-splice-process"), TestKind.TENSION) if item.needed}
    assert needed == {"fracture", "u0_mm"}


def test_fields_follow_the_tests_of_each_piece() -> None:
    tests = {"a": (TestKind.TENSION,), "b": (TestKind.BEND,)}
    found = fields(lot("rebar-weld", weld_kind="flash-butt", grade="HRB400", diameter_mm="20"), tests)
    assert [(field.label, field.name) for field in found] == [("a", "fracture"), ("b", "crack_mm")]
    assert found[1].low == Decimal(0)
    assert found[1].words is not None


def test_what_the_commission_says_of_the_lot_is_not_typed_again() -> None:
    found = fields(lot("concrete-modulus", gauge_mm="150"), {})
    by_name = {field.name: field for field in found}
    assert (by_name["gauge_mm"].current, by_name["gauge_mm"].given, by_name["gauge_mm"].needed) == ("150", "150", False)
    assert by_name["fcp_mpa"].needed


@pytest.mark.parametrize("method", ["rebar-lot", "concrete-cube", "sand-mud", "concrete-acceptance"])
def test_other_methods_are_not_asked_by_this_table(method: str) -> None:
    assert not is_loaded_product(method)
