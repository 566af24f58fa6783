"""The chapter on taps: its pictures are what the tool draws, its sentences what the program says, its command one that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from labdesk.app.machine_commands import run_machine_command
from labdesk.domain.sentences import Language, say
from labdesk.domain.taps import TapWires, parse_tap
from tests.helpers.source import ROOT
from tools import wiring_pictures


def chapter(language: str) -> str:
    return (ROOT / "docs" / "manual" / language / "19-tap.md").read_text(encoding="utf-8")


def test_the_pictures_are_what_the_tool_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wiring_pictures.main(["check"]) == 0
    monkeypatch.setattr(wiring_pictures, "IMAGES", tmp_path)
    monkeypatch.setattr(wiring_pictures, "ROOT", tmp_path)
    for language in wiring_pictures.LANGUAGES:
        (tmp_path / language).mkdir()
    assert wiring_pictures.main(["check"]) == 1
    assert wiring_pictures.main([]) == 0
    assert wiring_pictures.main(["check"]) == 0


@pytest.mark.parametrize("language", wiring_pictures.LANGUAGES)
def test_the_chapter_shows_them_and_says_what_the_screen_says(language: str) -> None:
    text = chapter(language)
    shown = re.findall(r"\]\(\.\./images/(\w+)/([\w-]+)\.svg\)", text)
    assert shown == [(language, name) for name in ("tap-rs232", "tap-two-wires", "tap-rs485")]
    assert set(wiring_pictures.PICTURES) == {name for _, name in shown}
    for key in ("tap.silent", "tap.questions", "tap.answers"):
        assert say(key, Language(language)) in text
    taps = {parse_tap(port) for port in re.findall(r"`(tap:COM[^`]+)`", text)}
    assert {tap.wires for tap in taps if tap} == set(TapWires)


def test_its_options_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_machine_command("capture", ["--help"])
    options = capsys.readouterr().out
    assert all(option in options for option in ("--tap", "--tap-shared", "--tap-host"))
    assert all(option in chapter("en") for option in ("--tap ", "--tap-shared", "--tap-host"))
