"""Acceptance over a project in a real store: judged at once, kept with its selection frozen, checked again, handed out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from labdesk.domain.acceptance import GroupPart
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.evaluation import Verdict
from labdesk.domain.sentences import Language, say
from labdesk.domain.store import SYSTEM
from labdesk.evidence.canonical import canonical_hash
from labdesk.services.acceptance_choice import Asked, Assessment, Method, judged
from tests.helpers.acceptanceworld import READER, SCHOOL_CODE, TOWER_CODE, AcceptanceWorld, Cast
from tests.helpers.stores import opened_engine

FEW = ("34.2", "35.8", "33.9")
TEN = ["31.2", "38.5", "29.8", "36.1", "33.0", "40.2", "28.9", "35.5", "32.6", "37.4"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AcceptanceWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield AcceptanceWorld(engine)


@pytest.fixture
def both(database_url: str) -> Iterator[AcceptanceWorld]:
    with opened_engine(database_url) as engine:
        yield AcceptanceWorld(engine)


def of(world: AcceptanceWorld, *numbers: str, asked: Asked | None = None) -> Assessment:
    groups = world.desk.groups(TOWER_CODE)
    return judged(groups, set(numbers or (group.lot_no for group in groups)), asked or Asked())


def test_a_project_without_groups_has_none(world: AcceptanceWorld) -> None:
    assert world.desk.groups(TOWER_CODE) == []
    assert world.desk.groups(SCHOOL_CODE) == []
    assert world.desk.statements(TOWER_CODE) == []


def test_reading_tells_how_far_it_is(world: AcceptanceWorld) -> None:
    world.values(*FEW)
    told: list[tuple[int, int]] = []
    assert len(world.desk.groups(TOWER_CODE, lambda done, total: told.append((done, total)))) == 3
    assert told == [(3, 3)]


@pytest.mark.rule("YK-7.2a", "O57")
def test_a_statement_is_kept_with_its_selection_frozen(both: AcceptanceWorld) -> None:
    numbers = both.values(*FEW)
    both.put(Cast("HNT-2026-00100", "invalid", 40), Cast("HNT-2026-00101", "50.0", 41, grade="C40"))
    found = of(both, *numbers, "HNT-2026-00100")
    made = both.desk.keep(TOWER_CODE, found, both.session(), " 主体结构 ")
    assert (made.number, made.evaluation.verdict, made.evaluation.rules) == (
        "PD-2026-00001",
        Verdict.PASS,
        "GBT50107-2010",
    )
    assert (made.person_name, made.note) == ("陈立", "主体结构")
    with both.store.read() as uow:
        stored = {no: uow.testing.evaluations_of_lot(no)[-1] for no in (*numbers, "HNT-2026-00100")}
    assert {group.lot_no: group.evaluation_sha256 for group in made.groups} == {
        number: canonical_hash(item.evaluation) for number, item in stored.items()
    }
    assert [group.part for group in made.groups] == [GroupPart.SAMPLE] * 3 + [GroupPart.LEFT_OUT]
    why = made.groups[-1].why
    assert why is not None
    assert why.key == "evaluation.group_invalid"
    assert both.desk.statements(TOWER_CODE) == [made]
    assert {piece.entries["evaluation"] for piece in made.lot.specimens} == {
        group.evaluation_sha256 for group in made.groups
    }
    intact, words = both.desk.check(made.number)
    assert (intact, [remark.key for remark in words]) == (True, ["acceptance.intact"])


def test_a_later_statement_stands_beside(world: AcceptanceWorld) -> None:
    numbers = world.values(*FEW)
    first = world.desk.keep(TOWER_CODE, of(world, *numbers), world.session())
    second = world.desk.keep(TOWER_CODE, of(world, *numbers[:2]), world.session())
    assert [made.number for made in world.desk.statements(TOWER_CODE)] == [second.number, first.number]


def test_a_group_evaluated_again_is_not_assessed_behind_its_back(world: AcceptanceWorld) -> None:
    numbers = world.values(*FEW)
    found = of(world, *numbers)
    world.evaluate_again(Cast(numbers[1], "20.0", 1))
    with pytest.raises(OperatorError, match="group_changed"):
        world.desk.keep(TOWER_CODE, found, world.session())
    assert world.desk.statements(TOWER_CODE) == []
    again = of(world, *numbers)
    assert again.evaluation.verdict is Verdict.FAIL
    assert [group.evaluations for group in again.groups] == [1, 2, 1]


def test_a_statement_says_when_a_group_was_evaluated_again_afterwards(world: AcceptanceWorld) -> None:
    numbers = world.values(*FEW)
    made = world.desk.keep(TOWER_CODE, of(world, *numbers), world.session())
    world.evaluate_again(Cast(numbers[0], "20.0"))
    intact, words = world.desk.check(made.number)
    assert (intact, {remark.key for remark in words}) == (True, {"acceptance.newer", "acceptance.intact"})


def test_only_those_who_answer_for_results_make_statements(world: AcceptanceWorld) -> None:
    found = of(world, *world.values(*FEW))
    with pytest.raises(OperatorError, match="role"):
        world.desk.keep(TOWER_CODE, found, world.session(READER))
    with pytest.raises(OperatorError, match="no_project"):
        world.desk.keep("LN-0", found, world.session())


def test_the_database_refuses_statements_without_author_or_project_and_every_change(both: AcceptanceWorld) -> None:
    made = both.desk.keep(TOWER_CODE, of(both, *both.values(*FEW)), both.session())
    for broken, reason in (
        (replace(made, number="PD-2026-00077", person_id="p-nobody"), "no_author"),
        (replace(made, number="PD-2026-00078", project_code="LN-0"), "no_project"),
    ):
        with pytest.raises(LabDeskError, match=reason), both.store.write(SYSTEM) as uow:
            uow.projects.acceptance.add(broken)
            uow.commit()
    for change in ("UPDATE acceptance_statements SET note = 'x'", "DELETE FROM acceptance_statements"):
        with pytest.raises(Exception, match=r"evidence|refused"), both.store.write(SYSTEM) as uow:
            uow.session.execute(text(change))
            uow.commit()
    assert both.desk.statement(made.number) == made


def test_a_changed_evaluation_is_found(world: AcceptanceWorld) -> None:
    numbers = world.values(*FEW)
    made = world.desk.keep(TOWER_CODE, of(world, *numbers), world.session())
    forged = tuple(replace(group, evaluation_sha256="0" * 64) for group in made.groups[:1])
    wrong = replace(made, number="PD-2026-00099", groups=(*forged, *made.groups[1:]))
    lower = replace(made, number="PD-2026-00098", evaluation=replace(made.evaluation, verdict=Verdict.FAIL))
    with world.store.write(SYSTEM) as uow:
        uow.projects.acceptance.add(wrong)
        uow.projects.acceptance.add(lower)
        uow.commit()
    for number, reason in (
        (wrong.number, "acceptance.evaluation_differs"),
        (lower.number, "acceptance.outcome_differs"),
    ):
        intact, words = world.desk.check(number)
        assert (intact, reason in {remark.key for remark in words}) == (False, True)
    with pytest.raises(OperatorError, match="no_statement"):
        world.desk.check("PD-2026-00055")


def test_paper_and_table_say_what_is_kept(world: AcceptanceWorld) -> None:
    world.put(Cast("HNT-2026-00001", "36.0", part="=1+1"), Cast("HNT-2026-00002", "35.0", 1))
    made = world.desk.keep(TOWER_CODE, of(world), world.session())
    assert world.desk.paper(made.number, ("because",)).startswith(b"%PDF PD-2026-00001")
    sheet = world.printer.sheets[0]
    assert (sheet.project_name, sheet.sha256, sheet.why) == ("滨海大厦", canonical_hash(made), ("because",))
    for language in Language:
        rows = list(csv.reader(io.StringIO(world.desk.table(made.number, language).decode("utf-8-sig"))))
        assert rows[0] == [say("acceptance.print.number", language), "PD-2026-00001"]
        groups = [row for row in rows if row and row[0].startswith("HNT")]
        assert [row[:4] for row in groups] == [
            ["HNT-2026-00001", "'=1+1", "2026-03-01", "36.0"],
            ["HNT-2026-00002", "三层柱 ③–⑥/Ⓐ–Ⓓ", "2026-03-02", "35.0"],
        ]
        assert groups[0][5] == made.groups[0].evaluation_sha256


# ---- which method, and why ---------------------------------------------------------------------------------------------------


def keys(found: Assessment) -> list[str]:
    return [remark.key for remark in found.why]


def test_the_number_of_groups_chooses_the_method(world: AcceptanceWorld) -> None:
    numbers = world.values(*TEN)
    nine = of(world, *numbers[:9])
    ten = of(world, *numbers)
    assert keys(nine) == ["acceptance.why_few", "acceptance.history_short"]
    assert keys(ten) == ["acceptance.why_statistical", "acceptance.history_short"]
    assert ten.evaluation.verdict is Verdict.FAIL
    assert ten.why[0].params == {"count": "10", "least": "10"}


def test_earlier_groups_give_the_known_deviation(world: AcceptanceWorld) -> None:
    earlier = world.values(*["33.0", "36.0", "39.0"] * 15)
    batch = world.values("33.1", "32.4", "31.9", first_day=50)
    found = of(world, *batch, asked=Asked(Method.KNOWN))
    assert (len(found.history), found.uses_history) == (len(earlier), True)
    assert keys(found) == ["acceptance.why_known", "acceptance.history_enough"]
    assert found.why[1].params["sigma"] == "2.48"
    assert found.evaluation.verdict is Verdict.PASS
    made = world.desk.keep(TOWER_CODE, found, world.session())
    assert [group.part for group in made.groups].count(GroupPart.HISTORY) == 45
    assert world.desk.check(made.number)[0]
    typed = of(world, *batch, asked=Asked(Method.KNOWN, "3.20"))
    assert (keys(typed), typed.uses_history) == (["acceptance.why_known_typed"], False)
    assert not world.desk.keep(TOWER_CODE, typed, world.session()).groups[3:]


def test_too_few_earlier_groups_are_refused_in_words(world: AcceptanceWorld) -> None:
    world.values(*["36.0"] * 44)
    batch = world.values(*FEW, first_day=50)
    with pytest.raises(OperatorError, match=r"acceptance\.sigma_needed"):
        of(world, *batch, asked=Asked(Method.KNOWN))
    later = world.values(*FEW, first_day=400)
    with pytest.raises(OperatorError, match=r"acceptance\.sigma_needed"):
        of(world, *later, asked=Asked(Method.KNOWN))


def test_groups_below_the_least_value_are_marked(world: AcceptanceWorld) -> None:
    numbers = world.values("40.0", "38.0", "28.0", "28.5")
    found = of(world, *numbers)
    assert found.evaluation.verdict is Verdict.FAIL
    assert list(found.marks) == [numbers[2]]
    assert found.marks[numbers[2]].params == {"limit": "28.5"}


def test_the_batch_that_fails_is_marked(world: AcceptanceWorld) -> None:
    numbers = world.values("33.1", "32.4", "31.9", "33.1", "35.4", "26.9")
    found = of(world, *numbers, asked=Asked(Method.KNOWN, "3.20"))
    assert found.evaluation.verdict is Verdict.FAIL
    assert set(found.marks) == set(numbers[3:])
    assert found.marks[numbers[5]].key == "acceptance.below"
    assert found.marks[numbers[3]].key == "acceptance.batch_mean"


def test_mortar_has_its_own_rule(world: AcceptanceWorld) -> None:
    world.put(*(Cast(f"CL-2026-0000{n}", "11.5", n, "M10", "mortar-cube") for n in range(2)))
    found = of(world)
    assert (keys(found), found.evaluation.method) == (["acceptance.why_mortar_few"], "mortar-acceptance")
    assert found.evaluation.verdict is Verdict.PASS
    world.put(Cast("CL-2026-00009", "8.0", 9, "M10", "mortar-cube"))
    found = of(world)
    assert (keys(found), found.evaluation.verdict) == (["acceptance.why_mortar"], Verdict.FAIL)
    assert list(found.marks) == ["CL-2026-00009"]
    assert world.desk.check(world.desk.keep(TOWER_CODE, found, world.session()).number)[0]


def test_the_region_s_percentage_is_told(world: AcceptanceWorld) -> None:
    percent = world.desk.low_group_percent()
    found = of(world, *world.values("40.0", "38.0", "28.0"), asked=Asked(low_group_percent=percent))
    assert [remark.params["label"] for remark in found.evaluation.remarks if remark.key == "products.low_group"] == [
        "HNT-2026-00002"
    ]
