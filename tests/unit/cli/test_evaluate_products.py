"""Products on the command line: results files, whole lots, words and orders, and wrong tables."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from labdesk.cli.evaluate import run_evaluate, run_methods
from labdesk.domain.evaluation import LotInput, SpecimenInput, TestKind
from labdesk.domain.plain import to_plain

DATA = Path(__file__).parents[2] / "data"


def evaluated(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    assert run_evaluate([*argv, "--json", "--lang", "en"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_results_file_as_csv_or_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, listed = tmp_path / "groups.csv", tmp_path / "groups.json"
    values = ["31.2", "38.5", "29.8", "36.1", "33.0", "40.2", "28.9", "35.5", "32.6", "37.4"]
    table.write_text("label,fcu_mpa\n" + "\n".join(f"G{n:02},{v}" for n, v in enumerate(values)), encoding="utf-8")
    listed.write_text(
        json.dumps([{"label": f"G{n:02}", "fcu_mpa": float(v)} for n, v in enumerate(values)]), encoding="utf-8"
    )
    for path in (table, listed):
        found = evaluated(capsys, "concrete-acceptance", "--results", str(path), "--set", "design_grade=C30")
        assert found["verdict"] == "FAIL"
        assert next(value["rounded"] for value in found["values"] if value["symbol"] == "mfcu") == 34.3
        assert found["conclusion"]["zh"].endswith("评定为不合格。")
        assert found["commission"] == []


def test_a_retest_says_what_to_commission(capsys: pytest.CaptureFixture[str]) -> None:
    given = ("grade=HRB400", "diameter_mm=25", "peak_kn=265.2,291.5,270", "fracture=bar,connector,bar")
    found = evaluated(capsys, "rebar-splice", "--set", *given)
    assert (found["verdict"], found["commission"]) == (
        "RETEST",
        [{"item": {"zh": "拉伸试验", "en": "tension test"}, "count": 6}],
    )
    second = found["values"][1]
    assert (second["value"], second["rounded"], second["limit"]) == (pytest.approx(593.807, abs=0.001), 594, ">= 594")
    assert (second["clause"], second["regime"]) == ("JGJ 107-2016 3.0.5, 3.0.7", "1 MPa, full-value")
    assert "products.regime_flips" in found["warning_keys"]


def test_a_whole_lot_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pieces = tuple(
        SpecimenInput(str(n), (TestKind.TENSION,), {"fracture": "bar"}, manual_peak_kn=Decimal("270")) for n in range(3)
    )
    lot = LotInput("rebar-splice", "", {"grade": "HRB400", "diameter_mm": "25"}, pieces)
    path = tmp_path / "lot.json"
    path.write_text(json.dumps(to_plain(lot)), encoding="utf-8")
    assert evaluated(capsys, "rebar-splice", "--lot", str(path))["verdict"] == "PASS"
    assert evaluated(capsys, "rebar-splice", "--lot", str(path), "--set", "splice_grade=II")["verdict"] == "PASS"
    assert run_evaluate(["rebar-weld", "--lot", str(path)]) == 2


def test_a_rebar_lot_from_a_results_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bars.csv"
    rows = ["label,length_mm,mass_g,f_el_kn,peak_kn,agt_l0_mm,agt_l_mm,bend_result,reverse_bend_result"]
    rows += [f"G-{n},500,1235,140.0,190.0,100,112,," for n in (1, 2)]
    rows += [f"G-{n},500,1235,,,,,no-crack," for n in (3, 4)]
    path.write_text("\n".join([*rows, "G-5,500,1235,,,,,,no-crack"]), encoding="utf-8")
    found = evaluated(capsys, "rebar-lot", "--results", str(path), "--set", "grade=HRB400E", "diameter_mm=20")
    assert found["verdict"] == "PASS"
    assert {value["symbol"] for value in found["values"]} >= {"dW", "ReL", "Rm", "R°m/R°eL", "R°eL/ReL", "Agt", "bend"}
    assert "evaluation.no_curve" in found["warning_keys"]


WRONG_TABLES = {
    "empty.csv": "",
    "head.csv": "label,fcu_mpa\n",
    "ragged.csv": "label,fcu_mpa\nA,30\nB\n",
    "quote.csv": 'label,fcu_mpa\nA,"30\n',
    "unknown.csv": "label,strength\nA,30\n",
    "twice.csv": "label,fcu_mpa\nA,30\nA,31\n",
    "words.csv": "label,fcu_mpa\nA,thirty\n",
    "negative.csv": "label,fcu_mpa\nA,-30\n",
    "broken.json": "[{",
    "number.json": "[1, 2]",
    "object.json": '{"groups": 3}',
    "tests.csv": "label,fcu_mpa,tests\nA,30,guess\n",
}


@pytest.mark.parametrize("name", sorted(WRONG_TABLES))
def test_a_wrong_results_file_is_exit_2_with_one_sentence(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text(WRONG_TABLES[name], encoding="utf-8")
    for language in ("zh", "en"):
        argv = [
            "concrete-acceptance",
            "--results",
            str(path),
            "--set",
            "design_grade=C30",
            "--lang",
            language,
            "--json",
        ]
        assert run_evaluate(argv) == 2
        printed = capsys.readouterr()
        assert (printed.out, printed.err.strip().count("\n")) == ("", 0)
        assert len(printed.err) > 10


def test_results_that_are_no_text_or_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "photo.csv").write_bytes(b"\xff\xd8\xff\xe0")
    for name in ("photo.csv", "nowhere.csv"):
        assert run_evaluate(["mortar-cube", "--results", str(tmp_path / name)]) == 2
        assert capsys.readouterr().err.strip().count("\n") == 0


def test_methods_list_products_with_their_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_methods(["--json"]) == 0
    listed = {item["id"]: item for item in json.loads(capsys.readouterr().out)}
    inputs = {item["name"]: item for item in listed["rebar-weld"]["inputs"]}
    assert "gas-pressure" in inputs["weld_kind"]["choices"]
    assert inputs["fracture"]["per_specimen"]
    assert listed["rebar-splice"]["rules"] == ["JGJ107-2016", "JGJ107-2016:rounded", "JGJ107-2016:5MPa"]


def test_curves_of_prisms_are_crushed_like_cubes(capsys: pytest.CaptureFixture[str]) -> None:
    files = [part for n in (4, 5, 6) for part in ("--curve", str(DATA / "concrete-cubes-mts" / f"M01_28d_W0{n}.dat"))]
    found = evaluated(capsys, "concrete-prism", *files, "--set", "side_mm=150", "design_grade=C50")
    assert [value["rounded"] for value in found["values"]] == [58.6, 60.0, 59.1, 59.2]
    assert "evaluation.no_curve" not in found["warning_keys"]
    slow = evaluated(capsys, "concrete-flexural", *files, "--set", "side_mm=150", "design_grade=C50")
    assert "evaluation.rate_out_of_band" in slow["warning_keys"], "a cube's curve is far too fast for a beam"


def test_mortar_is_loaded_slowly(capsys: pytest.CaptureFixture[str]) -> None:
    files = [part for n in (4, 5, 6) for part in ("--curve", str(DATA / "concrete-cubes-mts" / f"M01_28d_W0{n}.dat"))]
    fast = evaluated(capsys, "mortar-cube", *files, "--set", "design_grade=M10")
    assert "products.force_rate_out_of_band" in fast["warning_keys"]
    assert any("0.25-1.5 kN/s" in sentence for sentence in fast["warnings"])


def test_a_row_belongs_to_the_curve_of_its_label(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "joints.csv"
    path.write_text("label,fracture,peak_kn\n46NT71,bar,1\nB,connector,80\nC,bar,60\n", encoding="utf-8")
    curve = str(DATA / "tensile-42crmo4" / "46NT71.csv")
    argv = ("rebar-splice", "--curve", curve, "--results", str(path), "--set", "grade=HRB400", "diameter_mm=10")
    found = evaluated(capsys, *argv)
    by_label = {value["subject"]: value for value in found["values"]}
    assert by_label["46NT71"]["value"] == pytest.approx(300.0, abs=1.0), "the curve's own peak, not the typed one"
    assert by_label["46NT71"]["note"] == "the bar broke"
    assert by_label["B"]["verdict"] == "PASS"


@pytest.mark.parametrize(("age", "told"), [("28 d 8 h", False), ("28 d 9 h", True), ("27 d 15 h", True)])
def test_cement_has_its_own_tolerance_of_age(age: str, told: bool, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ("cement-strength", "--set", "flexural_n=2990,3080,3030", "age_d=28", f"real_age={age}")
    keys = evaluated(capsys, *argv)["warning_keys"]
    assert bool({"evaluation.over_age", "evaluation.under_age"} & set(keys)) is told
