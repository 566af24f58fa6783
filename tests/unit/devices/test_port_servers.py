"""Lines over the network: plain TCP and RFC 2217 port servers on the loopback address, and how a line that goes away is told."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
import serial.rfc2217
from labdesk_drivers.labdesk_utm.protocol import build_frame

from labdesk.devices.manifest import LineSettings
from labdesk.devices.registry import make_driver
from labdesk.devices.session import Line, LineEvent, NoKeeper
from labdesk.devices.simulated_lines import PtyLine, TcpLine
from labdesk.devices.transport import DescriptorTransport, LineLost, open_transport
from labdesk.domain.capture import LinkTrouble
from tests.helpers.machines import wait_until


class Rfc2217Server:
    """A port server as racks have them: pyserial's own server side over a looped-back serial port."""

    def __init__(self) -> None:
        self.port = serial.serial_for_url("loop://", timeout=0.05)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._client: socket.socket | None = None
        self._lock = threading.Lock()
        self._manager: serial.rfc2217.PortManager | None = None
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"rfc2217://127.0.0.1:{self._server.getsockname()[1]}"

    def write(self, data: bytes) -> None:
        """What telnet negotiation and the escaped data send."""
        if self._client is not None:
            self._client.sendall(data)

    def send(self, data: bytes) -> None:
        """What the machine behind the server says."""
        with contextlib.suppress(OSError):
            if self._manager is not None:
                self.write(b"".join(self._manager.escape(data)))

    def unplug(self) -> None:
        if self._client is not None:
            with contextlib.suppress(OSError):
                self._client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.unplug()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)
        self.port.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                with connection:
                    self._client = connection
                    self._manager = serial.rfc2217.PortManager(self.port, self)
                    with contextlib.suppress(OSError):
                        while data := connection.recv(1024):
                            self.port.write(b"".join(self._manager.filter(data)))
                    self._manager = self._client = None


@pytest.fixture
def server() -> Iterator[Rfc2217Server]:
    made = Rfc2217Server()
    yield made
    made.close()


class Listening:
    """A line with a simulated driver, and what came over it."""

    def __init__(self, url: str) -> None:
        self.line = Line("m-1", url, make_driver("labdesk_utm", {}), NoKeeper())
        self.events: list[LineEvent] = []
        self.line.start()

    def heard(self, frame: bytes) -> bool:
        self.events.extend(self.line.drain())
        return frame in b"".join(event.data for event in self.events)

    @property
    def open(self) -> bool:
        self.heard(b"")
        changes = [event.opened for event in self.events if not event.data]
        return bool(changes) and changes[-1]

    def troubles(self) -> list[LinkTrouble]:
        return [event.lost for event in self.events if event.lost is not None]


def frame(number: int) -> bytes:
    return build_frame(number, number * 1000, (number, 0xFF, 0x11))


@pytest.mark.filterwarnings("ignore:set(Daemon|Name)\\(\\) is deprecated:DeprecationWarning")  # pyserial's own
def test_rfc2217_brings_every_byte_loses_the_line_and_finds_it_again(server: Rfc2217Server) -> None:
    listening = Listening(server.url)

    def said(number: int) -> bool:
        wait_until(lambda: listening.open, 30)  # a machine that talks into the negotiation is not heard
        server.send(frame(number))
        with contextlib.suppress(AssertionError):
            wait_until(lambda: listening.heard(frame(number)), 0.5)
        return listening.heard(frame(number))

    wait_until(lambda: said(255), 30)
    assert server.port.baudrate == 460800
    server.unplug()
    wait_until(lambda: listening.heard(b"") and LinkTrouble.UNPLUGGED in listening.troubles(), 30)
    wait_until(lambda: said(1000), 30)
    assert [event.opened for event in listening.events if not event.data][-1]
    listening.line.stop()


def test_a_tcp_port_server_is_lost_and_found_again() -> None:
    line = TcpLine(0)
    listening = Listening(line.url)

    def said(number: int) -> bool:
        line.send(frame(number))
        return listening.heard(frame(number))

    wait_until(lambda: said(1), 30)
    line.plug(False)
    wait_until(lambda: listening.heard(b"") and LinkTrouble.NO_SUCH_PORT in listening.troubles(), 30)
    line.plug(True)
    wait_until(lambda: said(2), 30)
    assert LinkTrouble.UNPLUGGED in listening.troubles()
    listening.line.stop()
    line.close()


@pytest.mark.skipif(os.name != "posix", reason="terminals")
def test_bytes_taken_by_a_second_program_are_not_an_unplugged_cable(tmp_path: Path) -> None:
    """A terminal that is ready, gives nothing and has not hung up: somebody else read it."""
    line = PtyLine(str(tmp_path / "p"))
    transport = open_transport(line.url, LineSettings())
    assert isinstance(transport, DescriptorTransport)
    descriptor = transport.descriptor()
    assert descriptor is not None
    assert transport._ended(descriptor).trouble is LinkTrouble.PORT_TAKEN
    line.close()
    with pytest.raises(LineLost) as lost:
        wait_until(lambda: transport.read_chunk(0.02) and False, 10)
    assert lost.value.trouble is LinkTrouble.UNPLUGGED
    transport.close()
