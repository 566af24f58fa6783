"""Cement by GB/T 17671-2021 (strength) against GB 175-2023 (classes): values of prisms and how outliers are left out.

The rules work on strengths rounded to 0.1 MPa; a value exactly 10 % off the mean stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.rounding import EXACT, gbt8170
from labdesk.standards.groups import mean
from labdesk.standards.judging import quotient
from labdesk.standards.product_rules import ProductRules, Schema

PRISMS = Schema(
    steps=("Rf", "Rc", "Rf,m", "Rc,m", "setting"),
    numbers=(
        "flexure_factor", "compression_area_mm2", "outlier_share", "flexure_count", "compression_count",
        "initial_set_min", "final_set_min", "final_set_portland_min", "flexure_rate_n_s", "compression_rate_n_s",
    ),
    tables={
        "grades": ("name", "rc_3d", "rc_28d", "rf_3d", "rf_28d"),
        "ages": ("age_d", "hours"),
    },
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """What stays of a set of strengths: the value (``None`` = void), and the strengths that were left out."""

    raw: Decimal | None
    rounded: Decimal | None
    dropped: tuple[Decimal, ...] = ()


def flexural_strength(rules: ProductRules, force_n: Decimal) -> Decimal:
    """0.00234 Ff, MPa, unrounded (40 x 40 x 160 mm, span 100 mm)."""
    return EXACT.multiply(rules.number("flexure_factor"), force_n)


def compressive_strength(rules: ProductRules, force_kn: Decimal) -> Decimal:
    """Fc / 1600 mm2, MPa, unrounded."""
    return quotient(force_kn * 1000, rules.number("compression_area_mm2"))


def flexural_value(rules: ProductRules, strengths: Sequence[Decimal]) -> Kept:
    """Three prisms: one off the mean by more than 10 % is left out, of two outliers the third value remains; three are void."""
    off = _outliers(strengths, rules.number("outlier_share"))
    if len(off) >= len(strengths):
        return Kept(None, None, tuple(off))
    return _kept(_without(strengths, off), tuple(off), rules.step("Rf,m"))


def compressive_value(rules: ProductRules, strengths: Sequence[Decimal]) -> Kept:
    """Six halves: one off by more than 10 % of the mean is left out; two or more, or one more among the five, make the set void."""
    share = rules.number("outlier_share")
    off = _outliers(strengths, share)
    rest = _without(strengths, off)
    if len(off) > 1 or (off and _outliers(rest, share)):
        return Kept(None, None, (*off, *_outliers(rest, share)) if len(off) == 1 else tuple(off))
    return _kept(rest, tuple(off), rules.step("Rc,m"))


def _outliers(strengths: Sequence[Decimal], share: Decimal) -> list[Decimal]:
    centre = mean(strengths)
    allowed = EXACT.multiply(centre, share)
    return [value for value in sorted(strengths) if abs(EXACT.subtract(value, centre)) > allowed]


def _without(strengths: Sequence[Decimal], off: Sequence[Decimal]) -> list[Decimal]:
    rest = list(strengths)
    for value in off:
        rest.remove(value)
    return rest


def _kept(rest: Sequence[Decimal], dropped: tuple[Decimal, ...], step: Decimal) -> Kept:
    raw = mean(rest)
    return Kept(raw, gbt8170(raw, step), dropped)
