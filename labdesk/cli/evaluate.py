"""``labdesk evaluate`` and ``labdesk methods``: JSON on standard output, one sentence on standard error, exit 0 or 2."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from labdesk.cli.evaluation_text import evaluation_lines
from labdesk.cli.language import system_language
from labdesk.cli.method_pages import add_page_options, write_pages
from labdesk.domain.curve import Curve
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.evaluation import Evaluation, Remark, Value
from labdesk.domain.sentences import Language, say, say_error
from labdesk.services.any_curve import ANSWERS, read_any_curve
from labdesk.services.evaluation import Given, evaluate_given, list_methods, rule_faults
from labdesk.services.given import rows_from
from labdesk.services.house_rules import standard_of
from labdesk.services.lot_words import conclusion_words, retest_orders

_CANNOT = 2


class _Parser(argparse.ArgumentParser):
    """Refuses with one sentence instead of the usage text."""

    def error(self, message: str) -> NoReturn:
        raise OperatorError("evaluation.command_line", reason=message)


def run_evaluate(argv: Sequence[str]) -> int:
    """``labdesk evaluate METHOD [--curve FILE ...] [--results FILE] [--lot FILE] [--set key=value ...] [--rules EDITION] [--json]``.

    Returns 0, or 2 with the reason in one sentence. ``--results`` is a CSV or JSON table with one row per specimen (or group),
    ``--lot`` the JSON of a whole lot.
    """
    parser = _Parser(prog="labdesk evaluate", description="Evaluate curves by a test standard.")
    parser.add_argument("method", nargs="?", metavar="METHOD", help="one of `labdesk methods`")
    parser.add_argument(
        "--curve", action="extend", nargs="+", default=[], metavar="FILE", type=Path,
        help="curves: LabDesk's CSV, or exports of other programs as `labdesk import` reads them",
    )  # fmt: skip
    parser.add_argument("--results", metavar="FILE", type=Path, help="CSV or JSON: one row per specimen or group")
    parser.add_argument("--lot", metavar="FILE", type=Path, help="JSON of a whole lot")
    parser.add_argument(
        "--set", action="extend", nargs="+", default=[], metavar="KEY=VALUE", dest="settings",
        help="inputs of the method as `labdesk methods` lists them; for a file that does not say: force_unit=kN ...",
    )  # fmt: skip
    parser.add_argument(
        "--rules", default="", metavar="EDITION", help="one of the method's rulesets in `labdesk methods --json`"
    )
    parser.add_argument("--home", metavar="DIR", help="the laboratory whose own tables and methods count")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=[language.value for language in Language], default=system_language().value)
    language = system_language()
    try:
        options = parser.parse_args(list(argv))
        language = Language(options.lang)
        _find_method(options)
        settings = _settings(options.settings)
        curves, remarks = _read(options.curve, settings)
        settings = {name: text for name, text in settings.items() if name not in ANSWERS}
        if options.lot is not None:
            settings["lot"] = _text_of(options.lot)
        rows = rows_from(_text_of(options.results), options.results.name) if options.results is not None else []
        evaluation = evaluate_given(Given(options.method, settings, rows, options.rules), curves)
    except LabDeskError as error:
        print(say_error(error, language), file=sys.stderr)
        return _CANNOT
    if options.json:
        told = _plain(evaluation, remarks, language) | _words(evaluation, settings)
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(evaluation, remarks, settings, language)
    return 0


def _find_method(options: argparse.Namespace) -> None:
    """A method that stands last, behind the curves, is still the method; raises OperatorError ``evaluation.command_line``."""
    if options.method is None and len(options.curve) > 1 and not options.curve[-1].exists():
        options.method = str(options.curve.pop())
    if options.method is None:
        raise OperatorError("evaluation.command_line", reason="METHOD")


def run_methods(argv: Sequence[str]) -> int:
    """``labdesk methods [--json] [--html FILE] [--markdown FILE]``: every method with its rulesets and inputs."""
    parser = _Parser(prog="labdesk methods", description="List the test methods and their inputs.")
    parser.add_argument("--home", metavar="DIR", help="the laboratory whose own tables and methods count")
    parser.add_argument("--json", action="store_true")
    add_page_options(parser, system_language())
    try:
        options = parser.parse_args(list(argv))
        if write_pages(options):
            return 0
    except LabDeskError as error:
        print(say_error(error, system_language()), file=sys.stderr)
        return _CANNOT
    for fault in rule_faults():
        print(f"{fault.file}:{fault.line}: {fault.reason}", file=sys.stderr)
    methods = [
        {
            "id": info.id,
            "standard": info.standard,
            "rules": list(info.rules),
            "curves": info.curves,
            "symbols": list(info.symbols),
            "inputs": [
                {
                    "name": item.name,
                    "unit": item.unit,
                    "required": item.required,
                    "choices": list(item.choices),
                    "per_specimen": item.per_specimen,
                }
                for item in info.inputs
            ],
        }
        for info in list_methods()
    ]
    if options.json:
        print(json.dumps(methods, ensure_ascii=False, indent=1))
    else:
        for info in list_methods():
            print(f"{info.id:18} {info.standard:32} {', '.join(item.name for item in info.inputs)}")
    return 0


def _read(paths: Sequence[Path], settings: Mapping[str, str]) -> tuple[dict[str, Curve], list[Remark]]:
    curves: dict[str, Curve] = {}
    remarks: list[Remark] = []
    for path in paths:
        for name, read in read_any_curve(path, settings):
            label = name if name not in curves else f"{name}-{len(curves) + 1}"
            curves[label] = read.curve
            remarks.extend(read.remarks)
    return curves, remarks


def _settings(pairs: Sequence[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise OperatorError("evaluation.setting_shape", text=pair[:60])
        settings[key.strip()] = value.strip()
    if settings.get("lot", "").endswith(".json"):
        try:
            settings["lot"] = Path(settings["lot"]).read_text(encoding="utf-8")
        except OSError as error:
            raise OperatorError("evaluation.bad_lot", reason=error.strerror or str(error)) from error
    return settings


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
        raise OperatorError("evaluation.bad_results", file=path.name, reason=reason) from error


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(f"{value:.12g}")


def _value(value: Value, language: Language) -> dict[str, Any]:
    return {
        "symbol": value.symbol,
        "value": _number(value.raw),
        "unit": value.unit,
        "rounded": _number(value.rounded),
        "rounded_text": None if value.rounded is None else format(value.rounded, "f"),
        "limit": value.limit or None,
        "verdict": value.verdict.value,
        "clause": value.clause,
        "subject": value.subject,
        "regime": value.regime,
        "note": say(value.note, language) if value.note else "",
    }


def _warnings(remarks: Sequence[Remark], language: Language) -> list[str]:
    return [say(remark.key, language, **_shown(remark.params)) for remark in remarks]


def _shown(params: Mapping[str, str]) -> dict[str, str]:
    return dict(params)


def _plain(evaluation: Evaluation, remarks: Sequence[Remark], language: Language) -> dict[str, Any]:
    told = [*remarks, *evaluation.remarks]
    return {
        "method": evaluation.method,
        "rules": evaluation.rules,
        "values": [_value(value, language) for value in evaluation.values],
        "verdict": evaluation.verdict.value,
        "warnings": _warnings(told, language),
        "warning_keys": [remark.key for remark in told],
        "engine": evaluation.engine,
    }


def _words(evaluation: Evaluation, settings: Mapping[str, str]) -> dict[str, Any]:
    """The report's words in both languages, and what the client must commission for a retest."""
    standard = standard_of(evaluation.rules)
    return {
        "conclusion": {
            language.value: conclusion_words(evaluation, standard, settings, language) for language in Language
        },
        "commission": [
            {"item": {language.value: order.said(language) for language in Language}, "count": order.count}
            for order in retest_orders(evaluation)
        ],
    }


def _print(evaluation: Evaluation, remarks: Sequence[Remark], settings: Mapping[str, str], language: Language) -> None:
    words = conclusion_words(evaluation, standard_of(evaluation.rules), settings, language)
    orders = [f"{order.said(language)} x {order.count}" for order in retest_orders(evaluation)]
    warnings = _warnings([*remarks, *evaluation.remarks], language)
    for line in evaluation_lines(evaluation, warnings, words, orders, language):
        print(line)
