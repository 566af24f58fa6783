"""The tiny supervisor: starts the capture child, keeps its ports open over its death, starts it again. Does nothing else.

It and its child live in sessions of their own without pipes to anybody: the desktop may come and go.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from labdesk.capture.keeper import KeptPorts

POSIX = os.name == "posix"
QUICK_DEATH_S = 5.0
BACKOFF_S = (0.0, 0.2, 1.0, 5.0)

ChildCommand = Callable[[Path, int | None], list[str]]


class Supervisor:
    """Runs children until one ends by itself with 0."""

    def __init__(self, home: Path, command: ChildCommand) -> None:
        self._home = home
        self._command = command
        self._ports = KeptPorts()
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self) -> int:
        """Until a child was asked to stop (0), or another supervisor owns this folder (0)."""
        folder = capture_folder(self._home)
        lock = lock_folder(folder)
        if lock is None:
            return 0
        signal.signal(signal.SIGTERM, self._terminate)
        quick_deaths = 0
        while not self._stopping:
            time.sleep(BACKOFF_S[min(quick_deaths, len(BACKOFF_S) - 1)])
            began = time.monotonic()
            with (folder / "capture.log").open("ab") as log:
                code = self._run_child(log, lock)
            if code == 0:
                break
            quick_deaths = quick_deaths + 1 if time.monotonic() - began < QUICK_DEATH_S else 0
        self._ports.close()
        lock.close()
        return 0

    def _run_child(self, log: IO[bytes], lock: IO[bytes]) -> int:
        """One child's life; its exit code."""
        if not POSIX:
            self._child = subprocess.Popen(  # noqa: S603 - our own program
                self._command(self._home, None), stdin=subprocess.DEVNULL, stdout=log, stderr=log, close_fds=True
            )
            return self._child.wait()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self._child = subprocess.Popen(  # noqa: S603 - our own program
                self._command(self._home, theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(theirs.fileno(), lock.fileno()),
                start_new_session=True,
            )
            theirs.close()
            while self._ports.answer(ours):
                pass
        return self._child.wait()

    def _terminate(self, *_: object) -> None:
        self._stopping = True
        if self._child is not None:
            self._child.terminate()


def capture_folder(home: Path) -> Path:
    """The capture process's own folder in the data folder; made if it is not there."""
    folder = home / "capture"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def lock_folder(folder: Path) -> IO[bytes] | None:
    """The lock that says who captures in this folder; ``None`` if somebody else does. The child inherits it."""
    file = (folder / "lock").open("ab")
    try:
        if POSIX:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        file.close()
        return None
    return file
