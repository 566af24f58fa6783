"""Open ports that survive the death of who reads them: descriptors passed between supervisor and child (POSIX only).

One Unix socket pair; the child asks, the supervisor answers, one line of JSON each, a descriptor riding on the message that needs it.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from typing import Any

MESSAGE = 4096


class KeeperClient:
    """The child's side; asks come from the threads that hold lines. A dead supervisor keeps nothing, and reading goes on."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._lock = threading.Lock()

    def take(self, machine_id: str, url: str) -> int | None:
        """See ``devices.session.PortKeeper``."""
        _, descriptors = self._ask({"op": "take", "machine": machine_id, "url": url}, None)
        return descriptors[0] if descriptors else None

    def keep(self, machine_id: str, url: str, descriptor: int) -> None:
        """See ``devices.session.PortKeeper``."""
        self._ask({"op": "keep", "machine": machine_id, "url": url}, descriptor)

    def drop(self, machine_id: str) -> None:
        """See ``devices.session.PortKeeper``."""
        self._ask({"op": "drop", "machine": machine_id}, None)

    def close(self) -> None:
        """Tells the supervisor by the end of the connection that nothing more will be asked."""
        self._socket.close()

    def _ask(self, message: dict[str, str], descriptor: int | None) -> tuple[dict[str, Any], list[int]]:
        with self._lock:
            try:
                send_message(self._socket, message, descriptor)
                return receive_message(self._socket) or ({}, [])
            except OSError:
                return {}, []


class KeptPorts:
    """The supervisor's side: descriptors by machine."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, int]] = {}

    def answer(self, connection: socket.socket) -> bool:
        """Serves one request; ``False`` when the child is gone."""
        try:
            received = receive_message(connection)
            if received is None:
                return False
            message, descriptors = received
            descriptor = self._obey(message, descriptors)
            send_message(connection, {"ok": "1"}, descriptor)
        except (OSError, ValueError, KeyError):
            return False
        return True

    def close(self) -> None:
        """Lets go of everything."""
        for machine in list(self._kept):
            self._drop(machine)

    def _obey(self, message: dict[str, Any], descriptors: list[int]) -> int | None:
        machine = str(message["machine"])
        if message["op"] == "keep" and descriptors:
            self._drop(machine)
            self._kept[machine] = (str(message["url"]), descriptors[0])
        elif message["op"] == "drop":
            self._drop(machine)
        elif message["op"] == "take" and machine in self._kept:
            url, descriptor = self._kept[machine]
            if url == message["url"]:
                return descriptor
            self._drop(machine)
        return None

    def _drop(self, machine: str) -> None:
        kept = self._kept.pop(machine, None)
        if kept is not None:
            with contextlib.suppress(OSError):
                os.close(kept[1])


def send_message(connection: socket.socket, message: dict[str, str], descriptor: int | None) -> None:
    """One line of JSON, a descriptor with it."""
    data = json.dumps(message).encode() + b"\n"
    socket.send_fds(connection, [data], [] if descriptor is None else [descriptor])


def receive_message(connection: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """One line and the descriptors that came with it; ``None`` at the end of the connection. Raises OSError, ValueError."""
    data = b""
    descriptors: list[int] = []
    while not data.endswith(b"\n"):
        part, more, _, _ = socket.recv_fds(connection, MESSAGE, 1)
        descriptors.extend(more)
        if not part:
            return None
        data += part
    message = json.loads(data)
    return (message if isinstance(message, dict) else {}), descriptors
