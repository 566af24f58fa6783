"""Start, peak and break of a loading, found by the program.

Nothing is judged from one point: the start needs ``START_POINTS`` points above the preload, a break its N confirming points, and
nothing counts as a break before the start-judging (arming) force was reached. Thresholds are integer counts of the force channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import Enum
from typing import cast

from labdesk.domain.capture import BreakCriterion, BreakRule, RunPhase

START_POINTS = 3
UNLOADED_NS = 3_000_000_000
LEAP_PERCENT = 130


class Found(Enum):
    """What a sample brought to light."""

    NOTHING = "nothing"
    STARTED = "started"
    START_TAKEN_BACK = "start-taken-back"
    BROKEN = "broken"
    UNLOADED = "unloaded"


@dataclass(frozen=True)
class Thresholds:
    """Detection limits in counts of the force channel."""

    preload: int
    arming: int
    criterion: BreakCriterion
    drop: int

    @classmethod
    def of(cls, preload_kn: Decimal, arming_kn: Decimal, criterion: BreakCriterion, quantum: Decimal) -> Thresholds:
        """Limits in kN as counts, rounded up: a value below the limit never passes it."""

        def counts(value: Decimal) -> int:
            return int((value / quantum).to_integral_value(ROUND_CEILING))

        return cls(counts(preload_kn), counts(arming_kn), criterion, counts(criterion.drop_kn))


class RunDetector:
    """Follows one loading sample by sample.

    Attributes:
        phase: ``ARMED`` until the start, ``LOADING`` until the break, then ``TAIL``.
        start_index, peak_index, break_index: sample numbers, ``None`` until found. The peak is the largest force between start and break.
        agreed: the largest force without single readings that leap far above all before them. A break is judged by this one: a
            lost decimal point, where the wire has no check, must not end a run.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self.phase = RunPhase.ARMED
        self.start_index: int | None = None
        self.peak_index: int | None = None
        self.break_index: int | None = None
        self.peak = 0
        self.agreed = 0
        self._limits = thresholds
        self._above = 0
        self._above_arming = 0
        self._judging = False
        self._previous: int | None = None
        self._candidate: int | None = None
        self._confirmed = 0
        self._level = 0
        self._low_since: tuple[int, int] | None = None

    def feed(self, index: int, time_ns: int, force: int) -> Found:
        """Takes the next sample; says what it brought to light."""
        if self.phase is RunPhase.ARMED:
            return self._wait_for_start(index, force)
        if self.phase is not RunPhase.LOADING:
            return Found.NOTHING
        if force > self.peak:
            self.peak, self.peak_index = force, index
        if force > self.agreed:
            self.agreed = max(self.agreed, min(self._previous or 0, force)) if self._leaps(force) else force
        self._above_arming = self._above_arming + 1 if force >= self._limits.arming else 0
        self._judging = self._judging or self._above_arming >= START_POINTS
        if self._judging and self._broken(index, force):
            self.phase, self.break_index = RunPhase.TAIL, self._candidate
            return Found.BROKEN
        self._previous = force
        return self._unloaded(index, time_ns, force)

    def pass_over(self, first: int, forces: Sequence[int | None]) -> bool:
        """Takes a whole block if nothing can come to light in it; ``False``: nothing was taken, feed its samples one by one."""
        if self.phase is RunPhase.TAIL:
            return True
        if None in forces or not forces:
            return False
        known = cast("Sequence[int]", forces)
        lowest, highest = min(known), max(known)
        if self.phase is RunPhase.ARMED:
            self._above = 0 if highest < self._limits.preload else self._above
            return highest < self._limits.preload
        agreed = self.agreed
        if highest > agreed:
            pairs = map(min, (self._previous or 0, *known), known)
            agreed = max(agreed, *pairs) if self._leaps(highest) else highest
        calm = self._judging and self._candidate is None and self._low_since is None
        if not calm or lowest * 2 < self._limits.preload or self._may_break(lowest, max(agreed, highest)):
            return False
        if highest > self.peak:
            self.peak, self.peak_index = highest, first + known.index(highest)
        self.agreed = agreed
        self._previous = known[-1]
        return True

    def _leaps(self, force: int) -> bool:
        """Whether a force is so far above everything before that a second reading must bear it out."""
        return force * 100 > self.agreed * LEAP_PERCENT

    def _may_break(self, lowest: int, peak: int) -> bool:
        """Whether a sample as low as this could speak for a break, whatever stands around it."""
        criterion, drop = self._limits.criterion, self._limits.drop
        if criterion.rule is BreakRule.ATTENUATION:
            return (peak - lowest) * 100 >= criterion.percent * peak
        return peak - lowest >= drop  # a step between two neighbours is no larger than this

    def _wait_for_start(self, index: int, force: int) -> Found:
        self._above = self._above + 1 if force >= self._limits.preload else 0
        if self._above == 1 or (self._above > 1 and force > self.peak):
            self.peak, self.peak_index = force, index
        if self._above < START_POINTS:
            return Found.NOTHING
        self.phase, self.start_index = RunPhase.LOADING, index - START_POINTS + 1
        self._previous, self._low_since = force, None
        return Found.STARTED

    def _broken(self, index: int, force: int) -> bool:
        if not self._below(force):
            self._candidate, self._confirmed = None, 0
            return False
        if self._candidate is None:
            self._candidate = index
        self._confirmed += 1
        return self._confirmed >= self._limits.criterion.confirm_points

    def _below(self, force: int) -> bool:
        """Whether this sample speaks for a break by the chosen rule."""
        criterion, drop = self._limits.criterion, self._limits.drop
        if criterion.rule is BreakRule.ATTENUATION:
            return (self.agreed - force) * 100 >= criterion.percent * self.agreed
        if criterion.rule is BreakRule.BELOW_PEAK:
            return self.agreed - force >= drop
        if self._candidate is None:
            before = min(self._previous or 0, self.agreed)
            if before - force < drop:
                return False
            self._level = before * 2 - drop
        return force * 2 <= self._level

    def _unloaded(self, index: int, time_ns: int, force: int) -> Found:
        if force * 2 >= self._limits.preload:
            self._low_since = None
            return Found.NOTHING
        if self._low_since is None:
            self._low_since = (index, time_ns)
        low_index, low_ns = self._low_since
        if not self._judging:
            if index - low_index + 1 < START_POINTS:
                return Found.NOTHING
            self.phase, self.start_index, self.peak_index, self.peak, self._above = RunPhase.ARMED, None, None, 0, 0
            self.agreed = 0
            return Found.START_TAKEN_BACK
        if time_ns - low_ns < UNLOADED_NS:
            return Found.NOTHING
        self.phase, self.break_index = RunPhase.TAIL, low_index
        return Found.UNLOADED
