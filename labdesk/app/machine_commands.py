"""``labdesk drivers | decode | simulate | capture``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from labdesk.capture import commands
from labdesk.cli.arguments import Arguments
from labdesk.cli.language import system_language
from labdesk.devices.simulate import LINE_SETTINGS
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.sentences import say_error


def run_machine_command(name: str, arguments: list[str]) -> int:
    """Run one of the commands; exit 0, or 2 with one sentence."""
    runners = {"drivers": _drivers, "decode": _decode, "simulate": _simulate, "capture": _capture}
    try:
        return runners[name](arguments)
    except LabDeskError as error:
        sys.stderr.write(say_error(error, system_language()) + "\n")
        return 2


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _drivers(arguments: list[str]) -> int:
    parser = Arguments(prog="labdesk drivers", description="list the drivers with their maturity")
    parser.add_argument("--json", action="store_true", help="all drivers with everything in their manifests")
    parser.add_argument("--beta", action="store_true", help="also those that are off until somebody asks for them")
    options = parser.parse_args(arguments)
    found = commands.list_drivers()
    if options.json:
        _print(found)
        return 0
    for manifest in found:
        if options.beta or not manifest["beta"]:
            sys.stdout.write(f"{manifest['id']:24} {_maturity(manifest):12} {manifest['maker']} {manifest['model']}\n")
    hidden = sum(manifest["beta"] for manifest in found)
    if hidden and not options.beta:
        sys.stderr.write(f"+ {hidden} beta: labdesk drivers --beta\n")
    return 0


def _maturity(manifest: dict[str, Any]) -> str:
    return "beta" if manifest["beta"] else str(manifest["maturity"])


def _warn(driver_id: str) -> None:
    """What a beta driver's manifest warns of; nothing for the others."""
    for manifest in commands.list_drivers():
        if manifest["id"] == driver_id and manifest["beta"]:
            sys.stderr.write(manifest["warning"][system_language().value] + "\n")


def _settings(driver_id: str, given: list[str]) -> dict[str, str]:
    """``KEY=VALUE`` of the command line; a name that neither the driver nor the line knows is refused, not ignored."""
    known = {name for each in commands.list_drivers() if each["id"] == driver_id for name in each["settings"]}
    found = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or name not in known | LINE_SETTINGS:
            allowed = ", ".join(sorted(known | LINE_SETTINGS))
            raise OperatorError("capture.driver_setting", driver=driver_id, name="--set", value=item, allowed=allowed)
        found[name] = value
    return found


def _decode(arguments: list[str]) -> int:
    parser = Arguments(prog="labdesk decode", description="recorded bytes to frames and counters")
    parser.add_argument("--driver", required=True)
    parser.add_argument("file", type=Path)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    result = commands.decode_file(options.driver, options.file, _settings(options.driver, options.set))
    _warn(options.driver)
    _print(result if options.json else result["counters"])
    return 0


def _simulate(arguments: list[str]) -> int:
    return commands.run_simulator(arguments, system_language())


def _capture(arguments: list[str]) -> int:
    parser = Arguments(prog="labdesk capture", description="one capture without the desktop")
    parser.add_argument("--driver", required=True)
    parser.add_argument("--port", required=True, help="/dev/..., COM3, socket://host:port, rfc2217://host:port")
    parser.add_argument("--out", type=Path, required=True, help="CURVE.csv, or any other name for the sealed run")
    parser.add_argument("--until-break", action="store_true", help="wait for the break (the only mode so far)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of the driver")
    parser.add_argument(
        "--tap", action="store_true", help="another program talks on this line: listen only, send nothing"
    )
    wires = parser.add_mutually_exclusive_group()
    wires.add_argument("--tap-shared", action="store_true", help="both sides talk on the one wire (RS-485)")
    wires.add_argument("--tap-host", default="", metavar="PORT", help="second receive wire, on the other program's TX")
    options = parser.parse_args(arguments)
    port = options.port
    if options.tap or options.tap_shared or options.tap_host:
        port = commands.tap_url(port, options.tap_shared, options.tap_host)
    command = commands.CaptureCommand(
        options.driver, port, options.out, settings=_settings(options.driver, options.set)
    )
    _warn(options.driver)
    _print(commands.capture_until_break(command))
    return 0
