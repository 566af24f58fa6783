"""The groups of a project that can be assessed by GB/T 50107 or GB 50203, and the assessment of any selection of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from labdesk.domain.acceptance import GroupRecord
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, Remark, SpecimenInput, Verdict
from labdesk.domain.store import Store
from labdesk.evidence.canonical import sha256_hex
from labdesk.services.evaluation import evaluate_lot

_PAGE = 500
_OFF_AGE = ("evaluation.over_age", "evaluation.under_age")
_DESIGN_AGE_D = 28


class GroupKind(StrEnum):
    """What a group is made of and how it was cured: groups of several kinds are never assessed together."""

    STANDARD = "concrete-cube"
    SAME_CONDITION = "concrete-same-condition"
    MORTAR = "mortar-cube"


#: Methods of groups that can be assessed together.
GROUP_METHODS = frozenset(kind.value for kind in GroupKind)

#: Symbol of the group's value in an evaluation of the kind, and the entry under which the assessment takes it.
_VALUE = {GroupKind.STANDARD: "fcu,m", GroupKind.SAME_CONDITION: "fcu,m", GroupKind.MORTAR: "f2"}
_ENTRY = {GroupKind.STANDARD: "fcu_mpa", GroupKind.SAME_CONDITION: "fcu_mpa", GroupKind.MORTAR: "f2_mpa"}


class GroupState(StrEnum):
    """Whether a group takes part."""

    COUNTS = "counts"
    INVALID = "invalid"
    OFF_AGE = "off-age"
    RETEST = "retest"
    INCOMPLETE = "incomplete"
    NOT_EVALUATED = "not-evaluated"


#: Groups without a value: they are not out, they are not there yet, so no selection may pretend they were.
OPEN = (GroupState.NOT_EVALUATED, GroupState.INCOMPLETE)


@dataclass(frozen=True)
class SampleKind:
    """What can be assessed together: one design grade, one kind, one age."""

    grade: str
    kind: GroupKind
    age_days: int


@dataclass(frozen=True)
class SampleGroup:
    """One group of a project.

    Attributes:
        lot_no, part: where it is found, and the part of the structure it stands for.
        sample: what it can be assessed with.
        cast_at: casting, which orders consecutive groups.
        value_mpa: group value, ``None`` unless it has one.
        state: whether it takes part; ``why`` is the sentence where it does not.
        evaluation_id, evaluation_sha256: the evaluation it counts by.
        evaluations: how many it has; more than one means that it was evaluated again, and the newest counts.
    """

    lot_no: str
    part: str
    sample: SampleKind
    cast_at: datetime | None
    value_mpa: Decimal | None
    state: GroupState
    why: Remark | None = None
    evaluation_id: str = ""
    evaluation_sha256: str = ""
    evaluations: int = 1


class SampleGroups:
    """Groups of projects as they lie in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_project(self, project_code: str, progress: Callable[[int, int], None] | None = None) -> list[SampleGroup]:
        """Every group of cubes of the project with its newest evaluation, in the order of casting.

        ``progress`` is told how many received lots were read, of how many.
        """
        found: list[SampleGroup] = []
        with self._store.read() as uow:
            total = uow.projects.acceptance.count(project_code)
            after, read = "", 0
            while records := uow.projects.acceptance.groups(project_code, after, _PAGE):
                after, read = records[-1].lot_no, read + len(records)
                found += groups_of(records)
                if progress is not None:
                    progress(read, max(total, read))
        return sorted(found, key=in_order)


def in_order(group: SampleGroup) -> tuple[str, str]:
    """Consecutive groups: by casting, then by number."""
    return (group.cast_at.isoformat() if group.cast_at else "", group.lot_no)


def groups_of(records: Iterable[GroupRecord]) -> list[SampleGroup]:
    """The groups of cubes among received lots."""
    return [_group(record) for record in records if record.method in GROUP_METHODS]


def _group(record: GroupRecord) -> SampleGroup:
    kind = GroupKind(record.method)
    value, state, why = _standing(record, kind)
    return SampleGroup(
        lot_no=record.lot_no,
        part=record.part,
        sample=SampleKind(record.settings.get("design_grade", ""), kind, record.age_days or _DESIGN_AGE_D),
        cast_at=record.cast_at,
        value_mpa=value,
        state=state,
        why=why,
        evaluation_id=record.evaluation_id,
        evaluation_sha256=sha256_hex(record.evaluation) if record.evaluation else "",
        evaluations=record.evaluations,
    )


