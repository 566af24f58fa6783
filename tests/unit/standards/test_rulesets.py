"""Files of rulesets: every row with clause and certainty, a laboratory's own corrections, and what happens to broken files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.errors import OperatorError
from labdesk.services.evaluation import Given, evaluate_given, evaluate_lot, list_methods, propose
from labdesk.services.given import lot_of
from labdesk.services.house_rules import HouseRules
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.products import SCHEMAS
from labdesk.standards.proposal import Basis, Question
from labdesk.standards.proposal import propose as propose_edition
from labdesk.standards.rule_tables import RebarRules
from labdesk.standards.rulesets import Catalogue, load, shipped

FOLDER = resources.files("labdesk_resources.standards")
FILES = {item.name: item.read_text(encoding="utf-8") for item in FOLDER.iterdir() if item.name.endswith(".toml")}
CERTAINTY = re.compile(r"(V|C|M-h|M-m|M-l|CONV)\b")
OWN = """extends = "JGJ107-2016"
name = "north"
author = "quality manager"
reason = "read in the print, page 12"
in_force_from = 2016-08-01
checked_against_print = true

[numbers]
small_lot_below = { value = "100", clause = "JGJ 107-2016 7.0.8", certainty = "V own print" }

[tables]
grades = [
  { name = "I", connector_factor = "1.05", certainty = "V own print" },
]
"""


def own(text: str = OWN) -> Catalogue:
    return load([("own.toml", text)], over=shipped())


def own_id(catalogue: Catalogue) -> str:
    return next(rule_id for rule_id in catalogue.rules if "+north" in rule_id and ":" not in rule_id)


def product(catalogue: Catalogue, rule_id: str) -> ProductRules:
    found = catalogue.get(rule_id)
    assert isinstance(found, ProductRules)
    return found


# ---- the shipped tables --------------------------------------------------------------------------------------------------


def test_no_shipped_file_is_refused() -> None:
    assert shipped().faults == ()
    assert {rules.method for rules in shipped().rules.values()} >= {*SCHEMAS, "rebar-lot", "concrete-cube"}


def rows(table: Mapping[str, object], path: str = "") -> Iterator[tuple[str, Mapping[str, object]]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            if "certainty" in value:
                yield f"{path}.{key}", value
            yield from rows(value, f"{path}.{key}")
        elif isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, Mapping) and key != "examples":
                    yield f"{path}.{key}[{number}]", row
                    yield from rows(row, f"{path}.{key}[{number}]")


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_row_says_how_far_it_was_checked(name: str) -> None:
    table = tomllib.loads(FILES[name])
    told = [(path, row) for path, row in rows(table) if "certainty" in row]
    assert told
    assert [path for path, row in told if not CERTAINTY.match(str(row["certainty"]))] == []
    if table["method"] in SCHEMAS:
        assert [path for path, row in rows(table) if "value" in row and not row.get("clause")] == []


def test_a_rebar_certificate_finds_its_edition_however_it_is_written() -> None:
    for text in ("GB/T 1499.2-2018", "GB1499.2-2018", "GB/T1499.2—2018", " gb/t 1499.2-2018 "):
        assert shipped().edition(text) == "GB1499.2-2018"
    with pytest.raises(OperatorError, match=r"unknown_rules"):
        shipped().edition("GB 1499.2-2007")


# ---- proposals -----------------------------------------------------------------------------------------------------------


def asked(**given: object) -> Question:
    return Question("rebar-lot", grade="HRB400", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "rules", "basis", "doubtful"),
    [
        (asked(), "GB1499.2-2024", Basis.NEWEST, False),
        (asked(edition="GB/T 1499.2-2018", tested_on=date(2026, 1, 1)), "GB1499.2-2018", Basis.CERTIFICATE, False),
        (asked(tested_on=date(2020, 5, 1)), "GB1499.2-2018", Basis.TEST_DAY, False),
        (asked(tested_on=date(2024, 11, 1)), "GB1499.2-2024", Basis.TEST_DAY, True),
        (asked(tested_on=date(2025, 11, 1)), "GB1499.2-2024", Basis.TEST_DAY, False),
        (
            asked(tested_on=date(2024, 11, 1), produced_on=date(2024, 9, 1)),
            "GB1499.2-2018", Basis.PRODUCTION_DAY, False,
        ),
    ],
)  # fmt: skip
def test_the_edition_is_proposed(question: Question, rules: str, basis: Basis, doubtful: bool) -> None:
    found = propose_edition(shipped(), question)
    assert (found.rules, found.basis, found.doubtful) == (rules, basis, doubtful)
    assert found.others == (("GB1499.2-2018",) if doubtful else ())


def test_plain_bars_have_an_edition_before_2024() -> None:
    found = propose("rebar-lot", {"grade": "HPB300", "test_date": "2023-05-01"}, shipped())
    assert found.rules == "GB1499.1-2017"


def test_nothing_outside_the_laboratorys_scope_is_proposed() -> None:
    inside = asked(scope=("GB/T 28900-2022", "GB 1499.2"))
    assert propose_edition(shipped(), inside).rules == "GB1499.2-2024"
    with pytest.raises(OperatorError, match=r"out_of_scope"):
        propose_edition(shipped(), asked(scope=("GB/T 50081-2019",)))
    with pytest.raises(OperatorError, match=r"out_of_scope"):
        propose_edition(shipped(), asked(edition="GB/T 1499.2-2018", scope=("GB 1499.2-2024",)))


def test_before_the_first_edition_there_is_none() -> None:
    with pytest.raises(OperatorError, match=r"no_rules_on_day"):
        propose_edition(shipped(), asked(tested_on=date(1990, 1, 1)))


# ---- a laboratory's own files --------------------------------------------------------------------------------------------


def test_an_own_file_changes_its_rows_and_nothing_else() -> None:
    catalogue = own()
    assert catalogue.faults == ()
    changed, before = product(catalogue, own_id(catalogue)), product(shipped(), "JGJ107-2016")
    assert (changed.count("small_lot_below"), before.count("small_lot_below")) == (100, 200)
    assert [row.number("connector_factor") for row in changed.tables["grades"]] == [D("1.05"), D("1.00"), D("1.25")]
    assert changed.row("grades", "I").number("bar_factor") == D("1.00")
    assert changed.count("retest_count") == before.count("retest_count")
    assert (changed.checked, before.checked) == (True, False)
    assert changed.method == before.method


def test_an_own_file_is_proposed_and_the_edition_stays_for_old_lots() -> None:
    catalogue = own()
    mine = own_id(catalogue)
    given_lot = Given(
        "rebar-splice",
        {"grade": "HRB400", "diameter_mm": "25", "peak_kn": "280,280,280", "fracture": "connector,connector,connector"},
    )
    lot = lot_of(given_lot, next(info for info in list_methods() if info.id == "rebar-splice"), {})
    assert evaluate_lot(lot, {}, catalogue=catalogue).rules == mine
    assert evaluate_lot(lot, {}, catalogue=catalogue).verdict.value == "PASS"
    old = evaluate_lot(replace(lot, rules="JGJ107-2016"), {}, catalogue=catalogue)
    assert (old.rules, old.verdict.value) == ("JGJ107-2016", "FAIL")
    assert catalogue.edition("JGJ 107-2016") == mine


def test_the_id_says_which_file_it_was() -> None:
    assert re.fullmatch(r"JGJ107-2016\+north@[0-9a-f]{8}", own_id(own()))
    assert own_id(own()) != own_id(own(OWN.replace("1.05", "1.06")))


def test_variants_come_along() -> None:
    assert f"{own_id(own())}:rounded" in own().rules


def test_rebar_tables_can_be_corrected_too() -> None:
    text = """extends = "GB1499.1-2024"
