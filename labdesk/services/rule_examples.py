"""The worked examples that stand in the rulesets' files, evaluated now: what was expected and what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, Value
from labdesk.services.evaluation import Given, evaluate_given
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rulesets import Catalogue


@dataclass(frozen=True)
class Worked:
    """One example.

    Attributes:
        id: its name in the file.
        settings: what goes in.
        expected, found: by symbol (``symbol@specimen`` for a single value), and the verdict under ``verdict``.
    """

    id: str
    settings: Mapping[str, str]
    expected: Mapping[str, str]
    found: Mapping[str, str]

    @property
    def agrees(self) -> bool:
        """Whether everything expected comes out."""
        return dict(self.expected) == dict(self.found)


def worked_examples(catalogue: Catalogue, rule_id: str) -> Iterator[Worked]:
    """The examples of a product's ruleset, evaluated by exactly that ruleset."""
    rules = catalogue.rules.get(rule_id)
    if not isinstance(rules, ProductRules):
        return
    for example in catalogue.examples.get(rule_id, ()):
        yield _worked(rules, example)


def _worked(rules: ProductRules, example: Mapping[str, Any]) -> Worked:
    settings = {str(name): str(text) for name, text in example["settings"].items()}
    expected = {str(name): str(text) for name, text in example["expect"].items()} | {"verdict": str(example["verdict"])}
    try:
        evaluation = evaluate_given(Given(rules.method, settings, rules=rules.id), {})
    except OperatorError as error:
        return Worked(str(example["id"]), settings, expected, {"verdict": error.key})
    found = {name: _shown(evaluation, name, text) for name, text in expected.items() if name != "verdict"}
    return Worked(str(example["id"]), settings, expected, found | {"verdict": evaluation.verdict.value})


def _shown(evaluation: Evaluation, name: str, expected: str) -> str:
    symbol, _, subject = name.partition("@")
    value = next((one for one in evaluation.values if (one.symbol, one.subject) == (symbol, subject)), None)
    if value is None:
        return "?"
    number = _number(value)
    return f"{number} {value.verdict.value}" if " " in expected else number


def _number(value: Value) -> str:
    return "-" if value.rounded is None else f"{value.rounded:f}"
