"""Time to assess concrete groups by GB/T 50107: one selection of all groups, and the same groups in lots of ten.

Run: ``python -m benchmarks.concrete_acceptance``. Goal: 10 000 groups in <= 1 s, both ways, in exact decimals.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from decimal import Decimal

from labdesk.domain.evaluation import LotInput, SpecimenInput
from labdesk.services.evaluation import evaluate_lot
from labdesk.standards.acceptance import accept, procedure_for
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rulesets import shipped

_FK = Decimal(30)
_GOAL_S = 1.0


def groups_of(count: int) -> list[Decimal]:
    """Values of groups as a plant delivers them: 36 +- 3 MPa, always the same ones."""
    source = random.Random(50107)
    return [Decimal(round(source.gauss(360, 30))) / 10 for _ in range(count)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=10_000)
    count = parser.parse_args().groups
    rules = shipped().get("GBT50107-2010")
    assert isinstance(rules, ProductRules)
    groups = groups_of(count)
    begin = time.perf_counter()
    whole = accept(rules, groups, _FK, procedure_for(rules, count))
    one = time.perf_counter() - begin
    begin = time.perf_counter()
    lots = [accept(rules, part, _FK, procedure_for(rules, len(part))) for part in _tens(groups)]
    tens = time.perf_counter() - begin
    pieces = tuple(SpecimenInput(f"{number:06}", (), {"fcu_mpa": str(value)}) for number, value in enumerate(groups))
    begin = time.perf_counter()
    evaluation = evaluate_lot(LotInput("concrete-acceptance", "", {"design_grade": "C30"}, pieces), {})
    service = time.perf_counter() - begin
    told = {
        "groups": count,
        "one_selection_s": round(one, 3),
        "lots_of_ten_s": round(tens, 3),
        "through_the_service_s": round(service, 3),
        "goal_s": _GOAL_S,
        "verdict": whole.verdict.value,
        "lots_passed": sum(lot.verdict.value == "PASS" for lot in lots),
        "lots": len(lots),
    }
    print(json.dumps(told))
    assert evaluation.verdict is whole.verdict
    return 0 if max(one, tens, service) <= _GOAL_S else 1


def _tens(groups: list[Decimal]) -> list[list[Decimal]]:
    return [groups[start : start + 10] for start in range(0, len(groups), 10)]


if __name__ == "__main__":
    sys.exit(main())
