"""Custody events: anything that happened to a specimen, who, what, when, where (流转记录)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class CustodyKind(StrEnum):
    """What happened. The caption for people is the sentence ``custody.<value>``."""

    SAMPLED = "sampled"
    WITNESSED = "witnessed"
    SCANNED = "scanned"
    RECEIVED = "received"
    REFUSED = "refused"
    HELD = "held"
    BENCH = "bench"
    RUN = "run"
    MEASURED = "measured"
    INVALIDATED = "invalidated"
    GAP_REASON = "gap-reason"
    REPLACED = "replaced"
    EVALUATED = "evaluated"
    SIGNED = "signed"
    RETURNED = "returned"
    ISSUED = "issued"


@dataclass(frozen=True)
class CustodyEvent:
    """One event.

    Attributes:
        id: UUIDv7.
        kind: what happened.
        commission_no: commission it belongs to.
        subject: lot number, specimen label or tag it happened to.
        person: name of who did it (a site person for sampling and witnessing).
        station: where.
        at: when.
        detail: further facts as text, by name.
    """

    id: str
    kind: CustodyKind
    commission_no: str
    subject: str
    person: str
    station: str
    at: datetime
    detail: Mapping[str, str] = field(default_factory=dict)
