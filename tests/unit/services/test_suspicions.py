"""Suspicion as remarks of an evaluation: shown to the reviewer, with evidence, and absent for honest tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from labdesk.domain.evaluation import Remark
from labdesk.domain.sentences import Language, say
from labdesk.services.curve_files import read_curve_file
from labdesk.services.evaluation import evaluate_curve

DATA = Path(__file__).parents[2] / "data"
STEEL = read_curve_file(DATA / "tensile-42crmo4" / "46NT71.csv").curve
OTHER = read_curve_file(DATA / "tensile-42crmo4" / "46NT73.csv").curve
CUBES = {
    name: read_curve_file(DATA / "concrete-cubes-mts" / f"{name}.dat").curve for name in ("M01_28d_W04", "M01_28d_W05")
}
KEYS = {
    "evaluation.curves_alike",
    "evaluation.shape_not_metal",
    "evaluation.shape_not_brittle",
    "evaluation.peaks_apart",
    "evaluation.results_alike",
}


def told(remarks: tuple[Remark, ...]) -> list[Remark]:
    return [remark for remark in remarks if remark.key in KEYS]


def test_honest_tests_raise_nothing() -> None:
    assert told(evaluate_curve("tensile", {"a": STEEL, "b": OTHER}, {}).remarks) == []
    assert told(evaluate_curve("concrete-cube", CUBES, {}).remarks) == []


def test_one_curve_given_for_two_pieces() -> None:
    (remark,) = told(evaluate_curve("tensile", {"a": STEEL, "b": STEEL}, {}).remarks)
    assert (remark.key, remark.params["first"], remark.params["second"]) == ("evaluation.curves_alike", "a", "b")
    assert say(remark.key, Language.EN, **remark.params).startswith(
        "a and b: the noise of both curves agrees (correlation 1.000"
    )


def test_a_cube_tested_as_steel_and_steel_as_a_cube() -> None:
    cube = next(iter(CUBES.values()))
    (remark,) = told(evaluate_curve("tensile", {"a": cube}, {"s0_mm2": "22500"}).remarks)
    assert (remark.key, remark.params["ratio"]) == ("evaluation.shape_not_metal", "3.14")
    (remark,) = told(evaluate_curve("concrete-cube", {"a": STEEL}, {"side_mm": "150"}).remarks)
    assert remark.key == "evaluation.shape_not_brittle"


def test_a_peak_that_is_not_the_curves() -> None:
    curve = replace(STEEL, metadata={**STEEL.metadata, "machine_peak_kn": "25.0"})
    (remark,) = told(evaluate_curve("tensile", {"a": curve}, {}).remarks)
    assert (remark.key, remark.params["file"]) == ("evaluation.peaks_apart", "25")
    assert remark.params["curve"].startswith("23.56")
