"""Where the capture process listens: a Unix socket only its owner may open, or a loopback port with a random token.

``endpoint.json`` in the capture folder says which. The token is needed where Unix sockets are missing (Windows) or the folder's path is
too long for one.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

UNIX_PATH_BYTES = 100
TOKEN_BYTES = 43


@dataclass(frozen=True)
class Listener:
    """A listening socket and the token a client must send first (empty: none, the folder's rights suffice)."""

    socket: socket.socket
    token: bytes

    def admits(self, first: bytes) -> bool:
        """Whether a client's first bytes are the token."""
        return hmac.compare_digest(first, self.token)


def listen(folder: Path) -> Listener:
    """Listens and writes ``endpoint.json``. Raises OSError."""
    path = folder / "capture.sock"
    if hasattr(socket, "AF_UNIX") and len(os.fsencode(path)) <= UNIX_PATH_BYTES:
        path.unlink(missing_ok=True)
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            server.bind(str(path))
        finally:
            os.umask(before)
        server.listen(8)
        listener, where = Listener(server, b""), {"kind": "unix", "path": path.name}
    else:
        server = socket.create_server(("127.0.0.1", 0))
        token = secrets.token_urlsafe(32)
        listener = Listener(server, token.encode())
        where = {"kind": "tcp", "port": str(server.getsockname()[1]), "token": token}
    part = folder / "endpoint.part"
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(where, file)
    part.replace(folder / "endpoint.json")
    listener.socket.setblocking(False)
    return listener


def connect(folder: Path, timeout_s: float) -> socket.socket:
    """A connection to the capture process of this folder. Raises OSError when there is none."""
    try:
        where = json.loads((folder / "endpoint.json").read_text(encoding="utf-8"))
        if where["kind"] == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            address: str | tuple[str, int] = str(folder / where["path"])
            token = b""
        else:
            connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            address, token = ("127.0.0.1", int(where["port"])), where["token"].encode()
    except (ValueError, KeyError) as error:
        raise OSError(f"endpoint.json: {error}") from error
    connection.settimeout(timeout_s)
    try:
        connection.connect(address)
        connection.sendall(token)
    except OSError:
        with contextlib.suppress(OSError):
            connection.close()
        raise
    return connection
