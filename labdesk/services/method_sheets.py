"""What a quality manager reads of a data method: rows of text in one language, examples worked again; no layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labdesk.domain.sentences import Language, say
from labdesk.standards.methods.catalogue import MethodCatalogue
from labdesk.standards.methods.examples import example_faults
from labdesk.standards.methods.schema import Certainty, DataMethod, Entry, Example, Limit, Per, Result

_EQUALS = re.compile(r'(\w+) == "([^"]*)"')
MATERIALS = (
    "sand", "stone", "water", "admixture", "additions", "cement", "mortar", "block", "membrane", "insulation", "tile",
    "pipe", "soil",
)  # fmt: skip


@dataclass(frozen=True)
class LimitRow:
    """One row of limits as text."""

    condition: str
    limit: str
    clause: str
    certainty: Certainty
    checked: bool
    source: str


@dataclass(frozen=True)
class ExampleRow:
    """One worked example: inputs, what the file expects, and every difference found now."""

    id: str
    inputs: str
    expected: str
    verdict: str
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """Figures over many methods."""

    methods: int
    parameters: int
    limits: int
    examples: int
    right: int
    by_certainty: Mapping[Certainty, int]


def page_word(name: str, language: Language) -> str:
    """A caption of the page; an unknown one is shown as it is."""
    found = say(f"methods_page.{name}", language)
    return name if found.startswith("methods_page.") else found


def by_material(methods: Iterable[DataMethod]) -> dict[str, list[DataMethod]]:
    """Methods by material in the order of the page; a laboratory's own materials come last."""
    found: dict[str, list[DataMethod]] = {}
    for method in methods:
        found.setdefault(method.material, []).append(method)
    order = [*(name for name in MATERIALS if name in found), *sorted(set(found) - set(MATERIALS))]
    return {name: found[name] for name in order}


def tally(methods: Iterable[DataMethod]) -> Tally:
    """Counts for the head of the page; examples are worked again."""
    kept = tuple(methods)
    rows = [row for method in kept for result in method.results for row in result.limits]
    wrong = {(method.id, fault.example) for method in kept for fault in example_faults(method)}
    examples = sum(len(method.examples) for method in kept)
    return Tally(
        methods=len(kept),
        parameters=sum(len(method.results) for method in kept),
        limits=len(rows),
        examples=examples,
        right=examples - len(wrong),
        by_certainty={item: sum(row.certainty is item for row in rows) for item in Certainty},
    )


def limit_rows(result: Result) -> tuple[LimitRow, ...]:
    """The limits of a result."""
    return tuple(
        LimitRow(condition(row), limit_text(row), row.clause, row.certainty, row.checked, row.source) for row in result.limits
    )  # fmt: skip


def condition(row: Limit) -> str:
    """``grade = A3.5, age = 28d`` instead of the expression; empty for any."""
    if row.when is None:
        return ""
    return _EQUALS.sub(r"\1 = \2", row.when.text).replace(" and ", ", ")


def limit_text(row: Limit) -> str:
    """``≥ 3.5``, or the formula it is worked out with."""
    if row.low_from is None and row.high_from is None:
        return row.bound.text.replace(">=", "≥").replace("<=", "≤")
    ends = ((">=", row.low_from), ("<=", row.high_from))
    text = "; ".join(f"{sign} {end.text}" for sign, end in ends if end is not None)
    return text.replace(">=", "≥").replace("<=", "≤")


def range_text(entry: Entry, language: Language) -> str:
    """Allowed words, or the range; and whether it may be left out."""
    if entry.choices:
        text = " · ".join(entry.choices)
    else:
        text = f"{'' if entry.low is None else entry.low} … {'' if entry.high is None else entry.high}".strip()
    if entry.default:
        return f"{text} (= {entry.default})"
    return text if entry.required else f"{text} ({page_word('optional', language)})"


def per_text(per: Per, language: Language) -> str:
    """Each specimen, or the group."""
    return page_word("per_specimen" if per is Per.SPECIMEN else "per_group", language)


def example_rows(method: DataMethod) -> tuple[ExampleRow, ...]:
    """The examples with what comes out today."""
    faults: dict[str, list[str]] = {}
    for fault in example_faults(method):
        faults.setdefault(fault.example, []).append(f"{fault.what}: {fault.found}")
    units = {result.symbol: result.unit for result in method.results}
    return tuple(_example_row(example, units, tuple(faults.get(example.id, ()))) for example in method.examples)


def _example_row(example: Example, units: Mapping[str, str], differences: tuple[str, ...]) -> ExampleRow:
    inputs = "; ".join(f"{name} = {_list(value)}" for name, value in example.inputs.items())
    expected = "; ".join(
        f"{symbol} = {_list(value)} {units[symbol]}".rstrip() for symbol, value in example.expect.items()
    )
    return ExampleRow(example.id, inputs, expected, example.verdict, differences)


def _list(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def digest_markdown(catalogue: MethodCatalogue, language: Language) -> str:
    """An overview as Markdown: one row per method with edition, parameters, and the certainty of its limits."""
    methods = catalogue.newest()
    counts = tally(methods)

    def word(name: str) -> str:
        return page_word(name, language)

    certainties = "; ".join(f"{item.value} = {word(item.value)}: {counts.by_certainty[item]}" for item in Certainty)
    head = [word("method"), word("edition"), word("clause"), word("symbols"), word("rows"), word("examples")]
    lines = [f"# {word('title')}", "", word("digest"), "", word("warning"), "", f"{word('rows')}: {certainties}.", ""]
    for material, group in by_material(methods).items():
        lines += [f"## {word(material)}", "", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
        lines += [_digest_row(method, language) for method in group]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _digest_row(method: DataMethod, language: Language) -> str:
    symbols = ", ".join(f"{item.symbol} ({item.unit})" if item.unit else item.symbol for item in method.results)
    rows = [row for result in method.results for row in result.limits]
    counts = ", ".join(
        f"{item.value} {number}" for item in Certainty if (number := sum(row.certainty is item for row in rows))
    )
    cells = (
        f"{method.words[language]}<br>`{method.id}`", method.edition, method.clause, symbols, counts or "–",
        str(len(method.examples)),
    )  # fmt: skip
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
