"""``labdesk platform ...``: the reference platform as a process and its administration; starts without Qt.

``serve`` prints one JSON line ``{"url": ...}`` when it listens. Errors are one sentence on standard error: exit 1 when something
is refused or fails, 2 for a command line that cannot be read.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import uvicorn

from labdesk.app.system import SystemClock, Uuid7Ids
from labdesk.cli.arguments import Arguments
from labdesk.cli.language import system_language
from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.people import Laboratory
from labdesk.domain.plain import to_plain
from labdesk.domain.sentences import Language, say_error
from labdesk.evidence.keys import KeyUse
from labdesk.platform.api.context import Context
from labdesk.platform.rules.authority import LAB_USES, PlatformIdentity
from labdesk.platform.server import admin
from labdesk.platform.server.app import create_app
from labdesk.platform.server.setup import REFERENCE, Settings, open_platform, registration

PASSWORD_VARIABLE = "LABDESK_PLATFORM_PASSWORD"  # noqa: S105 - name of a variable, not a password

Command = Callable[[argparse.Namespace, Context], Any]


def run_platform(argv: Sequence[str]) -> int:
    """Run ``labdesk platform`` with its arguments; returns the exit code."""
    parser = _parser()
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    except OperatorError as error:
        sys.stderr.write(say_error(error, system_language()) + "\n")
        return 2
    try:
        context = open_platform(_settings(options), SystemClock(), Uuid7Ids())
        try:
            result = options.command(options, context)
        finally:
            context.store.close()
    except LabDeskError as error:
        language = Language.EN if options.lang == "en" else Language.ZH
        sys.stderr.write(say_error(error, language) + "\n")
        return 1
    if result is not None:
        _print_json(result)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="labdesk platform", description="The reference platform of a region.")
    common = Arguments(add_help=False)
    common.add_argument("--data", type=Path, default=Path("platform-data"), help="data folder, made when missing")
    common.add_argument("--database", default="", help="postgresql://... instead of the embedded SQLite")
    common.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of messages")
    common.add_argument("--host-name", default=REFERENCE.host, help="host in report addresses (new folder only)")
    common.add_argument("--region", default=REFERENCE.region, help="name of the region (new folder only)")
    common.add_argument(
        "--code-prefix", default=REFERENCE.code_prefix, help="two letters codes begin with (new folder only)"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text, parents=[common])
        sub.set_defaults(command=command)
        return sub

    serve = add("serve", _serve, "Serve interface and web site.")
    serve.add_argument("--bind", default="127.0.0.1", help="address to listen on; the loopback unless told otherwise")
    serve.add_argument("--port", type=int, default=8765, help="0 = any free port")
    add("import", _import, "Import projects, commissions and void tags.").add_argument("file", type=Path)
    lab = add("add-lab", _add_lab, "Register a laboratory; prints its registration with the token, once.")
    for name in ("--id", "--name"):
        lab.add_argument(name, required=True)
    for name in ("--address", "--certificate-no", "--cma-no", "--phone"):
        lab.add_argument(name, default="")
    renew = add("renew-token", _renew, "Give a laboratory a new token; the old ones end.")
    renew.add_argument("--id", required=True)
    keys = add("certify", _certify, "Certify a laboratory's public keys (JSON: use -> hex).")
    keys.add_argument("--id", required=True)
    keys.add_argument("file", type=Path)
    void = add("void-tag", _void, "Declare a tag void.")
    void.add_argument("tag")
    void.add_argument("--reason", required=True)
    withdraw = add("withdraw", _withdraw, "Withdraw a report.")
    withdraw.add_argument("code")
    withdraw.add_argument("--reason", required=True)
    operator = add(
        "add-operator", _operator, f"Add an operator of the site; password asked, or from {PASSWORD_VARIABLE}."
    )
    operator.add_argument("name")
    add("show", _show, "Print what laboratories pin of this platform.")
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    identity = PlatformIdentity(options.host_name, options.region, options.code_prefix)
    return Settings(options.data, identity, options.database)


def _serve(options: argparse.Namespace, context: Context) -> None:
    """Serve until told to stop; the line with the address is printed once the socket listens."""
    family = socket.AF_INET6 if ":" in options.bind else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((options.bind, options.port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        address = f"{options.bind}:{options.port}"
        raise EnvironmentFault("platform.port", address=address, reason=str(error.strerror)) from error
    host = f"[{options.bind}]" if family is socket.AF_INET6 else options.bind
    config = uvicorn.Config(
        create_app(context), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5
    )
    _print_json({"url": f"http://{host}:{listener.getsockname()[1]}", "platform": context.authority.identity.host})
    uvicorn.Server(config).run(sockets=[listener])


def _import(options: argparse.Namespace, context: Context) -> Any:
    return admin.import_records(context, admin.read_import(_read(options.file)))


def _add_lab(options: argparse.Namespace, context: Context) -> Any:
    given = vars(options)
    lab = Laboratory(**{item.name: given[item.name] for item in fields(Laboratory)})
    return admin.add_lab(context, lab)


def _renew(options: argparse.Namespace, context: Context) -> Any:
    return admin.renew_token(context, options.id)


def _certify(options: argparse.Namespace, context: Context) -> Any:
    return admin.certify_keys(context, options.id, read_public_keys(_read(options.file)))


def _void(options: argparse.Namespace, context: Context) -> None:
    admin.void_tag(context, options.tag, options.reason)


def _withdraw(options: argparse.Namespace, context: Context) -> None:
    admin.withdraw_report(context, options.code, options.reason)


def _operator(options: argparse.Namespace, context: Context) -> None:
    password = os.environ.get(PASSWORD_VARIABLE) or getpass.getpass()
    admin.put_operator(context, options.name, password)


def _show(options: argparse.Namespace, context: Context) -> Any:
    return registration(context)


def read_public_keys(data: bytes) -> Mapping[KeyUse, bytes]:
    """Public keys by use from JSON ``{"document": "<hex>", ...}``; raises OperatorError ``platform.bad_key``."""
    try:
        found = {KeyUse(name): bytes.fromhex(value) for name, value in json.loads(data).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise OperatorError("platform.bad_key", use=str(error)[:80]) from error
    wrong = next((use for use in found if use not in LAB_USES), None)
    if wrong is not None or not found:
        raise OperatorError("platform.bad_key", use="" if wrong is None else wrong.value)
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EnvironmentFault("platform.file", file=path.name, reason=str(error.strerror)) from error


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(to_plain(value), ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(run_platform(sys.argv[1:]))
