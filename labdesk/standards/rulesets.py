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
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from typing import Any

from labdesk.domain.errors import OperatorError
from labdesk.domain.rounding import Comparison
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

Rules = RebarRules | CubeRules
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

    def get(self, rule_id: str) -> Rules:
        """The ruleset; raises OperatorError ``standards.unknown_rules`` naming those that exist."""
        found = self.rules.get(rule_id)
        if found is None:
            raise OperatorError("standards.unknown_rules", rules=rule_id, known=", ".join(sorted(self.rules)))
        return found

    def propose(self, method: str, day: date, *, grade: str = "") -> str:
        """Id of the ruleset in force on ``day`` for a method (and a grade it knows), with its default regime.

        Raises:
            OperatorError: ``standards.no_rules_on_day``.
        """
        fitting = [
            rules
            for rules in self.rules.values()
            if rules.method == method and ":" not in rules.id and rules.in_force(day) and rules.knows(grade)
        ]
        if not fitting:
            raise OperatorError("standards.no_rules_on_day", method=method, day=day.isoformat())
        return max(fitting, key=lambda rules: rules.in_force_from).id


@cache
def shipped() -> Catalogue:
    """The rulesets that come with LabDesk."""
    folder = resources.files("labdesk_resources.standards")
    texts = [(item.name, item.read_text(encoding="utf-8")) for item in folder.iterdir() if item.name.endswith(".toml")]
    return load(sorted(texts))


def load(texts: Iterable[tuple[str, str]]) -> Catalogue:
    """A catalogue from named TOML texts; a later file replaces an earlier one with the same id."""
    rules: dict[str, Rules] = {}
    faults: list[RuleFault] = []
    examples: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for name, text in texts:
        try:
            table = tomllib.loads(text)
            built = _Reader(table).rules()
        except tomllib.TOMLDecodeError as error:
            match = _AT_LINE.search(str(error))
            faults.append(RuleFault(name, int(match.group(1)) if match else 0, str(error)))
        except _Broken as error:
            faults.append(RuleFault(name, _line_of(text, error.where), str(error)))
        else:
            rules.update((item.id, item) for item in built)
            examples[built[0].id] = tuple(table.get("examples", ()))
    return Catalogue(rules, tuple(faults), examples)


class _Broken(Exception):
    """A table that cannot be used: the words to look for in the file, in order, and the reason."""

    def __init__(self, where: tuple[str, ...], reason: str) -> None:
        self.where = where
        super().__init__(reason)


def _line_of(text: str, where: tuple[str, ...]) -> int:
    lines = text.splitlines()
    line = 0
    for word in where:
        following = next((i for i in range(max(line - 1, 0), len(lines)) if word and word in lines[i]), None)
        if following is not None:
            line = following + 1
    return line


