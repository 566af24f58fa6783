"""A handheld scanner on a serial line: one thread owns the port, hands over whole scans, and comes back after unplugging.

Any pyserial URL will do: ``/dev/ttyACM0``, ``COM5``, ``socket://192.168.1.20:4001``, and ``hwgrep://1eab:0c10``, which finds a
device by its USB identity, whatever port it is plugged into.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import serial

from labdesk.domain.clock import Clock
from labdesk.domain.codes import normalise_scan
from labdesk.domain.scans import Scan, ScanSource
from labdesk.scanning.scan_split import Piece, ScanSplitter, as_text

_log = logging.getLogger(__name__)

_POLL_S = 0.05
_BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)


class ScannerState(StrEnum):
    """What the status bar says."""

    OPENING = "opening"
    READY = "ready"
    LOST = "lost"
    STOPPED = "stopped"


@dataclass(frozen=True)
class ScannerListener:
    """Who is told; both are called on the scanner's thread and must return at once.

    Attributes:
        on_scan: one whole scan.
        on_state: the state changed; the text is the system's reason, may be empty.
    """

    on_scan: Callable[[Scan], None]
    on_state: Callable[[ScannerState, str], None]


class SerialScanner:
    """The scanner on ``url``. :meth:`start`, then :meth:`close`; a closed scanner is not started again."""

    def __init__(self, url: str, listener: ScannerListener, clock: Clock, baud: int = 9600) -> None:
        self._url = url
        self._listener = listener
        self._clock = clock
        self._baud = baud
        self._stop = threading.Event()
        self._port: Any = None
        self._thread = threading.Thread(target=self._run, name=f"labdesk-scanner {url}", daemon=True)

    def start(self) -> None:
        """Begins to listen."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread and waits for it."""
        self._stop.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._listen_until_stopped()
        except Exception as error:
            _log.exception("scanner thread on %s ended", self._url)
            self._listener.on_state(ScannerState.LOST, type(error).__name__)
            raise
        self._listener.on_state(ScannerState.STOPPED, "")

    def _listen_until_stopped(self) -> None:
        failures = 0
        self._listener.on_state(ScannerState.OPENING, "")
        while not self._stop.is_set():
            try:
                with serial.serial_for_url(self._url, baudrate=self._baud, timeout=_POLL_S) as port:
                    self._listener.on_state(ScannerState.READY, "")
                    failures = 0
                    self._read(port)
            except (serial.SerialException, OSError) as error:  # unplugging raises the one or the other
                self._listener.on_state(ScannerState.LOST, str(error))
                self._stop.wait(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])
                failures += 1

    def _read(self, port: Any) -> None:
        splitter = ScanSplitter()
        try:
            while not self._stop.is_set():
                data = port.read(1)
                if data:
                    data += port.read(port.in_waiting)
                now_s = time.monotonic()
                self._hand_over(splitter.feed(data, now_s) if data else splitter.idle(now_s))
        finally:
            # What the line lost in mid-scan is handed over too: its check characters fail, and that is told loudly.
            self._hand_over(splitter.drop())

    def _hand_over(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            self._listener.on_scan(self._scan(piece))

    def _scan(self, piece: Piece) -> Scan:
        raw = as_text(piece.data)
        duration_ms = round((piece.ended_s - piece.began_s) * 1000)
        return Scan(raw, normalise_scan(raw), ScanSource.SERIAL, self._url, duration_ms, self._clock.now())
