"""Suspicion: real and independent tests raise none, copies and exchanged groups do, each with its numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from labdesk.domain.curve import Channel, Curve
from labdesk.services.curve_files import read_curve_file
from labdesk.standards.suspicion import Group, copies, ductility, swapped, too_uniform
from tests.helpers.true_curves import Machine, Recipe, record

DATA = Path(__file__).parents[2] / "data"
STEEL = {path.stem: read_curve_file(path).curve for path in sorted((DATA / "tensile-42crmo4").glob("*.csv"))}
CUBES = {path.stem: read_curve_file(path).curve for path in sorted((DATA / "concrete-cubes-mts").glob("*.dat"))}


def changed(curve: Curve, how: str) -> Curve:
    """The curve as somebody might pass it off as another test."""
    counts, rng = curve.force_kn.counts.copy(), np.random.default_rng(1)
    time, quantum = curve.time_s.counts, curve.force_kn.quantum
    if how == "later":
        counts, time = counts[9:], time[9:] - time[9]
    if how == "scaled":
        counts = np.rint(counts * 0.971).astype(np.int64)
    if how == "shaken":
        fine = float(np.median(np.abs(np.diff(counts, 2)))) / 2.45
        counts = counts + np.rint(rng.normal(0.0, 0.5 * fine, counts.size)).astype(np.int64)
    return Curve(Channel(time, curve.time_s.quantum, "s"), Channel(counts, quantum, "kN"))


def test_real_tests_of_one_series_are_no_copies() -> None:
    assert copies(STEEL) == ()
    assert copies(CUBES) == ()


@pytest.mark.parametrize("how", ["same", "later", "scaled", "shaken"])
@pytest.mark.parametrize("source", [STEEL["46NT71"], CUBES["M01_28d_W04"]], ids=["steel", "cube"])
def test_a_copy_is_seen_whatever_was_done_to_it(source: Curve, how: str) -> None:
    (found,) = copies({"a": source, "b": changed(source, how)})
    assert (found.first, found.second) == ("a", "b")
    assert found.correlation > Decimal("0.8")
    assert found.shift == (-9 if how == "later" else 0)
    assert found.samples > 100


@pytest.mark.parametrize("noise", [0.0, 0.0002, 0.001])
def test_the_same_steel_tested_twice_is_no_copy(noise: float) -> None:
    """Even where the course of both is the same to the last digit but for the noise and the moments of sampling."""
    curves = {}
    for seed in (1, 2, 3):
        machine = Machine(noise=noise, quantum_kn="0.001", jitter=0.3, preload=3.0 * seed)
        curves[str(seed)] = record(Recipe(machine=machine, seed=seed))[0]
    assert copies(curves) == ()


def test_steel_moves_far_and_concrete_does_not() -> None:
    for curve in STEEL.values():
        assert (ductility(curve) or 0) > 20
    for curve in CUBES.values():
        assert Decimal(2) < (ductility(curve) or Decimal(0)) < Decimal(4)


def test_three_cubes_as_like_as_twins_are_told_with_their_chance() -> None:
    alike = too_uniform([Decimal("35.00"), Decimal("35.02"), Decimal("35.04")], Decimal("1.5"), Decimal(1))
    assert alike is not None
    assert (alike.count, alike.spread_percent) == (3, Decimal("0.114"))
    assert Decimal("0.1") < alike.chance_percent < Decimal("0.3")
    assert too_uniform([Decimal("33.9"), Decimal("35.0"), Decimal("36.4")], Decimal("1.5"), Decimal(1)) is None
    assert too_uniform([Decimal(35), Decimal(35)], Decimal("1.5"), Decimal(1)) is None


def test_the_chance_of_a_range_is_what_drawing_gives() -> None:
    drawn = np.random.default_rng(7).normal(100.0, 1.5, (200_000, 3))
    spread = np.ptp(drawn, axis=1) / drawn.mean(axis=1) * 100.0
    told = too_uniform([Decimal(100), Decimal("100.1"), Decimal("100.2")], Decimal("1.5"), Decimal(5))
    assert told is not None
    assert float(told.chance_percent) == pytest.approx(100.0 * float((spread <= 0.2).mean()), rel=0.1)


def test_exchanged_groups_are_named_with_what_they_would_be() -> None:
    groups = [
        Group("A", Decimal(52), Decimal(30)),
        Group("B", Decimal(33), Decimal(50)),
        Group("C", Decimal(34), Decimal(30)),
    ]
    (found,) = swapped(groups)
    assert (found.weak, found.strong) == ("B", "A")
    assert (found.weak_share, found.weak_if_exchanged) == (Decimal("0.66"), Decimal("1.04"))
    assert swapped([groups[1], groups[2]]) == ()
