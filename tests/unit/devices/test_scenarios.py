"""Pieces by name: plausible in force and way, the same for the same seed, refused where they cannot be."""

from __future__ import annotations

import itertools
import random

import pytest

from labdesk.devices.pieces import Splice
from labdesk.devices.scenarios import Scenario, make_specimen
from labdesk.devices.specimens import Reading, Specimen
from labdesk.domain.sentences import catalogue

STEP_S = 0.01
PIECES = [scenario for scenario in Scenario if scenario is not Scenario.IDLE]


def made(scenario: str, seed: int = 1, **parameters: object) -> Specimen:
    return make_specimen(scenario, parameters, random.Random(seed))


def course(piece: Specimen) -> list[Reading]:
    return [piece.at(n * STEP_S) for n in range(round(piece.duration_s / STEP_S))]


def top_of(seen: list[Reading]) -> int:
    return max(range(len(seen)), key=lambda n: seen[n].force_kn)


@pytest.mark.parametrize("scenario", PIECES)
def test_every_piece_is_plausible(scenario: Scenario) -> None:
    piece = made(scenario)
    seen = course(piece)
    top = top_of(seen)
    assert seen[0].force_kn == pytest.approx(0, abs=0.01)
    assert min(reading.force_kn for reading in seen) >= 0
    assert seen[top].force_kn == pytest.approx(piece.peak_kn, rel=0.01)
    assert 20 < piece.duration_s < 120
    assert seen[-1].force_kn < 0.1 * seen[top].force_kn
    until = [reading.displacement_mm for reading in seen[: top + 1]]
    assert until == sorted(until), "the platens never go apart while the force rises"
    stretches = [(a.extension_mm, b.extension_mm) for a, b in itertools.pairwise(seen)]
    assert all((a is None) == (b is None) for a, b in stretches)


@pytest.mark.parametrize("scenario", PIECES)
def test_the_same_seed_gives_the_same_piece(scenario: Scenario) -> None:
    assert course(made(scenario, 5))[::50] == course(made(scenario, 5))[::50] != course(made(scenario, 6))[::50]


@pytest.mark.parametrize("scenario", PIECES)
def test_a_bad_piece_is_weaker(scenario: Scenario) -> None:
    assert made(scenario, strength_factor=0.8).peak_kn == pytest.approx(0.8 * made(scenario).peak_kn, rel=0.03)


def test_a_bar_without_a_plateau_passes_through_its_proof_stress_without_falling_before_its_maximum() -> None:
    seen = course(made("rebar-continuous", rp02_mpa=450, rm_mpa=620, agt_percent=8.5))
    top, area = top_of(seen), 3.14159265 * 100
    stress = [reading.force_kn * 1000 / area for reading in seen]
    strain = [(reading.extension_mm or 0) / 100 for reading in seen]
    rising = [b - a for a, b in itertools.pairwise(stress[: top + 1])]
    assert min(rising) >= 0, "neither an upper yield point nor waves"
    proof = next(n for n in range(top) if strain[n] - stress[n] / 200_000 >= 0.002)
    assert stress[proof] == pytest.approx(450, abs=1.5)
    assert stress[top] == pytest.approx(620, abs=0.5)
    assert strain[top] * 100 == pytest.approx(8.5, abs=0.4)
    early = [n for n in range(top) if 50 < stress[n] < 250]
    slope = (stress[early[-1]] - stress[early[0]]) / (strain[early[-1]] - strain[early[0]])
    assert slope == pytest.approx(200_000, rel=0.01)


