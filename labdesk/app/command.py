"""``labdesk``: the same program without a screen, and the door to its other processes. Starts without Qt.

JSON on standard output, one sentence on standard error; exit 0, 1 or 2 as each command says.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from labdesk.app.paths import Home, default_home
from labdesk.cli.language import system_language
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.sentences import say_error
from labdesk.services.data_folder import HOME_VARIABLE

Handler = Callable[[list[str]], int]

USAGE = """labdesk COMMAND ...

  gui                   the desktop (also without COMMAND)
  demo                  the whole main job on simulated machines and an embedded platform
  import                finished tests of other programs: channels, dimensions, results, curve
  evaluate, methods     evaluate a curve or lot; list methods and their inputs
  acceptance            groups of a project judged by GB/T 50107 or GB 50203; statements kept, checked, printed
  verify                is this report genuine? (--trust FILE of `platform show` where there is no laboratory)
  read-codes            the codes on photographs and scanned sheets
  runs                  stored runs: list, export, decode again
  watch                 files and databases of makers' programs: propose, add, look, notices
  audit                 walk log, rows and files
  drivers, decode       machine drivers; recorded bytes to frames
  simulate, capture     a virtual machine; one capture without the desktop
  capture-serve         let desktops in the room use this computer's machines
  capture-pair, capture-find  use another computer's machines; who offers them?
  platform              the reference platform: serve, import, add-lab ...
  join                  join a platform with its registration file
  sync                  sync status | now
  doctor                what this computer lacks

Data folder: LABDESK_HOME, or the usual place of the system. Each command explains itself with --help.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        return _window("labdesk.app.desktop", [])
    name, rest = given[0], given[1:]
    if name in ("-h", "--help", "help"):
        sys.stdout.write(USAGE)
        return 0
    if name in ("--version", "version"):
        sys.stdout.write(f"labdesk {version('labdesk')}\n")
        return 0
    try:
        return _handler(name)(rest)
    except LabDeskError as error:
        sys.stderr.write(say_error(error, system_language()) + "\n")
        return 2


def _handler(name: str) -> Handler:
    if name not in HANDLERS:
        raise OperatorError("app.unknown_command", name=name)
    return HANDLERS[name]


def _window(module: str, arguments: list[str]) -> int:
    """Run a program with a screen; only now is Qt loaded. The same process: a second interpreter would cost a seventh of the start."""
    runner: Callable[[list[str]], int] = importlib.import_module(module).main
    return runner(arguments)


def _evaluate(arguments: list[str]) -> int:
    from labdesk.cli.evaluate import run_evaluate

    home, rest = home_of(arguments)
    with own_files_of(home):
        return run_evaluate(rest)


def _methods(arguments: list[str]) -> int:
    from labdesk.cli.evaluate import run_methods

    home, rest = home_of(arguments)
    with own_files_of(home):
        return run_methods(rest)


def _import(arguments: list[str]) -> int:
    from labdesk.app.column_memory import FileColumnMemory
    from labdesk.cli.importing import run_import
    from labdesk.services.importing import Importing

    home, rest = home_of(arguments)
    return run_import(rest, Importing(FileColumnMemory(home.folder / "columns.json")))


def _verify(arguments: list[str]) -> int:
    from labdesk.app.foundation import open_foundation
    from labdesk.app.pinned import read_pinned_trust
    from labdesk.app.rooms import build_verification, verification_of
    from labdesk.cli.verify import VerifyDeps, run_verify

    pinned, arguments = option_of(arguments, "--trust", "FILE")
    if pinned is not None:
        trust = read_pinned_trust(Path(pinned))
        online, offline = verification_of(lambda: trust, None)
        return run_verify(arguments, VerifyDeps(online, offline, system_language()))
    home, rest = home_of(arguments)
    with own_files_of(home):
        base = open_foundation(home)
        try:
            online, offline = build_verification(base)
            return run_verify(rest, VerifyDeps(online, offline, system_language()))
        finally:
            base.close()


def _runs(arguments: list[str]) -> int:
    from labdesk.app.foundation import open_foundation
    from labdesk.app.run_archive import build_run_archive
    from labdesk.cli.runs import run_runs

    home, rest = home_of(arguments)
    base = open_foundation(home)
    try:
        return run_runs(rest, build_run_archive(base))
    finally:
        base.close()


