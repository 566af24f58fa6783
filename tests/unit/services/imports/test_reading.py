"""Every shape of export gives the same curve; what is not printed is asked for; what is no test says so."""

from __future__ import annotations

import contextlib
import io
import random
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal

import openpyxl
import pytest

from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.imported import ImportedTest, TestState
from labdesk.services.imports.reading import read_export
from tests.helpers import exports
from tests.helpers.exports import PEAK_KN, ROWS, lines


def only(data: bytes, settings: Mapping[str, str] | None = None) -> ImportedTest:
    file = read_export(data, settings)
    assert len(file.tests) == 1
    return file.tests[0]


def peak_kn(test: ImportedTest) -> float:
    assert test.curve is not None
    return float(test.curve.force_kn.view.max())


def used(test: ImportedTest) -> dict[str, str]:
    return {channel.used_as: channel.title for channel in test.channels if channel.used_as}


SHAPES = {
    "bluehill": (exports.bluehill(), "instron-bluehill", "utf-8", "."),
    "bluehill, decimal comma": (exports.bluehill_comma(), "instron-bluehill", "utf-8", ","),
    "testXpert, German": (exports.testxpert_german(), "zwick-testxpert", "cp1252", ","),
    "Chinese": (exports.chinese(), "generic", "gb18030", "."),
    "walter+bai": (exports.walter_bai(), "walter-bai", "utf-8", ","),
    "fixed width": (exports.fixed_width(), "generic", "utf-8", "."),
    "thousands": (exports.thousands(), "generic", "utf-8", "."),
    "MTS in two blocks": (exports.mts_blocks(), "mts-793", "utf-8", "."),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_gives_the_same_curve(name: str) -> None:
    data, vendor, encoding, mark = SHAPES[name]
    file = read_export(data)
    assert (file.vendor, file.encoding, file.decimal_mark) == (vendor, encoding, mark)
    test = file.tests[0]
    assert test.state is TestState.COMPLETE
    assert test.curve is not None
    assert len(test.curve) == len(ROWS)
    assert peak_kn(test) == pytest.approx(PEAK_KN, abs=2e-4)
    assert test.curve.displacement_mm is not None
    assert float(test.curve.displacement_mm.view[-1]) == pytest.approx(ROWS[-1][2], abs=1e-3)


@pytest.mark.parametrize("name", SHAPES)
def test_a_text_reads_the_same_in_every_encoding(name: str) -> None:
    data, _, encoding, _ = SHAPES[name]
    text = data.decode(encoding).removeprefix("\ufeff")
    others = [
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("utf-8-sig"),
        text.replace("\n", "\r\n").encode(),
    ]
    for other in others:
        assert peak_kn(read_export(other).tests[0]) == pytest.approx(PEAK_KN, abs=2e-4)


def test_dimensions_are_read_with_their_units_and_names_of_many_languages() -> None:
    assert dict(only(exports.bluehill()).geometry) == {"width_mm": "20", "thickness_mm": "2.5"}
    assert dict(only(exports.testxpert_german()).geometry) == {"thickness_mm": "2.5", "width_mm": "20"}
    found = only(exports.chinese())
    assert dict(found.geometry) == {"diameter_mm": "16", "l0_mm": "80"}
    assert (found.specimen, [(item.symbol, item.value) for item in found.results]) == (
        "GJ-2026-001",
        [("Fm", Decimal("39.99"))],
    )
    # what was measured after the fracture is no original dimension
    assert dict(only(exports.bluehill_comma()).geometry) == {"s0_mm2": "100.0"}


def test_a_dimension_without_a_unit_is_told_and_not_taken() -> None:
    test = only(("Durchmesser;98,5\nZeit (s);Kraft (kN)\n" + lines(lambda row: row[:2], ";", ",")).encode())
    assert "diameter_mm" not in test.geometry
    assert [(item.key, item.params["set"]) for item in test.remarks] == [("import.dimension_unit", "diameter_mm")]


def test_the_crosshead_is_not_taken_for_an_extensometer() -> None:
    test = only(exports.bluehill())
    assert used(test)["displacement_mm"] == "Extension"
    assert "extension_mm" not in used(test)
    assert "import.extension_is_crosshead" in [item.key for item in test.remarks]
    said = only(exports.bluehill(), {"extension": "Extension"})
    assert used(said)["extension_mm"] == "Extension"


def test_columns_in_inches_and_pounds_with_a_strain_gauge() -> None:
    head = "Time,Extension,Load,Strain 1,Displacement (Strain 1)\n(sec),(in),(lbf),(%),(in)\n"
    test = only((head + lines(lambda r: (r[0], r[2] / 25.4, r[1] * 224.80894, 1, r[3] / 25.4))).encode())
    assert peak_kn(test) == pytest.approx(PEAK_KN, rel=1e-5)
    assert used(test)["extension_mm"] == "Displacement (Strain 1)"
    assert used(test)["displacement_mm"] == "Extension"


def test_a_missing_unit_is_asked_for_with_the_setting_that_answers_it() -> None:
    data = ("时间,力值,位移\n" + lines(lambda row: row[:3])).encode("gb18030")
    with pytest.raises(OperatorError) as asked:
        read_export(data)
    assert asked.value.key == "import.ask_unit"
    assert asked.value.params["answer"] == "time_unit=s force_unit=kN displacement_unit=mm"
    answered = {"time_unit": "s", "force_unit": "N", "displacement_unit": "mm"}
    assert peak_kn(only(data, answered)) == pytest.approx(PEAK_KN / 1000, rel=1e-4)


def test_a_mass_as_force_is_weighed_and_said() -> None:
    test = only(("Time (s),Load (kg)\n" + lines(lambda row: (row[0], row[1] * 100))).encode())
    assert peak_kn(test) == pytest.approx(PEAK_KN * 0.980665, abs=1e-3)
    assert "import.mass_as_force" in [item.key for item in test.remarks]


def test_two_specimens_beside_each_other_and_below_each_other() -> None:
    beside = read_export(exports.shimadzu_two())
    assert [test.specimen for test in beside.tests] == ["1 _ 1", "1 _ 2"]
    assert peak_kn(beside.tests[1]) == pytest.approx(PEAK_KN * 0.9, abs=1e-3)
    block = "Time (s),Force (kN)\n" + lines(lambda row: row[:2])
    below = read_export(f"Specimen 1\n{block}\n\nSpecimen 2\n{block}".encode())
    assert [test.specimen for test in below.tests] == ["Specimen 1", "Specimen 2"]
    assert only(exports.shimadzu_two(), {"specimen": "1 _ 2"}).specimen == "1 _ 2"
    with pytest.raises(OperatorError, match="no_such_specimen"):
        read_export(exports.shimadzu_two(), {"specimen": "3"})


def test_a_header_that_comes_again_in_the_middle_does_not_cut_the_curve() -> None:
    body = lines(lambda row: row[:2]).split("\n")
    head = "Time (s),Force (kN)"
    test = only("\n".join([head, *body[:30], head, *body[30:]]).encode())
    assert test.curve is not None
    assert len(test.curve) == len(ROWS)


def test_a_workbook_with_results_and_one_sheet_per_specimen() -> None:
    book = openpyxl.Workbook()
    results = book.active
    results.title = "Ergebnisse"
    results.append([None, "Probenbezeichnung", "Fmax", "d0"])
    results.append([None, None, "kN", "mm"])
    for name, share in (("P1", 1), ("P2", 2)):
        results.append([None, name, PEAK_KN * share, 16])
        sheet = book.create_sheet(f"Werte {name}")
        sheet.append([name] * 3)
        sheet.append(["Längenänderung", "Standardkraft", "Prüfzeit"])
        sheet.append(["µm", "kN", "s"])
        for row in ROWS:
            sheet.append([row[3] * 1000, row[1] * share, row[0]])
    packed = io.BytesIO()
    book.save(packed)
    one, two = read_export(packed.getvalue()).tests
    assert (one.specimen, two.specimen) == ("P1", "P2")
    assert peak_kn(two) == pytest.approx(PEAK_KN * 2, abs=1e-3)
    assert two.results[0].value == Decimal(repr(PEAK_KN * 2))
    assert two.geometry["diameter_mm"] == "16"
    assert used(two)["extension_mm"] == "Längenänderung"


@pytest.mark.parametrize(
    ("data", "settings"),
    [
        (exports.hash_pairs(), {"force_unit": "kN", "time_unit": "s"}),
        (b"".join(bytes([byte, 0]) for byte in exports.hash_pairs()), {"force_unit": "kN", "time_unit": "s"}),
        (exports.hex_stream(), {"curve_a": "0", "curve_b": "0.01", "force_unit": "kN"}),
        (
            ("CreateCurve\n1\n2\n3\n" + lines(lambda r: r[:2], " ") + "\nstop\n9 999\n").encode(),
            {"force_unit": "kN", "time_unit": "s"},
        ),
        (
            ";".join(f"P;{row[0]:.1f},{row[1]:.4f},0" for row in ROWS).encode(),
            {"force_unit": "kN", "time_unit": "s"},
        ),
        (
            ("a\tb\tc\td\n\t\t\t\n" + lines(lambda r: (r[1], r[2], 0, r[0]), "\t") + "\nend\t\t\t").encode(),
            {"force_unit": "kN", "time_unit": "s"},
        ),
    ],
)
def test_curves_of_chinese_platforms(data: bytes, settings: dict[str, str]) -> None:
    test = only(data, settings)
    assert peak_kn(test) == pytest.approx(PEAK_KN, abs=0.011)
    assert test.curve is not None
    assert len(test.curve) == len(ROWS)
    assert float(test.curve.time_s.view[-1]) == pytest.approx(7.4)
    with pytest.raises(OperatorError, match=r"import\.ask_(unit|gain)"):
        read_export(data)


def test_the_hexadecimal_stream_counts_negatives_as_zero_and_says_so() -> None:
    test = only(exports.hex_stream(), {"curve_a": "-1", "curve_b": "0.01", "force_unit": "kN"})
    assert test.curve is not None
    assert int(test.curve.force_kn.counts.min()) == 0
    assert "import.cut_to_zero" in [item.key for item in test.remarks]


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (b"Time (s),Force (kN),Stroke (mm)\n", TestState.EMPTY),
        (b'"Time","Force","Stroke"\n"s","kN","mm"\n0,0,0\n', TestState.EMPTY),
        (("Time (s),Force (kN)\n" + "\n".join(f"{at},0.000" for at in range(20))).encode(), TestState.EMPTY),
        (("Time (s),Force (kN)\n" + "\n".join(lines(lambda r: r[:2]).split("\n")[:40])).encode(), TestState.ABORTED),
        (("Test aborted: yes\nTime (s),Force (kN)\n" + lines(lambda r: r[:2])).encode(), TestState.ABORTED),
        (("试验状态：中止\n时间(s),力(kN)\n" + lines(lambda r: r[:2])).encode("gb18030"), TestState.ABORTED),
    ],
)
def test_an_aborted_or_empty_test_is_said_to_be_one(data: bytes, state: TestState) -> None:
    test = only(data)
    assert test.state is state
    assert test.remarks


