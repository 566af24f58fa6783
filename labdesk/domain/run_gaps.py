"""Gaps where they hurt: samples missing near the largest force or the yield, and who may take such a run on.

A run with such a gap is invalid unless a person with the right gives a reason: it does not count, and its lot cannot be evaluated
or signed. The other way out is to declare it invalid; a spare takes its place. The same rule stands in the database.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from labdesk.domain.capture import RunClass
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person, Role
from labdesk.domain.sealed_run import Gap, GapKind, RunMark
from labdesk.domain.testing import Invalidation, LostRunFinding, Run

CRITICAL_GAP_NS = 100_000_000
"""Shorter losses near the maximum are marked as missing frames, not as critical: at least a tenth of a second."""

LOSING = frozenset(GapKind) - {GapKind.CAPTURE_RESTARTED}
"""Kinds of gaps in which samples were lost."""

SHORTEST_REASON = 2


@dataclass(frozen=True)
class GapReason:
    """Why a run counts although samples are missing where they matter; one per run, never changed.

    Attributes:
        run_id, lot_no: the run.
        reason: in words.
        person_id, person_name: the quality supervisor who takes it on.
    """

    id: str
    run_id: str
    lot_no: str
    reason: str
    person_id: str
    person_name: str
    at: datetime


@dataclass(frozen=True)
class Loading:
    """What is looked at to say whether a gap is critical.

    Attributes:
        times_ns, force: of every sample, in counts; ``None`` where the machine sent none.
        peak: the largest force between start and end, in counts.
        until_ns: end of the loading, ``None`` where no break was seen.
        from_percent: a gap beside this share of the largest force or above is critical.
        zero_ns: start of the loading on the same clock.
    """

    times_ns: Sequence[int]
    force: Sequence[int | None]
    peak: int
    until_ns: int | None
    from_percent: int
    zero_ns: int = 0

    def share_percent(self, gap: Gap) -> int:
        """The larger force at the two ends of a gap, in percent of the largest: a piece that breaks in it leaves it on one side."""
        return self.force_beside(gap) * 100 // self.peak if self.peak > 0 else 0

    def force_beside(self, gap: Gap) -> int:
        """The larger force at the two ends of a gap, in counts."""
        before = max(bisect_right(self.times_ns, gap.from_ns) - 1, 0)
        after = min(bisect_left(self.times_ns, gap.to_ns), len(self.times_ns) - 1)
        return max(self.force[before] or 0, self.force[after] or 0)

    def is_critical(self, gap: Gap) -> bool:
        """Whether the largest force, or with a lower limit the yield, may lie in the gap."""
        lost = gap.kind in LOSING and (gap.to_ns - gap.from_ns >= CRITICAL_GAP_NS or gap.kind is GapKind.SLEPT)
        if not lost or gap.to_ns < self.zero_ns or (self.until_ns is not None and gap.from_ns > self.until_ns):
            return False
        broke_inside = self.until_ns is not None and gap.from_ns <= self.until_ns <= gap.to_ns
        return broke_inside or self.force_beside(gap) * 100 >= self.peak * self.from_percent


def open_gaps(
    runs: Iterable[Run],
    settled: Iterable[Invalidation | LostRunFinding | GapReason],
) -> tuple[Run, ...]:
    """Runs with a gap near the largest force or the yield that nobody has taken on, declared invalid or read by hand."""
    told = {item.run_id for item in settled}
    return tuple(run for run in runs if is_gap_run(run) and run.id not in told)


def is_gap_run(run: Run) -> bool:
    """Whether the run is a loading of a test with such a gap."""
    return run.run_class is RunClass.TEST and run.loaded and RunMark.GAP_CRITICAL in run.marks


def check_may_take_on(run: Run, person: Person, testers: Iterable[str]) -> None:
    """Raise the sentence of the first rule against this person's reason.

    Raises:
        OperatorError: ``gaps.not_critical``, ``gaps.role``, ``gaps.own_test``.
    """
    if not is_gap_run(run):
        raise OperatorError("gaps.not_critical", run=run.number)
    if not person.may(Role.QUALITY):
        raise OperatorError("gaps.role", name=person.name)
    if person.id in set(testers):
        raise OperatorError("gaps.own_test", name=person.name, run=run.number)