name = "north"
author = "quality manager"
reason = "table read in the print"
weight_tolerances = [{ over_mm = "12", percent = "5.0", certainty = "V own print" }]
"""
    catalogue = own(text)
    assert catalogue.faults == ()
    changed = catalogue.get(own_id(catalogue))
    assert isinstance(changed, RebarRules)
    assert [changed.weight_tolerance(D(d)) for d in (10, 16)] == [D("5.5"), D("5.0")]
    assert catalogue.propose("rebar-lot", date(2026, 1, 1), grade="HPB300") == changed.id


@pytest.mark.parametrize(
    ("broken", "line", "reason"),
    [
        (OWN.replace('value = "100"', 'value = "hundred"'), 9, "number"),
        (OWN.replace('value = "100"', "value = 100"), 9, "in quotes"),
        (OWN.replace('"1.05"', '"one"'), 13, "number"),
        (OWN.replace('extends = "JGJ107-2016"', 'extends = "JGJ107-1999"'), 1, "no edition"),
        (OWN.replace('name = "north"', 'name = "north side!"'), 2, "name"),
        (OWN.replace('author = "quality manager"\n', ""), 0, "author"),
        (OWN.replace('certainty = "V own print" }\n\n', 'certainty = "sure" }\n\n'), 9, "certainty"),
        (OWN.replace("in_force_from = 2016-08-01", 'in_force_from = "soon"'), 5, "kind"),
        (OWN.replace('{ name = "I",', "{"), 13, "names it"),
        (OWN.replace("[numbers]", "[numbers"), 8, ""),
        (OWN + 'id = "mine"\n', 15, "no id"),
        ('id = "mine"\n' + OWN, 1, "come from the edition"),
        (OWN.replace("connector_factor", "conector_factor"), 13, "no column conector_factor"),
        (OWN.replace("small_lot_below", "small_lot"), 9, "no small_lot"),
        (
            'id = "JGJ107-2016"\n' + FILES["jgj107-2016.toml"].partition('id = "JGJ107-2016"\n')[2],
            1,
            "edition of LabDesk",
        ),
    ],
)
def test_a_broken_file_is_refused_with_line_and_reason_and_the_rest_works(broken: str, line: int, reason: str) -> None:
    catalogue = load([("broken.toml", broken), ("good.toml", OWN)], over=shipped())
    assert len(catalogue.faults) == 1
    fault = catalogue.faults[0]
    assert fault.file == "broken.toml"
    if line:
        assert fault.line == line
    assert reason in fault.reason
    assert own_id(catalogue)
    assert set(shipped().rules) <= set(catalogue.rules)


@pytest.mark.parametrize("step", ["0", "-1"])
def test_a_rounding_step_that_is_not_positive_is_refused(step: str) -> None:
    extra = f'\n[steps]\nu0 = {{ value = "{step}", clause = "x", certainty = "V" }}\n'
    assert "positive" in own(OWN + extra).faults[0].reason


LINES = OWN.splitlines()


@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(["drop", "double", "cut", "text"])), max_size=4)
)
@settings(max_examples=60)
def test_whatever_is_done_to_a_file_the_editions_stay(changes: list[tuple[int, str]]) -> None:
    lines = list(LINES)
    for place, change in changes:
        line = lines[place]
        lines[place] = {
            "drop": "",
            "double": f"{line}\n{line}",
            "cut": line[: len(line) // 2],
            "text": line.replace('"', ""),
        }[change]
    catalogue = own("\n".join(lines))
    assert len(catalogue.faults) + any("+" in rule_id for rule_id in catalogue.rules) == 1
    assert {rule_id: catalogue.rules[rule_id] for rule_id in shipped().rules} == dict(shipped().rules)


def test_the_folder_is_read_again_when_a_file_changes(tmp_path: Path) -> None:
    house = HouseRules(lambda: tmp_path)
    assert house.catalogue() is shipped()
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    assert own_id(house.catalogue())
    assert house.catalogue() is house.catalogue()
    (tmp_path / "own.toml").write_text(OWN.replace("1.05", "high"), encoding="utf-8")
    (tmp_path / "other.toml").write_bytes(b"\xff\xfe\n")
    assert {fault.file for fault in house.catalogue().faults} == {"own.toml", "other.toml"}
    assert set(house.catalogue().rules) == set(shipped().rules)


def test_own_rules_reach_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "own.toml").write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("LABDESK_HOME", str(tmp_path))
    settings_given = {
        "grade": "HRB400",
        "diameter_mm": "25",
        "peak_kn": "280,280",
        "fracture": "connector,bar",
        "joints": "99",
    }
    found = evaluate_given(Given("rebar-splice", settings_given), {})
    assert found.rules.startswith("JGJ107-2016+north@")
    assert not any(remark.key == "evaluation.rows_unchecked" for remark in found.remarks)
