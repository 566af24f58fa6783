"""What the stage ``review`` keeps: its repository as services see it."""

from __future__ import annotations

from typing import Protocol


class ReviewStore(Protocol):
    """Repository of the stage."""
