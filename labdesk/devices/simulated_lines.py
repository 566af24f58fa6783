"""The line of a simulated machine: a pseudo-terminal or a TCP port that can be unplugged. Like a real wire it drops what nobody takes."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import Protocol


class SimulatedLine(Protocol):
    """What the virtual machine writes to."""

    @property
    def url(self) -> str:
        """What a driver opens."""
        ...

    def plug(self, plugged: bool) -> None:
        """Cuts or restores the line; nothing happens if it is so already."""
        ...

    def send(self, data: bytes) -> None:
        """Puts bytes on the wire; what does not fit is lost, as on a real one."""
        ...

    def requests(self) -> list[bytes]:
        """What the host sent."""
        ...

    def opened(self) -> bool:
        """Whether somebody has the line open."""
        ...

    def close(self) -> None:
        """Switches off."""
        ...


class PtyLine:
    """A pseudo-terminal; with ``link`` there is a symbolic link to it that survives unplugging."""

    def __init__(self, link: str = "") -> None:
        self._link = Path(link) if link else None
        self._master: int | None = None
        self._name = ""
        self.plug(True)

    @property
    def url(self) -> str:
        """Path of the terminal, or of the link to it."""
        return str(self._link) if self._link else self._name

    @property
    def descriptor(self) -> int | None:
        """The machine's end of the terminal, to wait on; ``None`` while it is unplugged."""
        return self._master

    def plug(self, plugged: bool) -> None:
        """See :class:`SimulatedLine`."""
        if plugged == (self._master is not None):
            return
        if not plugged:
            self.close()
            return
        import pty
        import tty

        master, slave = pty.openpty()
        tty.setraw(slave)
        self._name = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(master, False)
        self._master = master
        if self._link:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(self._name)

    def send(self, data: bytes) -> None:
        """See :class:`SimulatedLine`."""
        if self._master is not None and data:
            with contextlib.suppress(OSError):
                os.write(self._master, data)

    def requests(self) -> list[bytes]:
        """See :class:`SimulatedLine`."""
        if self._master is not None:
            with contextlib.suppress(OSError):
                data = os.read(self._master, 4096)
                return [data] if data else []
        return []

    def opened(self) -> bool:
        """See :class:`SimulatedLine`; a terminal that nobody has open is hung up."""
        if self._master is None:
            return False
        import select

        watch = select.poll()
        watch.register(self._master, 0)
        return not any(event & select.POLLHUP for _, event in watch.poll(0))

    def close(self) -> None:
        """See :class:`SimulatedLine`."""
        if self._master is not None:
            os.close(self._master)
            self._master = None
            if self._link:
                self._link.unlink(missing_ok=True)


class TcpLine:
    """A port server with one client at a time, on the loopback address."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._server: socket.socket | None = None
        self._client: socket.socket | None = None
        self.plug(True)

    @property
    def taken(self) -> bool:
        """Whether somebody is connected, as far as is known."""
        return self._client is not None

    @property
    def url(self) -> str:
        """``socket://127.0.0.1:port``."""
        return f"socket://127.0.0.1:{self._port}"

    def plug(self, plugged: bool) -> None:
        """See :class:`SimulatedLine`."""
        if plugged and self._server is None:
            self._server = socket.create_server(("127.0.0.1", self._port))
            self._server.setblocking(False)
            self._port = self._server.getsockname()[1]
        elif not plugged:
            self.close()

    def send(self, data: bytes) -> None:
        """See :class:`SimulatedLine`."""
        self._accept()
        if self._client is not None and data:
            try:
                self._client.send(data)
            except BlockingIOError:
                return
            except OSError:
                self._drop()

    def requests(self) -> list[bytes]:
        """See :class:`SimulatedLine`."""
        self._accept()
        if self._client is not None:
            try:
                data = self._client.recv(4096)
            except BlockingIOError:
                return []
            except OSError:
                data = b""
            if data:
                return [data]
            self._drop()
        return []

    def opened(self) -> bool:
        """See :class:`SimulatedLine`."""
        self._accept()
        return self._client is not None

    def close(self) -> None:
        """See :class:`SimulatedLine`."""
        self._drop()
        if self._server is not None:
            self._server.close()
            self._server = None

    def _accept(self) -> None:
        if self._server is None:
            return
        with contextlib.suppress(OSError):
            client, _ = self._server.accept()
            self._drop()
            client.setblocking(False)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._client = client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
