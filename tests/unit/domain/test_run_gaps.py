"""Which gaps matter, and who may take on a run that has one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labdesk.domain.capture import RunClass
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person, Role
from labdesk.domain.run_gaps import GapReason, Loading, check_may_take_on, is_gap_run, open_gaps
from labdesk.domain.sealed_run import Gap, GapKind, RunMark
from labdesk.domain.testing import Invalidation
from tests.helpers.benchworld import NOW
from tests.unit.domain.test_bench import ran

S = 1_000_000_000
QUALITY = Person("p-q", "何静", "B9", (Role.QUALITY,))
GAP_RUN = ran(marked=True, marks=(RunMark.GAP, RunMark.GAP_CRITICAL))
#: A steady rise to 1000 counts in 10 s, then a break.
RISE = Loading([at * S // 10 for at in range(101)], [10 * at for at in range(101)], 1000, 10 * S, 90)


@pytest.mark.parametrize(
    ("gap", "critical"),
    [
        (Gap(2 * S, 3 * S, GapKind.SILENCE), False),
        (Gap(2 * S, 9 * S, GapKind.SILENCE), True),
        (Gap(9 * S, 9 * S + S // 20, GapKind.SILENCE), False),
        (Gap(9 * S, 9 * S + S // 20, GapKind.SLEPT), True),
        (Gap(9 * S, 10 * S, GapKind.CAPTURE_RESTARTED), False),
        (Gap(-2 * S, -S, GapKind.SILENCE), False),
        (Gap(11 * S, 12 * S, GapKind.SILENCE), False),
        (Gap(9 * S, 12 * S, GapKind.REOPENED), True),
    ],
)
def test_a_gap_matters_where_the_largest_force_may_lie_in_it(gap: Gap, critical: bool) -> None:
    assert RISE.is_critical(gap) is critical


def test_a_gap_that_swallows_the_break_matters_however_low_the_force_beside_it() -> None:
    early = replace(RISE, until_ns=5 * S, peak=100_000)
    assert early.is_critical(Gap(4 * S, 6 * S, GapKind.SILENCE))
    assert not early.is_critical(Gap(2 * S, 4 * S, GapKind.SILENCE))


def test_steel_is_looked_at_from_below_the_yield_on() -> None:
    gap = Gap(5 * S, 6 * S, GapKind.SILENCE)
    assert not RISE.is_critical(gap)
    assert replace(RISE, from_percent=45).is_critical(gap)
    assert RISE.share_percent(gap) == 60


def test_moments_count_from_the_start_of_loading() -> None:
    later = replace(RISE, times_ns=[time + 5 * S for time in RISE.times_ns], until_ns=15 * S, zero_ns=5 * S)
    assert later.is_critical(Gap(14 * S, 15 * S, GapKind.SILENCE))
    assert not later.is_critical(Gap(3 * S, 4 * S, GapKind.SILENCE))


def test_a_machine_that_sent_no_force_hides_nothing() -> None:
    blind = Loading([0, S, 2 * S], [None, None, None], 0, None, 90)
    assert blind.force_beside(Gap(0, S, GapKind.SILENCE)) == 0
    assert blind.share_percent(Gap(0, S, GapKind.SILENCE)) == 0


def test_only_a_loaded_test_waits_and_only_until_somebody_decided() -> None:
    assert open_gaps([GAP_RUN, ran(id="r-2", marks=(RunMark.GAP,))], ()) == (GAP_RUN,)
    assert not is_gap_run(replace(GAP_RUN, loaded=False))
    assert not is_gap_run(replace(GAP_RUN, run_class=RunClass.TRIAL))
    reason = GapReason("g", GAP_RUN.id, GAP_RUN.lot_no, "峰值寄存一致", "p-q", "何静", NOW)
    assert open_gaps([GAP_RUN], [reason]) == ()
    assert open_gaps([GAP_RUN], [Invalidation("i", GAP_RUN.id, "断于夹具", "", "p-1", NOW)]) == ()


@pytest.mark.parametrize(
    ("run", "person", "testers", "key"),
    [
        (ran(), QUALITY, (), "gaps.not_critical"),
        (GAP_RUN, replace(QUALITY, roles=(Role.REVIEWER, Role.SIGNATORY)), (), "gaps.role"),
        (GAP_RUN, replace(QUALITY, active=False), (), "gaps.role"),
        (GAP_RUN, QUALITY, ("p-q",), "gaps.own_test"),
    ],
)
def test_who_may_not_take_it_on(run, person: Person, testers: tuple[str, ...], key: str) -> None:
    with pytest.raises(OperatorError, match=key.replace(".", r"\.")):
        check_may_take_on(run, person, testers)


def test_a_quality_supervisor_who_did_not_test_may() -> None:
    check_may_take_on(GAP_RUN, QUALITY, ("p-zhang",))
