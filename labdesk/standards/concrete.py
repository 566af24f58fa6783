"""Concrete cubes by GB/T 50081: strength of each, value of the group, share of the design grade.

Order (a convention printed in the ruleset): per specimen F/A x size factor rounded once to 0.1, the 15 % rule on those values, then
the mean. A single group is never accepted or refused here: acceptance is GB/T 50107 over a lot.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from labdesk.standards.groups import Group, GroupRule, group_of_three
from labdesk.standards.judging import quotient
from labdesk.standards.rule_tables import CubeRules

__all__ = [
    "GRADES_MPA",
    "Group",
    "GroupRule",
    "cube_strength",
    "design_strength",
    "group_value",
    "share_of_grade",
    "strength_of",
]

#: Strength grades of concrete, MPa: C15 to C80 of GB 50010-2010, table 4.1.3, with C10 and C85 to C100 of GB/T 14902-2012, 5.1
#: (from memory, high certainty). Anything else on a commission is a slip of the pen, never a grade.
GRADES_MPA = frozenset(Decimal(step * 5) for step in range(2, 21))


def cube_strength(rules: CubeRules, peak_kn: Decimal, side_mm: Decimal, area_mm2: Decimal | None = None) -> Decimal:
    """Unrounded strength in MPa incl. the size factor; ``area_mm2`` where the sides were measured, else side squared."""
    area = area_mm2 if area_mm2 is not None else side_mm * side_mm
    return strength_of(peak_kn, area, rules.factor(side_mm))


def strength_of(peak_kn: Decimal, area_mm2: Decimal, factor: Decimal) -> Decimal:
    """F / A x size factor, MPa, unrounded."""
    return quotient(peak_kn * 1000 * factor, area_mm2)


def group_value(rules: CubeRules, strengths: Sequence[Decimal]) -> Group:
    """Value of a group of three rounded strengths by the 15 % rule; "both exceed" is asked first, and 15 % itself is allowed."""
    return group_of_three(strengths, rules.deviation_share, rules.strength_step)


def share_of_grade(group_mpa: Decimal, design_mpa: Decimal) -> Decimal:
    """Group value as percent of the design grade, unrounded."""
    return quotient(group_mpa * 100, design_mpa)


def design_strength(text: str) -> Decimal | None:
    """``C30`` to 30 MPa; ``None`` where the text is not one of :data:`GRADES_MPA`."""
    stripped = text.strip().upper().removeprefix("C")
    if not (stripped.isascii() and stripped.isdigit()):
        return None
    value = Decimal(stripped)
    return value if value in GRADES_MPA else None
