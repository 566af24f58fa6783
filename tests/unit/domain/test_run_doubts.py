"""What a curve gives reason to doubt: found where it is, with evidence, and nowhere else."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import pytest

from labdesk.domain.run_doubts import MARKS, Course, Doubt, doubts, said
from labdesk.domain.sentences import Language, catalogue, say

STEP_NS = 20_000_000
RISE = 1500


def loading(noise: float = 3.0, seed: int = 1) -> list[int]:
    """Thirty seconds of rising force at 50 samples a second, 60 counts in all, each sample with the noise of a sensor."""
    chance = random.Random(seed)
    return [round(200 + 40 * n / 10 + chance.gauss(0, noise)) for n in range(RISE)]


def broken(rise: list[int]) -> list[int]:
    return [*rise, round(rise[-1] * 0.9), round(rise[-1] * 0.3)]


def course(force: list[int], way: list[int] | None = None, broke: bool = True) -> Course:
    return Course([n * STEP_NS for n in range(len(force))], force, way or [], broke)


def kinds(looked_at: Course) -> list[Doubt]:
    return [finding.doubt for finding in doubts(looked_at)]


def test_a_loading_like_most_gives_no_reason() -> None:
    assert kinds(course(broken(loading()))) == []
    assert kinds(course(broken(loading(noise=0)))) == [], "a display without noise, falling only at the break"
    assert kinds(course(loading()[:3])) == []
    assert kinds(course([], broke=False)) == []


def test_a_force_that_stands_still_is_found_with_its_place_and_what_moved_meanwhile() -> None:
    rise, way = loading(), list(range(RISE + 2))
    stuck = rise[:700] + [rise[700]] * 200 + rise[900:]
    (finding,) = doubts(course(broken(stuck), way))
    assert (finding.doubt, finding.force, finding.moved) == (Doubt.STUCK, rise[700], 199)
    assert (finding.first, finding.last) == (700, 899)
    assert finding.usual_ns < 400_000_000
    key, params = said(finding, course(broken(stuck), way), Decimal("0.1"), Decimal("0.01"))
    assert (key, params["seconds"], params["moved"]) == ("doubts.stuck_moving", "4.0", "1.99")
    assert params["force"] == f"{rise[700] / 10:g}"
    assert kinds(course(broken(stuck))) == [Doubt.STUCK], "also without crosshead"


@pytest.mark.parametrize("samples", [140, 100, 5])
def test_standing_still_for_less_than_three_seconds_is_nothing(samples: int) -> None:
    rise = loading()
    assert kinds(course(broken(rise[:700] + [rise[700]] * samples + rise[700 + samples :]))) == []


def test_a_coarse_display_stands_often_and_gives_no_reason() -> None:
    steps = [200 + n // 160 * 100 for n in range(RISE)]
    assert max(STEP_NS * 159 for _ in steps) > 3_000_000_000
    assert kinds(course(broken(steps))) == []


def test_the_zero_after_the_loading_is_not_a_force_that_stands_still() -> None:
    unloaded = [*loading(), *(round(6200 * (1 - n / 50)) for n in range(50)), *([0] * 400)]
    assert kinds(course(unloaded, broke=False)) == []


def test_a_held_peak_never_falls_and_stands_at_the_top() -> None:
    held, top = [], -math.inf
    for force in loading():
        top = max(top, force)
        held.append(round(top))
    (finding,) = doubts(course([*held, *([held[-1]] * 150)], list(range(RISE + 150)), broke=False))
    assert (finding.doubt, finding.force) == (Doubt.PEAK_HELD, held[-1])
    assert finding.moved is not None
    assert finding.moved >= 149
    assert kinds(course(held, broke=False)) == [], "still rising when the line was lost: nothing is known"


def test_one_single_fall_on_the_way_is_a_stuck_value_not_a_held_peak() -> None:
    rise = loading()
    assert kinds(course([*rise, *([rise[-1] + 9] * 250)], broke=False)) == [Doubt.STUCK]


def coming_down(seconds: float) -> list[int]:
    count = round(seconds * 50)
    return [round(6200 * (1 - 0.42 * n / count)) for n in range(1, count + 1)]


def test_an_unloading_that_passes_for_a_break() -> None:
    force = [*loading(), *coming_down(2.5)]
    back = [*range(RISE), *(RISE - n * 3 for n in range(1, 126))]
    (finding,) = doubts(course(force, back))
    assert finding.doubt is Doubt.UNLOADED
    assert finding.moved is not None
    assert finding.moved < -300
    assert kinds(course(force)) == [Doubt.UNLOADED], "no crosshead: slow and steady is reason enough to look"
    assert kinds(course([*loading(), *coming_down(0.8)], back)) == [], (
        "fast: as brittle pieces do when the platen springs back"
    )
    assert kinds(course(force, list(range(len(force))))) == [], "the way goes on: the piece gives way"


def test_a_neck_that_tears_is_a_break() -> None:
    force = [*loading(), *coming_down(2.5)[:50], 900, 100]
    assert kinds(course(force)) == []


def test_a_peak_of_one_reading_is_named_with_the_one_before() -> None:
    spiked = broken(loading())
    spiked[900] = 1_000_000
    (finding,) = doubts(course(spiked))
    assert (finding.doubt, finding.first, finding.force) == (Doubt.LONE_PEAK, 900, 1_000_000)
    key, params = said(finding, course(spiked), Decimal("0.1"), None)
    assert (key, params["force"], params["before"]) == ("doubts.lone_peak", "100000", f"{spiked[899] / 10:g}")
    spiked[901] = 999_000
    assert Doubt.LONE_PEAK not in kinds(course(spiked)), "two agree"
    fast = [0, 400, 800, 1200, 1600, 2000, 2400, 2800, 3200, 500]
    assert kinds(course(fast)) == [], "few samples, each much above the last"


def test_samples_without_a_value_are_passed_over() -> None:
    rise: list[int | None] = [*loading()]
    rise[100:110] = [None] * 10
    stuck = rise[:700] + [rise[700]] * 200 + rise[900:]
    (finding,) = doubts(Course([n * STEP_NS for n in range(RISE)], stuck, stuck))
    assert (finding.first, finding.last) == (700, 899)


def test_every_doubt_has_its_sentences() -> None:
    for doubt in set(Doubt) - {Doubt.LONE_PEAK}:
        key = f"doubts.{doubt.value.replace('-', '_')}"
        values = dict.fromkeys(("label", "force", "seconds", "samples", "usual", "moved"), "1")
        for name in (key, f"{key}_moving"):
            assert name in catalogue()
            assert "{" not in say(name, Language.ZH, **values) + say(name, Language.EN, **values)
    for mark in MARKS.values():
        assert f"review.notice.mark.{mark.value}" in catalogue()
