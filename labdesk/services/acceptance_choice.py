"""Which method of GB/T 50107 (or GB 50203) a selection is judged by, and why: number of groups, deviation, earlier groups."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, Remark, Value, Verdict
from labdesk.services.acceptance_selection import (
    OPEN,
    GroupKind,
    GroupState,
    SampleGroup,
    SampleKind,
    in_order,
    selection_input,
)
from labdesk.services.evaluation import evaluate_lot, propose_rules
from labdesk.services.exchanged_groups import exchanged
from labdesk.services.house_rules import house_rules
from labdesk.standards.acceptance import known_deviation
from labdesk.standards.product_rules import ProductRules

#: The period a known deviation comes from ends with the batch and is at most this long (GB/T 50107-2010, 5.1.3).
_HISTORY = timedelta(days=90)
_LEAST = {"fcu,min": "fcu", "f2,min": "f2"}
#: Symbols of means.
MEANS = ("mfcu", "f2,m")


class Method(StrEnum):
    """What a person may ask for; concrete only, mortar has one method."""

    AUTO = "auto"
    KNOWN = "statistical-known"
    UNKNOWN = "statistical"
    FEW = "non-statistical"


@dataclass(frozen=True)
class Asked:
    """How a selection shall be judged: method, and a known deviation as typed (empty: from earlier groups)."""

    method: Method = Method.AUTO
    sigma0_mpa: str = ""
    low_group_percent: Decimal | None = None


@dataclass(frozen=True)
class Assessment:
    """A selection with its outcome.

    Attributes:
        groups: the selection, in the order of casting.
        lot, evaluation: what was judged, and the outcome.
        counted: how many groups take part.
        history: earlier groups that a known deviation may come from; ``uses_history`` when it did.
        why: the method and its reason, in sentences.
        marks: by group, the sentence of the bound that it breaks.
        doubts: groups of the selection that look exchanged with another of the project, for the author's eye.
    """

    groups: tuple[SampleGroup, ...]
    lot: LotInput
    evaluation: Evaluation
    counted: int
    history: tuple[SampleGroup, ...]
    uses_history: bool
    why: tuple[Remark, ...]
    marks: Mapping[str, Remark]
    doubts: tuple[Remark, ...] = ()


def judged(project: Sequence[SampleGroup], selected: Collection[str], asked: Asked) -> Assessment:
    """The selection of a project's groups assessed as asked.

    Raises:
        OperatorError: what :func:`~labdesk.services.acceptance_selection.selection_input` and the method refuse.
    """
    groups = tuple(sorted((group for group in project if group.lot_no in selected), key=in_order))
    history = history_of(project, groups)
    settings = {"acceptance": asked.method.value, "sigma0_mpa": asked.sigma0_mpa.strip()}
    if asked.low_group_percent is not None:
        settings["low_group_percent"] = f"{asked.low_group_percent.normalize():f}"
    _check_history(asked, groups, history)
    uses_history = asked.method is Method.KNOWN and not asked.sigma0_mpa.strip() and bool(history)
    if uses_history:
        settings["history_mpa"] = ",".join(f"{group.value_mpa:f}" for group in history)
    if asked.method is not Method.KNOWN:
        del settings["sigma0_mpa"]
    lot = selection_input(groups, settings)
    evaluation = evaluate_lot(lot, {})
    counted = [group for group in groups if group.state is GroupState.COUNTS]
    return Assessment(
        groups=groups,
        lot=lot,
        evaluation=evaluation,
        counted=len(counted),
        history=history,
        uses_history=uses_history,
        why=_why(evaluation, groups[0].sample, len(counted), history, lot.settings),
        marks=_marks(evaluation, counted),
        doubts=exchanged(project, selected),
    )


def _check_history(asked: Asked, groups: Sequence[SampleGroup], history: Sequence[SampleGroup]) -> None:
    """A known deviation is typed, or comes from enough earlier groups; raises OperatorError ``acceptance.sigma_needed``."""
    if asked.method is not Method.KNOWN or asked.sigma0_mpa.strip() or not groups:
        return
    if groups[0].sample.kind is GroupKind.MORTAR:
        return
    rules = house_rules().get(propose_rules("concrete-acceptance", {}))
    least = rules.count("history_least") if isinstance(rules, ProductRules) else 0
    if len(history) < least:
        raise OperatorError("acceptance.sigma_needed", count=len(history), least=least)


def history_of(project: Sequence[SampleGroup], selection: Sequence[SampleGroup]) -> tuple[SampleGroup, ...]:
    """Groups of the same kind that count and were cast before the selection, within the period of a known deviation."""
    dated = [group for group in selection if group.cast_at is not None]
    if not dated or len(dated) < len(selection) or selection[0].sample.kind is GroupKind.MORTAR:
        return ()
    first = min(group.cast_at for group in dated if group.cast_at is not None)
    return tuple(
        group
        for group in sorted(project, key=in_order)
        if group.sample == selection[0].sample
        and group.state is GroupState.COUNTS
        and group.cast_at is not None
        and first - _HISTORY <= group.cast_at < first
    )


def _why(
    evaluation: Evaluation,
    sample: SampleKind,
    count: int,
    history: Sequence[SampleGroup],
    settings: Mapping[str, str],
) -> tuple[Remark, ...]:
    rules = house_rules().get(evaluation.rules)
    if not isinstance(rules, ProductRules):
        raise OperatorError("evaluation.rules_of_other_method", rules=evaluation.rules, method=evaluation.method)
    if sample.kind is GroupKind.MORTAR:
        few = rules.count("few_below")
        key = "acceptance.why_mortar_few" if count < few else "acceptance.why_mortar"
        return (Remark(key, {"count": str(count), "few": str(few)}),)
    least = str(rules.count("statistical_from"))
    procedure = next(remark.params["procedure"] for remark in evaluation.remarks if remark.key == "products.procedure")
    told = {"count": str(count), "least": least}
    match procedure.removeprefix("@products."):
        case Method.KNOWN.value if settings.get("sigma0_mpa"):
            return (Remark("acceptance.why_known_typed", told | {"sigma": settings["sigma0_mpa"]}),)
        case Method.KNOWN.value:
            return (Remark("acceptance.why_known", told), *_history(rules, history))
        case Method.UNKNOWN.value:
            return (Remark("acceptance.why_statistical", told), *_history(rules, history))
        case _:
            return (Remark("acceptance.why_few", told), *_history(rules, history))


def _history(rules: ProductRules, history: Sequence[SampleGroup]) -> tuple[Remark, ...]:
    """Whether the earlier groups would carry a known deviation."""
    least = rules.count("history_least")
    if len(history) < least:
        return (Remark("acceptance.history_short", {"count": str(len(history)), "least": str(least)}),)
    sigma = known_deviation(rules, [group.value_mpa for group in history if group.value_mpa is not None])
    days = [group.cast_at.date().isoformat() for group in history if group.cast_at is not None]
    told = {"count": str(len(history)), "least": str(least), "first": days[0], "last": days[-1], "sigma": str(sigma)}
    return (Remark("acceptance.history_enough", told),)


def limit_of(value: Value) -> Decimal | None:
    """The lower limit of a value as a number."""
    return Decimal(value.limit.removeprefix(">= ")) if value.limit.startswith(">= ") else None


def _marks(evaluation: Evaluation, counted: Sequence[SampleGroup]) -> dict[str, Remark]:
    """Groups that a failing bound points at: below the least value; for a batch's mean, the groups of that batch."""
    equivalents = {value.subject: value.rounded for value in evaluation.values if value.symbol == "fcu,eq"}
    marks: dict[str, Remark] = {}
    for value in evaluation.values:
        limit = limit_of(value)
        if value.verdict is not Verdict.FAIL or limit is None:
            continue
        of = _batch(value.subject, counted)
        if value.symbol in _LEAST:
            for group in of:
                found = equivalents.get(group.lot_no, group.value_mpa)
                if found is not None and found < limit:
                    marks[group.lot_no] = Remark("acceptance.below", {"limit": f"{limit:f}"})
        elif value.symbol in MEANS and value.subject:
            for group in of:
                marks.setdefault(group.lot_no, Remark("acceptance.batch_mean", {"batch": value.subject}))
    return marks


def _batch(subject: str, counted: Sequence[SampleGroup]) -> Sequence[SampleGroup]:
    """The groups a value stands for: all, or one batch of three (``2/5``)."""
    number, slash, of = subject.partition("/")
    if not slash:
        return counted
    size = len(counted) // int(of)
    return counted[(int(number) - 1) * size : int(number) * size]


__all__ = ["MEANS", "OPEN", "Asked", "Assessment", "Method", "history_of", "judged", "limit_of"]
