"""Finding groups among thousands: by grade and kind, by words of number, part or state, by day or span of casting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.clock import WALL
from labdesk.domain.rounding import gbt8170
from labdesk.services.acceptance_selection import GroupKind, SampleGroup, SampleKind
from labdesk.standards.concrete import design_strength
from labdesk.standards.mortar import design_strength as mortar_strength

_DAY = r"\d{4}(?:-\d{2}){0,2}"
_SPAN = re.compile(rf"({_DAY})?(?:\.\.|~|至)({_DAY})?")


@dataclass(frozen=True)
class Wanted:
    """What is looked for; ``None`` and empty words let everything through.

    ``words`` are all to be found in number, part or day of casting; ``2026-03..2026-04-15`` is a span of days, both ends included,
    and either end may be missing.
    """

    sample: SampleKind | None = None
    words: str = ""


def found(groups: Iterable[SampleGroup], wanted: Wanted) -> list[SampleGroup]:
    """The groups that fit, in the order given."""
    words = wanted.words.casefold().split()
    return [
        group
        for group in groups
        if (wanted.sample is None or group.sample == wanted.sample) and all(_fits(group, word) for word in words)
    ]


def _fits(group: SampleGroup, word: str) -> bool:
    day = day_of(group)
    span = _SPAN.fullmatch(word)
    if span is not None and (span[1] or span[2]):
        first, last = span[1] or "", span[2] or "9"
        return bool(day) and first <= day and day[: len(last)] <= last
    return word in f"{group.lot_no}\n{group.part}\n{day}\n{group.state.value}".casefold()


def day_of(group: SampleGroup) -> str:
    """Day of casting by the wall clock; empty where it is not known."""
    return "" if group.cast_at is None else group.cast_at.astimezone(WALL).date().isoformat()


def kinds_of(groups: Iterable[SampleGroup]) -> Sequence[tuple[SampleKind, int]]:
    """What can be assessed, with the number of groups, the largest first."""
    counts: dict[SampleKind, int] = {}
    for group in groups:
        counts[group.sample] = counts.get(group.sample, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].grade, item[0].kind.value, item[0].age_days))


def share_percent(group: SampleGroup) -> Decimal | None:
    """The group's value as percent of its design strength, to 1 %; ``None`` without a value or a grade."""
    read = mortar_strength if group.sample.kind is GroupKind.MORTAR else design_strength
    design = read(group.sample.grade)
    if design is None or group.value_mpa is None:
        return None
    return gbt8170(group.value_mpa * 100 / design, Decimal(1))
