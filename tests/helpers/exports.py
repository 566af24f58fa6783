"""Exports as programs of many makers write them, made from one known curve: 40 kN sine to the peak, a shelf, and the break."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

#: time s, force kN, crosshead mm, extension mm
ROWS = [
    (at / 10, 40 * math.sin(at / 60 * math.pi / 2) if at < 60 else 38.0 if at < 70 else 2.0, at * 0.05, at * 0.0021)
    for at in range(75)
]
PEAK_KN = round(max(row[1] for row in ROWS), 4)

Printer = Callable[[Sequence[float]], Sequence[float]]


def printed(value: float, mark: str = ".", places: int = 4) -> str:
    """A number with a decimal mark."""
    return f"{value:.{places}f}".replace(".", mark)


def lines(columns: Printer, delimiter: str = ",", mark: str = ".", quote: str = "") -> str:
    """The body of a table: one line per sample."""
    return "\n".join(delimiter.join(f"{quote}{printed(value, mark)}{quote}" for value in columns(row)) for row in ROWS)


def bluehill() -> bytes:
    """Mark of UTF-8, CRLF, dimensions before the table, units in brackets in a row of their own."""
    head = "\ufeffDimension : Width,20,mm\nDimension : Thickness,2.5,mm\nSpecimen label,A-1\n\n"
    titles = "Time,Extension,Load,Tensile strain,Tensile stress\n(sec),(mm),(N),(mm/mm),(MPa)\n"
    text = head + titles + lines(lambda row: (row[0], row[2], row[1] * 1000, row[2] / 50, row[1] * 20))
    return text.replace("\n", "\r\n").encode()


def bluehill_comma() -> bytes:
    """Quoted decimal commas, compression negative."""
    head = 'Specimen properties : Area,"100,0",mm^2\nSpecimen properties : Final diameter,"13,0",mm\n'
    head += 'Specimen properties : Specimen label,""\n\n'
    titles = "Time,Extension,Load,Compressive strain (Extension),Cycle count\n(s),(mm),(N),(mm/mm),\n"
    body = lines(lambda row: (row[0], -row[2], -row[1] * 1000, -row[2] / 50, 0), ",", ",", '"')
    return (head + titles + body).encode()


def testxpert_german() -> bytes:
    """Semicolons, decimal commas, Windows-1252."""
    head = '"Probendicke";2,5;"mm"\n"Probenbreite";20;"mm"\n'
    titles = '"Prüfzeit";"Traversenweg absolut";"Standardkraft";"Standardweg"\n"s";"mm";"N";"mm"\n'
    body = lines(lambda row: (row[0], row[2] + 100, row[1] * 1000, row[2]), ";", ",")
    return (head + titles + body).encode("cp1252")


def chinese() -> bytes:
    """GB 18030, full-width brackets and colons, a result above the table."""
    head = "试样编号：GJ-2026-001\n直径：16 mm\n原始标距：80mm\n最大力(kN)：39.99\n时间(s),试验力（kN）,位移(mm),变形(mm)\n"
    return (head + lines(lambda row: row)).encode("gb18030")


def shimadzu_two() -> bytes:
    """Two specimens beside each other, everything quoted."""
    head = '"1 _ 1",,,"1 _ 2",,\n"Time","Force","Stroke","Time","Force","Stroke"\n"sec","N","mm","sec","N","mm"\n'
    return (head + lines(lambda r: (r[0], r[1] * 1000, r[2], r[0], r[1] * 900, r[2]), quote='"')).encode()


def walter_bai() -> bytes:
    """Tabs, units in square brackets, decimal commas."""
    head = "walter+bai ag\nProbe: 12-3\nDurchmesser: 150,0 mm\nZeit [s]\tKraft [kN]\tWeg [mm]\n"
    return (head + lines(lambda row: row[:3], "\t", ",")).encode("cp1252")


def fixed_width() -> bytes:
    """Columns in blanks."""
    head = "  Time      Load      Crosshead\n   (sec)     (kN)     (mm)\n"
    return (head + "\n".join(f"{row[0]:>10.4f}{row[1]:>12.4f}{row[2]:>12.4f}" for row in ROWS)).encode()


def thousands() -> bytes:
    """Thousands separated by quoted commas."""
    return ("Time (s),Force (N),Travel (mm)\n" + "\n".join(
        f'{row[0]},"{row[1] * 1000:,.2f}",{row[2]:.3f}' for row in ROWS)).encode()  # fmt: skip


def mts_blocks() -> bytes:
    """MTS 793 in English: the curve in two blocks of data acquisition."""
    titles = "\n\nData Acquisition\t\tTime:\t4\tSec\nRunning Time\tAxial Displacement\tAxial Load\nSec\tmm\tN\n"
    body = lines(lambda row: (row[0], row[2], row[1] * 1000), "\t").split("\n")
    return ("MTS793|MPT|ENU|1|2|.|/|:|1|0|0|A" + titles + "\n".join(body[:40]) + titles + "\n".join(body[40:])).encode()


def hash_pairs() -> bytes:
    """The encoding of some platforms: ``time#value``, last line to be left out."""
    return "\n".join(f"{row[0]:.1f}#{row[1]:.4f}" for row in ROWS).encode() + b"\n0#0\n"


def hex_stream() -> bytes:
    """Four-digit hexadecimal samples, 0.1 s apart, in tens of newtons."""
    return "".join(f"{int(row[1] * 100):04X}" for row in ROWS).encode()
