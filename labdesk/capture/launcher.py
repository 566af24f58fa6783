"""Makes sure that the capture process runs, without becoming its parent in anything that matters."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from labdesk.capture.endpoint import connect
from labdesk.capture.supervisor import capture_folder
from labdesk.domain.errors import EnvironmentFault

START_S = 10.0


def process_command(home: Path, keeper: int | None = None) -> list[str]:
    """How this installation starts its capture process (the child if there is a ``keeper`` descriptor or ``--child``)."""
    program = [sys.executable, "capture-process"] if getattr(sys, "frozen", False) else [sys.executable, "-m", MODULE]
    return [*program, "--home", str(home), *(["--keeper", str(keeper)] if keeper is not None else [])]


MODULE = "labdesk.app.capture"


def child_command(home: Path, keeper: int | None) -> list[str]:
    """How the supervisor starts its child."""
    return [*process_command(home, keeper), "--child"]


def ensure_running(home: Path) -> Path:
    """Starts the supervisor of this data folder if nobody answers there; gives the capture folder for the client.

    Raises:
        EnvironmentFault: ``capture.unreachable`` when it does not answer within ten seconds, with the end of its log.
    """
    folder = capture_folder(home)
    if _answers(folder):
        return folder
    _start(process_command(home), folder)
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if _answers(folder):
            return folder
        time.sleep(0.05)
    raise EnvironmentFault("capture.unreachable", detail=_log_tail(folder))


def _start(command: list[str], folder: Path) -> None:
    """Starts the supervisor as nobody's child: it forks and its parent ends at once; Windows detaches it."""
    with (folder / "capture.log").open("ab") as log:
        if sys.platform == "win32":
            flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, creationflags=flags)  # noqa: S603
            return
        subprocess.run(  # noqa: S603 - our own program
            [*command, "--detach"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=False,
        )


def _answers(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        connect(folder, 1.0).close()
        return True
    return False


def _log_tail(folder: Path) -> str:
    with contextlib.suppress(OSError):
        data = (folder / "capture.log").read_bytes()[-300:]
        return data.decode("utf-8", "replace").replace(os.linesep, " ").strip() or "no log"
    return "no log"
