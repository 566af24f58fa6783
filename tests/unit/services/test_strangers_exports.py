"""Exports as they stand in public repositories (their form, composed anew): the same steel out of each, or a question that helps."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation
from labdesk.services.any_curve import ANSWERS, read_any_curve
from labdesk.services.evaluation import Given, evaluate_given
from tests.helpers.true_curves import Machine, Recipe, Steel, record

_S0, _LE = 33.93, 50.0
_SIZES = {"s0_mm2": "33.93", "l0_mm": "50", "le_mm": "50"}
_STEEL = Steel(upper=None, lower=330.0, rm=480.0, uniform=0.18, fracture=0.26)
Row = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Time in s, force in kN, extension and travel in mm."""
    machine = Machine(hz=5.0, channels="both", quantum_kn="0.0001", stiffness_kn_mm=20.0, plastic_rate=0.005)
    curve, _ = record(Recipe(_STEEL, machine=machine, s0_mm2=_S0, le_mm=_LE, lc_mm=150.0))
    assert curve.extension_mm is not None
    assert curve.displacement_mm is not None
    views = (curve.time_s.view, curve.force_kn.view, curve.extension_mm.view, curve.displacement_mm.view)
    return [(float(t), float(f), float(e), float(d)) for t, f, e, d in zip(*views, strict=True)]


def evaluate(path: Path, settings: dict[str, str]) -> tuple[Evaluation, list[str]]:
    curves, remarks = {}, []
    for name, read in read_any_curve(path, settings):
        curves[name] = read.curve
        remarks += [remark.key for remark in read.remarks]
    inputs = {name: text for name, text in settings.items() if name not in ANSWERS}
    found = evaluate_given(Given("tensile", inputs, [], ""), curves)
    return found, remarks + [remark.key for remark in found.remarks]


def value(found: Evaluation, symbol: str) -> Decimal:
    (one,) = [item for item in found.values if item.symbol == symbol]
    assert one.raw is not None, one.note
    return one.raw


_BLUEHILL = """General : Specimen number (included),1,,,
Specimen properties : Length,50,mm,,
Specimen properties : Thickness,2.9,mm,,
Specimen properties : Width,11.7,mm,,
Specimen properties : Area,33.93,mm^2,,
Specimen properties : Final length,50,mm,,
Specimen properties : Final area,36,mm^2,,
,,,,
Time,Extension,Load,Tensile strain (Strain 1),Tensile stress
(s),(mm),(N),(mm/mm),(MPa)
"""
_MTS = "MTS793|MPT|ENU|1|2|.|/|:|1|0|0|A\n\nAxial Displacement\tAxial Force\tAxial Strain\tRunning Time\nmm\tN\tmm/mm\tSec\n"
_COMMA, _POINT = True, False
#: Head, one line per sample (time, kN, extension, travel), decimal comma, encoding, further answers.
_FORMS: dict[str, tuple[str, str, bool, str, dict[str, str]]] = {
    "Bluehill 3": (_BLUEHILL, "{t:.1f},{d:.5f},{n:.5f},{r:.7f},{s:.5f}", _POINT, "utf-8", {}),
    "Bluehill, video strain": ("Time (s),Displacement (mm),Force (kN),AVE2 (%)\n", "{t:.2f},{d:.4f},{f:.5f},{p:.4f}", _POINT, "utf-8", {}),
    "MTS 793, Sec": (_MTS, "{d:.6f}\t{n:.4f}\t{r:.7f}\t{t:.4f}", _POINT, "utf-8", {}),
    "Shimadzu, French": (
        '"Temps","Force","Stroke","Ext.1"\n"sec","N","mm","mm"\n', '"{t:.3f}","{n:.3f}","{d:.5f}","{e:.5f}"', _POINT, "utf-8", {}),
    "Polish": ("Czas [s];Siła [N];Wydłużenie [mm];Przemieszczenie [mm]\n", "{t:.3f};{n:.2f};{e:.5f};{d:.4f}", _COMMA, "utf-8", {}),
    "Portuguese": ("Tempo(s)\tForça(N)\tDeslocamento(mm)\tExtensão(mm)\n", "{t:.3f}\t{n:.2f}\t{d:.5f}\t{e:.4f}", _COMMA, "cp1252", {}),
    "Russian": ("Время, с;Нагрузка, кН;Перемещение, мм;Удлинение, мм\n", "{t:.3f};{f:.5f};{d:.4f};{e:.5f}", _COMMA, "cp1251", {}),
    "Korean": ("시간(s),하중(kN),변위(mm),변형률(%)\n", "{t:.3f},{f:.4f},{d:.5f},{p:.4f}", _POINT, "utf-8", {}),
    "a strain of no unit, said": ("Time [s];Force [N];DIC strain [-]\n", "{t:.2f};{n:.2f};{r:.6f}", _POINT, "utf-8", {}),
    "microstrain": ("Time,Load,Microstrain\ns,kN,um/m\n", "{t:.3f},{f:.4f},{u:.1f}", _POINT, "utf-8", {}),
    "stress over strain": ("Strain,Stress_MPa\n", "{r:.7f},{s:.4f}", _POINT, "utf-8", {
        "columns": "strain,force", "strain_unit": "mm/mm", "force_unit": "MPa", "sampling_hz": "5"}),
    "ksi and inches": ("Time (sec),Stress (ksi),Strain (in/in)\n", "{t:.3f},{k:.5f},{r:.7f}", _POINT, "utf-8", {
        "columns": "time_s,force,strain", "strain_unit": "in/in", "force_unit": "ksi"}),
}  # fmt: skip


