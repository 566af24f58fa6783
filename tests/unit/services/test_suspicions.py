"""Suspicion as remarks of an evaluation: shown to the reviewer, with evidence, and absent for honest tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from labdesk.domain.evaluation import Remark
from labdesk.domain.sentences import Language, say
from labdesk.services.curve_files import read_curve_file
from labdesk.services.evaluation import evaluate_curve
from labdesk.services.sealed_curves import curve_from_sealed
from tests.helpers.virtual_runs import virtual_run

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


def doubted(scenario: str, fault: str = "none") -> list[Remark]:
    """The doubts in an evaluation of a virtual machine's run."""
    curve = curve_from_sealed(virtual_run("labdesk_utm", scenario, fault, rate_hz=20))
    remarks = evaluate_curve("tensile", {"a": curve}, {"diameter_mm": "20", "le_mm": "100"}).remarks
    return [remark for remark in remarks if remark.key.startswith("doubts.")]


def test_a_whole_loading_raises_no_doubt() -> None:
    assert doubted("rebar") == doubted("splice") == []


def test_a_stuck_value_a_held_peak_and_an_unloading_are_remarked_with_their_figures() -> None:
    (stuck,) = doubted("rebar", "stuck@30:4")
    assert (stuck.key, stuck.params["seconds"], stuck.params["label"]) == ("doubts.stuck", "4.0", "a")
    (held,) = doubted("rebar", "peak-hold")
    assert held.key == "doubts.peak_held_moving"
    assert abs(float(held.params["moved"])) > 5
    (unloaded,) = doubted("operator-abort")
    assert unloaded.key == "doubts.unloaded_moving"
    assert float(unloaded.params["moved"]) < 0
    for remark in (stuck, held, unloaded):
        for language in Language:
            assert "{" not in say(remark.key, language, **remark.params)


def test_a_bar_without_a_plateau_has_a_proof_stress_and_no_yield_point() -> None:
    run = virtual_run("labdesk_utm", "rebar-continuous", rate_hz=50, rp02_mpa=450)
    found = evaluate_curve("tensile", {"a": curve_from_sealed(run)}, {"diameter_mm": "20", "le_mm": "100"})
    values = {value.symbol: value.raw for value in found.values}
    assert values["ReH"] is None
    assert values["ReL"] is None
    assert values["Rp0.2"] is not None
    assert abs(values["Rp0.2"] - 450) < 3
