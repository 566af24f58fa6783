"""A value with its limit, rounded once and compared by the regime; the one place where a verdict against a limit is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.rounding import EXACT, Bound, Comparison, gbt8170, meets

NO_LIMIT = Bound()


@dataclass(frozen=True)
class Rule:
    """How one kind of value is reported and judged.

    Attributes:
        symbol, unit, clause: as printed.
        step: rounding step.
        comparison: regime.
        bound: limit; an empty bound gives ``NOT_EVALUATED``.
    """

    symbol: str
    unit: str
    clause: str
    step: Decimal
    comparison: Comparison
    bound: Bound = NO_LIMIT

    @property
    def regime(self) -> str:
        """Printed beside the verdict: ``5 MPa, rounded-value``."""
        step = format(self.step, "f")
        return (
            f"{step} {self.unit}, {self.comparison.value}".replace("  ", " ")
            if self.unit
            else f"{step}, {self.comparison.value}"
        )


def judge(rule: Rule, raw: Decimal | None, *, subject: str = "", note: str = "") -> Value:
    """The value under the rule; without a number, or without a limit, it is ``NOT_EVALUATED``."""
    if raw is None:
        return Value(
            rule.symbol,
            rule.unit,
            None,
            None,
            rule.bound.text,
            Verdict.NOT_EVALUATED,
            rule.clause,
            subject,
            rule.regime,
            note,
        )
    verdict = Verdict.NOT_EVALUATED
    if rule.bound.text:
        verdict = Verdict.PASS if meets(raw, rule.bound, rule.step, rule.comparison) else Verdict.FAIL
    rounded = gbt8170(raw, rule.step)
    return Value(
        rule.symbol, rule.unit, raw, rounded, rule.bound.text, verdict, rule.clause, subject, rule.regime, note
    )


def flips(rule: Rule, raw: Decimal | None) -> bool:
    """Whether the other comparison regime would give the other verdict: something a reviewer must know."""
    if raw is None or not rule.bound.text:
        return False
    full = meets(raw, rule.bound, rule.step, Comparison.FULL_VALUE)
    return full != meets(raw, rule.bound, rule.step, Comparison.ROUNDED_VALUE)


def flip(rule: Rule, others: Sequence[Rule], raw: Decimal | None) -> Rule | None:
    """A rule of another regime that gives the other verdict for the same value, or ``None``.

    Asked are the other comparison regime with the same rounding, and ``others``: the same value under the variants of the edition.
    """
    if raw is None or not rule.bound.text:
        return None
    if flips(rule, raw):
        turned = {Comparison.FULL_VALUE: Comparison.ROUNDED_VALUE, Comparison.ROUNDED_VALUE: Comparison.FULL_VALUE}
        return replace(rule, comparison=turned[rule.comparison])
    here = meets(raw, rule.bound, rule.step, rule.comparison)
    return next((other for other in others if meets(raw, other.bound, other.step, other.comparison) != here), None)


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal:
    """A division wide enough for GB/T 8170."""
    return EXACT.divide(numerator, denominator)


def short(number: Decimal) -> Decimal:
    """The same number without the zeros that a product leaves behind, and without an exponent: 594 for 594.00."""
    return Decimal(f"{number.normalize():f}")
