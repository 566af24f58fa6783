"""The capture folder: sealed runs are there whole or not at all, listed until acknowledged, never deleted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labdesk.capture.runs import RunFolder
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.sealed_run import decode_run, encode_run
from tests.unit.capture.test_recorder import feed, recorder, sealed


def stored(folder: RunFolder, run_id: str = "run-1") -> bytes:
    run = sealed(feed(recorder(run_id=run_id)))
    data = encode_run(run)
    folder.store(run, data)
    return data


def test_a_sealed_run_is_listed_until_it_is_acknowledged_and_stays(tmp_path: Path) -> None:
    data = stored(RunFolder(tmp_path))
    folder = RunFolder(tmp_path)
    (outcome,) = folder.waiting()
    assert (outcome.run_id, outcome.loaded, outcome.marked) == ("run-1", True, False)
    folder.acknowledge("run-1")
    folder.acknowledge("run-1")
    assert folder.waiting() == ()
    assert folder.fetch("run-1") == data
    assert folder.exists("run-1")


def test_a_damaged_file_does_not_hide_the_others(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    stored(folder)
    folder.sealed_path("run-2").write_bytes(b"LDRUN broken")
    assert [outcome.run_id for outcome in RunFolder(tmp_path).waiting()] == ["run-1"]


def test_a_crash_in_sealing_leaves_no_half_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder(tmp_path)

    def crash(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="No space"):
        stored(folder)
    assert folder.waiting() == ()
    monkeypatch.undo()
    stored(folder)
    assert len(folder.waiting()) == 1


def test_the_file_may_only_be_read(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    stored(folder)
    assert folder.sealed_path("run-1").stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize("run_id", ["../escape", "a/b", "", "x" * 65, "ä"])
def test_an_id_is_never_a_path(tmp_path: Path, run_id: str) -> None:
    folder = RunFolder(tmp_path)
    for call in (folder.fetch, folder.fetch_journal, folder.acknowledge, folder.exists):
        with pytest.raises(OperatorError, match="no_such_run"):
            call(run_id)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for call in (folder.fetch, folder.fetch_journal, folder.acknowledge):
        with pytest.raises(OperatorError, match="no_such_run"):
            call("run-9")
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault, match="disk"):
        RunFolder(tmp_path / "file")


def test_the_stored_bytes_are_the_run(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    data = stored(folder)
    assert decode_run(folder.fetch("run-1")).header.request.run_id == "run-1"
    assert folder.fetch("run-1") == data
