"""The chapter on methods: its file is accepted as it stands, it names every function, and its command works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from labdesk.cli.evaluate import run_evaluate
from labdesk.services.method_catalogue import DataMethods
from labdesk.standards.methods.formula import FUNCTIONS, TABLE_FUNCTIONS
from tests.helpers.source import ROOT

CHAPTERS = {language: ROOT / "docs" / "manual" / language / "12-methods.md" for language in ("zh", "en")}


@pytest.mark.rule("YK-7.2a")
@pytest.mark.parametrize("language", CHAPTERS)
def test_the_file_of_the_chapter_is_accepted_as_it_stands(language: str, tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", CHAPTERS[language].read_text(encoding="utf-8"), re.S)
    (tmp_path / "dust.toml").write_text(text, encoding="utf-8")
    source = DataMethods(lambda: tmp_path)
    assert not source.faults()
    assert "sand-dust" in {info.id for info in source.infos()}


@pytest.mark.parametrize("language", CHAPTERS)
def test_every_function_is_named(language: str) -> None:
    text = CHAPTERS[language].read_text(encoding="utf-8")
    for name in (*FUNCTIONS, *TABLE_FUNCTIONS, "given"):
        assert re.search(rf"\b{name}\b", text), name


@pytest.mark.parametrize("language", CHAPTERS)
def test_the_command_of_the_chapter_works(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = CHAPTERS[language].read_text(encoding="utf-8")
    command = next(line for line in re.findall(r"`labdesk evaluate ([^`]*)`", text) if "--set" in line)
    assert run_evaluate(shlex.split(command)) == 0
    assert "PASS" in capsys.readouterr().out
