"""A slope from what a gap left of the straight part is given with a remark, never silently."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from labdesk.domain.curve import Curve
from labdesk.standards.gbt228 import evaluate_tensile
from tests.helpers.true_curves import Events, Machine, Recipe, Steel, record


def _without(curve: Curve, first: float, last: float) -> Curve:
    """The curve without the samples between two forces on the way up, kN."""
    assert curve.extension_mm is not None
    force = curve.force_kn.view
    kept = np.ones(force.size, dtype=bool)
    kept[int(np.argmax(force >= first)) : int(np.argmax(force >= last))] = False
    channels = (curve.time_s, curve.force_kn, curve.extension_mm)
    return Curve(*(type(channel)(channel.counts[kept], channel.quantum, channel.unit) for channel in channels))


@pytest.mark.parametrize(("begins_at", "note"), [(0.3, "standards.slope_cut"), (0.6, "")])
def test_a_gap_below_forty_percent_of_yield_is_said_beside_the_slope(begins_at: float, note: str) -> None:
    steel = Steel(upper=None, lower=524.0, rm=640.0, limit=0.9)
    curve, _ = record(Recipe(steel, machine=Machine(hz=20.0, extension_quantum_mm="0.001")))
    level = 524.0 * float(Recipe().s0_mm2) / 1000.0
    found = evaluate_tensile(_without(curve, begins_at * level, 0.97 * level), Recipe().geometry)
    assert found.slope_mpa.note == note
    assert found.slope_mpa.value is not None
    assert Decimal(180_000) < found.slope_mpa.value < Decimal(220_000)


def test_lost_samples_under_a_noisy_force_do_not_hide_the_slope() -> None:
    """Five samples in a row went missing while the extensometer seated; the chord across them is steep by noise alone."""
    steel = Steel(upper=228.25, lower=222.3, transient=1.9, plateau=0.011, tilt_mpa=2.06, rm=250.0)
    machine = Machine(hz=200.0, noise=0.00127, extension_quantum_mm="0.0001", stress_rate=52.0)
    curve, truth = record(Recipe(steel, Events(toe=0.00018, toe_mpa=10.0), machine, s0_mm2=490.9, le_mm=25.0))
    level = 490.9 * 22.0 / 1000.0
    first = int(np.argmax(curve.force_kn.view >= level))
    kept = np.ones(len(curve), dtype=bool)
    kept[first : first + 5] = False
    assert curve.extension_mm is not None
    channels = (curve.time_s, curve.force_kn, curve.extension_mm)
    cut = Curve(*(type(channel)(channel.counts[kept], channel.quantum, channel.unit) for channel in channels))
    found = evaluate_tensile(cut, Recipe(s0_mm2=490.9, le_mm=25.0).geometry)
    assert found.slope_mpa.value is not None, found.slope_mpa.note
    assert float(found.slope_mpa.value) == pytest.approx(truth.e_mpa, rel=0.02)


def test_the_noise_of_the_force_is_said_beside_the_slope() -> None:
    quiet, _ = record(Recipe(machine=Machine(noise=0.0001)))
    noisy, _ = record(Recipe(machine=Machine(noise=0.003)))
    assert evaluate_tensile(quiet, Recipe().geometry).slope_mpa.note == ""
    assert evaluate_tensile(noisy, Recipe().geometry).slope_mpa.note.startswith("standards.slope_")


def test_a_record_that_resumes_during_yielding_gives_no_upper_yield_strength() -> None:
    """The straight part and the true ReH lie in a gap: the crest of a serration after it is not ReH."""
    steel = Steel(
        upper=625.0, lower=610.0, top_plastic=0.00027, transient=16.4, plateau=0.0237, waves=10, wave_mpa=4.5, rm=838.0,
        uniform=0.068, fracture=0.148,
    )  # fmt: skip
    machine = Machine(hz=258.0, stiffness_kn_mm=245.0)
    for told in (True, False):
        recipe = Recipe(steel, Events(gap="elastic", gap_strain=0.0082, gap_told=told), machine, s0_mm2=490.9)
        curve, _ = record(recipe)
        found = evaluate_tensile(curve, recipe.geometry)
        assert (found.r_eh_mpa.value, found.r_eh_mpa.note) == (None, "standards.over_gap")


@pytest.mark.parametrize("told", [True, False])
def test_force_and_time_alone_with_a_gap_in_the_straight_part(told: bool) -> None:
    """The rate of the straight part is taken from what is left of it, or the yielding would have no axis at all."""
    steel = Steel(
        upper=367.2,
        lower=352.9,
        top_plastic=0.00006,
        transient=3.8,
        plateau=0.023,
        rm=540.0,
        uniform=0.0504,
        fracture=0.16,
    )
    machine = Machine(hz=826.0, yield_rate=0.0005, quantum_kn="0.002", channels="force", stress_rate=44.0)
    recipe = Recipe(steel, Events(gap="elastic", gap_strain=0.0012, gap_told=told), machine, s0_mm2=78.54, le_mm=50.0)
    curve, _ = record(recipe)
    found = evaluate_tensile(curve, recipe.geometry).r_el_mpa
    assert found.value is None or float(found.value) == pytest.approx(352.9, rel=0.002)


def test_noise_between_lost_samples_is_no_gap() -> None:
    """Five lost samples near the maximum, over which nothing happened but noise: Rm stands."""
    steel = Steel(upper=None, lower=421.0, rm=662.0, uniform=0.19, fracture=0.27)
    curve, _ = record(Recipe(steel, machine=Machine(hz=390.0, noise=0.0018, quantum_kn="0.002")))
    peak = int(curve.force_kn.counts.argmax())
    force = curve.force_kn.view
    steps = np.abs(force[5:] - force[:-5])
    first = peak + int(np.argmax(steps[peak : peak + 4000] * (np.arange(4000) > 10)))
    kept = np.ones(len(curve), dtype=bool)
    kept[first + 1 : first + 5] = False
    assert curve.extension_mm is not None
    channels = (curve.time_s, curve.force_kn, curve.extension_mm)
    cut = Curve(*(type(channel)(channel.counts[kept], channel.quantum, channel.unit) for channel in channels))
    assert steps[first] > 0.005 * float(force.max())
    assert evaluate_tensile(cut, Recipe().geometry).rm_mpa.note != "standards.over_gap"