def test_holes_are_told_and_never_filled_in_the_force() -> None:
    rows = [f"{r[0]},{'NaN' if at == 20 else r[1]},{'' if at > 50 else r[3]}" for at, r in enumerate(ROWS)]
    test = only(("Time (s),Force (kN),Ext (mm)\n" + "\n".join(rows)).encode())
    assert test.curve is not None
    assert len(test.curve) == len(ROWS) - 1
    assert test.curve.metadata["extension_until_s"] == str(ROWS[51][0])
    assert {item.key for item in test.remarks} == {"import.rows_left_out", "import.taken_off"}


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "import.nothing"),
        (b"\xff\xfe", "import.nothing"),
        (b"hello world\nthis is nothing\n", "import.no_table"),
        (bytes(range(256)) * 4, "import.no_table"),
        (b"PK\x03\x04junkjunk", "import.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk", "import.damaged"),
        (lines(lambda row: row[:3], "\t").encode(), "import.ask_columns"),
        (("Force (kN),Stroke (mm)\n" + lines(lambda row: row[1:3])).encode(), "import.ask_time"),
        (("Time (s);Force (N)\n" + "\n".join(f"{at};1,{at}" for at in range(100, 200))).encode(), "import.ask_decimal"),
        (("Time (s),Force (kN)\n" + "\n".join(f"{-at},{at}" for at in range(50))).encode(), "curve.time_backwards"),
    ],
)
def test_what_cannot_be_read_or_told_is_one_question(data: bytes, key: str) -> None:
    with pytest.raises(OperatorError) as refused:
        read_export(data)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"force_unit": "mm"}, "import.bad_unit"),
        ({"volume": "1"}, "import.unknown_setting"),
        ({"l0_mm": "long"}, "import.bad_number"),
        ({"force": "Weight"}, "import.no_such_column"),
        ({"encoding": "Z"}, "import.bad_unit"),
        ({"encoding": "A", "curve_a": "0", "curve_b": "1"}, "import.not_this_encoding"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(settings: dict[str, str], key: str) -> None:
    with pytest.raises(OperatorError) as refused:
        read_export(exports.bluehill(), settings)
    assert refused.value.key == key


def test_answers_for_titles_times_and_marks() -> None:
    untitled = lines(lambda row: row[:3], "\t").encode()
    assert peak_kn(only(untitled, {"columns": "time_s,force_kn,displacement_mm"})) == pytest.approx(PEAK_KN)
    timeless = ("Force (kN),Stroke (mm)\n" + lines(lambda row: row[1:3])).encode()
    evenly = only(timeless, {"sampling_hz": "10"}).curve
    assert evenly is not None
    assert float(evenly.time_s.view[-1]) == pytest.approx(7.4)
    unsure = ("Time (s);Force (N)\n" + "\n".join(f"{at};1,{at}" for at in range(100, 200))).encode()
    assert peak_kn(only(unsure, {"decimal": "comma"})) == pytest.approx(0.001199)
    assert peak_kn(only(unsure, {"decimal": "point"})) == pytest.approx(1.199)


def test_times_of_day_count_from_the_first() -> None:
    test = only(("Time;Force (kN)\n" + "\n".join(f"12:00:{row[0]:06.3f};{row[1]:.4f}" for row in ROWS)).encode())
    assert test.curve is not None
    assert float(test.curve.time_s.view[-1]) == pytest.approx(7.4)


def test_a_damaged_file_is_a_sentence_or_a_curve_and_never_a_crash() -> None:
    shapes = [data for data, *_ in SHAPES.values()]
    dice = random.Random(7)
    for _ in range(150):
        data = bytearray(dice.choice(shapes))
        for _ in range(dice.choice((1, 5, 40))):
            place, kind = dice.randrange(len(data)), dice.randrange(4)
            if kind == 0:
                data[place] = dice.randrange(256)
            elif kind == 1:
                del data[place : place + dice.randrange(1, 200)]
            elif kind == 2:
                data[place:place] = data[dice.randrange(len(data)) :][:80]
            else:
                del data[max(1, place) :]
            data = data or bytearray(b"x")
        with contextlib.suppress(LabDeskError):
            read_export(bytes(data))


def test_extremes_without_rows_are_no_peak() -> None:
    block = "Data Acquisition\nAxial Displacement\tAxial Load\nmm\tN\n"
    test = only(exports.mts_blocks().replace(b"\nData", f"\n{block}\nData".encode(), 1))
    assert test.curve is not None
    assert "machine_peak_kn" not in test.curve.metadata


def test_a_workbook_whose_stated_size_is_wrong_is_read_whole() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Time [s]", "Force [kN]"])
    for row in ROWS:
        sheet.append(list(row[:2]))
    packed = io.BytesIO()
    book.save(packed)
    wrong = io.BytesIO()
    with zipfile.ZipFile(packed) as before, zipfile.ZipFile(wrong, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', data))
    test = only(wrong.getvalue())
    assert test.curve is not None
    assert len(test.curve) == len(ROWS)


@pytest.mark.parametrize(
    "head", ["s;kN;mm\nTime;Force;Displ\n", "Time;Force;Disp.\n[s];[kN];[mm]\n", "Zeit in s;Kraft F / kN;Weg_mm\n"]
)
def test_units_above_below_or_inside_the_titles(head: str) -> None:
    test = only((head + lines(lambda row: row[:3], ";")).encode())
    assert peak_kn(test) == pytest.approx(PEAK_KN)
    assert set(used(test)) == {"time_s", "force_kn", "displacement_mm"}
