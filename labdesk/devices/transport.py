"""Lines to machines: serial ports, pseudo-terminals, TCP port servers, RFC 2217, behind one small interface.

Where the system gives a file descriptor (POSIX serial and plain TCP), reading is ``select``, a short pause so that a burst comes
as one chunk, and one ``read``; such a line can be handed to another process. Elsewhere pyserial does the same with ``read(1)``,
pause, ``read(in_waiting)``.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import threading
import time
from dataclasses import replace
from typing import Protocol
from urllib.parse import urlsplit

import serial

from labdesk.devices.manifest import LineSettings
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import BugError, EnvironmentFault
from labdesk.domain.taps import parse_tap

PAUSE_S = 0.005
WAIT_S = 0.2
CHUNK = 1 << 16
POSIX = os.name == "posix"


class LineLost(Exception):
    """The line went away: unplugged, taken by another program, closed by the other side."""

    def __init__(self, trouble: LinkTrouble, detail: str) -> None:
        self.trouble = trouble
        self.detail = detail
        super().__init__(f"{trouble.value}: {detail}")


class Transport(Protocol):
    """An open line. One thread reads; ``close`` may come from any thread, twice without harm, and ends a waiting read."""

    def read_chunk(self, wait_s: float = WAIT_S, pause_s: float = PAUSE_S) -> bytes:
        """What arrived; empty after ``wait_s`` without a byte. After the first byte more is awaited for ``pause_s``. Raises LineLost."""
        ...

    def write(self, data: bytes) -> None:
        """Sends a request. Raises LineLost."""
        ...

    def descriptor(self) -> int | None:
        """The file descriptor that can be handed to another process, if there is one."""
        ...

    def close(self) -> None:
        """Lets go of the line."""
        ...


class DescriptorTransport:
    """A line that is a file descriptor; owns it."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor: int | None = descriptor
        self._lock = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()

    def read_chunk(self, wait_s: float = WAIT_S, pause_s: float = PAUSE_S) -> bytes:
        """See :class:`Transport`."""
        descriptor = self._descriptor
        if descriptor is None:
            raise LineLost(LinkTrouble.NONE, "closed")
        try:
            ready, _, _ = select.select((descriptor, self._wake_read), (), (), wait_s)
            if not ready:
                return b""
            if self._wake_read in ready:
                raise LineLost(LinkTrouble.NONE, "closed")
            if pause_s:
                time.sleep(pause_s)
            data = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise LineLost(LinkTrouble.UNPLUGGED, str(error)) from error
        if not data:
            raise self._ended(descriptor)
        return data

    @staticmethod
    def _ended(descriptor: int) -> LineLost:
        """Ready to read and nothing there: the other end is gone, or a second program took the bytes away."""
        if os.isatty(descriptor):  # a terminal that hung up is none any more
            return LineLost(LinkTrouble.PORT_TAKEN, "another program reads this port")
        return LineLost(LinkTrouble.UNPLUGGED, "end of line")

    def write(self, data: bytes) -> None:
        """See :class:`Transport`."""
        try:
            if self._descriptor is None:
                raise LineLost(LinkTrouble.NONE, "closed")
            os.write(self._descriptor, data)
        except OSError as error:
            raise LineLost(LinkTrouble.UNPLUGGED, str(error)) from error

    def descriptor(self) -> int | None:
        """See :class:`Transport`."""
        return self._descriptor

    def wake(self) -> None:
        """Ends a waiting read from another thread; the reader then sees LineLost with trouble NONE."""
        with self._lock, contextlib.suppress(OSError):
            if self._descriptor is not None:
                os.write(self._wake_write, b"x")

    def close(self) -> None:
        """See :class:`Transport`."""
        with self._lock:
            descriptor, self._descriptor = self._descriptor, None
            if descriptor is not None:
                for each in (descriptor, self._wake_read, self._wake_write):
                    with contextlib.suppress(OSError):
                        os.close(each)


class PySerialTransport:
    """A line through pyserial, where there is no usable descriptor (Windows, RFC 2217)."""

    def __init__(self, port: serial.SerialBase) -> None:
        self._port = port

    def read_chunk(self, wait_s: float = WAIT_S, pause_s: float = PAUSE_S) -> bytes:
        """See :class:`Transport`."""
        try:
            if self._port.timeout != wait_s:
                self._port.timeout = wait_s
            first = bytes(self._port.read(1))
            if not first:
                return b""
            if pause_s:
                time.sleep(pause_s)
            return first + bytes(self._port.read(self._port.in_waiting))
        except (serial.SerialException, OSError, TypeError, AttributeError) as error:
            if not self._port.is_open:
                raise LineLost(LinkTrouble.NONE, "closed") from error
            raise LineLost(LinkTrouble.UNPLUGGED, str(error)) from error

    def write(self, data: bytes) -> None:
        """See :class:`Transport`."""
        try:
            self._port.write(data)
        except (serial.SerialException, OSError) as error:
            raise LineLost(LinkTrouble.UNPLUGGED, str(error)) from error

    def descriptor(self) -> int | None:
        """See :class:`Transport`."""
        return None

    def wake(self) -> None:
        """Ends a waiting read; pyserial's reads end by themselves after ``WAIT_S``."""

    def close(self) -> None:
        """See :class:`Transport`."""
        with contextlib.suppress(serial.SerialException, OSError):
            self._port.close()


