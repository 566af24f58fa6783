"""The report's words for every verdict in both languages, and what a retest asks the client for."""

from __future__ import annotations

import pytest

from labdesk.domain.evaluation import Evaluation, Verdict
from labdesk.domain.sentences import Language
from labdesk.services.house_rules import standard_of
from labdesk.services.lot_words import RetestOrder, conclusion_words, retest_orders
from tests.helpers.products import bent, fabric_rows, pulled, run, splice, straightened, weld

ZH, EN = Language.ZH, Language.EN


def words(found: Evaluation, language: Language = EN, **settings: str) -> str:
    return conclusion_words(found, standard_of(found.rules), settings, language)


def test_a_retest_names_item_number_and_who_commissions_it() -> None:
    found = splice("265.2,291.5,270", "bar,connector,bar")
    assert retest_orders(found) == (RetestOrder("products.item_tension", 6),)
    assert "The client commissions a retest" in words(found, grade="HRB400")
    assert "tension test × 6" in words(found)
    assert "拉伸试验 × 6" in words(found, ZH)
    assert "接头抗拉强度 fmst" in words(found, ZH)


def test_two_failing_tests_are_two_orders() -> None:
    found = weld("flash-butt", pulled("B180", "B181", "W169") + bent("1", "0.6", "0"))
    assert retest_orders(found) == (RetestOrder("products.item_tension", 6), RetestOrder("products.item_bend", 6))


def test_fabric_orders_double_the_number() -> None:
    found = run("welded-fabric", fabric_rows(bend="crack"), grade="HRB400", diameter_mm="12")
    assert retest_orders(found) == (RetestOrder("products.item_bend", 4),)


@pytest.mark.parametrize(
    "found",
    [
        splice("265.2,291.5,265.2", "bar,connector,connector"),
        straightened(mass="181"),
        run("concrete-acceptance", design_grade="C30", fcu_mpa="20,20"),
    ],
)
def test_what_failed_for_good_is_never_retested(found: Evaluation) -> None:
    assert found.verdict is Verdict.FAIL
    assert retest_orders(found) == ()
    assert "不合格" in words(found, ZH)


def test_a_single_group_has_a_strength_and_no_verdict() -> None:
    rows = [{"peak_kn": peak} for peak in ("786.7", "826.5", "853.6")]
    found = run("concrete-cube", rows, side_mm="150", design_grade="C35")
    assert found.verdict is Verdict.NOT_EVALUATED
    told = words(found, design_grade="C35")
    assert "36.5 MPa" in told
    assert "104 %" in told
    assert "no verdict" in told
    assert "合格" not in words(found, ZH).replace("不作合格判定", "")


@pytest.mark.parametrize(("age", "stated"), [("28 d 20 h", True), ("28 d 21 h", False), ("27 d 3 h", False)])
def test_off_its_age_nothing_is_stated_for_28_days(age: str, stated: bool) -> None:
    rows = [{"peak_kn": peak, "real_age": age} for peak in ("786.7", "826.5", "853.6")]
    told = words(run("concrete-cube", rows, side_mm="150", design_grade="C35"))
    assert ("104 %" in told) is stated
    assert (f"real age of {age}" in told) is not stated


def test_an_invalid_group_asks_for_more_than_a_second_loading() -> None:
    spread = run("mortar-cube", force_kn="30.0,38.5,46.0")
    assert "15 %" in words(spread)
    beams = run("concrete-flexural", side_mm="150", peak_kn="33.0,34.5,36.2", outside="yes,yes,no")
    assert "replacement" in words(beams)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "found",
    [
        run("mortar-acceptance", design_grade="M10", f2_mpa="12.5,12.5,8.5"),
        run("concrete-prism", side_mm="150", peak_kn="700,710,720"),
        run("concrete-prism", side_mm="150", peak_kn="700,710"),
        run("concrete-same-condition", side_mm="150", peak_kn="792,792,792", design_grade="C40"),
        run("brick-strength", force_kn=",".join(["300"] * 10), length_mm="120", width_mm="115", grade="MU15"),
        run("cement-strength", flexural_n="2990,3080,3030", age_d="7"),
        splice("270,270", "bar,bar"),
        splice("270,270,270", "bar,bar,bar"),
    ],
    ids=lambda found: f"{found.method}-{found.verdict.value}",
)
def test_every_verdict_has_its_words(found: Evaluation, language: Language) -> None:
    told = words(found, language, grade="X")
    assert "{" not in told
    assert "products." not in told
    assert len(told) > 10
