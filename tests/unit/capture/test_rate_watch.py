"""The stress rate is judged over the part of the loading where the standard applies it, by the samples' own times."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.capture.rate_watch import RateWatch, in_band, light_of
from labdesk.domain.capture import RateBand, RateLight, RunRequest
from labdesk.domain.errors import BugError
from tests.helpers.machines import request

# 100 mm2 and counts of 0.1 kN: one count is 1 MPa.
BAND = RateBand(Decimal(6), Decimal(60), Decimal(5), Decimal(30))
STEP_NS = 20_000_000


def watch(forces: list[int], size: int = 1) -> RateWatch:
    made = RateWatch(BAND, Decimal(100), Decimal("0.1"))
    for begin in range(0, len(forces), size):
        part = forces[begin : begin + size]
        made.take([index * STEP_NS for index in range(begin, begin + len(part))], part)
    return made


def ramp(mpa_s: float, until: int, begin: int = 0) -> list[int]:
    step = mpa_s * STEP_NS / 1e9
    return [round(begin + index * step) for index in range(int((until - begin) / step))]


def test_a_steady_rate_in_the_band_is_green() -> None:
    made = watch(ramp(30, 280))
    assert made.light is RateLight.GREEN
    assert made.rate_mpa_s is not None
    assert abs(made.rate_mpa_s - 30) < 2
    record = made.record()
    assert record is not None
    assert (record.outside, record.outside_percent) == (0, 0)
    assert record.judged > 300


def test_a_rate_beyond_the_band_is_red_and_counted() -> None:
    made = watch([*ramp(30, 160), *ramp(120, 290, 160)])
    assert made.light is RateLight.RED
    record = made.record()
    assert record is not None
    assert 10 < record.outside_percent < 50
    assert record.largest_mpa_s > 100


@pytest.mark.rule("YK-7.2a")
def test_start_yield_and_end_of_a_hand_valve_are_not_judged() -> None:
    """Far too fast below the part, a plateau with 0 MPa/s above it, an unloading: none of it counts."""
    start, judged = ramp(400, 50), ramp(30, 300, 50)
    made = watch([*start, *judged, *[310] * 500, *range(310, 0, -10)])
    assert made.light is RateLight.OFF
    assert made.rate_mpa_s is None
    record = made.record()
    assert record is not None
    assert record.outside == 0
    assert watch([*ramp(400, 50), *[49] * 100]).record() is None


def test_the_share_does_not_depend_on_how_the_samples_came() -> None:
    forces = [*ramp(40, 150), *ramp(100, 290, 150)]
    assert watch(forces, 1).record() == watch(forces, 7).record() == watch(forces, 500).record()


def test_no_rate_is_measured_across_a_gap_or_before_a_new_start() -> None:
    made = RateWatch(BAND, Decimal(100), Decimal("0.1"))
    first = ramp(30, 150)
    made.take([index * STEP_NS for index in range(len(first))], first)
    made.gap()
    later = ramp(30, 290, 200)
    made.take([10**10 + index * STEP_NS for index in range(len(later))], later)
    record = made.record()
    assert record is not None
    assert record.outside == 0
    made.restart()
    assert made.record() is None


def test_lights_and_edges() -> None:
    lights = {rate: light_of(BAND, Decimal(rate)) for rate in (0, 1, 6, 60, 65, 66)}
    assert [light.value for light in lights.values()] == ["red", "amber", "green", "green", "amber", "red"]
    assert in_band(BAND, Decimal(61))
    assert not in_band(BAND, Decimal(62))


def test_a_band_that_cannot_hold_is_refused() -> None:
    for low, high, begin, end in ((6, 6, 1, 2), (-1, 6, 1, 2), (1, 2, 5, 5)):
        with pytest.raises(BugError):
            RateBand(Decimal(low), Decimal(high), Decimal(begin), Decimal(end))
    asked: RunRequest = request(rate_band=BAND)
    assert RateWatch.of(asked, Decimal("0.1")) is not None
    assert RateWatch.of(request(), Decimal("0.1")) is None
    with pytest.raises(BugError):
        request(rate_band=BAND, area_mm2=None)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.integers(-20, 330),
            st.builds(
                lambda first, many, step: list(range(first, first + many * step, step)),
                st.integers(0, 250),
                st.integers(1, 60),
                st.integers(1, 3),
            ),
        ),
        max_size=12,
    ),
    st.lists(st.integers(1, 40), min_size=1, max_size=8),
    st.booleans(),
)
def test_blocks_of_any_size_are_judged_alike(parts: list[int | list[int] | None], sizes: list[int], gap: bool) -> None:
    """Random pieces of loading with values missing: block by block the same rate, light and share as sample by sample."""
    forces = [force for part in parts for force in (part if isinstance(part, list) else [part])]
    single, blocks = (RateWatch(BAND, Decimal(100), Decimal("0.1")) for _ in range(2))
    begin, turn = 0, 0
    while begin < len(forces):
        part = forces[begin : begin + sizes[turn % len(sizes)]]
        times = [index * STEP_NS for index in range(begin, begin + len(part))]
        for time_ns, force in zip(times, part, strict=True):
            single.take([time_ns], [force])
        blocks.take(times, part)
        assert (single.rate_mpa_s, single.light, single.record()) == (blocks.rate_mpa_s, blocks.light, blocks.record())
        if gap and turn == 2:
            single.gap()
            blocks.gap()
        begin, turn = begin + len(part), turn + 1
