"""From a table of cells to channels: which column is the force, which the extension, in which units; asked where nobody said."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.curve import Channel, channel_from_decimals
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.domain.imported import ChannelKind
from labdesk.services.imports.cells import number
from labdesk.services.imports.settings import COLUMNS, Answers
from labdesk.services.imports.tables import Block, Column
from labdesk.services.imports.units import Unit, named
from labdesk.services.imports.words import geometry_name, plain, rank

Values = list[Decimal | None]
_CLOCK = re.compile(r"^(?:(?:\d+)\s+day[s]?,?\s*)?(\d{1,3}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?$")
_AGREEMENT = Decimal("0.005")


@dataclass
class Chosen:
    """The columns that become the curve.

    Attributes:
        columns: kind to column.
        units: kind to unit; complete for time, force and lengths.
        remarks: what a person should know of the choice.
    """

    columns: dict[ChannelKind, Column]
    units: dict[ChannelKind, Unit]
    remarks: list[Remark]


def choose(block: Block, answers: Answers) -> Chosen:
    """The columns of a block by their titles and by what a person answered.

    Raises:
        OperatorError: ``import.no_such_column``, ``import.ask_unit`` naming the columns and what to answer.
    """
    columns: dict[ChannelKind, Column] = {}
    remarks: list[Remark] = []
    for name in COLUMNS:
        kind = ChannelKind(name)
        wanted = answers.text(name)
        if wanted in ("-", "none"):
            continue
        if wanted:
            columns[kind] = _by_title(block, wanted)
            continue
        candidates = sorted(block.of(kind), key=lambda column: (rank(column.kind, column.title), column.place))
        candidates = [column for column in candidates if _has_numbers(block, column)]
        if kind is ChannelKind.EXTENSION and len(candidates) > 1:
            candidates = [column for column in candidates if not is_bare_extension(column)] or candidates
        if candidates:
            columns[kind] = candidates[0]
            if kind is ChannelKind.FORCE and len(candidates) > 1:
                others = ", ".join(column.title for column in candidates[1:])
                remarks.append(Remark("import.several_forces", {"used": candidates[0].title, "others": others}))
    if ChannelKind.EXTENSION in columns and ChannelKind.DISPLACEMENT not in columns:
        bare = [column for column in block.of(ChannelKind.EXTENSION) if is_bare_extension(column)]
        if bare and bare[0] is not columns[ChannelKind.EXTENSION]:
            columns[ChannelKind.DISPLACEMENT] = bare[0]
    if ChannelKind.EXTENSION not in columns:
        unknown = [c.title for c in block.of(ChannelKind.OTHER) if c.unit is not None and c.unit.quantity == "length"]
        unknown = [title for title in unknown if not geometry_name(title, "length")]
        if unknown:
            remarks.append(Remark("import.lengths_unused", {"titles": ", ".join(unknown)}))
    taken = {column.place for name, column in columns.items() if answers.text(name.value)}
    columns = {k: c for k, c in columns.items() if answers.text(k.value) or c.place not in taken}
    return Chosen(columns, _units(block, columns, answers, remarks), remarks)


def is_bare_extension(column: Column) -> bool:
    """``Extension`` and nothing else: in the programs that pair it with ``Load`` it is the crosshead's travel."""
    return plain(column.title) in ("extension", "tensile extension", "compressive extension", "flexure extension")


def _by_title(block: Block, wanted: str) -> Column:
    """A column by its title or its number, counted from 1."""
    for column in block.columns:
        if plain(column.title) == plain(wanted) or str(column.place + 1) == wanted:
            return column
    raise OperatorError("import.no_such_column", name=wanted, known=", ".join(column.title for column in block.columns))


def _has_numbers(block: Block, column: Column) -> bool:
    return any(column.place < len(row) and row[column.place].strip()[:1] in "+-−.0123456789" and row[column.place].strip()
               for row in block.rows[:50])  # fmt: skip


def _units(
    block: Block, columns: Mapping[ChannelKind, Column], answers: Answers, remarks: list[Remark]
) -> dict[ChannelKind, Unit]:
    units: dict[ChannelKind, Unit] = {}
    silent: list[tuple[str, str]] = []
    quantity = {"time": "time", "force": "force", "extension": "length", "displacement": "length", "strain": "strain"}
    examples = {"time": "s", "force": "kN", "extension": "mm", "displacement": "mm", "strain": "%"}
    for kind, column in columns.items():
        unit = answers.unit(kind.value) or (named(column.unit.name, quantity[kind.value]) if column.unit else None)
        if unit is None and kind is ChannelKind.TIME and _clock_times(block, column):
            unit = named("s", "time")
        if unit is None and kind is ChannelKind.STRAIN:
            if block.units_row or column.title.endswith(("[-]", "(-)")):
                units[kind] = Unit("", "strain", Decimal(1))
            continue
        if unit is None:
            silent.append((column.title or str(column.place + 1), f"{kind.value}_unit={examples[kind.value]}"))
            continue
        units[kind] = unit
        if kind is ChannelKind.FORCE and column.unit is not None and column.unit.quantity == "mass":
            remarks.append(Remark("import.mass_as_force", {"unit": column.unit.name}))
    if silent:
        named_columns = ", ".join(title for title, _ in silent)
        raise OperatorError("import.ask_unit", columns=named_columns, answer=" ".join(answer for _, answer in silent))
    return units


def _clock_times(block: Block, column: Column) -> bool:
    first = next((row[column.place] for row in block.rows if column.place < len(row) and row[column.place].strip()), "")
    return _clock_seconds(first) is not None


def _clock_seconds(cell: str) -> Decimal | None:
    """Seconds of ``01:02:03.5`` or of a full moment; ``None`` for plain numbers."""
    text = cell.strip()
    match = _CLOCK.match(text)
    if match:
        first, second, third = match.groups()
        if third is None:
            return Decimal(int(first) * 60 + int(second))
        return Decimal(int(first) * 3600 + int(second) * 60) + Decimal(third.replace(",", "."))
    if ":" not in text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    since = moment.replace(tzinfo=None) - dt.datetime(2000, 1, 1)
    return Decimal(since.days * 86400 + since.seconds) + Decimal(since.microseconds) / 1_000_000


def values_of(block: Block, column: Column, mark: str) -> Values:
    """The exact numbers of a column, ``None`` where a cell holds none; times of day count from the first one."""
    key = (column.place, column.kind, mark)
    if key not in block.read:
        block.read[key] = _read_values(block, column, mark)
    return block.read[key]


def _read_values(block: Block, column: Column, mark: str) -> Values:
    cells = [row[column.place] if column.place < len(row) else "" for row in block.rows]
    if column.kind is ChannelKind.TIME and _clock_times(block, column):
        clock = [_clock_seconds(cell) for cell in cells]
        first = next((value for value in clock if value is not None), Decimal(0))
        return [None if value is None else value - first for value in clock]
    return [number(cell, mark) for cell in cells]


def channel(values: Sequence[Decimal], unit: Unit, target: str) -> Channel:
    """Counts with the exact quantum in the target unit."""
    counted = channel_from_decimals(values, unit.name)
    return Channel(counted.counts, counted.quantum * unit.factor, target)


def agree(one: Sequence[Decimal], other: Sequence[Decimal]) -> bool:
    """Whether two series are the same quantity, to half a percent of the second's span."""
    span = max(other) - min(other)
    return span > 0 and all(abs(a - b) <= span * _AGREEMENT for a, b in zip(one, other, strict=True))
