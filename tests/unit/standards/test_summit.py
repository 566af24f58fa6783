"""Strain at the largest force: the sample where it tells, the top of a fit where it is chance, and always said which."""

from __future__ import annotations

import pytest

from labdesk.standards.gbt228 import evaluate_tensile
from tests.helpers.true_curves import Machine, Recipe, Steel, record

_ROUND = Steel(upper=None, lower=457.0, rm=683.0, uniform=0.128, fracture=0.208)


@pytest.mark.parametrize(
    ("noise", "hz", "note"),
    [
        (0.0, 50.0, ""),
        (0.000002, 10.0, ""),
        (0.00005, 8.0, "standards.flat_maximum"),
        (0.00005, 300.0, "standards.peak_fitted"),
        (0.001, 50.0, "standards.peak_fitted"),
    ],
)
def test_what_was_taken_is_said(noise: float, hz: float, note: str) -> None:
    curve, truth = record(Recipe(_ROUND, machine=Machine(hz=hz, noise=noise, plastic_rate=0.0067, quantum_kn="0.001")))
    found = evaluate_tensile(curve, Recipe().geometry)
    assert (found.a_gt_percent.note, found.a_g_percent.note) == (note, note)
    assert found.a_gt_percent.value is not None
    if note != "standards.flat_maximum":
        assert float(found.a_gt_percent.value) == pytest.approx(truth.agt, abs=0.1)


@pytest.mark.parametrize("seed", range(1, 9))
def test_many_samples_as_high_as_the_largest_do_not_make_its_strain_a_matter_of_chance(seed: int) -> None:
    machine = Machine(hz=335.0, noise=0.000056, plastic_rate=0.0067, quantum_kn="0.001")
    curve, truth = record(Recipe(_ROUND, machine=machine, seed=seed))
    found = evaluate_tensile(curve, Recipe().geometry).a_gt_percent
    assert found.value is not None
    assert float(found.value) == pytest.approx(truth.agt, abs=0.05)
