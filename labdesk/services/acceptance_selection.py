"""The groups of a project that can be assessed by GB/T 50107, and the assessment of any selection of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, Verdict
from labdesk.domain.specimens import Lot
from labdesk.domain.store import Store
from labdesk.domain.testing import StoredEvaluation
from labdesk.services.evaluation import evaluate_lot

_METHODS = ("concrete-cube", "concrete-same-condition")
_OFF_AGE = ("evaluation.over_age", "evaluation.under_age")


class GroupState(StrEnum):
    """Whether a group takes part."""

    COUNTS = "counts"
    INVALID = "invalid"
    OFF_AGE = "off-age"
    INCOMPLETE = "incomplete"
    NOT_EVALUATED = "not-evaluated"


@dataclass(frozen=True)
class ConcreteGroup:
    """One group of cubes of a project.

    Attributes:
        lot_no, part: where it is found, and the part of the structure it stands for.
        design_grade: as commissioned.
        same_condition: cured beside the structure; its value is divided by 0.88 in the assessment.
        cast_at: casting, which orders consecutive groups.
        value_mpa: group value, ``None`` unless it has one.
        state: whether it takes part, and why not.
    """

    lot_no: str
    part: str
    design_grade: str
    same_condition: bool
    cast_at: datetime | None
    value_mpa: Decimal | None
    state: GroupState


class ConcreteGroups:
    """Groups of projects as they lie in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_project(self, project_code: str) -> list[ConcreteGroup]:
        """Every group of cubes of the project with its newest evaluation, in the order of casting."""
        with self._store.read() as uow:
            lots = [
                lot
                for commission in uow.reception.commissions_of(project_code)
                for lot in uow.reception.lots_of(commission.number)
                if lot.method in _METHODS
            ]
            found = [(lot, uow.testing.evaluations_of_lot(lot.number)) for lot in lots]
        groups = [_group(lot, stored[-1] if stored else None) for lot, stored in found]
        return sorted(groups, key=lambda group: (group.cast_at.isoformat() if group.cast_at else "", group.lot_no))


def _group(lot: Lot, stored: StoredEvaluation | None) -> ConcreteGroup:
    value, state = None, GroupState.NOT_EVALUATED
    if stored is not None:
        value, state = _value(stored.evaluation)
    return ConcreteGroup(
        lot_no=lot.number,
        part=lot.part,
        design_grade=lot.settings.get("design_grade", ""),
        same_condition=lot.method == "concrete-same-condition",
        cast_at=lot.cast_at,
        value_mpa=value,
        state=state,
    )


def _value(evaluation: Evaluation) -> tuple[Decimal | None, GroupState]:
    if evaluation.verdict is Verdict.INVALID:
        return None, GroupState.INVALID
    found = next((value for value in evaluation.values if value.symbol == "fcu,m" and not value.subject), None)
    if found is None or found.rounded is None:
        return None, GroupState.INCOMPLETE
    if any(remark.key in _OFF_AGE for remark in evaluation.remarks):
        return found.rounded, GroupState.OFF_AGE
    return found.rounded, GroupState.COUNTS


def selection_input(groups: Sequence[ConcreteGroup], settings: Mapping[str, str]) -> LotInput:
    """The selection as a lot of ``concrete-acceptance``; what does not count is named and left out.

    Args:
        groups: any selection, in any order.
        settings: ``acceptance``, ``sigma0_mpa``, ``history_mpa``, ``low_group_percent``.

    Raises:
        OperatorError: nothing selected, several grades or kinds of curing, a group that is not evaluated or incomplete, one
            selected twice.
    """
    if not groups:
        raise OperatorError("products.no_groups")
    for group in groups:
        if group.state in (GroupState.NOT_EVALUATED, GroupState.INCOMPLETE):
            raise OperatorError("products.group_open", lot=group.lot_no)
    kinds = {(group.design_grade, group.same_condition) for group in groups}
    if len(kinds) > 1:
        raise OperatorError("products.groups_differ", kinds=", ".join(sorted({grade for grade, _ in kinds})))
    if len({group.lot_no for group in groups}) < len(groups):
        raise OperatorError("products.group_twice")
    grade, same_condition = kinds.pop()
    curing = "same-condition" if same_condition else "standard"
    pieces = tuple(SpecimenInput(group.lot_no, (), _entries(group)) for group in groups)
    return LotInput("concrete-acceptance", "", {**settings, "design_grade": grade, "curing": curing}, pieces)


def _entries(group: ConcreteGroup) -> dict[str, str]:
    entries = {"cast_at": group.cast_at.isoformat() if group.cast_at else ""}
    if group.state is GroupState.COUNTS and group.value_mpa is not None:
        return {**entries, "fcu_mpa": f"{group.value_mpa:f}", "rule": ""}
    return {**entries, "rule": group.state.value}


def assess(groups: Sequence[ConcreteGroup], settings: Mapping[str, str]) -> Evaluation:
    """One verdict over a selection of groups; raises as :func:`selection_input` and the method itself do."""
    return evaluate_lot(selection_input(groups, settings), {})
