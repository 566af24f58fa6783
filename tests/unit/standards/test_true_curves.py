"""Known materials through faulty machines: a small form of ``python -m benchmarks.tensile_truth``, and each fault by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labdesk.standards.gbt228 import Reading, TensileValues, evaluate_tensile
from tests.helpers.true_campaign import Outcome, findings, random_recipe
from tests.helpers.true_curves import Events, Machine, Recipe, Steel, Truth, record

ROUND = Steel(upper=None, lower=500.0, rm=620.0)


def evaluate(recipe: Recipe) -> tuple[TensileValues, Truth]:
    curve, truth = record(recipe)
    return evaluate_tensile(curve, recipe.geometry), truth


def number(reading: Reading) -> float:
    assert reading.value is not None, reading.note
    return float(reading.value)


@pytest.mark.rule("YK-7.2a")
@pytest.mark.parametrize("block", range(6))
def test_every_value_of_a_random_test_is_right_or_explained(block: int) -> None:
    """25 curves each; a miss must have a cause that bounds it, and misses stay rare."""
    found = [item for seed in range(25 * block, 25 * block + 25) for item in findings(random_recipe(seed))]
    assert [item for item in found if item.outcome not in (Outcome.RIGHT, Outcome.WITHHELD) and not item.cause] == []
    right = [item for item in found if item.outcome in (Outcome.RIGHT, Outcome.WITHHELD)]
    assert len(right) >= 0.95 * len(found)


@pytest.mark.parametrize("steel", [ROUND, replace(ROUND, dent=0.007), replace(ROUND, bend=0.003, limit=0.5)])
@pytest.mark.parametrize("channels", ["extension", "displacement", "force"])
@pytest.mark.parametrize("slip", [None, 300.0])
def test_no_yield_point_where_the_steel_yields_continuously(steel: Steel, channels: str, slip: float | None) -> None:
    recipe = Recipe(steel, Events(slip=slip), Machine(channels=channels, noise=0.0002, stiffness_kn_mm=150.0))
    found, _ = evaluate(recipe)
    assert (found.r_eh_mpa.value, found.r_el_mpa.value) == (None, None)
    assert found.r_eh_mpa.note == "standards.no_yield_drop"


@pytest.mark.parametrize(
    ("hz", "channels"), [(12.5, "extension"), (50.0, "extension"), (2000.0, "extension"), (50.0, "displacement")]
)
def test_a_yield_point_at_every_rate_and_without_extensometer(hz: float, channels: str) -> None:
    recipe = Recipe(machine=Machine(hz=hz, channels=channels, stiffness_kn_mm=150.0))
    found, truth = evaluate(recipe)
    assert number(found.r_eh_mpa) == pytest.approx(truth.upper or 0.0, abs=0.04)
    assert number(found.r_el_mpa) == pytest.approx(truth.lower or 0.0, abs=0.04)


@pytest.mark.parametrize("top_plastic", [0.0, 0.0003, 0.0008])
def test_a_soft_yield_of_one_percent_with_a_long_plateau_is_a_yield_point(top_plastic: float) -> None:
    """The rounded dent of quenched and tempered steel is as deep, but no plateau of one percent strain follows it."""
    steel = Steel(upper=444.4, lower=440.0, top_plastic=top_plastic, plateau=0.015)
    found, truth = evaluate(Recipe(steel))
    assert number(found.r_eh_mpa) == pytest.approx(truth.upper or 0.0, rel=0.001)
    assert number(found.r_el_mpa) == pytest.approx(440.0, rel=0.001)


@pytest.mark.parametrize(
    ("steel", "lower"),
    [
        (Steel(transient=12.0), 440.0),
        (Steel(transient=12.0, waves=4, wave_mpa=5.0), 440.0),
        (Steel(waves=4, wave_mpa=5.0), 440.0),
        (Steel(tilt_mpa=4.0), 440.0),
        (Steel(transient=8.0, tilt_mpa=4.0), 440.0),
        (Steel(plateau=0.0, transient=6.0), 434.0),
    ],
)
def test_rel_by_the_words_of_the_standard(steel: Steel, lower: float) -> None:
    """Transient dropped, plateau stress, smallest of the later valleys, a single valley as it is."""
    found, _ = evaluate(Recipe(steel))
    assert number(found.r_el_mpa) == pytest.approx(lower, rel=0.0015)
    assert number(found.r_el_mpa) < number(found.r_eh_mpa)


@pytest.mark.parametrize("events", [Events(hold=0.03), Events(loop=0.03), Events(hold=0.012), Events(loop=0.012)])
def test_holding_or_unloading_the_piece_is_no_yielding(events: Events) -> None:
    steel = Steel(upper=490.0, lower=440.0, rm=520.0, plateau=0.015)
    found, truth = evaluate(Recipe(steel, events))
    assert number(found.r_eh_mpa) == pytest.approx(truth.upper or 0.0, abs=0.05)
    assert number(found.r_el_mpa) == pytest.approx(440.0, rel=0.002)
    assert number(found.rm_mpa) == pytest.approx(520.0, abs=0.05)


@pytest.mark.parametrize("off_as", ["still", "back", "drift"])
@pytest.mark.parametrize("noise_mm", [0.0, 0.001])
def test_nothing_is_taken_from_an_extensometer_that_was_taken_off(off_as: str, noise_mm: float) -> None:
    recipe = Recipe(ROUND, Events(off=0.05, off_as=off_as), Machine(extension_noise_mm=noise_mm, channels="both"))
    found, truth = evaluate(recipe)
    for reading in (found.a_g_percent, found.a_gt_percent, found.a_percent, found.a_t_percent):
        assert (reading.value, reading.note) == (None, "standards.extensometer_off")
    assert number(found.rm_mpa) == pytest.approx(620.0, abs=0.05)
    assert number(found.r_p02_mpa) == pytest.approx(truth.rp02, rel=0.005)


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(
    ("place", "hidden"),
    [
        ("upper", {"r_eh_mpa", "r_el_mpa"}),
        ("lower", {"r_el_mpa"}),
        ("peak", {"rm_mpa", "a_gt_percent", "a_g_percent"}),
        ("fracture", {"a_percent", "a_t_percent"}),
        ("hardening", set()),
    ],
)
def test_a_value_over_a_gap_is_not_given(place: str, hidden: set[str], told: bool) -> None:
    recipe = Recipe(Steel(transient=8.0), Events(gap=place, gap_strain=0.004, gap_told=told), Machine(hz=100.0))
    found, truth = evaluate(recipe)
    for name in hidden:
        reading = getattr(found, name)
        assert (reading.value, reading.note) == (None, "standards.over_gap"), name
    if "r_eh_mpa" not in hidden:
        assert number(found.r_eh_mpa) == pytest.approx(truth.upper or 0.0, abs=0.05)
    if "rm_mpa" not in hidden:
        assert number(found.rm_mpa) == pytest.approx(600.0, abs=0.05)


def test_a_gap_over_the_proof_strength_hides_only_that() -> None:
    found, truth = evaluate(Recipe(ROUND, Events(gap="proof", gap_strain=0.001), Machine(hz=100.0)))
    assert (found.r_p02_mpa.value, found.r_p02_mpa.note) == (None, "standards.over_gap")
    assert number(found.rm_mpa) == pytest.approx(truth.rm, abs=0.05)


def test_a_record_that_begins_after_the_elastic_part_gives_no_strain_values() -> None:
    curve, _ = record(Recipe(ROUND))
    begin = int((curve.force_kn.view > 150.0).argmax())
    assert curve.extension_mm is not None
    late = type(curve)(
        *(channel.part(begin, len(curve)) for channel in (curve.time_s, curve.force_kn, curve.extension_mm))
    )
    found = evaluate_tensile(late, Recipe().geometry)
    for reading in (found.slope_mpa, found.r_p02_mpa, found.a_gt_percent):
        assert reading.value is None
    assert number(found.rm_mpa) == pytest.approx(620.0, abs=0.05)


def test_time_stamps_in_blocks_are_no_gaps() -> None:
    recipe = Recipe(machine=Machine(hz=20.0, burst=4))
    found, truth = evaluate(recipe)
    assert number(found.r_eh_mpa) == pytest.approx(truth.upper or 0.0, abs=0.05)
    assert number(found.a_gt_percent) == pytest.approx(truth.agt, abs=0.1)


@pytest.mark.parametrize(("limit", "noise_mm"), [(0.2, 0.004), (0.5, 0.01)])
def test_where_the_slope_is_poor_a_loop_gives_it_and_else_the_steps(limit: float, noise_mm: float) -> None:
    steel = replace(ROUND, limit=limit)
    machine = Machine(extension_quantum_mm="0.002", extension_noise_mm=noise_mm, hz=15.0)
    with_loop, truth = evaluate(Recipe(steel, Events(loop=0.02), machine, le_mm=50.0))
    assert with_loop.r_p02_mpa.note == "standards.slope_by_loop"
    assert number(with_loop.r_p02_mpa) == pytest.approx(truth.rp02, rel=0.06)
    without, _ = evaluate(Recipe(steel, Events(), machine, le_mm=50.0))
    assert without.r_p02_mpa.note == "standards.slope_by_steps"
    assert number(without.r_p02_mpa) == pytest.approx(truth.rp02, rel=0.1)
    assert without.slope_mpa.note == "standards.slope_poor"


def test_yield_point_extension_ends_where_hardening_begins() -> None:
    found, _ = evaluate(Recipe(Steel(transient=8.0, plateau=0.015)))
    assert number(found.a_e_percent) == pytest.approx(1.59, abs=0.15)


def test_a_record_that_stops_at_the_maximum_says_so() -> None:
    curve, _ = record(Recipe(ROUND))
    stop = int(curve.force_kn.counts.argmax()) + 1
    assert curve.extension_mm is not None
    cut = type(curve)(*(channel.part(0, stop) for channel in (curve.time_s, curve.force_kn, curve.extension_mm)))
    found = evaluate_tensile(cut, Recipe().geometry)
    assert found.rm_mpa.note == "standards.ends_at_maximum"
    assert (found.a_percent.value, found.a_percent.note) == (None, "standards.no_fracture")
