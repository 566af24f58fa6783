"""``labdesk verify REPORT.pdf|IMAGE|TEXT [--offline] [--json]``: is it genuine, and does it still hold?

Exit 0: genuine and, as far as is known, neither replaced nor withdrawn. Exit 1: not genuine, or no longer to be used. Exit 2:
cannot tell, or the input cannot be read. JSON (or the reasons in words) goes to standard output, one sentence to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labdesk.cli.arguments import Arguments
from labdesk.domain.plain import to_plain
from labdesk.domain.sentences import Language, say
from labdesk.domain.verification import Outcome, ReportVerifier, VerificationResult
from labdesk.services.verification import still_holds

_MAX_INPUT = 256 * 1024 * 1024


@dataclass(frozen=True)
class VerifyDeps:
    """Two verifiers: one that asks the platform, one that never does; and the language of the words."""

    online: ReportVerifier
    offline: ReportVerifier
    language: Language = Language.ZH


def run_verify(argv: Sequence[str], deps: VerifyDeps) -> int:
    """Check what ``argv`` names; returns the exit code."""
    parser = Arguments(prog="labdesk verify", description="is this report genuine?")
    parser.add_argument("subject", help="report PDF, picture of a report QR, or the QR's text")
    parser.add_argument("--offline", action="store_true", help="do not ask the platform")
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    options = parser.parse_args(list(argv))
    verifier = deps.offline if options.offline else deps.online
    try:
        result = _check(options.subject, verifier)
    except OSError:
        print(say("verification.no_file", deps.language, path=options.subject), file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(_plain(result, deps.language), ensure_ascii=False, sort_keys=True))
    else:
        print("\n".join(_lines(result, deps.language)))
    print(say(_headline(result), deps.language), file=sys.stderr)
    return exit_code(result)


def exit_code(result: VerificationResult) -> int:
    """0 genuine and in force, 1 not, 2 cannot tell."""
    if result.outcome is Outcome.CANNOT_TELL:
        return 2
    return 0 if still_holds(result) else 1


def _check(subject: str, verifier: ReportVerifier) -> VerificationResult:
    if subject.lower().startswith(("http://", "https://")):
        return verifier.verify_text(subject)
    path = Path(subject)
    if path.stat().st_size > _MAX_INPUT:
        raise OSError(subject)
    data = path.read_bytes()
    if path.suffix.lower() == ".pdf" or data[:5] == b"%PDF-" or b"/ByteRange" in data:
        return verifier.verify_pdf(data)
    if data[:8].lower().startswith((b"http://", b"https://")):
        return verifier.verify_text(data.decode("utf-8", "replace"))
    return verifier.verify_image(data)


def _headline(result: VerificationResult) -> str:
    if result.outcome is Outcome.CANNOT_TELL:
        return "verification.cannot_tell"
    if result.outcome is Outcome.NOT_GENUINE:
        return "verification.not_genuine"
    if not still_holds(result):
        return "verification.superseded"
    return "verification.genuine" if result.scope == "report" else "verification.genuine_code"


def _lines(result: VerificationResult, language: Language) -> list[str]:
    lines = [say(_headline(result), language)]
    if result.report_no:
        lines.append(f"{result.report_no} · {result.code} · {result.project_code} · {result.lab_id}")
    lines += [f"  {item.symbol} {item.subject} {item.value} {item.unit} {item.verdict}" for item in result.values]
    signs = {"proves": "+", "disproves": "-", "leaves-open": "?", "note": " "}
    lines += [f"{signs[item.severity.value]} {say(item.key, language, **item.params)}" for item in result.findings]
    return lines


def _plain(result: VerificationResult, language: Language) -> dict[str, Any]:
    plain = dict(to_plain(result))
    plain["holds"] = still_holds(result)
    plain["sentence"] = say(_headline(result), language)
    for finding, entry in zip(result.findings, plain["findings"], strict=True):
        entry["sentence"] = say(finding.key, language, **finding.params)
    return plain
