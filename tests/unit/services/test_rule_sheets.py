"""The quality manager's page of the rulesets: every row with its clause, and every example in the files comes out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from labdesk.domain.sentences import Language
from labdesk.services.method_pages import catalogue_html
from labdesk.services.rule_examples import Worked, worked_examples
from labdesk.services.rule_sheets import rule_rows, rulesets_html
from labdesk.standards.product_rules import ProductRules
from labdesk.standards.rulesets import shipped

PRODUCTS = [rules for rules in shipped().rules.values() if isinstance(rules, ProductRules) and ":" not in rules.id]
EXAMPLES = [
    pytest.param(one, id=f"{rules.id} {one.id}") for rules in PRODUCTS for one in worked_examples(shipped(), rules.id)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_in_a_file_comes_out(example: Worked) -> None:
    assert dict(example.found) == dict(example.expected)
    assert example.agrees


def test_the_files_hold_many_examples() -> None:
    assert len(EXAMPLES) >= 50
    without = {rules.id for rules in PRODUCTS if not shipped().examples.get(rules.id)}
    assert without <= {"GBT1499.3-2022", "GB50204-2015-straightened"}


def test_a_wrong_expectation_is_seen() -> None:
    table = dict(shipped().examples["GBT5101-2017"][0])
    examples = {
        **shipped().examples,
        "GBT5101-2017": ({**table, "verdict": "FAIL"}, {**table, "settings": {"grade": "MU99"}}),
    }
    wrong, refused = worked_examples(replace(shipped(), examples=examples), "GBT5101-2017")
    assert not wrong.agrees
    assert refused.found == {"verdict": "evaluation.bad_choice"}


@pytest.mark.parametrize("language", list(Language))
def test_the_page_shows_every_row_of_every_edition(language: Language) -> None:
    page = rulesets_html(shipped(), language)
    assert page.count("<article") == page.count("</article>") == len([r for r in shipped().rules if ":" not in r])
    rows = [row for table in shipped().tables.values() for row in rule_rows(table)]
    assert len(rows) > 300
    assert page.count('class="badge') == len(rows)
    assert not re.search(r'class="badge c-"', page), "a certainty that is none of the six"
    assert 'class="differs"' not in page
    assert "JGJ 107-2016 7.0.8" in page


def test_it_is_part_of_the_page_of_methods() -> None:
    page = catalogue_html(Language.EN)
    assert page.count("</main>") == 1
    assert page.index('id="rules-JGJ18-2012"') < page.index("</main>")
