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


def test_curves_may_follow_one_option_and_the_method_may_stand_last(capsys: pytest.CaptureFixture[str]) -> None:
    cubes = sorted(str(path) for path in (DATA / "concrete-cubes-mts").glob("M01_28d_*.dat"))
    assert len(cubes) == 3
    assert run_evaluate(["concrete-cube", "--curve", *cubes, "--json", "--lang", "en"]) == 0
    together = capsys.readouterr().out
    assert [value["symbol"] for value in json.loads(together)["values"]].count("fcu") == 3
    assert run_evaluate(["--json", "--lang", "en", "--curve", *cubes, "concrete-cube"]) == 0
    assert capsys.readouterr().out == together


def test_a_makers_export_is_evaluated_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    export = str(DATA / "export-zwick" / "MoFB_Traction_1.XLS")
    assert run_evaluate(["tensile", "--curve", export, "--json"]) == 0
    values = {value["symbol"]: value["value"] for value in json.loads(capsys.readouterr().out)["values"]}
    assert values["Rm"] == pytest.approx(10638.2626953125 / 9.0846)


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


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["diameter_mm=-5"], "diameter_mm"),
        (["diameter_mm=0"], "diameter_mm"),
        (["diameter_mm=five"], "five"),
        (["s0_mm2=nan"], "s0_mm2"),
        (["s0_mm2=1e400000"], "s0_mm2"),
        (["l0_mm=500"], "500"),
        (["le_mm=31"], "31"),
        (["lu_mm=20"], "20"),
        (["du_mm=9"], "63.617"),
        (["agt_l0_mm=100", "agt_l_mm=90"], "90"),
        (["length_mm=20"], "20"),
        (["colour=red"], "colour"),
    ],
)
def test_a_wrong_size_is_named_in_one_sentence(
    settings: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_evaluate(["tensile", "--curve", STEEL, "--set", *settings, "--json", "--lang", "en"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert printed.err.strip().count("\n") == 0


@pytest.mark.parametrize(
    "content",
    [
        "time_s,force_kn\n0,1\n1,two\n2,3\n3,4\n",
        "force_kn,extension_mm\n1,0\n2,1\n3,2\n",
        "time_s,extension_mm\n0,1\n1,2\n2,3\n",
        "time_s,force_kn\n0,1\n1,2\n2,3\n",
        "time_s,force_kn\n" + "".join(f"{i},0\n" for i in range(40)),
        "time_s,force_kn\n" + "".join(f"{40 - i},{i}\n" for i in range(40)),
        "",
        "\x00\x01\x02" * 50,
    ],
    ids=["text", "no-time", "no-force", "three-points", "no-load", "time-backwards", "empty", "bytes"],
)
def test_a_curve_that_is_none_is_refused(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "curve.csv"
    path.write_text(content, encoding="utf-8")
    assert run_evaluate(["tensile", "--curve", str(path), "--set", "s0_mm2=100", "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.strip().count("\n") == 0


def test_without_extension_channel_strengths_remain_and_strains_say_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "force-only.csv"
    path.write_text("time_s,force_kn\n" + "".join(f"{i},{min(i, 80 - i)}\n" for i in range(80)), encoding="utf-8")
    assert run_evaluate(["tensile", "--curve", str(path), "--set", "s0_mm2=100", "--json", "--lang", "en"]) == 0
    values = {value["symbol"]: value for value in json.loads(capsys.readouterr().out)["values"]}
    assert values["Rm"]["value"] == 400.0
    for symbol in ("Rp0.2", "Ag", "Agt", "A", "At", "E"):
        assert values[symbol]["value"] is None
        assert "extensometer" in values[symbol]["note"]


def test_what_was_measured_on_the_broken_piece(capsys: pytest.CaptureFixture[str]) -> None:
    settings = ["du_mm=3.3405", "agt_l0_mm=100", "agt_l_mm=105", "lu_mm=28.6", "l0_mm=25"]
    assert run_evaluate(["tensile", "--curve", STEEL, "--set", *settings, "--json"]) == 0
    values = {value["symbol"]: value for value in json.loads(capsys.readouterr().out)["values"]}
    assert values["Z"]["value"] == pytest.approx(55.42, abs=0.01)
    assert values["Agt"]["value"] == pytest.approx(5.0 + 1198.73 / 2000, abs=0.001)
    assert values["A"]["value"] == pytest.approx(14.4, abs=0.001)


def test_a_mark_moved_by_hand_keeps_the_automatic_value_in_sight(capsys: pytest.CaptureFixture[str]) -> None:
    moved = ["mark_rp02_s=20", "mark_reason=slip at 19 s"]
    assert run_evaluate(["tensile", "--curve", STEEL, "--set", *moved, "--json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    proof = next(value for value in told["values"] if value["symbol"] == "Rp0.2")
    assert "moved by hand" in proof["note"]
    assert any("automatic 1132" in line and "slip at 19 s" in line for line in told["warnings"])
    assert run_evaluate(["tensile", "--curve", STEEL, "--set", "mark_rp02_s=20", "--lang", "en"]) == 2
    assert "reason" in capsys.readouterr().err