def write(path: Path, form: str, rows: list[Row]) -> None:
    head, line, comma, encoding, _ = _FORMS[form]
    lines = [
        line.format(t=t, f=f, n=f * 1000, e=e, d=d, r=e / _LE, p=e / _LE * 100, u=e / _LE * 1e6, s=f * 1000 / _S0,
                    k=f * 1000 / _S0 / 6.894757293168361)
        for t, f, e, d in rows
    ]  # fmt: skip
    body = "\n".join(lines)
    path.write_bytes((head + (body.replace(".", ",") if comma else body) + "\n").encode(encoding))


@pytest.mark.rule("YK-7.2a")
@pytest.mark.parametrize("form", _FORMS)
def test_the_same_steel_out_of_every_form(form: str, rows: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    write(path, form, rows)
    found, _ = evaluate(path, {**_SIZES, **_FORMS[form][4]})
    assert float(value(found, "Rm")) == pytest.approx(480.0, rel=0.001)
    assert float(value(found, "Rp0.2")) == pytest.approx(318.1, rel=0.005)
    assert float(value(found, "E")) == pytest.approx(200_000.0, rel=0.01)
    assert float(value(found, "Agt")) == pytest.approx(18.0, abs=0.1)


@pytest.mark.parametrize("form", ["stress over strain", "ksi and inches"])
def test_a_stress_is_no_force_until_somebody_says_so(form: str, rows: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    write(path, form, rows)
    with pytest.raises(OperatorError) as refused:
        evaluate(path, _SIZES)
    assert refused.value.key == "import.ask_titles"
    answers = _FORMS[form][4]
    with pytest.raises(OperatorError) as refused:
        evaluate(path, {"l0_mm": "50", **answers})
    assert refused.value.key == "import.bad_unit"
    assert "import.force_from_stress" in evaluate(path, {**_SIZES, **answers})[1]


def test_fields_of_a_form_that_nobody_filled_in_give_no_value(rows: list[Row], tmp_path: Path) -> None:
    """Some programs write default sizes of the broken piece: 50 mm after 50 mm, 36 mm2 after 33.93 mm2."""
    path = tmp_path / "export.csv"
    write(path, "Bluehill 3", rows)
    found, remarks = evaluate(path, dict(_SIZES))
    assert {"evaluation.final_length_unfilled", "evaluation.final_area_unfilled"} & set(remarks)
    assert [item.symbol for item in found.values if item.symbol == "Z"] == []
    assert float(value(found, "A")) > 20


def test_a_strain_without_gauge_length_is_said_to_be_unused(rows: list[Row], tmp_path: Path) -> None:
    for form in ("Bluehill 3", "MTS 793, Sec"):
        path = tmp_path / "export.csv"
        write(path, form, rows)
        _, remarks = evaluate(path, {"s0_mm2": "33.93"})
        assert "import.strain_unused" in remarks, form


@pytest.mark.parametrize(
    ("settings", "differs"),
    [
        ({"diameter_mm": "20"}, True),
        ({"diameter_mm": "6.573"}, False),
        ({"s0_mm2": "34.0"}, False),
        ({"s0_mm2": "40"}, True),
        ({"s0_mm2": "33.93", "diameter_mm": "8"}, True),
    ],
)
def test_sizes_that_contradict_each_other_are_said(
    settings: dict[str, str], differs: bool, rows: list[Row], tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    write(path, "Bluehill 3", rows)
    _, remarks = evaluate(path, {"l0_mm": "50", **settings})
    assert any(key.startswith("evaluation.area_differs") for key in remarks) is differs
