"""``labdesk import``: JSON, curve files, one sentence and exit 2 where something is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labdesk.app.command import main
from tests.helpers import exports
from tests.helpers.exports import PEAK_KN, lines


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABDESK_HOME", str(tmp_path / "home"))


def export(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "export.dat"
    path.write_bytes(data)
    return str(path)


def test_json_and_curve_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "curve.csv"
    assert main(["import", export(tmp_path, exports.chinese()), "--json", "--out", str(out)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["vendor"], found["encoding"], found["state"]) == ("generic", "gb18030", "complete")
    assert found["geometry"] == {"diameter_mm": 16, "l0_mm": 80}
    assert [(item["kind"], item["unit"]) for item in found["channels"]] == [
        ("time", "s"), ("force", "kN"), ("displacement", "mm"), ("extension", "mm"),
    ]  # fmt: skip
    assert found["results"][0]["symbol"] == "Fm"
    assert found["results"][0]["agrees"] is True
    assert found["curve"]["peak_kn"] == pytest.approx(PEAK_KN)
    assert found["outputs"] == [str(out)]
    assert "time_s,force_kn,extension_mm,displacement_mm" in out.read_text("utf-8")
    assert main(["evaluate", "tensile", "--curve", str(out), "--json"]) == 0
    values = {item["symbol"]: item["value"] for item in json.loads(capsys.readouterr().out)["values"]}
    assert values["Fm"] == pytest.approx(PEAK_KN)


def test_several_specimens_become_several_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "curve.csv"
    assert main(["import", export(tmp_path, exports.shimadzu_two()), "--json", "--out", str(out)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["specimen"] for item in found["specimens"]] == ["1 _ 1", "1 _ 2"]
    assert (tmp_path / "curve-2.csv").exists()


def test_a_question_is_one_sentence_and_the_answer_can_be_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export(tmp_path, ("Zeit,Kraft\n" + lines(lambda row: row[:2])).encode())
    assert main(["import", path, "--json", "--lang", "en"]) == 2
    asked = capsys.readouterr()
    assert asked.out == ""
    assert asked.err.count("\n") == 1
    assert "--set time_unit=s force_unit=kN" in asked.err
    assert main(["import", path, "--set", "time_unit=s", "force_unit=kN", "--remember"]) == 0
    assert main(["import", path, "--json", "--lang", "en"]) == 0
    assert "force_unit=kN" in json.loads(capsys.readouterr().out.split("\n{", 1)[-1].join(["{", ""]))["warnings"][0]


def test_an_empty_test_is_said_and_leaves_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "curve.csv"
    assert main(["import", export(tmp_path, b"Time (s),Force (kN)\n"), "--json", "--out", str(out)]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["state"] == "empty"
    assert said.err.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize("arguments", [["missing.csv"], [], ["x", "--set", "force_unit"]])
def test_what_cannot_be_done_is_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_plain_output_names_channels_results_and_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", export(tmp_path, exports.chinese()), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "试验力" in said
    assert "diameter_mm" in said
