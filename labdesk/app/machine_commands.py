"""``labdesk drivers | decode | simulate | capture``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from labdesk.capture import commands
from labdesk.cli.arguments import Arguments
from labdesk.domain.errors import LabDeskError
from labdesk.domain.sentences import Language, say_error


def run_machine_command(name: str, arguments: list[str]) -> int:
    """Run one of the commands; exit 0, or 2 with one sentence."""
    runners = {"drivers": _drivers, "decode": _decode, "simulate": _simulate, "capture": _capture}
    try:
        return runners[name](arguments)
    except LabDeskError as error:
        sys.stderr.write(say_error(error, Language.ZH) + "\n")
        return 2


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _drivers(arguments: list[str]) -> int:
    parser = Arguments(prog="labdesk drivers", description="list the drivers with their maturity")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    found = commands.list_drivers()
    if options.json:
        _print(found)
        return 0
    for manifest in found:
        sys.stdout.write(f"{manifest['id']:24} {manifest['maturity']:12} {manifest['maker']} {manifest['model']}\n")
    return 0


def _settings(given: list[str]) -> dict[str, str]:
    return dict(item.split("=", 1) for item in given if "=" in item)


def _decode(arguments: list[str]) -> int:
    parser = Arguments(prog="labdesk decode", description="recorded bytes to frames and counters")
    parser.add_argument("--driver", required=True)
    parser.add_argument("file", type=Path)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    result = commands.decode_file(options.driver, options.file, _settings(options.set))
    _print(result if options.json else result["counters"])
    return 0


def _simulate(arguments: list[str]) -> int:
    return commands.run_simulator(arguments)


def _capture(arguments: list[str]) -> int:
    parser = Arguments(prog="labdesk capture", description="one capture without the desktop")
    parser.add_argument("--driver", required=True)
    parser.add_argument("--port", required=True, help="/dev/..., COM3, socket://host:port, rfc2217://host:port")
    parser.add_argument("--out", type=Path, required=True, help="CURVE.csv, or any other name for the sealed run")
    parser.add_argument("--until-break", action="store_true", help="wait for the break (the only mode so far)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of the driver")
    options = parser.parse_args(arguments)
    command = commands.CaptureCommand(options.driver, options.port, options.out, settings=_settings(options.set))
    _print(commands.capture_until_break(command))
    return 0
