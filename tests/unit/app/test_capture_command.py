"""``labdesk capture``: what it says of itself and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labdesk.app import capture_command
from labdesk.app.machine_commands import run_machine_command
from labdesk.cli.language import system_language
from labdesk.domain.errors import OperatorError

HERE = ["--driver", "labdesk_utm", "--port", "socket://127.0.0.1:1", "--out", "a.run"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--limit", "0"],
        ["--limit", "soon"],
        ["--for", "0"],
        ["--for", "3", "--until-break"],
        ["--preload", "-1"],
        ["--preload", "many"],
        ["--preload", "nan"],
        ["--arming", "0.5"],
        ["--drop", "100"],
        ["--drop", "0"],
        ["--set", "colour=red"],
        ["--set", "baud"],
        ["--set", "baud=fast"],
        ["--driver", "nobody"],
        ["--driver", "mts_lx"],
        ["--out", "no/such/folder/a.run"],
        ["--tap-shared", "--tap-host", "COM4"],
    ],
)
def test_a_wrong_option_is_one_sentence_and_exit_2(
    wrong: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_machine_command("capture", [*HERE, *wrong]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert "Traceback" not in shown.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("language", "word"), [("en_GB.UTF-8", "the line was lost"), ("zh_CN.UTF-8", "通信中断")])
def test_help_names_every_exit_status_in_the_readers_language(
    language: str, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = system_language({"LC_ALL": language})
    monkeypatch.setattr(capture_command, "system_language", lambda: said)
    with pytest.raises(SystemExit) as ended:
        run_machine_command("capture", ["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    statuses = [line.split()[0] for line in shown[shown.rindex("\n\n") :].splitlines() if line.startswith("  ")]
    assert statuses == ["0", "1", "2", "3"]
    assert word in shown


def told(**more: Any) -> dict[str, Any]:
    return {"status": 0, "sentence": None, "remarks": [], "recovered": []} | more


def test_what_is_to_be_said_stands_on_both_outputs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = {"key": "capture.ended_lost", "params": {"detail": "unplugged", "peak": "81.2", "out": "a.run"}}
    remark = {"key": "capture.mark.gap", "params": {"label": "a", "run": "r-1"}}
    answer = told(status=3, sentence=sentence, remarks=[remark], recovered=["b.run"])
    monkeypatch.setattr(capture_command, "capture_until_break", lambda command, armed: answer)
    assert run_machine_command("capture", HERE) == 3
    shown = capsys.readouterr()
    printed = json.loads(shown.out)
    lines = shown.err.splitlines()
    assert lines[:2] == [printed["sentence"]["text"], printed["remarks"][0]["text"]]
    assert "81.2" in lines[0]
    assert "b.run" in lines[2]


def test_given_up_before_it_was_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(capture_command, "capture_until_break", interrupted)
    with pytest.raises(OperatorError, match="given_up"):
        capture_command.run_capture(HERE)
