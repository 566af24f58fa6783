"""Readers to compare the capture process with; a program of its own, so that it can run under an interpreter that has them.

``python other_readers.py KIND SECONDS PORT [PORT ...]`` reads frames of LabDesk's open stream (25 bytes, ``drivers/labdesk_utm``) with one
thread per port and prints ``{"kind", "samples", "cpu_s"}``. ``bare``: coalesced reads and parsing, nothing else; ``pymeasure``: its serial
adapter, one frame a call; ``crappy``: the loop of its UController block over its own 9-byte messages. Imports nothing of LabDesk.
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
PAUSE_S = 0.02
LIBRARIES = {"pymeasure": "pymeasure.adapters", "crappy": "crappy.blocks"}


def parse(raw: bytes) -> tuple[int, int, int] | None:
    """The three counts of one frame, check and all."""
    start, length, _, _, force, extension, displacement, _, version, check = FRAME.unpack(raw)
    if start != b"\xa5\x5a" or length != 20 or version != 1 or binascii.crc_hqx(raw[2:-2], 0xFFFF) != check:
        return None
    return force, extension, displacement


def bare(port: str, until: float) -> int:
    """Select, a pause so that a burst comes as one chunk, one read, frames."""
    descriptor = os.open(port, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    buffer, kept = b"", []
    while time.monotonic() < until:
        if not select.select((descriptor,), (), (), 0.2)[0]:
            continue
        time.sleep(PAUSE_S)
        buffer += os.read(descriptor, 1 << 16)
        at = max(buffer.find(b"\xa5\x5a"), 0)
        while at + SIZE <= len(buffer):
            found = parse(buffer[at : at + SIZE])
            if found is None:
                at = buffer.find(b"\xa5\x5a", at + 1)
                if at < 0:
                    at = len(buffer)
                continue
            kept.append(found)
            at += SIZE
        buffer = buffer[at:]
    os.close(descriptor)
    return len(kept)


def pymeasure(port: str, until: float) -> int:
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


def crappy(port: str, until: float) -> int:
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
    kind, seconds, ports = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
    reader: Callable[[str, float], int] = {"bare": bare, "pymeasure": pymeasure, "crappy": crappy}[kind]
    if kind in LIBRARIES:
        importlib.import_module(LIBRARIES[kind])  # what loading costs is nobody's reading
    until, counts = time.monotonic() + seconds, []
    threads = [threading.Thread(target=lambda port=port: counts.append(reader(port, until))) for port in ports]
    before = time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps({"kind": kind, "samples": sum(counts), "cpu_s": time.process_time() - before}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
