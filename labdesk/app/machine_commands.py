"""``labdesk drivers | decode | simulate | capture``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from labdesk.app.capture_command import driver_settings, run_capture, warn_of_beta
from labdesk.capture import commands
from labdesk.cli.arguments import Arguments
from labdesk.cli.language import system_language
from labdesk.domain.errors import LabDeskError
from labdesk.domain.sentences import say, say_error


def run_machine_command(name: str, arguments: list[str]) -> int:
    """Run one of the commands; exit 0, or 2 with one sentence; a capture says by 1 and 3 how its run ended."""
    runners = {"drivers": _drivers, "decode": _decode, "simulate": _simulate, "capture": run_capture}
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


def _decode(arguments: list[str]) -> int:
    parser = Arguments(prog="labdesk decode", description="recorded bytes to frames and counters")
    parser.add_argument("--driver", required=True)
    parser.add_argument("file", type=Path)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    result = commands.decode_file(options.driver, options.file, driver_settings(options.driver, options.set))
    warn_of_beta(options.driver)
    if not result["frames"]:
        sys.stderr.write(
            say("capture.nothing_decoded", system_language(), driver=options.driver, path=options.file) + "\n"
        )
    _print(result if options.json else result["counters"])
    return 0


def _simulate(arguments: list[str]) -> int:
    return commands.run_simulator(arguments, system_language())
