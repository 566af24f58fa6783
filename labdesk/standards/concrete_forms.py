"""Concrete beyond the cube by GB/T 50081: flexure, splitting, prism and static modulus; specimens of the same condition by GB 50204.

Per specimen the strength with its size factor is rounded once, the group's rule works on the rounded strengths (a convention, as
for cubes). Lengths are in mm, forces in kN, strengths in MPa.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.rounding import EXACT, gbt8170
from labdesk.standards.groups import INVALID, Group, group_of_three, mean, mean_of
from labdesk.standards.judging import quotient
from labdesk.standards.product_rules import Schema

PI = Decimal("3.14159265358979323846264338327950288419716939937511")
_AGES = {"rates": ("below_mpa", "low", "high"), "ages": ("age_d", "hours")}

FLEXURE = Schema(
    steps=("ff", "ff,m", "share"),
    numbers=("deviation_share", "group_size", "rate_low_share", "rate_high_share"),
    tables={"sizes": ("side_mm", "span_mm", "factor"), **_AGES},
)
SPLITTING = Schema(
    steps=("fts", "fts,m", "share"),
    numbers=("deviation_share", "group_size", "rate_low_share", "rate_high_share"),
    tables={"sizes": ("side_mm", "factor"), **_AGES},
)
PRISM = Schema(
    steps=("fcp", "fcp,m", "share"),
    numbers=("deviation_share", "group_size", "rate_low_share", "rate_high_share"),
    tables={"sizes": ("side_mm", "height_mm", "factor"), **_AGES},
)
MODULUS = Schema(
    steps=("Ec", "Ec,m", "fcp"),
    numbers=("group_size", "base_stress_mpa", "upper_divisor", "strength_change_share"),
    tables={"sizes": ("side_mm", "height_mm", "factor")},
)
SAME_CONDITION = Schema(
    steps=("fcu", "fcu,m", "fcu,eq", "share", "maturity", "days"),
    numbers=(
        "deviation_share", "group_size", "divisor", "maturity_cd", "counted_above_c", "least_days", "most_days",
        "rate_low_share", "rate_high_share",
    ),
    tables={"sizes": ("side_mm", "factor"), "rates": ("below_mpa", "low", "high")},
)  # fmt: skip


@dataclass(frozen=True)
class Beam:
    """A beam for flexure: section and span, mm."""

    width_mm: Decimal
    height_mm: Decimal
    span_mm: Decimal


def flexural_strength(force_kn: Decimal, beam: Beam, factor: Decimal) -> Decimal:
    """F l / (b h^2) x size factor, MPa, unrounded (third-point loading)."""
    moment = EXACT.multiply(force_kn * 1000, beam.span_mm * factor)
    return quotient(moment, beam.width_mm * beam.height_mm * beam.height_mm)


def flexural_group(inside: Sequence[Decimal], outside: int, share: Decimal, step: Decimal) -> Group:
    """Value of a group of three beams of which ``outside`` broke outside the two load lines.

    None outside: the rule of three. One: the mean of the other two where they differ by at most ``share`` of the smaller, else
    invalid. Two or more: invalid.
    """
    if outside == 0:
        return group_of_three(inside, share, step)
    if outside > 1:
        return INVALID
    low, high = sorted(inside)
    return mean_of(inside, step) if high - low <= EXACT.multiply(low, share) else INVALID


def splitting_strength(force_kn: Decimal, area_mm2: Decimal, factor: Decimal) -> Decimal:
    """2 F / (pi A) x size factor, MPa, unrounded; pi itself, not the printed 0.637, so that there is one rounding only."""
    return quotient(EXACT.multiply(force_kn * 2000, factor), EXACT.multiply(PI, area_mm2))


def compressive_strength(force_kn: Decimal, area_mm2: Decimal, factor: Decimal) -> Decimal:
    """F / A x size factor, MPa, unrounded."""
    return quotient(force_kn * 1000 * factor, area_mm2)


@dataclass(frozen=True)
class ModulusReading:
    """What one prism gave: forces F0 and Fa (kN), gauge length L and extension between them (mm), strength afterwards (MPa)."""

    f0_kn: Decimal
    fa_kn: Decimal
    gauge_mm: Decimal
    shortening_mm: Decimal
    strength_after_mpa: Decimal | None


def static_modulus(reading: ModulusReading, area_mm2: Decimal) -> Decimal:
    """Ec = (Fa - F0) / A x L / dn, MPa, unrounded."""
    stress = quotient((reading.fa_kn - reading.f0_kn) * 1000, area_mm2)
    return EXACT.multiply(stress, quotient(reading.gauge_mm, reading.shortening_mm))


def modulus_group(
    moduli: Sequence[tuple[Decimal, Decimal | None]], fcp_mpa: Decimal, share: Decimal, step: Decimal
) -> Group:
    """Mean modulus of a group from (modulus, strength afterwards).

    A prism whose strength afterwards differs from fcp by more than ``share`` of it is left out; two such prisms make it invalid.
    """
    allowed = EXACT.multiply(fcp_mpa, share)
    kept = [modulus for modulus, after in moduli if after is None or abs(after - fcp_mpa) <= allowed]
    return mean_of(kept, step) if kept and len(moduli) - len(kept) <= 1 else INVALID


def equivalent_strength(group_mpa: Decimal, divisor: Decimal, step: Decimal) -> Decimal:
    """Same-condition value of a group divided by 0.88 (GB 50204-2015, appendix C), rounded."""
    return gbt8170(quotient(group_mpa, divisor), step)


@dataclass(frozen=True)
class Maturity:
    """A daily temperature log up to some day: sum in degree-days, days in the log, and the first day that reached the goal."""

    sum_cd: Decimal
    days: int
    reached_on_day: int | None


def maturity(daily_c: Sequence[Decimal], goal_cd: Decimal, above_c: Decimal) -> Maturity:
    """Sum of the daily mean temperatures; days at or below ``above_c`` (0 degrees) are not counted."""
    found, reached = Decimal(0), None
    for day, mean_c in enumerate(daily_c, 1):
        found += mean_c if mean_c > above_c else Decimal(0)
        if reached is None and found >= goal_cd:
            reached = day
    return Maturity(found, len(daily_c), reached)


def mean_strength(values: Sequence[Decimal]) -> Decimal:
    """Mean of the strengths of the companion prisms."""
    return mean(values)
