"""``labdesk join | sync | doctor``: the line to the platform and what this computer lacks."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from labdesk.app.paths import Home
from labdesk.cli.arguments import Arguments
from labdesk.domain.errors import OperatorError
from labdesk.domain.plain import to_plain


def run_line_command(name: str, arguments: list[str], home: Home) -> int:
    """Run one of the commands; exit 0, 1 when something is not as it should be, 2 with one sentence."""
    return {"join": _join, "sync": _sync, "doctor": _doctor}[name](arguments, home)


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(to_plain(value), ensure_ascii=False) + "\n")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OperatorError("app.bad_config", file=path.name, reason=str(error)) from error


def _join(arguments: list[str], home: Home) -> int:
    from labdesk.app.membership import begin_membership, complete_membership

    parser = Arguments(prog="labdesk join", description="join a platform, in two steps")
    parser.add_argument("--url", help="where the platform answers (first step)")
    parser.add_argument("--registration", type=Path, help="first step: the file of `labdesk platform add-lab`")
    parser.add_argument("--certified", type=Path, help="second step: the file of `labdesk platform certify`")
    options = parser.parse_args(arguments)
    home.prepare()
    if options.certified is not None:
        complete_membership(home, _read(options.certified))
        return 0
    if options.registration is None or not options.url:
        parser.error("--url and --registration, or --certified")
    _print(begin_membership(home, options.url, _read(options.registration)))
    return 0


def _sync(arguments: list[str], home: Home) -> int:
    from labdesk.app.foundation import open_foundation
    from labdesk.app.rooms import build_counter, build_line, build_office, build_people

    parser = Arguments(prog="labdesk sync", description="status of, or one pass to, the platform")
    parser.add_argument("what", choices=("status", "now"))
    options = parser.parse_args(arguments)
    base = open_foundation(home)
    try:
        people = build_people(base)
        line = build_line(base, build_counter(base).commissions, build_office(base, people).reporting)
        if options.what == "status":
            _print(line.control.status())
            return 0
        report = line.control.sync_now()
        _print(report)
        return 1 if report.problems else 0
    finally:
        base.close()


def _doctor(arguments: list[str], home: Home) -> int:
    from labdesk.app.foundation import open_foundation
    from labdesk.app.membership import read_membership
    from labdesk.storage.database import schema_version

    parser = Arguments(prog="labdesk doctor", description="what this computer lacks")
    parser.parse_args(arguments)
    base = open_foundation(home)
    try:
        membership = read_membership(home)
        free = shutil.disk_usage(home.folder).free
        found = {
            "home": str(home.folder),
            "schema": schema_version(base.engine),
            "platform": membership.url if membership else "",
            "free_disk_mb": free // 1_000_000,
            "python": sys.version.split()[0],
        }
    finally:
        base.close()
    _print(found)
    return 0 if free > 500_000_000 else 1
