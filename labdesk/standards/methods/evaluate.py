"""A data method at work: typed entries in, values with verdicts and remarks out. Pure; the order of specimens does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Remark, Value, Verdict
from labdesk.domain.rounding import Bound, gbt8170
from labdesk.standards.judging import NO_LIMIT, Rule, flips, judge
from labdesk.standards.methods.arithmetic import Absent, Item, work_out
from labdesk.standards.methods.reading import COMMON
from labdesk.standards.methods.schema import DataMethod, Entry, Formula, Limit, Outcome, Per, Result, Words

#: A limit worked out of entries is no more exact than this.
_LIMIT_STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Specimen:
    """What was entered for one specimen, as typed."""

    label: str
    entries: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """Outcome of one evaluation."""

    values: tuple[Value, ...]
    verdict: Verdict
    remarks: tuple[Remark, ...]


def said(words: Words) -> Remark:
    """A sentence that stands in a method's file, as a remark."""
    return Remark("methods.said", {"zh": words.zh, "en": words.en})


def evaluate(method: DataMethod, settings: Mapping[str, str], specimens: Sequence[Specimen]) -> Found:
    """Values, verdict and remarks of one lot or group.

    Raises:
        OperatorError: an entry is missing, is no number, lies outside its range, or the formula has no value for it.
    """
    known = {entry.name for entry in method.inputs}
    for name in {*settings, *(name for specimen in specimens for name in specimen.entries)} - known - set(COMMON):
        raise OperatorError("evaluation.unknown_setting", name=name, known=", ".join(sorted(known)))
    return _Run(method, settings, specimens).found()


class _Run:
    """One evaluation: values by name for the group, and for each specimen."""

    def __init__(self, method: DataMethod, settings: Mapping[str, str], specimens: Sequence[Specimen]) -> None:
        self._method = method
        self._labels = tuple(specimen.label for specimen in specimens)
        self._group: dict[str, Item] = {}
        self._each: list[dict[str, Item]] = [{} for _ in specimens]
        self._remarks: list[Remark] = []
        self._rows: list[Limit] = []
        for entry in method.inputs:
            self._enter(entry, settings, specimens)

    def found(self) -> Found:
        self._walk()
        invalid = self._check()
        values = [value for result in self._method.results for value in self._values(result, invalid)]
        verdict = Verdict.INVALID if invalid else _overall(values)
        if verdict is Verdict.FAIL and self._method.retest:
            self._remarks.append(said(self._method.retest))
        elif verdict is Verdict.FAIL:
            self._remarks.append(Remark("methods.retest_not_stored", {"rules": self._method.rules}))
        if any(not row.checked for row in self._rows) or not self._method.checked:
            self._remarks.append(Remark("evaluation.rows_unchecked", {"rules": self._method.rules}))
        return Found(tuple(values), verdict, tuple(self._remarks))

    # ---- entries

    def _enter(self, entry: Entry, settings: Mapping[str, str], specimens: Sequence[Specimen]) -> None:
        if entry.per is Per.GROUP:
            item = _typed(entry, _of_group(entry, settings, specimens), "")
            if item is not None:
                self._group[entry.name] = item
            return
        if settings.get(entry.name, "").strip():
            raise OperatorError("methods.per_specimen", name=entry.name)
        given = [_typed(entry, specimen.entries.get(entry.name, ""), specimen.label) for specimen in specimens]
        for item, own in zip(given, self._each, strict=True):
            if item is not None:
                own[entry.name] = item
        present = sum(item is not None for item in given)
        if present == 0 and not entry.required:
            return
        if present == 0:
            raise OperatorError("evaluation.missing", name=entry.name, where="-")
        if not entry.count.least <= present <= entry.count.most:
            raise OperatorError(
                "methods.specimen_count", name=entry.name, found=str(present), expected=entry.count.text
            )  # fmt: skip
        self._same_specimens(entry, [item is not None for item in given])

    def _same_specimens(self, entry: Entry, present: Sequence[bool]) -> None:
        """Inputs with the same number of specimens belong to the same ones: a gap in one of them is a slip of the pen."""
        for other in self._method.inputs:
            if other.name == entry.name:
                return
            if other.per is Per.SPECIMEN and other.count == entry.count:
                for label, own, here in zip(self._labels, self._each, present, strict=True):
                    if (other.name in own) != here and any(other.name in each for each in self._each):
                        raise OperatorError(
                            "evaluation.missing", name=other.name if here else entry.name, where=label or "-"
                        )  # fmt: skip

    # ---- steps

    def _walk(self) -> None:
        for entry in self._method.inputs:
            if entry.per is Per.SPECIMEN:
                self._gather(entry.name)
        for step in self._method.steps:
            if step.per is Per.SPECIMEN:
                for own in self._each:
                    item = self._worked(step.formula, self._of(own))
                    if item is not None:
                        own[step.name] = _rounded(item, step.step)
                self._gather(step.name)
            else:
                item = self._worked(step.formula, self._group)
                if item is not None:
                    self._group[step.name] = _rounded(item, step.step)

    def _of(self, own: Mapping[str, Item]) -> dict[str, Item]:
        """What a formula of one specimen sees: never the list of a value that this specimen lacks."""
        return {name: item for name, item in self._group.items() if not isinstance(item, tuple)} | dict(own)

    def _gather(self, name: str) -> None:
        items = tuple(own[name] for own in self._each if name in own)
        if items:
            self._group[name] = items  # type: ignore[assignment]

    def _worked(self, formula: Formula, values: Mapping[str, Item]) -> Item | None:
        try:
            return work_out(formula.node, values, self._method.tables)
        except Absent:
            return None

    def _check(self) -> bool:
        invalid = False
        for check in self._method.checks:
            if self._worked(check.when, self._group) is True:
                invalid = invalid or check.outcome is Outcome.INVALID
                self._remarks.append(said(check.words))
        return invalid

    # ---- results

    def _values(self, result: Result, invalid: bool) -> Iterable[Value]:
        row = self._limit(result)
        clause = row.clause if row is not None else result.clause
        bound = self._bound(row) if row is not None else NO_LIMIT
        rule = Rule(result.symbol, result.unit, clause, result.step, result.comparison, bound)
        if result.per is Per.GROUP:
            yield self._judged(rule, self._worked(result.formula, self._group), "", invalid)
            return
        for label, own in zip(self._labels, self._each, strict=True):
            item = self._worked(result.formula, self._of(own))
            if item is not None:
                yield self._judged(rule, item, label, invalid)

    def _judged(self, rule: Rule, item: Item | None, subject: str, invalid: bool) -> Value:
        if item is None:
            return judge(rule, None, subject=subject, note="methods.not_given")
        assert isinstance(item, Decimal)
        value = judge(rule, item, subject=subject)
        if invalid:
            return replace(value, verdict=Verdict.INVALID, note="methods.invalid")
        if flips(rule, item):
            self._remarks.append(Remark("methods.flips", {"symbol": rule.symbol, "regime": rule.regime}))
        return value

    def _bound(self, row: Limit) -> Bound:
        """The row's limit, worked out of the entries where it says so."""
        if row.low_from is None and row.high_from is None:
            return row.bound
        ends = [None if end is None else self._worked(end, self._group) for end in (row.low_from, row.high_from)]
        low, high = (_plain(gbt8170(end, _LIMIT_STEP)) if isinstance(end, Decimal) else None for end in ends)
        return Bound(low, high)

    def _limit(self, result: Result) -> Limit | None:
        for row in result.limits:
            if row.when is None or self._worked(row.when, self._group) is True:
                self._rows.append(row)
                return row
        return None


