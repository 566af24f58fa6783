"""Short plateaus that rise or wave after a transient: ReL is their lowest, wherever the search for the plateau looked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labdesk.standards.gbt228 import evaluate_tensile
from tests.helpers.true_curves import Events, Machine, Recipe, Steel, record

_STEEL = Steel(upper=262.0, lower=258.8, transient=2.65, plateau=0.0065, rm=368.0)


@pytest.mark.rule("YK-7.2a")
@pytest.mark.parametrize("tilt", [0.0, 1.0, 2.2, 4.0])
@pytest.mark.parametrize("transient", [2.65, 6.0, 12.0])
@pytest.mark.parametrize("rm", [275.0, 368.0])
def test_the_lowest_of_a_rising_plateau_is_its_beginning(tilt: float, transient: float, rm: float) -> None:
    steel = replace(_STEEL, tilt_mpa=tilt, transient=transient, rm=rm)
    for noise in (0.0, 0.00012):
        curve, _ = record(Recipe(steel, machine=Machine(hz=200.0, noise=noise, extension_noise_mm=0.0001)))
        found = evaluate_tensile(curve, Recipe().geometry).r_el_mpa
        assert found.value is not None
        assert float(found.value) == pytest.approx(steel.lower, rel=0.0015)


@pytest.mark.parametrize("waves", [3, 6, 11])
@pytest.mark.parametrize("channels", ["extension", "displacement"])
def test_serrations_do_not_tilt_the_plateau(waves: int, channels: str) -> None:
    steel = replace(_STEEL, waves=waves, wave_mpa=0.5)
    machine = Machine(hz=480.0, yield_rate=0.002, quantum_kn="0.02", channels=channels, stiffness_kn_mm=157.0)
    curve, _ = record(Recipe(steel, Events(), machine))
    found = evaluate_tensile(curve, Recipe().geometry).r_el_mpa
    assert found.value is not None
    assert float(found.value) == pytest.approx(steel.lower, rel=0.0015)


def test_a_coarse_force_still_shows_the_plateau_behind_the_transient() -> None:
    """One count of the force over a short stretch is no slope of the plateau."""
    steel = Steel(
        upper=720.0,
        lower=647.1,
        top_plastic=0.00013,
        fall=0.0017,
        transient=2.75,
        plateau=0.006,
        tilt_mpa=3.9,
        rm=771.0,
    )
    machine = Machine(hz=315.0, yield_rate=0.0005, quantum_kn="0.05", jitter=0.9, extension_quantum_mm="0.0005")
    curve, _ = record(Recipe(steel, machine=machine, s0_mm2=78.54, le_mm=50.0))
    found = evaluate_tensile(curve, Recipe(s0_mm2=78.54, le_mm=50.0).geometry).r_el_mpa
    assert found.value is not None
    assert float(found.value) == pytest.approx(steel.lower, abs=0.05 / 78.54 * 1000 * 2)


def test_on_the_crosshead_hardening_behind_the_valley_is_no_plateau() -> None:
    """A soft frame springs back while the force falls: on its axis the valley and the rise after it take no strain."""
    steel = Steel(
        upper=253.0, lower=225.3, top_plastic=0.00009, fall=0.00126, plateau=0.0, rm=359.0, uniform=0.068, fracture=0.17
    )
    machine = Machine(
        hz=640.0, yield_rate=0.002, quantum_kn="0.0005", channels="displacement", stiffness_kn_mm=9.8, noise=0.00006
    )
    recipe = Recipe(steel, machine=machine, s0_mm2=19.63, le_mm=25.0, lc_mm=75.0)
    curve, _ = record(recipe)
    found = evaluate_tensile(curve, recipe.geometry).r_el_mpa
    assert found.value is not None
    assert float(found.value) == pytest.approx(225.3, rel=0.002)


@pytest.mark.parametrize("share", [0.01, 0.017, 0.03])
def test_holding_the_piece_while_it_hardens_below_reh_is_no_valley_of_yielding(share: float) -> None:
    """ReH lies high above the plateau, so the force has not come back to it when the piece is held."""
    steel = Steel(
        upper=650.0, lower=595.0, top_plastic=0.0002, fall=0.0025, plateau=0.019, tilt_mpa=4.6, rm=794.0, uniform=0.138
    )
    machine = Machine(hz=420.0, yield_rate=0.002, plastic_rate=0.0067, jitter=0.3, burst=4, stiffness_kn_mm=100.0)
    events = Events(hold=0.0365, hold_share=share)
    recipe = Recipe(replace(steel, fracture=0.22), events, machine, s0_mm2=201.1, le_mm=25.0, lc_mm=75.0)
    curve, _ = record(recipe)
    found = evaluate_tensile(curve, recipe.geometry).r_el_mpa
    assert found.value is not None
    assert float(found.value) == pytest.approx(595.0, rel=0.002)


def test_counts_that_flicker_are_no_valleys() -> None:
    """Noise below one count flickers over two of them: that must not make the transient a valley among others."""
    steel = Steel(
        upper=536.5, lower=503.4, fall=0.0005, transient=6.2, plateau=0.0247, rm=564.0, uniform=0.079, fracture=0.17
    )
    machine = Machine(
        hz=347.0, quantum_kn="0.5", noise=0.00031, extension_noise_mm=0.0005, stiffness_kn_mm=402.0, burst=4
    )
    for seed in (1, 2, 3):
        recipe = Recipe(steel, machine=machine, s0_mm2=804.2, le_mm=100.0, seed=seed)
        curve, _ = record(recipe)
        found = evaluate_tensile(curve, recipe.geometry).r_el_mpa
        assert found.value is not None
        assert float(found.value) == pytest.approx(503.4, abs=2 * 0.5 / 804.2 * 1000)
