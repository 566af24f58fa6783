"""What the stage ``reporting`` keeps: its repository as services see it."""

from __future__ import annotations

from typing import Protocol


class ReportingStore(Protocol):
    """Repository of the stage."""
