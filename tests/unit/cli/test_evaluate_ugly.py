"""Ugly inputs of every kind: exit code 2, nothing on standard output, one sentence that names what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from labdesk.cli.evaluate import run_evaluate

_HEAD = "#s0_mm2: 100\n#l0_mm: 50\ntime_s,force_kn,extension_mm\n"


def _own(line: Callable[[int], str], head: str = _HEAD, rows: int = 120) -> bytes:
    return (head + "\n".join(line(row) for row in range(rows)) + "\n").encode()


def _good(row: int) -> str:
    return f"{row * 0.1:.1f},{min(row, 80) * 0.1:.2f},{row * 0.001:.4f}"


#: Bytes of the file, and a word of the sentence.
_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b"\n \n\n", "empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "neither"),
    "a web page": (b"<html><body><table><tr><td>Force</td></tr></table></html>", "neither"),
    "JSON": (b'{"force": [1, 2, 3]}', "neither"),
    "a broken workbook": (b"PK\x03\x04" + bytes(200), "damaged"),
    "three points": (_own(_good, rows=3), "3 points"),
    "a head alone": (_own(_good, rows=0), "0 points"),
    "no force at all": (_own(lambda row: f"{row},0.0,0.{row:03}"), "never rises above zero"),
    "a force that stands": (_own(lambda row: f"{row},5.0,0.{row:03}"), "stands at 5 kN"),
    "nothing but NaN": (_own(lambda row: f"{row},NaN,NaN"), "0 points"),
    "1e308": (_own(lambda row: f"{row},{'1e308' if row == 25 else row},0.{row:03}"), "sample 26"),
    "1e300 throughout": (_own(lambda row: f"{row},{row}e300,0.{row:03}"), "no machine measures"),
    "an extension of light years": (_own(lambda row: f"{row},{row},{row}e200"), "extension_mm"),
    "a word for a number": (_own(_good).replace(b"5.0,5.00,", b"5.0,oops,"), "Row 51"),
    "a thousands underscore": (_own(_good).replace(b"5.0,5.00,", b"5.0,5_00,"), "Row 51"),
    "a short row": (_own(_good).replace(b"\n5.0,5.00,0.0500\n", b"\n5.0\n"), "Row 51"),
    "time backwards": (_own(lambda row: f"{-row},{row},0.{row:03}"), "backwards at point 2"),
    "a column twice": (_own(_good, _HEAD.replace("extension_mm", "force_kn")), "force_kn stands there twice"),
    "no time": (_own(lambda row: f"{row},0.{row:03}", "#s0_mm2: 1\nforce_kn,extension_mm\n"), "time"),
    "no force column": (_own(lambda row: f"{row},0.{row:03}", "#s0_mm2: 1\ntime_s,extension_mm\n"), "force"),
    "no area": (_own(_good, _HEAD.replace("#s0_mm2: 100\n", "")), "area is missing"),
    "a word for the area": (_own(_good, _HEAD.replace("100", "abc")), "s0_mm2"),
    "an area of nought": (_own(_good, _HEAD.replace("100", "0")), "greater than zero"),
}
_GOOD = _own(_good)
#: Arguments after a good curve, and a word of the sentence.
_ARGUMENTS: dict[str, tuple[list[str], str]] = {
    "negative diameter": (["--set", "diameter_mm=-5"], "diameter_mm"),
    "infinite area": (["--set", "s0_mm2=1e308"], "s0_mm2"),
    "area NaN": (["--set", "s0_mm2=NaN"], "s0_mm2"),
    "area in hexadecimal": (["--set", "s0_mm2=0x10"], "s0_mm2"),
    "area with an underscore": (["--set", "s0_mm2=1_000"], "s0_mm2"),
    "area with a comma": (["--set", "s0_mm2=100,5"], "s0_mm2"),
    "gauge length beyond the bar": (["--set", "l0_mm=500", "length_mm=300"], "longer than the bar"),
    "length after fracture below L0": (["--set", "lu_mm=40"], "shorter than L0"),
    "section after fracture above S0": (["--set", "su_mm2=200"], "larger than the original"),
    "unknown input": (["--set", "colour=red"], "colour"),
    "no key": (["--set", "=5"], "key=value"),
    "unknown rules": (["--rules", "GB1850"], "GB1850"),
    "a mark beyond the curve": (["--set", "mark_reh_s=1e9", "mark_reason=x"], "not on the curve"),
    "a mark without reason": (["--set", "mark_reh_s=5"], "reason"),
    "a language nobody speaks": (["--lang", "xx"], "xx"),
    "more words": (["more", "words"], "words"),
}


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert run_evaluate([*argv]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.strip().count("\n") == 0
    return printed.err


@pytest.mark.parametrize("name", _FILES)
def test_a_file_that_is_no_curve(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, word = _FILES[name]
    path = tmp_path / "curve.csv"
    path.write_bytes(data)
    assert word in refused(capsys, "tensile", "--curve", str(path), "--lang", "en")
    assert any(
        "\u4e00" <= char <= "\u9fff" for char in refused(capsys, "tensile", "--curve", str(path), "--lang", "zh")
    )


@pytest.mark.parametrize("name", _ARGUMENTS)
def test_arguments_that_cannot_be(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more, word = _ARGUMENTS[name]
    path = tmp_path / "curve.csv"
    path.write_bytes(_GOOD)
    assert word in refused(
        capsys, "tensile", "--curve", str(path), *([] if "--lang" in more else ["--lang", "en"]), *more
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_the_wrong_encoding_is_no_fault(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    path.write_bytes(_GOOD.decode().encode(encoding))
    assert run_evaluate(["tensile", "--curve", str(path)]) == 0


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (["grade=HRB999", "diameter_mm=20"], "HRB999"),
        (["grade=HRB400", "diameter_mm=21"], "21"),
        (["grade=HRB400"], "diameter_mm"),
        (["grade=HRB400", "diameter_mm=20", "test_date=2026-02-31"], "2026-02-31"),
        (["grade=HRB400", "diameter_mm=20", "test_date=31.02.2026"], "31.02.2026"),
    ],
)
def test_a_bar_that_cannot_be(
    settings: list[str], word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "curve.csv"
    path.write_bytes(_GOOD)
    assert word in refused(capsys, "rebar-tensile", "--curve", str(path), "--lang", "en", "--set", *settings)


def test_a_folder_and_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path, tmp_path / "missing.csv"):
        assert path.name in refused(capsys, "tensile", "--curve", str(path), "--lang", "en")
        assert path.name in refused(capsys, "rebar-lot", "--results", str(path), "--lang", "en")
