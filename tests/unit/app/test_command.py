"""``labdesk`` itself: its version, its help, and what it does not know."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from pathlib import Path

import pytest

from labdesk.app.command import HANDLERS, USAGE, main
from labdesk.services.data_folder import HOME_VARIABLE

OWN = """extends = "GBT50107-2010"
name = "north"
author = "陈立"
reason = "checked against the print"
checked_against_print = true

[numbers]
sigma_floor = { value = "3.0", clause = "GB/T 50107-2010 5.1.2", certainty = "V" }
"""


def test_the_version_is_the_installed_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"labdesk {version('labdesk')}\n"


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert shown == USAGE
    assert [name for name in HANDLERS if name not in shown] == []


@pytest.mark.parametrize(("locale", "word"), [("zh_CN.UTF-8", "没有"), ("en_US.UTF-8", "There is no command")])
def test_an_unknown_command_is_one_sentence_in_the_systems_language(
    locale: str, word: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert main(["--nosuch"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert word in shown.err
    assert shown.err.count("\n") == 1


def test_own_tables_of_the_home_named_are_seen_and_only_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    empty, own = tmp_path / "empty", tmp_path / "own"
    (own / "standards").mkdir(parents=True)
    (own / "standards" / "north.toml").write_text(OWN, encoding="utf-8")
    monkeypatch.setenv(HOME_VARIABLE, str(empty))

    def rules(*arguments: str) -> list[str]:
        assert main(["methods", "--json", *arguments]) == 0
        listed = json.loads(capsys.readouterr().out)
        return next(method["rules"] for method in listed if method["id"] == "concrete-acceptance")

    assert rules() == ["GBT50107-2010"]
    found = rules("--home", str(own))
    assert len(found) == 2
    assert rules() == ["GBT50107-2010"], "the next command is of the usual home again"
    assert os.environ[HOME_VARIABLE] == str(empty)
    groups = ["--set", "design_grade=C30", "fcu_mpa=33.0,33.5,33.2,33.4,33.1,33.3,33.2,33.6,33.0,33.4", "--json"]
    assert main(["evaluate", "concrete-acceptance", *groups]) == 0
    shipped = json.loads(capsys.readouterr().out)
    assert main(["evaluate", "concrete-acceptance", "--home", str(own), *groups]) == 0
    corrected = json.loads(capsys.readouterr().out)
    deviation = [next(v["rounded"] for v in told["values"] if v["symbol"] == "Sfcu") for told in (shipped, corrected)]
    assert deviation == [2.5, 3.0]
    assert corrected["rules"].startswith("GBT50107-2010+north@")
