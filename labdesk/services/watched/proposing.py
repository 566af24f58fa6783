"""The mapping assistant: which of a maker's tables and columns hold what LabDesk needs, with a score and the reason, to be confirmed.

It only proposes. Words in a column's name count most; what its values look like decides between names that say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from labdesk.domain.watching import SourceKind
from labdesk.services.imports.words import plain
from labdesk.services.watched.tables import TableShape

#: LabDesk's fields of the table with one row per test, and of the table with one row per sample.
TEST_FIELDS = ("key", "specimen", "operator", "at", "curve")
SAMPLE_FIELDS = ("curve_key", "curve_order", "curve.time", "curve.force", "curve.extension", "curve.displacement")
NEEDED = ("key", "specimen")

_NAMES: dict[str, tuple[str, ...]] = {
    "key": ("=id", "testid", "test id", "recordid", "autoid", "guid", "=no", "=key", "序号", "试验编号", "记录号", "czid", "=xh"),
    "specimen": (
        "sampleno", "sample no", "sampleid", "sample", "specimen", "试样编号", "试件编号", "样品编号", "ypbh", "sybh", "sjbh",
        "barcode", "label", "试样", "编号", "probe", "qrcode",
    ),
    "operator": ("tester", "operator", "试验员", "检测员", "操作员", "syr", "user", "pruefer", "prufer", "bediener"),
    "at": (
        "testtime", "testdate", "starttime", "endtime", "试验时间", "试验日期", "sysj", "date", "time", "日期", "datum",
    ),
    "curve": ("curve", "曲线", "syqx", "rawdata", "waveform", "points", "kurve", "qxdata"),
    "curve_key": ("testid", "test id", "recordid", "parentid", "masterid", "=id", "试验编号", "记录号", "fk", "sampleno", "xh"),
    "curve_order": ("point", "index", "seq", "=no", "序号", "=n", "=i", "lfd"),
    "curve.time": ("time", "zeit", "时间", "=t", "sj", "elapsed"),
    "curve.force": ("force", "load", "kraft", "力", "荷", "=f", "=p", "=n", "lz", "yali"),
    "curve.extension": ("ext", "变形", "deform", "dehn", "yin", "引伸", "=e", "bx"),
    "curve.displacement": ("pos", "disp", "stroke", "位移", "weg", "travel", "crosshead", "wy", "=s"),
}  # fmt: skip
_MOMENT = re.compile(r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|^\d{1,2}\.\d{1,2}\.\d{4}")


@dataclass(frozen=True)
class Candidate:
    """A proposal for one field.

    Attributes:
        field: LabDesk's name.
        table, column: the maker's.
        score: 0 to 100.
        by_name, by_values: what speaks for it.
    """

    field: str
    table: str
    column: str
    score: int
    by_name: bool
    by_values: bool


@dataclass(frozen=True)
class Proposal:
    """A mapping to be confirmed.

    Attributes:
        mapping: as ``WatchedSource.mapping``; units are never proposed, a person says them.
        candidates: the best for each field first, the others after it.
        missing: fields without which nothing can be imported.
    """

    mapping: dict[str, str]
    candidates: tuple[Candidate, ...]
    missing: tuple[str, ...]


def propose(tables: Sequence[TableShape]) -> Proposal:
    """The best mapping for these tables."""
    if not tables:
        return Proposal({}, (), NEEDED)
    tests = max(tables, key=lambda table: (_table_score(table, TEST_FIELDS), -len(table.sample)))
    others = [table for table in tables if table is not tests]
    samples = max(others, key=lambda table: _table_score(table, SAMPLE_FIELDS), default=None)
    mapping = {"table": tests.name}
    candidates: list[Candidate] = []
    _take(tests, ("key", "specimen", "operator", "at", "curve"), mapping, candidates)
    if samples is not None and _holds_curves(samples):
        mapping["curve_table"] = samples.name
        mapping.pop("curve", None)
        _take(samples, SAMPLE_FIELDS, mapping, candidates)
    missing = [name for name in NEEDED if name not in mapping]
    if "curve" not in mapping and "curve.force" not in mapping:
        missing.append("curve")
    return Proposal(mapping, tuple(candidates), tuple(missing))


def _holds_curves(table: TableShape) -> bool:
    best = {name: _best(table, name, ()) for name in ("curve.force", "curve_key")}
    return all(found is not None for found in best.values())


def _take(table: TableShape, fields: Sequence[str], mapping: dict[str, str], candidates: list[Candidate]) -> None:
    """Fields in order of how sure they are; a column serves one field."""
    ranked = sorted(fields, key=lambda name: -max((found.score for found in _scored(table, name)), default=0))
    taken: list[str] = []
    for name in ranked:
        best = _best(table, name, taken)
        if best is not None:
            mapping[name] = best.column
            taken.append(best.column)
            candidates.append(best)
        candidates += [found for found in _scored(table, name) if best is None or found.column != best.column]


def _best(table: TableShape, name: str, taken: Sequence[str]) -> Candidate | None:
    found = [candidate for candidate in _scored(table, name) if candidate.column not in taken and candidate.score >= 50]
    return max(found, key=lambda candidate: candidate.score, default=None)


def _table_score(table: TableShape, fields: Sequence[str]) -> int:
    return sum(max((found.score for found in _scored(table, name)), default=0) for name in fields)


def _scored(table: TableShape, name: str) -> list[Candidate]:
    found = []
    for column in table.columns:
        by_name = _named(column, _NAMES[name])
        values = [row.get(column, "") for row in table.sample]
        by_values = _LOOKS[name](values) if any(values) else False
        score = 60 * bool(by_name) + (10 if by_name == 2 else 0) + 30 * by_values
        if by_name and values and any(values) and not by_values:
            score -= 40  # the name says so and the values contradict it
        if score >= 20:
            found.append(Candidate(name, table.name, column, score, bool(by_name), by_values))
    return sorted(found, key=lambda candidate: -candidate.score)


def _named(column: str, words: Sequence[str]) -> int:
    """2 for a name that is the word, 1 for one that holds it, else 0."""
    text = plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column))
    squeezed = text.replace(" ", "")
    for word in words:
        bare = plain(word.lstrip("=")).replace(" ", "")
        if squeezed == bare:
            return 2
        if not word.startswith("=") and bare in squeezed:
            return 1
    return 0


def _numbers(values: Sequence[str]) -> list[Decimal]:
    found = []
    for value in values:
        try:
            number = Decimal(value.replace(",", "."))
        except InvalidOperation:
            continue
        found += [number] if number.is_finite() else []
    return found


def _all_numbers(values: Sequence[str]) -> bool:
    filled = [value for value in values if value]
    return bool(filled) and len(_numbers(filled)) == len(filled)


def _unique(values: Sequence[str]) -> bool:
    return all(values) and len(set(values)) == len(values)


def _texts(values: Sequence[str]) -> bool:
    filled = [value for value in values if value]
    return (
        bool(filled)
        and not all(_MOMENT.match(value) for value in filled)
        and max(map(len, filled)) < 60
        and not _floats(filled)
    )


def _floats(values: Sequence[str]) -> bool:
    return any(number != number.to_integral_value() for number in _numbers(values))


def _moments(values: Sequence[str]) -> bool:
    return all(_MOMENT.match(value) for value in values if value)


def _long_texts(values: Sequence[str]) -> bool:
    return any(len(value) > 200 for value in values)


def _rising(values: Sequence[str]) -> bool:
    numbers = _numbers(values)
    steps = [later >= earlier for earlier, later in pairwise(numbers)]
    return _all_numbers(values) and (not steps or sum(steps) * 10 >= len(steps) * 8)


def _repeated(values: Sequence[str]) -> bool:
    return len(values) > 1 and len(set(values)) < len(values)


_LOOKS: dict[str, Callable[[Sequence[str]], bool]] = {
    "key": _unique, "specimen": _texts, "operator": _texts, "at": _moments, "curve": _long_texts, "curve_key": _repeated,
    "curve_order": _rising, "curve.time": _rising, "curve.force": _all_numbers, "curve.extension": _all_numbers,
    "curve.displacement": _all_numbers,
}  # fmt: skip

#: Kinds whose tables can be shown to a person.
SHOWN_KINDS = (SourceKind.SQLITE, SourceKind.ACCESS)
