"""``labdesk audit``: walks log, rows and files; exit 0 intact, 1 with each break located."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from labdesk.cli.arguments import Arguments
from labdesk.domain.audit import AuditSummary, Break
from labdesk.domain.clock import WALL
from labdesk.domain.errors import LabDeskError
from labdesk.domain.plain import to_plain
from labdesk.domain.sentences import Language, say, say_error


def sentence(item: Break, language: Language) -> str:
    """One break in words: table, row and time."""
    when = item.written_at.astimezone(WALL).strftime("%Y-%m-%d %H:%M:%S") if item.written_at else "—"
    return say(f"audit.{item.kind.value}", language, table=item.table, row=item.row, time=when)


def run_audit(argv: list[str], audit: Callable[[], AuditSummary]) -> int:
    """Run the command.

    Args:
        argv: arguments after ``audit``.
        audit: walks the evidence of the configured database.

    Returns:
        0 intact, 1 broken, 2 when the database cannot be read.
    """
    parser = Arguments(prog="labdesk audit", description="check every row, log entry and file")
    parser.add_argument("--json", action="store_true", help="machine-readable result on standard output")
    parser.add_argument("--language", choices=[item.value for item in Language], default=Language.ZH.value)
    options = parser.parse_args(argv)
    language = Language(options.language)
    try:
        summary = audit()
    except LabDeskError as error:
        print(say_error(error, language), file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(to_plain(summary), ensure_ascii=False))
    else:
        for item in summary.breaks:
            print(sentence(item, language))
    print(_closing(summary, language), file=sys.stderr)
    return 0 if summary.intact() else 1


def _closing(summary: AuditSummary, language: Language) -> str:
    if not summary.intact():
        return say("audit.broken", language, count=len(summary.breaks))
    return say(
        "audit.intact",
        language,
        entries=summary.log_entries,
        rows=summary.rows,
        blobs=summary.blobs,
        root=summary.root[:16],
    )
