"""A slope from what a gap left of the straight part is given with a remark, never silently."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from labdesk.domain.curve import Curve
from labdesk.standards.gbt228 import evaluate_tensile
from tests.helpers.true_curves import Machine, Recipe, Steel, record


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
