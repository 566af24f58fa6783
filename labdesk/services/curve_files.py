"""Curve files: LabDesk's own CSV, and the exports of other programs, told apart by their content.

Own format: ``#key: value`` lines (geometry and origin), a header ``time_s,force_kn,extension_mm,displacement_mm`` with missing
channels left out, exact decimals. Numbers keep every printed digit that fits an int64 count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from labdesk.domain.curve import Channel, Curve, Gap, channel_from_decimals
from labdesk.domain.curve_numbers import LARGEST_COUNT, plain_columns
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.services.curve_tables import Table, column_kind, decode, geometry, number, read_table, split_unit

_LARGEST_FILE = 400_000_000
_AGREEMENT = Decimal("0.005")
#: What programs write where a channel gave no number for a moment.
_NO_NUMBER = frozenset({"", "nan", "n/a", "#n/a", "na", "null", "none", "inf", "-inf", "-", "--", "---"})
_OWN_TITLES = frozenset({"time_s", "force_kn", "extension_mm", "displacement_mm"})
_SPELLINGS = {"sec": "s", "secs": "s", "second": "s", "seconds": "s", "kn": "kN", "n": "N"}
_DEFAULT_UNITS = {"time": "s", "force": "kN", "extension": "mm", "displacement": "mm", "strain": ""}


@dataclass(frozen=True)
class CurveFile:
    """A curve read from a file.

    Attributes:
        curve: the channels; ``curve.metadata`` holds geometry and origin.
        remarks: what was unusual in the file, for the person who imports it.
    """

    curve: Curve
    remarks: tuple[Remark, ...] = ()


def read_curve_file(path: Path) -> CurveFile:
    """The curve in the file at ``path``.

    Raises:
        EnvironmentFault: the file cannot be read.
        OperatorError: the content is no curve (``curve_file.*``).
    """
    try:
        size = path.stat().st_size
        if size > _LARGEST_FILE:
            raise OperatorError("curve_file.too_large", file=path.name)
        data = path.read_bytes()
    except OSError as error:
        raise EnvironmentFault("curve_file.unreadable", file=path.name, reason=error.strerror or str(error)) from error
    return parse_curve(data)


def parse_curve(data: bytes, sizes: Mapping[str, str] | None = None) -> CurveFile:
    """The curve in the bytes of a file; ``sizes`` (``le_mm`` ...) stand before those the file states.

    Raises:
        OperatorError: ``curve_file.*`` where there is no curve.
    """
    text = decode(data)
    if text.startswith("MTS793|"):
        return _mts793(text, sizes or {})
    table = read_table(text)
    read = _from_table(table, geometry(table.metadata, table.decimal_mark), sizes or {})
    told = tuple(_told_gap(line) for line in text.splitlines() if line.startswith("#gap:")) if "#gap:" in text else ()
    if not told:
        return read
    kept = {key: value for key, value in read.curve.metadata.items() if key != "gap"}
    return replace(read, curve=replace(read.curve, gaps=read.curve.gaps + told, metadata=kept))


def _told_gap(line: str) -> Gap:
    begin, _, rest = line.removeprefix("#gap:").strip().partition(" ")
    end, _, reason = rest.strip().partition(" ")
    moments = [number(text, ".") for text in (begin, end)]
    if moments[0] is None or moments[1] is None:
        raise OperatorError("curve_file.not_a_number", row=0, text=line[:60])
    return Gap(moments[0], moments[1], reason.strip())


def write_curve(curve: Curve) -> str:
    """LabDesk's own CSV of a curve; reading it again gives the same numbers."""
    channels = [
        (name, channel)
        for name, channel in (
            ("time_s", curve.time_s),
            ("force_kn", curve.force_kn),
            ("extension_mm", curve.extension_mm),
            ("displacement_mm", curve.displacement_mm),
        )
        if channel is not None
    ]
    lines = [f"#{key}: {_one_line(value)}" for key, value in sorted(curve.metadata.items())]
    lines += [f"#gap: {gap.start_s} {gap.end_s} {_one_line(gap.reason)}".rstrip() for gap in curve.gaps]
    lines.append(",".join(name for name, _ in channels))
    columns = [_texts(channel) for _, channel in channels]
    lines.extend(",".join(row) for row in zip(*columns, strict=True))
    return "\n".join(lines) + "\n"


