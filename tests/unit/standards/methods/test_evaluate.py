"""Any entries into any method: a finding or one sentence, never anything else; and what a finding must hold to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Verdict
from labdesk.domain.rounding import gbt8170
from labdesk.domain.sentences import Language, say, say_error
from labdesk.standards.methods.catalogue import shipped_methods
from labdesk.standards.methods.evaluate import Found, Specimen, evaluate
from labdesk.standards.methods.examples import split
from labdesk.standards.methods.schema import DataMethod, Entry, Per

METHODS = shipped_methods().newest()
WILD = st.sampled_from(
    ["", "0", "-1", "1e3", "1E-9", "NaN", "Infinity", "-0", "１２", "12,5", " 7 ", "9" * 39, "9" * 60, "0x10", "crack", "\0"]
)  # fmt: skip


def typed(entry: Entry) -> st.SearchStrategy[str]:
    """What somebody might type for an entry: mostly sensible, sometimes not."""
    if entry.choices:
        return st.sampled_from([*entry.choices, *entry.choices, "", "nothing of the kind"])
    low, high = entry.low or Decimal(0), entry.high if entry.high is not None else Decimal(10_000)
    sensible = st.decimals(low, high, places=3, allow_nan=False).map(str)
    return st.one_of(sensible, sensible, sensible, sensible, WILD, st.sampled_from([str(low), str(high)]))


@st.composite
def cases(draw: st.DrawFn) -> tuple[DataMethod, dict[str, str], tuple[Specimen, ...]]:
    """A method with entries for the group and for a number of specimens that may be wrong."""
    method = draw(st.sampled_from(METHODS))
    group = {entry.name: draw(typed(entry)) for entry in method.inputs if entry.per is Per.GROUP}
    each = [entry for entry in method.inputs if entry.per is Per.SPECIMEN]
    usual = max((entry.count.least for entry in each), default=0)
    number = draw(st.sampled_from([usual, usual, usual, usual + 1, 0]))
    pieces = tuple(
        Specimen(str(place), {entry.name: draw(typed(entry)) for entry in each}) for place in range(number)
    )  # fmt: skip
    return method, group, pieces


def check(method: DataMethod, found: Found) -> None:
    """What holds for every finding."""
    steps = {result.symbol: result.step for result in method.results}
    for value in found.values:
        assert (value.raw is None) == (value.rounded is None)
        if value.raw is not None:
            assert value.raw.is_finite()
            assert value.rounded == gbt8170(value.raw, steps[value.symbol])
        if value.verdict in (Verdict.PASS, Verdict.FAIL):
            assert value.limit
            assert value.clause
            assert value.regime
    failed = any(value.verdict is Verdict.FAIL for value in found.values)
    assert failed == (found.verdict is Verdict.FAIL)
    if found.verdict is Verdict.INVALID:
        assert not any(value.verdict in (Verdict.PASS, Verdict.FAIL) for value in found.values)
    for remark in found.remarks:
        for language in Language:
            assert "{" not in say(remark.key, language, **remark.params)


@settings(max_examples=90, deadline=None)
@given(case=cases())
def test_any_entries_give_a_finding_or_one_sentence(
    case: tuple[DataMethod, dict[str, str], tuple[Specimen, ...]],
) -> None:
    method, group, pieces = case
    try:
        found = evaluate(method, group, pieces)
    except OperatorError as error:
        sentences = [say_error(error, language) for language in Language]
    else:
        check(method, found)
        return
    assert not any("\n" in sentence for sentence in sentences)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_every_required_entry_is_asked_for_by_name(method: DataMethod) -> None:
    """Taking one entry out of a worked example names that entry."""
    group, pieces = split(method.examples[0].inputs)
    for entry in method.inputs:
        if not entry.required:
            continue
        without = {name: text for name, text in group.items() if name != entry.name}
        bare = tuple(
            Specimen(piece.label, {name: text for name, text in piece.entries.items() if name != entry.name})
            for piece in pieces
        )
        with pytest.raises(OperatorError) as caught:
            evaluate(method, without, bare)
        assert caught.value.params["name"] == entry.name


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_units_and_words_round_trip(method: DataMethod) -> None:
    """Zeros at the end of an entry and spaces around it change nothing; words count in either case."""
    group, pieces = split(method.examples[0].inputs)
    first = evaluate(method, group, pieces)

    words = {entry.name for entry in method.inputs if entry.choices}

    def padded(entries: Mapping[str, str]) -> dict[str, str]:
        return {name: f" {_longer(text, name in words)} " for name, text in entries.items()}

    other = evaluate(method, padded(group), tuple(Specimen(piece.label, padded(piece.entries)) for piece in pieces))
    assert [value.rounded for value in other.values] == [value.rounded for value in first.values]
    assert other.verdict is first.verdict


def _longer(text: str, word: bool) -> str:
    if word:
        return text.swapcase()
    return f"{text}00" if "." in text else f"{text}.00"
