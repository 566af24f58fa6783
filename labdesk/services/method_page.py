"""The quality manager's page: every method with edition, inputs, formulas, limits, certainty and examples, as one HTML file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from labdesk.domain.sentences import Language, say
from labdesk.services.method_catalogue import fault_text
from labdesk.services.method_info import MethodInfo
from labdesk.services.method_page_style import STYLE
from labdesk.services.method_sheets import (
    LimitRow,
    by_material,
    example_rows,
    limit_rows,
    page_word,
    per_text,
    range_text,
    tally,
)
from labdesk.standards.methods.catalogue import MethodCatalogue
from labdesk.standards.methods.schema import Certainty, DataMethod, Result, Words
from labdesk.standards.rulesets import Catalogue


def methods_html(
    catalogue: MethodCatalogue, coded: Sequence[MethodInfo], rulesets: Catalogue, language: Language
) -> str:
    """The whole page; complete in itself, no scripts, nothing fetched."""
    page = _Page(language)
    body = [page.head(catalogue, len(coded)), page.contents(catalogue), *page.faults(catalogue)]
    for material, methods in by_material(catalogue.newest()).items():
        body.append(f'<h2 id="{escape(material)}">{page.word(material)}</h2>')
        body.extend(page.method(method) for method in methods)
    body.append(page.coded(coded, rulesets))
    title = page.word("title")
    return (
        f'<!DOCTYPE html>\n<html lang="{language.value}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body><main>\n" + "\n".join(body) + "\n</main></body></html>\n"
    )


def method_sheet(method: DataMethod, language: Language) -> str:
    """One method as an HTML fragment, for a viewer that brings its own style."""
    return _Page(language).method(method)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table of ready HTML cells."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>'


class _Page:
    """Everything of the page in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def word(self, name: str) -> str:
        """A caption, escaped."""
        return escape(page_word(name, self._language))

    def head(self, catalogue: MethodCatalogue, coded: int) -> str:
        """Title, figures and the warning."""
        counts = tally(catalogue.newest())
        from_file = {
            "methods": counts.methods, "parameters": counts.parameters, "limits": counts.limits,
            "examples": counts.examples, "right": counts.right, "coded": coded,
        }  # fmt: skip
        lead = say("methods_page.lead", self._language, **from_file)
        marks = "".join(
            f"<li>{self._badge(item)} {self.word(item.value)}: <b>{number}</b></li>"
            for item, number in counts.by_certainty.items()
            if number
        )
        return (
            f'<h1>{self.word("title")}</h1><p class="lead">{escape(lead)}</p>'
            f'<p class="warning">{self.word("warning")}</p><ul class="marks">{marks}</ul>'
        )

    def contents(self, catalogue: MethodCatalogue) -> str:
        """Materials with the number of their methods."""
        groups = by_material(catalogue.newest())
        items = "".join(
            f'<li><a href="#{escape(name)}">{self.word(name)}</a> {len(methods)}</li>'
            for name, methods in groups.items()
        )
        return f'<nav aria-label="{self.word("contents")}"><ul>{items}</ul></nav>'

    def faults(self, catalogue: MethodCatalogue) -> Iterable[str]:
        """Files that were refused."""
        if catalogue.faults:
            items = "".join(
                f"<li><code>{escape(fault.file)}:{fault.line}</code> {escape(fault_text(fault, self._language))}</li>"
                for fault in catalogue.faults
            )
            yield f'<section class="faults"><h2>{self.word("faults")}</h2><ul>{items}</ul></section>'

    def method(self, method: DataMethod) -> str:
        """One method."""
        parts = [
            f'<h3>{escape(method.words[self._language])} <code class="id">{escape(method.id)}</code></h3>',
            self._facts(method),
            self._inputs(method),
            self._tables(method),
            self._steps(method),
            self._checks(method),
            f"<h4>{self.word('results')}</h4>",
            *(self._result(result) for result in method.results),
            self._examples(method),
            *(self._said(name, words) for name, words in self._words(method)),
        ]
        return f'<article id="{escape(method.id)}">{"".join(parts)}</article>'

    def coded(self, infos: Sequence[MethodInfo], rulesets: Catalogue) -> str:
        """Methods in code, and the rulesets they take their numbers from."""
        listed = _table(
            [self.word("method"), self.word("standard"), self.word("symbols"), self.word("rulesets")],
            (
                [f"<code>{escape(info.id)}</code>", escape(info.standard), escape(", ".join(info.symbols)),
                 escape(", ".join(info.rules))]
                for info in infos
            ),
        )  # fmt: skip
        tables = _table(
            [self.word("rulesets"), self.word("standard"), self.word("in_force"), self.word("checked"),
             self.word("examples")],
            (
                [f"<code>{escape(rules.id)}</code>", escape(rules.standard), rules.in_force_from.isoformat(),
                 self._checked(rules.checked), str(len(rulesets.examples.get(rules.id, ())) or "–")]
                for rules in rulesets.rules.values()
            ),
        )  # fmt: skip
        return f'<h2 id="coded">{self.word("coded")}</h2><article>{listed}{tables}</article>'

    # ---- parts of a method

    def _badge(self, certainty: Certainty) -> str:
        return f'<span class="badge c-{certainty.value.lower()}">{certainty.value}</span>'

    def _checked(self, checked: bool) -> str:
        name = "checked" if checked else "unchecked"
        return f'<span class="{name}">{self.word(name)}</span>'

    def _facts(self, method: DataMethod) -> str:
        end = f" – {method.in_force_to.isoformat()}" if method.in_force_to else ""
        own = f" · {self.word('own')} <code>{escape(method.origin.file)}</code>" if method.origin.own else ""
        facts = [
            (self.word("standard"), escape(method.standard)),
            (self.word("clause"), escape(method.clause)),
            (self.word("edition"), f"<code>{escape(method.rules)}</code>{own}"),
            (self.word("in_force"), method.in_force_from.isoformat() + end),
            (self.word("certainty"), f"{self._badge(method.certainty)} {self._checked(method.checked)}"),
        ]
        if method.origin.own:
            facts.append((self.word("author"), escape(f"{method.author}: {method.reason}")))
        return (
            '<dl class="facts">'
            + "".join(f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in facts)
            + "</dl>"
        )

    def _inputs(self, method: DataMethod) -> str:
        rows = (
            [f"<code>{escape(entry.name)}</code>", escape(entry.words[self._language]), escape(entry.unit),
             per_text(entry.per, self._language) + (f" × {entry.count.text}" if entry.per.value == "specimen" else ""),
             escape(range_text(entry, self._language))]
            for entry in method.inputs
        )  # fmt: skip
        return f"<h4>{self.word('inputs')}</h4>" + _table(
            ["", "", "", self.word("specimens"), self.word("range")], rows
        )

    def _tables(self, method: DataMethod) -> str:
        return "".join(
            f"<h4><code>{escape(name)}</code></h4>"
            + _table(["x", *map(str, table.x)], [["y", *map(str, table.y)]])
            for name, table in method.tables.items()
        )  # fmt: skip

    def _steps(self, method: DataMethod) -> str:
        if not method.steps:
            return ""
        lines = "".join(
            f"<li><code>{escape(step.name)} = {escape(step.formula.text)}</code>"
            + (f" <small>{self.word('rounding')} {step.step}</small>" if step.step is not None else "")
            + "</li>"
            for step in method.steps
        )
        return f'<h4>{self.word("formulas")}</h4><ol class="steps">{lines}</ol>'

    def _checks(self, method: DataMethod) -> str:
        if not method.checks:
            return ""
        lines = "".join(
            f"<li><code>{escape(check.when.text)}</code> → <b>{self.word(check.outcome.value)}</b>: "
            f"{escape(check.words[self._language])} {self._badge(check.certainty)}</li>"
            for check in method.checks
        )
        return f"<h4>{self.word('checks')}</h4><ul>{lines}</ul>"

    def _result(self, result: Result) -> str:
        unit = f" ({escape(result.unit)})" if result.unit else ""
        head = (
            f'<p class="result"><b>{escape(result.symbol)}</b> {escape(result.words[self._language])}{unit} = '
            f"<code>{escape(result.formula.text)}</code> · {self.word('rounding')} {result.step} · "
            f"{self.word(result.comparison.value)} · {escape(result.clause)} {self._badge(result.certainty)}</p>"
        )
        if not result.limits:
            return head + f'<p class="none">{self.word("no_limit")}</p>'
        rows = (
            [escape(row.condition) or "–", f"<b>{escape(row.limit)}</b>", self._place(row),
             self._badge(row.certainty),
             self._checked(row.checked)]
            for row in limit_rows(result)
        )  # fmt: skip
        titles = ("condition", "limit", "clause", "certainty", "checked")
        return head + _table([self.word(name) for name in titles], rows, "limits")

    def _place(self, row: LimitRow) -> str:
        """The clause, and where the row was seen."""
        return escape(row.clause) + (f"<br><small>{escape(row.source)}</small>" if row.source else "")

    def _examples(self, method: DataMethod) -> str:
        rows = (
            [escape(row.id), f"<small>{escape(row.inputs)}</small>", f"<b>{escape(row.expected)}</b>",
             escape(say(f"print.verdict.{row.verdict}", self._language)), self._agreement(row.differences)]
            for row in example_rows(method)
        )  # fmt: skip
        titles = ("examples", "inputs", "expected", "verdict", "found")
        return f"<h4>{self.word('examples')}</h4>" + _table([self.word(name) for name in titles], rows, "examples")

    def _agreement(self, differences: Sequence[str]) -> str:
        if not differences:
            return f'<span class="agrees">{self.word("agrees")}</span>'
        return f'<span class="differs">{self.word("differs")}: {escape("; ".join(differences))}</span>'

    def _words(self, method: DataMethod) -> Iterable[tuple[str, Words]]:
        named = (("sampling", method.sampling), ("retest", method.retest), ("note", method.note))
        return ((name, words) for name, words in named if words is not None)

    def _said(self, name: str, words: Words) -> str:
        return f'<p class="said"><b>{self.word(name)}</b> {escape(words[self._language])}</p>'
