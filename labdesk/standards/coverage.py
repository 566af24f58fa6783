"""What a gap in the data hides: a value whose place lies in it is not given, even where the neighbouring samples suggest one."""

from __future__ import annotations

import numpy as np

from labdesk.standards.elastic import ElasticLine
from labdesk.standards.trace import Trace
from labdesk.standards.yielding import YieldPoints

_YIELDED = 0.0005
_BEFORE_YIELD = 0.002
_KNEE = 0.001
_STEEPER = 1.2
_BEGINS_HIGH = 0.6
_MOST_OF = 0.4
#: By how many standard deviations of the noise a rise between two samples is wrong by chance.
_BY_NOISE = 4.0
#: Force behind a gap, of what was taken for ReH, from which on ReH may have lain in the gap.
_AS_HIGH = 0.9
_OTHER_SLOPE = 0.1
_TANGENT = 40
_ABOVE = 1.0005


def elastic_hidden(trace: Trace, line: ElasticLine) -> bool:
    """Whether the straight part itself is lost: the record begins high up, or the chord across a gap is steeper than the line."""
    if trace.force[trace.start] > _BEGINS_HIGH * trace.force[line.high]:
        return True
    for gap in trace.gaps:
        if gap >= line.high:
            continue
        run = float(trace.strain[gap + 1] - trace.strain[gap])
        rise = float(trace.force[gap + 1] - trace.force[gap])
        if run > 0 and rise > _MOST_OF * trace.force[line.high] and abs(rise / run / line.slope - 1.0) > _OTHER_SLOPE:
            return True
        if run > 0 and gap <= line.low and (rise - _BY_NOISE * trace.noise) / run > _STEEPER * line.slope:
            return True
    return False


def elastic_cut(trace: Trace, line: ElasticLine) -> bool:
    """Whether a gap takes part of what annex D evaluates: it begins below 40 % of the force found beyond it."""
    return any(
        line.high <= gap < trace.peak and trace.force[gap] < _MOST_OF * trace.force[gap + 1] for gap in trace.gaps
    )


def upper_hidden(trace: Trace, line: ElasticLine | None, points: YieldPoints) -> bool:
    """Whether ReH may lie in a gap: between the sample before it and the fall, or where plastic strain began unseen."""
    for gap in trace.gaps:
        if points.upper is not None and points.fallen is not None and points.upper - 1 <= gap < points.fallen:
            return True
        if line is None:
            unseen = points.upper is not None and gap < points.upper
            if unseen and trace.force[gap + 1] >= _AS_HIGH * trace.force[points.upper]:
                return True
            continue
        if points.upper is not None and gap >= points.upper:
            continue
        before = float(line.plastic(float(trace.strain[gap]), float(trace.force[gap])))
        after = float(line.plastic(float(trace.strain[gap + 1]), float(trace.force[gap + 1])))
        limit = _YIELDED if points.upper is not None else _KNEE
        if before < _BEFORE_YIELD and after - before > limit:
            return True
    return False


def lower_hidden(trace: Trace, line: ElasticLine | None, points: YieldPoints) -> bool:
    """Whether ReL may lie in a gap: anywhere between ReH and the end of yielding."""
    if upper_hidden(trace, line, points):
        return True
    return points.upper is not None and points.yielded is not None and trace.gap_within(points.upper, points.yielded)


def peak_hidden(trace: Trace, peak: int, first: int) -> bool:
    """Whether a force above ``peak`` may lie in a gap after ``first``: it touches the peak, or tangents at its edges meet above it."""
    top = float(trace.force[peak])
    alike = first + np.flatnonzero(
        trace.force[first : trace.end + 1] >= top - max(0.5 * trace.quantum, 2.0 * trace.noise)
    )
    for gap in trace.gaps:
        if gap < first:
            continue
        if alike[0] - 1 <= gap <= alike[-1] and gap < trace.end:
            return True
        rise = _tangent(trace, gap, -1)
        if gap >= trace.end:
            if rise > 0 and peak >= gap - 1:
                return True
            continue
        fall = _tangent(trace, gap + 1, 1)
        if rise <= 0 or fall >= 0:
            continue
        before, after = float(trace.force[gap]), float(trace.force[gap + 1])
        span = float(trace.time[gap + 1] - trace.time[gap])
        reach = (after - before - fall * span) / (rise - fall)
        if before + rise * min(max(reach, 0.0), span) > _ABOVE * top:
            return True
    return False


def end_hidden(trace: Trace) -> bool:
    """Whether the fracture lies in a gap."""
    return trace.gap_within(trace.end - 1, trace.end + 1)


def _tangent(trace: Trace, at: int, side: int) -> float:
    """Slope of the force over time at one edge of a gap, over as long a time as the gap lasted, kN/s."""
    edge = trace.time[at + 1] if side < 0 and at + 1 < trace.time.size else trace.time[at - 1]
    reach = trace.time[at] + side * abs(float(edge - trace.time[at]))
    other = int(np.searchsorted(trace.time, reach))
    other = min(other, at - _TANGENT) if side < 0 else max(other, at + _TANGENT)
    other = min(max(other, trace.start), trace.end)
    run = float(trace.time[at] - trace.time[other])
    return float(trace.force[at] - trace.force[other]) / run if run else 0.0
