"""Curves with known truth: what evaluation finds must be what was put in, and nothing that was not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from labdesk.domain.curve import Channel, Curve
from labdesk.domain.errors import OperatorError
from labdesk.standards.gbt228 import Reading, TensileValues, evaluate_tensile
from labdesk.standards.trace import StrainSource, TensileGeometry
from tests.helpers.synthetic_curves import Recipe, Truth, make

GEOMETRY = TensileGeometry(Decimal("314.2"), Decimal(100))


def evaluate(recipe: Recipe) -> tuple[TensileValues, Truth]:
    curve, truth = make(recipe)
    return evaluate_tensile(curve, GEOMETRY), truth


def number(reading: Reading) -> float:
    assert reading.value is not None, reading.note
    return float(reading.value)


def random_recipe(seed: int) -> Recipe:
    """Noise up to 0.025 % of Rm, rates above the standard's minimum, every quantum and offset met in practice."""
    rng = np.random.default_rng(seed)
    lower = float(rng.uniform(280, 560))
    return Recipe(
        e_mpa=float(rng.uniform(190e3, 210e3)),
        upper=None if rng.random() < 0.35 else lower * float(rng.uniform(1.02, 1.12)),
        lower=lower,
        transient=0.0 if rng.random() < 0.5 else lower * float(rng.uniform(0.005, 0.03)),
        plateau=float(rng.uniform(0.006, 0.02)),
        rm=lower * float(rng.uniform(1.15, 1.5)),
        uniform=float(rng.uniform(0.06, 0.16)),
        fracture=0.21,
        hz=float(rng.choice([15, 20, 50, 100])),
        jitter=float(rng.choice([0, 0.3])),
        noise=float(rng.choice([0.0, 0.0001, 0.0002])),
        quantum_kn=str(rng.choice(["0.1", "0.01", "0.001"])),
        offset=float(rng.choice([0.0, 0.002, -0.001])),
        preload=float(rng.choice([0, 10, 30])),
        tail=bool(rng.random() < 0.7),
        seed=seed,
    )


@pytest.mark.parametrize("seed", range(300))
def test_random_curve(seed: int) -> None:
    recipe = random_recipe(seed)
    found, truth = evaluate(recipe)
    quantum = float(recipe.quantum_kn) * 1000 / recipe.s0_mm2
    if truth.upper is None or truth.lower is None:
        assert found.r_eh_mpa.value is None
        assert found.r_el_mpa.value is None
    else:
        assert number(found.r_eh_mpa) == pytest.approx(truth.upper, abs=max(quantum, 0.002 * truth.upper))
        assert number(found.r_el_mpa) == pytest.approx(truth.lower, abs=max(quantum, 0.002 * truth.lower))
    assert number(found.r_p02_mpa) == pytest.approx(truth.rp02, rel=0.005)
    assert number(found.slope_mpa) == pytest.approx(truth.e_mpa, rel=0.01)
    assert number(found.rm_mpa) == pytest.approx(truth.rm, abs=quantum + (0.0005 + 5 * recipe.noise) * truth.rm)
    assert number(found.a_t_percent) == pytest.approx(truth.fracture, abs=0.1)
    if recipe.noise == 0:
        assert number(found.a_gt_percent) == pytest.approx(truth.agt, abs=0.1)


@pytest.mark.parametrize("seed", range(20))
def test_a_noisy_flat_maximum_is_fitted(seed: int) -> None:
    found, truth = evaluate(replace(random_recipe(seed), noise=0.001, quantum_kn="0.001", hz=50.0))
    assert number(found.a_gt_percent) == pytest.approx(truth.agt, abs=0.1)


def test_a_force_plateau_at_the_maximum_takes_its_midpoint() -> None:
    found, truth = evaluate(Recipe(quantum_kn="1"))
    assert number(found.a_gt_percent) == pytest.approx(truth.agt, abs=0.1)


def test_the_transient_below_the_plateau_is_not_rel() -> None:
    found, truth = evaluate(Recipe(transient=15.0))
    assert number(found.r_el_mpa) == pytest.approx(truth.lower or 0.0, rel=0.001)


def test_reh_is_an_exact_sample() -> None:
    curve, _ = make(Recipe(hz=5.0))
    reading = evaluate_tensile(curve, GEOMETRY).r_eh_mpa
    assert reading.index is not None
    assert reading.value is not None
    exact = curve.force_kn.exact(reading.index) * 1000 / Decimal("314.2")
    assert abs(reading.value - exact) < Decimal("1E-20")


def test_without_hardening_rm_is_not_given() -> None:
    found, _ = evaluate(Recipe(upper=500.0, lower=440.0, rm=441.0, uniform=0.03, plateau=0.02, fracture=0.05))
    assert found.r_eh_mpa.value is not None
    assert (found.rm_mpa.value, found.rm_mpa.note) == (None, "standards.no_hardening")


