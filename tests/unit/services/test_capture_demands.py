"""What a method asks of the capture of one loading."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from labdesk.domain.bench import LoadingPlan
from labdesk.domain.evaluation import TestKind
from labdesk.services.capture_demands import demands
from labdesk.standards.sampling import by_strain_rate, by_stress_rate
from tests.helpers.machines import machine

STEEL = LoadingPlan(Decimal("314.2"), Decimal(190), Decimal(6), Decimal(60), None)
CUBE = LoadingPlan(Decimal(22500), Decimal(945), Decimal("0.5"), Decimal("0.8"), None)


def test_worked_examples_of_the_formula() -> None:
    assert by_stress_rate(Decimal(60), Decimal(400), Decimal(1)) == 15
    assert by_strain_rate(Decimal("0.00025"), Decimal(200_000), Decimal(400), Decimal(1)) == Decimal("12.5")
    assert by_strain_rate(Decimal("0.002"), Decimal(200_000), Decimal(400), Decimal(1)) == 100


def test_steel_is_judged_up_to_its_yield_and_a_gap_there_is_critical() -> None:
    asked = demands(TestKind.TENSION, STEEL, replace(machine(), accuracy_class=Decimal(1)))
    assert asked.critical_from_percent == 45
    assert asked.rate_band is not None
    assert (asked.rate_band.low_mpa_s, asked.rate_band.high_mpa_s) == (6, 60)
    assert (asked.rate_band.from_kn, asked.rate_band.to_kn) == (Decimal("19.00"), Decimal("104.50"))
    assert asked.min_rate_hz == Decimal("18.1")


def test_a_cube_is_judged_until_it_fails_and_five_samples_a_second_suffice() -> None:
    asked = demands(TestKind.COMPRESSION, CUBE, replace(machine(), accuracy_class=Decimal(1)))
    assert asked.critical_from_percent == 90
    assert asked.rate_band is not None
    assert asked.rate_band.to_kn is None
    assert asked.min_rate_hz is not None
    assert asked.min_rate_hz < 5


def test_a_machines_own_setting_comes_first() -> None:
    own = replace(machine(), settings={"min_rate_hz": "50"})
    assert demands(TestKind.TENSION, STEEL, own).min_rate_hz == 50
    nothing = replace(machine(), settings={"min_rate_hz": "0"})
    assert demands(TestKind.TENSION, STEEL, nothing).min_rate_hz is None
