"""Worked examples B1 to B16 of the rebar standards, each under its own id."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D

import pytest

from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.rounding import Comparison, gbt8170, meets
from labdesk.standards import rebar
from labdesk.standards.gbt228 import stress
from labdesk.standards.judging import judge
from labdesk.standards.rule_tables import RebarRules
from labdesk.standards.rulesets import shipped

PASS, FAIL = Verdict.PASS, Verdict.FAIL
FULL, ROUNDED, YBT = "GB1499.2-2024", "GB1499.2-2024:rounded", "GB1499.2-2024:YBT081"


def rules(rule_id: str) -> RebarRules:
    found = shipped().get(rule_id)
    assert isinstance(found, RebarRules)
    return found


def bar(rule_id: str, grade: str, diameter: str) -> rebar.Bar:
    found = rules(rule_id)
    return rebar.Bar(found, found.grade(grade), D(diameter))


def values(rule_id: str, grade: str, diameter: str, fel: str, fm: str) -> dict[str, Value]:
    one = bar(rule_id, grade, diameter)
    return {v.symbol: v for v in rebar.strength_values(one, stress(D(fel), one.area_mm2), stress(D(fm), one.area_mm2))}


def shown(value: Value) -> tuple[D | None, Verdict]:
    return value.rounded, value.verdict


def b1() -> None:
    found = values(FULL, "HRB400E", "20", "138.2", "186.3")
    assert gbt8170(found["ReL"].raw or D(0), D("0.001")) == D("439.847")
    assert shown(found["ReL"]) == (D(440), PASS)
    assert shown(found["Rm"]) == (D(593), PASS)
    assert shown(found["R°m/R°eL"]) == (D("1.35"), PASS)
    assert shown(found["R°eL/ReL"]) == (D("1.10"), PASS)
    by_five = values(YBT, "HRB400E", "20", "138.2", "186.3")
    assert (by_five["ReL"].rounded, shown(by_five["Rm"])) == (D(440), (D(595), PASS))


def b2() -> None:
    """The regime flips the verdict."""
    assert shown(values(FULL, "HRB400", "20", "124.9", "186")["ReL"]) == (D(398), FAIL)
    assert shown(values(YBT, "HRB400", "20", "124.9", "186")["ReL"]) == (D(400), PASS)


def b3() -> None:
    assert shown(values(FULL, "HRB400E", "16", "88.5", "110.5")["R°m/R°eL"]) == (D("1.25"), FAIL)
    assert shown(values(ROUNDED, "HRB400E", "16", "88.5", "110.5")["R°m/R°eL"]) == (D("1.25"), PASS)
    by_five = values(YBT, "HRB400E", "16", "88.5", "110.5")
    assert (by_five["ReL"].rounded, by_five["Rm"].rounded) == (D(440), D(550))
    assert (by_five["Rm"].rounded or D(0)) / (by_five["ReL"].rounded or D(1)) == D("1.25")


def b4() -> None:
    for rule_id in (FULL, ROUNDED):
        assert shown(values(rule_id, "HRB400E", "18", "133.0", "190")["R°eL/ReL"]) == (D("1.31"), FAIL)


def b5() -> None:
    assert shown(values(FULL, "HRB400E", "25", "255.5", "340")["R°eL/ReL"]) == (D("1.30"), FAIL)
    assert shown(values(ROUNDED, "HRB400E", "25", "255.5", "340")["R°eL/ReL"]) == (D("1.30"), PASS)


@pytest.mark.parametrize("example", [pytest.param(run, id=run.__name__.upper()) for run in (b1, b2, b3, b4, b5)])
def test_worked_example(example: Callable[[], None]) -> None:
    example()


@pytest.mark.parametrize(
    ("after", "rm", "raw", "full", "by_tenth", "by_half"),
    [
        pytest.param("113.2", "600", "13.5", PASS, PASS, PASS, id="B6"),
        pytest.param("108.7", "590", "8.995", FAIL, PASS, PASS, id="B7"),
        pytest.param("108.6", "590", "8.895", FAIL, FAIL, PASS, id="B8"),
    ],
)
def test_agt(after: str, rm: str, raw: str, full: Verdict, by_tenth: Verdict, by_half: Verdict) -> None:
    agt = rebar.agt_by_hand(D(100), D(after), D(rm))
    assert agt == D(raw)
    assert judge(bar(FULL, "HRB400E", "20").agt_rule(), agt).verdict is full
    assert judge(bar(ROUNDED, "HRB400E", "20").agt_rule(), agt).verdict is by_tenth
    bound = bar(FULL, "HRB400E", "20").agt_rule().bound
    assert meets(agt, bound, D("0.5"), Comparison.ROUNDED_VALUE) is (by_half is PASS)


@pytest.mark.parametrize(
    ("l0", "lu", "half", "whole"),
    [
        pytest.param("100", "126.3", "26.5", "26", id="B9"),
        pytest.param("125", "144.4", "15.5", "16", id="B10"),
        pytest.param("110", "127.0", "15.5", "15", id="B11"),
    ],
)
def test_a(l0: str, lu: str, half: str, whole: str) -> None:
    raw = rebar.elongation(D(l0), D(lu))
    assert (gbt8170(raw, D("0.5")), gbt8170(raw, D(1))) == (D(half), D(whole))


def test_b10_verdicts() -> None:
    raw = rebar.elongation(D(125), D("144.4"))
    assert judge(bar(FULL, "HRB400", "25").a_rule(), raw).verdict is FAIL
    assert judge(bar(YBT, "HRB400", "25").a_rule(), raw).verdict is PASS


B12 = ("505", "502", "508", "503", "507")
B14 = ("510", "512", "508", "511", "509")


@pytest.mark.parametrize(
    ("diameter", "lengths", "mass", "rule_id", "rounded", "verdict"),
    [
        pytest.param("20", B12, "5960", FULL, "-4.4", PASS, id="B12-2024"),
        pytest.param("20", B12, "5960", "GB1499.2-2018", "-4.4", PASS, id="B12-2018"),
        pytest.param("20", B12, "5953", ROUNDED, "-4.5", PASS, id="B13-rounded"),
        pytest.param("20", B12, "5953", FULL, "-4.5", FAIL, id="B13-full"),
        pytest.param("20", B12, "5953", "GB1499.2-2018", "-4.5", PASS, id="B13-2018"),
        pytest.param("12", B14, "2140", ROUNDED, "-5.5", PASS, id="B14-2140"),
        pytest.param("12", B14, "2138", ROUNDED, "-5.6", FAIL, id="B14-2138"),
        pytest.param("12", B14, "2138", "GB1499.2-2018:rounded", "-5.6", PASS, id="B14-2018"),
        pytest.param("25", ("500",) * 5, "9285", ROUNDED, "-3.5", PASS, id="B15-rounded"),
        pytest.param("25", ("500",) * 5, "9285", FULL, "-3.5", FAIL, id="B15-full"),
    ],
)
def test_weight(
    diameter: str, lengths: tuple[str, ...], mass: str, rule_id: str, rounded: str, verdict: Verdict
) -> None:
    value = rebar.weight_value(rules(rule_id), D(diameter), D(mass), [D(length) for length in lengths])
    assert shown(value) == (D(rounded), verdict)


def test_too_heavy_bars_fail_as_well() -> None:
    """An old program compared without the absolute value and let every heavy bar, or every light one, pass."""
    for sign in (-1, 1):
        mass = D(2500) * D("2.47") * (1 + sign * D("0.06"))
        assert rebar.weight_value(rules(FULL), D(20), mass, [D(500)] * 5).verdict is FAIL


@pytest.mark.parametrize(
    ("mass_t", "count"),
    [
        pytest.param("60", 2, id="B16-60"),
        pytest.param("60.1", 3, id="B16-just-above"),
        pytest.param("61", 3, id="B16-61"),
        pytest.param("100", 3, id="B16-100"),
        pytest.param("101", 4, id="B16-101"),
    ],
)
def test_lots_above_60_t(mass_t: str, count: int) -> None:
    sampling = rules(FULL).sampling
    assert sampling.tension + sampling.further(D(mass_t)) == count


def test_tables_carry_the_printed_areas_and_masses() -> None:
    sizes = rules(FULL).sizes
    assert sizes[D(50)].area_mm2 == D(1964)
    for size in sizes.values():
        step = D(1).scaleb(int(size.mass_kg_per_m.as_tuple().exponent))
        assert gbt8170(size.area_mm2 * D("0.00785"), step) == size.mass_kg_per_m


def test_thick_bars_may_stretch_less() -> None:
    found = rules(FULL)
    grade = found.grade("HRB400")
    assert [found.a_limit(grade, D(d)) for d in (25, 28, 40, 50)] == [D(16), D(15), D(15), D(14)]


def test_bend_states_the_mandrel() -> None:
    assert "D = 4d = 80 mm" in rebar.bend_value(bar(FULL, "HRB400E", "20"), "no-crack", reverse=False).limit
    assert "D = 5d = 100 mm" in rebar.bend_value(bar(FULL, "HRB400E", "20"), "no-crack", reverse=True).limit
    assert rebar.bend_value(bar(FULL, "HRB400E", "20"), "crack", reverse=True).verdict is FAIL


def test_examples_written_in_the_rulesets() -> None:
    ran = 0
    for rule_id, examples in shipped().examples.items():
        for example in examples:
            if "f_el_kn" not in example:
                continue
            used = rule_id + (f":{example['regime']}" if "regime" in example else "")
            found = values(used, example["grade"], example["diameter_mm"], example["f_el_kn"], "999")
            value = found["R°eL/ReL" if example["symbol"] == "ReL/400" else "ReL"]
            assert shown(value) == (D(example["rounded"]), Verdict(example["verdict"])), example["id"]
            ran += 1
    assert ran >= 3
