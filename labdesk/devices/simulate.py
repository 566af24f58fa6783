"""A simulated machine as a process: ``python -m labdesk.devices.simulate DRIVER --scenario S [--fault F] [--tcp PORT | --pty]``.

Prints one JSON line ``{"port", "control", "driver"}`` when it listens, then obeys JSON lines on standard input and on the control
port: ``{"cmd": "load", "scenario": "rebar", "diameter_mm": 20, "grade": "HRB400E", "speed": 8, "fault": "unplug@60:2"}``,
``{"cmd": "status"}``, ``{"cmd": "quit"}``; each gets one JSON line as answer. It ends when its standard input ends, unless ``--detach``
or started without one (``< /dev/null``, a file of commands).

The piece of ``--scenario`` is loaded when somebody opens the line; one of a command at once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import random
import selectors
import socket
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from labdesk.devices.faults import FaultPlan, LineFault
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.scenarios import Scenario
from labdesk.devices.simulated_lines import PtyLine, SimulatedLine, TcpLine
from labdesk.devices.simulator import TooLarge, VirtualMachine, reach_kn
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.sentences import Language, say, say_error

PERIOD_S = 0.004
ARMING_S = 3.0
MOST_HZ = 5000
LINE_SETTINGS = {"baud", "bytesize", "parity", "stopbits", "rts", "dtr"}
"""What every serial line may be told, whatever the driver."""
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
        self._first: dict[str, object] | None = None
        self.running = True

    def load_when_opened(self, scenario: str, parameters: Mapping[str, object]) -> None:
        """Loads this piece when somebody opens the line, with a delay that leaves time to arm; raises as ``VirtualMachine.load``."""
        self.machine.load(scenario, dict(parameters), math.inf)
        self._first = {"scenario": scenario, "delay_s": ARMING_S, **parameters}

    def _watch_opening(self) -> None:
        if self._first is not None and self.line.opened():
            first, self._first = self._first, None
            self.machine.load(str(first.pop("scenario")), first, self.now())

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
            self._watch_opening()
            now = self.now()
            self.line.plug(LineFault.UNPLUG not in self.machine.active_faults(now))
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
                self._first = None
                self.machine.load(command.pop("scenario"), command, self.now())
            elif name == "quit":
                self.running = False
            elif name != "status":
                raise ValueError(f"unknown command {name}")
        except (ValueError, KeyError, AttributeError) as error:
            return json.dumps({"ok": False, "error": str(error)})
        peak = f"{self.machine.display_peak_kn:.2f}"
        return json.dumps({"ok": True, "loading": self.machine.loading, "display_peak_kn": peak})


HELP_WIDTH = 16


class _Arguments(argparse.ArgumentParser):
    """A wrong command line is OperatorError ``app.command_line``: one sentence, not a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise OperatorError("app.command_line", reason=message, command=self.prog)


def _list(kind: str, names: Iterable[str], language: Language) -> str:
    """Names with what they mean, a line each."""
    lines = [f"  {name:{HELP_WIDTH}} {say(f'simulate.{kind}.{name}', language)}" for name in names]
    return "\n".join((say(f"simulate.{kind}s", language), *lines))