def test_a_splice_slips_at_nearly_constant_force() -> None:
    piece = made("splice", slip_mm=0.4)
    assert isinstance(piece, Splice)
    seen = course(piece)
    slipping = [
        n
        for n in range(1, top_of(seen))
        if seen[n].force_kn < 0.95 * piece.bar.reh_mpa * piece.bar.area_mm2 / 1000
        and (seen[n + 1].extension_mm or 0) - (seen[n].extension_mm or 0) > 0.0004
    ]
    steps = [list(group) for _, group in itertools.groupby(enumerate(slipping), key=lambda item: item[1] - item[0])]
    assert len(steps) == len(piece.slips) >= 2
    for step in steps:
        inside = [seen[n].force_kn for _, n in step]
        assert max(inside) / min(inside) < 1.05
    grown = sum((seen[n + 1].extension_mm or 0) - (seen[n].extension_mm or 0) for n in slipping)
    assert grown == pytest.approx(0.4, rel=0.1)
    assert seen[top_of(seen)].force_kn == pytest.approx(piece.bar.rm_mpa * piece.bar.area_mm2 / 1000, rel=0.001)


def test_a_bar_drawn_out_of_its_coupler_slides_at_half_of_the_force() -> None:
    piece = made("splice-pull-out", pull_out_mpa=560)
    assert isinstance(piece, Splice)
    seen = course(piece)
    top = top_of(seen)
    assert seen[top].force_kn == pytest.approx(0.560 * piece.bar.area_mm2, rel=0.002)
    sliding = seen[top + 20 : top + 500]
    assert all(0.2 < reading.force_kn / seen[top].force_kn < 0.6 for reading in sliding)
    assert sliding[-1].displacement_mm - sliding[0].displacement_mm > 8
    assert seen[-1].force_kn == 0


def test_a_brick_cracks_before_it_gives_way() -> None:
    seen = course(made("brick"))
    top = top_of(seen)
    drops = [n for n in range(10, top) if seen[n].force_kn < 0.99 * seen[n - 1].force_kn]
    assert 2 <= len(drops) <= 3
    assert min(seen[n].force_kn / seen[n - 1].force_kn for n in drops) > 0.9


def test_mortar_gives_way_more_slowly_than_concrete() -> None:
    def fall_s(scenario: str) -> float:
        seen = course(made(scenario))
        top = top_of(seen)
        half = next(n for n in range(top, len(seen)) if seen[n].force_kn < 0.5 * seen[top].force_kn)
        return (half - top) * STEP_S

    assert made("mortar").peak_kn == pytest.approx(10.8 * 4.99849, rel=0.02)
    assert fall_s("mortar") > 2 * fall_s("cube")


@pytest.mark.parametrize("of", ["rebar", "cube", "splice"])
def test_a_loading_that_is_broken_off_goes_back_with_its_way(of: str) -> None:
    whole = made(of)
    piece = make_specimen("operator-abort", {"of": of, "at_percent": 40}, random.Random(1))
    seen = course(piece)
    top = top_of(seen)
    assert seen[top].force_kn == pytest.approx(0.4 * whole.peak_kn, rel=0.02)
    assert seen[-1].force_kn == 0
    assert 0 < seen[-1].displacement_mm < 0.95 * seen[top].displacement_mm
    falls = [a.force_kn - b.force_kn for a, b in itertools.pairwise(seen[top:])]
    assert max(falls) < 0.01 * seen[top].force_kn, "unloaded, not broken"


@pytest.mark.parametrize(
    ("scenario", "parameters"),
    [
        ("bend", {}),
        ("rebar", {"grade": "X"}),
        ("rebar", {"colour": "3"}),
        ("rebar", {"diameter_mm": "-3"}),
        ("rebar", {"reh_mpa": 900}),
        ("rebar", {"strength_factor": "nan"}),
        ("rebar-continuous", {"rp02_mpa": 900}),
        ("cube", {"side_mm": "wide"}),
        ("splice-pull-out", {"pull_out_mpa": 10}),
        ("operator-abort", {"of": "operator-abort"}),
        ("operator-abort", {"at_percent": 120}),
        ("operator-abort", {"of": "cube", "diameter_mm": 20}),
        ("idle", {"diameter_mm": 20}),
    ],
)
def test_what_cannot_be_loaded_is_refused(scenario: str, parameters: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        make_specimen(scenario, parameters, random.Random(1))


def test_every_scenario_is_explained() -> None:
    assert {f"simulate.scenario.{scenario}" for scenario in Scenario} <= set(catalogue())
