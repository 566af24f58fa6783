"""What a command line or a results file gives, turned into the input of a lot: settings, rows of specimens, curves by label."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from labdesk.domain.errors import BugError, OperatorError
from labdesk.domain.evaluation import LotInput, SpecimenInput, TestKind
from labdesk.domain.plain import from_plain
from labdesk.services.evaluation_inputs import Typed
from labdesk.services.method_sources import MethodInfo

#: Columns of a results file that are parts of the specimen itself.
_OWN = ("label", "tests", "real_age", "peak_kn")
_MOST_ROWS = 100_000


@dataclass(frozen=True)
class Given:
    """One evaluation as asked for.

    Attributes:
        method: method id.
        settings: by name, as typed; an entry of the specimens may be listed here with commas (``peak_kn=786.7,826.5,853.6``).
        rows: one mapping per specimen, from a results file.
        rules: ruleset, empty = proposed.
    """

    method: str
    settings: Mapping[str, str]
    rows: Sequence[Mapping[str, str]] = field(default=())
    rules: str = ""


def check_names(given: Given, info: MethodInfo) -> None:
    """Refuse names and words the method does not know.

    Raises:
        OperatorError: ``evaluation.unknown_setting``, ``evaluation.bad_choice``.
    """
    known = {item.name for item in info.inputs}
    names = (set(given.settings) - {"lot"}).union(*(row.keys() for row in given.rows)) - set(
        _OWN[:3] if given.rows else ()
    )
    unknown = sorted(names - known)
    if unknown:
        listed = ", ".join(item.name for item in info.inputs)
        raise OperatorError("evaluation.unknown_setting", name=unknown[0], known=listed)
    for item in info.inputs:
        texts = given.settings.get(item.name, "").strip()
        for text in texts.split(",") if texts and item.choices else ():
            if text.strip().casefold() not in {choice.casefold() for choice in item.choices}:
                words = ", ".join(item.choices)
                raise OperatorError("evaluation.bad_choice", name=item.name, text=text.strip()[:40], known=words)


def lot_of(given: Given, info: MethodInfo, curves: Mapping[str, Any]) -> LotInput:
    """The lot: rows first, else the lists among the settings; a curve belongs to the specimen of its label.

    Raises:
        OperatorError: lists of different lengths, a label twice, a peak that is no number.
    """
    listed = {item.name for item in info.inputs if item.per_specimen}
    settings = {name: text for name, text in given.settings.items() if name not in listed}
    lists = {name: text for name, text in given.settings.items() if name in listed}
    rows = _rows_of(lists, len(given.rows))
    if given.rows:
        rows = [{**common, **row} for common, row in zip(rows or [{}] * len(given.rows), given.rows, strict=True)]
    specimens: dict[str, SpecimenInput] = {}
    for number, row in enumerate(rows, 1):
        piece = _specimen(given.method, row, str(number).zfill(len(str(len(rows)))), curves)
        if piece.label in specimens:
            raise OperatorError("evaluation.label_twice", label=piece.label)
        specimens[piece.label] = piece
    for label in curves:
        if label not in specimens:
            specimens[label] = SpecimenInput(label, _kinds(given.method, {}, loaded=True), run_hash=label)
    return LotInput(given.method, given.rules, settings, tuple(specimens.values()))


def described_lot(given: Given) -> LotInput:
    """The lot whose JSON is the setting ``lot``; other settings and the ruleset given beside it win.

    Raises:
        OperatorError: ``evaluation.bad_lot``, ``evaluation.lot_of_other_method``.
    """
    try:
        lot = from_plain(LotInput, json.loads(given.settings["lot"]))
    except (ValueError, BugError) as error:
        raise OperatorError("evaluation.bad_lot", reason=str(error)[:120]) from error
    if lot.method != given.method:
        raise OperatorError("evaluation.lot_of_other_method", method=given.method, found=lot.method)
    kept = {key: value for key, value in given.settings.items() if key != "lot"}
    return replace(lot, rules=given.rules or lot.rules, settings={**lot.settings, **kept})


def _rows_of(lists: Mapping[str, str], count: int = 0) -> list[dict[str, str]]:
    """Lists of entries as rows, ``count`` of them where a results file says how many."""
    split = {name: [part.strip() for part in text.split(",")] for name, text in lists.items() if text.strip()}
    most = max([count, *map(len, split.values())])
    # One value for all: the size of ten bricks need not be written ten times.
    split = {name: parts * most if len(parts) == 1 else parts for name, parts in split.items()}
    lengths = {len(parts) for parts in split.values()} | ({count} if count and split else set())
    if len(lengths) > 1:
        told = ", ".join(f"{name}: {len(parts)}" for name, parts in split.items())
        raise OperatorError("evaluation.lists_differ", lengths=told)
    length = lengths.pop() if lengths else 0
    return [{name: parts[index] for name, parts in split.items()} for index in range(length)]


def _specimen(method: str, row: Mapping[str, str], label: str, curves: Mapping[str, Any]) -> SpecimenInput:
    label = row.get("label", "").strip() or label
    peak = Typed(row, label).number("peak_kn")
    return SpecimenInput(
        label=label,
        tests=_kinds(method, row, loaded=label in curves or peak is not None),
        entries={name: text.strip() for name, text in row.items() if name not in _OWN and text.strip()},
        run_hash=label if label in curves else None,
        manual_peak_kn=None if label in curves or peak is None else Decimal(peak),
        age_text=row.get("real_age", ""),
    )


def _kinds(method: str, row: Mapping[str, str], *, loaded: bool) -> tuple[TestKind, ...]:
    """Kinds of test of a specimen: as the row names them, else as what was entered says."""
    text = row.get("tests", "")
    try:
        kinds = tuple(TestKind(name) for name in text.replace(",", " ").replace(";", " ").split())
    except ValueError as error:
        raise OperatorError("evaluation.unknown_test", text=text[:40], known=", ".join(TestKind)) from error
    if kinds:
        return kinds
    if not method.startswith("rebar"):
        return (TestKind.COMPRESSION,)
    signs = {
        TestKind.WEIGHT: bool(row.get("mass_g") or row.get("length_mm")),
        TestKind.TENSION: loaded or bool(row.get("lu_mm") or row.get("agt_l_mm")),
        TestKind.BEND: bool(row.get("bend_result")),
        TestKind.REVERSE_BEND: bool(row.get("reverse_bend_result")),
    }
    return tuple(kind for kind, seen in signs.items() if seen) or (TestKind.TENSION,)


def rows_from(text: str, name: str) -> list[dict[str, str]]:
    """Rows of a results file: CSV with a head line, or a JSON list of objects.

    Raises:
        OperatorError: ``evaluation.bad_results`` with the reason.
    """
    rows = _json_rows(text, name) if text.lstrip("\ufeff \r\n\t").startswith(("[", "{")) else _csv_rows(text, name)
    if not rows or len(rows) > _MOST_ROWS:
        raise OperatorError("evaluation.bad_results", file=name, reason=f"{len(rows)} rows")
    return rows


def _json_rows(text: str, name: str) -> list[dict[str, str]]:
    try:
        found = json.loads(text.lstrip("\ufeff"), parse_float=str, parse_int=str)
    except ValueError as error:
        raise OperatorError("evaluation.bad_results", file=name, reason=str(error)[:120]) from error
    rows = found.get("results") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise OperatorError("evaluation.bad_results", file=name, reason="not a list of objects")
    return [{str(key): "" if value is None else str(value) for key, value in row.items()} for row in rows]


def _csv_rows(text: str, name: str) -> list[dict[str, str]]:
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(io.StringIO("\n".join(lines)), strict=True)
    rows = []
    try:
        for row in reader:
            if None in row or None in row.values():
                reason = f"line {reader.line_num} has another number of columns than the head"
                raise OperatorError("evaluation.bad_results", file=name, reason=reason)
            rows.append({key.strip(): value.strip() for key, value in row.items()})
    except csv.Error as error:
        raise OperatorError("evaluation.bad_results", file=name, reason=str(error)) from error
    return rows
