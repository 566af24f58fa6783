"""Concrete cubes by GB/T 50081: strength of each, value of the group, share of the design grade.

Order (a convention printed in the ruleset): per specimen F/A x size factor rounded once to 0.1, the 15 % rule on those values, then
the mean. A single group is never accepted or refused here: acceptance is GB/T 50107 over a lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.rounding import gbt8170
from labdesk.standards.judging import quotient
from labdesk.standards.rule_tables import CubeRules


class GroupRule(StrEnum):
    """How the group's value came about."""

    MEAN = "mean"
    MEDIAN = "median"
    INVALID = "invalid"


@dataclass(frozen=True)
class Group:
    """A group of three.

    Attributes:
        rule: mean, median or invalid.
        raw, rounded: the group's value in MPa, ``None`` when invalid.
    """

    rule: GroupRule
    raw: Decimal | None
    rounded: Decimal | None


def cube_strength(rules: CubeRules, peak_kn: Decimal, side_mm: Decimal, area_mm2: Decimal | None = None) -> Decimal:
    """Unrounded strength in MPa incl. the size factor; ``area_mm2`` where the sides were measured, else side squared."""
    area = area_mm2 if area_mm2 is not None else side_mm * side_mm
    return quotient(peak_kn * 1000 * rules.factor(side_mm), area)


def group_value(rules: CubeRules, strengths: Sequence[Decimal]) -> Group:
    """Value of a group of three rounded strengths by the 15 % rule; "both exceed" is asked first, and 15 % itself is allowed."""
    low, middle, high = sorted(strengths)
    allowed = middle * rules.deviation_share
    low_off, high_off = middle - low > allowed, high - middle > allowed
    if low_off and high_off:
        return Group(GroupRule.INVALID, None, None)
    if low_off or high_off:
        return Group(GroupRule.MEDIAN, middle, gbt8170(middle, rules.strength_step))
    mean = quotient(low + middle + high, Decimal(3))
    return Group(GroupRule.MEAN, mean, gbt8170(mean, rules.strength_step))


def share_of_grade(group_mpa: Decimal, design_mpa: Decimal) -> Decimal:
    """Group value as percent of the design grade, unrounded."""
    return quotient(group_mpa * 100, design_mpa)


def design_strength(text: str) -> Decimal | None:
    """``C30`` to 30 MPa; ``None`` where the text is no concrete grade."""
    stripped = text.strip().upper().removeprefix("C")
    return Decimal(stripped) if stripped.isdigit() and int(stripped) > 0 else None
