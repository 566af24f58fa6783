"""Lots and groups from entries and curves to verdicts, and the refusals on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, TestKind, Value, Verdict
from labdesk.domain.plain import from_plain, to_plain
from labdesk.domain.sentences import catalogue
from labdesk.services.evaluation import evaluate_curve, evaluate_lot, list_methods, propose_rules, with_rules
from labdesk.standards.rulesets import load, shipped
from tests.helpers.synthetic_curves import Recipe, make

W, T, B, R, C = TestKind.WEIGHT, TestKind.TENSION, TestKind.BEND, TestKind.REVERSE_BEND, TestKind.COMPRESSION
GOOD, _ = make(Recipe(upper=470.0, lower=450.0, rm=610.0, uniform=0.12))
WEAK, _ = make(Recipe(upper=400.0, lower=390.0, rm=520.0, uniform=0.12))
CURVES = {"good": GOOD, "weak": WEAK}


def weighed(mass: str = "1235") -> dict[str, str]:
    return {"mass_g": mass, "length_mm": "500"}


def lot(*, second: str = "good", mass: str = "1235", bend: str = "no-crack", **settings: str) -> LotInput:
    """Five bars d 20 HRB400E: all weighed, two pulled, two bent, one reverse-bent."""
    pulled = weighed(mass) | {"le_mm": "100"}
    bars = (
        SpecimenInput("G-1", (W, T), pulled, run_hash="good"),
        SpecimenInput("G-2", (W, T), pulled, run_hash=second),
        SpecimenInput("G-3", (W, B), weighed(mass) | {"bend_result": "no-crack"}),
        SpecimenInput("G-4", (W, B), weighed(mass) | {"bend_result": bend}),
        SpecimenInput("G-5", (W, R), weighed(mass) | {"reverse_bend_result": "no-crack"}),
    )
    return LotInput("rebar-lot", "", {"grade": "HRB400E", "diameter_mm": "20", **settings}, bars)


def changed(given: LotInput, label: str, **fields: object) -> LotInput:
    bars = tuple(replace(bar, **fields) if bar.label == label else bar for bar in given.specimens)  # type: ignore[arg-type]
    return replace(given, specimens=bars)


def keys(found: Evaluation) -> set[str]:
    return {remark.key for remark in found.remarks}


def of(found: Evaluation, symbol: str, subject: str = "") -> Value:
    return next(value for value in found.values if value.symbol == symbol and value.subject == subject)


def test_a_good_lot_passes_with_every_value_its_limit_and_clause() -> None:
    found = evaluate_lot(lot(), CURVES)
    assert (found.verdict, found.rules) == (Verdict.PASS, "GB1499.2-2024")
    assert [value.symbol for value in found.values if value.subject == "G-1"] == [
        "ReH", "ReL", "Rm", "R°m/R°eL", "R°eL/ReL", "Agt",
    ]  # fmt: skip
    assert of(found, "ReL", "G-1").rounded == 450
    assert of(found, "Agt", "G-1").rounded == Decimal("12.0")
    assert all(value.clause and value.regime for value in found.values if value.raw is not None)
    assert found.engine.startswith("labdesk ")


def test_an_evaluation_survives_storage() -> None:
    found = evaluate_lot(lot(), CURVES)
    assert from_plain(Evaluation, to_plain(found)) == found


def test_order_of_specimens_does_not_matter() -> None:
    given_lot = lot()
    first = evaluate_lot(given_lot, CURVES)
    for order in list(permutations(given_lot.specimens))[::17]:
        assert evaluate_lot(replace(given_lot, specimens=order), CURVES) == first


def test_a_weak_bar_is_retested_with_double_the_number() -> None:
    found = evaluate_lot(lot(second="weak"), CURVES)
    assert found.verdict is Verdict.RETEST
    told = next(remark for remark in found.remarks if remark.key == "evaluation.retest")
    assert told.params == {"item": "tension", "count": "4"}


def test_a_failing_retest_fails_the_lot() -> None:
    bars = tuple(SpecimenInput(f"F-{n}", (T,), {"le_mm": "100"}, run_hash="good") for n in range(3))
    settings = {"grade": "HRB400E", "diameter_mm": "20", "stage": "retest", "retest_item": "tension"}
    again = LotInput("rebar-lot", "", settings, (*bars, SpecimenInput("F-9", (T,), {"le_mm": "100"}, run_hash="good")))
    assert evaluate_lot(again, CURVES).verdict is Verdict.PASS
    assert evaluate_lot(replace(again, specimens=bars), CURVES).verdict is Verdict.NOT_EVALUATED
    assert evaluate_lot(changed(again, "F-9", run_hash="weak"), CURVES).verdict is Verdict.FAIL


def test_weight_is_never_sampled_again() -> None:
    found = evaluate_lot(lot(mass="1170"), CURVES)
    assert found.verdict is Verdict.FAIL
    assert "evaluation.weight_never_retested" in keys(found)


def test_a_cracked_bend_is_retested() -> None:
    assert evaluate_lot(lot(bend="crack"), CURVES).verdict is Verdict.RETEST


def test_what_is_not_entered_yet_is_no_pass() -> None:
    found = evaluate_lot(lot(bend=""), CURVES)
    assert found.verdict is Verdict.NOT_EVALUATED
    assert "evaluation.lot_incomplete" in keys(found)


def test_too_few_bars_are_no_pass() -> None:
    given_lot = lot()
    assert evaluate_lot(replace(given_lot, specimens=given_lot.specimens[:-1]), CURVES).verdict is Verdict.NOT_EVALUATED
    assert evaluate_lot(lot(lot_t="61"), CURVES).verdict is Verdict.NOT_EVALUATED


def test_a_break_at_the_grip_is_invalid_and_asks_for_a_replacement() -> None:
    entries = weighed() | {"le_mm": "100", "fracture_at": "grip"}
    found = evaluate_lot(changed(lot(), "G-2", entries=entries), CURVES)
    assert found.verdict is Verdict.INVALID
    assert "evaluation.broke_at_grip" in keys(found)


def test_a_reading_by_hand_has_no_yield_strength_and_says_no_curve() -> None:
    found = evaluate_lot(changed(lot(), "G-2", run_hash=None, manual_peak_kn=Decimal("190.0")), CURVES)
    assert of(found, "Rm", "G-2").rounded == 605
    assert of(found, "ReL", "G-2").raw is None
    assert found.verdict is Verdict.NOT_EVALUATED
    assert "evaluation.no_curve" in keys(found)


def test_agt_by_hand_goes_before_the_curve() -> None:
    entries = weighed() | {"le_mm": "100", "agt_l0_mm": "100", "agt_l_mm": "108.0"}
    found = evaluate_lot(changed(lot(), "G-1", entries=entries), CURVES)
    assert of(found, "Agt", "G-1").rounded == Decimal("8.3")
    assert found.verdict is Verdict.RETEST


def test_an_unstated_extensometer_length_is_said() -> None:
    assert "evaluation.le_assumed" in keys(
        evaluate_lot(changed(lot(), "G-1", entries=weighed()), {**CURVES, "good": bare(GOOD)})
    )


def bare(curve: Curve) -> Curve:
    return Curve(curve.time_s, curve.force_kn, curve.extension_mm)


def test_other_regimes_and_editions_stand_beside() -> None:
    found = evaluate_lot(with_rules(lot(), "GB1499.2-2018:YBT081"), CURVES)
    assert found.rules == "GB1499.2-2018:YBT081"
    assert of(found, "Rm", "G-1").rounded == 610


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("evaluation.curve_missing", {"second": "gone"}),
        ("standards.no_such_grade", {"grade": "HRB999"}),
        ("standards.no_such_size", {"diameter_mm": "21"}),
        ("evaluation.not_positive", {"diameter_mm": "-20"}),
        ("evaluation.not_a_number", {"diameter_mm": "twenty"}),
        ("evaluation.bend_result", {"bend": "maybe"}),
        ("evaluation.bad_date", {"test_date": "soon"}),
        ("standards.unknown_rules", {"edition": "GB1499.9-2030"}),
    ],
)
def test_refusals_name_the_input(key: str, change: dict[str, str]) -> None:
    with pytest.raises(OperatorError) as caught:
        evaluate_lot(lot(**change), CURVES)  # type: ignore[arg-type]
    assert caught.value.key == key


def cubes(*peaks: str | None, **settings: str) -> LotInput:
    specimens = tuple(
        SpecimenInput(f"H-{n}", (C,), {}, None, Decimal(peak) if peak else None, "28 d 2 h")
        for n, peak in enumerate(peaks, 1)
    )
    return LotInput("concrete-cube", "", {"side_mm": "150", "design_grade": "C30", **settings}, specimens)


def test_a_single_group_has_a_strength_and_a_percentage_but_no_verdict() -> None:
    found = evaluate_lot(cubes("786.7", "826.5", "853.6"), {})
    assert found.verdict is Verdict.NOT_EVALUATED
    assert of(found, "fcu,m").rounded == Decimal("36.5")
    assert of(found, "fcu,m/fcu,k").rounded == 122
    assert "evaluation.no_curve" in keys(found)


def test_both_off_is_invalid_and_never_a_median() -> None:
    found = evaluate_lot(cubes("762.75", "900", "1037.3"), {})
    assert found.verdict is Verdict.INVALID
    assert of(found, "fcu,m").rounded is None


def test_an_incomplete_group_says_so() -> None:
    found = evaluate_lot(cubes("786.7", None, "853.6"), {})
    assert {"evaluation.group_incomplete", "evaluation.no_peak"} <= keys(found)
    assert not any(value.symbol == "fcu,m" for value in found.values)


@pytest.mark.parametrize(
    ("age", "key"),
    [
        ("28 d 20 h", None),
        ("28 d 21 h", "evaluation.over_age"),
        ("27 d 3 h", "evaluation.under_age"),
        ("27 d 4 h", None),
    ],
)
def test_age(age: str, key: str | None) -> None:
    given_lot = cubes("786.7", "826.5", "853.6")
    aged = replace(given_lot, specimens=tuple(replace(cube, age_text=age) for cube in given_lot.specimens))
    found = keys(evaluate_lot(aged, {})) & {"evaluation.over_age", "evaluation.under_age"}
    assert found == ({key} if key else set())


@given(st.permutations(["786.7", "826.5", "990.0"]))
def test_cubes_in_any_order(peaks: list[str]) -> None:
    found = evaluate_lot(cubes(*peaks), {})
    assert of(found, "fcu,m").rounded == Decimal("36.7")


def test_rulesets_by_date_and_grade() -> None:
    catalogue_ = shipped()
    assert catalogue_.propose("rebar-lot", date(2024, 9, 24), grade="HRB400") == "GB1499.2-2018"
    assert catalogue_.propose("rebar-lot", date(2024, 9, 25), grade="HRB400") == "GB1499.2-2024"
    assert propose_rules("rebar-lot", {"grade": "HPB300"}) == "GB1499.1-2024"
    assert propose_rules("rebar-lot", {"grade": "HRB400", "edition": "GB1499.2-2018"}) == "GB1499.2-2018"
    with pytest.raises(OperatorError, match=r"no_rules_on_day"):
        catalogue_.propose("concrete-cube", date(2001, 1, 1))


def test_a_broken_ruleset_is_refused_with_its_line_while_the_rest_works() -> None:
    good = _text("gb1499-2-2024.toml")
    wrong_number = good.replace('percent = "4.5"', 'percent = "four"', 1)
    broken = load([("a.toml", good), ("b.toml", 'id = "x"\nmethod =\n'), ("c.toml", wrong_number), ("d.toml", "")])
    assert "GB1499.2-2024:YBT081" in broken.rules
    lines = {fault.file: fault.line for fault in broken.faults}
    expected = 1 + next(i for i, line in enumerate(wrong_number.splitlines()) if '"four"' in line)
    assert lines["b.toml"] == 2
    assert lines["c.toml"] == expected
    assert "method" in next(fault.reason for fault in broken.faults if fault.file == "d.toml")


def _text(name: str) -> str:
    from importlib import resources

    return (resources.files("labdesk_resources.standards") / name).read_text(encoding="utf-8")


def test_every_shipped_ruleset_is_whole() -> None:
    assert shipped().faults == ()
    assert {"GB1499.2-2024", "GB1499.2-2018", "GB1499.1-2024", "GBT50081-2019"} <= set(shipped().rules)


def test_rebar_tensile_and_lot_by_curve() -> None:
    settings = {"grade": "HRB400E", "diameter_mm": "20", "le_mm": "100"}
    found = evaluate_curve("rebar-tensile", {"one": GOOD}, settings)
    assert found.verdict is Verdict.PASS
    assert evaluate_curve("rebar-tensile", {"one": WEAK}, settings).verdict is Verdict.FAIL
    text = json.dumps(to_plain(lot()))
    assert evaluate_curve("rebar-lot", CURVES, {"lot": text}) == evaluate_lot(lot(), CURVES)


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("evaluation.not_positive", {"diameter_mm": "-10"}),
        ("evaluation.longer_than_bar", {"l0_mm": "500", "length_mm": "400"}),
        ("evaluation.not_a_number", {"s0_mm2": "wide"}),
        ("evaluation.unknown_setting", {"diamter_mm": "20"}),
        ("evaluation.shorter_after", {"l0_mm": "100", "lu_mm": "90"}),
    ],
)
def test_single_curve_refusals(key: str, settings: dict[str, str]) -> None:
    with pytest.raises(OperatorError) as caught:
        evaluate_curve("tensile", {"one": GOOD}, settings)
    assert caught.value.key == key


def test_a_method_or_curve_that_does_not_exist() -> None:
    with pytest.raises(OperatorError, match=r"unknown_method"):
        evaluate_curve("torsion", {"one": GOOD}, {})
    with pytest.raises(OperatorError, match=r"no_curve_given"):
        evaluate_curve("tensile", {}, {})
    with pytest.raises(OperatorError, match=r"no_area"):
        evaluate_curve("tensile", {"one": bare(GOOD)}, {"l0_mm": "100"})


def test_methods_are_listed_with_their_rules() -> None:
    listed = {info.id: info for info in list_methods()}
    assert {"tensile", "rebar-tensile", "rebar-lot", "concrete-cube", "concrete-cylinder", "rebar-weld"} <= set(listed)
    assert "GB1499.2-2024" in listed["rebar-lot"].rules


def test_every_key_has_a_sentence_in_both_languages() -> None:
    import re
    from pathlib import Path

    import labdesk

    root = Path(labdesk.__file__).parent
    files = [*root.glob("standards/*.py"), *root.glob("services/eval*.py"), *root.glob("services/curve_*.py")]
    files += [root / "domain/curve.py", root / "services/sealed_curves.py", root / "cli/evaluate.py"]
    used = {
        key
        for path in files
        for key in re.findall(r'"((?:standards|evaluation|curve|curve_file)\.[a-z_0-9]+)"', path.read_text("utf-8"))
    }
    known = catalogue()
    assert not {key for key in used if key not in known}
    assert all(known[key]["zh"] and known[key]["en"] for key in used)