class _Reader:
    """One parsed file on its way to rules; every miss names its key."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table

    def rules(self) -> list[Rules]:
        method = self._text(self.table, "method")
        if method == "rebar-lot":
            return list(self._rebar())
        if method == "concrete-cube":
            return [self._cube()]
        raise _Broken(("method",), f"method {method!r} is not known")

    def _rebar(self) -> Iterable[RebarRules]:
        base = RebarRules(
            id=self._text(self.table, "id"),
            method="rebar-lot",
            standard=self._text(self.table, "standard"),
            in_force_from=self._date("in_force_from"),
            in_force_to=self._date("in_force_to") if "in_force_to" in self.table else None,
            checked=bool(self.table.get("checked_against_print", False)),
            regime=self._regime("regime", self._part(self.table, "regime")),
            clauses={key: str(value) for key, value in self._part(self.table, "clauses").items()},
            sizes={row.diameter_mm: row for row in map(self._size, self._rows(self.table, "sizes"))},
            grades={row.name: row for row in map(self._grade, self._rows(self.table, "grades"))},
            weight=tuple(self._band(row, "percent") for row in self._rows(self.table, "weight_tolerances")),
            a_reductions=tuple(self._band(row, "percent") for row in self._rows(self.table, "a_reductions")),
            sampling=self._sampling(self._part(self.table, "sampling")),
        )
        if not base.grades or not base.sizes:
            raise _Broken(("grades",), "a rebar ruleset needs at least one grade and one size")
        yield base
        for name, part in self.table.get("variants", {}).items():
            yield base.with_regime(f"{base.id}:{name}", self._regime(name, part))

    def _cube(self) -> CubeRules:
        table = self.table
        return CubeRules(
            id=self._text(table, "id"),
            method="concrete-cube",
            standard=self._text(table, "standard"),
            in_force_from=self._date("in_force_from"),
            in_force_to=self._date("in_force_to") if "in_force_to" in table else None,
            checked=bool(table.get("checked_against_print", False)),
            group_size=self._count(table, "group_size"),
            strength_step=self._number(table, "strength_step"),
            percentage_step=self._number(table, "percentage_step"),
            deviation_share=self._number(table, "deviation_share"),
            factors={self._number(row, "side_mm"): self._number(row, "factor") for row in self._rows(table, "sides")},
            rates=tuple(
                RateRow(self._number(row, "below_mpa"), self._number(row, "low"), self._number(row, "high"))
                for row in self._rows(table, "rates")
            ),
            ages=tuple(
                AgeRow(self._number(row, "age_d"), self._number(row, "hours")) for row in self._rows(table, "ages")
            ),
            clauses={key: self._text(table, f"clause_{key}") for key in ("strength", "group", "rate")},
        )

    def _regime(self, name: str, part: Mapping[str, Any]) -> Regime:
        try:
            strength = StrengthRounding(self._text(part, "strength"))
            comparison = Comparison(self._text(part, "comparison"))
        except ValueError as error:
            raise _Broken((name, "strength"), str(error)) from error
        steps = {key: self._number(part, key) for key in ("a_step", "agt_step", "ratio_step", "weight_step")}
        if any(step <= 0 for step in steps.values()):
            raise _Broken((name, "step"), "a rounding step must be positive")
        return Regime(name, strength, comparison, **steps)

    def _size(self, row: Mapping[str, Any]) -> Size:
        return Size(*(self._number(row, key) for key in ("diameter_mm", "area_mm2", "mass_kg_per_m")))

    def _grade(self, row: Mapping[str, Any]) -> Grade:
        name = self._text(row, "name")
        optional = {
            key: self._number(row, key) if key in row else None
            for key in ("a_percent", "a_gt_percent", "ratio_m_el", "ratio_el_nominal")
        }
        bends = tuple(
            BendRow(self._band(bend, "mandrel_d"), self._number(bend, "angle")) for bend in self._rows(row, "bends")
        )
        return Grade(
            name=name,
            r_el_mpa=self._number(row, "r_el_mpa", name),
            r_m_mpa=self._number(row, "r_m_mpa", name),
            bends=bends,
            reverse_bend=self._text(row, "reverse_bend"),
            certainty=self._text(row, "certainty"),
            **optional,
        )

    def _band(self, row: Mapping[str, Any], key: str) -> Band:
        return Band(self._number(row, "over_mm"), self._number(row, "upto_mm"), self._number(row, key))

    def _sampling(self, part: Mapping[str, Any]) -> Sampling:
        counts = {key: self._count(part, key) for key in ("tension", "bend", "weight", "reverse_bend")}
        return Sampling(lot_t=self._number(part, "lot_t"), further_t=self._number(part, "further_t"), **counts)

    def _part(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        part = table.get(key)
        if not isinstance(part, Mapping):
            raise _Broken((key,), f"table [{key}] is missing")
        return part

    def _rows(self, table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        rows = table.get(key)
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise _Broken((key,), f"{key} must be a list of rows")
        return rows

    def _text(self, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            raise _Broken((key,), f"{key} is missing or no text")
        return value

    def _count(self, table: Mapping[str, Any], key: str) -> int:
        value = table.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise _Broken((key,), f"{key} must be a whole number")
        return value

    def _number(self, table: Mapping[str, Any], key: str, near: str = "") -> Decimal:
        value = table.get(key)
        try:
            exact = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            exact = None
        if exact is None or not exact.is_finite():
            raise _Broken(
                (near, f"{key} =" if value is not None else key, str(value)), f"{key} must be a number in quotes"
            )
        return exact

    def _date(self, key: str) -> date:
        value = self.table.get(key)
        if not isinstance(value, date):
            raise _Broken((key,), f"{key} must be a date")
        return value
