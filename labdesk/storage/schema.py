"""The whole schema in one place: importing this module registers every table; ``RULES`` are the stages' triggers.

A stage with tables adds its module to ``_TABLES``.
"""

from __future__ import annotations

from labdesk.storage import (
    acceptance,
    bench_locks,
    custody,
    equipment,
    gap_reasons,
    house,
    inbox,
    log,
    outbox,
    people,
    projects,
    reception_tables,
    reporting,
    review,
    sync_desk,
    testing,
    watching,
)
from labdesk.storage.base import Base
from labdesk.storage.triggers import RuleTrigger

_TABLES = (
    acceptance,
    bench_locks,
    custody,
    equipment,
    gap_reasons,
    house,
    inbox,
    log,
    outbox,
    people,
    projects,
    reception_tables,
    reporting,
    review,
    sync_desk,
    testing,
    watching,
)
RULES: tuple[RuleTrigger, ...] = tuple(rule for module in _TABLES for rule in getattr(module, "RULES", ()))
METADATA = Base.metadata
