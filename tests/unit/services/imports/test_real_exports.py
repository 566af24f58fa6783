"""Real exports of real machines: what they state is what their curves give, and our own curve file loses nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.imported import ImportedTest, TestState
from labdesk.services.curve_files import parse_curve
from labdesk.services.evaluation import evaluate_curve
from labdesk.services.importing import Importing, own_curve
from labdesk.services.imports.comparing import compare
from labdesk.services.imports.reading import read_export

DATA = Path(__file__).resolve().parents[3] / "data"


def only(name: str) -> ImportedTest:
    (test,) = read_export((DATA / name).read_bytes()).tests
    return test


def test_a_french_workbook_of_testxpert() -> None:
    test = only("export-zwick/MoFB_Traction_1.XLS")
    assert (test.specimen, test.state) == ("379_A", TestState.COMPLETE)
    assert dict(test.geometry) == {"thickness_mm": "1.47", "width_mm": "6.18", "s0_mm2": "9.0846"}
    found = {item.stated.symbol: item for item in compare(test)}
    assert set(found) == {"Fm", "dL_Fm", "F_break", "dL_break"}
    assert all(item.agrees for item in found.values())
    assert found["dL_Fm"].ours == Decimal("4.214600086212158")
    assert found["F_break"].ours == Decimal("9323.556640625")
    assert test.curve is not None
    assert max(test.curve.force_kn.view) == pytest.approx(10.6382626953125)


def test_an_english_workbook_of_testxpert() -> None:
    test = only("export-zwick/Traction-4_316.XLSX")
    assert (test.specimen, test.geometry["s0_mm2"]) == ("316L UP TT03", "8.399999999999999")
    (fmax,) = compare(test)
    assert fmax.ours == fmax.stated.value == Decimal("6725.58740234375")
    # "Nominal strain" in mm is a travel, and not the one that counts
    used = {channel.used_as: channel.title for channel in test.channels if channel.used_as}
    assert used == {"time_s": "Time", "force_kn": "Standard force", "displacement_mm": "Standard travel"}


def test_a_text_of_testxpert_with_other_columns_in_another_order() -> None:
    file = read_export((DATA / "export-zwick/Invar_LT_05_01.TRA").read_bytes())
    (test,) = file.tests
    assert (file.vendor, file.encoding, test.state) == ("zwick-testxpert", "cp1252", TestState.COMPLETE)
    assert dict(test.geometry) == {"thickness_mm": "1.5", "width_mm": "4.89", "s0_mm2": "7.335", "l0_mm": "30"}
    assert test.curve is not None
    assert len(test.curve) == 5336


@pytest.mark.parametrize("number", [71, 73, 75, 77, 79, 81])
def test_published_values_come_out_of_our_own_curve_file(number: int) -> None:
    imported = Importing().read(DATA / f"tensile-42crmo4/46NT{number}.csv", {})
    (test,) = imported.file.tests
    assert all(item.agrees is not False for item in imported.comparisons[0])
    assert {item.stated.symbol for item in imported.comparisons[0] if item.agrees} >= {"Rp0.2", "Rm", "Ag", "A", "E"}
    curve = parse_curve(own_curve(test, imported.file).encode()).curve
    found = {value.symbol: value.raw for value in evaluate_curve("tensile", {"x": curve}, {}).values}
    published = {item.symbol: item.value for item in test.results}
    assert found["Rm"] == pytest.approx(published["Rm"], rel=Decimal("0.0001"))
    assert found["Rp0.2"] == pytest.approx(published["Rp0.2"], rel=Decimal("0.005"))
    assert found["ReH"] is None


def test_a_sharp_yield_point_survives_the_round_trip() -> None:
    file = read_export((DATA / "tensile-1045/Steel_1045_Normalized_1_Formatted.csv").read_bytes())
    curve = parse_curve(own_curve(file.tests[0], file).encode()).curve
    found = {value.symbol: value.raw for value in evaluate_curve("tensile", {"x": curve}, {}).values}
    assert found["Rm"] == pytest.approx(Decimal("737.11"), abs=Decimal("0.1"))
    assert found["ReH"] == pytest.approx(Decimal("523.7"), abs=Decimal("0.2"))


@pytest.mark.parametrize("path", sorted((DATA / "concrete-cubes-mts").glob("*.dat")), ids=lambda path: path.stem)
def test_cubes_keep_the_peak_that_the_machine_saw(path: Path) -> None:
    test = only(f"concrete-cubes-mts/{path.name}")
    assert test.state is TestState.COMPLETE
    assert (test.geometry["width_mm"], test.geometry["height_mm"]) == ("150", "150")
    assert test.curve is not None
    register = Decimal(test.curve.metadata["machine_peak_kn"])
    assert 0 <= register - Decimal(str(test.curve.force_kn.view.max())) < 5


def test_a_typing_error_in_a_side_is_said() -> None:
    odd = [
        path.name
        for path in sorted((DATA / "concrete-cubes-mts").glob("*.dat"))
        if any(item.key == "curve_file.odd_size" for item in only(f"concrete-cubes-mts/{path.name}").remarks)
    ]
    assert len(odd) == 1


def test_results_without_a_curve() -> None:
    modulus = only("concrete-cylinders-mts/20240220_7188_M01_Z04_E-Modul.xml")
    assert (modulus.state, modulus.geometry["diameter_mm"], modulus.geometry["mass_g"]) == (
        TestState.RESULTS_ONLY, "98.7", "5474.000",
    )  # fmt: skip
    assert {item.symbol for item in modulus.results} == {"fc", "E"}
    protocol = read_export((DATA / "concrete-cylinders-mts/protocol_M01.xlsx").read_bytes()).tests
    forces = [item.value for test in protocol[:3] for item in test.results if item.symbol == "Fm"]
    assert forces == [410, 387, 416]
    assert all(item.agrees for item in compare(protocol[0]) if item.stated.symbol == "fc")
