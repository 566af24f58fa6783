"""Time and identity as ports, so that rules can be tested at any moment and keys sort by their making."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Protocol

#: The clock on the wall of every laboratory in China, whatever the computer is set to: days and hours are counted and printed by it.
WALL = timezone(timedelta(hours=8))


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class IdSource(Protocol):
    """Where keys come from."""

    def new_id(self) -> str:
        """A new UUIDv7 as 36 characters: sorts by time, made by the client."""
        ...
