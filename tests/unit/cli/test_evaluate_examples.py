"""Worked examples of the standards' reference typed on one line, as a stranger would: no file, only ``--set``."""

from __future__ import annotations

import json

import pytest

from labdesk.cli.evaluate import run_evaluate

_BAR = ("grade=HRB400", "diameter_mm=20", "f_el_kn=140", "peak_kn=186", "l0_mm=100", "lu_mm=126.3")


def typed(capsys: pytest.CaptureFixture[str], method: str, *settings: str, rules: str = "") -> dict[str, list[str]]:
    """Rounded values by symbol."""
    assert run_evaluate([method, "--set", *settings, *(["--rules", rules] if rules else []), "--json"]) == 0
    found: dict[str, list[str]] = {}
    for value in json.loads(capsys.readouterr().out)["values"]:
        found.setdefault(value["symbol"], []).append(value["rounded_text"])
    return found


@pytest.mark.parametrize(
    ("settings", "singles", "mean"),
    [
        (("side_mm=150", "peak_kn=786.7,826.5,853.6"), ["35.0", "36.7", "37.9"], "36.5"),
        (("side_mm=100", "peak_kn=335,352,318"), ["31.8", "33.4", "30.2"], "31.8"),
        (("side_mm=200", "peak_kn=1210,1250,1198"), ["31.8", "32.8", "31.4"], "32.0"),
    ],
    ids=["C1", "C2", "C3"],
)
def test_cubes_without_a_curve(
    settings: tuple[str, ...], singles: list[str], mean: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = typed(capsys, "concrete-cube", *settings)
    assert (found["fcu"], found["fcu,m"]) == (singles, [mean])


def test_cubes_with_neither_curve_nor_peak_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_evaluate(["concrete-cube", "--set", "side_mm=150", "--lang", "en"]) == 2
    assert "curve" in capsys.readouterr().err


@pytest.mark.parametrize(("rules", "a"), [("GB1499.2-2024", "26.5"), ("GB1499.2-2024:YBT081", "26")])
def test_the_gauge_length_of_the_lot_counts_for_each_bar(
    rules: str, a: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """B9: L0 is an input of the lot, Lu one of the bar."""
    assert typed(capsys, "rebar-lot", *_BAR, rules=rules)["A"] == [a]
