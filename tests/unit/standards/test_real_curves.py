"""Published values on real curves, compared with the sources' own numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.evaluation import Evaluation
from labdesk.services.curve_files import read_curve_file
from labdesk.services.evaluation import evaluate_curve

DATA = Path(__file__).parents[2] / "data"
TENSILE = sorted((DATA / "tensile-42crmo4").glob("*.csv"))
CUBES = sorted((DATA / "concrete-cubes-mts").glob("*.dat"))


def values(evaluation: Evaluation) -> dict[str, float | None]:
    return {value.symbol: None if value.raw is None else float(value.raw) for value in evaluation.values}


def published(path: Path) -> dict[str, float]:
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines()[:20]:
        cells = line.split("\t")
        if len(cells) > 2 and cells[1] != "RT":
            found[cells[0].rstrip(":")] = float(cells[1])
    return found


@pytest.mark.parametrize("path", TENSILE, ids=lambda path: path.stem)
def test_42crmo4(path: Path) -> None:
    found = values(evaluate_curve("tensile", {"one": read_curve_file(path).curve}, {}))
    source = published(path)
    assert found["Rm"] == pytest.approx(source["Ultimate tensile strength"], rel=0.001)
    assert found["Rp0.2"] == pytest.approx(source["Yield stress at 0.2% plastic strain"], rel=0.001)
    assert found["Ag"] == pytest.approx(source["Uniform elongation"], abs=0.05)
    assert found["A"] == pytest.approx(source["Elongation after fracture"], abs=0.05)
    # The rise of these curves bends by 3 %: the slope depends on the window each laboratory takes.
    assert found["E"] == pytest.approx(source["Slope of linear-elastic region"], rel=0.015)
    assert found["ReH"] is None
    assert found["ReL"] is None


def test_1045_sharp_upper_yield_at_2_hz_is_not_smoothed_away() -> None:
    path = DATA / "tensile-1045" / "Steel_1045_Normalized_1_Formatted.csv"
    found = values(evaluate_curve("tensile", {"one": read_curve_file(path).curve}, {}))
    assert found["ReH"] == pytest.approx(523.7, abs=0.05)
    assert found["Rm"] == pytest.approx(737.11, rel=0.001)
    assert found["Fm"] == 29.43
    assert found["A"] == pytest.approx(27.17, abs=0.01)
    assert found["ReL"] == pytest.approx(495.0, abs=1.0)


@pytest.mark.parametrize("path", CUBES, ids=lambda path: path.stem)
def test_cube_peak_is_the_machines_register(path: Path) -> None:
    curve = read_curve_file(path).curve
    lines = path.read_text(encoding="latin-1").splitlines()
    peak = -Decimal(lines[17].split("\t")[1].replace(",", "."))
    assert Decimal(curve.metadata["machine_peak_kn"]) == peak
    evaluation = evaluate_curve("concrete-cube", {"one": curve}, {})
    assert evaluation.values[0].raw == pytest.approx(peak * 1000 / 22500)


@pytest.mark.parametrize(
    ("name", "load", "strength"),
    [
        ("M01_Z0", 410, "53.2898"), ("M01_Z02", 387, "50.3003"), ("M01_Z03", 416, "54.0696"),
        ("M02_Z01", 444, "57.7089"), ("M02_Z02", 441, "57.3190"), ("M02_Z03", 439, "57.0590"),
    ],
)  # fmt: skip
def test_cylinders_meet_their_protocols(name: str, load: int, strength: str) -> None:
    curve = read_curve_file(DATA / "concrete-cylinders-mts" / f"{name}.dat").curve
    assert round(float(curve.metadata["machine_peak_kn"])) == load
    found = values(evaluate_curve("concrete-cylinder", {"one": curve}, {"diameter_mm": "99"}))
    assert found["fc"] == pytest.approx(
        float(strength), abs=0.11
    )  # the protocol rounds the load to 1 kN, area to 0.785 d2


def test_a_typing_error_in_a_file_is_said_and_not_corrected() -> None:
    read = read_curve_file(DATA / "concrete-cubes-mts" / "M01_7d_W03.dat")
    assert ("curve_file.odd_size", "1148") in [(remark.key, remark.params.get("value")) for remark in read.remarks]


def test_real_curves_of_other_lengths_are_cut_nowhere() -> None:
    for path in TENSILE:
        rows = path.read_text(encoding="utf-8").splitlines()
        header = next(index for index, row in enumerate(rows) if row.startswith("Time\t"))
        assert len(read_curve_file(path).curve) == len(rows) - header - 2
