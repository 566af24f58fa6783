"""A handle on a simulated machine in a process of its own, for demonstrations, tests and benchmarks."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from labdesk.domain.errors import EnvironmentFault

ANSWER_S = 10.0


@dataclass(frozen=True)
class SimulatedPort:
    """Where a simulated machine's line is.

    ``link``: a pseudo-terminal with this symbolic link to it; ``None``: a TCP port on the loopback address.
    """

    link: Path | None = None
    tcp_port: int = 0

    def arguments(self) -> list[str]:
        """For the simulator's command line."""
        return ["--tcp", str(self.tcp_port)] if self.link is None else ["--pty", str(self.link)]


class SimulatedMachine:
    """Starts ``labdesk.devices.simulate`` and loads pieces into it; a context manager. It dies with the process that made it."""

    def __init__(self, driver_id: str, port: SimulatedPort, *, seed: int = 1, rate_hz: float | None = None) -> None:
        """Returns when the machine listens; raises EnvironmentFault ``capture.simulator``."""
        rate = [] if rate_hz is None else ["--rate", str(rate_hz)]
        command = [
            sys.executable,
            "-m",
            "labdesk.devices.simulate",
            driver_id,
            "--seed",
            str(seed),
            *rate,
            *port.arguments(),
        ]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise EnvironmentFault("capture.simulator", detail=" ".join(command[1:]))
        ready = json.loads(line)
        self.port_url: str = ready["port"]
        self._control = socket.create_connection(("127.0.0.1", ready["control"]), timeout=ANSWER_S)
        self._lines = self._control.makefile("rb")

    def load(self, scenario: str, **parameters: object) -> None:
        """Puts the piece of a scenario in and loads it; ``speed``, ``delay_s``, ``fault``, ``seed``, ``grade`` ..."""
        self._tell({"cmd": "load", "scenario": scenario} | parameters)

    def status(self) -> dict[str, Any]:
        """``loading`` and ``display_peak_kn``, the peak on the machine's own display."""
        return self._tell({"cmd": "status"})

    def stop(self) -> None:
        """Switches the machine off; a second time does nothing."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(ANSWER_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        if hasattr(self, "_control"):
            self._lines.close()
            self._control.close()

    def __enter__(self) -> SimulatedMachine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _tell(self, command: dict[str, object]) -> dict[str, Any]:
        try:
            self._control.sendall(json.dumps(command).encode() + b"\n")
            answer: dict[str, Any] = json.loads(self._lines.readline())
        except (OSError, ValueError) as error:
            raise EnvironmentFault("capture.simulator", detail=str(error)) from error
        if not answer["ok"]:
            raise EnvironmentFault("capture.simulator", detail=str(answer["error"]))
        return answer
