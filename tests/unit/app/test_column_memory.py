"""The memory for columns outlives the process; a damaged one only asks again."""

from __future__ import annotations

from pathlib import Path

import pytest

from labdesk.app.column_memory import FileColumnMemory
from labdesk.domain.errors import EnvironmentFault


def test_answers_outlive_the_object(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "columns.json"
    FileColumnMemory(path).keep("a", {"force_unit": "kN"})
    FileColumnMemory(path).keep("b", {"force_unit": "N"})
    assert FileColumnMemory(path).recall("a") == {"force_unit": "kN"}
    assert FileColumnMemory(path).recall("c") == {}


def test_a_damaged_memory_is_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "columns.json"
    path.write_text("{", encoding="utf-8")
    assert FileColumnMemory(path).recall("a") == {}
    path.write_text("[1]", encoding="utf-8")
    assert FileColumnMemory(path).recall("a") == {}


def test_what_cannot_be_written_is_a_fault_of_the_surroundings(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="memory"):
        FileColumnMemory(tmp_path / "file" / "columns.json").keep("a", {})
