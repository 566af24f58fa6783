"""A sealed run becomes a curve with the same counts, and its evaluation equals that of the curve it came from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from labdesk.domain.curve import Curve
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import LotInput, SpecimenInput, TestKind
from labdesk.domain.sealed_run import Channel, SealedRun, encode_run, run_hash
from labdesk.services.evaluation import evaluate_from_runs, evaluate_lot
from labdesk.services.sealed_curves import curve_from_bytes, curve_from_sealed
from tests.helpers.synthetic_curves import Recipe, make
from tests.unit.domain.test_sealed_run import HEADER, RUN

CURVE, _ = make(Recipe(upper=470.0, lower=450.0, quantum_kn="0.001"))


def sealed(curve: Curve) -> SealedRun:
    assert curve.extension_mm is not None
    channels = (Channel("force", "N", Decimal(1)), Channel("extension", "mm", curve.extension_mm.quantum))
    columns = (tuple(curve.force_kn.counts.tolist()), tuple(curve.extension_mm.counts.tolist()))
    times = tuple((curve.time_s.counts * 1000).tolist())
    return SealedRun(replace(HEADER, peak_index=None, end_index=None, gaps=()), channels, times, columns)


def test_values_are_the_counts_times_their_quantum_in_kn() -> None:
    curve = curve_from_sealed(sealed(CURVE))
    assert (curve.force_kn.counts == CURVE.force_kn.counts).all()
    assert curve.force_kn.exact(500) == CURVE.force_kn.exact(500)
    assert curve.time_s.exact(500) == CURVE.time_s.exact(500)


def test_gaps_and_an_extensometer_that_was_taken_off_are_kept() -> None:
    curve = curve_from_sealed(RUN)
    assert [gap.reason for gap in curve.gaps] == ["reopened"]
    assert curve.metadata["extension_until_s"] == "0.000000000"
    assert curve.time_s.exact(0) == Decimal("-1E-8")


def test_samples_without_force_are_left_out() -> None:
    holes = replace(RUN, columns=((12, None, 3), (1, 2, 3)))
    assert len(curve_from_sealed(holes)) == 2


def test_a_run_without_force_cannot_be_evaluated() -> None:
    with pytest.raises(OperatorError, match=r"no_force_channel"):
        curve_from_sealed(replace(RUN, columns=((None, None, None), (1, 2, 3))))


def test_a_verifier_repeats_the_evaluation_from_the_bytes() -> None:
    data = encode_run(sealed(CURVE))
    name = run_hash(data)
    bars = (SpecimenInput("G-1", (TestKind.TENSION,), {"le_mm": "100"}, run_hash=name),)
    lot = LotInput("rebar-lot", "GB1499.2-2024", {"grade": "HRB400E", "diameter_mm": "20"}, bars)
    repeated = evaluate_from_runs(lot, {name: data})
    assert repeated == evaluate_from_runs(lot, {name: data})
    direct = evaluate_lot(lot, {name: CURVE})
    assert [value.raw for value in repeated.values] == [value.raw for value in direct.values]


def test_damaged_bytes_are_refused() -> None:
    data = bytearray(encode_run(sealed(CURVE)))
    data[len(data) // 2] ^= 1
    with pytest.raises(EnvironmentFault):
        curve_from_bytes(bytes(data))
