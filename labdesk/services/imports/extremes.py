"""Several tables in one file: short ones that repeat the extremes, and long ones that go on where the last one ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from labdesk.domain.imported import ChannelKind
from labdesk.services.imports.cells import number
from labdesk.services.imports.tables import Block
from labdesk.services.imports.units import named

_SHORT = 3


def split_extremes(blocks: Sequence[Block], mark: str) -> tuple[list[Block], Decimal | None]:
    """The tables of samples, continued ones joined, and the largest absolute force in kN of a block of extremes."""
    longest = max((len(block.rows) for block in blocks), default=0)
    samples: list[Block] = []
    peak: Decimal | None = None
    for block in blocks:
        if len(block.rows) <= _SHORT < longest and not block.of(ChannelKind.TIME):
            peak = _largest(block, mark) or peak
        elif samples and _goes_on(samples[-1], block, mark):
            samples[-1] = replace(samples[-1], rows=[*samples[-1].rows, *block.rows])
        elif block.rows or not longest:
            samples.append(block)
    return samples, peak


def _largest(block: Block, mark: str) -> Decimal | None:
    for column in block.of(ChannelKind.FORCE):
        unit = named(column.unit.name, "force") if column.unit else None
        found = [number(row[column.place], mark) for row in block.rows if column.place < len(row)]
        forces = [abs(value) for value in found if value is not None]
        if unit is not None and forces and len(forces) == len(block.rows):
            return max(forces) * unit.factor
    return None


def _goes_on(before: Block, block: Block, mark: str) -> bool:
    """Whether a block has the same columns and its time starts where the last one's ended."""
    same = [column.title for column in before.columns] == [column.title for column in block.columns]
    times = block.of(ChannelKind.TIME)
    if not same or before.sheet != block.sheet or not times or not before.rows or not block.rows:
        return False
    if before.above != block.above and (before.above or block.above):
        return False
    place = times[0].place
    last, first = (number(row[place], mark) if place < len(row) else None for row in (before.rows[-1], block.rows[0]))
    return last is not None and first is not None and first > last
