"""Thinning a curve loses no peak, invents nothing, and keeps holes open."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.ui.widgets.decimate import MAX_BUCKETS, decimate, decimate_with_gaps


@settings(max_examples=60)
@given(st.integers(1, 20_000), st.integers(0, 2**32 - 1))
def test_extremes_and_ends_stay_and_every_point_is_a_sample(count: int, seed: int) -> None:
    y = np.random.default_rng(seed).normal(size=count)
    x = np.arange(count, dtype=np.float64)
    thin_x, thin_y = decimate(x, y)
    assert len(thin_y) <= 2 * MAX_BUCKETS
    assert thin_y.max() == y.max()
    assert thin_y.min() == y.min()
    assert (thin_x[0], thin_x[-1]) == (0, count - 1)
    assert np.array_equal(y[thin_x.astype(int)], thin_y)
    assert (np.diff(thin_x) > 0).all()


def test_short_curves_are_left_alone() -> None:
    x = np.arange(900.0)
    assert decimate(x, x)[1] is x


def test_one_lonely_spike_is_seen() -> None:
    y = np.zeros(100_000)
    y[54_321] = 7.0
    assert decimate(np.arange(100_000.0), y)[1].max() == 7.0


def test_a_gap_is_a_hole() -> None:
    x = np.arange(10_000.0)
    thin_x, thin_y = decimate_with_gaps(x, x, [4_000, 0, 10_000, 4_000])
    holes = np.flatnonzero(np.isnan(thin_y))
    assert len(holes) == 1
    assert thin_x[holes[0] - 1] == 3_999
    assert thin_x[holes[0] + 1] == 4_000
