"""Strain at the largest force: the sample, the midpoint of equal samples, or the top of a curve fitted to a noisy, flat maximum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labdesk.domain.curve import Floats
from labdesk.standards.courses import first_true, last_true
from labdesk.standards.trace import Trace

_FIT_POINTS = 1500
_FEWEST = 16
#: Noise (of Fm) up to which the peak sample stands; above it the largest sample of a flat maximum is a matter of chance.
_NOISY = 2.5e-4
#: Samples as high as the largest but for noise; with so many the largest is a matter of chance even at little noise.
_MANY = 100
#: Strain over which the force is the largest but for noise, from which on a reader must know that the maximum is flat.
_FLAT = 0.002


@dataclass(frozen=True)
class Summit:
    """Strain at the largest force, and the key of the sentence that says what was special about it, else empty."""

    strain: float
    note: str = ""


def strain_at_peak(trace: Trace, peak: int, first: int) -> Summit:
    """Strain (on the trace's own axis) at the largest force after ``first``, which is the sample ``peak``."""
    force = trace.force[: trace.strain_end + 1]
    top = float(force[peak])
    alike = force[first:] >= top - 6.0 * trace.noise
    if trace.noise > _NOISY * top or (trace.noise > 0 and np.count_nonzero(alike) >= _MANY):
        fitted = _top_of_fit(trace, peak, first)
        if fitted is not None:
            return Summit(fitted, "standards.peak_fitted")
        return Summit(float(trace.strain[peak]), "standards.flat_maximum")
    equal = first + np.flatnonzero(force[first:] >= top - 0.5 * trace.quantum)
    strain = float(trace.strain[equal[0]] + trace.strain[equal[-1]]) / 2.0
    begin, end = first + (first_true(alike) or 0), first + (last_true(alike) or 0)
    wide = trace.noise > 0 and abs(float(trace.strain[end] - trace.strain[begin])) > _FLAT
    return Summit(strain, "standards.flat_maximum" if wide else "")


def _top_of_fit(trace: Trace, peak: int, first: int) -> float | None:
    """Strain of the top of a cubic through block means around the peak, or ``None`` with too few samples."""
    force, strain = trace.force[: trace.strain_end + 1], trace.strain[: trace.strain_end + 1]
    depth = float(np.clip(6.0 * max(trace.noise, trace.quantum) / force[peak], 0.002, 0.03))
    floor = (1.0 - depth) * float(force[peak]) - 3.0 * trace.noise
    below = last_true(force[first:peak] < floor)
    begin = first + below + 1 if below is not None else first
    after = first_true(force[peak:] < floor)
    end = peak + after if after is not None else force.size
    if end - begin < _FEWEST:
        return None
    return _fitted(force[begin:end], strain[begin:end])


def _fitted(force: Floats, strain: Floats) -> float | None:
    block = max(1, force.size // _FIT_POINTS)
    count = force.size // block
    y = force[: count * block].reshape(count, block).mean(axis=1)
    x = strain[: count * block].reshape(count, block).mean(axis=1)
    centre, half = float(x.mean()), float(np.ptp(x)) / 2.0
    if half <= 0:
        return None
    a, b, c, _ = np.linalg.lstsq(np.vander((x - centre) / half, 4), y, rcond=None)[0]
    inside = b * b - 3.0 * a * c
    if inside < 0 or b >= 0:
        return None
    top = -c / (b - np.sqrt(inside)) if b - np.sqrt(inside) != 0 else 0.0
    return float(centre + half * np.clip(top, -1.0, 1.0))
