"""``labdesk capture-serve | capture-pair | capture-find``: capture on another computer in the room."""

from __future__ import annotations

import json
import logging
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from labdesk.capture.beacon import EVERYBODY, FIND_PORT, Beacon, find_captures
from labdesk.capture.client import CaptureClient
from labdesk.capture.front_door import FrontDoor
from labdesk.capture.identity import read_identity
from labdesk.capture.launcher import ensure_running
from labdesk.capture.many import ManyCaptures
from labdesk.capture.pairing import Pairing, PairingFile, is_name, parse_pairing
from labdesk.capture.secured import enter
from labdesk.cli.arguments import Arguments
from labdesk.cli.language import system_language
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.sentences import say_error

SERVE_PORT = 47116
ANSWER_S = 5.0
FIND_S = 2.0
_EVERY = ("0.0.0.0", "::")  # noqa: S104 - recognised, never a default


def run_elsewhere_command(name: str, arguments: list[str], home: Path) -> int:
    """Run one of the commands; exit 0, or 2 with one sentence."""
    runners: dict[str, Callable[[list[str], Path], int]] = {
        "capture-serve": _serve,
        "capture-pair": _pair,
        "capture-find": _find,
    }
    return runners[name](arguments, home)


def build_captures(home: Path) -> ManyCaptures:
    """This computer's capture process, started if it does not run, and every paired one."""
    pairings = PairingFile(home)
    known = pairings.all()
    return ManyCaptures(CaptureClient(ensure_running(home)), _Read(pairings, known))


class _Read:
    """The pairings on disk; a file that became unreadable leaves those known before, so that no running test is let go of."""

    def __init__(self, file: PairingFile, known: tuple[Pairing, ...]) -> None:
        self._file, self._known = file, known

    def __call__(self) -> tuple[Pairing, ...]:
        try:
            self._known = self._file.all()
        except EnvironmentFault as error:
            logging.getLogger(__name__).warning("pairings: %s", error)
        return self._known


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _serve(arguments: list[str], home: Path) -> int:
    parser = Arguments(prog="labdesk capture-serve", description="let paired desktops use this computer's machines")
    parser.add_argument(
        "--listen", default=f"127.0.0.1:{SERVE_PORT}", help="HOST:PORT; only this computer if not given"
    )
    parser.add_argument("--name", default="", help="what ports of its machines begin with, for example press-pc")
    parser.add_argument("--pairing", action="store_true", help="print the pairing line again")
    parser.add_argument("--new-secret", action="store_true", help="shut out every desktop paired before")
    parser.add_argument("--find-port", type=int, default=FIND_PORT, help="UDP port of capture-find; 0: not to be found")
    options = parser.parse_args(arguments)
    address, name = _address(options.listen), options.name or _own_name()
    if not is_name(name):
        raise OperatorError("elsewhere.name", name=name)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    identity = read_identity(ensure_running(home), renew_secret=options.new_secret)
    door = FrontDoor(home / "capture", identity, address)
    host, port = door.address
    shown = _own_address() if host in _EVERY else host
    pairing = Pairing(name, shown, port, identity.fingerprint.hex(), identity.secret.hex())
    started = {"name": pairing.name, "listen": f"{host}:{port}", "fingerprint": pairing.fingerprint}
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: door.stop())
    beacon = _beacon(options.find_port, host, pairing)
    _print(started | ({"pairing": pairing.line()} if identity.new or options.pairing else {}))
    door.run()
    if beacon is not None:
        beacon.close()
    return 0


def _beacon(find_port: int, host: str, pairing: Pairing) -> Beacon | None:
    if not find_port:
        return None
    try:
        return Beacon(host, find_port, (pairing.name, pairing.port, pairing.fingerprint))
    except OSError as error:
        fault = EnvironmentFault("elsewhere.not_found_by_others", port=find_port, detail=str(error))
        sys.stderr.write(say_error(fault, system_language()) + "\n")
        return None


def _pair(arguments: list[str], home: Path) -> int:
    parser = Arguments(prog="labdesk capture-pair", description="use the machines of another computer")
    parser.add_argument("line", nargs="?", help="what capture-serve printed there; - reads it from standard input")
    parser.add_argument("--name", default="", help="another name than the line's")
    parser.add_argument("--list", action="store_true", help="what is paired, without secrets")
    parser.add_argument("--remove", metavar="NAME", help="forget one")
    options = parser.parse_args(arguments)
    file = PairingFile(home)
    if options.remove:
        file.remove(options.remove)
    elif options.line and not options.list:
        line = sys.stdin.readline() if options.line == "-" else options.line
        pairing = parse_pairing(line)
        pairing = replace(pairing, name=options.name) if options.name else pairing
        knock(pairing)
        file.put(pairing)
    elif not options.list:
        raise OperatorError("elsewhere.pairing_line")
    for each in file.all():
        _print({"name": each.name, "address": f"{each.host}:{each.port}", "fingerprint": each.fingerprint})
    return 0


def knock(pairing: Pairing) -> None:
    """Knocks once; raises EnvironmentFault ``elsewhere.no_answer``, ``elsewhere.wrong_secret``, ``elsewhere.wrong_certificate``."""
    try:
        enter(pairing, ANSWER_S).close()
    except OSError as error:
        address = f"{pairing.host}:{pairing.port}"
        raise EnvironmentFault("elsewhere.no_answer", address=address, detail=str(error)) from error


def _find(arguments: list[str], home: Path) -> int:
    parser = Arguments(prog="labdesk capture-find", description="capture processes in the room; 1 if none answers")
    parser.add_argument("--at", action="append", metavar="HOST", help="ask this address instead of everybody")
    parser.add_argument("--find-port", type=int, default=FIND_PORT)
    parser.add_argument("--wait", type=float, default=FIND_S, metavar="SECONDS")
    options = parser.parse_args(arguments)
    paired = {each.fingerprint: each.name for each in PairingFile(home).all()}
    count = 0
    for found in find_captures(tuple(options.at or EVERYBODY), options.find_port, options.wait):
        known = {"paired": found.fingerprint in paired, "paired_as": paired.get(found.fingerprint, "")}
        address = f"{found.host}:{found.port}"
        _print({"name": found.name, "address": address, "fingerprint": found.fingerprint} | known)
        count += 1
    return 0 if count else 1


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not (host and colon and port.isdecimal() and int(port) < 65536):
        raise OperatorError("elsewhere.address", address=text)
    return host.strip("[]"), int(port)


def _own_name() -> str:
    kept = "".join(letter for letter in socket.gethostname().split(".")[0] if letter.isalnum() or letter in "-_")
    return kept.lstrip("-")[:40] or "capture"


def _own_address() -> str:
    """The address by which others in the room most likely reach this computer; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(asking.getsockname()[0])
