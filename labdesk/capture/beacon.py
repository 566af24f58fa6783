"""How a desktop finds capture processes in the room: it asks by UDP, they answer name, port and fingerprint. Never the secret.

An answer proves nothing; the certificate's fingerprint is checked when the desktop connects. A question is longer than its answer, so
nobody can use a bench computer to flood another.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

FIND_PORT = 47115
QUESTION_BYTES = 400
POLL_S = 0.5
EVERYBODY = ("255.255.255.255", "127.0.0.1")
_ASK = b"LABDESK-CAPTURE? "


@dataclass(frozen=True)
class Found:
    """A capture process that answered: ``host`` is where the answer came from."""

    name: str
    host: str
    port: int
    fingerprint: str


class Beacon:
    """Answers questions until closed; ``port`` is where it listens."""

    def __init__(self, host: str, find_port: int, told: tuple[str, int, str]) -> None:
        """``told``: name, port and fingerprint of the answer. ``host`` loopback: only this computer is answered. Raises OSError."""
        self._told = told
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(("127.0.0.1" if host in ("127.0.0.1", "localhost", "::1") else "", find_port))
        except OSError:
            self._socket.close()
            raise
        self._socket.settimeout(POLL_S)
        self.port = int(self._socket.getsockname()[1])
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capture-beacon", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answers no more."""
        self._stopping.set()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        name, port, fingerprint = self._told
        while not self._stopping.is_set():
            with contextlib.suppress(OSError):
                question, where = self._socket.recvfrom(2 * QUESTION_BYTES)
                if len(question) == QUESTION_BYTES and question.startswith(_ASK):
                    nonce = question[len(_ASK) : len(_ASK) + 32].decode("ascii", "replace")
                    answer = {"nonce": nonce, "name": name, "port": port, "fp": fingerprint}
                    self._socket.sendto(json.dumps(answer).encode(), where)


def find_captures(hosts: tuple[str, ...], find_port: int, wait_s: float) -> Iterator[Found]:
    """Capture processes that answer within ``wait_s``, as their answers come, each once; nonsense is passed over."""
    nonce = secrets.token_hex(16)
    seen: set[Found] = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        for host in hosts:
            with contextlib.suppress(OSError):  # no network: those on this computer are still found
                asking.sendto((_ASK + nonce.encode()).ljust(QUESTION_BYTES), (host, find_port))
        deadline = time.monotonic() + wait_s
        while (left := deadline - time.monotonic()) > 0:
            asking.settimeout(left)
            try:
                answer, where = asking.recvfrom(2048)
            except TimeoutError:
                return
            except OSError:
                continue
            found = _read(answer, nonce, str(where[0]))
            if found is not None and found not in seen:
                seen.add(found)
                yield found


def _read(answer: bytes, nonce: str, host: str) -> Found | None:
    try:
        told = json.loads(answer)
        if told["nonce"] != nonce or not re.fullmatch(r"\w[\w-]{0,39}", told["name"]):
            return None
        if not re.fullmatch(r"[0-9a-f]{64}", told["fp"]):
            return None
        return Found(told["name"], host, int(told["port"]), told["fp"])
    except (ValueError, KeyError, TypeError):
        return None
