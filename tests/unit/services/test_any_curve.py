"""One curve in the dresses of many programs: the same numbers or a question, never a factor of a thousand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.services.any_curve import read_any_curve

DATA = Path(__file__).parents[2] / "data"
GEOMETRY = "#s0_mm2: 78.54\n#l0_mm: 50\n#le_mm: 50\n"
SAMPLES = [(index / 4, index * 0.5, index * 0.01) for index in range(1, 60)] + [(15.0, 1.0, 0.62)]


def table(head: str, row: Callable[[float, float, float], str]) -> str:
    """A file of the samples: seconds, kilonewtons, millimetres of extension."""
    return GEOMETRY + head + "\n" + "\n".join(row(*sample) for sample in SAMPLES) + "\n"


DRESSES = {
    "own": table("time_s,force_kn,extension_mm", lambda t, f, e: f"{t},{f},{e:.4f}"),
    "own, decimal comma in quotes": table(
        "time_s,force_kn,extension_mm", lambda t, f, e: f'"{t}","{f}","{e:.4f}"'.replace(".", ",").replace('","', '";"')
    ).replace("time_s,force_kn,extension_mm", "time_s;force_kn;extension_mm"),
    "quoted decimal comma": table(
        "time_s,force_kn,extension_mm",
        lambda t, f, e: ",".join('"' + f"{value:.4f}".replace(".", ",") + '"' for value in (t, f, e)),
    ),
    "newtons in the name": table("time_s,force_n,extension_mm", lambda t, f, e: f"{t},{f * 1000},{e:.4f}"),
    "milliseconds": table("time_ms,force_kn,extension_mm", lambda t, f, e: f"{t * 1000},{f},{e:.4f}"),
    "strain in percent": table("time_s,force_kn,strain_percent", lambda t, f, e: f"{t},{f},{e * 2:.4f}"),
    "microstrain": table("Time (s),Force (kN),Strain (µm/m)", lambda t, f, e: f"{t},{f},{e * 20000:.1f}"),
    "Chinese, wide brackets": table("时间（秒）,力（N）,引伸计（mm）", lambda t, f, e: f"{t},{f * 1000},{e:.4f}"),
    "force counted negative alone": table("time_s,force_kn,extension_mm", lambda t, f, e: f"{t},{-f},{e:.4f}"),
    "foreign, force counted negative alone": table(
        "Time (s);Force (kN);Extension (mm)", lambda t, f, e: f"{t};{-f};{e:.4f}"
    ),
    "all counted negative": table("time_s,force_kn,extension_mm", lambda t, f, e: f"{t},{-f},{-e:.4f}"),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_same_numbers_in_every_dress(dress: str, tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    path.write_text(DRESSES[dress], encoding="utf-8")
    ((name, read),) = read_any_curve(path, {})
    curve = read.curve
    assert name == "curve"
    assert curve.extension_mm is not None
    for index, (time, force, extension) in enumerate(SAMPLES):
        assert float(curve.time_s.exact(index)) == pytest.approx(time)
        assert float(curve.force_kn.exact(index)) == pytest.approx(force)
        assert float(curve.extension_mm.exact(index)) == pytest.approx(extension)


def refused(path: Path, **settings: str) -> str:
    with pytest.raises(OperatorError) as caught:
        read_any_curve(path, settings)
    return caught.value.key


def test_a_unit_that_is_not_printed_is_asked_and_can_be_answered(tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text(table("Time,Force,Extension", lambda t, f, e: f"{t},{f * 1000},{e:.4f}"), encoding="utf-8")
    assert refused(path) == "import.ask_unit"
    answers = {"force_unit": "N", "time_unit": "s", "extension_unit": "mm", "grade": "HRB400E", "length_mm": "500 501"}
    ((_, read),) = read_any_curve(path, answers)
    assert read.curve.force_kn.exact(3) == Decimal(2)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    for head, key in (("time_s,extension_mm", "curve_file.no_force"), ("force_kn,extension_mm", "curve_file.no_time")):
        path.write_text(table(head, lambda t, f, e: f"{t},{e}"), encoding="utf-8")
        assert refused(path) == key
    path.write_text(table("Time (s),Stress (MPa)", lambda t, f, e: f"{t},{f}"), encoding="utf-8")
    assert refused(path) == "import.ask_titles"
    path.write_bytes(bytes(range(256)) * 20)
    assert refused(path).startswith(("import.", "curve_file."))


def test_a_word_in_our_own_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    path.write_text(DRESSES["own"].replace("\n0.75,1.5,", "\n0.75,abc,"), encoding="utf-8")
    assert refused(path) == "curve_file.not_a_number"


@pytest.mark.parametrize(
    ("name", "peak_kn", "area"),
    [
        ("MoFB_Traction_1.XLS", 10.63826, "9.0846"),
        ("Invar_LT_05_01.TRA", 7.40726, "7.335"),
        ("Traction-4_316.XLSX", 6.72559, "8.399999999999999"),
    ],
)
def test_testxpert_exports_are_curves(name: str, peak_kn: float, area: str) -> None:
    ((_, read),) = read_any_curve(DATA / "export-zwick" / name, {})
    force = read.curve.force_kn
    assert float(force.exact(int(force.counts.argmax()))) == pytest.approx(peak_kn, rel=1e-6)
    assert read.curve.metadata["s0_mm2"] == area


def test_results_without_a_curve_are_no_curve() -> None:
    assert refused(DATA / "concrete-cylinders-mts" / "20240220_7188_M01_Z04_E-Modul.xml") == "import.no_curve"
