"""The capture process: ``python -m labdesk.app.capture --home DIR`` is the supervisor, with ``--child`` the one that captures."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from labdesk.capture.endpoint import listen
from labdesk.capture.keeper import KeeperClient
from labdesk.capture.launcher import child_command
from labdesk.capture.server import CaptureServer
from labdesk.capture.supervisor import Supervisor, capture_folder
from labdesk.capture.worker import CaptureWorker
from labdesk.devices.session import NoKeeper
from labdesk.domain.clock import Clock


def main(arguments: Sequence[str] | None = None) -> int:
    """Supervisor or child; returns the exit code."""
    parser = argparse.ArgumentParser(prog="labdesk capture-process", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the data folder")
    parser.add_argument("--child", action="store_true")
    parser.add_argument("--keeper", type=int, help="descriptor of the socket to the supervisor")
    parser.add_argument("--detach", action="store_true", help="go on in the background (POSIX)")
    options = parser.parse_args(arguments)
    if options.child:
        return run_child(options.home, options.keeper)
    if options.detach and os.fork():
        return 0
    return Supervisor(options.home, child_command).run()


def run_child(home: Path, keeper: int | None, clock: Clock | None = None) -> int:
    """Captures until asked to stop; ``clock`` is the wall clock, the system's own unless a fault campaign brings another."""
    go_first()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    folder = capture_folder(home)
    worker = CaptureWorker(folder, NoKeeper() if keeper is None else KeeperClient(keeper), clock)
    worker.start()
    server = CaptureServer(listen(folder), worker)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    server.run()
    worker.stop()
    return 0


def go_first() -> None:
    """Before anything else on this computer, where the system lets us: a buffer that runs over is a cube crushed for nothing."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)


if __name__ == "__main__":
    sys.exit(main())
