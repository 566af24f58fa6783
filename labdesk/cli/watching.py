"""``labdesk watch``: sources, proposals, looks, notices; JSON on standard output, one sentence on standard error, exit 0, 1 or 2."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from labdesk.cli.arguments import Arguments
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.people import Session
from labdesk.domain.plain import to_plain
from labdesk.domain.sentences import Language, say_error
from labdesk.domain.watching import SourceKind, WatchedSource
from labdesk.services.watching import Watcher

SignIn = Callable[[str, str], Session]


def run_watch(argv: Sequence[str], watcher: Watcher, sign_in: SignIn) -> int:
    """``labdesk watch sources | propose FILE | add FILE | preview FILE | look [--every S] | notices | review | assign``.

    Exit 0; 1 where a source could not be read; 2 (raised as the sentence) for what cannot be done. Those who change something
    give ``--badge`` and their PIN as the first line of standard input.
    """
    parser = Arguments(prog="labdesk watch", description="watch files and databases of machine makers' programs")
    parser.add_argument("what", choices=sorted(_DO))
    parser.add_argument(
        "file", nargs="?", type=Path, help="JSON of a source: name, machine_id, kind, location, mapping, method"
    )
    parser.add_argument("--badge", default="", help="who changes something; the PIN is read from standard input")
    parser.add_argument("--record", default="", help="key of a version, from `watch notices`")
    parser.add_argument("--label", default="", help="specimen a record belongs to")
    parser.add_argument("--words", default="", help="what the review says")
    parser.add_argument("--every", type=float, default=0, metavar="SECONDS", help="look again and again")
    options = parser.parse_args(list(argv))
    return _DO[options.what](options, watcher, sign_in)


def _print(value: Any) -> None:
    print(json.dumps(to_plain(value), ensure_ascii=False), flush=True)


def _session(options: Any, sign_in: SignIn) -> Session:
    return sign_in(options.badge, sys.stdin.readline().strip())


def _source(path: Path | None) -> WatchedSource:
    """A source from its JSON; raises OperatorError ``watching.source_shape`` naming what is wrong."""
    if path is None:
        raise OperatorError("watching.source_shape", name="FILE")
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        kind = SourceKind(given.get("kind", ""))
        mapping = {str(name): str(text) for name, text in given.get("mapping", {}).items()}
        return WatchedSource(
            id=str(given.get("id", "")),
            name=str(given.get("name", path.stem)),
            machine_id=str(given.get("machine_id", "")),
            kind=kind,
            location=str(given["location"]),
            mapping=mapping,
            settle_s=int(given.get("settle_s", 10)),
            method=str(given.get("method", "")),
            responsible_id=str(given.get("responsible_id", "")),
            responsible_name=str(given.get("responsible_name", "")),
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise OperatorError("watching.source_shape", name=f"{path.name}: {error}"[:100]) from error


def _sources(options: Any, watcher: Watcher, sign_in: SignIn) -> int:
    for told in watcher.told_sources():
        _print({**to_plain(told.source), "machine": told.machine, "responsible": told.responsible})
    return 0


def _propose(options: Any, watcher: Watcher, sign_in: SignIn) -> int:
    proposal, shapes = watcher.propose(_source(options.file))
    _print(
        {"mapping": proposal.mapping, "missing": proposal.missing, "candidates": proposal.candidates, "tables": shapes}
    )
    return 0


def _preview(options: Any, watcher: Watcher, sign_in: SignIn) -> int:
    for item in watcher.preview(_source(options.file)):
        _print(item)
    return 0


def _add(options: Any, watcher: Watcher, sign_in: SignIn) -> int:
    _print(watcher.register(_source(options.file), _session(options, sign_in)))
    return 0


def _look(options: Any, watcher: Watcher, sign_in: SignIn) -> int:
    """A record must be seen twice, the settling time apart: a single round tells what waits."""
    failed = 0
    while True:
        for source in watcher.sources():
            try:
                found = watcher.look(source.id)
            except (EnvironmentFault, OperatorError) as error:
                failed = 1
                print(say_error(error, Language.ZH), file=sys.stderr, flush=True)
                continue
            _print({"source": source.name, "new": found.new, "waiting": found.waiting})
        if options.every <= 0:
            return failed
        time.sleep(options.every)


def _notices(options: Any, watcher: Watcher, sign_in: SignIn) -> int:
    for record in watcher.notices():
        _print(record)
    return 0


def _review(options: Any, watcher: Watcher, sign_in: SignIn) -> int:
    _print(watcher.review(options.record, options.words, _session(options, sign_in)))
    return 0


def _assign(options: Any, watcher: Watcher, sign_in: SignIn) -> int:
    _print(watcher.assign(options.record, options.label, _session(options, sign_in)))
    return 0


_DO: dict[str, Callable[[Any, Watcher, SignIn], int]] = {
    "sources": _sources, "propose": _propose, "preview": _preview, "add": _add, "look": _look, "notices": _notices,
    "review": _review, "assign": _assign,
}  # fmt: skip
