"""A broken method file is refused with its line and one reason in both languages; the rest keeps working."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.sentences import Language, catalogue, say
from labdesk.standards.methods.catalogue import MethodFault, load_methods
from labdesk.standards.methods.reading import MAX_BYTES
from tests.helpers.source import ROOT

GOOD = (ROOT / "resources" / "methods" / "sand-mud.toml").read_text(encoding="utf-8")
OTHER = (ROOT / "resources" / "methods" / "tile-strength.toml").read_text(encoding="utf-8")


def fault_of(text: str) -> MethodFault:
    found = load_methods([("broken.toml", text), ("other.toml", OTHER)])
    assert list(found.methods) == ["tile-strength"], "the other file keeps working"
    (fault,) = found.faults
    return fault


def line_with(text: str, word: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if word in line)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "sand-mud"', "", "methods.missing"),
        ('id = "sand-mud"', 'id = "sand mud"', "methods.identifier"),
        ('id = "sand-mud"', 'id = "../sand"', "methods.identifier"),
        ('zh = "砂的含泥量"', "", "methods.missing"),
        ("in_force_from = 2007-06-01", 'in_force_from = "2007"', "methods.day"),
        ("in_force_from = 2007-06-01", "in_force_from = 2007-06-01\nin_force_to = 2006-06-01", "methods.day"),
        ('certainty = "M-h"', 'certainty = "sure"', "methods.word"),
        ("checked_against_print = false", "checked_against_print = 1", "methods.true_or_false"),
        ("checked_against_print = false", "checked_against_print = false\nrevision = -1", "methods.whole_number"),
        ('comparison = "full-value"', 'comparison = "none"', "methods.word"),
        ("specimens = 2", "specimens = 0", "methods.specimens"),
        ("specimens = 2", "specimens = [4, 2]", "methods.specimens"),
        ("specimens = 2", "specimens = 2\ncolour = 1", "methods.unknown_key"),
        ('name = "m0_g"', 'name = "M0"', "methods.name"),
        ('name = "m0_g"', 'name = "mean"', "methods.name"),
        ('name = "m0_g"', 'name = "m1_g"', "methods.twice"),
        ('name = "m0_g", ', 'name = "m0_g", colour = "red", ', "methods.unknown_key"),
        ('min = "100"', "min = 100", "methods.number_in_quotes"),
        ('min = "100"', 'min = "many"', "methods.number_in_quotes"),
        ('min = "100"', 'min = "NaN"', "methods.number_in_quotes"),
        ('min = "100"', 'min = "9e999"', "methods.number_in_quotes"),
        ('min = "100"', 'min = "9000"', "methods.choices"),
        ('choices = [">=C60", ', "choices = [60, ", "methods.choices"),
        ("(m0_g - m1_g) / m0_g * 100", "(m0_g - m9_g) / m0_g * 100", "methods.formula_unknown_name"),
        ("(m0_g - m1_g) / m0_g * 100", "(m0_g - m1_g / m0_g * 100", "methods.formula_syntax"),
        ("(m0_g - m1_g) / m0_g * 100", "m0_g.real", "methods.formula_not_allowed"),
        ("(m0_g - m1_g) / m0_g * 100", "mean(m0_g)", "methods.formula_shape"),
        ("(m0_g - m1_g) / m0_g * 100", "m0_g" + " + m0_g" * 120, "methods.formula_long"),
        ("(m0_g - m1_g) / m0_g * 100", "abs(" * 60 + "m0_g" + ")" * 60, "methods.formula_deep"),
        ('value = "mean(w_percent)"', 'value = "w_percent"', "methods.formula_shape"),
        ('value = "mean(w_percent)"', 'value = "w_percent > 1"', "methods.formula_shape"),
        ('round = "0.1"', 'round = "0"', "methods.step_positive"),
        ('round = "0.1"', "", "methods.missing"),
        ('outcome = "invalid"', 'outcome = "bad"', "methods.word"),
        ('high = "2.0", ', "", "methods.limit"),
        ('high = "2.0", ', 'high = "2.0", below = "3", ', "methods.limit"),
        ('high = "2.0", ', 'high = "2.0", low = "3", ', "methods.limit"),
        ('high = "2.0", ', 'high = "2.0", high_from = "1", ', "methods.limit"),
        ("expect = { wc", "expect = { wd", "methods.unknown_key"),
        ('m1_g = ["389.2", "388.4"]', "m1_g = [389.2, 388.4]", "methods.number_in_quotes"),
        ('verdict = "PASS"', 'verdict = "GOOD"', "methods.word"),
        ('certainty = "M-h" },\n  { when = ', 'certainty = "V" },\n  { when = ', "methods.missing"),
        ("[[results]]", "[results]", "methods.rows"),
        ("[[results]]", "[[nothing]]", "methods.unknown_key"),
        ("specimens = 2", "specimens = 2 2", "methods.not_toml"),
        ('symbol = "wc"', 'symbol = "wc"\nsymbol = "wc"', "methods.not_toml"),
        ("specimens = 2", f'note = "{"x" * MAX_BYTES}"', "methods.file_large"),
    ],
)
def test_each_fault_is_named_with_its_line(old: str, new: str, key: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new)
    fault = fault_of(text)
    assert fault.key == key
    assert fault.file == "broken.toml"
    for language in Language:
        sentence = say(fault.key, language, **fault.params)
        assert "{" not in sentence.replace("{name}", "")
        assert len(sentence) > 5


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("(m0_g - m1_g) / m0_g * 100", "(m0_g - m9_g) / m0_g * 100", "m9_g"),
        ('round = "0.1"', 'round = "-1"', 'round = "-1"'),
        ('certainty = "M-h"', 'certainty = "sure"', "sure"),
        ("specimens = 2", "specimens = 2 2", "2 2"),
        ('high = "5.0"', "high = 5.0", "high = 5.0"),
        ('min = "100"', 'min = "x"', 'min = "x"'),
        ('verdict = "FAIL"', 'verdict = "BAD"', 'id = "SM2"'),
    ],
)
def test_the_line_is_that_of_the_fault(old: str, new: str, word: str) -> None:
    text = GOOD.replace(old, new, 1)
    fault = fault_of(text)
    assert abs(fault.line - line_with(text, word)) <= (5 if "verdict" in old else 0)


def test_every_reason_in_the_code_has_its_sentence() -> None:
    """Keys raised below the house's own check: each stands in the sentences with placeholders that are always given."""
    folder = ROOT / "labdesk" / "standards" / "methods"
    keys = {key for path in folder.glob("*.py") for key in re.findall(r'"(methods\.[a-z_]+)"', path.read_text("utf-8"))}
    assert len(keys) > 25
    assert keys <= set(catalogue())


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_a_fault_or_a_method_and_never_more(data: st.DataObject) -> None:
    lines = GOOD.splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(st.sampled_from(["drop", "twice", "cut", "swap"]))
    other = data.draw(st.integers(0, len(lines) - 1))
    if change == "drop":
        del lines[place]
    elif change == "twice":
        lines.insert(place, lines[place])
    elif change == "cut":
        lines[place] = lines[place][: data.draw(st.integers(0, len(lines[place])))]
    else:
        lines[place], lines[other] = lines[other], lines[place]
    found = load_methods([("x.toml", "\n".join(lines))])
    assert len(found.faults) + len(found.methods) == 1
    for fault in found.faults:
        for language in Language:
            say(fault.key, language, **fault.params)


@pytest.mark.parametrize("text", ["", "[" * 5000, "a = " + "{" * 3000, "\0", "x = 1", "id = 3", "﻿id = 'a'"])
def test_what_is_no_method_at_all_is_refused(text: str) -> None:
    found = load_methods([("x.toml", text)])
    assert not found.methods
    assert len(found.faults) == 1


def test_shipped_files_are_named_after_their_method() -> None:
    for path in (Path(ROOT) / "resources" / "methods").glob("*.toml"):
        assert f'id = "{path.stem}"' in path.read_text(encoding="utf-8").splitlines()[0]
