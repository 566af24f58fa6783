"""``labdesk import``: JSON on standard output, one sentence on standard error, exit 0 or 2."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from labdesk.cli.arguments import Arguments
from labdesk.cli.language import system_language
from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.imported import Comparison, ImportedChannel, ImportedTest, TestState
from labdesk.domain.sentences import Language, say, say_error
from labdesk.services.importing import Imported, Importing, all_remarks, own_curve

_CANNOT = 2


def run_import(argv: Sequence[str], importing: Importing) -> int:
    """``labdesk import FILE [--json] [--out CURVE.csv] [--set NAME=VALUE ...] [--remember]``.

    Exit 0: read. Exit 2, with one sentence: not readable, nothing in it, or a question with the ``--set`` that answers it.
    """
    parser = Arguments(prog="labdesk import", description="Read finished tests of other programs.")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--out", metavar="CURVE.csv", type=Path, help="write LabDesk's own curve file")
    parser.add_argument(
        "--set", action="extend", nargs="+", default=[], metavar="NAME=VALUE", dest="settings",
        help="what the file does not say: force_unit=kN, time=TITLE, specimen=NAME, encoding=A, l0_mm=50 ...",
    )  # fmt: skip
    parser.add_argument("--remember", action="store_true", help="keep these answers for files with the same titles")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=[item.value for item in Language], default=system_language().value)
    language = system_language()
    try:
        options = parser.parse_args(list(argv))
        language = Language(options.lang)
        found = importing.read(options.file, _settings(options.settings), remember=options.remember)
        outputs = _written(found, options.out)
    except LabDeskError as error:
        print(say_error(error, language), file=sys.stderr)
        return _CANNOT
    if options.json:
        print(json.dumps(_plain(options.file, found, outputs, language), ensure_ascii=False, indent=1))
    else:
        _print(found, outputs, language)
    if all(test.state is TestState.EMPTY for test in found.file.tests):
        print(say("import.empty_file", language, file=options.file.name), file=sys.stderr)
        return _CANNOT
    return 0


def _settings(pairs: Sequence[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            raise OperatorError("evaluation.setting_shape", text=pair[:60])
        settings[name.strip()] = value.strip()
    return settings


def _written(found: Imported, out: Path | None) -> list[str]:
    """Writes one curve file per test; the second goes to ``CURVE-2.csv``. Raises EnvironmentFault, OperatorError."""
    if out is None:
        return []
    tests = [test for test in found.file.tests if test.curve is not None]
    if not tests:
        empty = all(test.state is TestState.EMPTY for test in found.file.tests)
        if empty:
            return []
        raise OperatorError("import.no_curve", specimen=found.file.tests[0].specimen or "-")
    paths = []
    for place, test in enumerate(tests, 1):
        path = out if place == 1 else out.with_name(f"{out.stem}-{place}{out.suffix}")
        try:
            path.write_text(own_curve(test, found.file), encoding="utf-8", newline="\n")
        except OSError as error:
            raise EnvironmentFault("import.not_written", file=path.name, reason=error.strerror or str(error)) from error
        paths.append(str(path))
    return paths


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(f"{value:.15g}")


def _channel(channel: ImportedChannel) -> dict[str, Any]:
    return {
        "name": channel.title,
        "kind": channel.kind.value,
        "unit": channel.unit,
        "used_as": channel.used_as or None,
        "samples": channel.samples,
        "min": _number(channel.smallest),
        "max": _number(channel.largest),
    }


def _result(item: Comparison) -> dict[str, Any]:
    return {
        "symbol": item.stated.symbol,
        "name": item.stated.name,
        "value": _number(item.stated.value),
        "text": item.stated.text,
        "unit": item.stated.unit,
        "ours": _number(item.ours),
        "difference": _number(item.difference),
        "agrees": item.agrees,
        "tolerance": item.tolerance,
    }


def _test(
    test: ImportedTest, comparisons: Sequence[Comparison], remembered: Mapping[str, str], language: Language
) -> dict[str, Any]:
    remarks = all_remarks(test, remembered)
    return {
        "specimen": test.specimen,
        "state": test.state.value,
        "channels": [_channel(channel) for channel in test.channels],
        "geometry": {name: _number(Decimal(text)) for name, text in test.geometry.items()},
        "results": [_result(item) for item in comparisons],
        "notes": dict(test.notes),
        "curve": _curve(test),
        "warnings": [say(remark.key, language, **dict(remark.params)) for remark in remarks],
        "warning_keys": [remark.key for remark in remarks],
    }


def _curve(test: ImportedTest) -> dict[str, Any] | None:
    curve = test.curve
    if curve is None:
        return None
    last = len(curve) - 1
    lengths = {"extension_mm": curve.extension_mm, "displacement_mm": curve.displacement_mm}
    return {
        "samples": len(curve),
        "columns": ["time_s", "force_kn", *(name for name, found in lengths.items() if found is not None)],
        "duration_s": _number(curve.time_s.exact(last) - curve.time_s.exact(0)),
        "peak_kn": _number(curve.force_kn.exact(int(curve.force_kn.counts.argmax()))),
        "machine_peak_kn": _number(Decimal(curve.metadata["machine_peak_kn"])) if "machine_peak_kn" in curve.metadata else None,
    }  # fmt: skip


def _plain(path: Path, found: Imported, outputs: Sequence[str], language: Language) -> dict[str, Any]:
    """The first test's facts stand at the top; ``specimens`` holds all of them."""
    tests = [
        _test(test, comparisons, found.remembered, language)
        for test, comparisons in zip(found.file.tests, found.comparisons, strict=True)
    ]
    file = found.file
    head = {
        "file": path.name,
        "sha256": file.sha256,
        "vendor": file.vendor,
        "container": file.container,
        "encoding": file.encoding or None,
        "decimal_mark": file.decimal_mark,
        "layout": file.layout,
    }
    return {**head, **tests[0], "specimens": tests, "outputs": list(outputs)}


def _print(found: Imported, outputs: Sequence[str], language: Language) -> None:
    file = found.file
    print(f"{file.vendor}  {file.container}  {file.encoding}".rstrip())
    for test, comparisons in zip(file.tests, found.comparisons, strict=True):
        print(f"{test.specimen or '-'}  {test.state.value}")
        for channel in test.channels:
            print(f"  {channel.title:32} {channel.unit:6} {channel.samples:7} {channel.used_as}")
        for name, text in test.geometry.items():
            print(f"  {name:32} {text}")
        for item in comparisons:
            ours = "" if item.ours is None else f"  ours {item.ours:.6g}"
            print(f"  {item.stated.name:32} {item.stated.text} {item.stated.unit}{ours}")
        for remark in all_remarks(test, found.remembered):
            print(f"  - {say(remark.key, language, **dict(remark.params))}")
    for path in outputs:
        print(path)
