"""Words of acceptance over a project: states of groups, methods, kinds, and what stands beside the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from labdesk.domain.evaluation import Evaluation, Remark, Value, Verdict
from labdesk.domain.sentences import Language, catalogue, say
from labdesk.services.acceptance_choice import Method
from labdesk.services.acceptance_selection import GroupState, SampleGroup, SampleKind
from labdesk.ui.widgets.chips import Chip, ChipState

translate = QCoreApplication.translate

#: Remarks that the page says elsewhere: the method in its own lines, what is left out in the list, the verdict above.
_ELSEWHERE = frozenset(
    {
        "products.procedure",
        "products.group_left_out",
        "products.group_off_age",
        "products.group_retest",
        "products.acceptance_failed",
        "products.sigma_computed",
    }
)
_MOST_REMARKS = 4


def state_chip(group: SampleGroup, marks: Mapping[str, Remark], language: Language) -> Chip | None:
    """Why a group is out, or what it breaks; nothing where it simply counts."""
    if group.lot_no in marks:
        mark = marks[group.lot_no]
        return Chip(ChipState.BAD, say(mark.key, language, **mark.params))
    return {
        GroupState.COUNTS: None,
        GroupState.INVALID: Chip(ChipState.BAD, translate("Acceptance", "invalid")),
        GroupState.OFF_AGE: Chip(ChipState.WARN, translate("Acceptance", "age")),
        GroupState.RETEST: Chip(ChipState.WARN, translate("Acceptance", "retest")),
        GroupState.INCOMPLETE: Chip(ChipState.QUIET, translate("Acceptance", "incomplete")),
        GroupState.NOT_EVALUATED: Chip(ChipState.QUIET, translate("Acceptance", "not evaluated")),
    }[group.state] or (
        Chip(ChipState.INFO, translate("Acceptance", "evaluated {0}×").format(group.evaluations))
        if group.evaluations > 1
        else None
    )


def group_line(group: SampleGroup, marks: Mapping[str, Remark], language: Language) -> str:
    """One group in a sentence: what it is, and why it is out or fails."""
    parts = [group.lot_no, group.part]
    if group.evaluations > 1:
        parts.append(translate("Acceptance", "evaluated {0} times, the newest counts").format(group.evaluations))
    if group.why is not None:
        parts.append(say(group.why.key, language, **group.why.params))
    if group.lot_no in marks:
        parts.append(say(marks[group.lot_no].key, language, **marks[group.lot_no].params))
    return " · ".join(part for part in parts if part)


def kind_text(sample: SampleKind, count: int, language: Language) -> str:
    """``C30 · standard curing · 28 d · 214``."""
    kind = say(f"acceptance.kind.{sample.kind.value}", language)
    grade = sample.grade or translate("Acceptance", "no grade")
    return f"{grade} · {kind} · {sample.age_days} d · {count}"


def method_text(method: Method) -> str:
    """A method as it is asked for."""
    return {
        Method.AUTO: translate("Acceptance", "by the number of groups"),
        Method.UNKNOWN: translate("Acceptance", "statistical"),
        Method.KNOWN: translate("Acceptance", "statistical, deviation known"),
        Method.FEW: translate("Acceptance", "non-statistical"),
    }[method]


def verdict_chip(verdict: Verdict) -> Chip:
    """The outcome."""
    if verdict is Verdict.PASS:
        return Chip(ChipState.OK, translate("Acceptance", "accepted"))
    return Chip(ChipState.BAD, translate("Acceptance", "not accepted"))


def remark_lines(evaluation: Evaluation, language: Language) -> list[str]:
    """What the method says besides; of very many remarks the first."""
    said = [say(remark.key, language, **remark.params) for remark in evaluation.remarks if remark.key not in _ELSEWHERE]
    if len(said) > _MOST_REMARKS:
        more = translate("Acceptance", "and {0} more").format(len(said) - _MOST_REMARKS)
        return [*said[:_MOST_REMARKS], more]
    return said


def sentences(remarks: Sequence[Remark], language: Language) -> list[str]:
    """Remarks in words."""
    return [say(remark.key, language, **remark.params) for remark in remarks]


def regime_text(value: Value, language: Language) -> str:
    """Rounding step and kind of comparison."""
    step, comma, name = value.regime.rpartition(", ")
    key = f"methods_page.{name}"
    return f"{step}{comma}{say(key, language)}" if key in catalogue() else value.regime
