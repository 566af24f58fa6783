"""Hash lists of one day, compared every night (integrity-and-sync C2, 7), and the public state of a report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from labdesk.domain.errors import OperatorError
from labdesk.domain.sync_ports import Reconciliation

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class DayList:
    """Messages the platform holds of one laboratory whose ``created_at`` falls on ``day`` (UTC): id -> SHA-256."""

    day: str
    lab_id: str
    messages: Mapping[str, str]


def require_day(day: str) -> None:
    """Raises OperatorError ``wire.shape`` unless ``day`` looks like ``2026-11-21``."""
    if not _DAY.fullmatch(day):
        raise OperatorError("wire.shape", expected="YYYY-MM-DD", found=day[:40])


def compare(day: str, here: Mapping[str, str], there: Mapping[str, str]) -> Reconciliation:
    """What differs between the laboratory's acknowledged messages and the platform's list."""
    common = here.keys() & there.keys()
    different = tuple(sorted(key for key in common if here[key] != there[key]))
    return Reconciliation(
        day=day,
        matching=len(common) - len(different),
        missing_there=tuple(sorted(here.keys() - there.keys())),
        unknown_here=tuple(sorted(there.keys() - here.keys())),
        different=different,
    )
