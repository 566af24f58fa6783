"""Rulesets: tables of product and method standards as data, one TOML file per edition.

A file that is broken is refused with its line and the reason; all others keep working. The id of a ruleset is what evaluations
print: ``GB1499.2-2024``, or with a regime of its own ``GB1499.2-2024:YBT081``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from labdesk.domain.errors import OperatorError
from labdesk.domain.rounding import Comparison
from labdesk.standards.own_rules import extended, is_own
from labdesk.standards.product_rules import ProductRules, read_product
from labdesk.standards.products import SCHEMAS
from labdesk.standards.rule_cells import (
    Broken,
    count_of,
    date_of,
    line_of,
    number_of,
    part_of,
    rows_of,
    text_of,
    variants_of,
)
from labdesk.standards.rule_tables import (
    AgeRow,
    Band,
    BendRow,
    CubeRules,
    Grade,
    RateRow,
    RebarRules,
    Regime,
    Sampling,
    Size,
    StrengthRounding,
)

Rules = RebarRules | CubeRules | ProductRules
_AT_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class RuleFault:
    """A file that was refused: name, line (1-based; 0 if unknown) and reason."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """All usable rulesets by id, and the files that were refused."""

    rules: Mapping[str, Rules]
    faults: tuple[RuleFault, ...] = ()
    examples: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)

    #: Tables as read, by id: what a laboratory's own file is laid over.
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    #: Texts of a laboratory's own files behind an edition, by id, in the order they were laid over each other.
    own_texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def own_of(self, rule_id: str) -> tuple[str, ...]:
        """The laboratory's own files that a ruleset rests on; none for a shipped edition, under whichever regime."""
        return self.own_texts.get(rule_id.partition(":")[0], ())

    def get(self, rule_id: str) -> Rules:
        """The ruleset; raises OperatorError ``standards.unknown_rules`` naming those that exist."""
        found = self.rules.get(rule_id)
        if found is None:
            raise OperatorError("standards.unknown_rules", rules=rule_id, known=", ".join(sorted(self.rules)))
        return found

    def siblings(self, rules: Rules) -> list[Rules]:
        """The same edition under its other regimes."""
        edition = rules.id.partition(":")[0]
        return [other for other in self.rules.values() if other.id.partition(":")[0] == edition and other is not rules]

    def fitting(self, method: str, day: date, *, grade: str = "") -> list[Rules]:
        """Editions in force on ``day`` for a method (and a grade they know), with their default regime, the best one first.

        A newer edition comes before an older one, the laboratory's own correction before the edition it corrects.
        """
        found = [
            rules
            for rules in self.rules.values()
            if rules.method == method and ":" not in rules.id and rules.in_force(day) and rules.knows(grade)
        ]
        return sorted(found, key=lambda rules: (rules.in_force_from, "+" in rules.id, rules.id), reverse=True)

    def propose(self, method: str, day: date, *, grade: str = "") -> str:
        """Id of the best of :meth:`fitting`.

        Raises:
            OperatorError: ``standards.no_rules_on_day``.
        """
        found = self.fitting(method, day, grade=grade)
        if not found:
            raise OperatorError("standards.no_rules_on_day", method=method, day=day.isoformat())
        return found[0].id

    def edition(self, text: str) -> str:
        """Id of an edition as a mill certificate or a commission writes it (``GB/T 1499.2-2018``), in the laboratory's own version.

        Raises:
            OperatorError: ``standards.unknown_rules``.
        """
        wanted = _plain_name(text)
        found = next((rule_id for rule_id in self.rules if _plain_name(rule_id) == wanted), None)
        if found is None:
            return self.get(text).id
        own = [rule_id for rule_id in self.rules if rule_id.startswith(f"{found}+") and ":" not in rule_id]
        return max(own) if own else found


def _plain_name(text: str) -> str:
    """``GB/T 1499.2—2018`` as ``GB1499.2-2018``: the letter T, blanks and kinds of dashes tell no two editions apart."""
    plain = re.sub(r"\s", "", text).upper().replace("—", "-").replace("–", "-").replace("－", "-")
    return re.sub(r"^GB/?T", "GB", plain).replace("JGJ/T", "JGJT")


@cache
def shipped() -> Catalogue:
    """The rulesets that come with LabDesk."""
    folder = resources.files("labdesk_resources.standards")
    texts = [(item.name, item.read_text(encoding="utf-8")) for item in folder.iterdir() if item.name.endswith(".toml")]
    return load(sorted(texts))


def load(texts: Iterable[tuple[str, str]], over: Catalogue | None = None) -> Catalogue:
    """A catalogue from named TOML texts, on top of ``over``; a file that cannot be used is a fault and the rest stays.

    Without ``over`` a later file replaces an earlier one with the same id; with it, nothing of ``over`` is ever replaced.
    """
    rules: dict[str, Rules] = dict(over.rules) if over else {}
    faults: list[RuleFault] = list(over.faults) if over else []
    examples: dict[str, tuple[Mapping[str, Any], ...]] = dict(over.examples) if over else {}
    tables: dict[str, Mapping[str, Any]] = dict(over.tables) if over else {}
    own: dict[str, tuple[str, ...]] = dict(over.own_texts) if over else {}
    for name, text in texts:
        try:
            table: Mapping[str, Any] = tomllib.loads(text)
            below = own.get(str(table.get("extends", "")), ())
            if is_own(table):
                table = extended(table, tables, text)
            built = _Reader(table).rules()
            taken = next((item.id for item in built if over and item.id in over.rules), None)
            if taken is not None:
                raise Broken(("id", taken), f"{taken} is an edition of LabDesk; use extends and a name of your own")
        except tomllib.TOMLDecodeError as error:
            match = _AT_LINE.search(str(error))
            faults.append(RuleFault(name, int(match.group(1)) if match else 0, str(error)))
        except Broken as error:
            faults.append(RuleFault(name, line_of(text, error.where), str(error)))
        except RecursionError:
            faults.append(RuleFault(name, 0, "tables are nested too deeply"))
        else:
            rules.update((item.id, item) for item in built)
            examples[built[0].id] = tuple(table.get("examples", ()))
            tables[built[0].id] = table
            if over is not None:
                own[built[0].id] = (*below, text)
    return Catalogue(rules, tuple(faults), examples, tables, own)


