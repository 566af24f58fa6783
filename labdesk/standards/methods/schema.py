"""A test method as data, typed: what a file of ``resources/methods`` or of the laboratory's own folder says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.rounding import Bound, Comparison
from labdesk.domain.sentences import Language
from labdesk.standards.methods.arithmetic import Table
from labdesk.standards.methods.formula import Node, Shape


class Certainty(StrEnum):
    """How far a row was checked: seen in a source, from memory (high, middle, low), computed, or a convention."""

    SEEN = "V"
    HIGH = "M-h"
    MIDDLE = "M-m"
    LOW = "M-l"
    COMPUTED = "C"
    CONVENTION = "CONV"


class Per(StrEnum):
    """Whether something belongs to each specimen or to the whole group."""

    SPECIMEN = "specimen"
    GROUP = "group"


class Outcome(StrEnum):
    """What a check that is met means: the test counts for nothing, or the reader is told."""

    INVALID = "invalid"
    REMARK = "remark"


@dataclass(frozen=True)
class Words:
    """A caption or sentence in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en


@dataclass(frozen=True)
class Count:
    """How many specimens (determinations): from ``least`` to ``most``."""

    least: int
    most: int

    @property
    def text(self) -> str:
        """``2`` or ``2..4``."""
        return str(self.least) if self.least == self.most else f"{self.least}..{self.most}"


@dataclass(frozen=True)
class Formula:
    """An expression as written and as read."""

    text: str
    node: Node


@dataclass(frozen=True)
class Entry:
    """One input.

    Attributes:
        name: with its unit (``mass_g``); numbers unless ``choices`` names the allowed words.
        count: number of specimens if it differs from the method's.
        default: taken when nothing is given; empty = none.
        low, high: allowed range, ends included.
    """

    name: str
    words: Words
    unit: str
    per: Per
    required: bool
    default: str
    choices: tuple[str, ...]
    low: Decimal | None
    high: Decimal | None
    count: Count

    @property
    def shape(self) -> Shape:
        """Shape of the input as the group sees it."""
        if self.per is Per.SPECIMEN:
            return Shape.TEXTS if self.choices else Shape.NUMBERS
        return Shape.TEXT if self.choices else Shape.NUMBER


@dataclass(frozen=True)
class Step:
    """One named intermediate value; ``step`` rounds it where the standard says so."""

    name: str
    per: Per
    formula: Formula
    step: Decimal | None


@dataclass(frozen=True)
class Check:
    """A condition on the values and what it means if it is met."""

    when: Formula
    outcome: Outcome
    words: Words
    clause: str
    certainty: Certainty


@dataclass(frozen=True)
class OpenBound(Bound):
    """A limit whose ends are not allowed values themselves (``< 30``)."""

    def holds(self, value: Decimal) -> bool:
        """Whether ``value`` as given lies strictly within the limit."""
        return (self.low is None or value > self.low) and (self.high is None or value < self.high)

    @property
    def text(self) -> str:
        """``> 90``, ``< 30``."""
        if self.low is not None and self.high is not None:
            return f"> {self.low}, < {self.high}"
        if self.low is not None:
            return f"> {self.low}"
        return f"< {self.high}" if self.high is not None else ""


@dataclass(frozen=True)
class Limit:
    """One row of a table of limits; the first row whose condition is met counts.

    ``low_from`` and ``high_from`` work a limit out of what was entered (a declared or required value); ``source`` is where a row
    was seen, if its certainty says so.
    """

    when: Formula | None
    bound: Bound
    low_from: Formula | None
    high_from: Formula | None
    clause: str
    certainty: Certainty
    checked: bool
    source: str = ""


@dataclass(frozen=True)
class Result:
    """One reported value: its formula, rounding, comparison regime and limits."""

    symbol: str
    words: Words
    unit: str
    per: Per
    formula: Formula
    step: Decimal
    comparison: Comparison
    clause: str
    certainty: Certainty
    limits: tuple[Limit, ...]


@dataclass(frozen=True)
class Example:
    """A worked example: inputs as typed, rounded values and verdicts by symbol, and the verdict of the whole."""

    id: str
    inputs: Mapping[str, str | tuple[str, ...]]
    expect: Mapping[str, str | tuple[str, ...]]
    verdicts: Mapping[str, str]
    verdict: str
    source: str


@dataclass(frozen=True)
class Origin:
    """Where a method was read: file, first digits of its SHA-256, and whether it is the laboratory's own."""

    file: str
    digest: str
    own: bool = False


@dataclass(frozen=True)
class DataMethod:
    """One method in one edition.

    Attributes:
        id, edition: what evaluations name; a file with the same pair replaces another.
        material: group of the catalogue (``sand``, ``water`` ...).
        standard, clause: of the method.
        sampling, retest: words for the report; ``None`` if the file has none.
        revision: among several own files with the same id and edition the highest counts.
        author, reason: who wrote a laboratory's own file and why; empty in shipped ones.
    """

    id: str
    edition: str
    material: str
    words: Words
    standard: str
    clause: str
    in_force_from: date
    in_force_to: date | None
    checked: bool
    certainty: Certainty
    revision: int
    inputs: tuple[Entry, ...]
    tables: Mapping[str, Table]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    results: tuple[Result, ...]
    examples: tuple[Example, ...]
    origin: Origin
    sampling: Words | None = None
    retest: Words | None = None
    note: Words | None = None
    author: str = ""
    reason: str = ""

    @property
    def rules(self) -> str:
        """What an evaluation prints as its rules: the edition, and for a laboratory's own file also which text of it."""
        return f"{self.edition}:lab-{self.origin.digest}" if self.origin.own else self.edition

    @property
    def rank(self) -> tuple[date, bool, int, str]:
        """Among editions in force: the newest, the laboratory's own before the shipped one, the highest revision."""
        return (self.in_force_from, self.origin.own, self.revision, self.origin.digest)

    def in_force(self, day: date) -> bool:
        """Whether the edition is in force on ``day``."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)
