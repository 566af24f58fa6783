"""The rulesets for the quality manager: every row with clause and certainty, and the examples worked again, as HTML fragments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from labdesk.domain.sentences import Language, catalogue, say
from labdesk.services.rule_examples import Worked, worked_examples
from labdesk.standards.rulesets import Catalogue, Rules

_BADGES = ("V", "C", "M-h", "M-m", "M-l", "CONV")
_SILENT = ("clause", "certainty")


@dataclass(frozen=True)
class RuleRow:
    """One row of a ruleset: table, its cells as text, clause, and how far it was checked."""

    table: str
    cells: str
    clause: str
    certainty: str


def rule_rows(table: Mapping[str, Any], path: str = "") -> Iterator[RuleRow]:
    """Every row of a ruleset's file that says how far it was checked, in the order of the file."""
    for key, value in table.items():
        if key == "examples":
            continue
        name = f"{path} {key}".strip()
        if isinstance(value, Mapping):
            if "certainty" in value:
                yield _row(name, value)
            yield from rule_rows(value, name)
        elif isinstance(value, list):
            for row in (row for row in value if isinstance(row, Mapping)):
                if "certainty" in row:
                    yield _row(name, row)
                # The bends of a grade carry the grade's certainty.
                yield from rule_rows(row, f"{name} {row.get('name', '')}".strip())


def _row(name: str, row: Mapping[str, Any]) -> RuleRow:
    cells = (f"{key} {value}" for key, value in row.items() if key not in _SILENT and isinstance(value, str | int))
    return RuleRow(name, ", ".join(cells), str(row.get("clause", "")), str(row["certainty"]))


def rulesets_html(rulesets: Catalogue, language: Language) -> str:
    """All rulesets, one article each; variants (other regimes) are told with their edition."""
    editions = [rules for rules in rulesets.rules.values() if ":" not in rules.id]
    return "\n".join(_article(rulesets, rules, language) for rules in editions)


def _article(rulesets: Catalogue, rules: Rules, language: Language) -> str:
    word = _Words(language)
    checked = "checked" if rules.checked else "unchecked"
    variants = ", ".join(other.id for other in rulesets.siblings(rules))
    lines = (
        [f"<code>{escape(row.table)}</code>", escape(row.cells), escape(row.clause), _badge(row.certainty)]
        for row in rule_rows(rulesets.tables.get(rules.id, {}))
    )
    rows = _table([word("rulesets"), word("rows"), word("clause"), word("certainty")], lines)
    examples = [_example(one, word) for one in worked_examples(rulesets, rules.id)]
    told = _table([word("examples"), word("inputs"), word("expected"), word("found"), ""], examples) if examples else ""
    head = (
        f'<h3>{escape(rules.standard)} <code class="id">{escape(rules.id)}</code></h3><p class="said">'
        f"<code>{escape(rules.method)}</code>, {word('in_force')} {rules.in_force_from.isoformat()}"
        f"{f' – {rules.in_force_to.isoformat()}' if rules.in_force_to else ''}, "
        f'<span class="{checked}">{word(checked)}</span> {escape(variants)}</p>'
    )
    return f'<article id="rules-{escape(rules.id)}">{head}{rows}{told}</article>'


def _example(one: Worked, word: _Words) -> list[str]:
    inputs = ", ".join(f"{name} {text}" for name, text in one.settings.items())
    mark = "agrees" if one.agrees else "differs"
    return [
        escape(one.id),
        escape(inputs),
        escape(_pairs(one.expected)),
        escape(_pairs(one.found)),
        f'<span class="{mark}">{word(mark)}</span>',
    ]


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {text}" for name, text in values.items())


def _badge(certainty: str) -> str:
    mark = next((mark for mark in _BADGES if certainty == mark or certainty.startswith(f"{mark} ")), "")
    rest = escape(certainty.removeprefix(mark).strip())
    return f'<span class="badge c-{mark.lower()}">{mark}</span> {rest}'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{cell}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


class _Words:
    """Captions of the page of methods in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __call__(self, name: str) -> str:
        key = f"methods_page.{name}"
        return escape(say(key, self._language)) if key in catalogue() else escape(name)
