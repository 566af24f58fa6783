"""The value of three specimens by the rule that concrete and mortar share: mean, median or nothing.

Where the largest *and* the smallest differ from the median by more than the allowed share of the median, the group is invalid; where
one of them does, the median stands; else the mean. "Both" is asked first, and the share itself is allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.rounding import EXACT, gbt8170
from labdesk.standards.judging import quotient


class GroupRule(StrEnum):
    """How the group's value came about."""

    MEAN = "mean"
    MEDIAN = "median"
    INVALID = "invalid"


@dataclass(frozen=True)
class Group:
    """A group of specimens.

    Attributes:
        rule: mean, median or invalid.
        raw, rounded: the group's value in MPa, ``None`` when invalid.
    """

    rule: GroupRule
    raw: Decimal | None
    rounded: Decimal | None


INVALID = Group(GroupRule.INVALID, None, None)


def group_of_three(values: Sequence[Decimal], share: Decimal, step: Decimal) -> Group:
    """Value of three rounded strengths; ``share`` is 0.15 for concrete and mortar."""
    low, middle, high = sorted(values)
    allowed = EXACT.multiply(middle, share)
    low_off, high_off = middle - low > allowed, high - middle > allowed
    if low_off and high_off:
        return INVALID
    if low_off or high_off:
        return Group(GroupRule.MEDIAN, middle, gbt8170(middle, step))
    return mean_of(values, step)


def mean_of(values: Sequence[Decimal], step: Decimal) -> Group:
    """The mean as a group's value."""
    found = mean(values)
    return Group(GroupRule.MEAN, found, gbt8170(found, step))


def mean(values: Sequence[Decimal]) -> Decimal:
    """Unrounded mean."""
    return quotient(total(values), Decimal(len(values)))


def total(values: Sequence[Decimal]) -> Decimal:
    """Exact sum."""
    found = Decimal(0)
    for value in values:
        found = EXACT.add(found, value)
    return found


def deviation(values: Sequence[Decimal]) -> Decimal:
    """Standard deviation with n - 1, nothing rounded on the way; 0 for a single value."""
    count = len(values)
    if count < 2:
        return Decimal(0)
    # (n * sum of squares - square of the sum) is exact, so that the order of the values cannot matter.
    whole = total(values)
    squares = total([EXACT.multiply(value, value) for value in values])
    spread = EXACT.subtract(EXACT.multiply(squares, count), EXACT.multiply(whole, whole))
    return quotient(spread, Decimal(count * (count - 1))).sqrt(EXACT)
