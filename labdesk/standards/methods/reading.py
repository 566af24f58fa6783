"""From a TOML text to a :class:`DataMethod`, or refused with the place in the file and one reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from labdesk.domain.evaluation import Verdict
from labdesk.domain.rounding import Bound, Comparison
from labdesk.standards.methods.arithmetic import Table
from labdesk.standards.methods.formula import CONSTANTS, FUNCTIONS, NAME, FormulaError, Shape, parse, shape_of
from labdesk.standards.methods.schema import (
    Certainty,
    Check,
    Count,
    DataMethod,
    Entry,
    Example,
    Formula,
    Limit,
    OpenBound,
    Origin,
    Outcome,
    Per,
    Result,
    Step,
    Words,
)

MAX_BYTES = 64_000
MAX_ROWS = 120
MAX_SPECIMENS = 60
#: Settings every method takes beside its own inputs.
COMMON = ("test_date", "edition")
_RESERVED = {*FUNCTIONS, *CONSTANTS, *COMMON, "lookup", "interpolate", "given", "and", "or", "not", "if", "else"}
_HEAD = {
    "id", "edition", "material", "zh", "en", "standard", "clause", "in_force_from", "in_force_to", "revision",
    "checked_against_print", "certainty", "specimens", "comparison", "inputs", "tables", "steps", "checks", "results",
    "examples", "sampling", "retest", "note", "author", "reason",
}  # fmt: skip


class Broken(Exception):
    """A text that cannot be used: key of the reason, its parameters, and the words to look for in the file, in order."""

    def __init__(self, key: str, where: tuple[str, ...], **params: str) -> None:
        self.key = key
        self.where = where
        self.params = params
        super().__init__(f"{key}({params})")


@dataclass(frozen=True)
class Part:
    """One table of the file and how to find it again."""

    table: Mapping[str, Any]
    where: tuple[str, ...] = ()

    def fault(self, key: str, name: str, **params: str) -> Broken:
        """A refusal at the line of ``name``."""
        return Broken(key, (*self.where, name), name=name, **params)

    def only(self, *names: str) -> None:
        """Refuse any other key: a typing error must not be passed over in silence."""
        for name in self.table:
            if name not in names:
                raise self.fault("methods.unknown_key", name)

    def text(self, name: str, default: str | None = None) -> str:
        """A short text."""
        value = self.table.get(name, default)
        if not isinstance(value, str) or (not value.strip() and default is None) or len(value) > 2000:
            raise self.fault("methods.missing", name)
        return value

    def number(self, name: str) -> Decimal | None:
        """A number in quotes, or ``None`` if it is not there."""
        if name not in self.table:
            return None
        return self.exact(name, self.table[name])

    def exact(self, name: str, value: object) -> Decimal:
        """A number written in quotes, so that no binary fraction creeps in."""
        try:
            found = Decimal(value) if isinstance(value, str) and len(value) <= 40 else None
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite() or abs(found.adjusted()) > 30:
            raise self.fault("methods.number_in_quotes", name)
        return found

    def step(self, name: str) -> Decimal | None:
        """A rounding step, positive."""
        found = self.number(name)
        if found is not None and found <= 0:
            raise self.fault("methods.step_positive", name)
        return found

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        value = self.table.get(name, default)
        if not isinstance(value, bool):
            raise self.fault("methods.true_or_false", name)
        return value

    def day(self, name: str) -> date | None:
        """A date, or ``None``."""
        value = self.table.get(name)
        if value is not None and type(value) is not date:
            raise self.fault("methods.day", name)
        return value

    def words(self, required: bool = True) -> Words | None:
        """``zh`` and ``en``."""
        if not required and "zh" not in self.table and "en" not in self.table:
            return None
        return Words(self.text("zh"), self.text("en"))

    def named_words(self) -> Words:
        """``zh`` and ``en``, both needed."""
        return Words(self.text("zh"), self.text("en"))

    def one_of(self, name: str, kind: type[Any], default: str | None = None) -> Any:
        """A word of an enumeration."""
        value = self.table.get(name, default)
        try:
            return kind(value)
        except ValueError as error:
            known = ", ".join(item.value for item in kind)
            raise self.fault("methods.word", name, known=known) from error

    def rows(self, name: str, least: int = 0, most: int = MAX_ROWS) -> Iterator[Part]:
        """A list of tables."""
        rows = self.table.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.fault("methods.rows", name)
        if not least <= len(rows) <= most:
            raise self.fault("methods.row_count", name, least=str(least), most=str(most))
        for row in rows:
            label = next((key for key in ("name", "symbol", "id", "when") if isinstance(row.get(key), str)), "")
            yield Part(row, (*self.where, name, *((row[label],) if label else ())))

    def sub(self, name: str) -> Part | None:
        """A table inside, or ``None``."""
        value = self.table.get(name)
        if value is not None and not isinstance(value, dict):
            raise self.fault("methods.rows", name)
        return None if value is None else Part(value, (*self.where, name))


def read_method(text: str, origin: Origin) -> DataMethod:
    """The method a text describes.

    Raises:
        Broken: with the reason.
        tomllib.TOMLDecodeError: it is not TOML.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise Broken("methods.file_large", (), limit=str(MAX_BYTES))
    try:
        table = tomllib.loads(text)
    except RecursionError as error:
        raise Broken("methods.nested", ()) from error
    return _Reader(Part(table), origin).method()


