"""What the stage ``testing`` keeps: its repository as services see it."""

from __future__ import annotations

from typing import Protocol


class TestingStore(Protocol):
    """Repository of the stage."""
