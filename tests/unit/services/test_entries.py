"""Hand entries: kept exactly as typed; a correction stands beside the old one and needs a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person, Role
from labdesk.services.entries import EntryField
from tests.helpers.benchworld import CUBE_LOT, REBAR_LOT, SECOND, TECHNICIAN, BenchWorld, make_bench, session
from tests.helpers.stores import opened_engine

ONE = "G26-00417-1"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BenchWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_bench(engine)


def field(world: BenchWorld, label: str, name: str, lot_no: str = REBAR_LOT) -> EntryField:
    return next(item for item in world.entries.fields(lot_no) if (item.label, item.name) == (label, name))


def test_a_rebar_lot_asks_for_what_its_tests_need(world: BenchWorld) -> None:
    asked = {(item.label[-1:], item.name) for item in world.entries.fields(REBAR_LOT) if item.needed}
    expected = {("", "total_mass_g")} | {(str(piece), "length_mm") for piece in range(1, 6)}
    expected |= {(piece, name) for piece in "12" for name in ("l0_mm", "lu_mm")}
    expected |= {("3", "bend_result"), ("4", "bend_result"), ("5", "reverse_bend_result")}
    assert asked == expected
    assert {item.name for item in world.entries.fields(CUBE_LOT)} == {"measured_a_mm", "measured_b_mm"}


def test_text_is_kept_as_typed(world: BenchWorld) -> None:
    entry = world.entries.enter(REBAR_LOT, field(world, ONE, "lu_mm"), " 124.50 ", session())
    assert entry is not None
    assert entry.text == "124.50"
    assert field(world, ONE, "lu_mm").current == "124.50"


def test_the_same_text_again_adds_nothing(world: BenchWorld) -> None:
    lu = field(world, ONE, "lu_mm")
    world.entries.enter(REBAR_LOT, lu, "124.5", session())
    assert world.entries.enter(REBAR_LOT, lu, "124.5", session()) is None
    assert len(world.entries.history(REBAR_LOT)) == 1


def test_a_correction_needs_a_reason_and_leaves_the_old_value(world: BenchWorld) -> None:
    lu = field(world, ONE, "lu_mm")
    world.entries.enter(REBAR_LOT, lu, "142.5", session())
    with pytest.raises(OperatorError) as caught:
        world.entries.enter(REBAR_LOT, lu, "124.5", session(SECOND))
    assert caught.value.key == "testing.correction_needs_reason"
    assert caught.value.params == {"old": "142.5", "new": "124.5"}
    world.entries.enter(REBAR_LOT, lu, "124.5", session(SECOND), "数字写反")
    history = world.entries.history(REBAR_LOT)
    assert [(item.text, item.reason, item.person_id) for item in history] == [
        ("142.5", "", TECHNICIAN.id),
        ("124.5", "数字写反", SECOND.id),
    ]
    assert field(world, ONE, "lu_mm").current == "124.5"


@pytest.mark.parametrize("typed", ["", "abc", "12,5", "NaN", "Infinity", "-5", "19.9", "901", "1e9"])
def test_what_cannot_be_is_refused_with_the_plausible_range(world: BenchWorld, typed: str) -> None:
    with pytest.raises(OperatorError) as caught:
        world.entries.enter(REBAR_LOT, field(world, ONE, "lu_mm"), typed, session())
    assert caught.value.key == "testing.bad_entry"
    assert caught.value.params["low"] == "20"
    assert world.entries.history(REBAR_LOT) == []


def test_a_bend_is_chosen(world: BenchWorld) -> None:
    bend = field(world, "G26-00417-3", "bend_result")
    with pytest.raises(OperatorError, match=r"testing\.bad_choice"):
        world.entries.enter(REBAR_LOT, bend, "fine", session())
    world.entries.enter(REBAR_LOT, bend, "crack", session())
    assert field(world, "G26-00417-3", "bend_result").current == "crack"


def test_whoever_neither_tests_nor_checks_enters_nothing(world: BenchWorld) -> None:
    nobody = Person("p-he", "何静", "B1009", (Role.QUALITY,))
    with pytest.raises(OperatorError, match=r"testing\.entry_role"):
        world.entries.enter(REBAR_LOT, field(world, ONE, "lu_mm"), "124.5", session(nobody))


def test_a_field_that_the_lot_does_not_have_is_refused(world: BenchWorld) -> None:
    with pytest.raises(OperatorError, match=r"testing\.no_such_field"):
        world.entries.enter(REBAR_LOT, EntryField("G26-00417-3", "lu_mm", "mm"), "120", session())
    with pytest.raises(OperatorError, match=r"testing\.no_such_lot"):
        world.entries.fields("GJ-2026-99999")
