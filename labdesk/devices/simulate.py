"""A simulated machine as a process: ``python -m labdesk.devices.simulate DRIVER --scenario S [--fault F] [--tcp PORT | --pty]``.

Prints one JSON line ``{"port", "control", "driver"}`` when it listens, then obeys JSON lines on standard input and on the control
port: ``{"cmd": "load", "scenario": "rebar", "diameter_mm": 20, "grade": "HRB400E", "speed": 8, "fault": "unplug@60:2"}``,
``{"cmd": "status"}``, ``{"cmd": "quit"}``; each gets one JSON line as answer. It ends when its standard input ends, unless ``--detach``
or started without one (``< /dev/null``, a file of commands).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import selectors
import socket
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from labdesk.devices.registry import make_simulator
from labdesk.devices.simulated_lines import PtyLine, SimulatedLine, TcpLine
from labdesk.devices.simulator import FaultPlan, LineFault, VirtualMachine
from labdesk.domain.errors import LabDeskError
from labdesk.domain.sentences import Language, say_error

PERIOD_S = 0.004
STDIN = 0


class SimulatorProcess:
    """The loop: time, line, commands."""

    def __init__(self, machine: VirtualMachine, line: SimulatedLine, seed: int) -> None:
        self.machine = machine
        self.line = line
        self._chance = random.Random(seed)  # noqa: S311
        self._selector = selectors.DefaultSelector()
        self._control = socket.create_server(("127.0.0.1", 0))
        self._control.setblocking(False)
        self._selector.register(self._control, selectors.EVENT_READ)
        self._buffers: dict[socket.socket, bytes] = {}
        self._input = b""
        self._started = time.monotonic()
        self.running = True

    @property
    def control_port(self) -> int:
        """Loopback port that takes commands."""
        port: int = self._control.getsockname()[1]
        return port

    def now(self) -> float:
        """Seconds since switching on."""
        return time.monotonic() - self._started

    def run(self) -> None:
        """Until told to quit."""
        hold = 0.0
        while self.running:
            for key, _ in self._selector.select(PERIOD_S):
                self._serve(key.fileobj)
            now = self.now()
            self.line.plug(self.machine.active_fault(now) is not LineFault.UNPLUG)
            for request in self.line.requests():
                self.line.send(self.machine.answer(request, now))
            if now >= hold:
                self.line.send(self.machine.advance(now))
                # A USB adapter or a busy host bunches frames up to its 16 ms latency timer, now and then.
                hold = now + self._chance.choice((0.0, 0.0, 0.0, 0.004, 0.016))
        self.line.close()
        self._control.close()

    def watch_input(self) -> None:
        """Takes commands from standard input too; its end is the end.

        Started with ``< /dev/null`` or a file there is nobody who could hang up: what a file says is obeyed, then it goes on.
        """
        try:
            self._selector.register(STDIN, selectors.EVENT_READ)
        except PermissionError:
            while data := os.read(STDIN, 4096):
                self._take(data)
        except (OSError, ValueError):  # closed
            return

    def _serve(self, source: object) -> None:
        if source == STDIN:
            self._serve_input()
        elif source is self._control:
            connection, _ = self._control.accept()
            self._buffers[connection] = b""
            self._selector.register(connection, selectors.EVENT_READ)
        elif isinstance(source, socket.socket):
            self._serve_connection(source)

    def _serve_input(self) -> None:
        data = os.read(STDIN, 4096)
        if not data:
            self.running = False
            return
        self._take(data)

    def _take(self, data: bytes) -> None:
        *lines, self._input = (self._input + data).split(b"\n")
        for text in lines:
            sys.stdout.write(self.obey(text.decode("utf-8", "replace")) + "\n")
        sys.stdout.flush()

    def _serve_connection(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            data = connection.recv(4096)
            if data:
                lines = (self._buffers[connection] + data).split(b"\n")
                self._buffers[connection] = lines.pop()
                for text in lines:
                    connection.sendall(self.obey(text.decode("utf-8", "replace")).encode() + b"\n")
                return
        self._selector.unregister(connection)
        del self._buffers[connection]
        connection.close()

    def obey(self, text: str) -> str:
        """Carries out one command; the answer as JSON."""
        try:
            command = json.loads(text)
            name = command.pop("cmd")
            if name == "load":
                self.machine.load(command.pop("scenario"), command, self.now())
            elif name == "quit":
                self.running = False
            elif name != "status":
                raise ValueError(f"unknown command {name}")
        except (ValueError, KeyError, AttributeError) as error:
            return json.dumps({"ok": False, "error": str(error)})
        peak = f"{self.machine.display_peak_kn:.2f}"
        return json.dumps({"ok": True, "loading": self.machine.loading, "display_peak_kn": peak})


class _Arguments(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message}; {self.prog} --help explains it")


def _parser() -> argparse.ArgumentParser:
    parser = _Arguments(prog="labdesk simulate", description=__doc__)
    parser.add_argument("driver")
    parser.add_argument("--scenario", default="idle", help="rebar, cube or idle")
    parser.add_argument(
        "--fault",
        default="none",
        help="unplug, silence, garbage, half-frames, lost-bytes, burst, checksum, stuck; unplug@60:2.5 = at 60 %% for 2.5 s",
    )
    parser.add_argument("--tcp", type=int, metavar="PORT", help="listen on 127.0.0.1:PORT, 0 = any free port")
    parser.add_argument(
        "--pty", metavar="LINK", nargs="?", const="", help="speak on a pseudo-terminal; LINK points to it"
    )
    parser.add_argument("--rate", type=float, help="readings per second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="parameter of the piece")
    parser.add_argument("--driver-setting", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--detach", action="store_true", help="go on when standard input ends")
    return parser


def _pairs(items: Sequence[str]) -> dict[str, str]:
    wrong = next((item for item in items if "=" not in item), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is not of the form KEY=VALUE")
    return dict(item.split("=", 1) for item in items)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the simulated machine; 0 when told to quit, 2 for wrong arguments."""
    try:
        options = _parser().parse_args(arguments)
        FaultPlan.parse(options.fault)
        parameters: dict[str, object] = {**_pairs(options.set)}
        if not 0 <= (options.tcp or 0) <= 65535:
            raise ValueError(f"--tcp {options.tcp} is no port")
        device = make_simulator(options.driver, _pairs(options.driver_setting))
        machine = VirtualMachine(device, options.rate or device.manifest.rate_hz, options.seed)
        if options.scenario != "idle":
            machine.load(options.scenario, {"fault": options.fault} | parameters, 0.0)
        line: SimulatedLine = TcpLine(options.tcp or 0) if options.pty is None else PtyLine(options.pty)
    except LabDeskError as error:
        sys.stderr.write(say_error(error, Language.EN) + "\n")
        return 2
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    process = SimulatorProcess(machine, line, options.seed)
    ready = {"port": line.url, "control": process.control_port, "driver": options.driver}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    if not options.detach:
        process.watch_input()
    with contextlib.suppress(KeyboardInterrupt):
        process.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
