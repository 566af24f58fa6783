"""Fired common brick by GB/T 5101-2017 with GB/T 2542: mean, deviation and standard value of ten bricks, and the grade they reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.rounding import EXACT, gbt8170
from labdesk.standards.groups import deviation, mean
from labdesk.standards.judging import quotient
from labdesk.standards.product_rules import ProductRules, Row, Schema

BRICKS = Schema(
    steps=("f", "f,m", "s", "fk"),
    numbers=("count", "factor_s"),
    tables={"grades": ("name", "mean_mpa", "fk_mpa")},
)


@dataclass(frozen=True)
class BrickSet:
    """Mean, standard deviation (n - 1) and standard value f_k = mean - 1.83 s of a set, MPa, unrounded."""

    mean_mpa: Decimal
    deviation_mpa: Decimal
    fk_mpa: Decimal


def brick_strength(force_kn: Decimal, length_mm: Decimal, width_mm: Decimal) -> Decimal:
    """F / (l b) of the overlapped faces, MPa, unrounded."""
    return quotient(force_kn * 1000, length_mm * width_mm)


def brick_set(rules: ProductRules, strengths: Sequence[Decimal]) -> BrickSet:
    """Values of a set from strengths rounded to 0.01."""
    centre, spread = mean(strengths), deviation(strengths)
    return BrickSet(centre, spread, EXACT.subtract(centre, EXACT.multiply(rules.number("factor_s"), spread)))


def reached(rules: ProductRules, found: BrickSet) -> Row | None:
    """The highest grade whose two limits the rounded values meet; ``None`` below the lowest."""
    middle, low = gbt8170(found.mean_mpa, rules.step("f,m")), gbt8170(found.fk_mpa, rules.step("fk"))
    rows = sorted(rules.tables["grades"], key=lambda row: row.number("mean_mpa"), reverse=True)
    return next((row for row in rows if middle >= row.number("mean_mpa") and low >= row.number("fk_mpa")), None)
