"""Searching along a course of many samples without walking all of it: block extremes first, single samples only where they decide.

Every function gives exactly what the plain numpy expression named in its text gives; only the way is shorter.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from labdesk.domain.curve import Floats

_BLOCK = 64
_REACH = 4096
#: What rounding may cost a comparison of block extremes; the samples themselves are then compared exactly.
_SLACK = 1.0 - 1e-9


def first_true(mask: NDArray[np.bool_]) -> int | None:
    """First index that holds, or ``None``: ``flatnonzero(mask)[0]``."""
    index = int(mask.argmax()) if mask.size else 0
    return index if mask.size and mask[index] else None


def last_true(mask: NDArray[np.bool_]) -> int | None:
    """Last index that holds, or ``None``: ``flatnonzero(mask)[-1]``."""
    back = first_true(mask[::-1])
    return None if back is None else mask.size - 1 - back


def last_apart(values: Floats, level: float, least: float) -> int | None:
    """Last index more than ``least`` away from ``level``, or ``None``: ``flatnonzero(abs(values - level) > least)[-1]``."""
    end, reach = values.size, _REACH
    while end > 0:
        begin = max(0, end - reach)
        found = last_true(np.abs(values[begin:end] - level) > least)
        if found is not None:
            return begin + found
        end, reach = begin, 2 * reach
    return None


def median(values: Floats) -> float:
    """``numpy.median`` of numbers that are all finite; ``values`` must not be empty."""
    middle = values.size // 2
    if values.size % 2:
        return float(np.partition(values, middle)[middle])
    parted = np.partition(values, (middle - 1, middle))
    return float((parted[middle - 1] + parted[middle]) / 2.0)


def running_max(values: Floats) -> Floats:
    """``numpy.maximum.accumulate``, a plain copy where the course never falls."""
    if values.size and bool((values[1:] >= values[:-1]).all()):
        return values.copy()
    found: Floats = np.maximum.accumulate(values)
    return found


def first_reached(values: Floats, levels: Floats) -> NDArray[np.intp]:
    """First index at which ``values`` reach each level, their number where never: ``searchsorted(accumulated maximum, levels)``."""
    tops = np.maximum.accumulate(np.maximum.reduceat(values, np.arange(0, values.size, _BLOCK)))
    blocks = np.searchsorted(tops, levels)
    reached = np.full(blocks.shape, values.size, dtype=np.intp)
    known = blocks < tops.size
    samples = blocks[known][:, None] * _BLOCK + np.arange(_BLOCK)
    within = values[np.minimum(samples, values.size - 1)] >= levels[known][:, None]
    reached[known] = blocks[known] * _BLOCK + within.argmax(axis=1)
    return reached


def tops_with_falls(values: Floats, least: float, need: Callable[[Floats], Floats]) -> Floats:
    """The record heights from ``least`` (positive) on after which the course fell by at least ``need(height)``, rising.

    ``need`` and height minus ``need`` must rise with the height.
    """
    begins = np.arange(0, values.size, _BLOCK)
    highest, lowest = np.maximum.reduceat(values, begins), np.minimum.reduceat(values, begins)
    before = np.concatenate(([-np.inf], np.maximum.accumulate(highest)[:-1]))
    level = np.maximum(before, highest)
    possible = (level >= least) & (level - lowest >= _SLACK * need(level))
    under = before[possible & (highest <= before)]
    fell = under - lowest[possible & (highest <= before)] >= need(under)
    rising = np.flatnonzero(possible & (highest > before))
    samples = np.minimum(rising[:, None] * _BLOCK + np.arange(_BLOCK), values.size - 1)
    part = values[samples]
    reached = np.maximum(np.maximum.accumulate(part, axis=1), before[rising][:, None])
    fallen = reached - part >= need(reached)
    found: Floats = np.unique(np.concatenate((under[fell], reached[fallen])))
    return found[found >= least]
