"""Readers to compare the capture process with; a program of its own, so that it can run under an interpreter that has them.

``python other_readers.py KIND SECONDS PAUSE_S PORT [PORT ...]`` reads frames of LabDesk's open stream (25 bytes, ``drivers/labdesk_utm``)
and prints ``{"kind", "samples", "cpu_s"}``. ``bare``: coalesced reads every ``PAUSE_S`` and parsing, nothing else, one thread per port;
``bare_one_thread``: the same by one thread for all ports; ``pymeasure``: its serial adapter, one frame a call; ``crappy``: the loop of its
UController block over its own 9-byte messages, both one thread per port. Imports nothing of LabDesk.
"""

from __future__ import annotations

import binascii
import importlib
import json
import os
import select
import struct
import sys
import threading
import time
from collections.abc import Callable

FRAME = struct.Struct("<2sBHIiiiBBH")
SIZE = FRAME.size
FULL = 3100
"""Bytes of a chunk that is more than three quarters of what a port's buffer holds: then that line is read more often."""
LIBRARIES = {"pymeasure": "pymeasure.adapters", "crappy": "crappy.blocks"}


def parse(raw: bytes) -> tuple[int, int, int] | None:
    """The three counts of one frame, check and all."""
    start, length, _, _, force, extension, displacement, _, version, check = FRAME.unpack(raw)
    if start != b"\xa5\x5a" or length != 20 or version != 1 or binascii.crc_hqx(raw[2:-2], 0xFFFF) != check:
        return None
    return force, extension, displacement


class Frames:
    """The frames of one line, found and kept."""

    def __init__(self, port: str) -> None:
        self.descriptor = os.open(port, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        self.kept: list[tuple[int, int, int]] = []
        self._buffer = b""

    def read(self) -> int:
        """One read of everything there is, every frame in it; gives the number of bytes."""
        try:
            data = os.read(self.descriptor, 1 << 16)
        except BlockingIOError:
            return 0
        buffer = self._buffer + data
        at = max(buffer.find(b"\xa5\x5a"), 0)
        while at + SIZE <= len(buffer):
            found = parse(buffer[at : at + SIZE])
            if found is None:
                at = buffer.find(b"\xa5\x5a", at + 1)
                if at < 0:
                    at = len(buffer)
                continue
            self.kept.append(found)
            at += SIZE
        self._buffer = buffer[at:]
        return len(data)


def bare(port: str, until: float, pause_s: float) -> int:
    """Select, a pause so that a burst comes as one chunk, one read, frames; a thread for each line."""
    frames, part, last = Frames(port), 1, 0.0
    while (now := time.monotonic()) < until:
        if select.select((frames.descriptor,), (), (), 0.2)[0]:
            time.sleep(pause_s / part)
            received, part = frames.read(), 1
            while part < 16 and received * pause_s / (now - last) > FULL * part:
                part *= 2
            last = now
    return len(frames.kept)


def bare_one_thread(ports: list[str], until: float, pause_s: float) -> int:
    """A pause, then one read of each line; one thread for all: the least that a loop in Python can do."""
    lines = [Frames(port) for port in ports]
    while time.monotonic() < until:
        time.sleep(pause_s)
        for frames in lines:
            frames.read()
    return sum(len(frames.kept) for frames in lines)


def pymeasure(port: str, until: float, pause_s: float) -> int:
    """PyMeasure's serial adapter as its instruments use it: one message a call."""
    from pymeasure.adapters import SerialAdapter

    adapter = SerialAdapter(port, baudrate=460800, timeout=0.5)
    kept = []
    while time.monotonic() < until:
        raw = adapter.read_bytes(SIZE)
        found = parse(raw) if len(raw) == SIZE else None
        if found is None:
            adapter.read_bytes(1)
        else:
            kept.append(found)
    adapter.close()
    return len(kept)


def crappy(port: str, until: float, pause_s: float) -> int:
    """The receiving loop of crappy's UController block, its results taken by a link that only counts."""
    from crappy.blocks import UController

    class Link:
        """What a downstream block hangs on."""

        name, count = "count", 0

        def send(self, value: object) -> None:
            """One set of values."""
            self.count += 1

    block = UController(
        labels=["force"], init_output={"force": 0.0}, port=port, baudrate=460800, t_device=True, freq=None
    )
    block.log = lambda *_: None
    link = Link()
    block.outputs = [link]
    block.prepare()
    while time.monotonic() < until:
        block.loop()
    return link.count


def main() -> int:
    """Prints the figures."""
    kind, seconds, pause_s, ports = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]
    reader: Callable[[str, float, float], int] = {"bare": bare, "pymeasure": pymeasure, "crappy": crappy}.get(
        kind, bare
    )
    if kind in LIBRARIES:
        importlib.import_module(LIBRARIES[kind])  # what loading costs is nobody's reading
    until, counts = time.monotonic() + seconds, []

    def run(port: str) -> None:
        counts.append(reader(port, until, pause_s))

    threads = [threading.Thread(target=run, args=(port,)) for port in ports]
    if kind == "bare_one_thread":
        threads = [threading.Thread(target=lambda: counts.append(bare_one_thread(ports, until, pause_s)))]
    before = time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps({"kind": kind, "samples": sum(counts), "cpu_s": time.process_time() - before}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
