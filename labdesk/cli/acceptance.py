"""``labdesk acceptance --project CODE``: the stored groups of a project, any selection of them judged, kept, checked, handed out.

JSON on standard output. Exit 0 accepted (or done), 1 not accepted (or a statement that is not intact), 2 with one sentence for what
cannot be judged. ``--keep`` needs ``--badge`` and the PIN as the first line of standard input.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from labdesk.cli.arguments import Arguments
from labdesk.cli.language import system_language
from labdesk.domain.acceptance import AcceptanceStatement
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, Remark, Verdict
from labdesk.domain.people import Session
from labdesk.domain.sentences import Language, say
from labdesk.services.acceptance_choice import Asked, Method, judged
from labdesk.services.acceptance_desk import AcceptanceDesk
from labdesk.services.acceptance_filter import Wanted, day_of, found, kinds_of
from labdesk.services.acceptance_selection import OPEN, GroupKind, SampleGroup, SampleKind

SignIn = Callable[[str, str], Session]
_KINDS = {
    "standard": GroupKind.STANDARD,
    "same-condition": GroupKind.SAME_CONDITION,
    "mortar": GroupKind.MORTAR,
}


def run_acceptance(arguments: Sequence[str], desk: AcceptanceDesk, sign_in: SignIn) -> int:
    """Runs the command."""
    options = _parser().parse_args(arguments)
    if options.check:
        return _check(options, desk)
    if options.statement:
        return _hand_out(options, desk)
    if not options.project:
        raise OperatorError("app.command_line", reason="--project CODE", command="labdesk acceptance")
    if options.statements:
        return _write([_statement(made) for made in desk.statements(options.project)])
    groups = desk.groups(options.project)
    if options.list:
        chosen = found(groups, Wanted(None, options.words))
        return _write([_group(group, system_language()) for group in chosen])
    return _judge(options, desk, sign_in, groups)


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="labdesk acceptance", description=__doc__)
    parser.add_argument("--home", metavar="DIR", help="the laboratory's data folder")
    parser.add_argument("--project", metavar="CODE", default="")
    parser.add_argument("--list", action="store_true", help="list the groups with their state instead of judging")
    parser.add_argument("--statements", action="store_true", help="list the statements that were kept")
    parser.add_argument("--grade", default="", help="where the project has several: C30, M10 ...")
    parser.add_argument("--kind", choices=sorted(_KINDS), help="where the project has several")
    parser.add_argument("--age", type=int, help="nominal age in days, where the project has several")
    parser.add_argument("--words", default="", help="of number, part or day; 2026-03..2026-04-15 is a span of days")
    parser.add_argument("--lots", nargs="+", default=[], metavar="NUMBER", help="exactly these groups")
    parser.add_argument("--method", choices=[method.value for method in Method], default=Method.AUTO.value)
    parser.add_argument("--sigma0", default="", metavar="MPA", help="known deviation; else from the 90 days before")
    parser.add_argument("--keep", action="store_true", help="keep the outcome as a statement")
    parser.add_argument("--note", default="")
    parser.add_argument("--badge", default="", help="who keeps it; the PIN is read from standard input")
    parser.add_argument(
        "--check", metavar="NUMBER", default="", help="does a statement still stand on what it was made for?"
    )
    parser.add_argument(
        "--statement", metavar="NUMBER", default="", help="a statement that was kept, for --pdf and --csv"
    )
    parser.add_argument("--pdf", type=Path, metavar="FILE")
    parser.add_argument("--csv", type=Path, metavar="FILE")
    return parser


def _judge(options: argparse.Namespace, desk: AcceptanceDesk, sign_in: SignIn, groups: Sequence[SampleGroup]) -> int:
    selected = _selected(options, groups)
    asked = Asked(Method(options.method), options.sigma0, desk.low_group_percent())
    outcome = judged(groups, selected, asked)
    language = system_language()
    told = {
        "project": options.project,
        **_outcome(outcome.evaluation, language),
        "selected": len(outcome.groups),
        "counted": outcome.counted,
        "history": len(outcome.history),
        "why": _said(outcome.why, language),
        "doubts": _said(outcome.doubts, language),
        "fails": {number: say(mark.key, language, **mark.params) for number, mark in outcome.marks.items()},
        "left_out": {
            group.lot_no: say(group.why.key, language, **group.why.params) for group in outcome.groups if group.why
        },
    }
    if options.keep:
        session = sign_in(options.badge, sys.stdin.readline().strip())
        made = desk.keep(options.project, outcome, session, options.note)
        told["statement"] = made.number
        _files(options, desk, made.number)
    _write(told)
    return 0 if outcome.evaluation.verdict is Verdict.PASS else 1


def _selected(options: argparse.Namespace, groups: Sequence[SampleGroup]) -> set[str]:
    """The groups named, or all that fit and can be assessed; of one kind where nothing else is said."""
    if options.lots:
        known = {group.lot_no for group in groups}
        strange = next((number for number in options.lots if number not in known), None)
        if strange is not None:
            raise OperatorError("acceptance.no_group", code=options.project, lot=strange[:32])
        return set(options.lots)
    able = [group for group in found(groups, Wanted(None, options.words)) if group.state not in OPEN]
    kinds = [sample for sample, _ in kinds_of(able) if _is(sample, options)]
    if len(kinds) > 1:
        language = system_language()
        shown = (
            f"{each.grade} {say(f'acceptance.kind.{each.kind.value}', language)} {each.age_days} d" for each in kinds
        )
        raise OperatorError("acceptance.several_kinds", code=options.project, kinds="; ".join(shown))
    return {group.lot_no for group in able if kinds and group.sample == kinds[0]}


def _is(sample: SampleKind, options: argparse.Namespace) -> bool:
    return (
        (not options.grade or sample.grade.casefold() == options.grade.strip().casefold())
        and (options.kind is None or sample.kind is _KINDS[options.kind])
        and (options.age is None or sample.age_days == options.age)
    )


def _check(options: argparse.Namespace, desk: AcceptanceDesk) -> int:
    intact, why = desk.check(options.check)
    _write({"statement": options.check, "intact": intact, "why": _said(why, system_language())})
    return 0 if intact else 1


def _hand_out(options: argparse.Namespace, desk: AcceptanceDesk) -> int:
    made = desk.statement(options.statement)
    _files(options, desk, made.number)
    return _write(_statement(made))


def _files(options: argparse.Namespace, desk: AcceptanceDesk, number: str) -> None:
    language = system_language()
    wanted: tuple[tuple[Path | None, Callable[[], bytes]], ...] = (
        (options.pdf, lambda: desk.paper(number)),
        (options.csv, lambda: desk.table(number, language)),
    )
    for path, make in wanted:
        if path is not None:
            try:
                path.write_bytes(make())
            except OSError as error:
                reason = error.strerror or str(error)
                raise OperatorError("acceptance.no_file", file=str(path), reason=reason) from error


def _outcome(evaluation: Evaluation, language: Language) -> dict[str, Any]:
    return {
        "method": evaluation.method,
        "rules": evaluation.rules,
        "verdict": evaluation.verdict.value,
        "values": [
            {
                "symbol": value.symbol,
                "batch": value.subject,
                "value": None if value.raw is None else f"{value.raw:f}",
                "rounded": None if value.rounded is None else f"{value.rounded:f}",
                "unit": value.unit,
                "limit": value.limit or None,
                "verdict": value.verdict.value,
                "clause": value.clause,
                "regime": value.regime,
            }
            for value in evaluation.values
        ],
        "warnings": _said(evaluation.remarks, language),
    }


def _statement(made: AcceptanceStatement) -> Mapping[str, Any]:
    return {
        "statement": made.number,
        "project": made.project_code,
        "grade": made.lot.settings.get("design_grade", ""),
        "rules": made.evaluation.rules,
        "verdict": made.evaluation.verdict.value,
        "groups": [
            {"lot": group.lot_no, "part": group.part.value, "evaluation_sha256": group.evaluation_sha256}
            for group in made.groups
        ],
        "author": made.person_name,
        "at": made.at.isoformat(),
        "note": made.note,
    }


def _group(group: SampleGroup, language: Language) -> Mapping[str, Any]:
    return {
        "lot": group.lot_no,
        "grade": group.sample.grade,
        "kind": group.sample.kind.value,
        "age_days": group.sample.age_days,
        "part": group.part,
        "cast_on": day_of(group) or None,
        "value_mpa": None if group.value_mpa is None else f"{group.value_mpa:f}",
        "state": group.state.value,
        "why": say(group.why.key, language, **group.why.params) if group.why else "",
        "evaluations": group.evaluations,
    }


def _said(remarks: Sequence[Remark], language: Language) -> list[str]:
    return [say(remark.key, language, **remark.params) for remark in remarks]


def _write(told: object) -> int:
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0
