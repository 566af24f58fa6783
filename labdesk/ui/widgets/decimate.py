"""Thins a curve for the screen without losing a peak: the lowest and the highest sample of each bucket are drawn."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_BUCKETS = 500


def decimate(x: Floats, y: Floats, buckets: int = MAX_BUCKETS) -> tuple[Floats, Floats]:
    """At most ``2 * buckets`` of the samples, in their order: of each run of neighbours the lowest and the highest, and both ends.

    Every point returned is a sample; nothing is averaged or invented. Short curves come back unchanged.
    """
    count = len(y)
    if count <= 2 * buckets:
        return x, y
    inner = max(1, buckets - 1)
    edges = np.linspace(0, count, inner + 1).astype(np.int64)
    width = int(np.max(np.diff(edges)))
    # One row per bucket; the last samples of a shorter bucket are repeated, which changes neither minimum nor maximum.
    places = np.minimum(edges[:-1, None] + np.arange(width)[None, :], edges[1:, None] - 1)
    values = y[places]
    lowest = places[np.arange(inner), np.argmin(values, axis=1)]
    highest = places[np.arange(inner), np.argmax(values, axis=1)]
    kept = np.unique(np.concatenate((lowest, highest, [0, count - 1])))
    return x[kept], y[kept]


def decimate_with_gaps(
    x: Floats, y: Floats, breaks: Sequence[int], buckets: int = MAX_BUCKETS
) -> tuple[Floats, Floats]:
    """The same, piece by piece between ``breaks`` (positions of the first sample after a gap), with NaN between the pieces."""
    cuts = [0, *sorted({cut for cut in breaks if 0 < cut < len(y)}), len(y)]
    xs: list[Floats] = []
    ys: list[Floats] = []
    hole = np.array([np.nan])
    for start, stop in itertools.pairwise(cuts):
        share = max(2, buckets * (stop - start) // max(1, len(y)))
        part_x, part_y = decimate(x[start:stop], y[start:stop], share)
        xs += [part_x, hole]
        ys += [part_y, hole]
    return np.concatenate(xs[:-1]), np.concatenate(ys[:-1])
