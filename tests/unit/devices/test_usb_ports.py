"""USB adapters are found by vendor, product and serial number, wherever they are plugged in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from labdesk_drivers.labdesk_utm.protocol import build_frame

from labdesk.devices.registry import make_driver
from labdesk.devices.session import Line, LineEvent, NoKeeper
from labdesk.devices.simulated_lines import PtyLine
from labdesk.devices.usb_ports import identity, present_ports, resolve
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import EnvironmentFault
from tests.helpers.machines import wait_until


@dataclass
class Port:
    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None
    description: str = ""


FTDI = Port("COM5", 0x0403, 0x6001, "A50285BI")
TWIN = Port("COM6", 0x0403, 0x6001, "A50285BJ")
PLAIN = Port("COM1")
NAMELESS = [Port("COM7", 0x1A86, 0x7523), Port("COM8", 0x1A86, 0x7523)]


def test_an_adapter_is_told_from_its_twin_by_its_number() -> None:
    assert resolve("usb://0403:6001:A50285BI", lambda: [TWIN, PLAIN, FTDI]) == "COM5"
    assert resolve("usb://0403:6001", lambda: [PLAIN, FTDI]) == "COM5"
    assert resolve("socket://127.0.0.1:4001", list) == "socket://127.0.0.1:4001"


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("usb://0403:6001:A5", "not plugged in"),
        ("usb://1A86:7523", "COM7, COM8"),
        ("usb://nonsense", "VID:PID"),
    ],
)
def test_what_is_not_there_or_not_one_is_no_port(url: str, detail: str) -> None:
    with pytest.raises(EnvironmentFault, match="port") as caught:
        resolve(url, lambda: [FTDI, *NAMELESS])
    assert caught.value.params["trouble"] == LinkTrouble.NO_SUCH_PORT.value
    assert detail in str(caught.value.params["detail"])


def test_identity_only_where_it_is_unmistakable() -> None:
    assert identity("COM5", lambda: [FTDI, TWIN]) == "usb://0403:6001:A50285BI"
    assert identity("COM7", lambda: NAMELESS) == ""
    assert identity("COM7", lambda: NAMELESS[:1]) == "usb://1A86:7523"
    assert identity("COM1", lambda: [PLAIN]) == identity("COM9", lambda: [PLAIN]) == ""
    assert all(port.device for port in present_ports())


@pytest.mark.parametrize("registered", ["usb://0403:6001:A50285BI", "name"])
def test_a_line_follows_its_adapter_to_another_name(tmp_path: Path, registered: str) -> None:
    """Unplugged and plugged in elsewhere: the same adapter has another name, and the line is open again by itself."""
    names = [PtyLine(str(tmp_path / "ttyUSB0"))]
    adapter = Port(names[0].url, 0x0403, 0x6001, "A50285BI")
    url = registered if registered.startswith("usb") else names[0].url
    line = Line("m-1", url, make_driver("labdesk_utm", {}), NoKeeper(), lambda: [PLAIN, adapter])
    events: list[LineEvent] = []

    def heard(number: int) -> bool:
        names[-1].send(build_frame(number, number * 1000, (number, 0, 0)))
        events.extend(line.drain())
        return any(event.data and build_frame(number, number * 1000, (number, 0, 0)) in event.data for event in events)

    line.start()
    wait_until(lambda: heard(1), 30)
    names[0].close()
    names.append(PtyLine(str(tmp_path / "ttyUSB3")))
    adapter.device = names[1].url
    wait_until(lambda: heard(2), 30)
    troubles = [event.lost for event in events if event.lost is not None]
    assert troubles
    assert set(troubles) <= {LinkTrouble.UNPLUGGED, LinkTrouble.NO_SUCH_PORT}
    line.stop()
    names[1].close()
