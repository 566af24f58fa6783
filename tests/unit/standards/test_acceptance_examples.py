"""Worked examples E1 to E18 of GB/T 50107, each under its own id; mortar by GB 50203; what must hold for every selection."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Value, Verdict
from labdesk.standards import acceptance
from labdesk.standards.acceptance import Accepted, Procedure
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rulesets import shipped

PASS, FAIL = Verdict.PASS, Verdict.FAIL
FIRST_HALF = "31.2 38.5 29.8 36.1 33.0 40.2 28.9 35.5 32.6 37.4"
LIST = f"{FIRST_HALF} 34.8 33.9 36.6 35.2 34.1 30.6 36.9 33.3 35.0 37.8".split()
E1 = "34.2 35.8 33.9 36.1 34.7 35.5 33.6 34.9 36.4"
WEB = "21.3 20.5 19.6 21.2 21.3 20.4 19.6 21.2 20.5 18.0"


def rules(rule_id: str = "GBT50107-2010") -> ProductRules:
    found = shipped().get(rule_id)
    assert isinstance(found, ProductRules)
    return found


def first(count: int) -> str:
    return " ".join(LIST[:count])


def times(*parts: tuple[int, str]) -> str:
    return " ".join(value for count, value in parts for _ in range(count))


@dataclass(frozen=True)
class Example:
    """Groups, design strength, what stands in the table, and the deviation where it is known."""

    groups: str
    fk: str
    mean: str
    needed: str
    least: tuple[str, str]
    verdict: Verdict
    deviation: tuple[str, str] | None = None
    sigma0: str = ""


EXAMPLES = {
    "E1": Example(E1, "30", "35.0", "34.5", ("33.6", "28.5"), PASS),
    "E2": Example("36.0 37.1 28.4 36.5 37.9 35.8 36.2 37.0 36.6", "30", "35.7", "34.5", ("28.4", "28.5"), FAIL),
    "E3": Example(times((9, "34.5")), "30", "34.5", "34.5", ("34.5", "28.5"), PASS),
    "E4": Example("34.4", "30", "34.4", "34.5", ("34.4", "28.5"), FAIL),
    "E5": Example("66.5 67.0 65.8 66.2 66.1", "60", "66.3", "66.0", ("65.8", "57.0"), PASS),
    "E6": Example(f"{E1} 32.8", "30", "34.8", "32.875", ("32.8", "27.0"), PASS, ("1.17", "2.50")),
    "E7": Example(first(10), "30", "34.3", "34.3815", ("28.9", "27.0"), FAIL, ("3.81", "3.81")),
    "E8": Example(first(14), "30", "34.6", "33.7145", ("28.9", "27.0"), PASS, ("3.23", "3.23")),
    "E9": Example(first(15), "30", "34.5", "33.276", ("28.9", "25.5"), PASS, ("3.12", "3.12")),
    "E10": Example(first(19), "30", "34.4", "33.1185", ("28.9", "25.5"), PASS, ("2.97", "2.97")),
    "E11": Example(first(20), "30", "34.6", "32.8405", ("28.9", "25.5"), PASS, ("2.99", "2.99")),
    "E12": Example(
        times((7, "36.0"), (7, "35.0"), (1, "25.6")), "30", "34.8", "32.73", ("25.6", "25.5"), PASS, ("2.60", "2.60")
    ),
    "E13": Example(
        times((7, "36.0"), (7, "35.0"), (1, "25.4")), "30", "34.8", "32.793", ("25.4", "25.5"), FAIL, ("2.66", "2.66")
    ),
    "E14": Example(
        times((7, "38.0"), (6, "37.0"), (1, "26.9")), "30", "36.8", "33.3235", ("26.9", "27.0"), FAIL, ("2.89", "2.89")
    ),
    "E15": Example(WEB, "30", "20.4", "32.875", ("18.0", "27.0"), FAIL, ("1.05", "2.50")),
    "E16": Example("33.1 32.4 31.9", "30", "32.5", "32.24", ("31.9", "27.76"), PASS, sigma0="3.20"),
    "E17": Example("33.1 35.4 26.9", "30", "31.8", "32.24", ("26.9", "27.76"), FAIL, sigma0="3.20"),
    "E18": Example("32.0 31.8 31.4", "30", "31.7", "31.75", ("31.4", "28.25"), FAIL, sigma0="1.90"),
}


def numbers(text: str) -> list[D]:
    return [D(part) for part in text.split()]


def of(found: Accepted, symbol: str) -> Value:
    return next(value for value in found.values if value.symbol == symbol)


def assess(example: Example) -> Accepted:
    groups, fk = numbers(example.groups), D(example.fk)
    if example.sigma0:
        return acceptance.accept_known(rules(), groups, fk, D(example.sigma0))
    return acceptance.accept(rules(), groups, fk, acceptance.procedure_for(rules(), len(groups)))


@pytest.mark.parametrize("example", [pytest.param(example, id=name) for name, example in EXAMPLES.items()])
def test_worked_example(example: Example) -> None:
    found = assess(example)
    assert str(of(found, "mfcu").rounded) == example.mean
    assert D(of(found, "mfcu").limit.removeprefix(">= ")) == D(example.needed)
    least = of(found, "fcu,min")
    assert (str(least.rounded), D(least.limit.removeprefix(">= "))) == (example.least[0], D(example.least[1]))
    assert found.verdict is example.verdict
    if example.deviation is not None:
        spread = of(found, "Sfcu")
        assert spread.raw is not None
        assert (str(round(spread.raw, 2)), str(spread.rounded)) == example.deviation


def test_e2_and_e14_fail_by_the_smallest_group_alone() -> None:
    for name in ("E2", "E13", "E14"):
        found = assess(EXAMPLES[name])
        assert (of(found, "mfcu").verdict, of(found, "fcu,min").verdict) == (PASS, FAIL)


def test_e16_has_two_limits_for_the_smallest_group() -> None:
    limits = [value.limit for value in assess(EXAMPLES["E16"]).values if value.symbol == "fcu,min"]
    assert limits == [">= 27.76", ">= 27"]


def test_e8_rounds_the_raw_mean_of_34_55_up() -> None:
    assert of(assess(EXAMPLES["E8"]), "mfcu").raw == D("34.55")


def test_ten_groups_belong_to_the_statistical_method() -> None:
    assert acceptance.procedure_for(rules(), 9) is Procedure.FEW
    assert acceptance.procedure_for(rules(), 10) is Procedure.UNKNOWN


def test_up_to_c20_the_known_method_asks_for_85_percent() -> None:
    found = acceptance.accept_known(rules(), numbers("24.0 23.0 22.5"), D(20), D("3.0"))
    assert found.values[-1].limit == ">= 17"


def test_the_wrong_method_for_the_number_is_refused() -> None:
    groups = numbers(first(10))
    with pytest.raises(OperatorError, match=r"too_many_groups"):
        acceptance.accept(rules(), groups, D(30), Procedure.FEW)
    with pytest.raises(OperatorError, match=r"too_few_groups"):
        acceptance.accept(rules(), groups[:9], D(30), Procedure.UNKNOWN)
    with pytest.raises(OperatorError, match=r"sigma_needed"):
        acceptance.accept(rules(), groups, D(30), Procedure.KNOWN)
    with pytest.raises(OperatorError, match=r"batch_size"):
        acceptance.accept_known(rules(), groups[:2], D(30), D(3))
    with pytest.raises(OperatorError, match=r"no_groups"):
        acceptance.accept(rules(), [], D(30), Procedure.FEW)


def test_the_known_deviation_needs_45_groups() -> None:
    with pytest.raises(OperatorError, match=r"history_too_short"):
        acceptance.known_deviation(rules(), numbers(first(20)))
    assert acceptance.known_deviation(rules(), numbers(first(15)) * 3) == D("3.05")


MORTAR = rules("GB50203-2011")


@pytest.mark.parametrize(
    ("groups", "verdict", "limits"),
    [
        ("11.0 11.0 11.0", PASS, ("11", "8.5")),
        ("11.5 12.5 8.5", FAIL, ("11", "8.5")),
        ("12.5 12.5 8.5", PASS, ("11", "8.5")),
        ("14.5 14.5 8.4", FAIL, ("11", "8.5")),
        ("11.0 12.0", PASS, ("11", "11")),
        ("10.9 12.0", FAIL, ("11", "11")),
        ("11.0", PASS, ("11", "11")),
        ("10.9", FAIL, ("11", "11")),
    ],
)
def test_mortar_of_grade_10(groups: str, verdict: Verdict, limits: tuple[str, str]) -> None:
    found = acceptance.accept_mortar(MORTAR, numbers(groups), D(10))
    assert found.verdict is verdict
    assert tuple(value.limit.removeprefix(">= ") for value in found.values) == limits


STRENGTHS = st.lists(st.decimals(15, 60, places=1, allow_nan=False), min_size=1, max_size=25)


@given(STRENGTHS, st.randoms(use_true_random=False))
def test_order_of_the_groups_does_not_matter(groups: list[D], random: object) -> None:
    procedure = acceptance.procedure_for(rules(), len(groups))
    shuffled = list(groups)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert acceptance.accept(rules(), groups, D(30), procedure) == acceptance.accept(
        rules(), shuffled, D(30), procedure
    )


@given(STRENGTHS, st.decimals(min_value=0, max_value=20, places=1, allow_nan=False))
def test_all_groups_stronger_by_the_same_is_never_worse(groups: list[D], more: D) -> None:
    procedure = acceptance.procedure_for(rules(), len(groups))
    if acceptance.accept(rules(), groups, D(30), procedure).verdict is PASS:
        assert acceptance.accept(rules(), [value + more for value in groups], D(30), procedure).verdict is PASS
