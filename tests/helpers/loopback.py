"""Tests talk to this machine only: a connection to anywhere else is an error, whoever tries it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


def is_local(address: object) -> bool:
    """Whether a socket address stays on this machine (Unix sockets, loopback addresses, ``localhost``)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@contextmanager
def only_loopback() -> Iterator[None]:
    """Within the block, ``socket.connect`` refuses every address that is not local."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(self: socket.socket, address: Any) -> None:
        _refuse(address)
        connect(self, address)

    def checked_ex(self: socket.socket, address: Any) -> int:
        _refuse(address)
        return connect_ex(self, address)

    with mock.patch.multiple(socket.socket, connect=checked, connect_ex=checked_ex):
        yield


def _refuse(address: object) -> None:
    if not is_local(address):
        raise AssertionError(f"a test tried to leave this machine: {address!r}")
