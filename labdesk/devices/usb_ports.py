"""USB adapters by what they are, not by what the system calls them today: ``usb://0403:6001:A50285BI``.

COM numbers and ``/dev/ttyUSB`` names move when an adapter is plugged in elsewhere; vendor, product and serial number stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from serial.tools import list_ports

from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.taps import parse_tap

SCHEME = "usb://"
_ADDRESS = re.compile(r"usb://([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::([^/]+))?")


class UsbPort(Protocol):
    """What pyserial's port list says of one port."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None
    description: str


Ports = Callable[[], Iterable[UsbPort]]


def present_ports() -> Iterable[UsbPort]:
    """The ports of this computer now."""
    found: Iterable[UsbPort] = list_ports.comports()
    return found


def resolve(url: str, ports: Ports = present_ports) -> str:
    """Today's device name of ``usb://VID:PID[:SERIAL]``; any other url is given back unchanged.

    Raises:
        EnvironmentFault: ``capture.port``: not plugged in, or several fit because no serial number tells them apart.
    """
    tap = parse_tap(url)
    if tap is not None:
        return replace(tap, device=resolve(tap.device, ports)).url()
    if not url.startswith(SCHEME):
        return url
    match = _ADDRESS.fullmatch(url)
    if match is None:
        raise _fault(url, "usb://VID:PID:SERIAL")
    vid, pid, number = int(match[1], 16), int(match[2], 16), match[3]
    fitting = [port for port in ports() if (port.vid, port.pid) == (vid, pid)]
    if number is not None:
        fitting = [port for port in fitting if port.serial_number == number]
    if len(fitting) != 1:
        raise _fault(url, "not plugged in" if not fitting else ", ".join(port.device for port in fitting))
    return fitting[0].device


def identity(device: str, ports: Ports = present_ports) -> str:
    """The ``usb://`` url of a device that can be told from all others; empty for anything else."""
    tap = parse_tap(device)
    if tap is not None:
        found = identity(tap.device, ports)
        return replace(tap, device=found).url() if found else ""
    known = list(ports())
    for port in known:
        if port.device == device and port.vid is not None and port.pid is not None:
            twins = [
                each
                for each in known
                if (each.vid, each.pid, each.serial_number) == (port.vid, port.pid, port.serial_number)
            ]
            number = f":{port.serial_number}" if port.serial_number and "/" not in port.serial_number else ""
            return f"{SCHEME}{port.vid:04X}:{port.pid:04X}{number}" if len(twins) == 1 else ""
    return ""


def _fault(url: str, detail: str) -> EnvironmentFault:
    return EnvironmentFault("capture.port", port=url, trouble=LinkTrouble.NO_SUCH_PORT.value, detail=detail)
