"""What is said about a test method, and what a source of methods must be able to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from labdesk.domain.curve import Curve
from labdesk.domain.evaluation import Evaluation, LotInput
from labdesk.standards.methods.schema import Words
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


@dataclass(frozen=True)
class FormInput:
    """One input as an entry sheet asks for it.

    Attributes:
        name, words, unit: name of the entry, what it is called, and its unit.
        per_specimen: asked for each determination; else once for the lot.
        needed: the evaluation cannot do without.
        choices: allowed words, empty = a number.
        default: taken where nothing is typed.
        low, high: allowed range, ends included; ``None`` = open.
        least, most: number of determinations.
        from_run: given by a machine run (its peak), so never typed here.
    """

    name: str
    words: Words
    unit: str = ""
    per_specimen: bool = False
    needed: bool = True
    choices: tuple[str, ...] = ()
    default: str = ""
    low: Decimal | None = Decimal(0)
    high: Decimal | None = None
    least: int = 1
    most: int = 1
    from_run: bool = False


@dataclass(frozen=True)
class FormResult:
    """One result that the sheet leads to: symbol, name and unit."""

    symbol: str
    words: Words
    unit: str


@dataclass(frozen=True)
class LotForm:
    """What an entry sheet asks for and what it leads to, in one edition of a method.

    Attributes:
        method, rules: the method and the rules it is evaluated by.
        words: its name.
        standard, clause: the standard, and its clause of the method.
        inputs, results: in the order of the file.
        notes: sampling, retest and notes of the method, for whoever measures.
    """

    method: str
    rules: str
    words: Words
    standard: str
    clause: str
    inputs: tuple[FormInput, ...]
    results: tuple[FormResult, ...]
    notes: Mapping[str, Words] = field(default_factory=dict)

    def input(self, name: str) -> FormInput | None:
        """The input of that name."""
        return next((item for item in self.inputs if item.name == name), None)


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

    def form(self, method: str, day: date, edition: str = "") -> LotForm:
        """The entry sheet in the edition of that day (or the one named); it asks for the edition where that is in doubt.

        Raises:
            OperatorError: the edition named does not exist.
        """
        ...

    def form_by(self, method: str, rules: str) -> LotForm | None:
        """The entry sheet of exactly these rules, ``None`` where they are not here (any more)."""
        ...

    def faults(self) -> Sequence[RuleFault]:
        """Files that were refused, with line and reason."""
        ...