class _Reader:
    """One file on its way to a method; names and shapes are known from top to bottom."""

    def __init__(self, part: Part, origin: Origin) -> None:
        self._part = part
        self._origin = origin
        self._names: dict[str, Shape] = {}
        self._tables: dict[str, Table] = {}

    def method(self) -> DataMethod:
        part = self._part
        part.only(*_HEAD)
        for name in ("id", "edition", "material"):
            if not all(letter.isalnum() or letter in "-._" for letter in part.text(name)) or len(part.text(name)) > 40:
                raise part.fault("methods.identifier", name)
        certainty = part.one_of("certainty", Certainty)
        part.one_of("comparison", Comparison, Comparison.FULL_VALUE.value)
        count = self._count(part, "specimens") or Count(1, 1)
        self._read_tables()
        inputs = tuple(self._entry(row, count) for row in part.rows("inputs", 1))
        steps = tuple(self._step(row) for row in part.rows("steps"))
        checks = tuple(self._check(row) for row in part.rows("checks"))
        results = tuple(self._result(row) for row in part.rows("results", 1, 30))
        if len({result.symbol for result in results}) < len(results):
            raise part.fault("methods.twice", "symbol")
        start, end = part.day("in_force_from"), part.day("in_force_to")
        if start is None or (end is not None and end < start):
            raise part.fault("methods.day", "in_force_from" if start is None else "in_force_to")
        revision = part.table.get("revision", 0)
        if type(revision) is not int or not 0 <= revision < 10_000:
            raise part.fault("methods.whole_number", "revision")
        return DataMethod(
            id=part.text("id"),
            edition=part.text("edition"),
            material=part.text("material"),
            words=part.named_words(),
            standard=part.text("standard"),
            clause=part.text("clause"),
            in_force_from=start,
            in_force_to=end,
            checked=part.flag("checked_against_print", False),
            certainty=certainty,
            revision=revision,
            inputs=inputs,
            tables=self._tables,
            steps=steps,
            checks=checks,
            results=results,
            examples=tuple(self._example(row, inputs, results) for row in part.rows("examples", 1, 50)),
            origin=self._origin,
            author=self._signed("author"),
            reason=self._signed("reason"),
            **{name: self._said(name) for name in ("sampling", "retest", "note")},
        )

    def _signed(self, name: str) -> str:
        """Who and why: a laboratory's own file must say it."""
        return self._part.text(name, None if self._origin.own else "")

    def _said(self, name: str) -> Words | None:
        part = self._part.sub(name)
        if part is not None:
            part.only("zh", "en")
        return part.named_words() if part is not None else None

    def _count(self, part: Part, name: str) -> Count | None:
        value = part.table.get(name)
        if value is None:
            return None
        pair = value if isinstance(value, list) else [value, value]
        if (
            len(pair) != 2
            or not all(type(item) is int for item in pair)
            or not 1 <= pair[0] <= pair[1] <= MAX_SPECIMENS
        ):
            raise part.fault("methods.specimens", name, most=str(MAX_SPECIMENS))
        return Count(pair[0], pair[1])

    def _declare(self, part: Part, name: str, shape: Shape) -> None:
        if not NAME.fullmatch(name) or name in _RESERVED:
            raise part.fault("methods.name", name)
        if name in self._names or name in self._tables:
            raise part.fault("methods.twice", name)
        self._names[name] = shape

    def _read_tables(self) -> None:
        tables = self._part.sub("tables")
        for name in tables.table if tables else ():
            part = tables.sub(name) if tables else None
            if part is None:
                raise self._part.fault("methods.rows", name)
            part.only("x", "y")
            columns = [part.table.get(axis) for axis in ("x", "y")]
            if not all(isinstance(column, list) and 1 <= len(column) <= 200 for column in columns):
                raise part.fault("methods.table", name)
            x, y = (tuple(part.exact(name, value) for value in column or ()) for column in columns)
            if len(x) != len(y) or any(a >= b for a, b in pairwise(x)):
                raise part.fault("methods.table", name)
            self._declare(part, name, Shape.FLAG)
            del self._names[name]
            self._tables[name] = Table(x, y)

    def _entry(self, part: Part, count: Count) -> Entry:
        part.only("name", "zh", "en", "unit", "per", "min", "max", "choices", "required", "default", "count")
        name = part.text("name")
        choices = part.table.get("choices", [])
        if not isinstance(choices, list) or not all(isinstance(word, str) and 0 < len(word) <= 40 for word in choices):
            raise part.fault("methods.choices", name)
        default = part.text("default", "")
        low, high = part.number("min"), part.number("max")
        if default and not choices:
            part.exact(name, default)
        if (default and choices and default not in choices) or (None not in (low, high) and low > high):  # type: ignore[operator]
            raise part.fault("methods.choices", name)
        per = part.one_of("per", Per, Per.GROUP.value)
        found = Entry(
            name=name, words=part.named_words(), unit=part.text("unit", ""), per=per,
            required=part.flag("required", True) and not default, default=default, choices=tuple(choices),
            low=Decimal(0) if low is None else low, high=high, count=self._count(part, "count") or count,
        )  # fmt: skip
        self._declare(part, name, found.shape)
        return found

    def _formula(self, part: Part, key: str, per: Per, wanted: tuple[Shape, ...]) -> tuple[Formula, Shape]:
        text = part.text(key)
        try:
            node = parse(text)
            shape = shape_of(node, self._scope(per), frozenset(self._tables))
            if shape not in wanted:
                raise FormulaError("methods.formula_shape", name=key, shapes=shape.value)
        except FormulaError as error:
            raise Broken(error.key, (*part.where, text), **error.params) from error
        return Formula(text, node), shape

    def _scope(self, per: Per) -> Mapping[str, Shape]:
        if per is Per.GROUP:
            return self._names
        single = {Shape.NUMBERS: Shape.NUMBER, Shape.TEXTS: Shape.TEXT}
        return {name: single.get(shape, shape) for name, shape in self._names.items()}

    def _step(self, part: Part) -> Step:
        part.only("name", "per", "formula", "round")
        per = part.one_of("per", Per, Per.GROUP.value)
        wanted = (Shape.NUMBER,) if per is Per.SPECIMEN else (Shape.NUMBER, Shape.NUMBERS, Shape.FLAG)
        formula, shape = self._formula(part, "formula", per, wanted)
        step = part.step("round")
        if step is not None and shape is not Shape.NUMBER:
            raise part.fault("methods.step_positive", "round")
        name = part.text("name")
        self._declare(part, name, Shape.NUMBERS if per is Per.SPECIMEN else shape)
        return Step(name, per, formula, step)

    def _check(self, part: Part) -> Check:
        part.only("when", "outcome", "zh", "en", "clause", "certainty")
        formula, _ = self._formula(part, "when", Per.GROUP, (Shape.FLAG,))
        outcome = part.one_of("outcome", Outcome)
        return Check(formula, outcome, part.named_words(), part.text("clause", ""), self._certainty(part))

    def _certainty(self, part: Part) -> Certainty:
        found: Certainty = part.one_of("certainty", Certainty, str(self._part.table.get("certainty")))
        return found

    def _result(self, part: Part) -> Result:
        part.only(
            "symbol", "zh", "en", "unit", "per", "value", "round", "comparison", "clause", "certainty", "limits"
        )  # fmt: skip
        per = part.one_of("per", Per, Per.GROUP.value)
        formula, _ = self._formula(part, "value", per, (Shape.NUMBER,))
        step = part.step("round")
        if step is None:
            raise part.fault("methods.missing", "round")
        default = str(self._part.table.get("comparison", Comparison.FULL_VALUE.value))
        return Result(
            symbol=part.text("symbol"), words=part.named_words(), unit=part.text("unit", ""), per=per, formula=formula,
            step=step, comparison=part.one_of("comparison", Comparison, default),
            clause=part.text("clause", self._part.text("clause")), certainty=self._certainty(part),
            limits=tuple(self._limit(row) for row in part.rows("limits")),
        )  # fmt: skip

    def _limit(self, part: Part) -> Limit:
        ends = ("low", "high", "above", "below")
        part.only("when", *ends, "low_from", "high_from", "clause", "certainty", "checked", "source")
        low, high, above, below = (part.number(name) for name in ends)
        closed, strict = Bound(low, high), OpenBound(above, below)
        worked = [name for name in ("low_from", "high_from") if name in part.table]
        if sum((closed != Bound(), strict != OpenBound(), bool(worked))) != 1:
            raise part.fault("methods.limit", next((name for name in part.table if name in (*ends, *worked)), "limits"))
        bound = strict if strict != OpenBound() else closed
        if bound.low is not None and bound.high is not None and bound.low > bound.high:
            raise part.fault("methods.limit", "low")
        formulas = {name: self._formula(part, name, Per.GROUP, (Shape.NUMBER,))[0] for name in worked}
        when = self._formula(part, "when", Per.GROUP, (Shape.FLAG,))[0] if "when" in part.table else None
        certainty = part.one_of("certainty", Certainty)
        return Limit(
            when=when, bound=bound, low_from=formulas.get("low_from"), high_from=formulas.get("high_from"),
            clause=part.text("clause"), certainty=certainty, checked=part.flag("checked", False),
            source=part.text("source", None if certainty is Certainty.SEEN else ""),
        )  # fmt: skip

    def _example(self, part: Part, inputs: tuple[Entry, ...], results: tuple[Result, ...]) -> Example:
        part.only("id", "inputs", "expect", "verdicts", "verdict", "source")
        given = {name: _as_typed(part, name, value) for name, value in _inside(part, "inputs").items()}
        expect = {name: _as_typed(part, name, value) for name, value in _inside(part, "expect").items()}
        verdicts = {name: str(value) for name, value in _inside(part, "verdicts").items()}
        known = {entry.name for entry in inputs} | set(COMMON)
        symbols = {result.symbol for result in results}
        for name in (*(set(given) - known), *((set(expect) | set(verdicts)) - symbols)):
            raise part.fault("methods.unknown_key", name)
        verdict = part.one_of("verdict", Verdict)
        return Example(part.text("id"), given, expect, verdicts, verdict.value, part.text("source", "C"))


def _inside(part: Part, name: str) -> Mapping[str, Any]:
    inner = part.sub(name)
    return inner.table if inner is not None else {}


def _as_typed(part: Part, name: str, value: object) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and len(value) <= MAX_SPECIMENS and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise part.fault("methods.number_in_quotes", name)
