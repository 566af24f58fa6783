"""Building mortar by JGJ/T 70-2009: strength of a 70.7 mm cube and value of a group of three."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from labdesk.standards.groups import Group, group_of_three
from labdesk.standards.judging import quotient
from labdesk.standards.product_rules import ProductRules, Schema

CUBES = Schema(
    steps=("fm,cu", "f2", "share"),
    numbers=("factor", "area_mm2", "deviation_share", "group_size", "rate_low_share", "rate_high_share"),
    tables={"rates": ("below_mpa", "low_kn_s", "high_kn_s")},
)
_GRADE = re.compile(r"(M[BS]?)(\d{1,2}(?:\.\d)?)", re.ASCII)

#: Strength grades, MPa, by their letters: M of JGJ/T 98-2010, 4.0.1 (M2.5 of GB 50003-2011 and older drawings), Mb for blocks and Ms for
#: sand-lime brick of GB 50003-2011, 3.1.3 (all from memory, high certainty).
GRADES_MPA: Mapping[str, frozenset[Decimal]] = {
    letters: frozenset(map(Decimal, values.split()))
    for letters, values in {
        "M": "2.5 5 7.5 10 15 20 25 30",
        "MB": "5 7.5 10 15 20",
        "MS": "5 7.5 10 15",
    }.items()
}


def mortar_strength(rules: ProductRules, force_kn: Decimal) -> Decimal:
    """1.35 N / A, MPa, unrounded; the area is the printed one."""
    return quotient(force_kn * 1000 * rules.number("factor"), rules.number("area_mm2"))


def mortar_group(rules: ProductRules, strengths: Sequence[Decimal]) -> Group:
    """Value of a group of three rounded strengths by the 15 % rule."""
    return group_of_three(strengths, rules.number("deviation_share"), rules.step("f2"))


def design_strength(text: str) -> Decimal | None:
    """``M7.5``, ``Mb10``, ``Ms5`` in MPa; ``None`` where the text is not one of :data:`GRADES_MPA`."""
    match = _GRADE.fullmatch(text.strip().upper())
    if match is None:
        return None
    value = Decimal(match[2])
    return value if value in GRADES_MPA[match[1]] else None
