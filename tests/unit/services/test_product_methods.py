"""Products from what a person gives to values, verdict and remarks, as the command line and the desktop get them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, TestKind, Verdict
from labdesk.domain.plain import from_plain, to_plain
from labdesk.domain.sentences import Language, catalogue, say
from labdesk.services.evaluation import evaluate_lot, list_methods
from labdesk.services.house_rules import house_rules
from labdesk.services.product_methods import PRODUCTS
from labdesk.standards.products import SCHEMAS
from labdesk.standards.rule_tables import CubeRules
from labdesk.standards.rulesets import Catalogue, shipped
from tests.helpers.products import (
    FAIL,
    INVALID,
    OPEN,
    PASS,
    RETEST,
    bent,
    fabric_rows,
    keys,
    of,
    pulled,
    run,
    shown,
    splice,
    straightened,
    weld,
)

# ---- concrete ------------------------------------------------------------------------------------------------------------


def test_flexure_of_three_beams() -> None:
    found = run("concrete-flexural", side_mm="150", peak_kn="33.0,34.5,36.2", design_mpa="4.5")
    assert (found.verdict, found.rules, shown(found, "ff,m")) == (OPEN, "GBT50081-2019-flexural", "4.6")
    assert shown(found, "ff,m/ff,k") == "102"


@pytest.mark.parametrize(
    ("peaks", "outside", "verdict", "value"),
    [
        ("33.0,34.5,36.2", "no,yes,no", OPEN, "4.6"),
        ("30.0,34.5,35.0", "no,yes,no", INVALID, "None"),
        ("33.0,34.5,36.2", "yes,yes,no", INVALID, "None"),
    ],
)
def test_beams_that_broke_outside_the_load_lines(peaks: str, outside: str, verdict: Verdict, value: str) -> None:
    found = run("concrete-flexural", side_mm="150", peak_kn=peaks, outside=outside)
    assert (found.verdict, shown(found, "ff,m")) == (verdict, value)
    assert "products.broke_outside" in keys(found)
    assert INVALID in {one.verdict for one in found.values if one.symbol == "ff"}


def test_splitting_and_prism() -> None:
    split = run("concrete-splitting", side_mm="150", peak_kn="95.0,101.2,98.4")
    assert [shown(split, "fts", label) for label in "123"] == ["2.69", "2.86", "2.78"]
    assert shown(split, "fts,m") == "2.78"
    small = run("concrete-prism", side_mm="100", peak_kn="300,310,320", design_grade="C40")
    assert [shown(small, "fcp", label) for label in "123"] == ["28.5", "29.4", "30.4"]


def test_from_c60_on_the_150_mm_specimen_is_asked_for() -> None:
    assert "evaluation.use_150" in keys(run("concrete-prism", side_mm="100", peak_kn="500,510,520", design_grade="C60"))


def test_a_measured_area_counts_from_1_mm_on() -> None:
    rows = [{"peak_kn": "700", "measured_a_mm": a, "measured_b_mm": "150"} for a in ("151", "152", "150")]
    found = run("concrete-prism", rows, side_mm="150")
    assert [shown(found, "fcp", label) for label in "123"] == ["31.1", "30.7", "31.1"]


def test_modulus_of_three_prisms() -> None:
    found = run(
        "concrete-modulus", side_mm="150", fcp_mpa="30", gauge_mm="150",
        f0_kn="11.25", fa_kn="225", shortening_mm="0.0475,0.0480,0.0470", strength_after_mpa="30,31,37",
    )  # fmt: skip
    assert shown(found, "Ec", "1") == "30000"
    assert shown(found, "Ec,m") == "29800"
    assert "products.modulus_dropped" in keys(found)


def test_modulus_says_when_the_forces_do_not_belong_to_their_stresses() -> None:
    found = run(
        "concrete-modulus",
        side_mm="150",
        fcp_mpa="30",
        gauge_mm="150",
        f0_kn="30",
        fa_kn="225",
        shortening_mm="0.05,0.05,0.05",
    )
    assert "products.modulus_force" in keys(found)


def test_same_condition_with_its_temperature_log() -> None:
    log = ",".join(["20"] * 30)
    found = run("concrete-same-condition", side_mm="150", peak_kn="792,792,792", design_grade="C40", daily_c=log)
    assert (shown(found, "maturity"), of(found, "maturity").verdict) == ("600", PASS)
    assert (shown(found, "fcu,m"), shown(found, "fcu,eq"), shown(found, "fcu,eq/fcu,k")) == ("35.2", "40.0", "100")
    assert found.verdict is OPEN
    assert "products.maturity_reached" in keys(found)


def test_same_condition_too_early_or_without_log_is_said() -> None:
    early = run("concrete-same-condition", side_mm="150", daily_c="12,8,3,0,-2,5,15")
    assert (shown(early, "maturity"), of(early, "maturity").verdict) == ("43", FAIL)
    assert "products.maturity_not_due" in keys(early)
    assert "products.no_temperature_log" in keys(run("concrete-same-condition", side_mm="150", peak_kn="792,792,792"))


def test_cubes_from_a_results_file_carry_their_age() -> None:
    rows = [
        {"label": f"K-{n}", "peak_kn": peak, "real_age": "29 d 5 h"}
        for n, peak in enumerate(("786.7", "826.5", "853.6"))
    ]
    found = run("concrete-cube", rows, side_mm="150", design_grade="C35")
    assert (shown(found, "fcu,m"), shown(found, "fcu,m/fcu,k"), found.verdict) == ("36.5", "104", OPEN)
    assert "evaluation.over_age" in keys(found)


def test_above_the_table_s_range_a_small_cube_needs_its_own_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"peak_kn": "1200"}] * 3
    rules = house_rules().get("GBT50081-2019")
    assert isinstance(rules, CubeRules)
    lower = Catalogue({rules.id: replace(rules, factor_by_test_above_mpa=D(85))})
    monkeypatch.setattr("labdesk.services.evaluation.house_rules", lambda: lower)
    with pytest.raises(OperatorError, match=r"factor_by_test"):
        run("concrete-cube", rows, side_mm="100", design_grade="C90")
    assert shown(run("concrete-cube", rows, side_mm="100", design_grade="C90", size_factor="0.93"), "fcu,m") == "111.6"


@pytest.mark.parametrize(
    ("method", "grade", "reason"),
    [
        ("concrete-cube", "C999", "not_a_concrete_grade"),
        ("concrete-cube", "C110", "not_a_concrete_grade"),
        ("concrete-same-condition", "C32", "not_a_concrete_grade"),
        ("concrete-acceptance", "C999", "not_a_concrete_grade"),
        ("mortar-cube", "M999", "not_a_mortar_grade"),
        ("mortar-acceptance", "M12", "not_a_mortar_grade"),
    ],
)
def test_a_grade_that_no_standard_has_is_one_sentence(method: str, grade: str, reason: str) -> None:
    rows = (
        [{"fcu_mpa": "36"} if method == "concrete-acceptance" else {"f2_mpa": "9"}]
        if "acceptance" in method
        else [{"peak_kn": "800"}] * 3
    )
    side = {"side_mm": "150"} if method.startswith("concrete-") and "acceptance" not in method else {}
    with pytest.raises(OperatorError, match=reason):
        run(method, rows, design_grade=grade, **side)


CUBES = [{"peak_kn": peak} for peak in ("786.7", "826.5", "853.6")]


@pytest.mark.rule("YK-10.2")
@pytest.mark.parametrize(
    ("grade", "percent", "settings", "told"),
    [
        ("C40", "95", {}, True),
        ("C40", "91.25", {}, False),  # 36.5 of 40 is exactly 91.25 %: not under it
        ("C40", "91.26", {}, True),
        ("C35", "95", {}, False),
        ("C40", "", {}, False),
        ("C40", "95", {"age_d": "7"}, False),
        ("C40", "95", {"real_age": "30 d"}, False),
    ],
)
def test_a_low_group_is_told_at_once_by_the_region_s_percentage(
    grade: str, percent: str, settings: dict[str, str], told: bool
) -> None:
    asked = {"low_group_percent": percent} if percent else {}
    found = run("concrete-cube", [{**row, **_age(settings)} for row in CUBES], side_mm="150", design_grade=grade, **asked,
                **{key: text for key, text in settings.items() if key != "real_age"})  # fmt: skip
    assert ("evaluation.low_group" in keys(found), found.verdict) == (told, OPEN)


def _age(settings: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in settings.items() if key == "real_age"}


def test_a_low_group_of_the_same_condition_is_told_by_its_equivalent() -> None:
    """36.5 / 0.88 = 41.5: the group as it is would lie under C40, its equivalent does not."""
    asked = {"side_mm": "150", "low_group_percent": "100"}
    assert "evaluation.low_group" not in keys(run("concrete-same-condition", CUBES, design_grade="C40", **asked))
    assert "evaluation.low_group" in keys(run("concrete-same-condition", CUBES, design_grade="C45", **asked))


# ---- acceptance ----------------------------------------------------------------------------------------------------------

TEN = "31.2,38.5,29.8,36.1,33.0,40.2,28.9,35.5,32.6,37.4"


def test_acceptance_chooses_its_procedure() -> None:
    few = run("concrete-acceptance", design_grade="C30", fcu_mpa="34.2,35.8,33.9")
    many = run("concrete-acceptance", design_grade="C30", fcu_mpa=TEN)
    assert (few.verdict, shown(few, "mfcu")) == (PASS, "34.6")
    assert (many.verdict, shown(many, "Sfcu")) == (FAIL, "3.81")
    assert "products.acceptance_failed" in keys(many)


def test_a_known_deviation_judges_three_consecutive_groups_each() -> None:
    settings = {"design_grade": "C30", "acceptance": "statistical-known"}
    found = run("concrete-acceptance", fcu_mpa="33.1,32.4,31.9,33.1,35.4,26.9", sigma0_mpa="3.20", **settings)
    assert found.verdict is FAIL
    assert [value.subject for value in found.values if value.symbol == "mfcu"] == ["1/2", "2/2"]
    by_history = run("concrete-acceptance", fcu_mpa="33.1,32.4,31.9", history_mpa=",".join([TEN] * 5), **settings)
    assert "products.sigma_computed" in keys(by_history)
    for wrong in ({}, {"sigma0_mpa": "3", "fcu_mpa": "33.1,32.4"}, {"history_mpa": TEN}):
        with pytest.raises(OperatorError):
            run("concrete-acceptance", **{"fcu_mpa": "33.1,32.4,31.9", **settings, **wrong})


def test_groups_are_consecutive_by_their_day_of_casting() -> None:
    rows = [
        {"label": label, "fcu_mpa": value, "cast_at": day}
        for label, value, day in (
            ("a", "26.9", "2026-03-06"), ("b", "33.1", "2026-03-01"), ("c", "35.4", "2026-03-05"),
            ("d", "32.4", "2026-03-02"), ("e", "33.1", "2026-03-04"), ("f", "31.9", "2026-03-03"),
        )
    ]  # fmt: skip
    settings = {"design_grade": "C30", "acceptance": "statistical-known", "sigma0_mpa": "3.20"}
    found = run("concrete-acceptance", rows, **settings)
    assert [(value.subject, str(value.rounded)) for value in found.values if value.symbol == "mfcu"] == [
        ("1/2", "32.5"),
        ("2/2", "31.8"),
    ]


def test_invalid_groups_take_no_part_and_low_ones_are_told_apart() -> None:
    rows = [{"fcu_mpa": "34.2"}, {"rule": "invalid"}, {"fcu_mpa": "35.8"}, {"fcu_mpa": "28.6"}]
    found = run("concrete-acceptance", rows, design_grade="C25", low_group_percent="115")
    assert "products.group_left_out" in keys(found)
    told = [remark.params["label"] for remark in found.remarks if remark.key == "products.low_group"]
    assert (told, found.verdict) == (["4"], PASS)


def test_same_condition_groups_are_divided_first() -> None:
    found = run("concrete-acceptance", design_grade="C30", fcu_mpa="31.0,30.5,30.9", curing="same-condition")
    assert [shown(found, "fcu,eq", label) for label in "123"] == ["35.2", "34.7", "35.1"]
    assert found.verdict is PASS
    assert run("concrete-acceptance", design_grade="C30", fcu_mpa="31.0,30.5,30.9").verdict is FAIL


def test_mortar_acceptance() -> None:
    assert run("mortar-acceptance", design_grade="M10", f2_mpa="12.5,12.5,8.5").verdict is PASS
    assert run("mortar-acceptance", design_grade="M10", f2_mpa="12.5,10.9").verdict is FAIL


# ---- mortar, cement, brick -----------------------------------------------------------------------------------------------


def test_mortar_group() -> None:
    found = run("mortar-cube", design_grade="M10", force_kn="36.2,38.5,40.1")
    assert (shown(found, "f2"), shown(found, "f2/design"), found.verdict) == ("10.3", "103", OPEN)
    assert run("mortar-cube", force_kn="30.0,38.5,46.0").verdict is INVALID


CEMENT = {
    "grade": "42.5",
    "age_d": "28",
    "flexural_n": "2990,3080,3030",
    "compressive_a_kn": "75.2,74.4,73.9",
    "compressive_b_kn": "76.8,77.6,76.0",
}


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, PASS),
        ({"grade": "52.5"}, FAIL),
        ({"grade": "42.5r"}, PASS),
        ({"compressive_b_kn": "76.8,40,90"}, INVALID),
        ({"initial_set_min": "44"}, FAIL),
        ({"initial_set_min": "45", "final_set_min": "600"}, PASS),
        ({"final_set_min": "400", "kind": "P·II"}, FAIL),
        ({"flexural_n": ""}, OPEN),
    ],
)
def test_cement(changed: dict[str, str], verdict: Verdict) -> None:
    assert run("cement-strength", **{**CEMENT, **changed}).verdict is verdict


def test_cement_without_a_class_is_a_value_and_no_verdict() -> None:
    found = run("cement-strength", flexural_n="2990,3080,3030", age_d="7")
    assert (shown(found, "Rf,m"), found.verdict) == ("7.1", OPEN)


BRICKS = "254,270,218,183,238,259,151,280,220,254"


@pytest.mark.parametrize(("grade", "verdict"), [("MU15", PASS), ("MU20", FAIL), ("", OPEN)])
def test_bricks(grade: str, verdict: Verdict) -> None:
    found = run("brick-strength", force_kn=BRICKS, length_mm="120", width_mm="115", grade=grade)
    assert (shown(found, "f,m"), shown(found, "s"), shown(found, "fk")) == ("16.9", "2.94", "11.5")
    assert found.verdict is verdict
    assert next(one.params["grade"] for one in found.remarks if one.key == "products.brick_grade") == "MU15"


# ---- all of them ---------------------------------------------------------------------------------------------------------


def test_every_product_has_rules_an_evaluator_and_is_listed() -> None:
    listed = {info.id: info for info in list_methods()}
    assert set(PRODUCTS) == set(SCHEMAS) <= set(listed)
    assert all(listed[method].rules and listed[method].inputs for method in PRODUCTS)
    assert len(listed) == len(list_methods()), "ids of methods are unique"


WRONG: list[tuple[str, dict[str, str]]] = [
    *((method, {}) for method in PRODUCTS),
    ("concrete-flexural", {"side_mm": "120", "peak_kn": "33,34,35"}),
    ("concrete-flexural", {"side_mm": "150", "peak_kn": "33,34,35", "outside": "no,perhaps,no"}),
    ("concrete-prism", {"side_mm": "150", "peak_kn": "33,x,35"}),
    ("concrete-prism", {"side_mm": "150", "peak_kn": "33,-4,35"}),
    ("concrete-prism", {"side_mm": "150", "peak_kn": "700,700,700", "design_grade": "HRB400"}),
    (
        "concrete-modulus",
        {"side_mm": "150", "fcp_mpa": "30", "f0_kn": "12", "fa_kn": "11", "shortening_mm": "1", "gauge_mm": "1"},
    ),
    ("concrete-same-condition", {"side_mm": "150", "daily_c": "20,hot"}),
    ("concrete-same-condition", {"side_mm": "150", "daily_c": "20,200"}),
    ("concrete-acceptance", {"fcu_mpa": "30,31"}),
    ("concrete-acceptance", {"design_grade": "C30", "fcu_mpa": "30", "acceptance": "best"}),
    ("concrete-acceptance", {"design_grade": "C30", "fcu_mpa": "30,31", "cast_at": "a,b,c"}),
    ("concrete-acceptance", {"design_grade": "C30", "peak_kn": "30"}),
    ("mortar-cube", {"design_grade": "C30", "force_kn": "30,31,32"}),
    ("cement-strength", {**CEMENT, "age_d": "7"}),
    ("cement-strength", {**CEMENT, "grade": "45"}),
    ("brick-strength", {"force_kn": BRICKS, "length_mm": "120"}),
    ("brick-strength", {"force_kn": BRICKS, "length_mm": "120", "width_mm": "115", "grade": "MU17"}),
    ("rebar-splice", {"grade": "HRB400", "diameter_mm": "26", "peak_kn": "1", "fracture": "bar"}),
    ("rebar-splice", {"grade": "HRB400", "diameter_mm": "25", "peak_kn": "1"}),
    ("rebar-splice", {"grade": "HRB400", "diameter_mm": "25", "peak_kn": "1", "fracture": "somewhere"}),
    ("rebar-splice", {"grade": "HRB400", "diameter_mm": "25", "peak_kn": "1", "fracture": "bar", "joints": "2.5"}),
    ("rebar-weld", {"grade": "HRB400", "diameter_mm": "20", "weld_kind": "glue", "peak_kn": "1", "fracture": "B"}),
    ("rebar-weld", {"grade": "HRB400", "diameter_mm": "20", "weld_kind": "flash-butt", "crack_mm": "-1,0,0"}),
    ("welded-fabric", {"grade": "HRB400", "diameter_mm": "12", "peak_kn": "60", "f_el_kn": "61"}),
    ("welded-fabric", {"grade": "HRB400", "diameter_mm": "12", "bend_result": "fine"}),
    ("straightened-bar", {"grade": "HRB600", "diameter_mm": "8", "lu_mm": "50"}),
]


@pytest.mark.parametrize(("method", "settings"), WRONG)
def test_what_cannot_be_is_refused_in_one_sentence(method: str, settings: dict[str, str]) -> None:
    with pytest.raises(OperatorError) as caught:
        run(method, **settings)
    for language in Language:
        sentence = say(caught.value.key, language, **caught.value.params)
        assert "{" not in sentence
        assert "\n" not in sentence


def test_every_remark_and_note_has_its_sentence_and_survives_storage() -> None:
    found = [
        run("concrete-acceptance", design_grade="C30", fcu_mpa=TEN),
        splice("265.2,291.5,270", "bar,connector,bar", joints="700"),
        weld("flash-butt", pulled("B160", "B181", "W169") + bent("1", "0.6", "0.5")),
        straightened(mass="181"),
        run("cement-strength", **CEMENT),
    ]
    for evaluation in found:
        for remark in evaluation.remarks:
            assert remark.key in catalogue()
            assert "{" not in say(remark.key, Language.ZH, **remark.params)
        assert all(value.note in catalogue() for value in evaluation.values if value.note)
        assert all(value.clause for value in evaluation.values)
        assert from_plain(Evaluation, to_plain(evaluation)) == evaluation


WORDS = (
    "",
    "0",
    "-1",
    "1e400",
    "NaN",
    "abc",
    "1,2,3",
    "30",
    "1e-30",
    "500",
    ",",
    "x" * 100,
    "2026-01-01",
    "HRB400",
    "bar",
    "C30",
)
BASES = [
    (rules.method, {name: str(text) for name, text in example["settings"].items()})
    for rule_id, examples in shipped().examples.items()
    for rules in (shipped().rules[rule_id],)
    for example in examples
    if "settings" in example
]


@given(st.sampled_from(BASES), st.data())
@settings(max_examples=150)
def test_whatever_is_typed_there_is_an_answer_or_one_sentence(
    base: tuple[str, dict[str, str]], data: st.DataObject
) -> None:
    method, typed = base
    info = next(item for item in list_methods() if item.id == method)
    name = data.draw(st.sampled_from([item.name for item in info.inputs]))
    changed = {**typed, name: data.draw(st.sampled_from(WORDS))}
    if "," in typed.get(name, "") and data.draw(st.booleans()):
        changed[name] = ",".join([changed[name].replace(",", ""), *typed[name].split(",")[1:]])
    told: list[str] = []
    try:
        told += [remark.key for remark in run(method, **changed).remarks]
    except OperatorError as error:
        told.append(error.key)
        sentence = say(error.key, Language.EN, **error.params)
        told += [] if "\n" not in sentence else [sentence]
    assert [key for key in told if key not in catalogue()] == []


ORDERED = {
    "concrete-flexural": ({"side_mm": "150"}, [{"peak_kn": p} for p in ("33.0", "34.5", "36.2")]),
    "mortar-cube": ({"design_grade": "M10"}, [{"force_kn": p} for p in ("36.2", "38.5", "40.1")]),
    "brick-strength": ({"length_mm": "120", "width_mm": "115"}, [{"force_kn": p} for p in BRICKS.split(",")]),
    "rebar-weld": ({"grade": "HRB400", "diameter_mm": "20", "weld_kind": "arc"}, pulled("B180", "W170", "W171")),
    "welded-fabric": ({"grade": "HRB400", "diameter_mm": "12"}, fabric_rows(peak="55")),
    "concrete-acceptance": ({"design_grade": "C30"}, [{"fcu_mpa": p} for p in TEN.split(",")]),
}


@settings(max_examples=25)
@given(st.sampled_from(sorted(ORDERED)), st.randoms(use_true_random=False))
def test_order_of_specimens_does_not_matter(method: str, random: object) -> None:
    settings, rows = ORDERED[method]
    labelled = [{**row, "label": f"S-{number:02}"} for number, row in enumerate(rows)]
    first = run(method, labelled, **settings)
    random.shuffle(labelled)  # type: ignore[attr-defined]
    assert run(method, labelled, **settings) == first


@settings(max_examples=25)
@given(st.decimals("150", "200", places=1, allow_nan=False), st.decimals(0, 30, places=1, allow_nan=False))
def test_a_stronger_joint_is_never_worse(peak: D, more: D) -> None:
    ranks = (PASS, RETEST, FAIL)
    before = splice(f"270,270,{peak + 100}", "bar,bar,connector").verdict
    after = splice(f"270,270,{peak + 100 + more}", "bar,bar,connector").verdict
    assert ranks.index(after) <= ranks.index(before)


def test_old_lots_keep_the_ruleset_they_name() -> None:
    piece = SpecimenInput("1", (TestKind.TENSION,), {"fracture": "bar"}, manual_peak_kn=D("270"))
    lot = LotInput("rebar-splice", "JGJ107-2016:5MPa", {"grade": "HRB400", "diameter_mm": "25"}, (piece,))
    assert evaluate_lot(lot, {}).rules == "JGJ107-2016:5MPa"
    with pytest.raises(OperatorError, match=r"rules_of_other_method"):
        evaluate_lot(replace(lot, rules="JGJ18-2012"), {})
    assert all(found.method for found in shipped().rules.values())
