"""The raw journal: what the wire said, on disk before anyone looks at it.

One file per run: ``"LDJRN" 00 01 0A``, then records ``kind (1) · length (u32) · stamp (u64, monotonic ns) · payload · CRC-32 (u32)``,
little-endian, the CRC over all before it. Kinds: ``H`` header (JSON), ``D`` bytes as received, ``M`` a mark (JSON: line lost, line
opened, restart, end, a hole). Each record is one unbuffered write; a second thread brings it to the disk within 250 ms. After a power cut
the last record may be torn: reading stops there, and who goes on writing first keeps the torn bytes inside a mark. What a full disk
refused is taken back to the last whole record, and when there is room again a mark ``hole`` says how much is missing there.
"""

from __future__ import annotations

import binascii
import contextlib
import json
import os
import struct
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labdesk.domain.errors import EnvironmentFault

MAGIC = b"LDJRN\x00\x01\n"
SYNC_S = 0.25
_HEAD = struct.Struct("<cIQ")
_CRC = struct.Struct("<I")
_MAX_PAYLOAD = 16 << 20
_datasync = getattr(os, "fdatasync", os.fsync)


@dataclass(frozen=True)
class Record:
    """One record: ``kind`` is ``H``, ``D`` or ``M``; ``stamp_ns`` is the host's monotonic clock."""

    kind: str
    stamp_ns: int
    payload: bytes

    def json(self) -> dict[str, Any]:
        """The payload of a header or mark."""
        value = json.loads(self.payload)
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True)
class JournalContent:
    """Records of a journal and the bytes after the last whole one (empty unless a write was torn)."""

    records: tuple[Record, ...]
    torn: bytes


class JournalWriter:
    """Appends to one journal. ``append`` is called by one thread at a time; ``sync`` may run beside it."""

    def __init__(self, path: Path, descriptor: int, size: int) -> None:
        self.path = path
        self.size = size
        self._descriptor: int | None = descriptor
        self._lock = threading.Lock()
        self._dirty = size > 0
        self._refused = [0, 0]
        self._ragged = False

    @classmethod
    def create(cls, path: Path, header: dict[str, Any], stamp_ns: int) -> JournalWriter:
        """A new journal with its header, on disk when this returns; raises OSError, FileExistsError if there is one."""
        descriptor = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600
        )
        payload = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        data = MAGIC + _record("H", stamp_ns, payload)
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
            sync_folder(path.parent)
        except OSError:
            os.close(descriptor)
            raise
        return cls(path, descriptor, len(data))

    @classmethod
    def resume(cls, path: Path, content: JournalContent, stamp_ns: int) -> JournalWriter:
        """Goes on with a journal after a crash; torn bytes at its end are moved into a mark, so that nothing is lost."""
        size = path.stat().st_size - len(content.torn)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
        os.ftruncate(descriptor, size)
        writer = cls(path, descriptor, size)
        if content.torn:
            writer.mark(stamp_ns, {"event": "torn", "bytes": content.torn.hex()})
        return writer

    def append(self, stamp_ns: int, data: bytes) -> None:
        """Journals received bytes with one write; raises OSError (disk full), then nothing of them is in the journal."""
        self._write(stamp_ns, _record("D", stamp_ns, data), len(data))

    def mark(self, stamp_ns: int, mark: dict[str, Any]) -> None:
        """Journals an event of ours; raises OSError."""
        self._write(stamp_ns, _mark(stamp_ns, mark), 0)

    def sync(self) -> None:
        """Brings what was written to the disk; does nothing if nothing was."""
        with self._lock:
            if self._descriptor is None or not self._dirty:
                return
            descriptor, self._dirty = os.dup(self._descriptor), False
        try:
            _datasync(descriptor)
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Syncs and closes; a second time does nothing."""
        self.sync()
        with self._lock:
            descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    @property
    def incomplete(self) -> bool:
        """Something was refused and is not marked as a hole yet."""
        return self._refused != [0, 0]

    def _write(self, stamp_ns: int, record: bytes, received: int) -> None:
        """One whole record, behind the mark of a hole if there is one; a record refused half-way is taken back."""
        if self._descriptor is None:
            raise OSError("journal closed")
        hole = b""
        if self._refused != [0, 0]:
            hole = _mark(stamp_ns, {"event": "hole", "records": self._refused[0], "bytes": self._refused[1]})
        try:
            self._even_out()
            self._ragged = True
            _write_all(self._descriptor, hole + record)
        except OSError:
            self._refused = [self._refused[0] + 1, self._refused[1] + received]
            with contextlib.suppress(OSError):
                self._even_out()
            raise
        self._ragged, self._refused = False, [0, 0]
        self.size += len(hole) + len(record)
        self._dirty = True

    def _even_out(self) -> None:
        """Takes back a record that was written in part: whatever came after it could not be read any more."""
        if self._ragged and self._descriptor is not None:
            os.ftruncate(self._descriptor, self.size)
            self._ragged = False


class JournalSyncer:
    """The thread that syncs open journals every ``SYNC_S`` seconds, so that readers never wait for a disk."""

    def __init__(self) -> None:
        self._journals: dict[Path, JournalWriter] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.faults: dict[Path, str] = {}
        self._thread = threading.Thread(target=self._run, name="journal-sync", daemon=True)
        self._thread.start()

    def add(self, journal: JournalWriter) -> None:
        """Keeps ``journal`` on disk from now on."""
        with self._lock:
            self._journals[journal.path] = journal

    def remove(self, journal: JournalWriter) -> None:
        """Stops doing so."""
        with self._lock:
            self._journals.pop(journal.path, None)

    def stop(self) -> None:
        """Syncs once more and ends the thread."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(SYNC_S):
            self._sync_all()
        self._sync_all()

    def _sync_all(self) -> None:
        with self._lock:
            journals = tuple(self._journals.values())
        for journal in journals:
            try:
                journal.sync()
            except OSError as error:
                self.faults[journal.path] = str(error)


