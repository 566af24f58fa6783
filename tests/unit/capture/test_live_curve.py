"""The live curve stays small, keeps its extremes, and says when it was made anew."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.capture.blocks import Block
from labdesk.capture.live_curve import MOST_POINTS, LiveCurve
from labdesk.capture.messages import live_from, live_message
from labdesk.devices.registry import manifest
from labdesk.domain.capture import LivePoint, LiveState, MachineState

CHANNELS = manifest("labdesk_utm").channels


def add(to: LiveCurve, elapsed_ms: int, counts: tuple[int | None, ...]) -> None:
    to.add(0, Block([elapsed_ms * 1_000_000], tuple((count,) for count in counts), ()))


def curve(forces: list[int], step_ms: int = 1) -> LiveCurve:
    made = LiveCurve(CHANNELS)
    for index, force in enumerate(forces):
        add(made, index * step_ms, (force, None, index))
    return made


def test_a_peak_of_one_sample_survives_any_thinning() -> None:
    forces = [index % 50 for index in range(200_000)]
    forces[77_777] = 1_000_000
    made = curve(forces)
    assert len(made.points) <= MOST_POINTS
    assert made.generation > 0
    assert max(point.force_kn for point in made.points) == Decimal(100)
    assert [point.seq for point in made.points] == list(range(len(made.points)))
    assert [point.elapsed_ms for point in made.points] == sorted(point.elapsed_ms for point in made.points)


def test_a_value_that_was_not_sent_is_not_drawn() -> None:
    made = curve([1, 2, 3] * 100)
    assert made.points[0].extension_mm is None
    assert made.points[1].displacement_mm == Decimal("0.038")
    add(made, 10**6, (None, 1, 1))
    assert max(point.elapsed_ms for point in made.points) < 10**6


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_a_client_that_gets_only_news_has_the_whole_curve(steps: list[int]) -> None:
    made = LiveCurve(CHANNELS)
    known: tuple[int, tuple[LivePoint, ...]] = (-1, ())
    sent_generation, sent_count, index = -1, 0, 0
    for step in steps:
        for _ in range(step * 30):
            add(made, index * 10, (index * 7 % 1001, index, None))
            index += 1
        first = sent_count if sent_generation == made.generation else 0
        state = LiveState("m-1", index + 1, MachineState.CAPTURING)
        generation, shown = live_from(live_message(state, made.generation, first, made.points[first:]), known)
        known = (generation, shown.points)
        sent_generation, sent_count = made.generation, len(made.points)
        assert shown.points == tuple(made.points)
    made.clear()
    assert made.points == []


def test_blocks_of_any_size_give_the_same_curve() -> None:
    forces = tuple(index * 37 % 501 for index in range(5000))
    single = curve(list(forces))
    for size in (2, 7, 100, 5000):
        made = LiveCurve(CHANNELS)
        for begin in range(0, len(forces), size):
            part = forces[begin : begin + size]
            times = [index * 1_000_000 for index in range(begin, begin + len(part))]
            made.add(0, Block(times, (part, (None,) * len(part), tuple(range(begin, begin + len(part)))), ()))
        assert made.points == single.points


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.one_of(st.integers(-5, 5), st.none()), st.integers(1, 60)), min_size=1, max_size=60),
    st.lists(st.integers(1, 25), min_size=1, max_size=6),
)
def test_blocks_with_values_missing_give_the_same_curve(
    samples: list[tuple[int | None, int]], sizes: list[int]
) -> None:
    single, blocks = LiveCurve(CHANNELS), LiveCurve(CHANNELS)
    times, at, turn = [], 0, 0
    for _, step in samples:
        at += step
        times.append(at * 1_000_000)
    forces, begin = tuple(force for force, _ in samples), 0
    while begin < len(forces):
        part = slice(begin, begin + sizes[turn % len(sizes)])
        count = len(forces[part])
        blocks.add(0, Block(times[part], (forces[part], (None,) * count, tuple(range(begin, begin + count))), ()))
        for index in range(begin, begin + count):
            single.add(0, Block(times[index : index + 1], (forces[index : index + 1], (None,), (index,)), ()))
        begin, turn = begin + count, turn + 1
    end = at * 1_000_000 + 80_000_000
    for made in (single, blocks):
        made.add(0, Block([end, end + 80_000_000], ((1, 1), (None, None), (1, 1)), ()))
    assert blocks.points == single.points


def test_a_gap_stands_before_its_point_and_survives_thinning() -> None:
    made = curve([1] * 1000)
    assert made.gap_seqs() == ()
    made.interrupt(3000)
    for index in range(3000, 200_000):
        add(made, index, (index % 50, None, index))
    (seq,) = made.gap_seqs()
    assert made.points[seq - 1].elapsed_ms < 1000
    assert made.points[seq].elapsed_ms >= 3000
    made.clear()
    assert made.gap_seqs() == ()
