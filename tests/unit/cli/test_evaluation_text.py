"""Without ``--json``: every value with raw and rounded figure, limit, verdict, clause and regime; the words of the conclusion."""

from __future__ import annotations

from pathlib import Path

import pytest

from labdesk.cli.evaluate import run_evaluate

STEEL = str(Path(__file__).parents[2] / "data" / "tensile-42crmo4" / "46NT71.csv")


def lines(capsys: pytest.CaptureFixture[str], *argv: str) -> list[str]:
    assert run_evaluate([*argv]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("language", "head"), [("en", "rounding step, comparison"), ("zh", "修约间隔与比较方法")])
def test_a_judge_can_recompute_each_verdict(language: str, head: str, capsys: pytest.CaptureFixture[str]) -> None:
    splice = ("rebar-splice", "--set", "grade=HRB400", "diameter_mm=25", "peak_kn=270,271,200", "fracture=bar,bar,bar")
    shown = lines(capsys, *splice, "--lang", language)
    assert shown[0].split() == ["rebar-splice", "JGJ107-2016", "RETEST"]
    assert shown[1].endswith(head)
    third = next(line for line in shown if line.startswith("3 "))
    assert third.split("  ")[0].strip() == "3"
    for part in ("fmst", "407", "407.414952129", ">= 540", "FAIL", "JGJ 107-2016 3.0.5, 3.0.7", "1 MPa, full-value"):
        assert part in third
    assert shown[-1].endswith("x 6")


def test_a_value_that_is_missing_says_why_below(capsys: pytest.CaptureFixture[str]) -> None:
    shown = lines(capsys, "tensile", "--curve", STEEL, "--lang", "en")
    place = next(at for at, line in enumerate(shown) if line.split()[1:2] == ["ReH"])
    assert shown[place].split()[2:5] == ["-", "MPa", "-"]
    assert shown[place + 1].startswith("    The curve shows no yielding")


def test_the_columns_line_up_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    shown = lines(capsys, "tensile", "--curve", STEEL, "--lang", "zh")
    rows = [line for line in shown[2:] if "GB/T 228.1" in line]
    assert len({line.index("GB/T 228.1") for line in rows}) == 1
    heads = shown[1][: shown[1].index("条款")]
    assert len(heads) + sum("\u4e00" <= char <= "\u9fff" for char in heads) == rows[0].index("GB/T 228.1")


def test_one_bar_is_not_a_lot(capsys: pytest.CaptureFixture[str]) -> None:
    shown = lines(capsys, "rebar-tensile", "--curve", STEEL, "--set", "grade=HRB400", "diameter_mm=6", "--lang", "en")
    assert any(line.startswith("What was tested of this bar") for line in shown)
    assert not any("the lot passes" in line for line in shown)


def test_a_failing_material_says_what_is_known_of_its_retest(capsys: pytest.CaptureFixture[str]) -> None:
    stored = lines(
        capsys, "sand-mud", "--set", "m0_g=400.0,400.0", "m1_g=380.2,381.4", "concrete=C30-C55", "--lang", "en"
    )
    assert any("tested again on twice the samples" in line for line in stored)
    silent = lines(capsys, "flyash-moisture", "--set", "m0_g=50.00,50.00", "m1_g=48.00,48.00", "--lang", "en")
    assert silent[0].endswith("FAIL")
    assert any(line.startswith("- No retest rule is stored") for line in silent)
