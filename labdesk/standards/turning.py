"""Turning points of a course: crests and valleys that differ by more than a height, found block by block so that cost stays linear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labdesk.domain.curve import Floats

_BLOCK = 512


@dataclass(frozen=True)
class Valley:
    """One valley of a course: its lowest sample, the crest before it, and the first sample back at least ``height`` above it."""

    crest: int
    bottom: int
    risen: int


def valleys(course: Floats, height: float) -> list[Valley]:
    """Valleys of ``course`` from its first sample on, each at least ``height`` below the crest before and after it.

    The last one may be open: ``risen`` is then the length of the course.
    """
    found: list[Valley] = []
    crest, at = 0, 0
    while True:
        fallen = _first_past(-course, at, height)
        if fallen is None:
            return found
        crest = at + int(np.argmax(course[at : fallen + 1]))
        risen = _first_past(course, fallen, height)
        stop = course.size if risen is None else risen
        bottom = fallen + int(np.argmin(course[fallen:stop]))
        found.append(Valley(crest, bottom, stop))
        if risen is None:
            return found
        at = risen


def _first_past(course: Floats, begin: int, height: float) -> int | None:
    """First sample that stands ``height`` above the lowest one since ``begin``."""
    lowest = float(course[begin]) if begin < course.size else 0.0
    size = _BLOCK
    while begin < course.size:
        block = course[begin : begin + size]
        floor = np.minimum(np.minimum.accumulate(block), lowest)
        past = np.flatnonzero(block - floor >= height)
        if past.size:
            return begin + int(past[0])
        lowest = float(floor[-1])
        begin += size
        size *= 2
    return None
