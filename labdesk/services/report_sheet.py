"""What a report says of a lot with an entry sheet: title, standards, inputs as typed, and the conclusion in words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from labdesk.domain.evaluation import Evaluation, LotInput, Value, Verdict
from labdesk.domain.reporting import EntryLine, EntrySheet
from labdesk.domain.sentences import Language, say
from labdesk.services.lot_forms import choice_words
from labdesk.services.method_info import LotForm

#: A standard's number with its year, as clauses name it: ``GB/T 328.11-2007``.
_STANDARD = re.compile(r"\b[A-Z]{2,4}(?:/[A-Z])?\s?\d+(?:\.\d+)?-\d{4}")


def entry_sheet(form: LotForm, lot: LotInput, language: Language) -> EntrySheet:
    """Inputs as typed (or as commissioned), in the order of the method; what was left out is left out here."""
    lines = []
    for item in form.inputs:
        if item.per_specimen:
            texts = {piece.label: piece.entries[item.name] for piece in lot.specimens if item.name in piece.entries}
        else:
            text = lot.settings.get(item.name) or item.default
            texts = {"": text} if text else {}
        if item.choices:
            texts = {label: choice_words(text, language) for label, text in texts.items()}
        if texts:
            lines.append(EntryLine(item.words[language], item.unit, texts))
    return EntrySheet(tuple(lines), {item.symbol: item.words[language] for item in form.results})


def method_standards(form: LotForm) -> tuple[str, ...]:
    """Standards that say how to test."""
    return _numbers((form.clause,)) or (form.standard,)


def judging_standards(form: LotForm, evaluation: Evaluation) -> tuple[str, ...]:
    """Standards that the limits come from."""
    return _numbers(value.clause for value in evaluation.values if value.limit) or (form.standard,)


def _numbers(clauses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for clause in clauses for number in _STANDARD.findall(clause)))


def sheet_conclusion(form: LotForm, evaluation: Evaluation, language: Language) -> str:
    """The conclusion: which results meet which standard, which do not, or that nothing is judged."""
    names = {item.symbol: item.words[language] for item in form.results}
    judged = [value for value in evaluation.values if value.limit]
    if evaluation.verdict in (Verdict.FAIL, Verdict.RETEST):
        judged = [value for value in judged if value.verdict is Verdict.FAIL]
    comma = "、" if language is Language.ZH else ", "

    def items(values: Iterable[Value]) -> str:
        return comma.join(dict.fromkeys(names.get(value.symbol, value.symbol) for value in values)) or "—"

    return say(
        f"sheets.conclusion_{evaluation.verdict.value}",
        language,
        items=items(judged),
        standard=comma.join(judging_standards(form, evaluation)),
    )
