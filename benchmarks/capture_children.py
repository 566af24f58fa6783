"""The capture process of a benchmark, found and ended: one left behind would hold its pseudo-terminals, and others would wait for them."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import psutil

from labdesk.capture.client import CaptureClient
from labdesk.capture.launcher import ensure_running


def capture_child(home: Path) -> psutil.Process:
    """The process that captures."""
    return next(p for p in psutil.process_iter(["cmdline"]) if {"--child", str(home)} <= set(p.info["cmdline"] or ()))


@contextlib.contextmanager
def capture_process(home: Path) -> Iterator[CaptureClient]:
    """A client of a capture process of its own, which is gone afterwards, whatever happened in between."""
    client = None
    try:
        client = CaptureClient(ensure_running(home))
        yield client
    finally:
        try:
            if client is not None:
                with contextlib.suppress(Exception):  # it is ended below in any case
                    client.stop_capture()
                client.close()
        finally:
            end_processes(home)


def end_processes(home: Path) -> None:
    """Ends everything that was started with ``--home`` and this folder: first the supervisor, which would start its child again."""
    found = [
        process
        for process in psutil.process_iter(["cmdline"])
        if {"--home", str(home)} <= set(process.info["cmdline"] or ())
    ]
    for process in sorted(found, key=lambda each: "--child" in each.info["cmdline"]):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(found, timeout=30)


def end_on_signals() -> None:
    """A benchmark that is told to end, as ``timeout`` does, cleans up like one that fails."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, leave)
