"""Descriptors survive the one who opened them."""

from __future__ import annotations

import os
import socket
import threading

from labdesk.capture.keeper import KeeperClient, KeptPorts


def test_a_kept_descriptor_comes_back_open_until_it_is_dropped() -> None:
    ports = KeptPorts()
    ours, theirs = socket.socketpair()
    served = threading.Thread(target=lambda: all(ports.answer(ours) for _ in iter(int, 1)))
    served.start()
    first = KeeperClient(theirs.detach())
    reading, writing = os.pipe()
    first.keep("m-1", "/dev/ttyUSB0", reading)
    os.close(reading)
    os.write(writing, b"waited")
    assert first.take("m-1", "/dev/other") is None
    first.keep("m-1", "/dev/ttyUSB0", (again := os.pipe())[0])
    os.write(again[1], b"waited")
    back = first.take("m-1", "/dev/ttyUSB0")
    assert back is not None
    assert os.read(back, 100) == b"waited"
    assert first.take("m-2", "/dev/ttyUSB0") is None
    first.drop("m-1")
    first.drop("m-1")
    assert first.take("m-1", "/dev/ttyUSB0") is None
    for descriptor in (back, *again, writing):
        os.close(descriptor)
    first.close()
    served.join(5)
    assert not served.is_alive()
    assert first.take("m-1", "x") is None
    ports.close()
    ours.close()