def _texts(channel: Channel) -> list[str]:
    """Every sample with all its digits; whole counts are cut at the decimal mark where one count is a power of ten."""
    _, digits, exponent = channel.quantum.as_tuple()
    if digits != (1,) or not isinstance(exponent, int) or exponent >= 0:
        return [format(channel.exact(index), "f") for index in range(len(channel))]
    scale = 10**-exponent
    return [
        f"{'-' if count < 0 else ''}{abs(count) // scale}.{abs(count) % scale:0{-exponent}d}"
        for count in channel.counts.tolist()
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _from_table(table: Table, metadata: dict[str, str], sizes: Mapping[str, str]) -> CurveFile:
    columns = _pick_columns(table)
    if "force" not in columns:
        raise OperatorError("curve_file.no_force")
    if "time" not in columns:
        raise OperatorError("curve_file.no_time")
    found = _plain_rows(table, columns) or _usable_rows(table, columns)
    series = found.series
    if len(series["time"]) < 2:
        raise OperatorError("curve_file.too_short", points=len(series["time"]))
    known = {**metadata, **sizes}
    gauge = number(known.get("le_mm", known.get("l0_mm", "")))
    extension, displacement = _lengths(series, table, columns, gauge)
    if found.extension_until is not None:
        metadata["extension_until_s"] = str(found.extension_until)
    remarks: list[Remark] = []
    if "strain" in series and gauge is None and extension is None:
        remarks.append(Remark("import.strain_unused", {"title": table.titles[columns["strain"]].strip()}))
    force, turned = _loading_positive(series["force"].in_unit("kN"))
    if turned:
        remarks.append(Remark("curve_file.sign_turned"))
        displacement = along(displacement, force) if displacement is not None else None
        extension = along(extension, force) if extension is not None else None
    time = series["time"].in_unit("s")
    if found.missing:
        remarks.append(Remark("curve_file.rows_without_numbers", {"count": str(len(found.missing))}))
    gaps = tuple(_gap(first, last, _unit(table, columns, "time")) for first, last in found.missing)
    return CurveFile(Curve(time, force, extension, displacement, gaps, metadata), tuple(remarks))


def _gap(first: Decimal, last: Decimal, unit: str) -> Gap:
    begin, end = (channel_from_decimals([moment], unit).in_unit("s").exact(0) for moment in (first, last))
    return Gap(begin, end, "no numbers")


def _pick_columns(table: Table) -> dict[str, int]:
    """Kind to column; where several columns are of a kind, the first with numbers counts."""
    columns: dict[str, int] = {}
    for index, title in enumerate(table.titles):
        kind = column_kind(title)
        if title in _OWN_TITLES and title in table.titles[:index]:
            raise OperatorError("curve_file.column_twice", title=title)
        if kind == "ignored" or kind in columns or table.units[index] in ("V", "MPa", "1/s", "mm/s", "kN/s"):
            continue
        columns[kind] = index
        if kind == "displacement" and "machine" not in title.lower() and "extension" not in columns:
            machine = next((i for i, other in enumerate(table.titles) if "machine disp" in other.lower()), None)
            if machine is not None:
                columns["extension"], columns["displacement"] = index, machine
    return columns


@dataclass(frozen=True)
class _Rows:
    """Columns of numbers in their printed units; the moment from which the extension is empty; stretches of rows without
    numbers, by their edges."""

    series: dict[str, Channel]
    extension_until: Decimal | None = None
    missing: list[tuple[Decimal, Decimal]] = field(default_factory=list)


def _plain_rows(table: Table, columns: Mapping[str, int]) -> _Rows | None:
    """All columns at once where every cell of them is a plain number; ``None`` leaves it to :func:`_usable_rows`."""
    plain = plain_columns(table.lines, table.delimiter, list(columns.values()), table.decimal_mark)
    if plain is None:
        return None
    return _Rows(
        {
            kind: Channel(column.counts, Decimal(1).scaleb(column.exponent), _unit(table, columns, kind))
            for kind, column in zip(columns, plain, strict=True)
        }
    )


def _usable_rows(table: Table, columns: Mapping[str, int]) -> _Rows:
    """Rows with time and force. Where a machine wrote NaN or nothing for a moment the data are missing, and said to be."""
    read = [_numbers(line, cells, table, columns) for line, cells in enumerate(table.rows(), start=1)]
    known = [row for row in read if row is not None]
    lengths = [kind for kind in columns if kind in ("extension", "strain")]
    last_length = max((i for i, row in enumerate(known) if all(kind in row for kind in lengths)), default=-1)
    rows: list[dict[str, Decimal]] = []
    missing: list[tuple[Decimal, Decimal]] = []
    last: dict[str, Decimal] = {}
    until: Decimal | None = None
    open_gap = False
    for index, row in enumerate(known):
        taken_off = bool(lengths) and index > last_length
        if "force" not in row or (not taken_off and any(kind not in row for kind in lengths)):
            open_gap = bool(last)
            continue
        if taken_off and until is None:
            until = row["time"]
        full = {kind: row.get(kind, last.get(kind, Decimal(0))) for kind in columns}
        if open_gap:
            missing.append((last["time"], full["time"]))
        open_gap = False
        rows.append(full)
        last = full
    series = {kind: channel_from_decimals([row[kind] for row in rows], _unit(table, columns, kind)) for kind in columns}
    return _Rows(series, until, missing)


def _numbers(line: int, cells: list[str], table: Table, columns: Mapping[str, int]) -> dict[str, Decimal] | None:
    """The numbers of one row, ``None`` for a row to pass over; a word where a number belongs refuses the file."""
    row: dict[str, Decimal] = {}
    for kind, index in columns.items():
        value = number(cells[index], table.decimal_mark) if index < len(cells) else None
        if value is not None:
            row[kind] = value
    place = columns["force"]
    force = cells[place].strip().lower() if place < len(cells) else "?"
    if "time" in row and ("force" in row or force in _NO_NUMBER):
        return row
    if line >= len(table.lines) - 1 or not any(cell.strip() for cell in cells):
        return None
    raise OperatorError("curve_file.not_a_number", row=line, text=",".join(cells)[:60])


def _unit(table: Table, columns: Mapping[str, int], kind: str) -> str:
    printed = table.units[columns[kind]]
    return _SPELLINGS.get(printed.lower(), printed) if printed not in ("", "1") else _DEFAULT_UNITS[kind]


def _lengths(
    series: Mapping[str, Channel], table: Table, columns: Mapping[str, int], le: Decimal | None
) -> tuple[Channel | None, Channel | None]:
    """Extension and displacement. A strain column decides: what does not agree with it is not the extensometer."""
    found = {kind: series[kind].in_unit("mm") for kind in ("extension", "displacement") if kind in series}
    if "strain" not in series or le is None or le <= 0:
        return found.get("extension"), found.get("displacement")
    factor = le / 100 if _unit(table, columns, "strain") == "%" else le
    from_strain = _times(series["strain"], factor)
    if "extension" in series and _agree(found["extension"], from_strain):
        return found["extension"], found.get("displacement")
    return from_strain, found.get("displacement", found.get("extension"))


def _times(strain: Channel, gauge: Decimal) -> Channel:
    """Strain times a gauge length in mm, exact."""
    sign, digits, exponent = gauge.as_tuple()
    whole = int("".join(map(str, digits)))
    largest = int(np.abs(strain.counts).max())
    if isinstance(exponent, int) and not sign and largest * whole < LARGEST_COUNT:
        return Channel(strain.counts * whole, strain.quantum.scaleb(exponent), "mm")
    return channel_from_decimals([strain.exact(index) * gauge for index in range(len(strain))], "mm")


def _agree(one: Channel, other: Channel) -> bool:
    """Whether two lengths are within half a percent of the second's span everywhere."""
    span = (int(other.counts.max()) - int(other.counts.min())) * other.quantum
    ratio = float(one.quantum / other.quantum)
    apart = np.abs(one.counts * ratio - other.counts)
    return bool(apart.max() <= float(span * _AGREEMENT / other.quantum) * (1.0 + 1e-9))


def _loading_positive(force: Channel) -> tuple[Channel, bool]:
    if len(force) and -int(force.counts.min()) > int(force.counts.max()):
        return force.negated(), True
    return force, False


def along(length: Channel, force: Channel) -> Channel:
    """A length that counted as the force did turns with the turned ``force``; one that grew to its peak was right already."""
    peak = int(force.counts.argmax())
    return length if int(length.counts[peak]) > int(length.counts[0]) else length.negated()


def _mts793(text: str, sizes: Mapping[str, str]) -> CurveFile:
    """MTS 793 text: blocks with a title line, names, units and numbers; compression negative; a min/max block with the peak."""
    lines = text.splitlines()
    mark = lines[0].split("|")[5] if lines[0].count("|") > 5 else "."
    heading = max((i for i, line in enumerate(lines) if _is_data_heading(line)), default=-1)
    if heading < 0:
        raise OperatorError("curve_file.no_table")
    peaks = _mts_peaks(lines[:heading], mark)
    notes: dict[str, tuple[str, str]] = {}
    for line in lines[1:heading]:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) == 2 and cells[0]:
            name, unit = split_unit(cells[0].rstrip(": "))
            notes.setdefault(name.lower(), (cells[1], unit))
    metadata = geometry(notes, mark)
    if peaks:
        metadata["machine_peak_kn"] = str(peaks[1])
    table = Table(
        titles=lines[heading].split("\t"),
        units=[cell.strip() for cell in lines[heading + 1].split("\t")],
        lines=[line for line in lines[heading + 2 :] if line.strip()],
        delimiter="\t",
        decimal_mark=mark,
    )
    table.titles = ["Zeit" if title.strip() in ("Laufzeit", "Running Time") else title for title in table.titles]
    read = _from_table(table, metadata, sizes)
    return replace(read, remarks=read.remarks + _odd_sizes(metadata, notes, mark))


