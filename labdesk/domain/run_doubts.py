"""What a curve itself gives reason to doubt: a force that stood still, a peak that was held, a peak of one reading, an unloading.

Nothing is mended and nothing is refused: each finding says where, for how long, and beside what, for a person to judge. A sensor at
work is never quite still, so what gives it away is exactness: the same count again and again, or a force that never once falls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise

from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, FORCE, RunMark, SealedRun

STUCK_NS = 3_000_000_000
FEWEST_STUCK = 8
TIMES_USUAL = 4
LEAST_SHARE = 10
HELD_NS = 1_500_000_000
FEWEST_HELD = 5
FEWEST_RISING = 12
SLOW_NS = 1_500_000_000
BACK_NS = 1_000_000_000
SUDDEN_NS = 250_000_000
BACK_SHARE = 50
LEAP_PERCENT = 130
NEAR_NS = 1_000_000_000


class Doubt(StrEnum):
    """What a curve gives reason to doubt."""

    STUCK = "stuck"
    """One force for seconds in mid-loading, while no other stays for long."""
    PEAK_HELD = "peak-held"
    """The force never falls and ends standing at its largest value: peak hold was left on."""
    UNLOADED = "unloaded"
    """The force came down steadily: the piece was unloaded, it did not break."""
    LONE_PEAK = "lone-peak"
    """The largest force is one single reading far above its neighbours: a wrong digit on a line without a check."""


MARKS: Mapping[Doubt, RunMark] = {
    Doubt.STUCK: RunMark.STUCK_VALUE,
    Doubt.PEAK_HELD: RunMark.PEAK_HELD,
    Doubt.UNLOADED: RunMark.LOOKS_UNLOADED,
    Doubt.LONE_PEAK: RunMark.LONE_PEAK,
}


@dataclass(frozen=True)
class Course:
    """A loading as it is looked at: from its start to its break, or to its last sample where none was seen.

    Attributes:
        times_ns: strictly increasing.
        force, way: counts; ``None`` where the machine sent none. ``way`` is empty without crosshead or extensometer.
        broke: a break was found; its first sample is the last one here.
    """

    times_ns: Sequence[int]
    force: Sequence[int | None]
    way: Sequence[int | None] = field(default=())
    broke: bool = False


@dataclass(frozen=True)
class Finding:
    """One doubt with its evidence.

    Attributes:
        first, last: samples of the course.
        force: count at ``first`` (the largest one for an unloading).
        moved: counts by which crosshead or extensometer moved from ``first`` to ``last`` (the furthest on the way; for an unloading, at
            its end); ``None`` without one.
        usual_ns: how long no other value lasted longer than; 0 where that is not the question.
    """

    doubt: Doubt
    first: int
    last: int
    force: int
    moved: int | None = None
    usual_ns: int = 0


def doubts(course: Course) -> tuple[Finding, ...]:
    """What this loading gives reason to doubt; empty for one like most."""
    known: Sequence[int] = range(len(course.force))
    if None in course.force:
        known = [index for index, count in enumerate(course.force) if count is not None]
    if len(known) < FEWEST_STUCK:
        return ()
    look = _Look(course, known, [course.force[index] or 0 for index in known])
    lone, still = look.lone(), look.held() or look.stuck()
    fell = look.unloaded() if course.broke and lone is None else None
    return tuple(finding for finding in (lone, still, fell) if finding is not None)


@dataclass(frozen=True)
class _Look:
    """One course without the samples that carry no force."""

    course: Course
    known: Sequence[int]
    forces: list[int]

    def _time(self, index: int) -> int:
        return self.course.times_ns[self.known[index]]

    def _moved(self, first: int, last: int) -> int | None:
        way = self.course.way
        if not way:
            return None
        begin = next((count for count in way[self.known[first] : self.known[last]] if count is not None), None)
        end = next((way[n] for n in range(self.known[last], self.known[first], -1) if way[n] is not None), None)
        return None if begin is None or end is None else end - begin

    def _furthest(self, first: int, last: int) -> int | None:
        """How far it went from where it was, whether it came back or not."""
        seen = [count for count in self.course.way[self.known[first] : self.known[last] + 1] if count is not None]
        return max((count - seen[0] for count in seen), key=abs) if seen else None

    def _finding(self, doubt: Doubt, first: int, last: int, usual_ns: int = 0) -> Finding:
        moved = self._moved(first, last) if doubt is Doubt.UNLOADED else self._furthest(first, last)
        return Finding(doubt, self.known[first], self.known[last], self.forces[first], moved, usual_ns)

    def lone(self) -> Finding | None:
        """The largest force, if neither neighbour comes near it."""
        forces, last = self.forces, len(self.forces) - 1
        top = forces.index(max(forces))
        if top == 0 or self._time(top) - self._time(top - 1) > NEAR_NS:
            return None
        beside = max(forces[top - 1], forces[min(top + 1, last)] if top < last else 0)
        if forces[top] * 100 <= beside * LEAP_PERCENT:
            return None
        return self._finding(Doubt.LONE_PEAK, top, top)

    def held(self) -> Finding | None:
        """Never a fall, and at the end the largest value for a while."""
        forces, last = self.forces, len(self.forces) - 1
        if forces[-1] < 2 * forces[0] or any(b < a for a, b in pairwise(forces)):
            return None
        first = forces.index(forces[-1])
        enough = last - first + 1 >= FEWEST_HELD and len(set(forces)) >= FEWEST_RISING
        if not enough or self._time(last) - self._time(first) < HELD_NS:
            return None
        return self._finding(Doubt.PEAK_HELD, first, last)

    def stuck(self) -> Finding | None:
        """The value that stood longest, if it is far from what is usual in this run."""
        if not self._may_stand():
            return None
        least, start = max(self.forces) / LEAST_SHARE, 0
        stretches: list[tuple[int, int, int]] = []
        for force, group in groupby(self.forces):
            count = sum(1 for _ in group)
            if force >= least:
                stretches.append((self._time(start + count - 1) - self._time(start), start, count))
            start += count
        (lasted, first, count), *others = sorted(stretches, reverse=True)[:2]
        usual = others[0][0] if others else 0
        if not others or lasted < max(STUCK_NS, TIMES_USUAL * usual) or count < FEWEST_STUCK:
            return None
        return self._finding(Doubt.STUCK, first, first + count - 1, usual)

    def _may_stand(self) -> bool:
        """Whether any two samples a quarter of the time apart are equal: in most runs none are, and nothing more is looked at."""
        size = len(self.forces)
        step = max(1, size * (STUCK_NS // 4) // max(1, self._time(size - 1) - self._time(0)))
        return any(a == b for a, b in pairwise(self.forces[::step]))

    def unloaded(self) -> Finding | None:
        """From the peak down to what was taken for a break without a sudden fall, the way going back with it."""
        forces, last = self.forces, len(self.forces) - 1
        peak = max(forces)
        top = max(index for index, force in enumerate(forces) if force == peak)
        begin = max(index for index in range(top, last + 1) if forces[index] * 20 >= peak * 19)
        fall = peak - forces[last]
        took_ns = self._time(last) - self._time(begin)
        if took_ns < BACK_NS or fall <= 0 or self._sudden(begin, last) * 2 > fall:
            return None
        moved = self._moved(top, last)
        if moved is None:
            slow = not self.course.way and took_ns >= SLOW_NS
            return self._finding(Doubt.UNLOADED, top, last) if slow else None
        risen = self._moved(0, top)
        back = risen is not None and risen > 0 and -moved * BACK_SHARE >= risen
        return self._finding(Doubt.UNLOADED, top, last) if back else None

    def _sudden(self, first: int, last: int) -> int:
        """The largest fall within a quarter of a second, or between two neighbours that lie further apart."""
        largest, begin = 0, first
        for index in range(first + 1, last + 1):
            while self._time(index) - self._time(begin) > SUDDEN_NS and begin < index - 1:
                begin += 1
            largest = max(largest, self.forces[begin] - self.forces[index])
        return largest


def course_of(run: SealedRun) -> Course | None:
    """The loading in a sealed run; ``None`` if nothing was loaded."""
    header = run.header
    if not header.loaded or run.channel(FORCE) is None:
        return None
    first = next((index for index, time in enumerate(run.times_ns) if time >= 0), 0)
    broke = RunMark.NO_BREAK not in header.marks
    last = header.end_index if broke and header.end_index is not None else len(run.times_ns) - 1
    way = run.counts(DISPLACEMENT) or run.counts(EXTENSION)
    part = slice(first, last + 1)
    return Course(run.times_ns[part], run.counts(FORCE)[part], way[part], broke)


def doubts_of(run: SealedRun) -> tuple[Finding, ...]:
    """What a sealed run gives reason to doubt."""
    course = course_of(run)
    return () if course is None else doubts(course)


def said(finding: Finding, course: Course, force_kn: Decimal, way_mm: Decimal | None) -> tuple[str, dict[str, str]]:
    """Key and values of the sentence for a finding; ``force_kn`` and ``way_mm`` are the quanta of the two channels."""
    seconds = Decimal(course.times_ns[finding.last] - course.times_ns[finding.first]) / 1_000_000_000
    params = {
        "force": f"{(finding.force * force_kn).normalize():f}",
        "seconds": f"{seconds:.1f}",
        "samples": str(finding.last - finding.first + 1),
        "usual": f"{Decimal(finding.usual_ns) / 1_000_000_000:.2f}",
    }
    if finding.doubt is Doubt.LONE_PEAK:
        before = next((force for force in course.force[finding.first - 1 :: -1] if force is not None), 0)
        return "doubts.lone_peak", params | {"before": f"{(before * force_kn).normalize():f}"}
    key = f"doubts.{finding.doubt.value.replace('-', '_')}"
    if not finding.moved or way_mm is None:
        return key, params
    return f"{key}_moving", params | {"moved": f"{finding.moved * way_mm:.2f}"}