class ReceiveOnlyDescriptor(DescriptorTransport):
    """A line that is only listened to."""

    def write(self, data: bytes) -> None:
        """Refuses: raises BugError ``bug.tap_write``."""
        raise BugError("bug.tap_write", bytes=len(data))


class ReceiveOnlyPySerial(PySerialTransport):
    """A line that is only listened to, where there is no usable descriptor."""

    def write(self, data: bytes) -> None:
        """Refuses: raises BugError ``bug.tap_write``."""
        raise BugError("bug.tap_write", bytes=len(data))


def open_transport(url: str, line: LineSettings) -> DescriptorTransport | PySerialTransport:
    """Opens ``/dev/...``, ``COM3``, ``socket://host:port`` or ``rfc2217://host:port``; old bytes in the line are dropped.

    A tap (``tap:...``, :mod:`labdesk.domain.taps`) is opened for listening only.

    Raises:
        EnvironmentFault: ``capture.port`` with the trouble told apart (no such port, taken, no permission) in ``trouble``.
    """
    tap = parse_tap(url)
    try:
        if tap is not None:
            return _open_to_listen(tap.device, replace(line, rts=False, dtr=False))
        if url.startswith("socket://"):
            return DescriptorTransport(_connect(url))
        port = _prepared(url, line)
        if POSIX and "://" not in url:
            port.exclusive = True
        port.open()
        with contextlib.suppress(AttributeError):  # Windows keeps 4 KB unless it is asked for more
            port.set_buffer_size(rx_size=CHUNK)
    except (serial.SerialException, OSError, ValueError) as error:
        trouble = _trouble(error)
        raise EnvironmentFault("capture.port", port=url, trouble=trouble.value, detail=str(error)) from error
    if POSIX and "://" not in url:
        return DescriptorTransport(_take_descriptor(port))
    return PySerialTransport(port)


def adopt(url: str, descriptor: int) -> DescriptorTransport:
    """A line that was open before; on a tap it still is only listened to."""
    return DescriptorTransport(descriptor) if parse_tap(url) is None else ReceiveOnlyDescriptor(descriptor)


def _prepared(url: str, line: LineSettings) -> serial.SerialBase:
    """The port with its settings, not open."""
    port = serial.serial_for_url(url, do_not_open=True)
    port.baudrate, port.bytesize, port.parity, port.stopbits = line.baud, line.bytesize, line.parity, line.stopbits
    port.timeout, port.rts, port.dtr = WAIT_S, line.rts, line.dtr
    return port


def _open_to_listen(device: str, line: LineSettings) -> DescriptorTransport | PySerialTransport:
    """No byte leaves, RTS and DTR are low. Where the system can, the port is open for reading only: a write fails in the kernel."""
    if device.startswith("socket://"):
        return ReceiveOnlyDescriptor(_connect(device))
    if "://" in device and not device.startswith("loop://"):
        raise ValueError("a tap needs a port of this computer or socket://: this kind sends to the port server")
    port = _prepared(device, line)
    if not POSIX or "://" in device:
        port.open()
        return ReceiveOnlyPySerial(port)
    descriptor = os.open(device, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        _hush(descriptor)
        port.open()  # sets speed, parity, RTS and DTR of the port, and is closed again
        with contextlib.suppress(OSError, ValueError, NotImplementedError, AttributeError):
            port.set_low_latency_mode(True)
        port.close()
    except BaseException:
        os.close(descriptor)
        raise
    return ReceiveOnlyDescriptor(descriptor)


def _hush(descriptor: int) -> None:
    """At once no echo (a terminal sends back what it hears, unless told not to), and nobody else on this port."""
    import fcntl
    import termios

    with contextlib.suppress(termios.error):
        shape = termios.tcgetattr(descriptor)
        shape[3] &= ~(termios.ECHO | termios.ECHOE | termios.ECHOK | termios.ECHONL | termios.ICANON)
        termios.tcsetattr(descriptor, termios.TCSANOW, shape)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _connect(url: str) -> int:
    parts = urlsplit(url)
    if not parts.hostname or not parts.port:
        raise ValueError(f"socket://host:port expected, not {url}")
    connection = socket.create_connection((parts.hostname, parts.port), timeout=2)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return connection.detach()


def _take_descriptor(port: serial.SerialBase) -> int:
    """The descriptor of a configured port, ours from now on; the exclusive lock that pyserial set stays on it."""
    # USB adapters collect bytes for 16 ms by default; where the system lets us, they send at once.
    with contextlib.suppress(OSError, ValueError, NotImplementedError, AttributeError):
        port.set_low_latency_mode(True)
    descriptor = os.dup(port.fileno())
    port.close()
    return descriptor


def _trouble(error: Exception) -> LinkTrouble:
    number = getattr(error, "errno", None)
    text = str(error).lower()
    if number in (errno.EACCES, errno.EPERM) and os.name == "posix":
        return LinkTrouble.NO_PERMISSION
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text or "access is denied" in text:
        return LinkTrouble.PORT_TAKEN
    return LinkTrouble.NO_SUCH_PORT
