"""Start and break of every product as its plan describes them, with the detector of capture on simulated and composed loadings."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from labdesk.devices.detection import Found, RunDetector, Thresholds
from labdesk.devices.scenarios import make_specimen
from labdesk.domain.bench import LoadingPlan
from labdesk.domain.evaluation import TestKind
from labdesk.domain.profile import BUILT_IN
from labdesk.services.loading_plans import loading_plan, start_and_break
from tests.helpers.benchworld import cube_lot

QUANTUM = Decimal("0.001")
BAR = {"grade": "HRB400", "diameter_mm": "25", "weld_kind": "arc"}
CONCRETE = {"side_mm": "150", "design_grade": "C30"}


def plan(method: str, settings: dict[str, str], test: TestKind) -> LoadingPlan:
    return loading_plan(replace(cube_lot(), method=method, settings=settings), BUILT_IN, test)


def followed(
    found: LoadingPlan, test: TestKind, forces_kn: Sequence[float], hz: int = 20
) -> tuple[RunDetector, list[Found]]:
    preload, arming, criterion = start_and_break(test, found)
    detector = RunDetector(Thresholds.of(preload, arming, criterion, QUANTUM))
    said = [
        detector.feed(index, index * 10**9 // hz, round(force / float(QUANTUM)))
        for index, force in enumerate(forces_kn)
    ]
    return detector, [item for item in said if item is not Found.NOTHING]


@pytest.mark.parametrize(
    ("scenario", "method", "settings", "test"),
    [
        ("splice", "rebar-splice", BAR, TestKind.TENSION),
        ("splice-pull-out", "rebar-splice", BAR, TestKind.TENSION),
        ("splice", "rebar-splice-process", BAR, TestKind.TENSION),
        ("splice", "rebar-weld", BAR, TestKind.TENSION),
        ("mortar", "mortar-cube", {"design_grade": "M10"}, TestKind.COMPRESSION),
        ("brick", "brick-strength", {"grade": "MU15"}, TestKind.COMPRESSION),
        ("cube", "concrete-same-condition", CONCRETE, TestKind.COMPRESSION),
    ],
)
def test_a_simulated_piece_is_followed_from_start_to_break(
    scenario: str, method: str, settings: dict[str, str], test: TestKind
) -> None:
    piece = make_specimen(scenario, {}, random.Random(7))
    forces = [piece.at(step / 20).force_kn for step in range(int(piece.duration_s * 20))]
    detector, said = followed(plan(method, settings, test), test, forces)
    assert said == [Found.STARTED, Found.BROKEN]
    assert detector.peak_index == max(range(len(forces)), key=lambda index: round(forces[index], 3))


@pytest.mark.parametrize(
    ("method", "settings", "test", "peak_kn"),
    [
        ("concrete-flexural", CONCRETE, TestKind.FLEXURE, 34.5),
        ("concrete-splitting", CONCRETE, TestKind.SPLITTING, 98.4),
        ("concrete-prism", CONCRETE, TestKind.COMPRESSION, 520.0),
        ("cement-strength", {"grade": "42.5"}, TestKind.FLEXURE, 3.03),
        ("cement-strength", {"grade": "42.5"}, TestKind.COMPRESSION, 76.0),
        ("welded-fabric", {"grade": "CRB550", "diameter_mm": "8"}, TestKind.SHEAR, 9.5),
        ("straightened-bar", {"grade": "HRB400", "diameter_mm": "10"}, TestKind.TENSION, 45.0),
    ],
)
def test_a_weak_piece_too_is_armed_and_its_break_is_found(
    method: str, settings: dict[str, str], test: TestKind, peak_kn: float
) -> None:
    for share in (1.0, 0.5):  # half of what is usual: a bad piece must not be lost
        forces = [peak_kn * share * step / 400 for step in range(401)] + [0.0] * 10
        _, said = followed(plan(method, settings, test), test, forces)
        assert said == [Found.STARTED, Found.BROKEN]


def test_the_cycles_of_a_modulus_and_of_a_residual_deformation_end_nothing() -> None:
    modulus = plan("concrete-modulus", CONCRETE, TestKind.COMPRESSION)
    base, third = 11.25, 225.0
    cycle = [*_line(base, third), *_line(third, base)]
    forces = [*_line(0, base), *cycle * 3, *_line(base, 600.0), 20.0, 20.0, 20.0]
    assert followed(modulus, TestKind.COMPRESSION, forces)[1] == [Found.STARTED, Found.BROKEN]
    process = plan("rebar-splice-process", BAR, TestKind.TENSION)
    forces = [*_line(0, 118.0), *_line(118.0, 0), 0.0, *_line(0, 270.0), 20.0, 20.0, 20.0]
    said = followed(process, TestKind.TENSION, forces)[1]
    assert said == [Found.STARTED, Found.START_TAKEN_BACK, Found.STARTED, Found.BROKEN]


def _line(start: float, end: float, steps: int = 100) -> list[float]:
    return [start + (end - start) * step / steps for step in range(steps + 1)]
