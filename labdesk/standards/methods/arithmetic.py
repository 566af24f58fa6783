"""Expressions worked out in exact decimals: what each operator and function of the language does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow

from labdesk.domain.errors import OperatorError
from labdesk.domain.rounding import gbt8170
from labdesk.standards.methods.formula import GIVEN, TABLE_FUNCTIONS, Node

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
#: Wide enough that no quotient becomes a false tie, bounded so that nothing grows without end.
MATHS = Context(
    prec=60, rounding=ROUND_HALF_EVEN, Emin=-200, Emax=200, traps=[InvalidOperation, DivisionByZero, Overflow]
)

Item = Decimal | str | bool | tuple[Decimal, ...] | tuple[str, ...]


class Absent(Exception):
    """An input the expression needs was not given: the value does not exist, which is no fault."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


@dataclass(frozen=True)
class Table:
    """Points ``x`` rising and the ``y`` that belongs to each."""

    x: tuple[Decimal, ...]
    y: tuple[Decimal, ...]

    def lookup(self, at: Decimal) -> Decimal:
        """The value printed for ``at``; raises ValueError where the table has no such row."""
        return self.y[self.x.index(at)]

    def interpolate(self, at: Decimal) -> Decimal:
        """On the straight line between neighbouring rows; raises ValueError outside the table."""
        if not self.x[0] <= at <= self.x[-1]:
            raise ValueError("outside")
        right = next(place for place, x in enumerate(self.x) if x >= at)
        if self.x[right] == at:
            return self.y[right]
        share = MATHS.divide(at - self.x[right - 1], self.x[right] - self.x[right - 1])
        return MATHS.add(self.y[right - 1], MATHS.multiply(share, self.y[right] - self.y[right - 1]))


def work_out(node: Node, values: Mapping[str, Item], tables: Mapping[str, Table]) -> Item:
    """The value of an expression whose shapes were checked.

    Raises:
        OperatorError: ``methods.cannot_compute`` for a division by zero, the root of a negative number, a value outside a table.
        Absent: an input that it needs was not given.
    """
    try:
        return _Work(values, tables).value(node)
    except (DecimalException, ValueError) as error:
        raise OperatorError("methods.cannot_compute", name=node.op) from error


class _Work:
    """One expression at work."""

    def __init__(self, values: Mapping[str, Item], tables: Mapping[str, Table]) -> None:
        self._values = values
        self._tables = tables

    def value(self, node: Node) -> Item:
        if node.op in ("number", "text"):
            return node.value
        if node.op == "constant":
            return PI
        if node.op == "name":
            return self._named(str(node.value))
        if node.op == GIVEN:
            return str(node.value) in self._values
        if node.op in ("and", "or", "if", "not"):
            return self._logic(node)
        if node.op in TABLE_FUNCTIONS:
            return self._from_table(node)
        return _DO[node.op](*(self.value(part) for part in node.parts))

    def _named(self, name: str) -> Item:
        if name not in self._values:
            raise Absent(name)
        return self._values[name]

    def _logic(self, node: Node) -> Item:
        if node.op == "not":
            return not self.value(node.parts[0])
        if node.op == "and":
            return all(self.value(part) for part in node.parts)
        if node.op == "or":
            return any(self.value(part) for part in node.parts)
        return self.value(node.parts[1] if self.value(node.parts[0]) else node.parts[2])

    def _from_table(self, node: Node) -> Decimal:
        table = self._tables[str(node.value)]
        at = self.value(node.parts[0])
        assert isinstance(at, Decimal)
        return table.lookup(at) if node.op == "lookup" else table.interpolate(at)


Numbers = tuple[Decimal, ...]


def total(values: Numbers) -> Decimal:
    """The sum, exactly."""
    found = Decimal(0)
    for value in sorted(values):
        found = MATHS.add(found, value)
    return found


def mean(values: Numbers) -> Decimal:
    """The arithmetic mean; raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    return MATHS.divide(total(values), Decimal(len(values)))


def median(values: Numbers) -> Decimal:
    """The middle value, or the mean of the two in the middle."""
    ranked, half = sorted(values), len(values) // 2
    if not ranked:
        raise ValueError("no values")
    return ranked[half] if len(ranked) % 2 else mean((ranked[half - 1], ranked[half]))


def stdev(values: Numbers) -> Decimal:
    """Standard deviation of a sample (n - 1)."""
    middle = mean(values)
    squares = tuple(MATHS.power(MATHS.subtract(value, middle), 2) for value in values)
    return MATHS.sqrt(MATHS.divide(total(squares), Decimal(len(values) - 1)))


def near(values: Numbers, middle: Decimal, percent: Decimal) -> Numbers:
    """The values that differ from ``middle`` by at most ``percent`` of it; exactly that much is still near."""
    allowed = MATHS.divide(MATHS.multiply(abs(middle), percent), Decimal(100))
    return tuple(value for value in values if abs(MATHS.subtract(value, middle)) <= allowed)


def settled(values: Numbers, percent: Decimal) -> Numbers:
    """Dropping the value farthest from the mean (of two equally far the larger) until all differ by at most ``percent`` of it."""
    kept = tuple(sorted(values))
    while len(near(kept, mean(kept), percent)) < len(kept):
        middle = mean(kept)
        worst = max(range(len(kept)), key=lambda place: (abs(kept[place] - middle), place))
        kept = kept[:worst] + kept[worst + 1 :]
    return kept


def exceeding(values: Numbers, percent: Decimal) -> Decimal:
    """How many of the two extremes (largest, smallest) differ from the median by more than ``percent`` of it: 0, 1 or 2."""
    kept = near((min(values), max(values)), median(values), percent)
    return Decimal(2 - len(kept))


def trimmed(values: Numbers, number: Decimal) -> Numbers:
    """Without the ``number`` smallest and as many largest values."""
    cut = int(number)
    if cut != number or cut < 0 or 2 * cut >= len(values):
        raise ValueError("nothing left")
    return tuple(sorted(values))[cut : len(values) - cut]


def outside(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """How far a value lies outside a band; 0 within it."""
    return max(low - value, value - high, Decimal(0))


def _flat(parts: Sequence[Item]) -> Sequence[Decimal]:
    first = parts[0]
    return first if isinstance(first, tuple) else parts  # type: ignore[return-value]


def _smallest(*parts: Item) -> Item:
    return min(_flat(parts))


def _largest(*parts: Item) -> Item:
    return max(_flat(parts))


_DO: Mapping[str, Callable[..., Item]] = {
    "+": MATHS.add,
    "-": MATHS.subtract,
    "*": MATHS.multiply,
    "/": MATHS.divide,
    "**": lambda base, power: MATHS.power(base, int(power)),
    "neg": MATHS.minus,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "abs": MATHS.abs,
    "sqrt": MATHS.sqrt,
    "round": gbt8170,
    "min": _smallest,
    "max": _largest,
    "mean": mean,
    "median": median,
    "sum": total,
    "count": lambda values: Decimal(len(values)),
    "spread": lambda values: MATHS.subtract(max(values), min(values)),
    "stdev": stdev,
    "near_mean": lambda values, percent: near(values, mean(values), percent),
    "near_median": lambda values, percent: near(values, median(values), percent),
    "settled": settled,
    "trimmed": trimmed,
    "exceeding": exceeding,
    "number_of": lambda words, word: Decimal(sum(1 for item in words if item == word)),
    "outside": outside,
}
