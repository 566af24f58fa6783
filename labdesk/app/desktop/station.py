"""What this station remembers for itself: the machine that stands here."""

from __future__ import annotations

import json
import os
from pathlib import Path


class StationMemory:
    """A small private file of the data folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read_machine(self) -> str:
        """Key of this station's machine, empty while none was chosen."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ""
        machine = found.get("machine") if isinstance(found, dict) else None
        return machine if isinstance(machine, str) else ""

    def remember_machine(self, machine_id: str) -> None:
        """Keep it; written beside and renamed."""
        partial = self._path.with_suffix(".new")
        partial.write_text(json.dumps({"machine": machine_id}), encoding="utf-8")
        os.replace(partial, self._path)
