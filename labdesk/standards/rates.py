"""Loading rate over the part of a test for which a standard prescribes it; a remark for the reviewer, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from labdesk.domain.curve import Floats

_SPAN_S = 1.0
#: A rate set exactly to the edge of the band is not a fault of the operator.
_EDGE = 0.02


@dataclass(frozen=True)
class RateShare:
    """Share of the samples (percent, whole) whose local rate is outside the band, and the mean rate in MPa/s."""

    outside_percent: int
    mean_mpa_s: Decimal
    samples: int


def rate_share(time: Floats, stress: Floats, part: tuple[int, int], band: tuple[float, float]) -> RateShare | None:
    """Rates over one second around each sample from ``part[0]`` to ``part[1]``; ``None`` where the part is too short."""
    first, last = part
    if last - first < 3 or time[last] <= time[first]:
        return None
    moments, values = time[first : last + 1], stress[first : last + 1]
    before = np.searchsorted(moments, moments - _SPAN_S / 2)
    after = np.minimum(np.searchsorted(moments, moments + _SPAN_S / 2, side="right") - 1, moments.size - 1)
    before = np.where(after - before < 2, np.maximum(np.arange(moments.size) - 1, 0), before)
    after = np.where(after - before < 2, np.minimum(np.arange(moments.size) + 1, moments.size - 1), after)
    run = moments[after] - moments[before]
    usable = run > 0
    if not usable.any():
        return None
    rates = (values[after] - values[before])[usable] / run[usable]
    outside = float(np.mean((rates < band[0] * (1 - _EDGE)) | (rates > band[1] * (1 + _EDGE))))
    mean = float((values[-1] - values[0]) / (moments[-1] - moments[0]))
    return RateShare(round(outside * 100), Decimal(f"{mean:.3g}"), int(usable.sum()))


def between_shares(force: Floats, peak: int, shares: tuple[float, float]) -> tuple[int, int]:
    """First samples at which the force reaches the two shares of ``force[peak]``."""
    rise = np.maximum.accumulate(force[: peak + 1])
    first, last = np.searchsorted(rise, np.array(shares) * float(force[peak]))
    return int(first), int(min(last, peak))