def _rounded(item: Item, step: Decimal | None) -> Item:
    if step is None:
        return item
    assert isinstance(item, Decimal)
    return gbt8170(item, step)


def _plain(number: Decimal) -> Decimal:
    """Without zeros at the end and without an exponent."""
    return Decimal(format(number.normalize(), "f"))


def _overall(values: Sequence[Value]) -> Verdict:
    verdicts = {value.verdict for value in values if value.limit}
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL
    return Verdict.PASS if verdicts == {Verdict.PASS} else Verdict.NOT_EVALUATED


def _of_group(entry: Entry, settings: Mapping[str, str], specimens: Sequence[Specimen]) -> str:
    """What was given for the group: as a setting, or the same with every specimen (a column of a results file)."""
    texts = {settings.get(entry.name, ""), *(specimen.entries.get(entry.name, "") for specimen in specimens)}
    given = sorted({text.strip() for text in texts} - {""})
    if len(given) > 1:
        raise OperatorError("methods.group_differs", name=entry.name, texts=", ".join(given)[:80])
    return given[0] if given else ""


def _typed(entry: Entry, text: str, where: str) -> Item | None:
    """The entry as a number or word; ``None`` if nothing was given and nothing must be."""
    text = text.strip() or entry.default
    place = where or "-"
    if not text:
        if entry.required and entry.per is Per.GROUP:
            raise OperatorError("evaluation.missing", name=entry.name, where=place)
        return None
    if entry.choices:
        word = next((choice for choice in entry.choices if choice.casefold() == text.casefold()), None)
        if word is None:
            raise OperatorError(
                "evaluation.bad_choice", name=entry.name, text=text[:40], known=", ".join(entry.choices)
            )
        return word
    try:
        number = Decimal(text) if len(text) <= 40 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or (number and abs(number.adjusted()) > 30):
        raise OperatorError("evaluation.not_a_number", name=entry.name, text=text[:40], where=place)
    if (entry.low is not None and number < entry.low) or (entry.high is not None and number > entry.high):
        low, high = ("…" if end is None else str(end) for end in (entry.low, entry.high))
        raise OperatorError("methods.out_of_range", name=entry.name, text=text, low=low, high=high, where=place)
    return number