class _Reader:
    """One parsed file on its way to rules; every miss names its key."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table

    def rules(self) -> list[Rules]:
        method = text_of(self.table, "method")
        if method == "rebar-lot":
            return list(self._rebar())
        if method == "concrete-cube":
            return [self._cube()]
        if method in SCHEMAS:
            return list(read_product(self.table, method, SCHEMAS[method]))
        raise Broken(("method",), f"method {method!r} is not known")

    def _rebar(self) -> Iterable[RebarRules]:
        base = RebarRules(
            id=text_of(self.table, "id"),
            method="rebar-lot",
            standard=text_of(self.table, "standard"),
            in_force_from=date_of(self.table, "in_force_from"),
            in_force_to=date_of(self.table, "in_force_to") if "in_force_to" in self.table else None,
            checked=bool(self.table.get("checked_against_print", False)),
            regime=self._regime("regime", part_of(self.table, "regime")),
            clauses={key: str(value) for key, value in part_of(self.table, "clauses").items()},
            sizes={row.diameter_mm: row for row in map(self._size, rows_of(self.table, "sizes"))},
            grades={row.name: row for row in map(self._grade, rows_of(self.table, "grades"))},
            weight=tuple(self._band(row, "percent") for row in rows_of(self.table, "weight_tolerances")),
            a_reductions=tuple(self._band(row, "percent") for row in rows_of(self.table, "a_reductions")),
            sampling=self._sampling(part_of(self.table, "sampling")),
        )
        if not base.grades or not base.sizes:
            raise Broken(("grades",), "a rebar ruleset needs at least one grade and one size")
        yield base
        for name, part in variants_of(self.table):
            yield base.with_regime(f"{base.id}:{name}", self._regime(name, part))

    def _cube(self) -> CubeRules:
        table = self.table
        return CubeRules(
            id=text_of(table, "id"),
            method="concrete-cube",
            standard=text_of(table, "standard"),
            in_force_from=date_of(self.table, "in_force_from"),
            in_force_to=date_of(self.table, "in_force_to") if "in_force_to" in table else None,
            checked=bool(table.get("checked_against_print", False)),
            group_size=count_of(table, "group_size"),
            strength_step=number_of(table, "strength_step"),
            percentage_step=number_of(table, "percentage_step"),
            deviation_share=number_of(table, "deviation_share"),
            factors={number_of(row, "side_mm"): number_of(row, "factor") for row in rows_of(table, "sides")},
            rates=tuple(
                RateRow(number_of(row, "below_mpa"), number_of(row, "low"), number_of(row, "high"))
                for row in rows_of(table, "rates")
            ),
            ages=tuple(AgeRow(number_of(row, "age_d"), number_of(row, "hours")) for row in rows_of(table, "ages")),
            clauses={key: text_of(table, f"clause_{key}") for key in ("strength", "group", "rate")},
            **{
                key: number_of(table, key)
                for key in ("standard_side_mm", "standard_side_from_mpa", "factor_by_test_above_mpa")
                if key in table
            },
        )

    def _regime(self, name: str, part: Mapping[str, Any]) -> Regime:
        try:
            strength = StrengthRounding(text_of(part, "strength"))
            comparison = Comparison(text_of(part, "comparison"))
        except ValueError as error:
            raise Broken((name, "strength"), str(error)) from error
        steps = {key: number_of(part, key) for key in ("a_step", "agt_step", "ratio_step", "weight_step")}
        if any(step <= 0 for step in steps.values()):
            raise Broken((name, "step"), "a rounding step must be positive")
        return Regime(name, strength, comparison, **steps)

    def _size(self, row: Mapping[str, Any]) -> Size:
        return Size(*(number_of(row, key) for key in ("diameter_mm", "area_mm2", "mass_kg_per_m")))

    def _grade(self, row: Mapping[str, Any]) -> Grade:
        name = text_of(row, "name")
        optional = {
            key: number_of(row, key) if key in row else None
            for key in ("a_percent", "a_gt_percent", "ratio_m_el", "ratio_el_nominal")
        }
        bends = tuple(
            BendRow(self._band(bend, "mandrel_d"), number_of(bend, "angle")) for bend in rows_of(row, "bends")
        )
        return Grade(
            name=name,
            r_el_mpa=number_of(row, "r_el_mpa", (name,)),
            r_m_mpa=number_of(row, "r_m_mpa", (name,)),
            bends=bends,
            reverse_bend=text_of(row, "reverse_bend"),
            certainty=text_of(row, "certainty"),
            **optional,
        )

    def _band(self, row: Mapping[str, Any], key: str) -> Band:
        return Band(number_of(row, "over_mm"), number_of(row, "upto_mm"), number_of(row, key))

    def _sampling(self, part: Mapping[str, Any]) -> Sampling:
        counts = {key: count_of(part, key) for key in ("tension", "bend", "weight", "reverse_bend")}
        return Sampling(lot_t=number_of(part, "lot_t"), further_t=number_of(part, "further_t"), **counts)
