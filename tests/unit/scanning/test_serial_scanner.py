"""Handheld scanners on a serial line: whole scans, cut by end or silence; unplugging is survived and said."""

from __future__ import annotations

import os
import queue
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from labdesk.domain.codes import CodeKind, format_code, parse_code
from labdesk.domain.errors import OperatorError
from labdesk.domain.scans import Scan, ScanSource
from labdesk.scanning.scan_split import MAX_BYTES, ScanSplitter, as_text
from labdesk.scanning.serial_scanner import ScannerListener, ScannerState, SerialScanner

CODE = format_code(CodeKind.TAG, "YK210744081263")
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


class StillClock:
    """Always noon."""

    def now(self) -> datetime:
        return NOON


class Notes:
    """Collects what a scanner tells, across threads."""

    def __init__(self) -> None:
        self.scans: queue.Queue[Scan] = queue.Queue()
        self.states: queue.Queue[ScannerState] = queue.Queue()

    def listener(self) -> ScannerListener:
        return ScannerListener(self.scans.put, lambda state, reason: self.states.put(state))

    def wait_for(self, state: ScannerState) -> None:
        while self.states.get(timeout=30) is not state:
            pass


@pytest.fixture
def port_server() -> Iterator[socket.socket]:
    """A port server on loopback, as ``socket://`` reaches it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        yield server


def scanner_on(server: socket.socket, notes: Notes) -> SerialScanner:
    """A started scanner."""
    made = SerialScanner(f"socket://127.0.0.1:{server.getsockname()[1]}", notes.listener(), StillClock())
    made.start()
    return made


def test_scans_come_whole_whatever_the_line_does(port_server: socket.socket) -> None:
    notes = Notes()
    scanner = scanner_on(port_server, notes)
    line, _ = port_server.accept()
    notes.wait_for(ScannerState.READY)
    with line:
        for part in (CODE[:7].encode(), CODE[7:].encode() + b"\r\n" + CODE.encode(), b"\r"):
            line.sendall(part)
        first, second = notes.scans.get(timeout=30), notes.scans.get(timeout=5)
    scanner.close()
    assert first.raw == second.raw == CODE
    assert (first.source, first.at) == (ScanSource.SERIAL, NOON)
    assert first.port.startswith("socket://")
    assert not scanner.alive


def test_a_scanner_without_an_end_character_is_cut_by_silence(port_server: socket.socket) -> None:
    notes = Notes()
    scanner = scanner_on(port_server, notes)
    line, _ = port_server.accept()
    notes.wait_for(ScannerState.READY)
    with line:
        line.sendall(CODE.encode())
        assert notes.scans.get(timeout=30).raw == CODE
    scanner.close()


def test_unplugging_in_mid_scan_is_loud_and_it_comes_back(port_server: socket.socket) -> None:
    notes = Notes()
    scanner = scanner_on(port_server, notes)
    line, _ = port_server.accept()
    notes.wait_for(ScannerState.READY)
    line.sendall(CODE[:9].encode())
    line.close()
    broken = notes.scans.get(timeout=30)
    with pytest.raises(OperatorError, match=r"scan\.incomplete"):
        parse_code(broken.raw)
    notes.wait_for(ScannerState.LOST)
    again, _ = port_server.accept()
    with again:
        notes.wait_for(ScannerState.READY)
        again.sendall(CODE.encode() + b"\r")
        assert notes.scans.get(timeout=30).raw == CODE
    scanner.close()
    notes.wait_for(ScannerState.STOPPED)


def test_a_missing_port_is_lost_and_closing_does_not_wait_for_it() -> None:
    notes = Notes()
    scanner = SerialScanner("/dev/no-such-scanner", notes.listener(), StillClock())
    scanner.start()
    notes.wait_for(ScannerState.LOST)
    scanner.close()
    assert not scanner.alive
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("labdesk-scanner")]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of Unix")
def test_a_real_terminal_line_with_chinese_text() -> None:
    master, slave = os.openpty()
    notes = Notes()
    scanner = SerialScanner(os.ttyname(slave), notes.listener(), StillClock())
    scanner.start()
    notes.wait_for(ScannerState.READY)
    os.write(master, "钢筋 Φ25\r".encode("gb18030"))
    assert notes.scans.get(timeout=30).raw == "钢筋 Φ25"
    scanner.close()
    os.close(master)
    os.close(slave)


def test_text_of_either_encoding() -> None:
    assert as_text("试件 3".encode()) == "试件 3"
    assert as_text("试件 3".encode("gb18030")) == "试件 3"
    assert "�" in as_text(b"\xff\xff")


def test_the_splitter_times_a_scan_from_its_first_to_its_last_byte() -> None:
    splitter = ScanSplitter(idle_s=0.1)
    assert splitter.feed(b"AB", 1.0) == []
    (piece,) = splitter.feed(b"C\r\n", 1.05)
    assert (piece.data, round(piece.ended_s - piece.began_s, 3)) == (b"ABC", 0.05)


def test_bytes_after_a_silence_are_another_scan() -> None:
    splitter = ScanSplitter(idle_s=0.1)
    splitter.feed(b"AB", 1.0)
    (early,) = splitter.feed(b"CD", 1.2)
    assert early.data == b"AB"
    (late,) = splitter.idle(1.4)
    assert late.data == b"CD"
    assert splitter.idle(9.0) == []


def test_noise_without_an_end_does_not_fill_the_memory() -> None:
    pieces = ScanSplitter().feed(b"x" * (2 * MAX_BYTES + 5), 1.0)
    assert [len(piece.data) for piece in pieces] == [MAX_BYTES, MAX_BYTES]
