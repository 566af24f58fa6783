"""Worked examples of a method, worked again: what differs from what the file expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Value
from labdesk.standards.methods.evaluate import Found, Specimen, evaluate
from labdesk.standards.methods.schema import DataMethod, Example


@dataclass(frozen=True)
class ExampleFault:
    """One difference: example, what was looked at (a symbol or ``verdict``), what the file expects, what came out."""

    example: str
    what: str
    expected: str
    found: str

    def shown(self) -> Mapping[str, str]:
        """The parameters of the sentence."""
        return {"example": self.example, "what": self.what, "expected": self.expected, "found": self.found}


def work_example(method: DataMethod, example: Example) -> Found:
    """The evaluation of an example's inputs; raises OperatorError as :func:`evaluate`."""
    return evaluate(method, *split(example.inputs))


def split(inputs: Mapping[str, str | tuple[str, ...]]) -> tuple[dict[str, str], tuple[Specimen, ...]]:
    """Settings of the group, and specimens from the lists, labelled 1, 2, 3 ..."""
    settings = {name: value for name, value in inputs.items() if isinstance(value, str)}
    lists = {name: value for name, value in inputs.items() if isinstance(value, tuple)}
    number = max((len(value) for value in lists.values()), default=0)
    specimens = tuple(
        Specimen(str(place + 1), {name: value[place] for name, value in lists.items() if place < len(value)})
        for place in range(number)
    )
    return settings, specimens


def example_faults(method: DataMethod) -> Iterator[ExampleFault]:
    """Everything in which the examples differ from what the method gives."""
    for example in method.examples:
        try:
            found = work_example(method, example)
        except OperatorError as error:
            yield ExampleFault(example.id, "verdict", example.verdict, error.key)
            continue
        for symbol, expected in example.expect.items():
            shown = _shown([value for value in found.values if value.symbol == symbol])
            if shown != expected:
                yield ExampleFault(example.id, symbol, str(expected), str(shown))
        for symbol, verdict in example.verdicts.items():
            verdicts = {value.verdict.value for value in found.values if value.symbol == symbol}
            if verdicts != {verdict}:
                yield ExampleFault(example.id, symbol, verdict, ", ".join(sorted(verdicts)))
        if found.verdict.value != example.verdict:
            yield ExampleFault(example.id, "verdict", example.verdict, found.verdict.value)


def _shown(values: list[Value]) -> str | tuple[str, ...]:
    texts = tuple("" if value.rounded is None else format(value.rounded, "f") for value in values)
    return texts[0] if len(values) == 1 and not values[0].subject else texts
