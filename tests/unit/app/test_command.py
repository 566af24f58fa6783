"""``labdesk`` itself: its version, its help, and what it does not know."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from labdesk.app.command import HANDLERS, USAGE, main


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
