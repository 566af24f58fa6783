"""A maker's program that talks with a machine over real pseudo-terminals, and a relay between them with a tap on its wires.

``python -m tests.helpers.tapped_line machine KIND LINK`` answers questions, ``... maker KIND PORT`` asks them, so many as a line of input
says; both are processes of their own. The :class:`Relay` copies both directions, to the tap too, and writes down everything.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import serial
from labdesk_drivers.generic_modbus_rtu.protocol import build_answer, build_request

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.simulated_lines import PtyLine
from labdesk.devices.specimens import Reading

MODBUS = "generic_modbus_rtu"
MODBUS_SETTINGS = {"first": "7", "registers": "2", "period_ms": "20"}
"""The map of the laboratory: 32 bits at register 7, in thousandths of a kilonewton."""
WHOLE, OTHER = build_request(1, 3, 0, 12), build_request(1, 3, 100, 2)
"""What the maker's program really reads: a long block with the value in it, and a block of two registers that is something else."""


def force_kn(number: int) -> float:
    """Force of the machine's ``number``-th reading since the loading began: up to 40 kN, then broken."""
    return 0.02 if number < 20 else (number - 20) * 0.5 if number < 100 else 0.05


def questions(kind: str) -> tuple[bytes, ...]:
    """What the maker's program asks in turn."""
    if kind == MODBUS:
        return (WHOLE, OTHER)
    poll = make_driver(kind, {}).poll()
    assert poll is not None
    return poll.requests


class Answering:
    """The machine: every ``round`` of questions has another reading; before the loading there is none on it."""

    def __init__(self, kind: str) -> None:
        self._kind, self._asked, self._loaded_at = kind, 0, -1
        self._simulator = make_simulator(kind, {}) if kind != MODBUS else None

    def load(self) -> None:
        """The next reading is the first of the loading."""
        self._loaded_at = self._asked

    def answer(self, question: bytes) -> bytes:
        """The bytes that go back."""
        number = self._asked - self._loaded_at if self._loaded_at >= 0 else 0
        force = force_kn(number)
        if question == questions(self._kind)[0]:
            self._asked += 1
        if self._simulator is not None:
            self._simulator.encode(Reading(force, 0.0, None), number, 0)
            return self._simulator.answer(question)
        first, count = int.from_bytes(question[2:4], "big"), int.from_bytes(question[4:6], "big")
        bank = {at: at * 257 % 65536 for at in range(first, first + count)}
        bank.update(zip((7, 8), divmod(round(force * 1000), 65536), strict=True))
        return build_answer(1, 3, b"".join(bank[at].to_bytes(2, "big") for at in range(first, first + count)))


def run_machine(kind: str, link: str) -> None:
    """Answers until the input ends; ``load`` there begins a loading. A question is whole when one of the known ones stands there."""
    machine, line, buffer = Answering(kind), PtyLine(link), b""
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select((sys.stdin, line.descriptor), (), ())
        if sys.stdin in ready:
            if not sys.stdin.readline():
                break
            machine.load()
            print("loaded", flush=True)
            continue
        buffer += b"".join(line.requests())
        for known in questions(kind):
            while buffer.startswith(known):
                buffer = buffer[len(known) :]
                line.send(machine.answer(known))
    line.close()


def run_maker(kind: str, port: str) -> None:
    """Asks as many rounds as the input says, each question after the answer to the one before (or 5 s)."""
    with serial.Serial(port, 115200, timeout=5) as line:
        print("ready", flush=True)
        for text in sys.stdin:
            for _ in range(int(text)):
                for question in questions(kind):
                    line.write(question)
                    first = line.read(1)
                    select.select((line.fd,), (), (), 0.003)
                    line.read(line.in_waiting if first else 0)
            print("asked", flush=True)


@dataclass
class Relay:
    """The wires between the two, and a tap on them.

    Attributes:
        asked, answered: everything that went to the machine and came from it.
        leaked: what came back out of the tap's own ports.
    """

    folder: Path
    kind: str
    shared: bool = False
    asked: bytearray = field(default_factory=bytearray)
    answered: bytearray = field(default_factory=bytearray)
    leaked: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.taps = (PtyLine(str(self.folder / "tap-a")), PtyLine(str(self.folder / "tap-b")))
        self._stop = threading.Event()
        self._processes: list[subprocess.Popen[str]] = []
        self._start("machine", self.folder / "machine")
        self._machine = serial.Serial(str(self.folder / "machine"), 115200, timeout=0)
        self._port = PtyLine(str(self.folder / "com1"))
        self._thread = threading.Thread(target=self._copy)
        self._thread.start()
        self._start("maker", self.folder / "com1")

    def ask(self, rounds: int) -> None:
        """The maker's program asks; returns when it has its answers."""
        self._tell(1, str(rounds))

    def load(self) -> None:
        """A piece is loaded in the machine from the next question on."""
        self._tell(0, "load")

    def close(self) -> None:
        """Ends everything."""
        self._stop.set()
        self._thread.join()
        for process in self._processes:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            process.wait(20)
            process.stdout.close()
        self._stop.set()
        self._thread.join()
        self._machine.close()
        for line in (*self.taps, self._port):
            line.close()

    def _start(self, what: str, where: Path) -> None:
        command = [sys.executable, "-m", "tests.helpers.tapped_line", what, self.kind, str(where)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    def _tell(self, number: int, text: str) -> None:
        process = self._processes[number]
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(text + "\n")
        process.stdin.flush()
        assert process.stdout.readline()

    def _copy(self) -> None:
        to_tap = self.taps[0] if self.shared else self.taps[1]
        while not self._stop.is_set():
            with contextlib.suppress(OSError, serial.SerialException):
                select.select((self._machine.fd, self._port.descriptor), (), (), 0.02)
            for data in self._port.requests():
                self.asked += data
                to_tap.send(data)
                self._machine.write(data)
            data = self._machine.read(4096)
            if data:
                self.answered += data
                self.taps[0].send(data)
                self._port.send(data)
            for tap in self.taps:
                self.leaked += b"".join(tap.requests())


def main() -> None:
    """One of the two processes."""
    what, kind, where = sys.argv[1:]
    (run_machine if what == "machine" else run_maker)(kind, where)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
