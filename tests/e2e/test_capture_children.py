"""A benchmark of capture leaves nothing behind that holds a port, however it ends."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from benchmarks.capture_children import capture_child, capture_process, end_processes


def left_over(home: Path) -> list[psutil.Process]:
    return [each for each in psutil.process_iter(["cmdline"]) if str(home) in (each.info["cmdline"] or ())]


def test_a_benchmark_that_fails_leaves_no_process(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), capture_process(tmp_path) as client:
        assert client.states() == ()
        assert capture_child(tmp_path).is_running()
        raise ZeroDivisionError
    assert left_over(tmp_path) == []


def test_one_whose_capture_does_not_answer_any_more_neither(tmp_path: Path) -> None:
    with capture_process(tmp_path):
        capture_child(tmp_path).suspend()
        end_processes(tmp_path)
    assert left_over(tmp_path) == []
