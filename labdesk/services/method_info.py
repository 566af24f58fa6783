"""What is said about a test method, and what a source of methods must be able to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from labdesk.domain.curve import Curve
from labdesk.domain.evaluation import Evaluation, LotInput
from labdesk.standards.rulesets import RuleFault

#: Ids of the methods in code: a laboratory's own file cannot take one of them (a test keeps the list complete).
CODED = frozenset(
    {
        "tensile", "rebar-tensile", "rebar-lot", "rebar-splice", "rebar-splice-process", "rebar-weld", "welded-fabric",
        "straightened-bar", "concrete-cube", "concrete-cylinder", "concrete-flexural", "concrete-splitting",
        "concrete-prism", "concrete-modulus", "concrete-same-condition", "concrete-acceptance", "mortar-cube",
        "mortar-acceptance", "cement-strength", "brick-strength",
    }
)  # fmt: skip


@dataclass(frozen=True)
class MethodInput:
    """One input of a method.

    Attributes:
        name, unit: name of the setting or entry, and its unit.
        required: whether it must be given.
        choices: allowed words, empty = any.
        per_specimen: an entry of each specimen (a column of a results file) instead of a setting of the lot.
    """

    name: str
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    per_specimen: bool = False


@dataclass(frozen=True)
class MethodInfo:
    """A method as listed: id, standards, rulesets by id, inputs, whether it takes curves, and what it gives."""

    id: str
    standard: str
    rules: tuple[str, ...]
    inputs: tuple[MethodInput, ...]
    curves: str
    symbols: tuple[str, ...]


class MethodSource(Protocol):
    """A family of methods that brings its own rules."""

    def infos(self) -> Sequence[MethodInfo]:
        """All its methods."""
        ...

    def evaluate(self, lot: LotInput, curves: Mapping[str, Curve]) -> Evaluation:
        """The evaluation of a lot whose method is one of :meth:`infos`.

        Raises:
            OperatorError: an input is missing or cannot be.
        """
        ...

    def faults(self) -> Sequence[RuleFault]:
        """Files that were refused, with line and reason."""
        ...
