"""Worked examples J1 to J12 of splices and welds, each under its own id, and the branches between them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.evaluation import Verdict
from labdesk.domain.rounding import Bound, gbt8170
from labdesk.standards import joints
from labdesk.standards.gbt228 import stress
from labdesk.standards.joints import Pull
from labdesk.standards.judging import flips, judge
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rulesets import shipped

PASS, RETEST, FAIL, OPEN = Verdict.PASS, Verdict.RETEST, Verdict.FAIL, Verdict.NOT_EVALUATED
Check = Callable[[], None]


def rules(rule_id: str) -> ProductRules:
    found = shipped().get(rule_id)
    assert isinstance(found, ProductRules)
    return found


SPLICE, WELD = rules("JGJ107-2016"), rules("JGJ18-2012")
AREA_25 = next(row.number("area_mm2") for row in SPLICE.tables["sizes"] if row.number("diameter_mm") == 25)


def splice(force: str, counts_as: str, shown: str, verdict: Verdict, *, flagged: bool = False) -> Check:
    def check() -> None:
        limit = joints.splice_limit(SPLICE.row("grades", "I"), SPLICE.row("bars", "HRB400"), counts_as)
        rule = SPLICE.rule("fmst", "MPa", Bound(low=limit))
        raw = stress(D(force), AREA_25)
        assert gbt8170(raw, D("0.01")) == D(shown)
        assert (judge(rule, raw).verdict, flips(rule, raw)) == (verdict, flagged)

    return check


def lot(first: str, retest: str, verdict: Verdict, joint_count: int | None = None) -> Check:
    """``+`` passed, ``-`` failed."""
    return lambda: _same(
        joints.splice_verdict(SPLICE, [one == "+" for one in first], [one == "+" for one in retest], joint_count),
        verdict,
    )


def pulls(text: str) -> list[Pull]:
    """``B1.05 W0.99``: what it counts as, and R."""
    return [Pull(part[0], D(part[1:]) >= 1) for part in text.split()]


def weld(first: str, verdict: Verdict, retest: str = "") -> Check:
    return lambda: _same(joints.weld_tension(WELD, pulls(first), pulls(retest)), verdict)


def bend(cracked: int, verdict: Verdict, again: int | None = None) -> Check:
    first = [place < cracked for place in range(3)]
    retest = [place < again for place in range(6)] if again is not None else []
    return lambda: _same(joints.weld_bend(WELD, first, retest), verdict)


def _same(found: object, expected: object) -> None:
    assert found == expected


TO_RETEST = "B1.05 W1.02 W1.01"
EXAMPLES: dict[str, Check] = {
    "J1": splice("265.2", "bar", "540.23", PASS),
    "J2": splice("291.6", "connector", "594.01", PASS),
    "J3": splice("291.5", "connector", "593.81", FAIL, flagged=True),
    "J4": splice("265.2", "connector", "540.23", FAIL),
    "J5a": lot("++-", "++++++", PASS),
    "J5b": lot("++-", "+++++-", FAIL),
    "J6": lot("+--", "", FAIL),
    "J7": lot("+-", "++++", PASS, 120),
    "J8": weld("B1.05 B1.02 W1.00", PASS),
    "J9": weld("B1.05 B1.02 W0.99", RETEST),
    "J10a": weld("W1.02 W1.01 W1.00", RETEST),
    "J10b": weld("W1.02 W1.01 W0.99", FAIL),
    "J11a": weld(TO_RETEST, PASS, "B1.05 B1.05 B1.05 B1.05 W1.00 W1.02"),
    "J11b": weld(TO_RETEST, FAIL, "B1.05 B1.05 B1.05 W1.00 W1.02 W1.03"),
    "J12a": bend(1, PASS),
    "J12b": bend(2, RETEST),
    "J12c": bend(3, FAIL),
}
BRANCHES: dict[str, Check] = {
    "splice all pass": lot("+++", "", PASS),
    "splice one fails": lot("++-", "", RETEST),
    "splice too few": lot("++", "", OPEN),
    "splice two failures before the third": lot("--", "", FAIL),
    "splice retest not complete": lot("++-", "+++++", OPEN),
    "small lot all pass": lot("++", "", PASS, 199),
    "small lot one fails": lot("+-", "", RETEST, 199),
    "small lot retest fails": lot("+-", "+++-", FAIL, 199),
    "200 joints are no small lot": lot("++", "", OPEN, 200),
    "weld three bars": weld("B1.00 B1.05 B1.10", PASS),
    "weld one bar two welds": weld(TO_RETEST, RETEST),
    "weld weak bar": weld("B0.99 B1.05 B1.05", FAIL),
    "weld too few": weld("B1.05 B1.05", OPEN),
    "weld retest weak weld": weld(TO_RETEST, FAIL, "B1.05 B1.05 B1.05 B1.05 B1.05 W0.99"),
    "weld retest incomplete": weld(TO_RETEST, OPEN, "B1.05 B1.05 B1.05 B1.05"),
    "weld retest of bars": weld(TO_RETEST, PASS, "B1.05 " * 6),
    "bend none": bend(0, PASS),
    "bend retest two": bend(2, PASS, 2),
    "bend retest three": bend(2, FAIL, 3),
}


@pytest.mark.parametrize("example", [pytest.param(check, id=name) for name, check in EXAMPLES.items()])
def test_worked_example(example: Check) -> None:
    example()


@pytest.mark.parametrize("branch", [pytest.param(check, id=name) for name, check in BRANCHES.items()])
def test_branch(branch: Check) -> None:
    branch()


@pytest.mark.parametrize(
    ("passed", "verdict"), [("+++", PASS), ("++-", FAIL), ("+", OPEN), ("-", FAIL), ("++++", PASS)]
)
def test_the_process_test_knows_no_retest(passed: str, verdict: Verdict) -> None:
    assert joints.process_verdict(SPLICE, [one == "+" for one in passed]) is verdict


def test_grades_of_splices() -> None:
    bar = SPLICE.row("bars", "HRB500E")
    limits = {name: joints.splice_limit(SPLICE.row("grades", name), bar, "connector") for name in ("I", "II", "III")}
    assert limits == {"I": D(693), "II": D(630), "III": D(625)}


def test_slip_of_thick_bars_may_be_larger() -> None:
    grade = SPLICE.row("grades", "I")
    assert [joints.slip_limit(SPLICE, grade, D(d)) for d in (32, 36)] == [D("0.10"), D("0.14")]


def test_ten_lots_in_a_row_enlarge_the_lot() -> None:
    assert [joints.lot_limit(SPLICE, count) for count in (0, 9, 10)] == [500, 500, 1000]


@pytest.mark.parametrize(
    ("first", "retest", "verdict"),
    [
        ("+++", "", PASS),
        ("++-", "", RETEST),
        ("---", "", RETEST),
        ("", "++++++", PASS),
        ("++-", "+++++-", FAIL),
        ("++", "", OPEN),
    ],
)
def test_inserts(first: str, retest: str, verdict: Verdict) -> None:
    found = joints.insert_verdict(WELD, [one == "+" for one in first], [one == "+" for one in retest])
    assert found is verdict


PULLS = st.lists(st.builds(Pull, st.sampled_from("BW"), st.booleans()), min_size=3, max_size=3)
ORDER = (PASS, RETEST, FAIL)


@given(PULLS, st.integers(0, 2))
def test_a_stronger_specimen_never_makes_a_welded_lot_worse(first: list[Pull], place: int) -> None:
    before = joints.weld_tension(WELD, first, [])
    better = [Pull(pull.code, pull.strong or index == place) for index, pull in enumerate(first)]
    assert ORDER.index(joints.weld_tension(WELD, better, [])) <= ORDER.index(before)
    assert joints.weld_tension(WELD, first[::-1], []) is before


@given(st.lists(st.booleans(), min_size=3, max_size=3), st.integers(0, 2))
def test_a_passing_joint_never_makes_a_lot_worse(first: list[bool], place: int) -> None:
    before = joints.splice_verdict(SPLICE, first, [], None)
    better = [one or index == place for index, one in enumerate(first)]
    assert ORDER.index(joints.splice_verdict(SPLICE, better, [], None)) <= ORDER.index(before)
