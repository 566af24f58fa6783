"""The raw journal: what was written is there after a crash, a torn end loses nothing that was whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labdesk.devices.journal import MAGIC, JournalSyncer, JournalWriter, read_journal, received_bytes
from labdesk.domain.errors import EnvironmentFault
from tests.helpers.machines import wait_until


def written(path: Path, chunks: int = 5) -> JournalWriter:
    journal = JournalWriter.create(path, {"request": "r"}, 1)
    for number in range(chunks):
        journal.append(10 + number, bytes((number,)) * 20)
    journal.mark(99, {"event": "lost"})
    return journal


def test_each_record_is_readable_at_once_without_closing(tmp_path: Path) -> None:
    journal = written(tmp_path / "a.journal")
    content = read_journal((tmp_path / "a.journal").read_bytes())
    assert [record.kind for record in content.records] == ["H", "D", "D", "D", "D", "D", "M"]
    assert content.records[0].json() == {"request": "r"}
    assert content.records[3].stamp_ns == 12
    assert content.records[-1].json() == {"event": "lost"}
    assert content.torn == b""
    assert received_bytes(content.records) == b"".join(bytes((n,)) * 20 for n in range(5))
    assert journal.size == (tmp_path / "a.journal").stat().st_size
    journal.close()
    journal.close()


def test_a_torn_tail_is_tolerated_wherever_it_tears(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    written(path, 1).close()
    whole = path.read_bytes()
    before = read_journal(whole).records
    last = len(whole) - len(whole.split(b"M")[-1]) - 1
    for end in range(last, len(whole)):
        content = read_journal(whole[:end])
        assert content.records == before[:-1]
        assert content.torn == whole[last:end]


def test_a_flipped_byte_stops_the_reading_there(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    written(path, 3).close()
    data = bytearray(path.read_bytes())
    data[-60] ^= 1
    content = read_journal(bytes(data))
    assert 1 <= len(content.records) < 5
    assert content.torn


def test_going_on_keeps_the_torn_bytes_inside_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    written(path, 2).close()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 5)
    content = read_journal(path.read_bytes())
    journal = JournalWriter.resume(path, content, 100)
    journal.append(101, b"more")
    journal.close()
    after = read_journal(path.read_bytes())
    assert after.torn == b""
    assert after.records[: len(content.records)] == content.records
    assert after.records[-2].json() == {"event": "torn", "bytes": content.torn.hex()}
    assert after.records[-1].payload == b"more"


def test_an_existing_journal_is_never_overwritten(tmp_path: Path) -> None:
    written(tmp_path / "a.journal").close()
    with pytest.raises(FileExistsError):
        JournalWriter.create(tmp_path / "a.journal", {}, 1)


def test_something_else_is_no_journal() -> None:
    with pytest.raises(EnvironmentFault, match="not a journal"):
        read_journal(b"LDRUN...")
    assert read_journal(MAGIC).records == ()


def test_one_write_per_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = written(tmp_path / "a.journal", 0)
    writes: list[int] = []
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: writes.append(len(data)) or real(fd, data))
    journal.append(5, b"x" * 1000)
    assert writes == [1000 + 13 + 4]
    monkeypatch.undo()
    journal.close()


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = written(tmp_path / "a.journal")

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        journal.append(5, b"x")
    monkeypatch.undo()
    journal.close()
    with pytest.raises(OSError, match="closed"):
        journal.append(6, b"x")


def test_the_second_thread_brings_it_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("labdesk.devices.journal._datasync", synced.append)
    journal = written(tmp_path / "a.journal")
    syncer = JournalSyncer()
    syncer.add(journal)
    wait_until(lambda: len(synced) == 1, 2)
    journal.append(7, b"new")
    wait_until(lambda: len(synced) == 2, 2)
    syncer.remove(journal)
    syncer.stop()
    assert len(synced) == 2
    journal.close()


def test_a_sync_that_fails_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("labdesk.devices.journal._datasync", broken)
    journal = written(tmp_path / "a.journal")
    syncer = JournalSyncer()
    syncer.add(journal)
    wait_until(lambda: journal.path in syncer.faults, 2)
    syncer.stop()
    monkeypatch.undo()
    journal.close()


def test_what_a_full_disk_refused_leaves_a_readable_journal_with_its_hole_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a record gets through, the rest is refused: it is taken back, and the next record that fits tells of it."""
    writer = JournalWriter.create(tmp_path / "j", {"a": 1}, 1)
    writer.append(2, b"before")
    whole = (tmp_path / "j").read_bytes()
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if len(data) > 8:
            return write(descriptor, data[:8])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("labdesk.devices.journal.os.write", full)
        for stamp in (3, 4):
            with pytest.raises(OSError, match="No space"):
                writer.append(stamp, b"12345678")
    assert (tmp_path / "j").read_bytes() == whole
    assert writer.incomplete
    writer.append(5, b"after")
    writer.close()
    assert not writer.incomplete
    records = read_journal((tmp_path / "j").read_bytes()).records
    assert [(record.kind, record.payload) for record in records[1:2]] == [("D", b"before")]
    assert records[2].json() == {"event": "hole", "records": 2, "bytes": 16}
    assert records[3].payload == b"after"