def _is_data_heading(line: str) -> bool:
    kinds = [column_kind(cell) for cell in line.split("\t")]
    return line.count("\t") >= 2 and "time" in kinds and "force" in kinds and not re.search(r"\d{2}:\d{2}:\d{2}", line)


def _mts_peaks(lines: list[str], mark: str) -> tuple[Decimal, Decimal] | None:
    """Smallest and largest absolute force of the min/max block, in kN."""
    for index, line in enumerate(lines[:-3]):
        cells = line.split("\t")
        kinds = [column_kind(cell) for cell in cells]
        if "force" not in kinds or "time" in kinds:
            continue
        column = kinds.index("force")
        units = lines[index + 1].split("\t")
        extremes = [number(lines[index + step].split("\t")[column], mark) for step in (2, 3)]
        if units[column].strip() in ("kN", "N") and all(value is not None for value in extremes):
            factor = Decimal("0.001") if units[column].strip() == "N" else Decimal(1)
            low, high = sorted(abs(value) * factor for value in extremes if value is not None)
            return low, high
    return None


def _odd_sizes(metadata: Mapping[str, str], notes: Mapping[str, tuple[str, str]], mark: str) -> tuple[Remark, ...]:
    """A side that differs wildly from the others is a typing error: said, never corrected."""
    side = number(metadata.get("width_mm", ""))
    if side is None:
        return ()
    odd = [
        Remark("curve_file.odd_size", {"name": name, "value": value})
        for name, (value, unit) in notes.items()
        if unit == "mm" and (size := number(value, mark)) is not None and not side / 2 <= size <= side * 4
    ]
    return tuple(odd)