def read_journal(data: bytes) -> JournalContent:
    """The whole records in ``data``; raises EnvironmentFault ``capture.run_damaged`` if it is no journal at all."""
    if data[: len(MAGIC)] != MAGIC:
        raise EnvironmentFault("capture.run_damaged", reason="not a journal")
    records: list[Record] = []
    position = len(MAGIC)
    while position + _HEAD.size + _CRC.size <= len(data):
        kind, length, stamp_ns = _HEAD.unpack_from(data, position)
        end = position + _HEAD.size + length
        if kind not in (b"H", b"D", b"M") or length > _MAX_PAYLOAD or end + _CRC.size > len(data):
            break
        if _CRC.unpack_from(data, end)[0] != binascii.crc32(data[position:end]):
            break
        records.append(Record(kind.decode(), stamp_ns, data[position + _HEAD.size : end]))
        position = end + _CRC.size
    return JournalContent(tuple(records), data[position:])


def received_bytes(records: Iterable[Record]) -> bytes:
    """Everything that came over the wire, in order."""
    return b"".join(record.payload for record in records if record.kind == "D")


def sync_folder(folder: Path) -> None:
    """Brings a folder's entries to the disk, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _mark(stamp_ns: int, mark: dict[str, Any]) -> bytes:
    return _record("M", stamp_ns, json.dumps(mark, sort_keys=True, separators=(",", ":")).encode())


def _record(kind: str, stamp_ns: int, payload: bytes) -> bytes:
    head = _HEAD.pack(kind.encode(), len(payload), stamp_ns) + payload
    return head + _CRC.pack(binascii.crc32(head))


def _write_all(descriptor: int, data: bytes) -> None:
    """One write; only a full disk or a signal makes it more."""
    written = os.write(descriptor, data)
    while written < len(data):
        written += os.write(descriptor, data[written:])
