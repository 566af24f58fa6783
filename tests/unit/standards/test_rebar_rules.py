"""Every grade of every edition of rebar: at its limit it passes, just below it fails; bends, weights, lots and retests."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from labdesk.domain.evaluation import Evaluation, Verdict
from labdesk.standards import rebar
from labdesk.standards.judging import judge
from labdesk.standards.rebar import Bar, LotState
from labdesk.standards.rule_tables import Grade, RebarRules
from labdesk.standards.rulesets import shipped
from tests.helpers.products import keys, run

PASS, FAIL, RETEST, OPEN = Verdict.PASS, Verdict.FAIL, Verdict.RETEST, Verdict.NOT_EVALUATED
EDITIONS = [rules for rules in shipped().rules.values() if isinstance(rules, RebarRules) and ":" not in rules.id]
GRADES = [
    pytest.param(rules, grade, id=f"{rules.id}-{grade.name}") for rules in EDITIONS for grade in rules.grades.values()
]
LITTLE = D("0.001")


def bar(rules: RebarRules, grade: Grade, diameter: int = 20) -> Bar:
    return Bar(rules, grade, D(diameter))


def test_the_editions_hold_the_grades_they_should() -> None:
    names = {rules.id: set(rules.grades) for rules in EDITIONS}
    ribbed = {"HRB400", "HRBF400", "HRB400E", "HRBF400E", "HRB500", "HRBF500", "HRB500E", "HRBF500E", "HRB600"}
    assert names["GB1499.2-2024"] == names["GB1499.2-2018"] == ribbed
    assert names["GB1499.1-2024"] == names["GB1499.1-2017"] == {"HPB300"}


@pytest.mark.parametrize(("rules", "grade"), GRADES)
def test_at_its_limits_a_grade_passes_and_below_it_fails(rules: RebarRules, grade: Grade) -> None:
    one = bar(rules, grade)
    good = {
        value.symbol: value.verdict for value in rebar.strength_values(one, grade.r_el_mpa, grade.r_el_mpa * D("1.4"))
    }
    assert good.pop("Rm") is (PASS if grade.r_el_mpa * D("1.4") >= grade.r_m_mpa else FAIL)
    assert set(good.values()) == {PASS}
    weak = rebar.strength_values(one, grade.r_el_mpa - LITTLE, grade.r_m_mpa - LITTLE)
    assert [value.verdict for value in weak if value.symbol in ("ReL", "Rm")] == [FAIL, FAIL]
    for rule, limit in ((one.a_rule(), rules.a_limit(grade, D(20))), (one.agt_rule(), grade.a_gt_percent)):
        if limit is not None:
            assert (judge(rule, limit).verdict, judge(rule, limit - LITTLE).verdict) == (PASS, FAIL)


@pytest.mark.parametrize(("rules", "grade"), GRADES)
def test_only_e_grades_have_ratios_and_always_need_agt(rules: RebarRules, grade: Grade) -> None:
    symbols = [value.symbol for value in rebar.strength_values(bar(rules, grade), D(450), D(600))]
    assert ("R°m/R°eL" in symbols) is grade.name.endswith("E")
    if not grade.name.endswith("E"):
        return
    assert (grade.a_gt_percent, grade.a_percent, grade.reverse_bend) == (D("9.0"), None, "required")
    nominal = grade.r_el_mpa
    for r_el, r_m, verdicts in (
        (nominal, nominal * D("1.25"), (PASS, PASS)),
        (nominal, nominal * D("1.2499"), (FAIL, PASS)),
        (nominal * D("1.30"), nominal * D("1.7"), (PASS, PASS)),
        (nominal * D("1.3001"), nominal * D("1.7"), (PASS, FAIL)),
    ):
        found = {value.symbol: value.verdict for value in rebar.strength_values(bar(rules, grade), r_el, r_m)}
        assert (found["R°m/R°eL"], found["R°eL/ReL"]) == verdicts


@pytest.mark.parametrize(
    ("grade", "diameter", "mandrel", "reverse"),
    [
        ("HRB400", 25, "D = 4d = 100 mm", "D = 5d = 125 mm"),
        ("HRB400E", 28, "D = 5d = 140 mm", "D = 6d = 168 mm"),
        ("HRB400", 50, "D = 6d = 300 mm", "D = 7d = 350 mm"),
        ("HRB500", 16, "D = 6d = 96 mm", "D = 7d = 112 mm"),
        ("HRB500E", 32, "D = 7d = 224 mm", "D = 8d = 256 mm"),
        ("HRB600", 50, "D = 8d = 400 mm", "D = 9d = 450 mm"),
    ],
)
def test_mandrels(grade: str, diameter: int, mandrel: str, reverse: str) -> None:
    rules = next(rules for rules in EDITIONS if rules.id == "GB1499.2-2024")
    one = bar(rules, rules.grade(grade), diameter)
    assert mandrel in rebar.bend_value(one, "no-crack", reverse=False).limit
    assert reverse in rebar.bend_value(one, "no-crack", reverse=True).limit


@pytest.mark.parametrize("rules", EDITIONS, ids=lambda rules: rules.id)
def test_weight_tolerances_hold_on_both_sides(rules: RebarRules) -> None:
    for diameter, size in rules.sizes.items():
        tolerance = rules.weight_tolerance(diameter)
        nominal = 2500 * size.mass_kg_per_m
        for sign in (-1, 1):
            at, over = (nominal * (1 + sign * (tolerance + more) / 100) for more in (D(0), LITTLE))
            assert rebar.weight_value(rules, diameter, at, [D(500)] * 5).verdict is PASS
            assert rebar.weight_value(rules, diameter, over, [D(500)] * 5).verdict is FAIL


@pytest.mark.parametrize(
    ("weight", "tension", "bend", "retest", "verdict"),
    [
        (PASS, PASS, PASS, False, PASS),
        (FAIL, PASS, PASS, False, FAIL),
        (FAIL, FAIL, PASS, False, FAIL),
        (PASS, FAIL, PASS, False, RETEST),
        (PASS, FAIL, FAIL, False, RETEST),
        (PASS, FAIL, PASS, True, FAIL),
        (PASS, Verdict.INVALID, PASS, False, Verdict.INVALID),
        (PASS, Verdict.INVALID, FAIL, False, RETEST),
    ],
)
def test_the_verdict_of_a_lot(weight: Verdict, tension: Verdict, bend: Verdict, retest: bool, verdict: Verdict) -> None:
    state = LotState(weight, {"tension": [PASS, tension], "bend": [bend]}, complete=True, retest=retest)
    assert state.verdict() is verdict


def lot(f_el: str = "140.0", mass: str = "1235", rules: str = "", **settings: str) -> Evaluation:
    """Five bars d 20, HRB400E unless another grade is named."""
    weighed = {"length_mm": "500", "mass_g": mass}
    pulled = {**weighed, "f_el_kn": f_el, "peak_kn": "190.0", "agt_l0_mm": "100", "agt_l_mm": "112"}
    rows = [pulled, pulled, {**weighed, "bend_result": "no-crack"}, {**weighed, "bend_result": "no-crack"}]
    rows.append({**weighed, "reverse_bend_result": "no-crack"})
    return run("rebar-lot", rows, rules, **{"grade": "HRB400E", "diameter_mm": "20", **settings})


def test_a_lot_near_the_limit_says_that_the_regime_decides() -> None:
    """B2 on a whole lot: 124.9 kN are 398 MPa by one rule and 400 MPa by the other."""
    assert (lot("124.9").verdict, lot("124.9", rules="GB1499.2-2024:YBT081").verdict) == (RETEST, PASS)
    for rules in ("", "GB1499.2-2024:YBT081"):
        told = [one.params for one in lot("124.9", rules=rules).remarks if one.key == "products.regime_flips"]
        assert {one["symbol"] for one in told} == {"ReL"}
    assert "products.regime_flips" not in keys(lot())


def test_a_weight_near_its_tolerance_flips_too() -> None:
    """B13 on a lot: -4.5496 %."""
    found = lot(mass="1178.9")
    assert found.verdict is FAIL
    assert "dW" in {one.params["symbol"] for one in found.remarks if one.key == "products.regime_flips"}


def test_a_lot_above_60_t_needs_more_bars() -> None:
    assert (lot(lot_t="60").verdict, lot(lot_t="61").verdict) == (PASS, OPEN)


def test_the_reverse_bend_may_stand_for_the_bend() -> None:
    weighed = {"length_mm": "500", "mass_g": "1235"}
    pulled = {**weighed, "f_el_kn": "140.0", "peak_kn": "190.0", "agt_l0_mm": "100", "agt_l_mm": "112"}
    rows = [pulled, pulled, {**weighed, "reverse_bend_result": "no-crack"}, weighed, weighed]
    settings = {"grade": "HRB400E", "diameter_mm": "20"}
    assert run("rebar-lot", rows, **settings).verdict is OPEN
    assert run("rebar-lot", rows, bend_by="reverse-bend", **settings).verdict is PASS
