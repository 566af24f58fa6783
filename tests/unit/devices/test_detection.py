"""Start, peak and break: three rules, hysteresis, N-point confirmation."""

from __future__ import annotations

from decimal import Decimal

import pytest

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
