"""The tables a ruleset holds, typed. Numbers are exact; every row comes from ``resources/standards/*.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from labdesk.domain.errors import OperatorError
from labdesk.domain.rounding import Comparison


class StrengthRounding(StrEnum):
    """Rounding of strengths: 1 MPa, or the metallurgical product rule 1/5/10 MPa."""

    GBT228 = "GBT228.1"
    YBT081 = "YBT081"

    def step(self, strength_mpa: Decimal) -> Decimal:
        """Rounding step for a strength, MPa."""
        if self is StrengthRounding.GBT228 or strength_mpa <= 200:
            return Decimal(1)
        return Decimal(5) if strength_mpa <= 1000 else Decimal(10)


@dataclass(frozen=True)
class Regime:
    """How values are rounded and compared; printed beside each verdict."""

    name: str
    strength: StrengthRounding
    comparison: Comparison
    a_step: Decimal
    agt_step: Decimal
    ratio_step: Decimal
    weight_step: Decimal


@dataclass(frozen=True)
class Band:
    """A value for diameters above ``over_mm`` up to and including ``upto_mm``."""

    over_mm: Decimal
    upto_mm: Decimal
    value: Decimal

    def holds(self, diameter_mm: Decimal) -> bool:
        """Whether the diameter belongs to this row."""
        return self.over_mm < diameter_mm <= self.upto_mm


@dataclass(frozen=True)
class BendRow:
    """Mandrel (in bar diameters) and angle for a band of diameters."""

    band: Band
    angle: Decimal


@dataclass(frozen=True)
class Size:
    """Nominal size: published area and mass, never computed from the diameter."""

    diameter_mm: Decimal
    area_mm2: Decimal
    mass_kg_per_m: Decimal


@dataclass(frozen=True)
class Grade:
    """Requirements of one grade; ``None`` = none."""

    name: str
    r_el_mpa: Decimal
    r_m_mpa: Decimal
    bends: tuple[BendRow, ...]
    reverse_bend: str
    certainty: str
    a_percent: Decimal | None = None
    a_gt_percent: Decimal | None = None
    ratio_m_el: Decimal | None = None
    ratio_el_nominal: Decimal | None = None

    @property
    def seismic(self) -> bool:
        """An E grade: ratios required, Agt always needed."""
        return self.ratio_m_el is not None


@dataclass(frozen=True)
class Sampling:
    """Numbers of specimens per lot."""

    lot_t: Decimal
    further_t: Decimal
    tension: int
    bend: int
    weight: int
    reverse_bend: int

    def further(self, mass_t: Decimal) -> int:
        """Additional tension and bend specimens for a lot above ``lot_t``: one per further part of ``further_t``."""
        if mass_t <= self.lot_t:
            return 0
        return int(((mass_t - self.lot_t) / self.further_t).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class RebarRules:
    """One edition of a rebar product standard with one regime."""

    id: str
    method: str
    standard: str
    in_force_from: date
    in_force_to: date | None
    checked: bool
    regime: Regime
    clauses: Mapping[str, str]
    sizes: Mapping[Decimal, Size]
    grades: Mapping[str, Grade]
    weight: tuple[Band, ...]
    a_reductions: tuple[Band, ...]
    sampling: Sampling

    def in_force(self, day: date) -> bool:
        """Whether the edition is in force on ``day``."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def knows(self, grade: str) -> bool:
        """Whether the grade (if one is named) is in this standard."""
        return not grade or grade in self.grades

    def with_regime(self, rule_id: str, regime: Regime) -> RebarRules:
        """The same tables under another regime."""
        return replace(self, id=rule_id, regime=regime)

    def size(self, diameter_mm: Decimal) -> Size:
        """Nominal size; raises OperatorError ``standards.no_such_size``."""
        found = self.sizes.get(diameter_mm)
        if found is None:
            raise OperatorError("standards.no_such_size", diameter=str(diameter_mm), standard=self.standard)
        return found

    def grade(self, name: str) -> Grade:
        """The grade; raises OperatorError ``standards.no_such_grade``."""
        found = self.grades.get(name.strip().upper())
        if found is None:
            known = ", ".join(sorted(self.grades))
            raise OperatorError("standards.no_such_grade", grade=name, standard=self.standard, known=known)
        return found

    def weight_tolerance(self, diameter_mm: Decimal) -> Decimal:
        """Allowed weight deviation, percent either way."""
        return _row(self.weight, diameter_mm, self.standard).value

    def a_limit(self, grade: Grade, diameter_mm: Decimal) -> Decimal | None:
        """Smallest A, percent, lowered for thick bars; ``None`` without a requirement."""
        if grade.a_percent is None:
            return None
        less = next((band.value for band in self.a_reductions if band.holds(diameter_mm)), Decimal(0))
        return grade.a_percent - less

    def bend(self, grade: Grade, diameter_mm: Decimal) -> BendRow:
        """Mandrel and angle of the bend test."""
        for row in grade.bends:
            if row.band.holds(diameter_mm):
                return row
        raise OperatorError("standards.no_such_size", diameter=str(diameter_mm), standard=self.standard)


@dataclass(frozen=True)
class RateRow:
    """Stress rate band, MPa/s, for strengths below ``below_mpa``."""

    below_mpa: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class AgeRow:
    """Tolerance in hours at an age in days (and beyond, up to the next row)."""

    age_d: Decimal
    hours: Decimal


@dataclass(frozen=True)
class CubeRules:
    """One edition of the cube test."""

    id: str
    method: str
    standard: str
    in_force_from: date
    in_force_to: date | None
    checked: bool
    group_size: int
    strength_step: Decimal
    percentage_step: Decimal
    deviation_share: Decimal
    factors: Mapping[Decimal, Decimal]
    rates: tuple[RateRow, ...]
    ages: tuple[AgeRow, ...]
    clauses: Mapping[str, str]
    standard_side_mm: Decimal = Decimal(150)
    standard_side_from_mpa: Decimal = Decimal(60)
    factor_by_test_above_mpa: Decimal = Decimal(100)

    def in_force(self, day: date) -> bool:
        """Whether the edition is in force on ``day``."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def knows(self, grade: str) -> bool:
        """Every concrete grade is known here."""
        return True

    def factor(self, side_mm: Decimal) -> Decimal:
        """Size factor; raises OperatorError ``standards.no_such_cube``."""
        found = self.factors.get(side_mm)
        if found is None:
            raise OperatorError("standards.no_such_cube", side=str(side_mm), known=", ".join(map(str, self.factors)))
        return found

    def rate(self, strength_mpa: Decimal) -> RateRow:
        """Rate band for a grade's strength."""
        return next((row for row in self.rates if strength_mpa < row.below_mpa), self.rates[-1])

    def age_tolerance_h(self, age_d: Decimal) -> Decimal | None:
        """Tolerance at a nominal age; ``None`` where the standard names none."""
        exact = [row.hours for row in self.ages if row.age_d == age_d]
        if exact:
            return exact[0]
        last = self.ages[-1]
        return last.hours if age_d >= last.age_d else None


def _row(bands: tuple[Band, ...], diameter_mm: Decimal, standard: str) -> Band:
    for band in bands:
        if band.holds(diameter_mm):
            return band
    raise OperatorError("standards.no_such_size", diameter=str(diameter_mm), standard=standard)
