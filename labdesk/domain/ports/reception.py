"""What the stage ``reception`` keeps: its repository as services see it."""

from __future__ import annotations

from typing import Protocol


class ReceptionStore(Protocol):
    """Repository of the stage."""
