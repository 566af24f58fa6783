"""The bench gate, rule by rule: facts in, findings out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from labdesk.domain.bench import (
    BenchFacts,
    GateResult,
    LoadingPlan,
    age_text,
    judge_bench,
    loading_run,
    next_test,
    open_lost_run,
    rate_is_judged,
)
from labdesk.domain.capture import EndReason, RunClass
from labdesk.domain.evaluation import TestKind
from labdesk.domain.profile import BUILT_IN, Treatment
from labdesk.domain.testing import Disposition, Invalidation, LostRunFinding, Run
from tests.helpers.benchworld import LARGE, NOW, PRESS, SMALL, TECHNICIAN, TRAINEE, UTM, cube_lot, rebar_lot

STEEL = LoadingPlan(Decimal("314.2"), Decimal(190), Decimal(6), Decimal(60), None)
CONCRETE = LoadingPlan(Decimal(22500), Decimal(945), Decimal("0.5"), Decimal("0.8"), timedelta(hours=20))


def bar(piece: int = 1, **changes: object) -> BenchFacts:
    """A bar of the rebar lot at the universal machine, its right tag scanned."""
    lot = rebar_lot()
    specimen = lot.specimens[piece - 1]
    fields: dict[str, object] = {
        "specimen": specimen,
        "lot": lot,
        "machine": UTM,
        "person": TECHNICIAN,
        "run_class": RunClass.TEST,
        "now": NOW,
        "profile": BUILT_IN,
        "plan": STEEL,
        "runs": (),
        "findings": (),
        "invalidations": (),
        "scanned_tag": specimen.tag,
        "others": (PRESS, SMALL, LARGE),
    }
    return BenchFacts(**(fields | changes))  # type: ignore[arg-type]


def cube(age: timedelta, **changes: object) -> BenchFacts:
    """A cube of this age at the press."""
    lot = cube_lot(age)
    base = bar(lot=lot, specimen=lot.specimens[0], machine=PRESS, plan=CONCRETE, scanned_tag=lot.specimens[0].tag)
    return replace(base, **changes)  # type: ignore[arg-type]


def ran(label: str = "G26-00417-1", key: str = "r-1", **changes: object) -> Run:
    """A finished loading of a bar."""
    run = Run(
        key, f"SY-2026-0000{key[-1]}", label, rebar_lot().number, TestKind.TENSION, RunClass.TEST, UTM.id, UTM.number,
        TECHNICIAN.id, TECHNICIAN.name, NOW, NOW, key * 4, EndReason.BREAK, Decimal(190), True, False,
    )  # fmt: skip
    return replace(run, **changes)  # type: ignore[arg-type]


def found(run: Run, disposition: Disposition) -> LostRunFinding:
    """What two people found after ``run``."""
    return LostRunFinding("f-1", run.id, disposition, None, "", "p-1", "p-2", "断电", NOW)


def keys(result: GateResult) -> list[str]:
    return [finding.key for finding in result.findings]


@pytest.mark.rule("YK-7.2a")
def test_the_right_bar_at_the_right_machine_may_be_loaded() -> None:
    result = judge_bench(bar())
    assert (result.test, keys(result), result.may_load()) == (TestKind.TENSION, [], True)


@pytest.mark.rule("YK-7.4")
def test_the_site_tag_is_asked_for_only_when_everything_else_is_right() -> None:
    asked = judge_bench(bar(scanned_tag=None))
    assert asked.needs_tag
    assert not asked.may_load()
    refused = judge_bench(bar(scanned_tag=None, person=TRAINEE))
    assert not refused.needs_tag
    assert not refused.may_load()
    free = replace(BUILT_IN, bench_tag_scan=False)
    assert judge_bench(bar(scanned_tag=None, profile=free)).may_load()


@pytest.mark.rule("YK-7.4")
def test_a_foreign_tag_is_refused_with_both_values() -> None:
    result = judge_bench(bar(scanned_tag="YK2107-9999-0001"))
    assert keys(result) == ["bench.other_tag"]
    assert result.findings[0].params["expected"] == "YK2107-4408-1261"
    assert result.findings[0].params["found"] == "YK2107-9999-0001"
    assert not result.may_load()


@pytest.mark.rule("YK-7.2a")
@pytest.mark.parametrize(
    ("age", "key", "may_load", "over"),
    [
        (timedelta(days=27, hours=3), "bench.under_age", False, False),
        (timedelta(days=27, hours=4), None, True, False),
        (timedelta(days=28), None, True, False),
        (timedelta(days=28, hours=20), None, True, False),
        (timedelta(days=28, hours=21), "bench.over_age", True, True),
    ],
)
def test_age_of_a_cube(age: timedelta, key: str | None, may_load: bool, over: bool) -> None:
    result = judge_bench(cube(age))
    assert keys(result) == ([key] if key else [])
    assert (result.may_load(), result.over_age, result.real_age) == (may_load, over, age)
    if key:
        assert result.findings[0].params["age"] == age_text(age)


@pytest.mark.rule("YK-7.1")
@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 11, 22)])
def test_a_machine_out_of_calibration_is_refused(day: date) -> None:
    early = day > NOW.date()
    machine = replace(UTM, certificate_valid_from=day) if early else replace(UTM, certificate_valid_to=day)
    result = judge_bench(bar(machine=machine))
    assert keys(result) == ["bench.out_of_calibration"]
    assert not result.may_load()


@pytest.mark.rule("YK-7.1")
def test_calibration_holds_on_its_last_day() -> None:
    assert judge_bench(bar(machine=replace(UTM, certificate_valid_to=NOW.date()))).may_load()


@pytest.mark.rule("YK-7.2a")
def test_a_load_out_of_range_is_refused_and_a_fitting_machine_proposed() -> None:
    result = judge_bench(bar(machine=SMALL, others=(PRESS, UTM)))
    assert keys(result) == ["bench.load_out_of_range"]
    assert result.findings[0].params["other"] == UTM.number
    stale = replace(UTM, certificate_valid_to=date(2026, 1, 2))
    none = judge_bench(bar(machine=SMALL, others=(PRESS, stale)))
    assert none.findings[0].params["other"] == "-"
    assert not none.may_load()


@pytest.mark.parametrize(("capacity", "fits"), [(950, True), (951, False), (238, True), (237, False)])
def test_the_range_is_20_to_80_percent(capacity: int, fits: bool) -> None:
    assert judge_bench(bar(machine=replace(UTM, capacity_kn=Decimal(capacity)))).may_load() is fits


def test_a_laboratory_can_narrow_the_range() -> None:
    narrow = replace(BUILT_IN, numbers={**BUILT_IN.numbers, "range_low_percent": Decimal(40)})
    assert keys(judge_bench(bar(profile=narrow))) == ["bench.load_out_of_range"]


def test_a_press_does_not_pull() -> None:
    result = judge_bench(bar(machine=replace(PRESS, capacity_kn=Decimal(600))))
    assert keys(result) == ["bench.wrong_machine"]


@pytest.mark.rule("YK-7.1")
def test_who_is_not_competent_for_the_field_does_not_test() -> None:
    assert keys(judge_bench(bar(person=TRAINEE))) == ["bench.not_competent"]
    assert judge_bench(cube(timedelta(days=28), person=TRAINEE)).may_load()
    without_role = replace(TECHNICIAN, roles=())
    assert keys(judge_bench(bar(person=without_role))) == ["bench.not_competent"]
    gone = replace(TECHNICIAN, active=False)
    assert not judge_bench(bar(person=gone)).may_load()


def test_the_profile_decides_what_a_finding_means() -> None:
    warns = replace(BUILT_IN, treatments={**BUILT_IN.treatments, "not_competent": Treatment.WARN})
    result = judge_bench(bar(person=TRAINEE, profile=warns))
    assert [finding.treatment for finding in result.findings] == ["warn"]
    assert result.may_load()
    allows = replace(BUILT_IN, treatments={**BUILT_IN.treatments, "not_competent": Treatment.ALLOW})
    assert keys(judge_bench(bar(person=TRAINEE, profile=allows))) == []


@pytest.mark.rule("YK-7.2a")
def test_a_piece_loaded_before_is_never_loaded_again() -> None:
    result = judge_bench(bar(runs=(ran(),)))
    assert keys(result) == ["bench.loaded_before"]
    assert result.findings[0].params["number"] == "SY-2026-00001"
    assert judge_bench(bar(runs=(ran(loaded=False),))).may_load()
    assert judge_bench(bar(runs=(ran("G26-00417-2"),))).may_load()
    assert judge_bench(bar(runs=(ran(run_class=RunClass.TRIAL),))).may_load()


@pytest.mark.parametrize(
    ("disposition", "may_load"),
    [(Disposition.UNBROKEN, True), (Disposition.PEAK_ON_DISPLAY, False), (Disposition.LOST, False)],
)
def test_only_an_unbroken_piece_may_go_to_another_machine(disposition: Disposition, may_load: bool) -> None:
    lost = ran(end_reason=EndReason.LOST_LINK)
    assert not judge_bench(bar(runs=(lost,), machine=LARGE, plan=STEEL)).may_load()
    facts = bar(runs=(lost,), findings=(found(lost, disposition),))
    assert judge_bench(facts).may_load() is may_load


def test_an_unbroken_piece_loaded_again_is_loaded_for_good() -> None:
    lost, again = ran(end_reason=EndReason.LOST_LINK), ran(key="r-2")
    findings = (found(lost, Disposition.UNBROKEN),)
    assert loading_run(lost.specimen_label, (lost, again), findings) == again


def test_a_spare_waits_until_it_replaces_something() -> None:
    assert keys(judge_bench(bar(6))) == ["bench.spare"]
    invalid = Invalidation("i-1", "r-1", "断于夹具", "G26-00417-6", TECHNICIAN.id, NOW)
    result = judge_bench(bar(6, runs=(ran(),), invalidations=(invalid,)))
    assert (result.test, result.may_load()) == (TestKind.TENSION, True)
    assert keys(judge_bench(bar(7, runs=(ran(),), invalidations=(invalid,)))) == ["bench.spare"]
    assert keys(judge_bench(bar(1, runs=(ran(),), invalidations=(invalid,)))) == ["bench.loaded_before"]


def test_a_piece_for_the_bending_machine_is_not_pulled() -> None:
    result = judge_bench(bar(3))
    assert keys(result) == ["bench.nothing_to_load"]
    assert result.findings[0].params["planned"] == "weight, bend"


def test_a_piece_under_test_elsewhere_is_refused() -> None:
    result = judge_bench(bar(held_by="JC-09"))
    assert keys(result) == ["bench.open_elsewhere"]
    assert result.findings[0].params["station"] == "JC-09"


def test_refusals_come_before_warnings() -> None:
    result = judge_bench(cube(timedelta(days=30), scanned_tag="YK0"))
    assert keys(result) == ["bench.other_tag", "bench.over_age"]


def test_next_test_of_a_spare_needs_a_run_that_is_known() -> None:
    invalid = Invalidation("i-1", "r-9", "x", "G26-00417-6", TECHNICIAN.id, NOW)
    assert next_test(rebar_lot().specimens[5], (invalid,), {}) is None


@pytest.mark.parametrize(
    ("changes", "is_open"),
    [
        ({"end_reason": EndReason.LOST_LINK}, True),
        ({"end_reason": EndReason.CAPTURE_RESTARTED}, True),
        ({"end_reason": EndReason.OPERATOR}, True),
        ({"end_reason": EndReason.LOST_LINK, "loaded": False}, False),
        ({"end_reason": EndReason.LOST_LINK, "run_class": RunClass.TRIAL}, False),
        ({}, False),
    ],
)
def test_a_run_lost_in_mid_test_stays_open_until_people_say_what_they_found(
    changes: dict[str, object], is_open: bool
) -> None:
    run = ran(**changes)
    assert (open_lost_run((run,), ()) is not None) is is_open
    assert open_lost_run((run,), (found(run, Disposition.LOST),)) is None


@pytest.mark.parametrize(
    ("test", "force", "peak", "judged"),
    [
        (TestKind.TENSION, 10, 10, False),
        (TestKind.TENSION, 60, 60, True),
        (TestKind.TENSION, 140, 140, False),
        (TestKind.TENSION, 60, 90, False),
        (TestKind.COMPRESSION, 20, 20, True),
        (TestKind.COMPRESSION, 180, 180, True),
        (TestKind.COMPRESSION, 150, 190, False),
    ],
)
def test_the_rate_is_judged_only_where_its_band_holds(test: TestKind, force: int, peak: int, judged: bool) -> None:
    assert rate_is_judged(test, STEEL, Decimal(force), Decimal(peak)) is judged
