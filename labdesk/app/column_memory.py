"""Answers about columns, kept in the data folder as one small JSON file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from labdesk.domain.errors import EnvironmentFault


class FileColumnMemory:
    """Fulfils ``ColumnMemory``; a damaged or missing file is an empty memory, the question is then asked again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self, fingerprint: str) -> Mapping[str, str]:
        """The answers kept for such a table."""
        found = self._all().get(fingerprint, {})
        return {str(name): str(answer) for name, answer in found.items()}

    def keep(self, fingerprint: str, answers: Mapping[str, str]) -> None:
        """Write answers; the file is replaced in one step."""
        known = {**self._all(), fingerprint: dict(answers)}
        beside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
            os.replace(beside, self._path)
        except OSError as error:
            raise EnvironmentFault(
                "import.memory", path=str(self._path), reason=error.strerror or str(error)
            ) from error

    def _all(self) -> dict[str, dict[str, str]]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {k: v for k, v in known.items() if isinstance(v, dict)} if isinstance(known, dict) else {}