def test_reh_above_all_later_forces_leaves_rm_to_the_hardened_part() -> None:
    found, truth = evaluate(Recipe(upper=500.0, lower=440.0, rm=480.0, plateau=0.015, uniform=0.06, fracture=0.08))
    assert number(found.r_eh_mpa) == pytest.approx(truth.upper or 0.0, abs=0.1)
    assert number(found.rm_mpa) == pytest.approx(480.0, abs=0.1)


def without(curve: Curve, *, extension: bool = True, displacement: Channel | None = None) -> Curve:
    return Curve(
        curve.time_s, curve.force_kn, None if extension else curve.extension_mm, displacement, metadata=curve.metadata
    )


def test_without_extensometer_yield_and_maximum_remain_and_strains_are_refused() -> None:
    curve, truth = make(Recipe())
    stretched = Channel(curve.extension_mm.counts * 3, curve.extension_mm.quantum, "mm") if curve.extension_mm else None
    found = evaluate_tensile(without(curve, displacement=stretched), GEOMETRY)
    assert found.strain_source is StrainSource.DISPLACEMENT
    assert number(found.r_eh_mpa) == pytest.approx(truth.upper or 0.0, abs=0.1)
    assert number(found.r_el_mpa) == pytest.approx(truth.lower or 0.0, rel=0.001)
    for reading in (found.r_p02_mpa, found.a_g_percent, found.a_gt_percent, found.a_percent, found.slope_mpa):
        assert (reading.value, reading.note) == (None, "standards.no_extensometer")


def test_with_time_and_force_alone_the_yield_drop_is_still_found() -> None:
    curve, truth = make(Recipe(upper=470.0))
    found = evaluate_tensile(without(curve), GEOMETRY)
    assert found.strain_source is StrainSource.TIME
    assert number(found.r_eh_mpa) == pytest.approx(truth.upper or 0.0, abs=0.1)


def test_extensometer_taken_off_before_the_maximum() -> None:
    curve, truth = make(Recipe())
    assert curve.extension_mm is not None
    counts = curve.extension_mm.counts.copy()
    off = int(np.argmax(counts > 30_000))
    counts[off:] = counts[off]
    cut = Curve(
        curve.time_s, curve.force_kn, Channel(counts, curve.extension_mm.quantum, "mm"), metadata=curve.metadata
    )
    found = evaluate_tensile(cut, GEOMETRY)
    assert number(found.rm_mpa) == pytest.approx(truth.rm, abs=0.1)
    assert number(found.r_p02_mpa) == pytest.approx(truth.rp02, rel=0.005)
    assert found.a_gt_percent.note == "standards.extensometer_off"
    assert found.a_percent.note == "standards.extensometer_off"


def test_a_gap_in_the_record_does_not_move_the_values() -> None:
    curve, truth = make(Recipe())
    keep = np.ones(len(curve), dtype=bool)
    hole = int(np.argmax(curve.extension_mm.view > 4.0)) if curve.extension_mm else 0
    keep[hole : hole + 60] = False

    def kept(channel: Channel) -> Channel:
        return Channel(channel.counts[keep], channel.quantum, channel.unit)

    assert curve.extension_mm is not None
    found = evaluate_tensile(Curve(kept(curve.time_s), kept(curve.force_kn), kept(curve.extension_mm)), GEOMETRY)
    assert number(found.r_el_mpa) == pytest.approx(truth.lower or 0.0, rel=0.002)
    assert number(found.a_gt_percent) == pytest.approx(truth.agt, abs=0.1)


@pytest.mark.parametrize(("points", "key"), [(3, "standards.too_few_points"), (9, "standards.too_few_points")])
def test_a_few_points_are_no_curve(points: int, key: str) -> None:
    ramp = np.arange(points)
    curve = Curve(Channel(ramp, Decimal(1), "s"), Channel(ramp, Decimal(1), "kN"))
    with pytest.raises(OperatorError) as caught:
        evaluate_tensile(curve, GEOMETRY)
    assert caught.value.key == key


def test_a_machine_that_never_loads_is_no_test() -> None:
    flat = np.zeros(50, dtype=np.int64)
    curve = Curve(Channel(np.arange(50), Decimal(1), "s"), Channel(flat, Decimal(1), "kN"))
    with pytest.raises(OperatorError, match=r"standards\.no_load"):
        evaluate_tensile(curve, GEOMETRY)


@pytest.mark.parametrize("seed", range(30))
def test_wild_signals_never_crash(seed: int) -> None:
    """Whatever a machine writes, evaluation either gives values or says why not."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(10, 400))
    force = np.cumsum(rng.integers(-50, 60, size)) if seed % 2 else rng.integers(-5, 2000, size)
    force[rng.integers(size)] = 3000
    extension = np.cumsum(rng.integers(-2, 5, size))
    time = Channel(np.cumsum(rng.integers(0, 3, size)), Decimal("0.1"), "s")
    curve = Curve(time, Channel(force, Decimal("0.01"), "kN"), Channel(extension, Decimal("0.001"), "mm"))
    found = evaluate_tensile(curve, GEOMETRY)
    assert found.fm_kn.value is not None or found.fm_kn.note
