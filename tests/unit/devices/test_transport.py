"""Real lines: pseudo-terminals, TCP, pyserial's loop."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
import serial

from labdesk.devices.manifest import LineSettings
from labdesk.devices.simulated_lines import PtyLine, TcpLine
from labdesk.devices.transport import (
    DescriptorTransport,
    LineLost,
    PySerialTransport,
    open_transport,
)
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import EnvironmentFault
from tests.helpers.machines import wait_until

LINE = LineSettings(baud=115200)


def read_some(transport: DescriptorTransport | PySerialTransport, count: int) -> bytes:
    data = bytearray()

    def enough() -> bool:
        data.extend(transport.read_chunk(0.02))
        return len(data) >= count

    wait_until(enough, 5)
    return bytes(data)


def test_a_terminal_gives_every_byte_value_untouched(tmp_path: Path) -> None:
    line = PtyLine(str(tmp_path / "p"))
    transport = open_transport(line.url, LINE)
    line.send(bytes(range(256)))
    assert read_some(transport, 256) == bytes(range(256))
    transport.write(b"\x00\r\n\x11\x13?")
    requests: list[bytes] = []
    wait_until(lambda: requests.extend(line.requests()) or b"".join(requests) == b"\x00\r\n\x11\x13?", 5)
    transport.close()
    transport.close()
    line.close()


def test_what_was_sent_before_opening_is_dropped(tmp_path: Path) -> None:
    line = PtyLine(str(tmp_path / "p"))
    line.send(b"old")
    transport = open_transport(line.url, LINE)
    line.send(b"new")
    assert read_some(transport, 3) == b"new"
    transport.close()
    line.close()


def test_tcp_and_its_unplugging() -> None:
    line = TcpLine(0)
    transport = open_transport(line.url, LINE)
    line.send(b"")
    line.send(b"hello")
    assert read_some(transport, 5) == b"hello"
    assert transport.descriptor() is not None
    line.plug(False)
    with pytest.raises(LineLost) as lost:
        read_some(transport, 1)
    assert lost.value.trouble is LinkTrouble.UNPLUGGED
    transport.close()
    with pytest.raises(LineLost):
        transport.read_chunk()
    with pytest.raises(LineLost):
        transport.write(b"x")
    line.close()


def test_a_waiting_read_is_woken(tmp_path: Path) -> None:
    line = PtyLine(str(tmp_path / "p"))
    transport = open_transport(line.url, LINE)
    seen: list[LinkTrouble] = []

    def read() -> None:
        try:
            transport.read_chunk(30)
        except LineLost as lost:
            seen.append(lost.trouble)

    reader = threading.Thread(target=read)
    reader.start()
    transport.wake()
    reader.join(5)
    assert seen == [LinkTrouble.NONE]
    transport.close()
    transport.wake()
    line.close()


def test_ports_that_are_not_there_taken_or_forbidden_are_told_apart(tmp_path: Path) -> None:
    line = PtyLine(str(tmp_path / "p"))
    first = open_transport(line.url, LINE)
    for url, trouble in (
        (str(tmp_path / "none"), "no-such-port"),
        (line.url, "port-taken"),
        ("socket://127.0.0.1:1", "no-such-port"),
        ("socket://nowhere", "no-such-port"),
        ("what://x", "no-such-port"),
    ):
        with pytest.raises(EnvironmentFault) as fault:
            open_transport(url, LINE)
        assert (url, fault.value.params["trouble"]) == (url, trouble)
    first.close()
    line.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_port_without_rights_is_told(tmp_path: Path) -> None:
    (tmp_path / "p").touch(mode=0o000)
    with pytest.raises(EnvironmentFault) as fault:
        open_transport(str(tmp_path / "p"), LINE)
    assert fault.value.params["trouble"] == "no-permission"


def test_without_a_descriptor_pyserial_reads_the_same_way() -> None:
    port = serial.serial_for_url("loop://", timeout=0.2)
    transport = PySerialTransport(port)
    transport.write(b"\x02+0239600")
    assert read_some(transport, 9) == b"\x02+0239600"
    assert transport.read_chunk(0.0) == b""
    assert transport.descriptor() is None
    transport.wake()
    transport.close()
    transport.close()
    with pytest.raises(LineLost):
        transport.read_chunk()
