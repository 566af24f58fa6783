"""What people decided about messages to the platform that cannot go by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Closure:
    """A message closed by a supervisor: it is not sent again, and says why for ever."""

    id: str
    message_id: str
    reason: str
    person_id: str
    person_name: str
    at: datetime


class SyncDeskStore(Protocol):
    """Repository of closures."""

    def add_closure(self, closure: Closure) -> None:
        """Keep a closure; refused unless the message was refused or needs a person."""
        ...

    def closures_of(self, message_ids: list[str]) -> dict[str, Closure]:
        """Closures by message."""
        ...
