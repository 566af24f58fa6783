"""``labdesk read-codes``: its lines, its sentence and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labdesk.app.command import main

PHOTOS = Path(__file__).parents[2] / "data" / "qr-photos"
ONE = PHOTOS / "qrcode-1" / "1.webp"
NONE = PHOTOS / "falsepositives-2" / "04.webp"


def test_one_line_per_picture_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read-codes", str(ONE), str(NONE), "--json"]) == 0
    shown = capsys.readouterr()
    first, second = (json.loads(line) for line in shown.out.splitlines())
    text = ONE.with_suffix(".txt").read_text(encoding="utf-8")
    assert first["file"] == str(ONE)
    assert first["codes"] == [{"text": text, "format": "QRCode", "reader": "zxing-cpp"}]
    assert first["ms"] > 0
    assert (second["file"], second["codes"]) == (str(NONE), [])
    assert shown.err == ""


def test_without_json_a_code_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read-codes", str(ONE), str(NONE)]) == 0
    text = ONE.with_suffix(".txt").read_text(encoding="utf-8")
    assert capsys.readouterr().out == f"{ONE}\tQRCode\t{text}\n"


def test_a_file_that_is_no_picture_stops_none_of_the_others(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    missing = tmp_path / "missing.png"
    assert main(["read-codes", str(missing), str(ONE), "--json", "--lang", "en"]) == 2
    shown = capsys.readouterr()
    lines = [json.loads(line) for line in shown.out.splitlines()]
    assert [len(line["codes"]) for line in lines] == [0, 1]
    assert lines[0]["error"] == shown.err.strip() == "missing.png cannot be opened: No such file or directory."


def test_several_refusals_are_still_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["read-codes", str(tmp_path / "a.png"), str(tmp_path / "b.png"), "--json", "--lang", "en"]) == 2
    assert capsys.readouterr().err == (
        "2 files could not be read, the first: a.png cannot be opened: No such file or directory.\n"
    )


def test_no_picture_is_a_wrong_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read-codes", "--json"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