def _standing(record: GroupRecord, kind: GroupKind) -> tuple[Decimal | None, GroupState, Remark | None]:
    if not record.evaluation:
        return None, GroupState.NOT_EVALUATED, Remark("acceptance.not_evaluated")
    # Thousands of evaluations are read for one list: only what the list needs is taken from each.
    evaluation: Mapping[str, Any] = json.loads(record.evaluation)
    remarks = {str(remark["key"]): remark["params"] for remark in evaluation["remarks"]}
    if evaluation["verdict"] == Verdict.INVALID.value:
        return None, GroupState.INVALID, _told(remarks, "evaluation.group_invalid")
    values = (item for item in evaluation["values"] if item["symbol"] == _VALUE[kind] and not item["subject"])
    text = next((item["rounded"] for item in values), None)
    if text is None:
        return None, GroupState.INCOMPLETE, _told(remarks, "evaluation.group_incomplete")
    value = Decimal(text)
    if record.settings.get("stage") == "retest":
        return value, GroupState.RETEST, Remark("acceptance.retest")
    off = next((key for key in _OFF_AGE if key in remarks), None)
    if off is not None:
        return value, GroupState.OFF_AGE, _told(remarks, off)
    if kind is not GroupKind.SAME_CONDITION and (record.age_days or _DESIGN_AGE_D) < _DESIGN_AGE_D:
        return value, GroupState.OFF_AGE, Remark("acceptance.early_age", {"age": str(record.age_days)})
    return value, GroupState.COUNTS, None


def _told(remarks: Mapping[str, Mapping[str, str]], key: str) -> Remark:
    """The evaluation's own remark; where it says nothing, the plain state."""
    return Remark(key, dict(remarks[key])) if key in remarks else Remark("acceptance.no_value")


def selection_input(groups: Sequence[SampleGroup], settings: Mapping[str, str]) -> LotInput:
    """The selection as a lot of ``concrete-acceptance`` or ``mortar-acceptance``; what does not count is named and left out.

    Args:
        groups: any selection, in any order.
        settings: ``acceptance``, ``sigma0_mpa``, ``history_mpa``, ``low_group_percent``.

    Raises:
        OperatorError: nothing selected, several grades, ages or kinds of curing, a group that is not evaluated or incomplete, one
            selected twice.
    """
    if not groups:
        raise OperatorError("products.no_groups")
    for group in groups:
        if group.state in OPEN:
            raise OperatorError("products.group_open", lot=group.lot_no)
    kinds = {group.sample for group in groups}
    if len(kinds) > 1:
        raise OperatorError("products.groups_differ", kinds=", ".join(sorted({kind.grade or "-" for kind in kinds})))
    if len({group.lot_no for group in groups}) < len(groups):
        raise OperatorError("products.group_twice")
    sample = kinds.pop()
    pieces = tuple(SpecimenInput(group.lot_no, (), _entries(group)) for group in sorted(groups, key=in_order))
    told = {name: text for name, text in settings.items() if text}
    if sample.kind is GroupKind.MORTAR:
        kept = {name: text for name, text in told.items() if name in ("test_date", "edition")}
        return LotInput("mortar-acceptance", "", {**kept, "design_grade": sample.grade}, pieces)
    curing = "same-condition" if sample.kind is GroupKind.SAME_CONDITION else "standard"
    return LotInput("concrete-acceptance", "", {**told, "design_grade": sample.grade, "curing": curing}, pieces)


def _entries(group: SampleGroup) -> dict[str, str]:
    entries = {"cast_at": group.cast_at.isoformat() if group.cast_at else "", "evaluation": group.evaluation_sha256}
    if group.state is GroupState.COUNTS and group.value_mpa is not None:
        return {**entries, _ENTRY[group.sample.kind]: f"{group.value_mpa:f}", "rule": ""}
    return {**entries, "rule": group.state.value}


def assess(groups: Sequence[SampleGroup], settings: Mapping[str, str]) -> Evaluation:
    """One verdict over a selection of groups; raises as :func:`selection_input` and the method itself do."""
    return evaluate_lot(selection_input(groups, settings), {})
