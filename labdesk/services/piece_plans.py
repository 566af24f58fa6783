"""Which pieces a received lot has and what is done with each: the chain of tests planned at reception (YK-7.2a, 7.4)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from labdesk.domain.commission import LotOrder
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.reception import plan_tests
from labdesk.services.evaluation import propose_rules
from labdesk.services.evaluation_inputs import Typed
from labdesk.services.house_rules import house_rules
from labdesk.standards import joints
from labdesk.standards.product_rules import ProductRules

HALVES = ("A", "B")
"""Behind the label of a prism: the two halves it leaves."""
Chain = tuple[TestKind, ...]


@dataclass(frozen=True)
class PlannedPiece:
    """One piece of a lot before it has a label.

    Attributes:
        sample: index of the tagged sample it is or is made from.
        tests: its chain; a spare has none.
        half: ``A`` or ``B`` where it is a half of the piece before it.
    """

    sample: int
    tests: Chain
    half: str = ""


@cache
def piece_table() -> Mapping[str, Mapping[str, Any]]:
    """The table by method."""
    text = (resources.files("labdesk_resources.loading") / "pieces.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def plan_pieces(order: LotOrder, received: tuple[int, ...]) -> tuple[PlannedPiece, ...]:
    """The pieces of a lot in the order of their numbers, spares last.

    Args:
        order: as commissioned.
        received: indexes of the samples found right.

    Raises:
        OperatorError: a setting that decides about the pieces is missing or not in the standard's tables.
    """
    row = piece_table().get(order.method)
    if row is None:
        chains = plan_tests(order, received)
        ordered = sorted(received, key=lambda index: (not chains[index], index))
        return tuple(PlannedPiece(index, chains[index]) for index in ordered)
    spare = {sample.index: sample.spare for sample in order.samples}
    ranked = sorted(received, key=lambda index: (spare.get(index, True), index))
    used, kept = ranked[: order.required], ranked[order.required :]
    chains_wanted = _chains(order, row, len(used))
    found: list[PlannedPiece] = []
    for place, chain in enumerate(chains_wanted):
        sample = used[0] if len(used) == 1 else used[place]
        found.append(PlannedPiece(sample, chain))
        if "halves" in row:
            found += [PlannedPiece(sample, (TestKind(row["halves"]),), half) for half in HALVES]
    return (*found, *(PlannedPiece(index, ()) for index in kept))


def _chains(order: LotOrder, row: Mapping[str, Any], samples: int) -> list[Chain]:
    """The chain of each piece: as many as there are tagged samples, else as many as the standard makes from one."""
    rules = house_rules().get(propose_rules(order.method, order.settings))
    if not isinstance(rules, ProductRules):
        raise OperatorError("bench.no_method", method=order.method)
    if "each" in row:
        chain = tuple(TestKind(kind) for kind in row["each"])
        return [chain] * (samples if samples > 1 else _count(order, rules, row["count"]))
    asked = [(TestKind(kind), _item_count(order, rules, row["count"], name)) for kind, name in row["items"]]
    wanted: list[Chain] = [(kind,) for kind, count in asked for _ in range(count)]
    if not wanted:
        known = ", ".join(name.removesuffix("_count") for _, name in row["items"])
        text = order.settings.get("retest_item", "")
        raise OperatorError("evaluation.bad_choice", name="retest_item", text=text[:40], known=known)
    if samples == 1:
        return wanted
    # More samples than the standard asks for go on in the same order; fewer leave the last kinds open, which the evaluation says.
    return [wanted[place % len(wanted)] for place in range(samples)]


def _count(order: LotOrder, rules: ProductRules, name: str) -> int:
    if name != "joints":
        return rules.count(name)
    number = Typed(order.settings, order.material).number("joints")
    counts = joints.splice_counts(rules, None if number is None else int(number))
    return counts.retest if _retest(order) else counts.first


def _item_count(order: LotOrder, rules: ProductRules, rule: str, name: str) -> int:
    """How many pieces take one kind of test; a retest doubles the failed item and leaves the others out where it names one."""
    item = name.removesuffix("_count")
    only = order.settings.get("retest_item", "").strip() if _retest(order) else ""
    if only and only != item:
        return 0
    if rule == "weld":
        named = order.settings.get("weld_kind", "").strip()
        if not named:
            raise OperatorError("evaluation.missing", name="weld_kind", where=order.material)
        kind = rules.row("kinds", named)
        retest = rules.count("retest_count" if item == "tension" else "bend_retest_count")
        count = int(kind.number(item))
        return retest if _retest(order) and count else count
    factor = rules.count("retest_factor") if _retest(order) else 1
    return rules.count(name) * factor


def _retest(order: LotOrder) -> bool:
    return order.settings.get("stage", "").strip() == "retest"
