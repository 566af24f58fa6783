"""The chapter on acceptance: every key of the page stands in it, and every command it shows is understood."""

from __future__ import annotations

import re
import shlex

import pytest

from labdesk.app.command import HANDLERS
from labdesk.cli.acceptance import _parser
from labdesk.domain.profile import BUILT_IN
from labdesk.domain.sentences import Language, say
from tests.helpers.source import ROOT

LANGUAGES = ("zh", "en")


def chapter(language: str) -> str:
    return (ROOT / "docs" / "manual" / language / "21-acceptance.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_page_stands_in_it(language: str) -> None:
    source = (ROOT / "labdesk" / "ui" / "projects" / "acceptance_page.py").read_text(encoding="utf-8")
    keys = re.findall(r'KeyAction\("([^"]+)"', source)
    assert len(keys) == 10
    spaces = {"zh": "空格", "en": "Space"}[language]
    for key in keys:
        assert key.replace("Space", spaces) in chapter(language), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_commands_are_understood(language: str) -> None:
    lines = [shlex.split(line) for line in chapter(language).splitlines() if line.startswith("labdesk acceptance")]
    assert len(lines) == 5
    for _, command, *arguments in lines:
        assert command in HANDLERS
        _parser().parse_args(arguments)


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_words_are_those_of_the_program(language: str) -> None:
    text = chapter(language)
    assert str(BUILT_IN.low_group_percent) in text
    assert (
        say("acceptance.kind.concrete-same-condition", Language(language)).casefold().replace(" ", "-")
        in text.casefold()
    )
    for number in ("45", "90", "0.88", "1.10", "0.85"):
        assert number in text
