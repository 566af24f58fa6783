"""Text tables as machines export them: encoding, delimiter, decimal mark, header, units row, and which column is what.

Everything is decided by content, never by a file's name. What cannot be told is refused with a sentence instead of guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from labdesk.domain.errors import OperatorError

#: What a column is, by words in its title (lower case). The first match counts, so exclusions come first.
_COLUMN_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "ignored",
        (
            "sollwert",
            "setpoint",
            "command",
            "true ",
            "absolute",
            "stress",
            "spannung",
            "contrainte",
            "应力",
            "original",
            "final",
        ),
    ),
    ("strain", ("strain", "dehnung", "déformation", "应变")),
    ("ignored", ("tageszeit", "datum", "date", "rate", "speed")),
    ("time", ("time", "zeit", "temps", "时间")),
    (
        "displacement",
        (
            "machine displacement",
            "crosshead",
            "traverse",
            "stroke",
            "travel",
            "piston",
            "position",
            "位移",
            "行程",
            "横梁",
        ),
    ),
    ("extension", ("extension", "extenso", "引伸", "变形", "allongement", "längenänderung")),
    ("displacement", ("displacement", "weg", "déplacement", "deplacement")),
    ("force", ("force", "load", "kraft", "kracht", "力值", "荷载", "载荷", "负荷", "试验力", "力")),
)

#: Geometry and origin by words in the line's name; the value's unit is checked where one is printed.
_METADATA_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("fracture_area_mm2", ("cross-section after", "final area", "断后截面")),
    ("s0_mm2", ("original cross-section", "s0_mm2", "cross-section", "原始截面", "s0")),
    ("diameter_mm", ("gauge diameter", "original diameter", "diameter_mm", "durchmesser", "diameter", "直径")),
    ("lc_mm", ("parallel length", "lc_mm", "平行长度")),
    ("le_mm", ("le_mm", "extensometer gauge", "引伸计标距")),
    ("lu_mm", ("final length", "lu_mm", "断后标距")),
    ("l0_mm", ("gauge length", "gage length", "original length", "l0_mm", "原始标距")),
    ("width_mm", ("breite", "width_mm", "specimen width")),
    ("thickness_mm", ("dicke", "thickness_mm", "specimen thickness")),
    ("height_mm", ("höhe", "height_mm")),
    ("mass_g", ("masse", "mass_g")),
    ("specimen", ("specimen id", "probe", "试样编号", "specimen")),
    ("date", ("datum", "date")),
)

_UNIT = re.compile(r"[\[(]\s*([^\])]*)\s*[\])]\s*:?\s*$")
_SPACES = re.compile(r"\s+")


@dataclass
class Table:
    """A header and its rows.

    Attributes:
        titles, units: one per column; a unit is empty where none is printed.
        lines: one per row, as printed; ``delimiter`` between its cells.
        metadata: names as printed (lower case, without colon) to value and unit as printed.
        decimal_mark: ``.`` or ``,``.
    """

    titles: list[str]
    units: list[str]
    lines: list[str]
    delimiter: str
    metadata: dict[str, tuple[str, str]] = field(default_factory=dict)
    decimal_mark: str = "."

    def rows(self) -> Iterator[list[str]]:
        """The cells of each line."""
        return (line.split(self.delimiter) for line in self.lines)


def decode(data: bytes) -> str:
    """Text of an export: UTF-8, UTF-16 with or without mark, GB 18030 (high bytes in pairs), else Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    head = data[:4000]
    if head and head.count(0) * 4 > len(head):
        return data.decode("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    runs = re.findall(rb"[\x80-\xff]+", data)
    if all(len(run) % 2 == 0 for run in runs):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1")


def number(text: str, decimal_mark: str = ".") -> Decimal | None:
    """The exact number printed in ``text``, or ``None`` where it is none (empty, NaN, words)."""
    cleaned = text.strip().strip('"').replace(" ", "").replace("\u00a0", "")
    if decimal_mark == ",":
        cleaned = cleaned.replace(".", "").replace(",", ".") if "," in cleaned else cleaned
    if "_" in cleaned:  # Decimal would read 1_000 as 1000
        return None
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def column_kind(title: str) -> str:
    """``time``, ``force``, ``extension``, ``displacement``, ``strain`` or ``ignored`` for a column's title."""
    lowered = _SPACES.sub(" ", title.strip().strip('"').lower().replace("_", " "))
    for kind, words in _COLUMN_WORDS:
        if any(word in lowered for word in words):
            return kind
    return "ignored"


def split_unit(title: str) -> tuple[str, str]:
    """``Load (kN)`` to ``("Load", "kN")``; LabDesk's own ``force_kn`` to ``("force_kn", "kN")``."""
    stripped = title.strip().strip('"')
    own = {"time_s": "s", "force_kn": "kN", "extension_mm": "mm", "displacement_mm": "mm"}.get(stripped.lower())
    if own is not None:
        return stripped, own
    match = _UNIT.search(stripped)
    return (stripped[: match.start()].strip(), match.group(1).strip()) if match else (stripped.rstrip(":"), "")


def metadata_name(printed: str) -> str:
    """LabDesk's name for a printed name (``Gauge diameter`` is ``diameter_mm``), or empty."""
    lowered = printed.strip().lower()
    return next((name for name, words in _METADATA_WORDS if any(lowered.startswith(word) for word in words)), "")


def read_table(text: str) -> Table:
    """The first table of numbers with a force column in ``text``.

    Raises:
        OperatorError: ``curve_file.no_table``, ``curve_file.no_force``.
    """
    lines = text.splitlines()
    delimiter = _delimiter(lines)
    mark = "," if delimiter != "," and _commas_in_numbers(lines, delimiter) else "."
    metadata: dict[str, tuple[str, str]] = {}
    for index, line in enumerate(lines):
        cells = line.split(delimiter)
        kinds = [column_kind(split_unit(cell)[0]) for cell in cells]
        if len(cells) > 1 and "force" in kinds and ("time" in kinds or len(set(kinds) - {"ignored"}) > 1):
            return _body(cells, lines[index + 1 :], delimiter, mark, metadata)
        _note(line, delimiter, metadata)
    if any("time" in line.lower() for line in lines[:80]):
        raise OperatorError("curve_file.no_force")
    raise OperatorError("curve_file.no_table")


def _delimiter(lines: list[str]) -> str:
    tail = [line for line in lines[-60:] if line.strip()]
    counts = {mark: min((line.count(mark) for line in tail[-10:-1] or tail), default=0) for mark in ("\t", ";", ",")}
    return next((mark for mark in ("\t", ";", ",") if counts[mark] > 0), ",")


def _commas_in_numbers(lines: list[str], delimiter: str) -> bool:
    tail = [cell for line in lines[-60:] for cell in line.split(delimiter)]
    return any(re.fullmatch(r"\s*-?\d+,\d+\s*", cell) for cell in tail)


def _note(line: str, delimiter: str, metadata: dict[str, tuple[str, str]]) -> None:
    stripped = line.strip().lstrip("#").strip()
    if delimiter in stripped and not line.lstrip().startswith("#"):
        cells = [cell.strip().strip('"').strip() for cell in stripped.split(delimiter)]
        name, unit = split_unit(cells[0].rstrip(":").strip())
        metadata.setdefault(name.lower(), (cells[1], unit or (cells[2] if len(cells) > 2 else "")))
    elif ":" in stripped:
        printed, value = stripped.split(":", 1)
        name, unit = split_unit(printed)
        metadata.setdefault(name.lower(), (value.strip(), unit))


def _body(
    cells: list[str], following: list[str], delimiter: str, mark: str, metadata: dict[str, tuple[str, str]]
) -> Table:
    titles, units = map(list, zip(*(split_unit(cell) for cell in cells), strict=True))
    lines = [line for line in following if (bare := line.strip()) and not bare.startswith("#")]
    first = lines[0].split(delimiter) if lines else []
    if lines and all(number(cell, mark) is None for cell in first):
        printed = [cell.strip().strip('"').strip().strip("[]()") for cell in first] + [""] * len(units)
        units = [unit or printed[index] for index, unit in enumerate(units)]
        del lines[0]
        first = lines[0].split(delimiter) if lines else []
    if first and len(first) >= len(titles):
        _geometry_in_first_row(titles, units, first, mark, metadata)
    return Table(titles, units, lines, delimiter, metadata, mark)


def _geometry_in_first_row(
    titles: list[str], units: list[str], row: list[str], mark: str, metadata: dict[str, tuple[str, str]]
) -> None:
    """Some programs print the geometry as columns that are filled in the first row only."""
    for title, unit, cell in zip(titles, units, row, strict=False):
        if metadata_name(title) and column_kind(title) == "ignored" and number(cell, mark) is not None:
            metadata.setdefault(title.lower(), (cell.strip(), unit))


def geometry(metadata: Mapping[str, tuple[str, str]], mark: str) -> dict[str, str]:
    """LabDesk's metadata from printed names; lengths printed in centimetres or metres become millimetres."""
    factors = {
        "": Decimal(1),
        "mm": Decimal(1),
        "mm²": Decimal(1),
        "mm2": Decimal(1),
        "cm": Decimal(10),
        "m": Decimal(1000),
    }
    found: dict[str, str] = {}
    for printed, (value, unit) in metadata.items():
        name = metadata_name(printed) or (printed if re.fullmatch(r"[a-z0-9_]+", printed) else "")
        if not name or name in found or not value:
            continue
        exact = number(value, mark) if name.endswith(("_mm", "_mm2", "_g", "_kn")) else None
        found[name] = format((exact * factors.get(unit, Decimal(1))), "f") if exact is not None else value.strip()
    return found
