"""Where data are missing in a curve: as the capture declared it, or seen as a jump in time across which something happened."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from labdesk.domain.curve import Curve, Floats

_LONGER = 4.0
_AROUND = 6
_MANY = 50
#: What must have happened across a jump in time to make it a gap: half a second, or this much strain, or this share of Fm.
_SECONDS = 0.5
_STRAIN = 3e-4
_FORCE_SHARE = 0.005
#: Standard deviations of the noise by which two samples may differ by chance.
_BY_NOISE = 6.0


def gap_samples(
    curve: Curve, strain: Floats, peak_kn: float, part: tuple[int, int], noise: float = 0.0
) -> tuple[int, ...]:
    """Samples of ``part`` after which data are missing, rising; ``noise`` of the force in kN is no change of it."""
    found = {index for gap in curve.gaps for index in _declared(curve, gap.start_s, gap.end_s)}
    found.update(_seen(curve, strain, _FORCE_SHARE * peak_kn + _BY_NOISE * noise, part))
    return tuple(sorted(index for index in found if part[0] <= index < part[1]))


def _declared(curve: Curve, start: Decimal, end: Decimal) -> range:
    """Samples from the last before the gap to the last inside it (a capture may have kept single samples there)."""
    time = curve.time_s.view
    first = int(np.searchsorted(time, float(start), side="right")) - 1
    last = int(np.searchsorted(time, float(end), side="left")) - 1
    return range(max(first, 0), max(last, first, 0) + 1)


def _seen(curve: Curve, strain: Floats, change_kn: float, part: tuple[int, int]) -> list[int]:
    time = curve.time_s.view
    steps = np.diff(time)
    if steps.size < 2 * _AROUND:
        return []
    longer = np.flatnonzero(steps[part[0] : part[1]] > _LONGER * float(steps.min())) + part[0]
    near = np.maximum(
        np.where(longer > 0, steps[longer - 1], 0.0),
        np.where(longer + 1 < steps.size, steps[np.minimum(longer + 1, steps.size - 1)], 0.0),
    )
    longer = longer[steps[longer] > _LONGER * near]
    if not longer.size:
        return []
    longer = _longest_around(steps, longer)
    force = curve.force_kn.view
    happened = (
        (steps[longer] >= _SECONDS)
        | (np.abs(strain[longer + 1] - strain[longer]) > _STRAIN)
        | (np.abs(force[longer + 1] - force[longer]) > change_kn)
    )
    return [int(index) for index in longer[happened]]


def _longest_around(steps: Floats, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    """Those steps that are far longer than every step near them; stamps that come in blocks are no gaps."""
    if chosen.size > _MANY:
        chosen = chosen[steps[chosen] > _LONGER * float(np.median(steps[chosen]))]
    offsets = np.concatenate((np.arange(-_AROUND, 0), np.arange(1, _AROUND + 1)))
    around = np.clip(chosen[:, None] + offsets, 0, steps.size - 1)
    neighbours = steps[around]
    neighbours[around == chosen[:, None]] = 0.0
    longest = neighbours.max(axis=1) if chosen.size else np.zeros(0)
    return chosen[(longest > 0) & (steps[chosen] > _LONGER * longest)]
