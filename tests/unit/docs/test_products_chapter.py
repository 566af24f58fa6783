"""The manual's chapter of products: its commands run, its table is one that LabDesk takes, and it names every product."""

from __future__ import annotations

import re
import shlex

import pytest

from labdesk.cli.evaluate import run_evaluate
from labdesk.services.product_methods import PRODUCTS
from labdesk.standards.rulesets import load, shipped
from tests.helpers.source import ROOT

CHAPTERS = {language: ROOT / "docs" / "manual" / language / "16-products.md" for language in ("zh", "en")}
TEXTS = {language: path.read_text(encoding="utf-8") for language, path in CHAPTERS.items()}
COMMANDS = [
    pytest.param(shlex.split(command)[2:], id=f"{language} {command.split()[2]}")
    for language, text in TEXTS.items()
    for command in re.findall(r"\| `(labdesk evaluate [^`]+)` \|", text)
    if "--results" not in command
]


@pytest.mark.parametrize("argv", COMMANDS)
def test_a_command_of_the_chapter_runs(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_evaluate([*argv, "--json"]) == 0
    assert capsys.readouterr().out


def test_there_are_commands_to_run() -> None:
    assert len(COMMANDS) >= 6


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_the_table_of_the_chapter_is_taken(language: str) -> None:
    block = re.search(r"```toml\n(.*?)```", TEXTS[language], re.S)
    assert block is not None
    catalogue = load([("own.toml", block[1])], over=shipped())
    assert catalogue.faults == ()
    assert any(rule_id.startswith("JGJ107-2016+north@") for rule_id in catalogue.rules)


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_every_product_is_named(language: str) -> None:
    text = TEXTS[language].replace("`-", "`concrete-")
    assert [method for method in PRODUCTS if f"`{method}`" not in text] == []
