"""The short ways along a course give exactly what the plain numpy expressions give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.curve import Floats
from labdesk.standards.courses import (
    first_reached,
    first_true,
    last_apart,
    last_true,
    median,
    running_max,
    tops_with_falls,
)


@st.composite
def _courses(draw: st.DrawFn) -> Floats:
    """Rises, plateaus, falls and noise in whole quanta, longer and shorter than a block."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.sampled_from([1, 2, 5, 63, 64, 65, 200, 700]))
    drift, noise = draw(st.sampled_from([0.0, 0.3, 2.0])), draw(st.sampled_from([0.0, 0.6, 4.0]))
    steps = rng.normal(drift, noise, size) * rng.choice([1.0, 1.0, 1.0, -3.0], size)
    course: Floats = np.rint(100.0 + np.cumsum(steps)) * 0.1
    return course


@settings(max_examples=150, deadline=None)
@given(_courses(), st.lists(st.floats(-20, 60), min_size=1, max_size=8))
def test_levels_are_reached_where_the_running_maximum_says(course: Floats, levels: list[float]) -> None:
    wanted = np.searchsorted(np.maximum.accumulate(course), np.array(levels))
    assert first_reached(course, np.array(levels)).tolist() == wanted.tolist()
    assert np.array_equal(running_max(course), np.maximum.accumulate(course))


def test_a_running_maximum_is_never_the_course_itself() -> None:
    course = np.arange(5.0)
    running_max(course)[0] = 9.0
    assert course[0] == 0.0


@settings(max_examples=200, deadline=None)
@given(_courses(), st.floats(0.0, 2.0))
def test_records_with_a_fall_are_those_of_every_sample_compared(course: Floats, noise: float) -> None:
    def need(top: Floats) -> Floats:
        return np.maximum(0.005 * top, 0.002 * top + noise)

    least = 0.3 * float(course.max())
    if least <= 0:
        return
    records = [0, *(i for i in range(1, course.size) if course[i] > course[:i].max())]
    wanted = []
    for place, record in enumerate(records):
        end = records[place + 1] if place + 1 < len(records) else course.size
        top = course[record]
        if top >= least and top - course[record:end].min() >= need(np.array([top]))[0]:
            wanted.append(float(top))
    assert tops_with_falls(course, least, need).tolist() == wanted


@settings(max_examples=100, deadline=None)
@given(_courses(), st.floats(0.0, 30.0), st.floats(0.0, 10.0))
def test_the_last_sample_apart_is_found_from_the_end(course: Floats, level: float, least: float) -> None:
    apart = np.flatnonzero(np.abs(course - level) > least)
    assert last_apart(course, level, least) == (int(apart[-1]) if apart.size else None)
    assert median(course) == float(np.median(course))


def test_the_last_sample_apart_is_found_beyond_the_first_stretch() -> None:
    course = np.zeros(20_000)
    course[37] = 1.0
    assert last_apart(course, 0.0, 0.5) == 37


@pytest.mark.parametrize("pattern", ["", "0", "1", "0010", "1000", "0001", "000"])
def test_first_and_last_that_hold(pattern: str) -> None:
    mask = np.array([letter == "1" for letter in pattern], dtype=bool)
    places = np.flatnonzero(mask)
    assert first_true(mask) == (int(places[0]) if places.size else None)
    assert last_true(mask) == (int(places[-1]) if places.size else None)
