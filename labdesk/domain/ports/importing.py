"""What importing needs from its surroundings: a memory for the answers people gave about a kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class ColumnMemory(Protocol):
    """Answers by the fingerprint of a table's titles; only what concerns columns, units and marks, never a dimension."""

    def recall(self, fingerprint: str) -> Mapping[str, str]:
        """The answers kept for such a table; empty if there are none."""
        ...

    def keep(self, fingerprint: str, answers: Mapping[str, str]) -> None:
        """Keep answers in place of earlier ones; raises EnvironmentFault where they cannot be written."""
        ...