def _parser(language: Language) -> argparse.ArgumentParser:
    parser = _Arguments(
        prog="labdesk simulate",
        description=say("simulate.about", language),
        epilog="\n\n".join(
            (
                _list("scenario", Scenario, language),
                _list("fault", LineFault, language),
                say("simulate.writing_faults", language),
                say("simulate.commands", language),
            )
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

    def option(name: str, key: str, **rest: Any) -> None:
        parser.add_argument(name, help=say(f"simulate.option.{key}", language).replace("%", "%%"), **rest)

    option("driver", "driver")
    option("--scenario", "scenario", default="idle")
    option("--fault", "fault", action="append", default=[])
    option("--tcp", "tcp", type=int, metavar="PORT")
    option("--pty", "pty", metavar="LINK", nargs="?", const="")
    option("--rate", "rate", type=float)
    option("--seed", "seed", type=int, default=1)
    option("--set", "set", action="append", default=[], metavar="KEY=VALUE")
    option("--driver-setting", "driver_setting", action="append", default=[], metavar="KEY=VALUE")
    option("--detach", "detach", action="store_true")
    return parser


def _pairs(items: Sequence[str]) -> dict[str, str]:
    wrong = next((item for item in items if "=" not in item), None)
    if wrong is not None:
        raise OperatorError("simulate.no_pair", text=wrong)
    return dict(item.split("=", 1) for item in items)


def _machine(options: argparse.Namespace) -> VirtualMachine:
    """The machine without a piece; raises LabDeskError."""
    settings = _pairs(options.driver_setting)
    device = make_simulator(options.driver, settings)
    unknown = set(settings) - set(device.manifest.settings) - LINE_SETTINGS
    if unknown:
        allowed = ", ".join(sorted(set(device.manifest.settings) | LINE_SETTINGS))
        raise OperatorError(
            "capture.driver_setting",
            driver=options.driver,
            name="--driver-setting",
            value=min(unknown),
            allowed=allowed,
        )
    rate = device.manifest.rate_hz if options.rate is None else options.rate
    if not 0.1 <= rate <= MOST_HZ:
        raise OperatorError("simulate.rate", rate=f"{rate:g}", most=MOST_HZ)
    reach = reach_kn(make_driver(options.driver, settings), make_simulator(options.driver, settings))
    return VirtualMachine(device, rate, options.seed, reach_kn=reach)


def _line(options: argparse.Namespace) -> SimulatedLine:
    if not 0 <= (options.tcp or 0) <= 65535:
        raise OperatorError("simulate.no_port", port=options.tcp, detail="0-65535")
    try:
        return TcpLine(options.tcp or 0) if options.pty is None else PtyLine(options.pty)
    except (OSError, ImportError) as error:
        raise OperatorError("simulate.no_port", port=options.pty or options.tcp, detail=str(error)) from error


def _try_piece(machine: VirtualMachine, scenario: str, piece: dict[str, object]) -> None:
    """Before anything is opened: what cannot be loaded is refused now. Raises OperatorError."""
    try:
        machine.load(scenario, piece, 0.0)
    except TooLarge as error:
        peak, reach = f"{error.peak_kn:.4g}", f"{error.reach_kn:.4g}"
        raise OperatorError("simulate.too_large", driver=machine.device.manifest.id, peak=peak, reach=reach) from error
    except ValueError as error:
        raise OperatorError("simulate.no_piece", reason=str(error)) from error


def _start(arguments: Sequence[str] | None, language: Language) -> SimulatorProcess:
    """The process, listening; raises LabDeskError."""
    options = _parser(language).parse_args(arguments)
    try:
        faults = FaultPlan.parse_all(",".join(options.fault) or "none")
    except ValueError as error:
        raise OperatorError("simulate.no_fault", text=str(error), known=", ".join(LineFault)) from error
    piece = {**_pairs(options.set)}
    machine = _machine(options)
    _try_piece(machine, options.scenario, {**piece})
    process = SimulatorProcess(machine, _line(options), options.seed)
    if faults or options.scenario != Scenario.IDLE:
        process.load_when_opened(options.scenario, {"fault": ",".join(options.fault) or "none"} | piece)
    _tell_ready(process, options.driver, language)
    if not options.detach:
        process.watch_input()
    return process


def _tell_ready(process: SimulatorProcess, driver_id: str, language: Language) -> None:
    machine = process.machine
    ready = {"port": process.line.url, "control": process.control_port, "driver": driver_id}
    if machine.piece_share < 1:
        ready["piece_share"] = f"{machine.piece_share:.3g}"
        percent, reach = f"{machine.piece_share * 100:.2g}", f"{machine.reach_kn:.4g}"
        sys.stderr.write(say("simulate.smaller", language, driver=driver_id, reach=reach, percent=percent) + "\n")
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None, language: Language = Language.EN) -> int:
    """Runs the simulated machine; 0 when told to quit, 2 for wrong arguments with one sentence."""
    try:
        process = _start(arguments, language)
    except LabDeskError as error:
        sys.stderr.write(say_error(error, language) + "\n")
        return 2
    with contextlib.suppress(KeyboardInterrupt):
        process.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