def _watch(arguments: list[str]) -> int:
    from labdesk.app.foundation import open_foundation
    from labdesk.app.rooms import build_people
    from labdesk.app.watching import build_watcher
    from labdesk.cli.watching import run_watch

    home, rest = home_of(arguments)
    base = open_foundation(home)
    try:
        return run_watch(rest, build_watcher(base), build_people(base).sign_in.by_badge)
    finally:
        base.close()


def _acceptance(arguments: list[str]) -> int:
    from labdesk.app.acceptance import build_acceptance
    from labdesk.app.foundation import open_foundation
    from labdesk.app.rooms import build_people
    from labdesk.cli.acceptance import run_acceptance

    home, rest = home_of(arguments)
    with own_files_of(home):
        base = open_foundation(home)
        try:
            people = build_people(base)
            desk = build_acceptance(base, people.setup.laboratory)
            return run_acceptance(rest, desk, people.sign_in.by_badge)
        finally:
            base.close()


def _audit(arguments: list[str]) -> int:
    from labdesk.app.foundation import open_foundation
    from labdesk.app.log_heads import audit
    from labdesk.cli.audit import run_audit

    home, rest = home_of(arguments)
    base = open_foundation(home)
    try:
        return run_audit(rest, lambda: audit(base))
    finally:
        base.close()


def _platform(arguments: list[str]) -> int:
    from labdesk.app.platform import run_platform

    return run_platform(arguments)


def _read_codes(arguments: list[str]) -> int:
    from labdesk.app.code_commands import run_read_codes

    return run_read_codes(arguments)


def _machines(name: str) -> Handler:
    def handler(arguments: list[str]) -> int:
        from labdesk.app.machine_commands import run_machine_command

        return run_machine_command(name, arguments)

    return handler


def _line(name: str) -> Handler:
    def handler(arguments: list[str]) -> int:
        from labdesk.app.line_commands import run_line_command

        home, rest = home_of(arguments)
        return run_line_command(name, rest, home)

    return handler


def _elsewhere(name: str) -> Handler:
    def handler(arguments: list[str]) -> int:
        from labdesk.app.elsewhere_commands import run_elsewhere_command

        home, rest = home_of(arguments)
        return run_elsewhere_command(name, rest, home.folder)

    return handler


def home_of(arguments: list[str]) -> tuple[Home, list[str]]:
    """The data folder of ``--home DIR`` (or the usual one) and the arguments without it; raises as :func:`option_of`."""
    given, rest = option_of(arguments, "--home", "DIR")
    return (default_home() if given is None else Home(Path(given))), rest


@contextmanager
def own_files_of(home: Home) -> Iterator[None]:
    """While it is open, the laboratory's own tables and methods are those of ``home``, wherever they are asked for."""
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = str(home.folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[HOME_VARIABLE]
        else:
            os.environ[HOME_VARIABLE] = before


def option_of(arguments: list[str], name: str, value: str) -> tuple[str | None, list[str]]:
    """The value of an option, ``None`` if it is not there, and the arguments without it.

    Raises:
        OperatorError: ``app.command_line`` when the value is not given.
    """
    if name not in arguments:
        return None, arguments
    place = arguments.index(name)
    if place + 1 == len(arguments):
        raise OperatorError("app.command_line", reason=f"{name} {value}", command="labdesk")
    return arguments[place + 1], arguments[:place] + arguments[place + 2 :]


HANDLERS: dict[str, Handler] = {
    "gui": lambda rest: _window("labdesk.app.desktop", rest),
    "demo": lambda rest: _window("labdesk.app.desktop.demo.__main__", rest),
    "acceptance": _acceptance,
    "evaluate": _evaluate,
    "import": _import,
    "methods": _methods,
    "verify": _verify,
    "runs": _runs,
    "watch": _watch,
    "audit": _audit,
    "read-codes": _read_codes,
    "platform": _platform,
    **{name: _machines(name) for name in ("drivers", "decode", "simulate", "capture")},
    **{name: _elsewhere(name) for name in ("capture-serve", "capture-pair", "capture-find")},
    **{name: _line(name) for name in ("join", "sync", "doctor")},
}

if __name__ == "__main__":
    sys.exit(main())
