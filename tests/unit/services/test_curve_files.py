"""Curve files: our own round trip, others' habits, and refusals in words."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.curve import Curve, channel_from_decimals
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.services.curve_files import parse_curve, read_curve_file, write_curve

NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=4, allow_nan=False)


def exact(curve: Curve) -> list[tuple[Decimal, Decimal]]:
    return [(curve.time_s.exact(index), curve.force_kn.exact(index)) for index in range(len(curve))]


@settings(max_examples=40)
@given(st.lists(NUMBERS, min_size=2, max_size=20))
def test_own_format_round_trip(forces: list[Decimal]) -> None:
    forces = [*forces, Decimal(2000)]
    curve = Curve(
        channel_from_decimals([Decimal(index) / 10 for index in range(len(forces))], "s"),
        channel_from_decimals(forces, "kN"),
        channel_from_decimals([Decimal(index) / 1000 for index in range(len(forces))], "mm"),
        metadata={"s0_mm2": "314.2", "l0_mm": "100", "specimen": "GJ 1"},
    )
    again = parse_curve(write_curve(curve).encode()).curve
    assert exact(again) == exact(curve)
    assert again.metadata == curve.metadata
    assert again.extension_mm is not None
    assert again.displacement_mm is None


ROWS = "\n".join(f"{index * 0.5},{index * 2},{index * 0.001:.3f}" for index in range(20))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"time_s,force_kn,extension_mm\n{ROWS}", id="own"),
        pytest.param(f"Time (s),Load (kN),Extension (mm)\r\n{ROWS}", id="units in brackets"),
        pytest.param(f"时间(s),试验力(kN),变形(mm)\n{ROWS}", id="Chinese"),
        pytest.param("Zeit;Kraft;Längenänderung\ns;kN;mm\n" + ROWS.replace(",", ";").replace(".", ","), id="German"),
        pytest.param("Force\tTime\tExtension\nN\ts\tmm\n" + "\n".join(
            f"{index * 2000}\t{index * 0.5}\t{index * 0.001:.3f}" for index in range(20)), id="swapped, newtons"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_same_curve_in_many_dresses(text: str, encoding: str) -> None:
    if encoding == "gb18030" and "ä" in text:
        encoding = "latin-1"
    curve = parse_curve(text.encode(encoding)).curve
    assert exact(curve)[3] == (Decimal("1.5"), Decimal(6))
    assert curve.extension_mm is not None
    assert curve.extension_mm.exact(19) == Decimal("0.019")


def test_compression_counted_as_negative_is_turned_and_said() -> None:
    text = "time_s,force_kn\n" + "\n".join(f"{index},{-index * 3}" for index in range(20))
    read = parse_curve(text.encode())
    assert read.curve.force_kn.exact(10) == 30
    assert [remark.key for remark in read.remarks] == ["curve_file.sign_turned"]


def test_quoted_names_with_an_absolute_crosshead_beside_the_travel() -> None:
    head = '"Specimen thickness",1.5,"mm"\n"Gage length, standard travel",30,"mm"\n"Cross-section",7.335,"mm²"\n'
    head += '"Time","Crosshead absolute","Standard travel","Standard force"\n"s","mm","mm","N"\n'
    rows = "\n".join(f"{index},{1100 + index},{index / 10},{index * 100}" for index in range(20))
    curve = parse_curve((head + rows).encode("latin-1")).curve
    assert curve.force_kn.exact(19) == Decimal("1.9")
    assert curve.displacement_mm is not None
    assert curve.displacement_mm.exact(19) == Decimal("1.9")
    assert (curve.metadata["s0_mm2"], curve.metadata["thickness_mm"]) == ("7.335", "1.5")


def test_an_extension_that_ends_early_is_marked() -> None:
    rows = "\n".join(f"{index},{index},{'' if index > 12 else index * 0.01}" for index in range(20))
    curve = parse_curve(f"time_s,force_kn,extension_mm\n{rows}".encode()).curve
    assert curve.metadata["extension_until_s"] == "13"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("curve_file.no_table", "hello\nworld\n"),
        ("curve_file.no_table", ""),
        ("curve_file.no_force", "time_s,extension_mm\n1,2\n2,3\n"),
        ("curve_file.no_time", "force_kn,extension_mm\n1,2\n2,3\n"),
        ("curve_file.not_a_number", "time_s,force_kn\n1,2\n2,abc\n3,4\n4,5\n5,6\n"),
        ("curve_file.too_short", "time_s,force_kn\n1,2\n"),
        ("curve_file.no_table", "MTS793|MPT|DEU|1|2|,|.|:|49|1|1|A\nnothing\n"),
        ("curve.time_backwards", "time_s,force_kn\n1,2\n3,3\n2,4\n"),
    ],
)
def test_refusals(key: str, text: str) -> None:
    with pytest.raises(OperatorError) as caught:
        parse_curve(text.encode())
    assert caught.value.key == key


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(OperatorError):
        assert len(parse_curve(data).curve) >= 2


def test_a_missing_file_is_the_surroundings_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault):
        read_curve_file(tmp_path / "gone.csv")


def test_moments_without_numbers_are_gaps_and_nothing_is_filled_in() -> None:
    text = "#s0_mm2: 100\n#l0_mm: 50\ntime_s,force_kn,extension_mm\n0,0,0\n1,5,0.01\n2,NaN,NaN\n3,--,0.03\n4,9,0.04\n5,nan,\n6,12,0.05\n"
    read = parse_curve(text.encode())
    assert [(gap.start_s, gap.end_s) for gap in read.curve.gaps] == [(1, 4), (4, 6)]
    assert list(read.curve.time_s.view) == [0, 1, 4, 6]
    assert "extension_until_s" not in read.curve.metadata
    assert [remark.key for remark in read.remarks] == ["curve_file.rows_without_numbers"]


def test_gaps_survive_writing_and_reading() -> None:
    text = "#s0_mm2: 100\n#gap: 1 4 line lost\ntime_s,force_kn\n0,0\n1,5\n4,9\n5,12\n"
    curve = parse_curve(text.encode()).curve
    assert [(gap.start_s, gap.end_s, gap.reason) for gap in curve.gaps] == [(1, 4, "line lost")]
    assert parse_curve(write_curve(curve).encode()).curve.gaps == curve.gaps
