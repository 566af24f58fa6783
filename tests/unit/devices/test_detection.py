"""Start, peak and break: three rules, hysteresis, N-point confirmation."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.devices.detection import Found, RunDetector, Thresholds
from labdesk.domain.capture import BreakCriterion, BreakRule, RunPhase
from labdesk.domain.errors import BugError

KN = Decimal("0.1")
STEP_NS = 10_000_000


def detector(rule: BreakRule = BreakRule.ATTENUATION, threshold: str = "40", points: int = 3) -> RunDetector:
    percent, drop = (
        (Decimal(threshold), Decimal(0)) if rule is BreakRule.ATTENUATION else (Decimal(0), Decimal(threshold))
    )
    criterion = BreakCriterion(rule, percent, drop, points)
    return RunDetector(Thresholds.of(Decimal(1), Decimal(10), criterion, KN))


def feed(found: RunDetector, forces: list[int], first: int = 0) -> list[tuple[int, Found]]:
    events = [(first + n, found.feed(first + n, (first + n) * STEP_NS, force)) for n, force in enumerate(forces)]
    return [event for event in events if event[1] is not Found.NOTHING]


RISE = list(range(0, 501, 10))


def test_thresholds_round_up() -> None:
    limits = Thresholds.of(
        Decimal("1.01"), Decimal("10.09"), BreakCriterion(BreakRule.BELOW_PEAK, drop_kn=Decimal("0.55")), KN
    )
    assert (limits.preload, limits.arming, limits.drop) == (11, 101, 6)


def test_a_bar_from_start_to_break() -> None:
    found = detector()
    assert feed(found, RISE) == [(3, Found.STARTED)]
    assert found.start_index == 1
    assert feed(found, [495, 480, 2, 1, 0], 51) == [(55, Found.BROKEN)]
    assert (found.peak_index, found.peak, found.break_index) == (50, 500, 53)
    assert found.phase is RunPhase.TAIL


def test_one_noisy_point_starts_nothing_and_breaks_nothing() -> None:
    found = detector()
    assert feed(found, [0, 900, 0, 0, 900, 900, 0]) == []
    assert feed(found, [*RISE, 0, 510, 520, 0, 0, 530], 7) == [(10, Found.STARTED)]
    assert found.phase is RunPhase.LOADING


@pytest.mark.parametrize("rule", list(BreakRule))
def test_one_wrong_reading_far_above_the_curve_ends_nothing(rule: BreakRule) -> None:
    """A lost decimal point on a line without a check: 300 becomes 30000, and all that follows would be "far below the peak"."""
    found = detector(rule, "5" if rule is not BreakRule.ATTENUATION else "40")
    assert feed(found, [*RISE[:31], 30_000, *RISE[32:], 500], 0) == [(3, Found.STARTED)]
    assert found.phase is RunPhase.LOADING
    assert (found.agreed, found.peak) == (500, 30_000)
    assert [event for _, event in feed(found, [300, 100, 50, 20], 60)] == [Found.BROKEN]


def test_one_wrong_reading_in_a_whole_block_ends_nothing() -> None:
    found = detector()
    feed(found, RISE)
    block = [500, 500, 40_000, 500, 500]
    if not found.pass_over(51, block):
        assert feed(found, block, 51) == []
    assert found.phase is RunPhase.LOADING
    assert found.agreed == 500
    assert feed(found, [100, 50, 20], 56) == [(58, Found.BROKEN)]


def test_two_readings_in_a_row_are_a_force() -> None:
    found = detector()
    feed(found, RISE)
    assert feed(found, [900, 905, 500, 500, 500], 51) == [(55, Found.BROKEN)]


def test_before_the_arming_force_nothing_is_a_break() -> None:
    """Grips that settle: 5 kN, back to nothing. The start is taken back, and the next loading is the run."""
    found = detector()
    events = feed(found, [0, 20, 40, 50, 50, 0, 0, 0, *RISE])
    assert [event for _, event in events] == [Found.STARTED, Found.START_TAKEN_BACK, Found.STARTED]
    assert found.start_index == 9
    assert found.peak == 500


def test_a_yield_drop_is_no_break() -> None:
    found = detector()
    feed(found, [*RISE, 480, 470, 465, 470, 480])
    assert found.phase is RunPhase.LOADING


def test_below_peak_by_a_difference() -> None:
    found = detector(BreakRule.BELOW_PEAK, "5", points=2)
    feed(found, RISE)
    assert feed(found, [451, 450, 455, 450], 51) == []
    assert feed(found, [450], 55) == [(55, Found.BROKEN)]
    assert found.break_index == 54


def test_adjacent_drop_ignores_slow_unloading() -> None:
    found = detector(BreakRule.ADJACENT_DROP, "5", points=2)
    feed(found, RISE)
    assert feed(found, list(range(499, 100, -20)), 51) == []
    assert found.phase is RunPhase.LOADING


def test_adjacent_drop_must_not_come_back() -> None:
    found = detector(BreakRule.ADJACENT_DROP, "5", points=3)
    feed(found, RISE)
    assert feed(found, [440, 490, 500, 440, 440], 51) == []
    assert feed(found, [430], 56) == [(56, Found.BROKEN)]
    assert found.break_index == 54


def test_unloading_without_a_break_is_told_apart() -> None:
    found = detector(BreakRule.ADJACENT_DROP, "30")
    feed(found, RISE)
    events = feed(found, [*range(500, 0, -20), *[0] * 400], 51)
    assert [event for _, event in events] == [Found.UNLOADED]
    assert found.phase is RunPhase.TAIL


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (BreakRule.ATTENUATION, {"percent": Decimal(0)}),
        (BreakRule.ATTENUATION, {"percent": Decimal(100)}),
        (BreakRule.ATTENUATION, {"percent": Decimal(40), "confirm_points": 0}),
        (BreakRule.BELOW_PEAK, {"percent": Decimal(40)}),
        (BreakRule.ADJACENT_DROP, {"drop_kn": Decimal(-1)}),
    ],
)
def test_a_criterion_that_cannot_hold_is_refused(rule: BreakRule, values: dict[str, object]) -> None:
    with pytest.raises(BugError):
        BreakCriterion(rule, **values)  # type: ignore[arg-type]


# ---- what must not count as a break, by all three rules ----------------------------------------------------------------

NOISE = random.Random(7)
RULES = (
    (BreakRule.ATTENUATION, "40"),
    (BreakRule.BELOW_PEAK, "30"),
    (BreakRule.ADJACENT_DROP, "20"),
)


def noisy(forces: list[float], counts: float = 4) -> list[int]:
    return [round(force + NOISE.gauss(0, counts)) for force in forces]


def line(begin: float, end: float, points: int) -> list[float]:
    return [begin + (end - begin) * index / points for index in range(points)]


LOADINGS = {
    "yield drop of rebar and its plateau": [
        *line(0, 440, 90),
        *line(440, 425, 3),
        *[425.0, 430.0, 422.0] * 40,
        *line(425, 600, 100),
    ],
    "a hand valve opened in steps": [
        *line(0, 120, 20),
        *[120.0] * 40,
        *line(120, 118, 5),
        *line(118, 300, 20),
        *[300.0] * 60,
        *line(300, 500, 40),
    ],
    "necking of a ductile bar": [*line(0, 600, 150), *line(600, 510, 120)],
    "single wild points": [*line(0, 300, 60), 0.0, *line(300, 400, 30), 5.0, 2.0, *line(400, 600, 60)],
    "an extensometer knocked: one deep point at the peak": [*line(0, 600, 90), 0.0, *line(600, 595, 30)],
}


@pytest.mark.parametrize(("rule", "threshold"), RULES)
@pytest.mark.parametrize("name", LOADINGS)
def test_no_false_break(rule: BreakRule, threshold: str, name: str) -> None:
    found = detector(rule, threshold)
    events = feed(found, noisy(LOADINGS[name]))
    assert [event for _, event in events] == [Found.STARTED]
    assert found.phase is RunPhase.LOADING
    at = len(LOADINGS[name])
    broken = feed(found, noisy([*[20.0] * 12]), at)
    assert [event for _, event in broken] == [Found.BROKEN]
    assert found.break_index is not None
    assert at <= found.break_index <= at + 1


@pytest.mark.parametrize(("rule", "threshold"), RULES)
def test_a_preload_that_is_released_breaks_nothing(rule: BreakRule, threshold: str) -> None:
    """The piece is set, let go and set again below the start-judging force: only the last loading is the run."""
    found = detector(rule, threshold)
    settled = [*line(0, 60, 12), *[60.0] * 10, *line(60, 0, 6), *[0.0] * 20]
    feed(found, noisy([*settled, *settled, *line(0, 500, 60)], 1))
    assert found.phase is RunPhase.LOADING
    assert found.start_index is not None
    assert found.start_index > 2 * len(settled) - 5
    assert found.peak > 450


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(RULES),
    st.lists(st.one_of(st.integers(-5, 700), st.none()), min_size=5, max_size=200),
    st.lists(st.integers(1, 30), min_size=1, max_size=60),
)
def test_blocks_find_what_single_samples_find(
    rule: tuple[BreakRule, str], forces: list[int | None], sizes: list[int]
) -> None:
    """A block passed over as a whole never hides a start, a peak or a break."""
    whole, single = detector(*rule), detector(*rule)
    at = 0
    for size in [*sizes, len(forces)]:
        part = forces[at : at + size]
        if part and not whole.pass_over(at, part):
            for index, force in enumerate(part, at):
                if force is not None:
                    whole.feed(index, index * STEP_NS, force)
        at += len(part)
    for index, force in enumerate(forces):
        if force is not None:
            single.feed(index, index * STEP_NS, force)
    seen = [(each.phase, each.start_index, each.peak_index, each.peak, each.break_index) for each in (whole, single)]
    assert seen[0] == seen[1]
