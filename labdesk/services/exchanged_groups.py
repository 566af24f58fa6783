"""Two groups of one project that look exchanged: each out of the usual share of its grade, both within it when changed about.

It is a reason to look at tags, photographs and custody of both, with the numbers it rests on; it decides and accuses nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from decimal import Decimal

from labdesk.domain.evaluation import Remark
from labdesk.domain.store import UnitOfWork
from labdesk.services.acceptance_selection import GroupKind, GroupState, SampleGroup, groups_of
from labdesk.standards.concrete import design_strength
from labdesk.standards.suspicion import Group, swapped

#: Shares of the grade that groups of concrete show (a convention, printed beside the finding).
USUAL = (Decimal("0.95"), Decimal("1.45"))
#: Exchanged on site or at the press: made, and therefore tested, within a week of each other (a convention).
_NEAR = timedelta(days=7)
_REACH = 80
_MOST = 300
_KINDS = (GroupKind.STANDARD, GroupKind.SAME_CONDITION)


def exchanged(groups: Sequence[SampleGroup], of: Collection[str]) -> tuple[Remark, ...]:
    """Pairs of ``groups`` of which at least one is named in ``of``."""
    shares = [(group, made) for group in groups if (made := _made_for(group)) is not None]
    weak = [pair for pair in shares if pair[1].share < USUAL[0]][:_MOST]
    strong = [pair for pair in shares if pair[1].share > USUAL[1]][:_MOST]
    return tuple(
        _told(low, high)
        for low, low_made in weak
        for high, high_made in strong
        if (low.lot_no in of or high.lot_no in of) and _near(low, high) and swapped((low_made, high_made), USUAL)
    )


def exchanged_in_store(uow: UnitOfWork, project_code: str, lot_no: str) -> tuple[Remark, ...]:
    """The same for one lot, among the lots received about the same time."""
    records = uow.projects.acceptance.around(project_code, lot_no, _REACH)
    return exchanged(groups_of(records), {lot_no})


def _made_for(group: SampleGroup) -> Group | None:
    design = design_strength(group.sample.grade)
    if group.sample.kind not in _KINDS or group.state is not GroupState.COUNTS or design is None:
        return None
    return None if group.value_mpa is None else Group(group.lot_no, group.value_mpa, design)


def _near(one: SampleGroup, other: SampleGroup) -> bool:
    if one.cast_at is None or other.cast_at is None:
        return False
    same = (one.sample.kind, one.sample.age_days) == (other.sample.kind, other.sample.age_days)
    return same and abs(one.cast_at - other.cast_at) <= _NEAR


def _told(low: SampleGroup, high: SampleGroup) -> Remark:
    def percent(of: SampleGroup, grade: SampleGroup) -> str:
        design = design_strength(grade.sample.grade)
        return "" if design is None or of.value_mpa is None else f"{of.value_mpa * 100 / design:.0f}"

    return Remark(
        "acceptance.exchanged",
        {
            "weak": low.lot_no,
            "weak_grade": low.sample.grade,
            "weak_mpa": f"{low.value_mpa:f}",
            "weak_percent": percent(low, low),
            "strong": high.lot_no,
            "strong_grade": high.sample.grade,
            "strong_mpa": f"{high.value_mpa:f}",
            "strong_percent": percent(high, high),
            "weak_then": percent(high, low),
            "strong_then": percent(low, high),
            "usual": f"{USUAL[0] * 100:.0f}-{USUAL[1] * 100:.0f}",
        },
    )
