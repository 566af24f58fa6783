"""``labdesk capture``: one run without the desktop, what is said of its end, and the exit status."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from labdesk.capture.commands import list_drivers, tap_url
from labdesk.capture.single import CaptureCommand, capture_until_break
from labdesk.cli.arguments import Arguments
from labdesk.cli.language import system_language
from labdesk.devices.simulate import LINE_SETTINGS
from labdesk.domain.errors import OperatorError
from labdesk.domain.sentences import Language, say


def warn_of_beta(driver_id: str) -> None:
    """What a beta driver's manifest warns of; nothing for the others."""
    for manifest in list_drivers():
        if manifest["id"] == driver_id and manifest["beta"]:
            sys.stderr.write(manifest["warning"][system_language().value] + "\n")


def driver_settings(driver_id: str, given: list[str]) -> dict[str, str]:
    """``KEY=VALUE`` of the command line; a name that neither the driver nor the line knows is refused, not ignored."""
    known = {name for each in list_drivers() if each["id"] == driver_id for name in each["settings"]}
    found = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or name not in known | LINE_SETTINGS:
            allowed = ", ".join(sorted(known | LINE_SETTINGS))
            raise OperatorError("capture.driver_setting", driver=driver_id, name="--set", value=item, allowed=allowed)
        found[name] = value
    return found


def _number(text: str) -> Decimal:
    """A finite decimal number of the command line."""
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise argparse.ArgumentTypeError(f"{text!r}") from error
    if not number.is_finite():
        raise argparse.ArgumentTypeError(f"{text!r}")
    return number


def _capture_parser(language: Language) -> Arguments:
    parser = Arguments(
        prog="labdesk capture",
        description=say("capture.help.about", language),
        epilog=say("capture.help.exit", language),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

    def option(name: str, key: str, **rest: Any) -> None:
        parser.add_argument(name, help=say(f"capture.help.{key}", language).replace("%", "%%"), **rest)

    option("--driver", "driver", required=True)
    option("--port", "port", required=True)
    option("--out", "out", type=Path, required=True)
    option("--until-break", "until_break", action="store_true")
    option("--for", "for", dest="record_s", type=int, metavar="SECONDS")
    option("--set", "set", action="append", default=[], metavar="KEY=VALUE")
    option("--preload", "preload", type=_number, default=Decimal(1), metavar="KN")
    option("--arming", "arming", type=_number, default=Decimal(5), metavar="KN")
    option("--drop", "drop", type=_number, default=Decimal(40), metavar="PERCENT")
    option("--limit", "limit", type=int, default=3600, metavar="SECONDS")
    option("--json", "json", action="store_true")
    option("--tap", "tap", action="store_true")
    option("--tap-shared", "tap_shared", action="store_true")
    option("--tap-host", "tap_host", default="", metavar="PORT")
    return parser


def _command(options: argparse.Namespace) -> CaptureCommand:
    tapped = options.tap or options.tap_shared or options.tap_host
    return CaptureCommand(
        options.driver,
        tap_url(options.port, options.tap_shared, options.tap_host) if tapped else options.port,
        options.out,
        preload_kn=options.preload,
        arming_kn=options.arming,
        drop_percent=options.drop,
        limit_s=options.limit,
        record_s=options.record_s,
        settings=driver_settings(options.driver, options.set),
    )


def run_capture(arguments: list[str]) -> int:
    """One capture; 0, 1 or 3 as :class:`~labdesk.capture.single.Status`. Raises LabDeskError for what is exit 2."""
    language = system_language()
    parser = _capture_parser(language)
    options = parser.parse_args(arguments)
    if options.until_break and options.record_s is not None:
        parser.error("--until-break, --for")
    if options.tap_shared and options.tap_host:
        parser.error("--tap-shared, --tap-host")
    command = _command(options)
    warn_of_beta(options.driver)
    try:
        with _ended_by_the_system():
            told = capture_until_break(command, lambda: _tell_armed(language))
    except KeyboardInterrupt as given_up:
        raise OperatorError("capture.given_up") from given_up
    for each in (told["sentence"], *told["remarks"]):
        if each is not None:
            each["text"] = say(each["key"], language, **each["params"])
            sys.stderr.write(each["text"] + "\n")
    for path in told["recovered"]:
        sys.stderr.write(say("capture.recovered", language, path=path) + "\n")
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return int(told["status"])


@contextmanager
def _ended_by_the_system() -> Iterator[None]:
    """A system that ends the program is obeyed as Ctrl+C is: the run is kept."""
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell_armed(language: Language) -> None:
    """For somebody who sits there; programs see it by the journal."""
    if sys.stderr.isatty():
        sys.stderr.write(say("capture.armed", language) + "\n")
