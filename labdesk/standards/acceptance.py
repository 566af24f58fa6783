"""Acceptance of concrete over a selection of groups by GB/T 50107-2010, and of mortar by GB 50203-2011.

The sample values are the values of groups. The standard deviation comes from the unrounded mean; the rounded mean is compared with
the unrounded limit (both conventions are printed in the ruleset).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.rounding import EXACT, Bound, gbt8170
from labdesk.standards.groups import deviation, mean
from labdesk.standards.judging import judge, short
from labdesk.standards.product_rules import ProductRules, Schema

CONCRETE = Schema(
    steps=("fcu", "mfcu", "Sfcu", "fcu,min", "fcu,eq"),
    numbers=(
        "sigma_floor", "statistical_from", "batch_size", "known_factor", "known_min_low", "known_min_high",
        "known_boundary_mpa", "history_least", "same_condition_divisor", "same_condition_least",
    ),
    tables={
        "lambda": ("from_n", "upto_n", "lambda1", "lambda2"),
        "lambda_few": ("below_mpa", "lambda3", "lambda4"),
    },
)  # fmt: skip
MORTAR = Schema(steps=("f2", "f2,m", "f2,min"), numbers=("mean_share", "least_share", "few_share", "few_below"))


class Procedure(StrEnum):
    """The three methods of GB/T 50107, clauses 5.1 and 5.2."""

    KNOWN = "statistical-known"
    UNKNOWN = "statistical"
    FEW = "non-statistical"


@dataclass(frozen=True)
class Accepted:
    """Outcome over a selection of groups: the procedure used, its values, and the verdict."""

    procedure: str
    values: tuple[Value, ...]
    verdict: Verdict


def procedure_for(rules: ProductRules, count: int) -> Procedure:
    """Statistical from ten groups on, else non-statistical; a known deviation is never assumed."""
    return Procedure.UNKNOWN if count >= rules.count("statistical_from") else Procedure.FEW


def accept(rules: ProductRules, groups: Sequence[Decimal], fk_mpa: Decimal, procedure: Procedure) -> Accepted:
    """Acceptance with an unknown deviation or by the non-statistical method.

    Raises:
        OperatorError: too few groups for the method, too many for the other one.
    """
    if not groups:
        raise OperatorError("products.no_groups")
    if procedure is Procedure.UNKNOWN:
        return _unknown(rules, groups, fk_mpa)
    if procedure is not Procedure.FEW:
        raise OperatorError("products.sigma_needed")
    if len(groups) >= rules.count("statistical_from"):
        raise OperatorError("products.too_many_groups", count=len(groups), most=rules.count("statistical_from") - 1)
    row = rules.below("lambda_few", "below_mpa", fk_mpa)
    bounds = EXACT.multiply(row.number("lambda3"), fk_mpa), EXACT.multiply(row.number("lambda4"), fk_mpa)
    values = _mean_and_least(rules, groups, bounds, row.clause)
    return Accepted(procedure, values, _all(values))


def _unknown(rules: ProductRules, groups: Sequence[Decimal], fk_mpa: Decimal) -> Accepted:
    count = len(groups)
    row = next((row for row in rules.tables["lambda"] if row.number("from_n") <= count <= row.number("upto_n")), None)
    if row is None:
        raise OperatorError("products.too_few_groups", count=count, least=rules.count("statistical_from"))
    raw = deviation(groups)
    floor = gbt8170(rules.number("sigma_floor"), rules.step("Sfcu"))
    used = max(gbt8170(raw, rules.step("Sfcu")), floor)
    note = "products.sigma_floor" if raw < floor else ""
    spread = Value(
        "Sfcu", "MPa", raw, used, "", Verdict.NOT_EVALUATED, rules.clause("sigma_floor"),
        regime=rules.rule("Sfcu", "MPa").regime, note=note,
    )  # fmt: skip
    bounds = fk_mpa + EXACT.multiply(row.number("lambda1"), used), EXACT.multiply(row.number("lambda2"), fk_mpa)
    values = _mean_and_least(rules, groups, bounds, row.clause)
    return Accepted(Procedure.UNKNOWN, (values[0], spread, values[1]), _all(values))


def known_deviation(rules: ProductRules, history: Sequence[Decimal]) -> Decimal:
    """The deviation of the previous period, rounded; the floor is applied by :func:`accept_known`.

    Raises:
        OperatorError: fewer groups than the standard asks for.
    """
    least = rules.count("history_least")
    if len(history) < least:
        raise OperatorError("products.history_too_short", count=len(history), least=least)
    return gbt8170(deviation(history), rules.step("Sfcu"))


def accept_known(rules: ProductRules, batch: Sequence[Decimal], fk_mpa: Decimal, sigma0_mpa: Decimal) -> Accepted:
    """One batch of three consecutive groups with a known deviation.

    Raises:
        OperatorError: another number of groups.
    """
    size = rules.count("batch_size")
    if len(batch) != size:
        raise OperatorError("products.batch_size", count=len(batch), size=size)
    sigma = max(sigma0_mpa, rules.number("sigma_floor"))
    margin = EXACT.multiply(rules.number("known_factor"), sigma)
    low = fk_mpa <= rules.number("known_boundary_mpa")
    share = rules.number("known_min_low" if low else "known_min_high")
    clause = rules.clause("known_factor")
    mean_value, least = _mean_and_least(rules, batch, (fk_mpa + margin, fk_mpa - margin), clause)
    bound = Bound(low=short(EXACT.multiply(share, fk_mpa)))
    rule = rules.rule("fcu,min", "MPa", bound, rules.clause("known_min_low" if low else "known_min_high"))
    values = (mean_value, least, judge(rule, min(batch)))
    return Accepted(Procedure.KNOWN, values, _all(values))


def accept_mortar(rules: ProductRules, groups: Sequence[Decimal], f2_mpa: Decimal) -> Accepted:
    """Mortar by GB 50203: mean >= 1.10 and smallest >= 0.85 of the design strength; with one or two groups each >= 1.10.

    Raises:
        OperatorError: no groups.
    """
    if not groups:
        raise OperatorError("products.no_groups")
    few = len(groups) < rules.count("few_below")
    name = "few_share" if few else "least_share"
    mean_rule = rules.rule(
        "f2,m", "MPa", Bound(low=short(rules.number("mean_share") * f2_mpa)), rules.clause("mean_share")
    )
    least = rules.rule("f2,min", "MPa", Bound(low=short(rules.number(name) * f2_mpa)), rules.clause(name))
    values = (judge(mean_rule, mean(groups)), judge(least, min(groups)))
    return Accepted("each" if few else "mean", values, _all(values))


def _mean_and_least(
    rules: ProductRules, groups: Sequence[Decimal], bounds: tuple[Decimal, Decimal], clause: str
) -> tuple[Value, Value]:
    mean_rule = rules.rule("mfcu", "MPa", Bound(low=short(bounds[0])), clause)
    least_rule = rules.rule("fcu,min", "MPa", Bound(low=short(bounds[1])), clause)
    return judge(mean_rule, mean(groups)), judge(least_rule, min(groups))


def _all(values: Sequence[Value]) -> Verdict:
    return Verdict.FAIL if any(value.verdict is Verdict.FAIL for value in values) else Verdict.PASS
