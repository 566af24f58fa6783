"""Which edition a lot is judged by: proposed from the mill certificate or the day, within the laboratory's scope, asked when in doubt."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from labdesk.domain.errors import OperatorError
from labdesk.standards.rulesets import Catalogue, Rules

#: A product lies in a yard for a while: so long after a new edition came into force, bars of the old one are still delivered
#: (a convention).
_OLD_STOCK = timedelta(days=365)
#: Methods whose edition is that of the product's making, not of the test.
_BY_PRODUCTION = ("rebar-lot", "welded-fabric", "cement-strength", "brick-strength")


class Basis(StrEnum):
    """What a proposal rests on."""

    CERTIFICATE = "certificate"
    PRODUCTION_DAY = "production-day"
    TEST_DAY = "test-day"
    NEWEST = "newest"


@dataclass(frozen=True)
class Question:
    """What is known of the lot.

    Attributes:
        method: method id.
        edition: as the mill certificate or the commission writes it, empty if neither does.
        produced_on, tested_on: days, ``None`` if unknown.
        grade: steel grade, empty if none.
        scope: standards the laboratory is qualified for, e.g. ``GB/T 50081-2019``; ``None`` = not limited.
    """

    method: str
    edition: str = ""
    produced_on: date | None = None
    tested_on: date | None = None
    grade: str = ""
    scope: Collection[str] | None = None


@dataclass(frozen=True)
class Proposal:
    """The proposed ruleset, what it rests on, the other editions that may be meant, and whether a person should be asked."""

    rules: str
    basis: Basis
    others: tuple[str, ...] = ()
    doubtful: bool = False


def propose(catalogue: Catalogue, question: Question) -> Proposal:
    """The edition for a lot.

    The certificate's edition counts first, then the day of production (for products) or of the test, else the newest edition. In
    doubt is a product without certificate or day of production that is tested within a year after a new edition came into force.

    Raises:
        OperatorError: no such edition, none in force on the day, or none within the laboratory's scope.
    """
    if question.edition:
        rules = catalogue.edition(question.edition)
        _within_scope([catalogue.get(rules)], question)
        return Proposal(rules, Basis.CERTIFICATE)
    by_production = question.method in _BY_PRODUCTION
    day, basis = question.tested_on, Basis.TEST_DAY
    if by_production and question.produced_on is not None:
        day, basis = question.produced_on, Basis.PRODUCTION_DAY
    if day is None:
        day, basis = date.max, Basis.NEWEST
    fitting = catalogue.fitting(question.method, day, grade=question.grade)
    if not fitting:
        raise OperatorError("standards.no_rules_on_day", method=question.method, day=day.isoformat())
    best = _within_scope(fitting, question)[0]
    if not by_production or basis is not Basis.TEST_DAY or day - best.in_force_from >= _OLD_STOCK:
        return Proposal(best.id, basis)
    before = catalogue.fitting(question.method, best.in_force_from - timedelta(days=1), grade=question.grade)
    others = tuple(rules.id for rules in before if rules.standard != best.standard)
    return Proposal(best.id, basis, others, doubtful=bool(others))


def _within_scope(fitting: list[Rules], question: Question) -> list[Rules]:
    if question.scope is None:
        return fitting
    allowed = {_bare(text) for text in question.scope}
    found = [rules for rules in fitting if allowed & {_bare(rules.standard), _bare(rules.standard.rpartition("-")[0])}]
    if not found:
        raise OperatorError("products.out_of_scope", standards=", ".join(sorted({rules.standard for rules in fitting})))
    return found


def _bare(text: str) -> str:
    return "".join(text.split()).upper().replace("/T", "")
