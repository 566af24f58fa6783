"""The table of loading plans in ``resources/loading``: how each machine test of a product is loaded, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from labdesk.domain.bench import RateUnit
from labdesk.domain.evaluation import TestKind

_AGES = ("concrete", "table", "none")


@dataclass(frozen=True)
class LoadingRow:
    """One method's machine test.

    Attributes:
        basis: which area and strength are meant.
        reserve: expected force over the force at the required strength.
        given: the rate band in ``unit``; ``None`` where the ruleset's table of rates decides by grade.
        rates_of: method whose ruleset has that table.
        from_share, to_share: part of the loading in which the rate is judged, of the expected force.
        preload_share, preload_least_kn, arming_share: of the expected force.
        break_percent: fall from the peak that is a break.
        ages: which tolerance of age holds: ``concrete``, ``table`` or ``none``.
        clause, certainty: where the row comes from.
    """

    method: str
    test: TestKind
    basis: str
    reserve: Decimal
    given: tuple[Decimal, Decimal] | None
    rates_of: str
    unit: RateUnit
    from_share: Decimal
    to_share: Decimal | None
    preload_share: Decimal
    preload_least_kn: Decimal
    arming_share: Decimal
    break_percent: Decimal
    ages: str
    clause: str
    certainty: str


@cache
def loading_rows() -> Mapping[tuple[str, TestKind], LoadingRow]:
    """All rows by method and kind of test; a row that contradicts itself is a ValueError that names it."""
    text = (resources.files("labdesk_resources.loading") / "plans.toml").read_text(encoding="utf-8")
    rows = [read_row(row) for row in tomllib.loads(text)["loading"]]
    found = {(row.method, row.test): row for row in rows}
    if len(found) < len(rows):
        raise ValueError("resources/loading/plans.toml holds a row twice")
    return found


def rows_of(method: str) -> tuple[LoadingRow, ...]:
    """The rows of a method, in the order of its tests; empty where it needs no machine or is not in the table."""
    return tuple(row for (name, _), row in loading_rows().items() if name == method)


def read_row(row: Mapping[str, Any]) -> LoadingRow:
    """A row as written; raises ValueError (or KeyError) naming method and test where it cannot be."""
    where = f"{row['method']} {row['test']}"
    from_rules = row["rates"] == "ruleset"
    given = None if from_rules else (Decimal(row["low"]), Decimal(row["high"]))
    made = LoadingRow(
        method=row["method"],
        test=TestKind(row["test"]),
        basis=row["basis"],
        reserve=Decimal(row["reserve"]),
        given=given,
        rates_of=row.get("rates_of", row["method"]),
        unit=RateUnit(row["unit"]),
        from_share=Decimal(row["from_share"]),
        to_share=Decimal(row["to_share"]) if row["to_share"] else None,
        preload_share=Decimal(row["preload_share"]),
        preload_least_kn=Decimal(row["preload_least_kn"]),
        arming_share=Decimal(row["arming_share"]),
        break_percent=Decimal(row["break_percent"]),
        ages=row["ages"],
        clause=row["clause"],
        certainty=row["certainty"],
    )
    rising = 0 < made.preload_share < made.arming_share < 1 and 0 < made.break_percent < 100 and made.reserve >= 1
    judged = 0 <= made.from_share < (made.to_share or Decimal(1)) <= 1
    banded = given is None or 0 <= given[0] < given[1]
    if row["rates"] not in ("ruleset", "given") or made.ages not in _AGES or not (rising and judged and banded):
        raise ValueError(where)
    return made
