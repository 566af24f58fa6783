"""Marks moved by hand in a lot: entries of the piece, repeated by anyone who evaluates the same input."""

from __future__ import annotations

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, TestKind
from labdesk.services.evaluation import evaluate_lot
from tests.helpers.true_curves import Machine, Recipe, record

CURVE, _ = record(Recipe(machine=Machine(hz=50.0)))
AT = str(CURVE.time_s.exact(len(CURVE) // 10))


def evaluate(entries: dict[str, str]) -> Evaluation:
    piece = SpecimenInput("R-1", (TestKind.TENSION,), entries, run_hash="f" * 64)
    lot = LotInput("rebar-lot", "GB1499.2-2024", {"grade": "HRB400", "diameter_mm": "20"}, (piece,))
    return evaluate_lot(lot, {"f" * 64: CURVE})


def test_a_moved_mark_counts_and_the_automatic_value_is_told() -> None:
    automatic, moved = evaluate({}), evaluate({"mark_rel_s": AT, "mark_reason": "valley of a shock"})
    before, after = (next(v for v in found.values if v.symbol == "ReL") for found in (automatic, moved))
    assert before.raw != after.raw
    (told,) = [remark for remark in moved.remarks if remark.key == "evaluation.mark_moved"]
    assert told.params["label"] == "R-1"
    assert float(told.params["automatic"]) == pytest.approx(float(before.raw or 0), rel=1e-5)
    assert told.params["reason"] == "valley of a shock"
    assert evaluate({"mark_rel_s": AT, "mark_reason": "valley of a shock"}) == moved


def test_a_moved_mark_without_a_reason_is_refused() -> None:
    with pytest.raises(OperatorError, match=r"evaluation\.mark_reason"):
        evaluate({"mark_rel_s": AT})
