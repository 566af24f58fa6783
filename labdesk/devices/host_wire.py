"""The second receive wire of a tap: what the other program says to the machine. Listened to, journalled, and never answered."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

from labdesk.devices.manifest import LineSettings
from labdesk.devices.transport import DescriptorTransport, LineLost, PySerialTransport, open_transport
from labdesk.devices.usb_ports import Ports, present_ports, resolve
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.taps import Tap

AGAIN_S = 1.0


class HostWire:
    """Keeps the wire open and hands on what comes; ``run`` is the work of a thread."""

    def __init__(
        self, port: str, line: LineSettings, heard: Callable[[int, bytes], None], ports: Ports = present_ports
    ) -> None:
        """``heard(stamp_ns, data)`` is called for every chunk, on the reading thread."""
        self._url, self._line, self._heard, self._ports = Tap(port).url(), line, heard, ports
        self._stop = threading.Event()
        self._transport: DescriptorTransport | PySerialTransport | None = None

    def run(self) -> None:
        """Reads until stopped; a lost wire is opened again. The machine's own wire does not wait for this one."""
        while not self._stop.is_set():
            with contextlib.suppress(EnvironmentFault):
                self._transport = open_transport(resolve(self._url, self._ports), self._line)
                self._read(self._transport)
            self._stop.wait(AGAIN_S)

    def stop(self) -> None:
        """Ends :meth:`run`; from any thread."""
        self._stop.set()
        transport = self._transport
        if transport is not None:
            transport.wake()

    def _read(self, transport: DescriptorTransport | PySerialTransport) -> None:
        try:
            while not self._stop.is_set():
                data = transport.read_chunk()
                if data:
                    self._heard(time.monotonic_ns(), data)
        except LineLost:
            return
        finally:
            self._transport = None
            transport.close()
