"""``labdesk evaluate`` and ``labdesk methods``: shape, exit codes, one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labdesk.cli.evaluate import run_evaluate, run_methods

DATA = Path(__file__).parents[2] / "data"
STEEL = str(DATA / "tensile-42crmo4" / "46NT71.csv")


def test_json_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_evaluate(["tensile", "--curve", STEEL, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"method", "rules", "values", "verdict", "warnings"} <= set(found)
    rm = next(value for value in found["values"] if value["symbol"] == "Rm")
    assert {"symbol", "value", "unit", "rounded", "limit", "verdict", "clause"} <= set(rm)
    assert rm["value"] == pytest.approx(1198.73, abs=0.01)
    assert rm["rounded"] == 1199


@pytest.mark.parametrize(
    "argv",
    [
        ["tensile", "--curve", STEEL, "--set", "diameter_mm=-5"],
        ["tensile", "--curve", STEEL, "--set", "l0_mm=500"],
        ["tensile", "--curve", STEEL, "--set", "diameter_mm=five"],
        ["tensile", "--curve", STEEL, "--set", "diameter_mm"],
        ["tensile", "--curve", STEEL, "--rules", "GB1499.2-2024"],
        ["rebar-tensile", "--curve", STEEL],
        ["concrete-cube", "--curve", STEEL],
        ["tensile", "--curve", str(DATA / "README.md")],
        ["tensile", "--curve", "does-not-exist.csv"],
        ["nothing", "--curve", STEEL],
        ["tensile"],
        ["tensile", "--wrong"],
        [],
    ],
)
def test_wrong_input_is_exit_2_with_one_sentence(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_evaluate([*argv, "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.strip().count("\n") == 0
    assert len(printed.err) > 20


def test_three_points_and_missing_channel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short, blind = tmp_path / "short.csv", tmp_path / "blind.csv"
    short.write_text("#s0_mm2: 100\ntime_s,force_kn\n0,1\n1,2\n2,3\n", encoding="utf-8")
    blind.write_text("time_s,extension_mm\n0,1\n1,2\n2,3\n", encoding="utf-8")
    for path in (short, blind):
        assert run_evaluate(["tensile", "--curve", str(path), "--json", "--lang", "zh"]) == 2
        assert "曲线" in capsys.readouterr().err


def test_methods(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_methods(["--json"]) == 0
    listed = {item["id"]: item for item in json.loads(capsys.readouterr().out)}
    assert "GB1499.2-2024" in listed["rebar-lot"]["rules"]
    assert "side_mm" in [item["name"] for item in listed["concrete-cube"]["inputs"]]


def test_a_group_of_real_cubes(capsys: pytest.CaptureFixture[str]) -> None:
    files = [part for n in (4, 5, 6) for part in ("--curve", str(DATA / "concrete-cubes-mts" / f"M01_28d_W0{n}.dat"))]
    assert run_evaluate(["concrete-cube", *files, "--set", "design_grade=C50", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [value["rounded"] for value in found["values"]] == [58.6, 60.0, 59.1, 59.2, 118.0]
    assert found["verdict"] == "NOT_EVALUATED"
