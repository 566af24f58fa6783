"""Splices, welds, fabric and straightened bars from what a person gives to the verdict of the lot."""

from __future__ import annotations

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Verdict
from tests.helpers.products import (
    FAIL,
    OPEN,
    PASS,
    RETEST,
    Rows,
    bent,
    fabric_rows,
    keys,
    of,
    pulled,
    run,
    splice,
    straightened,
    weld,
)


@pytest.mark.parametrize(
    ("peaks", "fractures", "verdict"),
    [
        ("265.2,291.6,270", "bar,connector,bar", PASS),
        ("265.2,291.5,270", "bar,connector,bar", RETEST),
        ("265.2,291.5,265.2", "bar,sleeve-split,pull-out", FAIL),
        ("265.2,291.6", "bar,connector", OPEN),
    ],
)
def test_splices(peaks: str, fractures: str, verdict: Verdict) -> None:
    assert splice(peaks, fractures).verdict is verdict


def test_a_splice_at_the_limit_flips_with_the_regime_and_says_so() -> None:
    found = splice("265.2,291.5,270", "bar,connector,bar")
    told = next(one for one in found.remarks if one.key == "products.regime_flips")
    assert (told.params["symbol"], told.params["label"]) == ("fmst", "2")
    assert splice("265.2,291.5,270", "bar,connector,bar", "JGJ107-2016:rounded").verdict is PASS
    assert "products.regime_flips" not in keys(splice("265.2,291.6,270", "bar,connector,bar"))


def test_the_retest_of_a_splice_says_how_many() -> None:
    by_lot = {
        "": "6",
        "120": "4",
    }
    for joints, count in by_lot.items():
        peaks, fractures = ("265,270", "bar,bar") if joints else ("265,270,270", "bar,bar,bar")
        found = splice(peaks, fractures, joints=joints)
        told = next(one for one in found.remarks if one.key == "products.retest")
        assert (found.verdict, told.params["count"]) == (RETEST, count)


def test_a_retest_alone_is_judged_by_itself() -> None:
    six, five = ",".join(["270"] * 6), ",".join(["270"] * 5 + ["260"])
    fractures = ",".join(["bar"] * 6)
    assert splice(six, fractures, stage="retest").verdict is PASS
    assert splice(five, fractures, stage="retest").verdict is FAIL


def test_a_lot_of_splices_above_500_is_told() -> None:
    good = ("270,270,270", "bar,bar,bar")
    assert "products.lot_too_large" in keys(splice(*good, joints="501"))
    assert "products.lot_too_large" not in keys(splice(*good, joints="1000", consecutive_passed="10"))


def test_the_process_test_needs_slip_and_knows_no_retest() -> None:
    given = {"grade": "HRB400", "diameter_mm": "25", "peak_kn": "270,270,270", "fracture": "bar,bar,bar"}
    assert run("rebar-splice-process", **given).verdict is OPEN
    assert run("rebar-splice-process", u0_mm="0.08,0.10,0.09", **given).verdict is PASS
    failed = run("rebar-splice-process", u0_mm="0.08,0.11,0.09", **given)
    assert failed.verdict is FAIL
    assert "products.process_no_retest" in keys(failed)


@pytest.mark.parametrize(
    ("kind", "rows", "verdict"),
    [
        ("arc", pulled("B180", "B181", "W170"), PASS),
        ("arc", pulled("B180", "B181", "W169"), RETEST),
        ("arc", pulled("HAZ-ductile180", "B181", "HAZ-brittle170"), PASS),
        ("arc", pulled("W180", "W181", "W169"), FAIL),
        ("arc", pulled("B180", "B181"), OPEN),
        ("flash-butt", pulled("B180", "B181", "B182") + bent("0", "0.4", "0.5"), PASS),
        ("flash-butt", pulled("B180", "B181", "B182") + bent("0", "0.6", "0.5"), RETEST),
        ("flash-butt", pulled("B180", "B181", "B182") + bent("1", "0.6", "0.5"), FAIL),
        ("flash-butt", pulled("B180", "B181", "B182"), OPEN),
        ("insert", [{"peak_kn": "164"}] * 3, PASS),
        ("insert", [{"peak_kn": "164"}, {"peak_kn": "163"}, {"peak_kn": "164"}], RETEST),
    ],
)
def test_welds(kind: str, rows: Rows, verdict: Verdict) -> None:
    assert weld(kind, rows).verdict is verdict


def test_the_retest_of_a_weld_in_one_lot_with_its_first_test() -> None:
    first = pulled("B180", "W170", "W171")
    again = [{**row, "stage": "retest"} for row in pulled("B180", "B180", "B180", "B180", "W170", "W170")]
    assert weld("arc", first).verdict is RETEST
    assert weld("arc", first + again).verdict is PASS
    assert weld("arc", again).verdict is PASS
    assert weld("arc", first + [{**row, "stage": "retest"} for row in pulled(*["W170"] * 6)]).verdict is FAIL


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        (fabric_rows(), PASS),
        (fabric_rows(shear="0.5"), RETEST),
        (fabric_rows(bend="crack"), RETEST),
        (fabric_rows(peak="55"), RETEST),
        (fabric_rows()[:-1], OPEN),
        (fabric_rows()[1:], OPEN),
    ],
)
def test_fabric(rows: Rows, verdict: Verdict) -> None:
    """HRB400 d 12: 113.1 mm2, shear 0.3 x 113.1 x 400 = 13.572 kN."""
    found = run("welded-fabric", rows, grade="HRB400", diameter_mm="12")
    assert found.verdict is verdict
    assert of(found, "Fs").limit == ">= 13.572"


def test_a_failing_retest_of_fabric_fails_it() -> None:
    settings = {"grade": "HRB400", "diameter_mm": "12", "stage": "retest", "retest_item": "shear"}
    good, bad = [{"shear_kn": "14"}] * 6, [{"shear_kn": "13"}] * 6
    assert run("welded-fabric", good, **settings).verdict is PASS
    assert run("welded-fabric", bad, **settings).verdict is FAIL


def test_straightened_bars_have_only_a_lower_weight_limit() -> None:
    assert straightened().verdict is PASS
    assert straightened(mass="250").verdict is PASS
    assert straightened(mass="181").verdict is FAIL
    assert straightened(lu="45").verdict is FAIL
    assert straightened(lu="46").verdict is PASS
    with pytest.raises(OperatorError, match=r"no_such_size"):
        straightened(diameter_mm="16", grade="HPB300")
