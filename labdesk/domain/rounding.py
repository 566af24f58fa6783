"""Rounding and comparison with limits by GB/T 8170-2008, on exact decimals and once only.

Two comparison regimes exist (clause 4): the *full value* against the limit (the default where a standard says nothing), and the
*rounded value*, rounded to the limit's digits first. They flip verdicts, so the ruleset names the regime, never the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum

#: Arithmetic wide enough that a quotient of captured values never becomes a false tie.
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


class Comparison(StrEnum):
    """How a value meets its limit (GB/T 8170-2008, 4.3)."""

    FULL_VALUE = "full-value"
    ROUNDED_VALUE = "rounded-value"


def gbt8170(value: Decimal, step: Decimal) -> Decimal:
    """``value`` rounded to a multiple of ``step`` (1, 0.1, 0.5, 5, 20 ...), an exact half to the even multiple.

    Clause 3.2 (and 3.3 for units of 0.5 and 0.2). Round the unrounded value, once; rounding a rounded value again is the
    successive rounding the standard forbids.

    Raises:
        ValueError: ``step`` is not positive, or ``value`` is not finite.
    """
    if not (step.is_finite() and step > 0):
        raise ValueError(f"rounding step must be positive, not {step}")
    if not value.is_finite():
        raise ValueError(f"cannot round {value}")
    multiple = EXACT.divide(value, step).quantize(Decimal(1), context=EXACT)
    rounded = EXACT.multiply(multiple, step)
    exponent = step.normalize().as_tuple().exponent
    places = Decimal(1).scaleb(min(0, int(exponent)))
    return abs(rounded.quantize(places, context=EXACT)) if multiple == 0 else rounded.quantize(places, context=EXACT)


@dataclass(frozen=True)
class Bound:
    """A limit: ``low`` and ``high`` are allowed values themselves; one of them may be missing.

    Attributes:
        low: smallest allowed value or ``None``.
        high: largest allowed value or ``None``.
    """

    low: Decimal | None = None
    high: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        """Whether ``value`` as given lies within the limit."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def text(self) -> str:
        """``>= 400``, ``<= 1.30``, ``-4.5 .. 4.5``, or empty without a limit."""
        if self.low is not None and self.high is not None:
            return f"{self.low} .. {self.high}"
        if self.low is not None:
            return f">= {self.low}"
        return f"<= {self.high}" if self.high is not None else ""


#: No limit at all.
NO_BOUND = Bound()


def meets(value: Decimal, bound: Bound, step: Decimal, comparison: Comparison) -> bool:
    """Whether an unrounded ``value`` meets ``bound`` under the regime; ``step`` counts only for rounded comparison."""
    return bound.holds(gbt8170(value, step) if comparison is Comparison.ROUNDED_VALUE else value)
