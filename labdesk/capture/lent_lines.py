"""A port of this computer lent to a desktop in the room while somebody connects a machine there: bytes carried, nothing decided.

The desktop looks for the driver; this side opens, reads into a bounded buffer and writes what it is given. A line that nobody asks
about for a while is let go of, so that a desktop that went away holds nothing.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from labdesk.devices.manifest import LineSettings
from labdesk.devices.transport import LineLost, Transport, open_transport
from labdesk.devices.usb_ports import resolve
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.plain import from_plain, to_plain

IDLE_S = 15.0
KEPT = 1 << 18
READ_S = 0.1
ANSWER_EVERY_S = 0.05
OPEN_S = 10.0

OpenLine = Callable[[str, LineSettings], Transport]
Ask = Callable[..., Any]
"""Asks the capture process elsewhere: operation and arguments; raises LabDeskError."""


def _open(url: str, line: LineSettings) -> Transport:
    return open_transport(resolve(url), line)


class _Line:
    """One lent line with its thread."""

    def __init__(self, url: str, line: LineSettings, open_line: OpenLine) -> None:
        self._url, self._line, self._open_line = url, line, open_line
        self._lock = threading.Lock()
        self._buffer = bytearray()
        self._transport: Transport | None = None
        self._said: dict[str, str] = {"state": "opening", "trouble": "", "detail": ""}
        self._asked_at = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lent {url}", daemon=True)
        self._thread.start()

    def take(self) -> dict[str, str]:
        """What came since it was asked last, and how the line is."""
        with self._lock:
            self._asked_at = time.monotonic()
            data, self._buffer = bytes(self._buffer), bytearray()
            return {**self._said, "data": base64.b64encode(data).decode("ascii")}

    def write(self, data: bytes) -> None:
        """Sends what the desktop's driver asks."""
        transport = self._transport
        if transport is not None:
            with contextlib.suppress(LineLost):  # the reading thread says so
                transport.write(data)

    def close(self) -> None:
        """Lets go of the port."""
        self._stop.set()
        self._thread.join()

    @property
    def ended(self) -> bool:
        """Whether the port is let go of."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._transport = self._open_line(self._url, self._line)
        except EnvironmentFault as fault:
            self._lost(str(fault.params.get("trouble", "")), str(fault.params.get("detail", "")))
            return
        with self._lock:
            self._said["state"] = "open"
        try:
            while not self._stop.is_set() and time.monotonic() - self._asked_at < IDLE_S:
                data = self._transport.read_chunk(READ_S)
                with self._lock:
                    self._buffer += data
                    del self._buffer[: max(0, len(self._buffer) - KEPT)]
        except LineLost as lost:
            self._lost(lost.trouble.value, lost.detail)
        finally:
            self._transport.close()

    def _lost(self, trouble: str, detail: str) -> None:
        with self._lock:
            self._said = {"state": "lost", "trouble": trouble or LinkTrouble.NONE.value, "detail": detail}


class LentLines:
    """All lent lines of this capture process; called on the server's thread, never waits for a port."""

    def __init__(self, open_line: OpenLine = _open) -> None:
        self._open_line = open_line
        self._lines: dict[int, _Line] = {}
        self._numbers = itertools.count(1)

    def open(self, url: str, line: dict[str, Any]) -> int:
        """Begins to open a port; gives the line's number."""
        for number in [number for number, each in self._lines.items() if each.ended]:
            del self._lines[number]
        number = next(self._numbers)
        self._lines[number] = _Line(url, from_plain(LineSettings, line), self._open_line)
        return number

    def take(self, number: int) -> dict[str, str]:
        """Bytes since the last time, base64, with ``state``, ``trouble`` and ``detail``; raises OperatorError ``elsewhere.line``."""
        return self._line(number).take()

    def write(self, number: int, data: str) -> None:
        """Sends bytes, base64; raises OperatorError ``elsewhere.line``."""
        self._line(number).write(base64.b64decode(data))

    def close(self, number: int) -> None:
        """Lets go; twice without harm."""
        line = self._lines.pop(number, None)
        if line is not None:
            line.close()

    def close_all(self) -> None:
        """Lets go of all."""
        for number in tuple(self._lines):
            self.close(number)

    def _line(self, number: int) -> _Line:
        if number not in self._lines:
            raise OperatorError("elsewhere.line")
        return self._lines[number]


class LentTransport:
    """A :class:`labdesk.devices.transport.Transport` on another computer."""

    def __init__(self, ask: Ask, url: str, line: LineSettings) -> None:
        """Waits until the port is open there; raises EnvironmentFault as opening it here would."""
        self._ask = ask
        self._number = int(ask("line_open", url=url, line=to_plain(line)))
        self._open = True
        deadline = time.monotonic() + OPEN_S
        self._early = b""
        while True:
            try:
                data = self._take()
            except LineLost as lost:
                self.close()
                raise EnvironmentFault(
                    "capture.port", port=url, trouble=lost.trouble.value, detail=lost.detail
                ) from lost
            self._early += data or b""
            if data is not None or time.monotonic() > deadline:
                return
            time.sleep(ANSWER_EVERY_S)

    def read_chunk(self, wait_s: float = 0.5, pause_s: float = 0.0) -> bytes:
        """What arrived there; empty after ``wait_s`` without a byte. Raises LineLost."""
        del pause_s
        early, self._early = self._early, b""
        deadline = time.monotonic() + wait_s
        while not early:
            early = self._take() or b""
            if early or time.monotonic() >= deadline:
                break
            time.sleep(ANSWER_EVERY_S)
        return early

    def write(self, data: bytes) -> None:
        """Sends a request there. Raises LineLost."""
        self._told("line_write", number=self._number, data=base64.b64encode(data).decode("ascii"))

    def descriptor(self) -> int | None:
        """A line elsewhere has none."""
        return None

    def close(self) -> None:
        """Lets go of the port there."""
        if self._open:
            self._open = False
            with contextlib.suppress(LineLost):
                self._told("line_close", number=self._number)

    def _take(self) -> bytes | None:
        """Bytes, or ``None`` while the port is being opened."""
        told = self._told("line_take", number=self._number)
        if told["state"] == "lost":
            raise LineLost(LinkTrouble(told["trouble"]), str(told["detail"]))
        data = base64.b64decode(told["data"])
        return None if told["state"] == "opening" else data

    def _told(self, operation: str, **arguments: Any) -> Any:
        try:
            return self._ask(operation, **arguments)
        except (EnvironmentFault, OperatorError) as error:
            raise LineLost(LinkTrouble.NO_CAPTURE, str(error.params.get("detail", error.key))) from error
